//! Conversations on evidence: only ever added to.

use domain::message::{Message, Speaker, check_message};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert,
    enrolment::named,
    entity::{evidence, evidence_messages},
    evidence::status_of,
    idempotency,
    page::{Page, Paged},
    people,
};

/// Says something about an evidence that others can see.
pub async fn create(
    db: &Db,
    by: Uuid,
    speaks_as: Speaker,
    evidence: Uuid,
    text: &str,
    once: Option<&Once>,
) -> Result<Uuid> {
    check_message(text)?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    // Locked, so that it is not withdrawn at the same time.
    let row = evidence::Entity::find_by_id(evidence)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    status_of(&row)?.discuss()?;
    evidence_messages::Entity::insert(evidence_messages::ActiveModel {
        id: Set(id),
        organisation_id: Set(row.organisation_id),
        evidence_id: Set(evidence),
        by_id: Set(by),
        speaks_as: Set(convert::text(speaks_as)),
        text: Set(text.trim().to_owned()),
        at: Set(db.ambient.now()),
    })
    .exec_without_returning(&write)
    .await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(by),
            action: "message.sent",
            subject: ("message", id),
            before: None,
            after: Some(json!({ "evidence": evidence })),
        },
    )
    .await?;
    write.commit().await?;
    Ok(id)
}

/// What was said about an evidence, oldest first.
pub async fn list(db: &Db, evidence: Uuid, page: Page) -> Result<Paged<Message>> {
    use evidence_messages::Column::{EvidenceId, Id};
    let rows = evidence_messages::Entity::find()
        .filter(EvidenceId.eq(evidence))
        .apply_if(page.after, |query, after| query.filter(Id.gt(after)))
        .order_by_asc(Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    Ok(Paged { items: complete(db.read(), rows.items).await?, next: rows.next })
}

/// One message of an evidence.
pub async fn find(db: &Db, evidence: Uuid, id: Uuid) -> Result<Option<Message>> {
    let rows = evidence_messages::Entity::find_by_id(id)
        .filter(evidence_messages::Column::EvidenceId.eq(evidence))
        .all(db.read())
        .await?;
    Ok(complete(db.read(), rows).await?.pop())
}

/// Adds names, in the order of the rows.
pub(crate) async fn complete(
    connection: &impl ConnectionTrait,
    rows: Vec<evidence_messages::Model>,
) -> Result<Vec<Message>> {
    let users = people::users(connection, rows.iter().map(|row| row.by_id)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Message {
                id: row.id,
                at: row.at,
                by: named(&users, row.by_id)?,
                speaks_as: convert::from_text(&row.speaks_as)?,
                text: row.text,
            })
        })
        .collect()
}
