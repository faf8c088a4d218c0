//! Options that several commands share. Each can also come from the environment.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
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
