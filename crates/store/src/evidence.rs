//! Evidence: drafts, submissions, decisions. Every submission is kept.

use std::collections::{BTreeSet, HashMap};

use domain::{
    certification::Certification,
    enrolment::Enrolment,
    evidence::{
        CompetencyLink, Evidence, EvidenceAction, EvidenceContent, EvidenceEvent, EvidenceStatus,
        EvidenceSummary, FileInfo, Revision, check_decision,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::LockType,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert,
    enrolment::{self, named},
    entity::{evidence, evidence_competencies, evidence_events, evidence_revisions, files},
    file, idempotency,
    page::{Page, Paged},
    people,
};

/// Logs a new evidence, as a draft.
pub async fn create(
    db: &Db,
    by: Uuid,
    enrolment: &Enrolment,
    certification: &Certification,
    content: EvidenceContent,
    once: Option<&Once>,
) -> Result<Uuid> {
    let content = content.tidied();
    content.check(certification)?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let now = db.ambient.now();
    let row = evidence::ActiveModel {
        id: Set(id),
        organisation_id: Set(enrolment.organisation_id),
        enrolment_id: Set(enrolment.id),
        status: Set(convert::text(EvidenceStatus::Draft)),
        revision: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..columns(&content)
    };
    evidence::Entity::insert(row).exec_without_returning(&write).await?;
    link(&write, enrolment.organisation_id, enrolment.id, id, &content.competencies).await?;
    enrolment::touch(&write, enrolment.id).await?;
    let after = state(&convert::text(EvidenceStatus::Draft), 1);
    let organisation = enrolment.organisation_id;
    record(db, &write, organisation, by, "evidence.created", id, None, Some(after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a draft or a returned evidence.
pub async fn update(
    db: &Db,
    by: Uuid,
    certification: &Certification,
    id: Uuid,
    version: i32,
    content: EvidenceContent,
) -> Result<()> {
    let content = content.tidied();
    content.check(certification)?;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    status_of(&row)?.edit()?;
    let (organisation, enrolment) = (row.organisation_id, row.enrolment_id);
    evidence::ActiveModel {
        id: Set(id),
        version: Set(row.version + 1),
        updated_at: Set(db.ambient.now()),
        ..columns(&content)
    }
    .update(&write)
    .await?;
    unlink(&write, id).await?;
    link(&write, organisation, enrolment, id, &content.competencies).await?;
    enrolment::touch(&write, enrolment).await?;
    let before = state(&row.status, version);
    let after = state(&row.status, version + 1);
    record(db, &write, organisation, by, "evidence.changed", id, Some(before), Some(after)).await?;
    write.commit().await?;
    Ok(())
}

/// Deletes a draft that nobody else has read.
pub async fn delete(db: &Db, by: Uuid, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    status_of(&row)?.delete(convert::count(row.revision.into()))?;
    unlink(&write, id).await?;
    files::Entity::delete_many().filter(files::Column::EvidenceId.eq(id)).exec(&write).await?;
    evidence::Entity::delete_by_id(id).exec(&write).await?;
    enrolment::touch(&write, row.enrolment_id).await?;
    let before = state(&row.status, version);
    record(db, &write, row.organisation_id, by, "evidence.deleted", id, Some(before), None).await?;
    write.commit().await?;
    Ok(())
}

/// Hands it in, and keeps what is handed in as a revision.
pub async fn submit(
    db: &Db,
    by: Uuid,
    certification: &Certification,
    id: Uuid,
    version: i32,
) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let before = status_of(&row)?;
    let after = before.apply(EvidenceAction::Submitted)?;
    let content = content(&row, links_of(&write, [id]).await?.remove(&id).unwrap_or_default())?;
    content.check_submission(certification)?;
    let number = row.revision + 1;
    let files = file::of_evidence(&write, [id]).await?.remove(&id).unwrap_or_default();
    evidence_revisions::Entity::insert(evidence_revisions::ActiveModel {
        evidence_id: Set(id),
        number: Set(number),
        organisation_id: Set(row.organisation_id),
        submitted_by: Set(by),
        submitted_at: Set(db.ambient.now()),
        content: Set(convert::json(&content)),
        files: Set(convert::json(&files)),
    })
    .exec_without_returning(&write)
    .await?;
    step(db, &write, by, row, EvidenceAction::Submitted, after, None, number).await?;
    write.commit().await?;
    Ok(())
}

/// Accepts or returns a submitted evidence.
pub async fn decide(
    db: &Db,
    by: Uuid,
    id: Uuid,
    version: i32,
    action: EvidenceAction,
    comment: Option<String>,
) -> Result<()> {
    let comment = comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    check_decision(action, comment.as_deref())?;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let after = status_of(&row)?.apply(action)?;
    let revision = row.revision;
    step(db, &write, by, row, action, after, comment, revision).await?;
    write.commit().await?;
    Ok(())
}

/// Writes one step of the evidence's life.
#[expect(clippy::too_many_arguments, reason = "each is one column of the step")]
async fn step(
    db: &Db,
    write: &DatabaseTransaction,
    by: Uuid,
    row: evidence::Model,
    action: EvidenceAction,
    after: EvidenceStatus,
    comment: Option<String>,
    revision: i32,
) -> Result<()> {
    let now = db.ambient.now();
    let (id, organisation, enrolment) = (row.id, row.organisation_id, row.enrolment_id);
    let before = row.status.clone();
    evidence_events::Entity::insert(evidence_events::ActiveModel {
        id: Set(db.ambient.id()),
        organisation_id: Set(organisation),
        evidence_id: Set(id),
        action: Set(convert::text(action)),
        comment: Set(comment),
        by_id: Set(by),
        at: Set(now),
        revision: Set(revision),
    })
    .exec_without_returning(write)
    .await?;
    let version = row.version + 1;
    evidence::ActiveModel {
        status: Set(convert::text(after)),
        revision: Set(revision),
        version: Set(version),
        updated_at: Set(now),
        ..row.into()
    }
    .update(write)
    .await?;
    let action = format!("evidence.{}", convert::text(action));
    let before = state(&before, version - 1);
    let after = state(&convert::text(after), version);
    enrolment::touch(write, enrolment).await?;
    record(db, write, organisation, by, &action, id, Some(before), Some(after)).await
}

#[expect(clippy::too_many_arguments, reason = "each is one column of the entry")]
async fn record(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    by: Uuid,
    action: &str,
    id: Uuid,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    audit::append(
        db,
        write,
        audit::Entry {
            organisation,
            actor: Some(by),
            action,
            subject: ("evidence", id),
            before,
            after,
        },
    )
    .await
}

/// What the audit keeps of an evidence: its words are in the revisions.
fn state(status: &str, version: i32) -> Value {
    json!({ "status": status, "version": version })
}

/// The row, locked, if it still is at this version.
pub(crate) async fn lock(
    write: &DatabaseTransaction,
    id: Uuid,
    version: i32,
) -> Result<evidence::Model> {
    let row = evidence::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

pub(crate) fn status_of(row: &evidence::Model) -> Result<EvidenceStatus> {
    convert::from_text(&row.status)
}

fn columns(content: &EvidenceContent) -> evidence::ActiveModel {
    let EvidenceContent {
        kind,
        title,
        text,
        starts_on,
        ends_on,
        organisation,
        country,
        in_company,
        language,
        cefr_level,
        links,
        competencies: _, // in a table of their own
        requirements,
        modality,
    } = content;
    evidence::ActiveModel {
        kind: Set(convert::text(*kind)),
        title: Set(title.clone()),
        text: Set(text.clone()),
        starts_on: Set(*starts_on),
        ends_on: Set(*ends_on),
        organisation: Set(organisation.clone()),
        country: Set(country.clone()),
        in_company: Set(*in_company),
        language: Set(language.clone()),
        cefr_level: Set(cefr_level.map(convert::text)),
        links: Set(convert::json(links)),
        requirements: Set(convert::json(requirements)),
        modality: Set(modality.clone()),
        ..Default::default()
    }
}

fn content(row: &evidence::Model, competencies: Vec<CompetencyLink>) -> Result<EvidenceContent> {
    let row = row.clone();
    Ok(EvidenceContent {
        kind: convert::from_text(&row.kind)?,
        title: row.title,
        text: row.text,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        organisation: row.organisation,
        country: row.country,
        in_company: row.in_company,
        language: row.language,
        cefr_level: row.cefr_level.as_deref().map(convert::from_text).transpose()?,
        links: convert::from_json(row.links)?,
        competencies,
        requirements: convert::from_json(row.requirements)?,
        modality: row.modality,
    })
}

async fn link(
    write: &DatabaseTransaction,
    organisation: Uuid,
    enrolment: Uuid,
    evidence: Uuid,
    links: &[CompetencyLink],
) -> Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let rows = links.iter().zip(0..).map(|(link, position)| evidence_competencies::ActiveModel {
        enrolment_id: Set(enrolment),
        competency: Set(link.competency.clone()),
        evidence_id: Set(evidence),
        organisation_id: Set(organisation),
        position: Set(position),
        justification: Set(link.justification.clone()),
    });
    evidence_competencies::Entity::insert_many(rows).exec_without_returning(write).await?;
    Ok(())
}

async fn unlink(write: &DatabaseTransaction, evidence: Uuid) -> Result<()> {
    evidence_competencies::Entity::delete_many()
        .filter(evidence_competencies::Column::EvidenceId.eq(evidence))
        .exec(write)
        .await?;
    Ok(())
}

async fn links_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<CompetencyLink>>> {
    let rows = evidence_competencies::Entity::find()
        .filter(evidence_competencies::Column::EvidenceId.is_in(ids))
        .order_by_asc(evidence_competencies::Column::EvidenceId)
        .order_by_asc(evidence_competencies::Column::Position)
        .all(connection)
        .await?;
    let mut links: HashMap<Uuid, Vec<CompetencyLink>> = HashMap::new();
    for row in rows {
        links
            .entry(row.evidence_id)
            .or_default()
            .push(CompetencyLink { competency: row.competency, justification: row.justification });
    }
    Ok(links)
}

/// An evidence of one of the organisations, whole.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Evidence>> {
    let connection = db.read();
    let found = evidence::Entity::find_by_id(id)
        .filter(evidence::Column::OrganisationId.is_in(organisations.iter().copied()))
        .one(connection)
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let links = links_of(connection, [id]).await?.remove(&id).unwrap_or_default();
    let files = file::of_evidence(connection, [id]).await?.remove(&id).unwrap_or_default();
    let events = evidence_events::Entity::find()
        .filter(evidence_events::Column::EvidenceId.eq(id))
        .order_by_asc(evidence_events::Column::At)
        .order_by_asc(evidence_events::Column::Id)
        .all(connection)
        .await?;
    let users = people::users(connection, events.iter().map(|event| event.by_id)).await?;
    let history = events
        .into_iter()
        .map(|event| {
            Ok(EvidenceEvent {
                at: event.at,
                by: named(&users, event.by_id)?,
                action: convert::from_text(&event.action)?,
                comment: event.comment,
                revision: convert::count(event.revision.into()),
            })
        })
        .collect::<Result<_>>()?;
    Ok(Some(Evidence {
        id,
        enrolment_id: row.enrolment_id,
        content: content(&row, links)?,
        status: status_of(&row)?,
        revision: convert::count(row.revision.into()),
        files,
        history,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }))
}

/// What narrows a list of evidence.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<EvidenceStatus>,
    /// Key of a competency.
    pub competency: Option<String>,
    /// Also what was never handed in.
    pub with_drafts: bool,
}

/// The evidence of an enrolment, oldest first.
pub async fn list(
    db: &Db,
    enrolment: Uuid,
    filter: &Filter,
    page: Page,
) -> Result<Paged<EvidenceSummary>> {
    let Filter { status, competency, with_drafts } = filter;
    let showing = competency.as_ref().map(|competency| {
        evidence_competencies::Entity::find()
            .select_only()
            .column(evidence_competencies::Column::EvidenceId)
            .filter(evidence_competencies::Column::EnrolmentId.eq(enrolment))
            .filter(evidence_competencies::Column::Competency.eq(competency))
            .into_query()
    });
    let rows = evidence::Entity::find()
        .filter(evidence::Column::EnrolmentId.eq(enrolment))
        .apply_if(*status, |query, status| {
            query.filter(evidence::Column::Status.eq(convert::text(status)))
        })
        .apply_if((!with_drafts).then_some(()), |query, ()| {
            query.filter(evidence::Column::Revision.gt(0))
        })
        .apply_if(showing, |query, ids| query.filter(evidence::Column::Id.in_subquery(ids)))
        .apply_if(page.after, |query, after| query.filter(evidence::Column::Id.gt(after)))
        .order_by_asc(evidence::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    Ok(Paged { items: summaries(db.read(), rows.items).await?, next: rows.next })
}

#[derive(FromQueryResult)]
struct FileCount {
    evidence_id: Uuid,
    files: i64,
}

/// Adds the competencies and the number of files.
pub(crate) async fn summaries(
    connection: &impl ConnectionTrait,
    rows: Vec<evidence::Model>,
) -> Result<Vec<EvidenceSummary>> {
    let mut links = links_of(connection, rows.iter().map(|row| row.id)).await?;
    let files: HashMap<Uuid, i64> = files::Entity::find()
        .select_only()
        .column(files::Column::EvidenceId)
        .column_as(files::Column::Id.count(), "files")
        .filter(files::Column::EvidenceId.is_in(rows.iter().map(|row| row.id)))
        .filter(files::Column::RemovedAt.is_null())
        .group_by(files::Column::EvidenceId)
        .into_model::<FileCount>()
        .all(connection)
        .await?
        .into_iter()
        .map(|count| (count.evidence_id, count.files))
        .collect();
    rows.into_iter()
        .map(|row| {
            Ok(EvidenceSummary {
                id: row.id,
                enrolment_id: row.enrolment_id,
                kind: convert::from_text(&row.kind)?,
                status: status_of(&row)?,
                title: row.title,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                organisation: row.organisation,
                competencies: links
                    .remove(&row.id)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|link| link.competency)
                    .collect(),
                files: convert::count(files.get(&row.id).copied().unwrap_or_default()),
                revision: convert::count(row.revision.into()),
                created_at: row.created_at,
                updated_at: row.updated_at,
                version: row.version,
            })
        })
        .collect()
}

/// Everything that was ever submitted of an evidence, oldest first.
pub async fn revisions(db: &Db, id: Uuid) -> Result<Vec<Revision>> {
    let rows = evidence_revisions::Entity::find()
        .filter(evidence_revisions::Column::EvidenceId.eq(id))
        .order_by_asc(evidence_revisions::Column::Number)
        .all(db.read())
        .await?;
    let users = people::users(db.read(), rows.iter().map(|row| row.submitted_by)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Revision {
                number: convert::count(row.number.into()),
                submitted_at: row.submitted_at,
                submitted_by: named(&users, row.submitted_by)?,
                content: convert::from_json(row.content)?,
                files: convert::from_json::<Vec<FileInfo>>(row.files)?,
            })
        })
        .collect()
}
