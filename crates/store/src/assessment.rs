//! Assessments: grids that are filled, signed, and then stand for ever.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::{
    assessment::{
        Assessment, AssessmentContent, AssessmentStatus, AssessorKind, CriterionRating, Rating,
    },
    certification::{Block, Certification},
    enrolment::Enrolment,
    fault::Faults,
    grid::Effective,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, LockType},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert,
    enrolment::{self, named},
    entity::{assessment_ratings, assessments, evidence},
    grid, idempotency,
    page::{Page, Paged},
    people,
};

/// Where a grid is filled, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    pub enrolment: &'a Enrolment,
    /// The grid that it is started on, and will stand on.
    pub effective: &'a Effective,
    pub block: &'a Block,
    pub kind: AssessorKind,
    pub assessor: Uuid,
}

/// Starts a grid, as a draft.
pub async fn create(
    db: &Db,
    seat: Seat<'_>,
    content: AssessmentContent,
    once: Option<&Once>,
) -> Result<Uuid> {
    let Seat { enrolment, effective, block, kind, assessor } = seat;
    let certification = &effective.certification;
    content.check(certification, block, db.ambient.today())?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let started = assessments::Entity::find()
        .filter(assessments::Column::EnrolmentId.eq(enrolment.id))
        .filter(assessments::Column::Block.eq(&block.code))
        .filter(assessments::Column::Kind.eq(convert::text(kind)))
        .filter(assessments::Column::AssessorId.eq(assessor))
        .filter(assessments::Column::Status.eq(convert::text(AssessmentStatus::Draft)))
        .count(&write)
        .await?;
    if started > 0 {
        return Err(Error::conflict(
            "draft_exists",
            "Vous avez déjà un brouillon d’évaluation de ce bloc. Rechargez la page pour le reprendre.",
        ));
    }
    check_evidence(&write, enrolment.id, &content.evidence).await?;
    let now = db.ambient.now();
    let row = assessments::Model {
        id,
        organisation_id: enrolment.organisation_id,
        enrolment_id: enrolment.id,
        block: block.code.clone(),
        kind: convert::text(kind),
        assessor_id: assessor,
        occasion: content.occasion.trim().to_owned(),
        assessed_on: content.assessed_on,
        comment: content.comment,
        evidence: convert::json(&content.evidence),
        status: convert::text(AssessmentStatus::Draft),
        version: 1,
        created_at: now,
        updated_at: now,
        signed_at: None,
        grid_id: effective.grid,
    };
    assessments::Entity::insert(assessments::ActiveModel::from(row.clone()))
        .exec_without_returning(&write)
        .await?;
    write_ratings(&write, &row, certification, &content.ratings).await?;
    record(db, &write, &row, "assessment.created").await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a draft.
pub async fn update(
    db: &Db,
    certification: &Certification,
    id: Uuid,
    version: i32,
    content: AssessmentContent,
) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    content.check(certification, block_of(certification, &row.block)?, db.ambient.today())?;
    check_evidence(&write, row.enrolment_id, &content.evidence).await?;
    let row = assessments::ActiveModel {
        occasion: Set(content.occasion.trim().to_owned()),
        assessed_on: Set(content.assessed_on),
        comment: Set(content.comment),
        evidence: Set(convert::json(&content.evidence)),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
        ..row.into()
    }
    .update(&write)
    .await?;
    delete_ratings(&write, id).await?;
    write_ratings(&write, &row, certification, &content.ratings).await?;
    record(db, &write, &row, "assessment.changed").await?;
    write.commit().await?;
    Ok(())
}

/// Moves a draft to another grid. What it says of criteria that are on that one too is kept.
pub async fn restart(db: &Db, effective: &Effective, id: Uuid, version: i32) -> Result<()> {
    let certification = &effective.certification;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let content = content(&row, ratings_of(&write, [id]).await?.remove(&id).unwrap_or_default())?;
    let content = content.restarted_on(certification, block_of(certification, &row.block)?);
    let row = assessments::ActiveModel {
        grid_id: Set(effective.grid),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
        ..row.into()
    }
    .update(&write)
    .await?;
    delete_ratings(&write, id).await?;
    write_ratings(&write, &row, certification, &content.ratings).await?;
    record(db, &write, &row, "assessment.restarted").await?;
    write.commit().await?;
    Ok(())
}

/// Throws a draft away.
pub async fn delete(db: &Db, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    delete_ratings(&write, id).await?;
    assessments::Entity::delete_by_id(id).exec(&write).await?;
    record(db, &write, &row, "assessment.deleted").await?;
    write.commit().await?;
    Ok(())
}

