//! Mails as files, where no relay is configured.

use std::{fs, io, path::Path};

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;
use uuid::Uuid;

/// A mail that was written to the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: Uuid,
    pub to: String,
    pub subject: String,
    pub at: Option<DateTime<Utc>>,
    pub text: String,
}

/// Written beside and renamed, so that a reader finds it whole.
pub async fn put(folder: &Path, id: Uuid, message: &[u8]) -> io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let writing = folder.join(format!("{id}.writing"));
    tokio::fs::write(&writing, message).await?;
    tokio::fs::rename(writing, folder.join(format!("{id}.eml"))).await
}

/// The mails of a folder, newest first, those before one of them where it is named.
pub fn read(folder: &Path, before: Option<Uuid>, limit: usize) -> io::Result<Vec<Kept>> {
    let mut ids: Vec<Uuid> = match fs::read_dir(folder) {
        Ok(entries) => entries
            .filter_map(|entry| {
                entry.ok()?.file_name().to_str()?.strip_suffix(".eml")?.parse().ok()
            })
            .filter(|id| before.is_none_or(|before| *id < before))
            .collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    // The time is in the id.
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.truncate(limit);
    ids.into_iter()
        .map(|id| fs::read(folder.join(format!("{id}.eml"))).map(|bytes| parse(id, &bytes)))
        .collect()
}

fn parse(id: Uuid, bytes: &[u8]) -> Kept {
    let message = MessageParser::default().parse(bytes).unwrap_or_default();
    let address = message.to().and_then(|to| to.first()).and_then(|to| to.address());
    Kept {
        id,
        to: address.unwrap_or_default().to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        at: message.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
    }
}
