//! Contents of files, kept once by their SHA-256.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use domain::ambient::Ambient;
use futures::{Stream, TryStreamExt};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::{
    fs::{self, File},
    io::{AsyncReadExt, AsyncWriteExt},
};

use crate::{Error, Result};

/// How many of the first bytes are kept to tell what a file is.
const HEAD: usize = 8 * 1024;

/// What nobody has written to for that long does not belong to an upload that is still going on.
const AT_REST: Duration = Duration::from_hours(24);

/// A folder of contents, `ab/abcdef…` each.
#[derive(Clone)]
pub struct FileStore {
    folder: Arc<PathBuf>,
    max_bytes: u64,
    ambient: Arc<Ambient>,
    /// Contents that were found whole, as they were then: with their size and the time of their last
    /// change.
    checked: Cache<(String, u64, SystemTime), ()>,
}

/// A content that has arrived whole.
#[derive(Debug, Clone)]
pub struct Stored {
    pub sha256: String,
    pub size: u64,
    /// Its first bytes.
    pub head: Vec<u8>,
}

impl FileStore {
    pub(crate) async fn open(
        folder: PathBuf,
        max_bytes: u64,
        ambient: Arc<Ambient>,
    ) -> Result<Self> {
        let incoming = folder.join("incoming");
        fs::create_dir_all(&incoming).await?;
        sweep(&incoming).await?;
        Ok(Self { folder: Arc::new(folder), max_bytes, ambient, checked: Cache::new(100_000) })
    }

    /// Largest content, in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Streams a content to the disk; nothing of it stays if it does not arrive whole.
    pub async fn keep<E: std::fmt::Display>(
        &self,
        content: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored> {
        let incoming = self.folder.join("incoming").join(self.ambient.id().to_string());
        let stored = self.receive(&incoming, content).await;
        let moved = match stored {
            Ok(stored) => self.settle(&incoming, &stored).await.map(|()| stored),
            Err(error) => Err(error),
        };
        if moved.is_err() {
            // The first error is the one to tell; a file left here is removed at the next start.
            let _ = fs::remove_file(&incoming).await;
        }
        moved
    }

    async fn receive<E: std::fmt::Display>(
        &self,
        path: &Path,
        mut content: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored> {
        let mut file = File::create_new(path).await?;
        let mut digest = Sha256::new();
        let mut stored = Stored { sha256: String::new(), size: 0, head: Vec::new() };
        loop {
            let chunk =
                content.try_next().await.map_err(|error| Error::Interrupted(error.to_string()))?;
            let Some(chunk) = chunk else { break };
            stored.size += chunk.len() as u64;
            if stored.size > self.max_bytes {
                return Err(Error::FileTooLarge { limit: self.max_bytes });
            }
            let room = HEAD - stored.head.len();
            stored.head.extend_from_slice(&chunk[..chunk.len().min(room)]);
            digest.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.sync_all().await?;
        stored.sha256 = hex::encode(digest.finalize());
        Ok(stored)
    }

    async fn settle(&self, incoming: &Path, stored: &Stored) -> Result<()> {
        let path = self.path(&stored.sha256);
        let folder = path.parent().expect("a content lies in a folder of two letters");
        fs::create_dir_all(folder).await?;
        fs::rename(incoming, &path).await?;
        // The name must survive a power cut as well as the bytes.
        let folder = folder.to_owned();
        tokio::task::spawn_blocking(move || std::fs::File::open(folder)?.sync_all())
            .await
            .map_err(io::Error::other)??;
        Ok(())
    }

    /// A file without a name, for what is built and sent once: it is gone when it is closed. It lies
    /// beside the contents, whose disk has room for them.
    pub fn scratch(&self) -> Result<std::fs::File> {
        Ok(tempfile::tempfile_in(self.folder.join("incoming"))?)
    }

    /// Where a content lies that is whole: what does not have its SHA-256 is never given out. It is
    /// summed up once, and again when the file was changed since.
    pub async fn whole(&self, sha256: &str) -> Result<PathBuf> {
        let path = self.path(sha256);
        let found = fs::metadata(&path).await.map_err(|error| missing(error, sha256))?;
        let seen = (sha256.to_owned(), found.len(), found.modified()?);
        if self.checked.get(&seen).is_none() {
            self.check(&path, sha256).await?;
            self.checked.insert(seen, ());
        }
        Ok(path)
    }

    async fn check(&self, path: &Path, sha256: &str) -> Result<()> {
        let mut file = File::open(path).await.map_err(|error| missing(error, sha256))?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer).await?;
            if read == 0 {
                break;
            }
            digest.update(&buffer[..read]);
        }
        if hex::encode(digest.finalize()) == sha256 {
            Ok(())
        } else {
            Err(Error::Damaged { sha256: sha256.to_owned() })
        }
    }

    /// The contents that have been at rest for a day.
    pub(crate) async fn at_rest(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let mut folders = fs::read_dir(&*self.folder).await?;
        while let Some(folder) = folders.next_entry().await? {
            let is_of_contents = folder.file_name().len() == 2;
            if !is_of_contents {
                continue;
            }
            let mut contents = fs::read_dir(folder.path()).await?;
            while let Some(content) = contents.next_entry().await? {
                if is_at_rest(&content.path()).await? {
                    found.extend(content.file_name().into_string());
                }
            }
        }
        Ok(found)
    }

    /// Removes a content that nothing refers to, as `is_referred_to` tells. The same content may be
    /// arriving meanwhile: it is taken aside first, and put back if it turns out to be new or in use.
    pub(crate) async fn discard(
        &self,
        sha256: &str,
        is_referred_to: impl Future<Output = Result<bool>>,
    ) -> Result<bool> {
        let path = self.path(sha256);
        let aside = self.folder.join("incoming").join(self.ambient.id().to_string());
        fs::rename(&path, &aside).await?;
        // An upload writes its content in place before it refers to it, so that whoever refers to
        // it by now has either left it new, or left it in place after this was taken aside.
        if is_at_rest(&aside).await? && !is_referred_to.await? {
            fs::remove_file(&aside).await?;
            Ok(true)
        } else {
            fs::rename(&aside, &path).await?;
            Ok(false)
        }
    }

    fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(&sha256[..2]).join(sha256)
    }
}

/// Removes what an interrupted upload left behind: what nobody has written to for a day. Another
/// server may be receiving into the same folder.
async fn sweep(incoming: &Path) -> Result<()> {
    let mut entries = fs::read_dir(incoming).await?;
    while let Some(entry) = entries.next_entry().await? {
        if is_at_rest(&entry.path()).await? {
            fs::remove_file(entry.path()).await?;
        }
    }
    Ok(())
}

async fn is_at_rest(path: &Path) -> Result<bool> {
    let age = fs::metadata(path).await?.modified()?.elapsed().unwrap_or_default();
    Ok(age > AT_REST)
}

fn missing(error: io::Error, sha256: &str) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        Error::Damaged { sha256: sha256.to_owned() }
    } else {
        error.into()
    }
}
