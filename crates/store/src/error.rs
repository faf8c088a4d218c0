//! What can go wrong when reading or writing.

use domain::{
    assessment::AlreadySigned, dossier::WrongDossierStep, evidence::WrongStep, fault::Fault,
    grid::AlreadyPublished, jury::WrongSessionStep, visit::VisitStep,
};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Each variant is something a person can be told; causes stay in the log.
#[derive(Debug, Error)]
pub enum Error {
    #[error("nothing by that id in this scope")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("the version is stale; it is now {current}")]
    Stale { current: i32 },
    #[error("the input has faults: {0:?}")]
    Invalid(Vec<Fault>),
    /// The input is well formed but goes against what is already there.
    #[error("{code}: {detail}")]
    Conflict { code: &'static str, detail: String },
    #[error(transparent)]
    WrongStep(#[from] WrongStep),
    #[error(transparent)]
    AlreadySigned(#[from] AlreadySigned),
    #[error(transparent)]
    AlreadyPublished(#[from] AlreadyPublished),
    #[error(transparent)]
    VisitStep(#[from] VisitStep),
    #[error(transparent)]
    SessionStep(#[from] WrongSessionStep),
    #[error(transparent)]
    WrongDossierStep(#[from] WrongDossierStep),
    #[error("the file is larger than {limit} bytes")]
    FileTooLarge { limit: u64 },
    /// The sender went away in the middle of a file.
    #[error("the upload was interrupted: {0}")]
    Interrupted(String),
    #[error("the content of file {sha256} is not what was stored")]
    Damaged { sha256: String },
    /// Too many passwords wait to be hashed.
    #[error("too much to do at once")]
    Busy,
    #[error("the disk is full")]
    StorageFull,
    #[error("the data folder is read-only")]
    StorageReadOnly,
    #[error("database: {0}")]
    Database(DbErr),
    #[error("file: {0}")]
    Io(std::io::Error),
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
}

impl Error {
    pub(crate) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into() }
    }
}

impl From<Vec<Fault>> for Error {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Invalid(faults)
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            // Checks come before writes; this is for two writes at the very same time.
            return Self::conflict(
                "already_exists",
                "La même chose vient d’être enregistrée. Rechargez la page.",
            );
        }
        if code(&error).as_deref() == Some("22021") {
            // A character that PostgreSQL keeps in no text: nothing by that name is there.
            return Self::NotFound;
        }
        // Two writes that wait for each other, or a snapshot that is too old: one of them goes on.
        if matches!(code(&error).as_deref(), Some("40P01" | "40001")) {
            return Self::conflict(
                "at_the_same_time",
                "Quelqu’un enregistrait au même moment, et rien n’a été changé ici. Réessayez.",
            );
        }
        // Result codes of SQLite: https://www.sqlite.org/rescode.html; class 53 of PostgreSQL.
        match code(&error).as_deref() {
            Some("13" | "53100") => Self::StorageFull,
            Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "25006") => {
                Self::StorageReadOnly
            }
            _ => Self::Database(error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Self::StorageFull,
            ReadOnlyFilesystem => Self::StorageReadOnly,
            _ => Self::Io(error),
        }
    }
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))
    | DbErr::Conn(RuntimeErr::SqlxError(cause))) = error
    else {
        return None;
    };
    cause.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}
