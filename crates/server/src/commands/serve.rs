//! `acquis serve`

use std::{io::ErrorKind, net::SocketAddr, sync::Arc};

use anyhow::{Result, anyhow, bail};
use api::{App, Demo};
use clap::Args;
use domain::ambient::Ambient;
use runner::Runner;
use store::{Db, Durability};
use tokio::net::TcpListener;

use crate::{
    folder,
    options::{Courier, Limits, Network, Storage},
};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    pub storage: Storage,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub limits: Limits,
    #[command(flatten)]
    pub courier: Courier,
    /// Secret d’au moins 32 caractères, commun à plusieurs serveurs ; sinon un fichier du dossier.
    #[arg(long, env = "ACQUIS_SECRET", value_name = "SECRET", hide_env_values = true)]
    pub secret: Option<String>,
}

pub async fn run(arguments: Arguments) -> Result<()> {
    serve(arguments, None).await
}

/// Serves until it is asked to stop.
pub async fn serve(arguments: Arguments, demo: Option<Demo>) -> Result<()> {
    let Arguments { storage, network, limits, courier, secret } = arguments;
    folder::prepare(&storage.data)?;
    // Several servers may share a PostgreSQL; an SQLite file belongs to one.
    let _lock = storage.database_url.is_none().then(|| folder::lock(&storage.data)).transpose()?;
    let mailer = courier.mailer(&storage.data)?;
    // Before anything is written: a port in use is the likeliest reason to stop here.
    let listener = listen(&network).await?;
    let ambient = Arc::new(Ambient::system());
    let secret = match secret {
        Some(secret) if secret.len() >= 32 => secret.into_bytes(),
        Some(_) => bail!("ACQUIS_SECRET doit avoir au moins 32 caractères."),
        None => folder::secret(&storage.data, &ambient)?,
    };
    let options = storage.options(limits, Durability::Full);
    let db = Db::open(&options, ambient).await.map_err(|error| match error {
        store::Error::Database(cause) => {
            anyhow!("la base de données ne s’ouvre pas : {cause}")
        }
        other => other.into(),
    })?;
    let address = listener.local_addr()?;
    let public_url = network.public_url.unwrap_or_else(|| format!("http://{address}"));
    if store::people::is_empty(&db).await? {
        let token = store::people::setup_link(&db).await?;
        println!("Première installation : créez votre établissement à l’adresse");
        println!("  {}/installation#{token}", public_url.trim_end_matches('/'));
        println!("Ce lien sert une seule fois et dure un jour ; un redémarrage en donne un autre.");
    }
    if !address.ip().is_loopback() && public_url.starts_with("http://") {
        tracing::warn!(
            "the public address is plain HTTP: cookies are not protected on the network"
        );
    }
    println!("Acquis est ouvert : {public_url}");
    let mut app = App::new(db.clone(), &secret, &public_url, demo);
    if app.demo.is_some() {
        app.demo_mails = Some(storage.data.join(Courier::FOLDER).into());
    }
    let (runner, stop) = Runner::new(db.clone(), mailer, &public_url);
    let working = tokio::spawn(runner.run());
    let router = api::router(app, web_assets::router());
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(asked_to_stop())
        .await?;
    stop.ask();
    working.await?;
    db.close().await?;
    Ok(())
}

async fn listen(network: &Network) -> Result<TcpListener> {
    let address = network.listen;
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "le port {} est déjà utilisé par un autre programme. Choisissez-en un autre, par \
             exemple --listen {}:{}.",
            address.port(),
            address.ip(),
            address.port().saturating_add(1)
        ),
        ErrorKind::PermissionDenied => {
            anyhow!("ce compte n’a pas le droit d’écouter sur le port {}.", address.port())
        }
        _ => anyhow!("l’adresse {address} ne peut pas être écoutée : {error}."),
    })
}

async fn asked_to_stop() {
    let interrupted = async {
        // Without the handler there is no way to stop gently; the default one still stops.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
