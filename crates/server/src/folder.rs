//! The data folder: made if it is not there, used by one server at a time.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail};
use domain::ambient::Ambient;

/// Holds the folder for this process until it is dropped.
pub struct Lock(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

/// Makes the folder if needed and checks that it can be written.
pub fn prepare(folder: &Path) -> Result<()> {
    let shown = folder.display();
    create_private(folder)
        .and_then(|()| {
            let probe = folder.join(".acquis-write-test");
            fs::write(&probe, b"")?;
            fs::remove_file(probe)
        })
        .map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => anyhow!(
                "le dossier de données {shown} n’est pas accessible en écriture. Donnez-en les \
                 droits à ce compte, ou choisissez un autre dossier avec --data."
            ),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                anyhow!("il n’y a plus de place sur le disque du dossier de données {shown}.")
            }
            _ => anyhow!("le dossier de données {shown} ne peut pas être utilisé : {error}."),
        })
}

/// What is in it is for its owner alone.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes the folder for this process.
pub fn lock(folder: &Path) -> Result<Lock> {
    let path = folder.join("acquis.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("le fichier {} ne peut pas être ouvert", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => bail!(
            "une autre instance d’Acquis utilise déjà le dossier {}. Arrêtez-la, ou choisissez un \
             autre dossier avec --data.",
            folder.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).context("verrouillage du dossier de données"),
    }
}

/// The secret that signs access tokens: made on the first start, readable by its owner alone.
pub fn secret(folder: &Path, ambient: &Ambient) -> Result<Vec<u8>> {
    let path = folder.join("secret.key");
    match fs::read(&path) {
        Ok(secret) if secret.len() >= 32 => return Ok(secret),
        Ok(_) => bail!("le fichier {} est abîmé : il doit avoir 32 octets.", path.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    }
    let secret: [u8; 32] = ambient.random();
    write_private(&path, &secret).with_context(|| path.display().to_string())?;
    Ok(secret.to_vec())
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}
