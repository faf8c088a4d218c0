//! `acquis archive`

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, anyhow, bail};
use archive::Archive;
use bytes::Bytes;
use clap::{Args, Subcommand};
use domain::{ambient::Ambient, person::Organisation, portfolio::Portfolio};
use futures::stream;
use store::{Db, Durability, portfolio::Brought};

use crate::{
    folder,
    options::{Limits, Storage},
};

#[derive(Subcommand)]
pub enum Command {
    /// Prouve qu’une archive est entière, ou nomme chaque écart. Ne déplie rien.
    Verify {
        /// Archive ZIP d’un portfolio ou d’une session de jury.
        file: PathBuf,
    },
    /// Reprend un portfolio dans un établissement, sans perte et sans courriel.
    Import(Import),
}

#[derive(Args)]
pub struct Import {
    /// Archive ZIP du portfolio, celle de l’apprenant.
    file: PathBuf,
    /// Nom ou identifiant de l’établissement qui le reprend.
    #[arg(long, value_name = "ÉTABLISSEMENT")]
    organisation: String,
    #[command(flatten)]
    storage: Storage,
    #[command(flatten)]
    limits: Limits,
}

/// Fails where anything differs from what left the instance.
pub fn verify(file: &Path) -> Result<ExitCode> {
    let shown = file.display();
    let (archive, whole) = proven(file)?;
    if !whole {
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "{shown} : l’archive est entière ({} fichiers). Somme du manifeste : {}",
        archive.manifest().entries().len(),
        archive.manifest().sha256()
    );
    Ok(ExitCode::SUCCESS)
}

/// Opens an archive and reads all of it; what differs is named on the error output.
fn proven(file: &Path) -> Result<(Archive, bool)> {
    let shown = file.display();
    let mut archive = Archive::open(file).with_context(|| shown.to_string())?;
    let findings = archive.verify().with_context(|| shown.to_string())?;
    for finding in &findings {
        eprintln!("{shown} : {finding}");
    }
    Ok((archive, findings.is_empty()))
}

/// What the files need goes into the folder first, and every row in one transaction.
pub async fn import(arguments: Import) -> Result<()> {
    let Import { file, organisation, storage, limits } = arguments;
    let (mut archive, whole) = proven(&file)?;
    if !whole {
        bail!("l’archive n’est pas entière : rien n’a été repris.");
    }
    let portfolio = archive.portfolio()?;
    folder::prepare(&storage.data)?;
    let _lock = storage.database_url.is_none().then(|| folder::lock(&storage.data)).transpose()?;
    let options = storage.options(limits, Durability::Full);
    let db = Db::open(&options, Arc::new(Ambient::system())).await?;
    let brought = bring(&db, &organisation, &mut archive, &portfolio).await;
    db.close().await?;
    let Brought { enrolment, is_new, people, waiting_again } = brought?;
    let student = &portfolio.enrolment.student;
    let name = format!("{} {}", student.given_name, student.family_name);
    if is_new {
        println!(
            "Le portfolio de {name} est repris (parcours {enrolment}). {people} comptes ont été \
             créés, sans mot de passe et sans courriel."
        );
        for number in waiting_again {
            println!(
                "Le dossier n° {number} était devant un jury de son établissement. Il attend de \
                 nouveau : un jury d’ici peut le lire, ou un responsable le rouvrir."
            );
        }
    } else {
        println!(
            "Cette archive a déjà été reprise, pour {name} (parcours {enrolment}) : rien n’a été \
             ajouté."
        );
    }
    Ok(())
}

async fn bring(
    db: &Db,
    named: &str,
    archive: &mut Archive,
    portfolio: &Portfolio,
) -> Result<Brought> {
    let all = store::people::organisations(db).await?;
    let is_named = |one: &&Organisation| {
        one.id.to_string() == named || one.name.to_lowercase() == named.trim().to_lowercase()
    };
    let Some(organisation) = all.iter().find(is_named) else {
        let known: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        bail!("aucun établissement « {named} » ici. Il y a : {}.", known.join(", "));
    };
    let size = |sha256: &str| portfolio.files().find(|file| file.sha256 == sha256);
    for (sha256, path) in &portfolio.contents {
        let Some(file) = size(sha256) else { continue };
        if file.size > db.files.max_bytes() {
            bail!(
                "« {} » dépasse la taille maximale d’un fichier ici : augmentez --max-file-mb.",
                file.name
            );
        }
        let content = archive.content(path)?;
        let stored = db.files.keep(stream::iter(chunks(content))).await?;
        if stored.sha256 != *sha256 {
            bail!("« {} » n’a pas la somme que dit le portfolio : rien n’a été repris.", file.name);
        }
    }
    let sum = archive.manifest().sha256();
    store::portfolio::bring(db, organisation.id, portfolio, &sum).await.map_err(|error| match error
    {
        store::Error::Conflict { detail, .. } => anyhow!("{detail}"),
        store::Error::Invalid(faults) => {
            let faults = faults.into_iter().map(|fault| fault.detail);
            anyhow!(faults.collect::<Vec<_>>().join(" "))
        }
        error => error.into(),
    })
}

/// A content piece by piece. Nothing else runs in this process that reading could keep waiting.
fn chunks(mut from: impl Read) -> impl Iterator<Item = io::Result<Bytes>> {
    std::iter::from_fn(move || {
        let mut chunk = vec![0; 64 * 1024];
        match from.read(&mut chunk) {
            Ok(0) => None,
            Ok(read) => {
                chunk.truncate(read);
                Some(Ok(Bytes::from(chunk)))
            }
            Err(error) => Some(Err(error)),
        }
    })
}
