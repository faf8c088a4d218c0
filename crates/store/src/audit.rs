//! The append-only record: who, as what, did what to what, when, and how it was before.
//!
//! Each entry carries the hash of the one before, one chain per organisation. An entry holds ids
//! and states, no name and no text of a person, so that it survives the erasure of their data.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LockType,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    entity::{audit_entries, memberships, organisations},
};

/// A statement has at most 32,766 values on `SQLite`; an entry has twelve.
const ROWS_AT_ONCE: usize = 1_000;

/// What happened.
pub(crate) struct Entry<'a> {
    pub organisation: Uuid,
    /// Absent where the program acts by itself.
    pub actor: Option<Uuid>,
    pub action: &'a str,
    pub subject: (&'a str, Uuid),
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Appends within the transaction of the write it speaks of, as its last statement: it locks the
/// organisation, and locks that are always taken in the same order never wait for each other.
pub(crate) async fn append(db: &Db, write: &DatabaseTransaction, entry: Entry<'_>) -> Result<()> {
    append_all(db, write, vec![entry]).await
}

/// The same for a write of many parts: entries of one organisation and one actor, in their order.
pub(crate) async fn append_all(
    db: &Db,
    write: &DatabaseTransaction,
    entries: Vec<Entry<'_>>,
) -> Result<()> {
    let Some(first) = entries.first() else { return Ok(()) };
    // The lock keeps the chain in one piece where the database has several writers. It lets rows
    // that refer to the organisation be inserted meanwhile; a full lock would wait for them all.
    let organisation = organisations::Entity::find_by_id(first.organisation)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    let actor = first.actor;
    let actor_roles = match actor {
        Some(actor) => Some(roles(write, organisation.id, actor).await?),
        None => None,
    };
    let at = db.ambient.now();
    let mut seq = organisation.audit_seq;
    let mut head = organisation.audit_hash.clone();
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        assert_eq!((entry.organisation, entry.actor), (organisation.id, actor), "one chain");
        seq += 1;
        let mut row = audit_entries::Model {
            organisation_id: entry.organisation,
            seq,
            at,
            actor_id: entry.actor,
            actor_roles: actor_roles.clone(),
            action: entry.action.to_owned(),
            subject_kind: entry.subject.0.to_owned(),
            subject_id: entry.subject.1,
            before: entry.before.map(|value| value.to_string()),
            after: entry.after.map(|value| value.to_string()),
            previous_hash: head.clone(),
            hash: String::new(),
        };
        row.hash = hash(&row);
        head.clone_from(&row.hash);
        rows.push(audit_entries::ActiveModel::from(row));
    }
    let organisation = organisations::ActiveModel {
        audit_seq: Set(seq),
        audit_hash: Set(head),
        ..organisation.into()
    };
    organisation.update(write).await?;
    for rows in rows.chunks(ROWS_AT_ONCE) {
        audit_entries::Entity::insert_many(rows.to_vec()).exec_without_returning(write).await?;
    }
    Ok(())
}

/// What a person is in an organisation, in one word a role.
async fn roles(write: &DatabaseTransaction, organisation: Uuid, actor: Uuid) -> Result<String> {
    let held = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .filter(memberships::Column::UserId.eq(actor))
        .order_by_asc(memberships::Column::Role)
        .all(write)
        .await?;
    Ok(held.into_iter().map(|row| row.role).collect::<Vec<_>>().join(","))
}

/// The first entry whose hash does not follow from the one before, or that is missing.
pub async fn first_break(db: &Db, organisation: Uuid) -> Result<Option<i64>> {
    let entries = audit_entries::Entity::find()
        .filter(audit_entries::Column::OrganisationId.eq(organisation))
        .order_by_asc(audit_entries::Column::Seq)
        .all(db.read())
        .await?;
    let mut previous = String::new();
    for (index, entry) in entries.iter().enumerate() {
        let expected = i64::try_from(index).unwrap_or(i64::MAX) + 1;
        if entry.seq != expected || entry.previous_hash != previous || entry.hash != hash(entry) {
            return Ok(Some(expected));
        }
        previous.clone_from(&entry.hash);
    }
    let head = organisations::Entity::find_by_id(organisation)
        .one(db.read())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((head.audit_hash != previous).then_some(head.audit_seq))
}

/// Over every field, each with its length before it, so that no two entries read the same.
fn hash(entry: &audit_entries::Model) -> String {
    let actor = entry.actor_id.map(|id| id.to_string()).unwrap_or_default();
    let mut digest = Sha256::new();
    for part in [
        entry.previous_hash.as_str(),
        &entry.organisation_id.to_string(),
        &entry.seq.to_string(),
        &entry.at.timestamp_micros().to_string(),
        &actor,
        entry.actor_roles.as_deref().unwrap_or_default(),
        &entry.action,
        &entry.subject_kind,
        &entry.subject_id.to_string(),
        entry.before.as_deref().unwrap_or_default(),
        entry.after.as_deref().unwrap_or_default(),
    ] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}
