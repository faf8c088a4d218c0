//! The grids that organisations put over certification versions. A published one never changes.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::grid::{Effective, Grid, GridContent, GridStatus};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit,
    certification::{self, Published},
    convert,
    enrolment::{self, named},
    entity::{assessments, certifications, enrolments, grids},
    idempotency, people,
};

/// The certification version with the grid that is in force on it: the newest published one, or its
/// own criteria.
pub async fn in_force(db: &Db, certification: Uuid) -> Result<Arc<Effective>> {
    in_force_of(db, [certification].into()).await?.remove(&certification).ok_or(Error::NotFound)
}

#[derive(FromQueryResult)]
struct Newest {
    id: Uuid,
    certification_id: Uuid,
}

/// The same for many, by certification version. One statement says which grid is the newest, so
/// that a publication takes effect at once wherever this runs; what it says is cached.
pub async fn in_force_of(
    db: &Db,
    certifications: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, Arc<Effective>>> {
    use grids::Column::{CertificationId, Id, Number};
    let rows = grids::Entity::find()
        .select_only()
        .columns([Id, CertificationId])
        .filter(CertificationId.is_in(certifications.iter().copied()))
        .filter(Number.is_not_null())
        .order_by_asc(Number)
        .into_model::<Newest>()
        .all(db.read())
        .await?;
    // The last one wins.
    let newest: HashMap<Uuid, Uuid> =
        rows.into_iter().map(|row| (row.certification_id, row.id)).collect();
    let known = published(db, newest.values().copied().collect()).await?;
    let mut found = HashMap::new();
    for id in certifications {
        let effective = match newest.get(&id) {
            Some(grid) => known.get(grid).cloned().ok_or(Error::NotFound)?,
            None => original(db, id).await?,
        };
        found.insert(id, effective);
    }
    Ok(found)
}

/// The certification version with the grid that an assessment stands on.
pub async fn pinned(db: &Db, certification: Uuid, grid: Option<Uuid>) -> Result<Arc<Effective>> {
    match grid {
        Some(id) => published(db, [id].into()).await?.remove(&id).ok_or(Error::NotFound),
        None => original(db, certification).await,
    }
}

/// The certification version with its grid of this number, 0 being its own criteria.
pub async fn numbered(db: &Db, certification: Uuid, number: u32) -> Result<Option<Arc<Effective>>> {
    if number == 0 {
        return Ok(Some(original(db, certification).await?));
    }
    let id = grids::Entity::find()
        .select_only()
        .column(grids::Column::Id)
        .filter(grids::Column::CertificationId.eq(certification))
        .filter(grids::Column::Number.eq(i32::try_from(number).unwrap_or(i32::MAX)))
        .into_tuple::<Uuid>()
        .one(db.read())
        .await?;
    match id {
        Some(id) => Ok(published(db, [id].into()).await?.remove(&id)),
        None => Ok(None),
    }
}

async fn original(db: &Db, certification: Uuid) -> Result<Arc<Effective>> {
    // A certification's id is no grid's, so both have their place in one cache.
    if let Some(effective) = db.grids.get(&certification) {
        return Ok(effective);
    }
    let published = certification::load(db, certification).await?;
    let effective = Arc::new(Effective::original(published.certification.clone()));
    db.grids.insert(certification, effective.clone());
    Ok(effective)
}

/// Published grids by id: at most one statement, for those that are not cached.
pub(crate) async fn published(
    db: &Db,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, Arc<Effective>>> {
    let mut found: HashMap<Uuid, Arc<Effective>> =
        ids.iter().filter_map(|id| Some((*id, db.grids.get(id)?))).collect();
    let missing: Vec<Uuid> = ids.into_iter().filter(|id| !found.contains_key(id)).collect();
    if missing.is_empty() {
        return Ok(found);
    }
    let rows = grids::Entity::find()
        .filter(grids::Column::Id.is_in(missing))
        .filter(grids::Column::Number.is_not_null())
        .all(db.read())
        .await?;
    for row in rows {
        let Some(number) = number(&row) else { continue };
        let published = certification::load(db, row.certification_id).await?;
        let content: GridContent = convert::from_json(row.content)?;
        let original = published.certification.clone();
        let effective = Arc::new(Effective::graded(row.id, number, &content, original));
        db.grids.insert(row.id, effective.clone());
        found.insert(row.id, effective);
    }
    Ok(found)
}

fn number(row: &grids::Model) -> Option<u32> {
    row.number.and_then(|number| u32::try_from(number).ok())
}

/// What a draft starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The grid that is in force.
    InForce,
    /// The certification's own criteria.
    Original,
}

/// Starts a draft. There is one at a time.
pub async fn create(
    db: &Db,
    by: Uuid,
    published: &Published,
    start: Start,
    once: Option<&Once>,
) -> Result<Uuid> {
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    lock_certification(&write, published.id).await?;
    let drafts = grids::Entity::find()
        .filter(grids::Column::CertificationId.eq(published.id))
        .filter(grids::Column::Status.eq(convert::text(GridStatus::Draft)))
        .count(&write)
        .await?;
    if drafts > 0 {
        return Err(Error::conflict(
            "draft_exists",
            "Une grille est déjà en préparation pour cette certification : reprenez-la, ou \
             supprimez-la d’abord.",
        ));
    }
    let newest = newest(&write, published.id).await?;
    let content = match newest.filter(|_| start == Start::InForce) {
        Some(row) => row.content,
        None => convert::json(&GridContent::of(&published.certification)),
    };
    let now = db.ambient.now();
    let row = grids::Model {
        id,
        organisation_id: published.organisation,
        certification_id: published.id,
        number: None,
        status: convert::text(GridStatus::Draft),
        content,
        version: 1,
        created_at: now,
        created_by: by,
        updated_at: now,
        published_at: None,
        published_by: None,
    };
    grids::Entity::insert(grids::ActiveModel::from(row.clone()))
        .exec_without_returning(&write)
        .await?;
    record(db, &write, by, &row, "grid.created").await?;
    write.commit().await?;
    Ok(id)
}

/// Replaces what a draft says.
pub async fn update(
    db: &Db,
    by: Uuid,
    published: &Published,
    id: Uuid,
    version: i32,
    content: &GridContent,
) -> Result<()> {
    content.check(&published.certification)?;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let row = grids::ActiveModel {
        content: Set(convert::json(content)),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
        ..row.into()
    }
    .update(&write)
    .await?;
    record(db, &write, by, &row, "grid.changed").await?;
    write.commit().await?;
    Ok(())
}

/// Throws a draft away.
pub async fn delete(db: &Db, by: Uuid, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    grids::Entity::delete_by_id(id).exec(&write).await?;
    record(db, &write, by, &row, "grid.deleted").await?;
    write.commit().await?;
    Ok(())
}

/// Publishes a draft: from now on it is in force, and never changes. What is signed stays as it is.
pub async fn publish(
    db: &Db,
    by: Uuid,
    published: &Published,
    id: Uuid,
    version: i32,
) -> Result<()> {
    let write = db.write().await?;
    lock_certification(&write, published.id).await?;
    let row = lock(&write, id, version).await?;
    let content: GridContent = convert::from_json(row.content.clone())?;
    content.check_publication(&published.certification)?;
    let number = newest(&write, published.id).await?.and_then(|row| row.number).unwrap_or(0) + 1;
    let now = db.ambient.now();
    let row = grids::ActiveModel {
        status: Set(convert::text(GridStatus::Published)),
        number: Set(Some(number)),
        version: Set(version + 1),
        updated_at: Set(now),
        published_at: Set(Some(now)),
        published_by: Set(Some(by)),
        ..row.into()
    }
    .update(&write)
    .await?;
    enrolment::touch_all(&write, published.id).await?;
    record(db, &write, by, &row, "grid.published").await?;
    write.commit().await?;
    Ok(())
}

/// Two drafts, or two publications, of one certification come one after the other.
async fn lock_certification(write: &DatabaseTransaction, id: Uuid) -> Result<()> {
    certifications::Entity::find_by_id(id)
        .select_only()
        .column(certifications::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<Uuid>()
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(())
}

/// The row, locked, if it still is a draft at this version.
async fn lock(write: &DatabaseTransaction, id: Uuid, version: i32) -> Result<grids::Model> {
    let row = grids::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    convert::from_text::<GridStatus>(&row.status)?.edit()?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

async fn newest(
    connection: &impl ConnectionTrait,
    certification: Uuid,
) -> Result<Option<grids::Model>> {
    Ok(grids::Entity::find()
        .filter(grids::Column::CertificationId.eq(certification))
        .filter(grids::Column::Number.is_not_null())
        .order_by_desc(grids::Column::Number)
        .one(connection)
        .await?)
}

async fn record(
    db: &Db,
    write: &DatabaseTransaction,
    by: Uuid,
    row: &grids::Model,
    action: &str,
) -> Result<()> {
    audit::append(
        db,
        write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(by),
            action,
            subject: ("grid", row.id),
            before: (row.version > 1).then(|| json!({ "version": row.version - 1 })),
            after: Some(json!({
                "certification": row.certification_id,
                "number": row.number,
                "status": row.status,
                "version": row.version,
            })),
        },
    )
    .await
}

/// A grid of one of the organisations, with what it says.
pub async fn find(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    id: Uuid,
) -> Result<Option<(Grid, GridContent)>> {
    let row = grids::Entity::find_by_id(id)
        .filter(grids::Column::OrganisationId.is_in(organisations.iter().copied()))
        .one(db.read())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let content = convert::from_json(row.content.clone())?;
    Ok(complete(db, vec![row]).await?.pop().map(|grid| (grid, content)))
}

/// What the grid of this number says, 0 being the certification's own criteria.
pub async fn content(db: &Db, published: &Published, number: u32) -> Result<GridContent> {
    if number == 0 {
        return Ok(GridContent::of(&published.certification));
    }
    let row = grids::Entity::find()
        .filter(grids::Column::CertificationId.eq(published.id))
        .filter(grids::Column::Number.eq(i32::try_from(number).unwrap_or(i32::MAX)))
        .one(db.read())
        .await?
        .ok_or(Error::NotFound)?;
    convert::from_json(row.content)
}

/// Every grid of a certification version: the draft first, then the newest.
pub async fn list(db: &Db, certification: Uuid) -> Result<Vec<Grid>> {
    let rows = grids::Entity::find()
        .filter(grids::Column::CertificationId.eq(certification))
        .order_by_desc(grids::Column::Id)
        .all(db.read())
        .await?;
    let mut grids = complete(db, rows).await?;
    grids.sort_by_key(|grid| std::cmp::Reverse(grid.number.unwrap_or(u32::MAX)));
    Ok(grids)
}

async fn complete(db: &Db, rows: Vec<grids::Model>) -> Result<Vec<Grid>> {
    let people: Vec<Uuid> =
        rows.iter().flat_map(|row| [Some(row.created_by), row.published_by]).flatten().collect();
    let users = people::users(db.read(), people).await?;
    let certifications =
        certification::refs(db.read(), rows.iter().map(|row| row.certification_id).collect())
            .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Grid {
                id: row.id,
                organisation_id: row.organisation_id,
                certification: certifications
                    .get(&row.certification_id)
                    .cloned()
                    .ok_or(Error::NotFound)?,
                status: convert::from_text(&row.status)?,
                number: number(&row),
                created_by: named(&users, row.created_by)?,
                created_at: row.created_at,
                updated_at: row.updated_at,
                published_by: row.published_by.map(|id| named(&users, id)).transpose()?,
                published_at: row.published_at,
                version: row.version,
            })
        })
        .collect()
}

#[derive(FromQueryResult)]
struct Signed {
    grid_id: Option<Uuid>,
    count: i64,
}

/// How many assessments are signed on each grid of a certification version, `None` being its own
/// criteria.
pub async fn signed_on(db: &Db, certification: Uuid) -> Result<HashMap<Option<Uuid>, u32>> {
    let prepared = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Id)
        .filter(enrolments::Column::CertificationId.eq(certification));
    let rows = assessments::Entity::find()
        .select_only()
        .column(assessments::Column::GridId)
        .column_as(assessments::Column::Id.count(), "count")
        .filter(assessments::Column::SignedAt.is_not_null())
        .filter(
            assessments::Column::EnrolmentId.in_subquery(sea_orm::QueryTrait::into_query(prepared)),
        )
        .group_by(assessments::Column::GridId)
        .into_model::<Signed>()
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.grid_id, convert::count(row.count))).collect())
}
