//! Mail: how it reads, and how it leaves, over SMTP or, where none is configured, into a folder.

pub mod calendar;
mod folder;
mod letter;
mod smtp;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Attachment, Mailbox, MultiPart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

pub use folder::{Kept, read};
pub use letter::{Letter, Links, WayIn, write};
use smtp::{Connection, Relay};

/// Why a mail did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing was handed over; it may be tried again.
    #[error("{0}")]
    NotNow(String),
    /// The peer will not have it.
    #[error("{0}")]
    Refused(String),
    /// The connection broke while it was handed over: it may arrive or not.
    #[error("{0}")]
    Unknown(String),
}

/// Where mail is handed over.
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

enum Way {
    Relay(Relay),
    Folder(PathBuf),
}

/// One mail to one person.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The same on every try, so that a peer can tell that two are one.
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub at: DateTime<Utc>,
    pub letter: Letter,
}

impl Mailer {
    /// Over SMTP: `smtp://user:secret@host:587` (STARTTLS, always) or `smtps://…` (TLS from the
    /// start), from an address, trusting also the authorities of a PEM file. An error is a French
    /// sentence.
    pub fn smtp(url: &str, from: &str, authorities: Option<&Path>) -> Result<Self, String> {
        let from = from.parse().map_err(|_| {
            format!(
                "l’adresse d’expédition « {from} » n’est pas de la forme \
                 « Acquis <acquis@ecole.fr> »."
            )
        })?;
        Ok(Self { from, way: Way::Relay(Relay::parse(url, authorities)?) })
    }

    /// Each mail as a file of a folder, which is made when there is one.
    pub fn folder(path: PathBuf) -> Self {
        let address = Address::new("acquis", "localhost").expect("an address");
        Self { from: Mailbox::new(Some("Acquis".to_owned()), address), way: Way::Folder(path) }
    }

    /// Whether the relay answers and lets us in.
    pub async fn check(&self) -> Result<(), Failure> {
        match &self.way {
            Way::Relay(relay) => relay.connect().await.map(|_| ()),
            Way::Folder(_) => Ok(()),
        }
    }

    /// For several mails in a row, over one connection.
    pub fn round(&self) -> Round<'_> {
        Round { mailer: self, connection: None }
    }

    fn message(&self, mail: &Mail) -> Result<Message, String> {
        let Mail { id, name, address, at, letter } = mail;
        let address: Address =
            address.parse().map_err(|_| format!("{address} n’est pas une adresse de courriel"))?;
        let domain = self.from.email.domain();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(one_line(name)), address))
            .subject(one_line(&letter.subject))
            .date((*at).into())
            .message_id(Some(format!("<{id}@{domain}>")))
            // RFC 3834, section 5: so that no absence notice answers.
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(url) = &letter.unsubscribe {
            // RFC 8058, section 3.1.
            builder =
                builder.raw_header(header("List-Unsubscribe", format!("<{url}>"))).raw_header(
                    header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
                );
        }
        let body = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        let body = match &letter.attachment {
            None => body,
            Some(letter::Attachment { name, media_type, content }) => {
                let media_type = ContentType::parse(media_type).expect("one of our own");
                let file = Attachment::new((*name).to_owned()).body(content.clone(), media_type);
                MultiPart::mixed().multipart(body).singlepart(file)
            }
        };
        builder.multipart(body).map_err(|error| error.to_string())
    }
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// What goes into a header ends no header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// Mails handed over one after the other.
pub struct Round<'a> {
    mailer: &'a Mailer,
    connection: Option<Connection>,
}

impl Round<'_> {
    pub async fn hand_over(&mut self, mail: &Mail) -> Result<(), Failure> {
        let message = self.mailer.message(mail).map_err(Failure::Refused)?;
        match &self.mailer.way {
            Way::Folder(folder) => {
                folder::put(folder, mail.id, &message.formatted()).await.map_err(|error| {
                    Failure::NotNow(format!("le dossier des courriels : {error}"))
                })?;
                // Somebody waits for this one; reminders come by the dozen.
                if let (Some(link), None) = (&mail.letter.link, &mail.letter.unsubscribe) {
                    tracing::info!(to = mail.address, link, "mail written to the folder");
                }
                Ok(())
            }
            Way::Relay(relay) => {
                let mut connection = match self.connection.take() {
                    Some(connection) => connection,
                    None => relay.connect().await?,
                };
                let envelope: &Envelope = message.envelope();
                let handed_over = connection.hand_over(envelope, &message.formatted()).await;
                if connection.is_usable() {
                    self.connection = Some(connection);
                }
                handed_over
            }
        }
    }

    /// Takes leave of the peer.
    pub async fn end(self) {
        if let Some(connection) = self.connection {
            connection.end().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(name: &str, subject: &str) -> Mail {
        Mail {
            id: Uuid::from_u128(7),
            name: name.to_owned(),
            address: "lea@ecole.fr".to_owned(),
            at: "2026-11-23T08:00:00Z".parse().expect("a time"),
            letter: Letter {
                subject: subject.to_owned(),
                text: "Bonjour Léa".to_owned(),
                html: "<p>Bonjour Léa</p>".to_owned(),
                unsubscribe: Some("https://acquis.test/stop?jeton=1".to_owned()),
                link: None,
                attachment: None,
            },
        }
    }

    fn formatted(mail: &Mail) -> String {
        let mailer = Mailer::folder(PathBuf::new());
        String::from_utf8(mailer.message(mail).expect("a message").formatted()).expect("ASCII")
    }

    #[test]
    fn a_mail_has_the_headers_of_one_that_a_program_sends() {
        let text = formatted(&mail("Léa Nguyen", "Vos échéances"));
        for line in [
            "Message-ID: <00000000-0000-0000-0000-000000000007@localhost>",
            "Date: Mon, 23 Nov 2026 08:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://acquis.test/stop?jeton=1>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.is_ascii() && text.contains("multipart/alternative"));
    }

    #[test]
    fn a_name_adds_no_header() {
        let text = formatted(&mail("Léa\r\nBcc: tous@ecole.fr", "Un\nX-Autre: 1"));
        let (head, _) = text.split_once("\r\n\r\n").expect("a head");
        assert!(!head.lines().any(|line| line.starts_with("Bcc") || line.starts_with("X-Autre")));
    }

    #[test]
    fn settings_that_are_wrong_are_named() {
        let wrong = |url: &str, from: &str| Mailer::smtp(url, from, None).err().expect("a refusal");
        let from = "Acquis <acquis@ecole.fr>";
        for (url, says) in [
            ("mail.ecole.fr", "smtp://"),
            ("https://mail.ecole.fr", "smtp://"),
            ("smtp://mail.ecole.fr?tls=none", "tls=required"),
            ("smtp://user@mail.ecole.fr", "mot de passe"),
            ("smtp://mail.ecole.fr/chemin", "chemin"),
        ] {
            assert!(wrong(url, from).contains(says), "{url}: {}", wrong(url, from));
        }
        assert!(wrong("smtp://mail.ecole.fr", "acquis").contains("expédition"));
        for url in
            ["smtp://mail.ecole.fr", "smtp://a:b%40c@mail.ecole.fr:25?tls=required", "smtps://h"]
        {
            assert!(Mailer::smtp(url, from, None).is_ok(), "{url}");
        }
    }
}
