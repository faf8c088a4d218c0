//! A phone may send twice: a creation with the same key is made once.

use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::{Db, Error, Result, entity::idempotency_keys};

/// The key of a creation, chosen by the client.
#[derive(Debug, Clone)]
pub struct Once {
    pub user: Uuid,
    pub key: String,
    /// What is asked for, so that a key is not used for two things.
    pub request: String,
}

/// What the key made already, if anything.
pub(crate) async fn made(write: &DatabaseTransaction, once: Option<&Once>) -> Result<Option<Uuid>> {
    let Some(once) = once else { return Ok(None) };
    let found =
        idempotency_keys::Entity::find_by_id((once.user, once.key.clone())).one(write).await?;
    match found {
        Some(row) if row.request == once.request => Ok(Some(row.resource_id)),
        Some(_) => Err(Error::conflict(
            "idempotency_key_reused",
            "Cette clé d’idempotence a déjà servi à une autre demande.",
        )),
        None => Ok(None),
    }
}

/// Remembers what the key made.
pub(crate) async fn remember(
    db: &Db,
    write: &DatabaseTransaction,
    once: Option<&Once>,
    resource: Uuid,
) -> Result<()> {
    let Some(once) = once else { return Ok(()) };
    idempotency_keys::Entity::insert(idempotency_keys::ActiveModel {
        user_id: Set(once.user),
        key: Set(once.key.clone()),
        request: Set(once.request.clone()),
        resource_id: Set(resource),
        created_at: Set(db.ambient.now()),
    })
    .exec_without_returning(write)
    .await?;
    Ok(())
}