/// Signs: from now on it stands, and what it says anew supersedes what the same kind of assessor
/// said before.
pub async fn sign(db: &Db, certification: &Certification, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let content = content(&row, ratings_of(&write, [id]).await?.remove(&id).unwrap_or_default())?;
    let block = block_of(certification, &row.block)?;
    content.check_signature(certification, block, db.ambient.today())?;
    let now = db.ambient.now();
    supersede(&write, &row, &content.ratings, now).await?;
    let enrolment = row.enrolment_id;
    let row = assessments::ActiveModel {
        status: Set(convert::text(AssessmentStatus::Signed)),
        version: Set(version + 1),
        updated_at: Set(now),
        signed_at: Set(Some(now)),
        ..row.into()
    }
    .update(&write)
    .await?;
    enrolment::touch(&write, enrolment).await?;
    record(db, &write, &row, "assessment.signed").await?;
    write.commit().await?;
    Ok(())
}

/// What a signature says anew stands, and no longer what stood before it.
pub(crate) async fn supersede(
    write: &DatabaseTransaction,
    row: &assessments::Model,
    ratings: &[Rating],
    signed_at: DateTime<Utc>,
) -> Result<()> {
    use assessment_ratings::Column;

    let rated = ratings.iter().filter(|rating| rating.is_started());
    assessment_ratings::Entity::update_many()
        .col_expr(Column::Superseded, Expr::value(true))
        .filter(Column::EnrolmentId.eq(row.enrolment_id))
        .filter(Column::Block.eq(&row.block))
        .filter(Column::Kind.eq(&row.kind))
        .filter(Column::Competency.is_in(rated.map(|rating| rating.competency.as_str())))
        .filter(Column::SignedAt.is_not_null())
        .exec(write)
        .await?;
    assessment_ratings::Entity::update_many()
        .col_expr(Column::SignedAt, Expr::value(signed_at))
        .filter(Column::AssessmentId.eq(row.id))
        .exec(write)
        .await?;
    Ok(())
}

/// The row, locked, if it still is a draft at this version.
async fn lock(write: &DatabaseTransaction, id: Uuid, version: i32) -> Result<assessments::Model> {
    let row = assessments::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    // Signed comes first: who signs twice learns that, not that their version is stale.
    convert::from_text::<AssessmentStatus>(&row.status)?.edit()?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

fn block_of<'a>(certification: &'a Certification, code: &str) -> Result<&'a Block> {
    certification
        .block(code)
        .ok_or_else(|| Error::Corrupt(format!("no block {code} in {}", certification.code)))
}

/// What was considered is evidence that the same student has handed in, and so stays.
async fn check_evidence(
    write: &DatabaseTransaction,
    enrolment: Uuid,
    considered: &[Uuid],
) -> Result<()> {
    let ids: BTreeSet<Uuid> = considered.iter().copied().collect();
    let expected = ids.len() as u64;
    let found = evidence::Entity::find()
        .filter(evidence::Column::EnrolmentId.eq(enrolment))
        .filter(evidence::Column::Id.is_in(ids))
        .filter(evidence::Column::Revision.gt(0))
        .count(write)
        .await?;
    let mut faults = Faults::default();
    if found != expected {
        faults.add(
            "evidence",
            "unknown_evidence",
            "Une des preuves choisies n’a pas été envoyée, ou n’est pas dans ce portfolio.",
        );
    }
    Ok(faults.into_result()?)
}

pub(crate) async fn write_ratings(
    write: &DatabaseTransaction,
    row: &assessments::Model,
    certification: &Certification,
    ratings: &[Rating],
) -> Result<()> {
    if ratings.is_empty() {
        return Ok(());
    }
    let rows = ratings.iter().zip(0..).map(|(rating, position)| assessment_ratings::ActiveModel {
        enrolment_id: Set(row.enrolment_id),
        block: Set(row.block.clone()),
        competency: Set(rating.competency.clone()),
        kind: Set(row.kind.clone()),
        assessment_id: Set(row.id),
        organisation_id: Set(row.organisation_id),
        position: Set(position),
        criteria: Set(convert::json(&rating.criteria)),
        lowest: Set(rating.lowest(certification).and_then(|rank| i32::try_from(rank).ok())),
        assessed_on: Set(row.assessed_on),
        signed_at: Set(None),
        superseded: Set(false),
        grid_id: Set(row.grid_id),
        weighted: Set(rating.weighted(certification).and_then(|it| i32::try_from(it).ok())),
    });
    assessment_ratings::Entity::insert_many(rows).exec_without_returning(write).await?;
    Ok(())
}

async fn delete_ratings(write: &DatabaseTransaction, id: Uuid) -> Result<()> {
    assessment_ratings::Entity::delete_many()
        .filter(assessment_ratings::Column::AssessmentId.eq(id))
        .exec(write)
        .await?;
    Ok(())
}

async fn record(
    db: &Db,
    write: &DatabaseTransaction,
    row: &assessments::Model,
    action: &str,
) -> Result<()> {
    audit::append(
        db,
        write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(row.assessor_id),
            action,
            subject: ("assessment", row.id),
            before: (row.version > 1).then(|| json!({ "version": row.version - 1 })),
            after: Some(json!({
                "enrolment": row.enrolment_id,
                "block": row.block,
                "kind": row.kind,
                "status": row.status,
                "grid": row.grid_id,
                "version": row.version,
            })),
        },
    )
    .await
}

