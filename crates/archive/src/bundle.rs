//! Writes the parts of an archive, and the manifest over them.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::Arc,
};

use chrono::{DateTime, Datelike, Timelike, Utc};
use domain::dossier::manifest::{Manifest, ManifestEntry, ManifestError};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// Where the manifest stands. It is the one file that it does not list.
pub const MANIFEST_PATH: &str = "manifest.txt";
/// What the comment of the ZIP begins with; the sum of the manifest follows.
pub const COMMENT: &str = "acquis-archive 1 ";

/// One file of an archive.
#[derive(Debug)]
pub struct Part {
    /// Relative, with `/` between folders.
    pub path: String,
    pub content: Content,
}

#[derive(Debug)]
pub enum Content {
    Bytes(Vec<u8>),
    /// A file that is copied piece by piece, and must have this size and sum.
    File {
        from: PathBuf,
        size: u64,
        sha256: String,
    },
    /// What lies in a [`Spool`].
    Spooled {
        spool: Arc<File>,
        at: u64,
        size: u64,
        sha256: String,
    },
}

/// Where parts lie that were made one after the other, until they are written: the pages of a whole
/// session would fill the memory.
#[derive(Debug)]
pub struct Spool {
    file: Arc<File>,
    length: u64,
}

impl Spool {
    /// In an empty file, which is gone when it is closed.
    pub fn new(file: File) -> Self {
        Self { file: Arc::new(file), length: 0 }
    }

    /// The part, with its content laid aside.
    pub fn keep(&mut self, part: Part) -> io::Result<Part> {
        let Content::Bytes(bytes) = &part.content else { return Ok(part) };
        let ManifestEntry { path, size, sha256 } = part.entry();
        (&*self.file).write_all(bytes)?;
        let at = self.length;
        self.length += size;
        Ok(Part { path, content: Content::Spooled { spool: self.file.clone(), at, size, sha256 } })
    }
}

#[derive(Debug, Error)]
pub enum WriteError {
    #[error("the parts make no manifest: {0}")]
    Manifest(#[from] ManifestError),
    #[error("the content of {0} is not what its sum says")]
    Damaged(String),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Zip(ZipError),
}

impl From<ZipError> for WriteError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Io(error),
            error => Self::Zip(error),
        }
    }
}

impl Part {
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), content: Content::Bytes(text.into().into_bytes()) }
    }

    fn entry(&self) -> ManifestEntry {
        match &self.content {
            Content::Bytes(bytes) => ManifestEntry::of(self.path.clone(), bytes),
            Content::File { size, sha256, .. } | Content::Spooled { size, sha256, .. } => {
                ManifestEntry { path: self.path.clone(), size: *size, sha256: sha256.clone() }
            }
        }
    }
}

/// Writes an archive: the manifest, then every part in the order of the paths. The same parts at the
/// same time are the same bytes.
pub fn write(
    out: impl Write + Seek,
    mut parts: Vec<Part>,
    at: DateTime<Utc>,
) -> Result<Manifest, WriteError> {
    parts.sort_by(|one, other| one.path.cmp(&other.path));
    let manifest = Manifest::new(parts.iter().map(Part::entry).collect())?;
    let mut zip = ZipWriter::new(out);
    let options =
        SimpleFileOptions::default().last_modified_time(dated(at)).unix_permissions(0o644);
    let packed = options.compression_method(CompressionMethod::Deflated);
    zip.start_file(MANIFEST_PATH, packed)?;
    zip.write_all(manifest.canonical().as_bytes())?;
    for part in parts {
        match part.content {
            Content::Bytes(bytes) => {
                zip.start_file(&part.path, packed)?;
                zip.write_all(&bytes)?;
            }
            Content::Spooled { spool, at, size, sha256 } => {
                zip.start_file(&part.path, packed)?;
                let mut spool = &*spool;
                spool.seek(SeekFrom::Start(at))?;
                if copy(&mut spool.take(size), &mut zip)? != (size, sha256) {
                    return Err(WriteError::Damaged(part.path));
                }
            }
            Content::File { from, size, sha256 } => {
                // Pictures, films and PDF are packed already; beyond 4 GB an entry says so ahead.
                let options = options
                    .compression_method(CompressionMethod::Stored)
                    .large_file(size >= u64::from(u32::MAX));
                zip.start_file(&part.path, options)?;
                let found = copy(&mut BufReader::new(File::open(from)?), &mut zip)?;
                if found != (size, sha256) {
                    return Err(WriteError::Damaged(part.path));
                }
            }
        }
    }
    zip.set_comment(format!("{COMMENT}{}", manifest.sha256()))?;
    zip.finish()?.flush()?;
    Ok(manifest)
}

/// Copies to the end; gives the size and the SHA-256.
pub fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let mut digest = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((size, hex::encode(digest.finalize())));
        }
        size += read as u64;
        digest.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
    }
}

/// A ZIP counts time in two seconds, from 1980 to 2107; before and beyond, it is left out.
fn dated(at: DateTime<Utc>) -> zip::DateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        u16::try_from(at.year()).unwrap_or_default(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .unwrap_or_default()
}
