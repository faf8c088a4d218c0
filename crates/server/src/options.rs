//! Options that several commands share. Each can also come from the environment.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow, bail};
use clap::Args;
use mail::Mailer;
use store::{Durability, Options};

/// Where everything is kept.
#[derive(Args, Clone)]
pub struct Storage {
    /// Dossier des données.
    #[arg(long, env = "ACQUIS_DATA", value_name = "DOSSIER")]
    pub data: PathBuf,
    #[arg(
        long,
        env = "ACQUIS_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        help = "Base PostgreSQL, par exemple postgres://acquis@localhost/acquis ; sinon un fichier \
                SQLite dans le dossier"
    )]
    pub database_url: Option<String>,
}

/// How the server is reached.
#[derive(Args, Clone)]
pub struct Network {
    /// Adresse et port d’écoute.
    #[arg(long, env = "ACQUIS_LISTEN", value_name = "ADRESSE", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Adresse publique, telle que les navigateurs la voient ; sinon http:// et l’adresse d’écoute.
    #[arg(long, env = "ACQUIS_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

impl Network {
    /// The public address, as far as it is known before anything listens.
    pub fn address(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}

/// How mail leaves.
#[derive(Args, Clone, Default)]
pub struct Courier {
    #[arg(
        long,
        env = "ACQUIS_SMTP_URL",
        value_name = "URL",
        hide_env_values = true,
        help = "Serveur de courriel, smtp://utilisateur:secret@serveur:587 (STARTTLS) ou \
                smtps://… (TLS) ; sinon les courriels sont des fichiers du dossier mails"
    )]
    pub smtp_url: Option<String>,
    /// Expéditeur des courriels, par exemple « Acquis <acquis@ecole.fr> ».
    #[arg(long, env = "ACQUIS_MAIL_FROM", value_name = "ADRESSE")]
    pub mail_from: Option<String>,
    /// Fichier PEM d’autorités que le serveur de courriel peut avoir, en plus de celles du Web.
    #[arg(long, env = "ACQUIS_SMTP_CA", value_name = "FICHIER")]
    pub smtp_ca: Option<PathBuf>,
}

impl Courier {
    /// Name of the folder of mails that go nowhere.
    pub const FOLDER: &str = "mails";

    pub fn mailer(&self, data: &Path) -> Result<Mailer> {
        let Self { smtp_url, mail_from, smtp_ca } = self;
        let Some(url) = smtp_url.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(Mailer::folder(data.join(Self::FOLDER)));
        };
        let Some(from) = mail_from.as_deref().filter(|from| !from.is_empty()) else {
            bail!(
                "ACQUIS_SMTP_URL est donné sans expéditeur : donnez aussi ACQUIS_MAIL_FROM, par \
                 exemple « Acquis <acquis@ecole.fr> »."
            );
        };
        let authorities = smtp_ca.as_deref().filter(|path| !path.as_os_str().is_empty());
        Mailer::smtp(url, from, authorities).map_err(|sentence| anyhow!("{sentence}"))
    }
}

/// Limits on what people send.
#[derive(Args, Clone, Copy)]
pub struct Limits {
    /// Taille maximale d’un fichier, en mégaoctets.
    #[arg(long, env = "ACQUIS_MAX_FILE_MB", value_name = "MO", default_value_t = 50)]
    pub max_file_mb: u64,
}

impl Storage {
    pub fn options(&self, limits: Limits, durability: Durability) -> Options {
        Options {
            folder: self.data.clone(),
            database_url: self.database_url.clone(),
            durability,
            max_file_bytes: limits.max_file_mb * 1_000_000,
        }
    }
}