async fn ratings_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<assessment_ratings::Model>>> {
    let rows = assessment_ratings::Entity::find()
        .filter(assessment_ratings::Column::AssessmentId.is_in(ids))
        .order_by_asc(assessment_ratings::Column::AssessmentId)
        .order_by_asc(assessment_ratings::Column::Position)
        .all(connection)
        .await?;
    let mut ratings: HashMap<Uuid, Vec<assessment_ratings::Model>> = HashMap::new();
    for row in rows {
        ratings.entry(row.assessment_id).or_default().push(row);
    }
    Ok(ratings)
}

fn content(
    row: &assessments::Model,
    ratings: Vec<assessment_ratings::Model>,
) -> Result<AssessmentContent> {
    Ok(AssessmentContent {
        occasion: row.occasion.clone(),
        assessed_on: row.assessed_on,
        comment: row.comment.clone(),
        evidence: convert::from_json(row.evidence.clone())?,
        ratings: ratings
            .into_iter()
            .map(|rating| {
                Ok(Rating {
                    competency: rating.competency,
                    criteria: convert::from_json::<Vec<CriterionRating>>(rating.criteria)?,
                })
            })
            .collect::<Result<_>>()?,
    })
}

/// Adds ratings and names, in the order of the rows.
pub(crate) async fn complete(
    db: &Db,
    connection: &impl ConnectionTrait,
    rows: Vec<assessments::Model>,
) -> Result<Vec<Assessment>> {
    let grids = grid::published(db, rows.iter().filter_map(|row| row.grid_id).collect()).await?;
    let mut ratings = ratings_of(connection, rows.iter().map(|row| row.id)).await?;
    let users = people::users(connection, rows.iter().map(|row| row.assessor_id)).await?;
    rows.into_iter()
        .map(|row| {
            let ratings = ratings.remove(&row.id).unwrap_or_default();
            let mut rated = ratings.iter().filter(|rating| rating.lowest.is_some()).peekable();
            let superseded =
                row.signed_at.is_some() && rated.peek().is_some() && rated.all(|r| r.superseded);
            Ok(Assessment {
                id: row.id,
                enrolment_id: row.enrolment_id,
                kind: convert::from_text(&row.kind)?,
                block: row.block.clone(),
                grid: match row.grid_id {
                    Some(id) => grids.get(&id).ok_or(Error::NotFound)?.number,
                    None => 0,
                },
                grid_id: row.grid_id,
                content: content(&row, ratings)?,
                assessor: named(&users, row.assessor_id)?,
                status: convert::from_text(&row.status)?,
                superseded,
                created_at: row.created_at,
                signed_at: row.signed_at,
                version: row.version,
            })
        })
        .collect()
}

/// An assessment of one of the organisations, whole.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Assessment>> {
    let rows = assessments::Entity::find_by_id(id)
        .filter(assessments::Column::OrganisationId.is_in(organisations.iter().copied()))
        .all(db.read())
        .await?;
    Ok(complete(db, db.read(), rows).await?.pop())
}

/// What narrows a list of assessments.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub block: Option<String>,
    pub kind: Option<AssessorKind>,
}

/// The assessments of an enrolment, newest first: all that are signed, and the reader's own drafts.
pub async fn list(
    db: &Db,
    enrolment: Uuid,
    reader: Uuid,
    filter: &Filter,
    page: Page,
) -> Result<Paged<Assessment>> {
    let Filter { block, kind } = filter;
    let visible = Condition::any()
        .add(assessments::Column::SignedAt.is_not_null())
        .add(assessments::Column::AssessorId.eq(reader));
    let rows = assessments::Entity::find()
        .filter(assessments::Column::EnrolmentId.eq(enrolment))
        .filter(visible)
        .apply_if(block.as_deref(), |query, block| {
            query.filter(assessments::Column::Block.eq(block))
        })
        .apply_if(*kind, |query, kind| {
            query.filter(assessments::Column::Kind.eq(convert::text(kind)))
        })
        .apply_if(page.after, |query, after| query.filter(assessments::Column::Id.lt(after)))
        .order_by_desc(assessments::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    Ok(Paged { items: complete(db, db.read(), rows.items).await?, next: rows.next })
}

/// Every signed assessment of an enrolment, oldest first.
pub(crate) async fn signed(db: &Db, enrolment: Uuid) -> Result<Vec<Assessment>> {
    let rows = assessments::Entity::find()
        .filter(assessments::Column::EnrolmentId.eq(enrolment))
        .filter(assessments::Column::SignedAt.is_not_null())
        .order_by_asc(assessments::Column::SignedAt)
        .order_by_asc(assessments::Column::Id)
        .all(db.read())
        .await?;
    complete(db, db.read(), rows).await
}
