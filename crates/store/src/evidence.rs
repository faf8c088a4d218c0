//! Evidence: drafts, submissions, decisions. Every submission is kept.

use std::collections::{BTreeSet, HashMap};

use domain::{
    certification::Certification,
    enrolment::Enrolment,
    evidence::{
        CompetencyLink, Evidence, EvidenceAction, EvidenceContent, EvidenceEvent, EvidenceStatus,
        FileInfo, Visibility, check_decision,
    },
    revision::{Revision, changes},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert,
    enrolment::{self, named},
    entity::{evidence, evidence_competencies, evidence_events, evidence_revisions, files},
    file, idempotency, people,
};

mod frozen;
mod list;

pub(crate) use frozen::frozen;
pub use list::{Filter, Found, InBlock, list};

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
        deliverable_of: Set(None),
        searched_handed_in: Set(String::new()),
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
    let freed = match &content.modality {
        Some(modality) => free(&write, by, &row, modality).await?,
        None => Vec::new(),
    };
    let columns = evidence::ActiveModel {
        deliverable_of: Set(content.modality),
        searched_handed_in: Set(row.searched.clone()),
        ..Default::default()
    };
    let step = Step { columns, ..Step::new(EvidenceAction::Submitted, after, number) };
    step.take(db, &write, by, row).await?;
    audit::append_all(db, &write, freed).await?;
    write.commit().await?;
    Ok(())
}

/// Takes back what no tutor has decided on: it is a draft again.
pub async fn withdraw(db: &Db, by: Uuid, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let action = EvidenceAction::Withdrawn;
    let after = status_of(&row)?.apply(action)?;
    Step::new(action, after, row.revision).take(db, &write, by, row).await?;
    write.commit().await?;
    Ok(())
}

/// Declares what is handed in as the deliverable of a modality, instead of whatever was before, or
/// of none any more.
pub async fn declare(
    db: &Db,
    by: Uuid,
    certification: &Certification,
    id: Uuid,
    version: i32,
    modality: Option<String>,
) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    status_of(&row)?.declare()?;
    let links = links_of(&write, [id]).await?.remove(&id).unwrap_or_default();
    let content = EvidenceContent { modality, ..content(&row, links)? };
    content.check(certification)?;
    let freed = match &content.modality {
        Some(modality) => free(&write, by, &row, modality).await?,
        None => Vec::new(),
    };
    let with = |modality: &Option<String>, version| json!({ "status": row.status, "version": version, "deliverable_of": modality });
    let before = with(&row.deliverable_of, version);
    let after = with(&content.modality, version + 1);
    evidence::ActiveModel {
        id: Unchanged(id),
        modality: Set(content.modality.clone()),
        deliverable_of: Set(content.modality),
        version: Set(version + 1),
        // Not `updated_at`: a tutor is kept waiting since the evidence was handed in.
        ..Default::default()
    }
    .update(&write)
    .await?;
    enrolment::touch(&write, row.enrolment_id).await?;
    let organisation = row.organisation_id;
    let action = "evidence.declared";
    record(db, &write, organisation, by, action, id, Some(before), Some(after)).await?;
    audit::append_all(db, &write, freed).await?;
    write.commit().await?;
    Ok(())
}

/// Says who may open it, at any time: tutors come and go, and what was meant for one company is not
/// for the next.
pub async fn show_to(
    db: &Db,
    by: Uuid,
    id: Uuid,
    version: i32,
    visibility: Visibility,
) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let chosen = convert::text(visibility);
    let with = |visibility: &str, version| json!({ "status": row.status, "version": version, "visibility": visibility });
    let before = with(&row.visibility, version);
    let after = with(&chosen, version + 1);
    evidence::ActiveModel {
        id: Unchanged(id),
        visibility: Set(chosen),
        version: Set(version + 1),
        // Not `updated_at`: a tutor is kept waiting since the evidence was handed in.
        ..Default::default()
    }
    .update(&write)
    .await?;
    enrolment::touch(&write, row.enrolment_id).await?;
    let action = "evidence.shown_to";
    let organisation = row.organisation_id;
    record(db, &write, organisation, by, action, id, Some(before), Some(after)).await?;
    write.commit().await?;
    Ok(())
}

