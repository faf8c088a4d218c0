//! A phone may send twice: a creation with the same key is made once.

use chrono::TimeDelta;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, TryInsertResult,
};
use uuid::Uuid;

use crate::{Db, Error, Result, entity::idempotency_keys};

/// How long a key is kept: a phone that comes back within a week sends nothing twice.
const KEPT: TimeDelta = TimeDelta::days(7);

/// The key of a creation, chosen by the client.
#[derive(Debug, Clone)]
pub struct Once {
    pub user: Uuid,
    pub key: String,
    /// What is asked for, with a sum of its body, so that a key is not used for two things.
    pub request: String,
}

/// Takes the key for what is about to be made, or gives what it made already.
///
/// Of two transactions with the same key, the later one waits here until the other one has ended.
pub(crate) async fn claim(
    db: &Db,
    write: &DatabaseTransaction,
    once: Option<&Once>,
    resource: Uuid,
) -> Result<Option<Uuid>> {
    let Some(once) = once else { return Ok(None) };
    let claimed = idempotency_keys::Entity::insert(idempotency_keys::ActiveModel {
        user_id: Set(once.user),
        key: Set(once.key.clone()),
        request: Set(once.request.clone()),
        resource_id: Set(resource),
        created_at: Set(db.ambient.now()),
    })
    .on_conflict_do_nothing()
    .exec_without_returning(write)
    .await?;
    if matches!(claimed, TryInsertResult::Inserted(1)) {
        return Ok(None);
    }
    let row = idempotency_keys::Entity::find_by_id((once.user, once.key.clone()))
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.request == once.request {
        Ok(Some(row.resource_id))
    } else {
        Err(Error::conflict(
            "idempotency_key_reused",
            "Cette clé d’idempotence a déjà servi à une autre demande. Prenez-en une nouvelle.",
        ))
    }
}

/// Forgets the keys that are older than a week; returns how many there were.
pub async fn sweep(db: &Db) -> Result<u64> {
    let write = db.write().await?;
    let swept = idempotency_keys::Entity::delete_many()
        .filter(idempotency_keys::Column::CreatedAt.lt(db.ambient.now() - KEPT))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(swept.rows_affected)
}
