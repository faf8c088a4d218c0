//! What a school prints on the papers that it issues.

use domain::{letterhead::Letterhead, person::Organisation};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, sea_query::LockType};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Result, audit, convert,
    entity::{letterheads, organisations},
};

/// A school with its letterhead, which is blank under the version 0 until somebody writes it.
#[derive(Debug, Clone)]
pub struct Printed {
    pub organisation: Organisation,
    pub letterhead: Letterhead,
    pub version: i32,
}

pub async fn of_organisation(db: &Db, id: Uuid) -> Result<Printed> {
    let organisation =
        organisations::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound)?;
    let row = letterheads::Entity::find_by_id(id).one(db.read()).await?;
    let (letterhead, version) = match row {
        Some(row) => (convert::from_json(row.content)?, row.version),
        None => Default::default(),
    };
    let organisation = Organisation { id: organisation.id, name: organisation.name };
    Ok(Printed { organisation, letterhead, version })
}

pub async fn update(
    db: &Db,
    by: Uuid,
    organisation: Uuid,
    version: i32,
    letterhead: Letterhead,
) -> Result<()> {
    letterhead.check()?;
    let write = db.write().await?;
    let row = letterheads::Entity::find_by_id(organisation)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?;
    let current = row.as_ref().map_or(0, |row| row.version);
    if current != version {
        return Err(Error::Stale { current });
    }
    let next = letterheads::ActiveModel {
        organisation_id: Set(organisation),
        content: Set(convert::json(&letterhead)),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
    };
    if row.is_some() {
        next.update(&write).await?;
    } else {
        letterheads::Entity::insert(next).exec_without_returning(&write).await?;
    }
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation,
            actor: Some(by),
            action: "letterhead.updated",
            subject: ("organisation", organisation),
            before: Some(json!({ "version": version })),
            after: Some(json!({ "version": version + 1 })),
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}
