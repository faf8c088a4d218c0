//! `acquis migrate`

use std::sync::Arc;

use anyhow::Result;
use domain::ambient::Ambient;
use store::{Db, Durability};

use crate::{
    folder,
    options::{Limits, Storage},
};

/// Opening the database brings its schema up to date.
pub async fn run(storage: Storage) -> Result<()> {
    folder::prepare(&storage.data)?;
    let _lock = storage.database_url.is_none().then(|| folder::lock(&storage.data)).transpose()?;
    let options = storage.options(Limits { max_file_mb: 0 }, Durability::Full);
    Db::open(&options, Arc::new(Ambient::system())).await?.close().await?;
    println!("Le schéma est à jour.");
    Ok(())
}
