//! The dossiers of candidates, as far as a session asks.

use std::collections::HashMap;

use domain::dossier::{DossierAction, DossierInfo, DossierStatus, Reopening};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DerivePartialModel, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
    prelude::{DateTimeUtc, Json},
    sea_query::LockType,
};
use uuid::Uuid;

use crate::{Error, Result, convert, entity::dossiers, people};

/// Without what it froze, which is large.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "dossiers::Entity")]
struct Row {
    id: Uuid,
    enrolment_id: Uuid,
    number: i32,
    blocks: Json,
    status: String,
    manifest_sha256: String,
    deposited_at: DateTimeUtc,
    reopened_by: Option<Uuid>,
    reopened_at: Option<DateTimeUtc>,
    reopen_reason: Option<String>,
    version: i32,
}

/// By enrolment: the dossiers of these ids, and the newest that waits for a jury of these
/// enrolments.
pub async fn of_candidates(
    connection: &impl ConnectionTrait,
    frozen: Vec<Uuid>,
    waiting: Vec<Uuid>,
) -> Result<HashMap<Uuid, DossierInfo>> {
    let waits = Condition::all()
        .add(dossiers::Column::EnrolmentId.is_in(waiting))
        .add(dossiers::Column::Status.eq(convert::text(DossierStatus::Deposited)));
    let rows = dossiers::Entity::find()
        .filter(Condition::any().add(dossiers::Column::Id.is_in(frozen)).add(waits))
        .order_by_asc(dossiers::Column::Number)
        .into_partial_model::<Row>()
        .all(connection)
        .await?;
    let users = people::users(connection, rows.iter().filter_map(|row| row.reopened_by)).await?;
    rows.into_iter()
        .map(|row| {
            let reopened = match (row.reopened_by, row.reopened_at) {
                (Some(by), Some(at)) => Some(Reopening {
                    at,
                    by: users.get(&by).cloned().ok_or(Error::NotFound)?,
                    reason: row.reopen_reason.unwrap_or_default(),
                }),
                _ => None,
            };
            let info = DossierInfo {
                id: row.id,
                enrolment_id: row.enrolment_id,
                number: convert::count(row.number.into()),
                blocks: convert::from_json(row.blocks)?,
                status: convert::from_text(&row.status)?,
                manifest_sha256: row.manifest_sha256,
                deposited_at: row.deposited_at,
                reopened,
                version: row.version,
            };
            Ok((info.enrolment_id, info))
        })
        .collect()
}

/// The session of these dossiers opens.
pub async fn present(write: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    let rows = dossiers::Entity::find()
        .filter(dossiers::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(dossiers::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(write)
        .await?;
    for row in rows {
        let status: DossierStatus = convert::from_text(&row.status)?;
        let status = status.apply(DossierAction::Present).map_err(|_| {
            Error::conflict("dossier_moved", "Un dossier vient de changer. Rechargez la page.")
        })?;
        let version = row.version + 1;
        dossiers::ActiveModel {
            status: Set(convert::text(status)),
            version: Set(version),
            ..row.into()
        }
        .update(write)
        .await?;
    }
    Ok(())
}