/// No evidence of the enrolment but this one is the modality's deliverable any more. Gives what
/// the audit says of those that were.
async fn free(
    write: &DatabaseTransaction,
    by: Uuid,
    instead: &evidence::Model,
    modality: &str,
) -> Result<Vec<audit::Entry<'static>>> {
    use evidence::Column::{DeliverableOf, EnrolmentId, Id, Modality, Version};
    let freed = evidence::Entity::find()
        .filter(EnrolmentId.eq(instead.enrolment_id))
        .filter(DeliverableOf.eq(modality))
        .filter(Id.ne(instead.id))
        .lock(LockType::NoKeyUpdate)
        .all(write)
        .await?;
    evidence::Entity::update_many()
        .col_expr(DeliverableOf, Expr::value(Option::<String>::None))
        .col_expr(Modality, Expr::value(Option::<String>::None))
        .col_expr(Version, Expr::col(Version).add(1))
        .filter(Id.is_in(freed.iter().map(|row| row.id)))
        .exec(write)
        .await?;
    let state = |row: &evidence::Model, modality: Option<&str>, version| json!({ "status": row.status, "version": version, "deliverable_of": modality });
    let entry = |row: evidence::Model| audit::Entry {
        organisation: row.organisation_id,
        actor: Some(by),
        action: "evidence.replaced",
        subject: ("evidence", row.id),
        before: Some(state(&row, Some(modality), row.version)),
        after: Some(state(&row, None, row.version + 1)),
    };
    Ok(freed.into_iter().map(entry).collect())
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
    let step = Step { comment, ..Step::new(action, after, row.revision) };
    step.take(db, &write, by, row).await?;
    write.commit().await?;
    Ok(())
}

/// One step of an evidence's life.
struct Step {
    action: EvidenceAction,
    after: EvidenceStatus,
    comment: Option<String>,
    revision: i32,
    /// What changes beside the status.
    columns: evidence::ActiveModel,
}

impl Step {
    fn new(action: EvidenceAction, after: EvidenceStatus, revision: i32) -> Self {
        let columns = <evidence::ActiveModel as Default>::default();
        Self { action, after, comment: None, revision, columns }
    }

    async fn take(
        self,
        db: &Db,
        write: &DatabaseTransaction,
        by: Uuid,
        row: evidence::Model,
    ) -> Result<()> {
        let Self { action, after, comment, revision, columns } = self;
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
            id: Unchanged(id),
            status: Set(convert::text(after)),
            revision: Set(revision),
            version: Set(version),
            updated_at: Set(now),
            ..columns
        }
        .update(write)
        .await?;
        let action = format!("evidence.{}", convert::text(action));
        let before = state(&before, version - 1);
        let after = state(&convert::text(after), version);
        enrolment::touch(write, enrolment).await?;
        record(db, write, organisation, by, &action, id, Some(before), Some(after)).await
    }
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

/// Files move the version on, as a change of the text does: what is submitted is what was seen.
pub(crate) async fn bump(
    db: &Db,
    write: &DatabaseTransaction,
    row: &evidence::Model,
) -> Result<()> {
    evidence::ActiveModel {
        id: Unchanged(row.id),
        version: Set(row.version + 1),
        updated_at: Set(db.ambient.now()),
        ..Default::default()
    }
    .update(write)
    .await?;
    Ok(())
}

pub(crate) fn status_of(row: &evidence::Model) -> Result<EvidenceStatus> {
    convert::from_text(&row.status)
}

pub(crate) fn columns(content: &EvidenceContent) -> evidence::ActiveModel {
    let EvidenceContent {
        kind,
        title,
        text,
        starts_on,
        ends_on,
        organisation,
        siret,
        country,
        in_company,
        supervisor_name,
        supervisor_function,
        supervisor_email,
        language,
        cefr_level,
        issued_on,
        valid_until,
        links,
        competencies: _, // in a table of their own
        requirements,
        modality,
        visibility,
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
        siret: Set(siret.clone()),
        supervisor_name: Set(supervisor_name.clone()),
        supervisor_function: Set(supervisor_function.clone()),
        supervisor_email: Set(supervisor_email.clone()),
        issued_on: Set(*issued_on),
        valid_until: Set(*valid_until),
        visibility: Set(convert::text(*visibility)),
        searched: Set(content.searched()),
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
        siret: row.siret,
        country: row.country,
        in_company: row.in_company,
        supervisor_name: row.supervisor_name,
        supervisor_function: row.supervisor_function,
        supervisor_email: row.supervisor_email,
        language: row.language,
        cefr_level: row.cefr_level.as_deref().map(convert::from_text).transpose()?,
        issued_on: row.issued_on,
        valid_until: row.valid_until,
        links: convert::from_json(row.links)?,
        competencies,
        requirements: convert::from_json(row.requirements)?,
        modality: row.modality,
        visibility: convert::from_text(&row.visibility)?,
    })
}

