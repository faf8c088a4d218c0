//! Handing mail to a relay (RFC 5321), encrypted always.
//!
//! The conversation is led step by step, to know of each failure whether the mail may have left.

use std::{fs, path::Path, time::Duration};

use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use crate::Failure;

/// How long the peer may take over a step; RFC 5321, section 4.5.3.2, allows minutes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A mail server that takes mail for others.
pub struct Relay {
    host: String,
    port: u16,
    /// TLS from the start (RFC 8314); otherwise STARTTLS, without which nothing is said.
    implicit: bool,
    tls: TlsParameters,
    credentials: Option<Credentials>,
}

impl Relay {
    /// From its address. An error is a French sentence.
    pub fn parse(text: &str, authorities: Option<&Path>) -> Result<Self, String> {
        let form = "smtp://utilisateur:secret@serveur:587 ou smtps://utilisateur:secret@serveur";
        let url = Url::parse(text)
            .ok()
            .filter(|url| matches!(url.scheme(), "smtp" | "smtps"))
            .ok_or_else(|| format!("l’adresse du serveur de courriel est de la forme {form}."))?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| format!("l’adresse du serveur de courriel ne le nomme pas : {form}."))?
            .trim_matches(['[', ']'])
            .to_owned();
        if !matches!(url.path(), "" | "/") {
            return Err(
                "l’adresse du serveur de courriel n’a pas de chemin après le serveur.".to_owned()
            );
        }
        if url.query_pairs().any(|(name, value)| (&*name, &*value) != ("tls", "required")) {
            return Err(
                "l’adresse du serveur de courriel ne prend que le paramètre tls=required : \
                        rien n’est envoyé sans chiffrement."
                    .to_owned(),
            );
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => {
                return Err("l’adresse du serveur de courriel nomme un utilisateur et son mot de \
                            passe, ou aucun des deux."
                    .to_owned());
            }
            (user, Some(secret)) => Some(Credentials::new(decoded(user), decoded(secret))),
        };
        let implicit = url.scheme() == "smtps";
        let port = url.port().unwrap_or(if implicit { 465 } else { 587 });
        let mut tls = TlsParameters::builder(host.clone());
        if let Some(path) = authorities {
            tls = tls.add_root_certificate(certificates(path)?);
        }
        let tls = tls.build().map_err(|error| format!("le chiffrement du courriel : {error}."))?;
        Ok(Self { host, port, implicit, tls, credentials })
    }

    /// Opens a conversation. Whatever goes wrong here, no mail has left.
    pub async fn connect(&self) -> Result<Connection, Failure> {
        let what = format!("{}:{}", self.host, self.port);
        match timeout(PATIENCE, self.open()).await {
            Ok(Ok(connection)) => Ok(Connection { connection }),
            Ok(Err(error)) => Err(Failure::NotNow(format!("{what} : {}", said(&error)))),
            Err(_) => Err(Failure::NotNow(format!("{what} ne répond pas"))),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::default();
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(PATIENCE),
            &hello,
            self.implicit.then(|| self.tls.clone()),
            None,
        )
        .await?;
        if !self.implicit {
            connection.starttls(self.tls.clone(), &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// The certificates of a PEM file, which the relay's own may be signed by.
fn certificates(path: &Path) -> Result<Certificate, String> {
    let shown = path.display();
    let pem = fs::read(path)
        .map_err(|error| format!("le fichier des autorités {shown} ne se lit pas : {error}."))?;
    let none = || format!("le fichier {shown} ne contient pas de certificat PEM.");
    // Text without any certificate in it reads as an empty list.
    if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
        return Err(none());
    }
    Certificate::from_pem(&pem).map_err(|_| none())
}

/// An open conversation.
pub struct Connection {
    connection: AsyncSmtpConnection,
}

impl Connection {
    /// Whether another mail can follow.
    pub fn is_usable(&self) -> bool {
        !self.connection.has_broken()
    }

    pub async fn hand_over(&mut self, envelope: &Envelope, mail: &[u8]) -> Result<(), Failure> {
        let before = timeout(PATIENCE, announce(&mut self.connection, envelope)).await;
        let announced = match before {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(verdict(&error).unwrap_or_else(|| not_now(&error))),
            Err(_) => Err(Failure::NotNow("le serveur de courriel ne répond plus".to_owned())),
        };
        let outcome = match announced {
            Ok(()) => match timeout(PATIENCE * 5, self.connection.message(mail)).await {
                Ok(Ok(_)) => return Ok(()),
                // An answer is a verdict; silence is not.
                Ok(Err(error)) => verdict(&error).unwrap_or_else(|| unknown(&said(&error))),
                Err(_) => unknown("pas de réponse"),
            },
            Err(failure) => failure,
        };
        // After a refusal the conversation is in an unclear state: the next mail opens a new one.
        let _ = timeout(Duration::from_secs(5), self.connection.abort()).await;
        Err(outcome)
    }

    pub async fn end(mut self) {
        let _ = timeout(Duration::from_secs(5), self.connection.quit()).await;
    }
}

/// Everything up to the mail itself.
async fn announce(connection: &mut AsyncSmtpConnection, envelope: &Envelope) -> Result<(), Error> {
    let mut parameters = Vec::new();
    if envelope.to().iter().any(|address| !address.to_string().is_ascii())
        && connection.server_info().supports_feature(Extension::SmtpUtfEight)
    {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await?;
    for address in envelope.to() {
        connection.command(Rcpt::new(address.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    Ok(())
}

/// What a reply of the peer means, if the error is one.
fn verdict(error: &Error) -> Option<Failure> {
    if error.is_permanent() {
        Some(Failure::Refused(said(error)))
    } else if error.is_transient() {
        Some(not_now(error))
    } else {
        None
    }
}

fn not_now(error: &Error) -> Failure {
    Failure::NotNow(said(error))
}

fn unknown(reason: &str) -> Failure {
    Failure::Unknown(format!("la connexion a été rompue pendant l’envoi ({reason})"))
}

/// The peer's own words.
fn said(error: &Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    match (error.status(), cause) {
        (Some(code), Some(words)) => format!("{code} {words}"),
        (_, Some(words)) => words,
        (_, None) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread,
    };

    use super::*;

    #[tokio::test]
    async fn without_starttls_nothing_is_said() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let peer = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut lines = BufReader::new(stream.try_clone().expect("a reader")).lines();
            let mut heard = Vec::new();
            stream.write_all(b"220 localhost\r\n").expect("written");
            while let Some(Ok(line)) = lines.next() {
                let verb = line.split(' ').next().unwrap_or_default().to_owned();
                let answer: &[u8] = if verb == "EHLO" {
                    b"250-localhost\r\n250 AUTH PLAIN LOGIN\r\n"
                } else {
                    b"221 bye\r\n"
                };
                heard.push(verb);
                // The client may be gone.
                let _ = stream.write_all(answer);
            }
            heard
        });
        let relay = Relay::parse(&format!("smtp://a:b@localhost:{port}"), None);
        let failure = relay.expect("an address").connect().await.err().expect("a refusal");
        assert!(matches!(failure, Failure::NotNow(_)), "{failure:?}");
        let heard = peer.join().expect("it ends");
        assert!(heard.iter().all(|verb| verb == "EHLO" || verb == "QUIT"), "{heard:?}");
    }
}