pub(crate) async fn link(
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

/// Submissions and decisions, oldest first.
async fn history_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<EvidenceEvent>>> {
    let rows = evidence_events::Entity::find()
        .filter(evidence_events::Column::EvidenceId.is_in(ids))
        .order_by_asc(evidence_events::Column::At)
        .order_by_asc(evidence_events::Column::Id)
        .all(connection)
        .await?;
    let users = people::users(connection, rows.iter().map(|row| row.by_id)).await?;
    let mut history: HashMap<Uuid, Vec<EvidenceEvent>> = HashMap::new();
    for row in rows {
        history.entry(row.evidence_id).or_default().push(EvidenceEvent {
            at: row.at,
            by: named(&users, row.by_id)?,
            action: convert::from_text(&row.action)?,
            comment: row.comment,
            revision: convert::count(row.revision.into()),
        });
    }
    Ok(history)
}

/// An evidence of one of the organisations, whole.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Evidence>> {
    let rows = evidence::Entity::find_by_id(id)
        .filter(evidence::Column::OrganisationId.is_in(organisations.iter().copied()))
        .all(db.read())
        .await?;
    Ok(complete(db.read(), rows).await?.pop())
}

/// Every evidence of an enrolment, whole, in the order in which it was logged.
pub(crate) async fn of_enrolment(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
) -> Result<Vec<Evidence>> {
    let rows = evidence::Entity::find()
        .filter(evidence::Column::EnrolmentId.eq(enrolment))
        .order_by_asc(evidence::Column::CreatedAt)
        .order_by_asc(evidence::Column::Id)
        .all(connection)
        .await?;
    complete(connection, rows).await
}

/// Adds links, files, history and names, in a fixed number of statements.
async fn complete(
    connection: &impl ConnectionTrait,
    rows: Vec<evidence::Model>,
) -> Result<Vec<Evidence>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut links = links_of(connection, ids.iter().copied()).await?;
    let mut files = file::of_evidence(connection, ids.iter().copied()).await?;
    let mut histories = history_of(connection, ids).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Evidence {
                id: row.id,
                enrolment_id: row.enrolment_id,
                content: content(&row, links.remove(&row.id).unwrap_or_default())?,
                status: status_of(&row)?,
                deliverable_of: row.deliverable_of.clone(),
                revision: convert::count(row.revision.into()),
                files: files.remove(&row.id).unwrap_or_default(),
                history: histories.remove(&row.id).unwrap_or_default(),
                created_at: row.created_at,
                updated_at: row.updated_at,
                version: row.version,
            })
        })
        .collect()
}

/// What the student calls each of these now.
pub async fn titles(db: &Db, ids: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = evidence::Entity::find()
        .select_only()
        .columns([evidence::Column::Id, evidence::Column::Title])
        .filter(evidence::Column::Id.is_in(ids))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Everything that was ever submitted of an evidence, oldest first.
pub async fn revisions(db: &Db, id: Uuid) -> Result<Vec<Revision>> {
    let rows = evidence_revisions::Entity::find()
        .filter(evidence_revisions::Column::EvidenceId.eq(id))
        .order_by_asc(evidence_revisions::Column::Number)
        .all(db.read())
        .await?;
    let users = people::users(db.read(), rows.iter().map(|row| row.submitted_by)).await?;
    let mut revisions: Vec<Revision> = Vec::with_capacity(rows.len());
    for row in rows {
        let content: EvidenceContent = convert::from_json(row.content)?;
        let files: Vec<FileInfo> = convert::from_json(row.files)?;
        let changes = revisions
            .last()
            .map(|before| changes((&before.content, &before.files), (&content, &files)));
        revisions.push(Revision {
            number: convert::count(row.number.into()),
            submitted_at: row.submitted_at,
            submitted_by: named(&users, row.submitted_by)?,
            content,
            files,
            changes,
        });
    }
    Ok(revisions)
}
