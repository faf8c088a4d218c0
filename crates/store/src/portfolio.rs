//! Portfolios as they leave for an archive, and come back from one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use authz::Sight;
use domain::{
    capitalisation::ValidatedBlock,
    enrolment::Enrolment,
    evidence::{Evidence, EvidenceContent},
    message::Message,
    person::Organisation,
    portfolio::{
        Act, DossierFile, FORMAT, FrozenText, KeptCohort, KeptDossier, KeptEvidence, KeptGrid,
        KeptReopening, KeptVisit, Obtention, Origin, Portfolio, Submission, Validation,
    },
    record::Deliberated,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Db, Error, Result, assessment, certification, convert, dossier,
    enrolment::{Enrolled, named},
    entity::{
        assessments, audit_entries, certifications_obtained, cohorts, dossier_files, dossiers,
        evidence_messages, evidence_revisions, grids, imported_portfolios, organisations,
        validated_blocks, visit_signatures, visits,
    },
    evidence, message, minutes, people, visit,
};

mod bring;

pub use bring::{Brought, bring};

/// What an imported portfolio has no rows for.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Foreign {
    pub deliberations: Vec<Deliberated>,
    journal: Vec<Act>,
    pub origins: Vec<Origin>,
    /// Session of elsewhere of each validated block, by the block's id here.
    #[serde(default)]
    pub sessions: BTreeMap<Uuid, Uuid>,
    /// Session of elsewhere with which the certification was obtained.
    #[serde(default)]
    obtained: Option<Uuid>,
    /// Ids here of the validated blocks that came along, whoever answers for them.
    #[serde(default)]
    pub held: BTreeSet<Uuid>,
    /// The certification was obtained before.
    #[serde(default)]
    pub is_obtained: bool,
    /// See [`Portfolio::renamed`].
    #[serde(default)]
    pub renamed: BTreeMap<Uuid, Uuid>,
}

/// Everything that is kept of an enrolment, as far as `reader` may open it, as it is at one moment.
/// `path` says where a content stands in the archive, from its sum and its name.
pub async fn read(
    db: &Db,
    enrolled: &Enrolled,
    reader: Uuid,
    sight: Sight,
    path: fn(&str, &str) -> String,
) -> Result<Portfolio> {
    let Enrolled { enrolment, tutors } = enrolled;
    let certification_source = certification::source(db, enrolment.certification.id).await?;
    let snapshot = db.snapshot().await?;
    let connection = &snapshot;
    let (evidence, left_out) = evidence_of(connection, enrolment, reader, sight).await?;
    let hidden = visit::hidden_evidence(connection, enrolment.id, sight).await?;
    let mut foreign = foreign(connection, &[enrolment.id]).await?;
    let Foreign { mut deliberations, mut journal, origins, sessions, obtained, renamed, .. } =
        foreign.remove(&enrolment.id).unwrap_or_default();
    let sealed = minutes::of_enrolments(connection, &[enrolment.id]).await?;
    deliberations.extend(sealed.iter().filter_map(|one| Deliberated::of(one, enrolment.id)));
    deliberations.sort_by_key(|one| (one.held_at, one.sealed_at));
    let organisation = organisations::Entity::find_by_id(enrolment.organisation_id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let assessments = assessments_of(db, connection, enrolment.id, &hidden).await?;
    let visits = visits_of(connection, enrolment.id, &hidden).await?;
    let dossiers = dossiers_of(connection, enrolment.id, sight, &hidden).await?;
    let mut portfolio = Portfolio {
        format: FORMAT,
        exported_at: db.ambient.now(),
        organisation: Organisation { id: organisation.id, name: organisation.name },
        enrolment: enrolment.clone(),
        cohort: cohort_of(connection, enrolment).await?,
        tutors: tutors.clone(),
        certification_source,
        grids: grids_of(connection, enrolment.certification.id).await?,
        evidence,
        left_out,
        contents: BTreeMap::new(),
        assessments,
        visits,
        dossiers,
        validated: validated_of(connection, enrolment.id, &sessions).await?,
        obtained: obtained_of(connection, enrolment.id, obtained).await?,
        deliberations,
        journal: Vec::new(),
        origins,
        renamed,
    };
    journal.extend(journal_of(connection, &portfolio).await?);
    snapshot.commit().await?;
    portfolio.journal = journal;
    portfolio.contents = portfolio
        .files()
        .map(|file| (file.sha256.clone(), path(&file.sha256, &file.name)))
        .collect();
    Ok(portfolio)
}

/// The evidence that may be opened, and how much is confidential to the reader. Nobody but the
/// student sees drafts, nor what is changed in an evidence that was returned.
async fn evidence_of(
    connection: &impl ConnectionTrait,
    enrolment: &Enrolment,
    reader: Uuid,
    sight: Sight,
) -> Result<(Vec<KeptEvidence>, u32)> {
    let own = reader == enrolment.student.id;
    let all = evidence::of_enrolment(connection, enrolment.id).await?;
    let (open, hidden): (Vec<Evidence>, Vec<Evidence>) = all
        .into_iter()
        .filter(|one| own || one.status.is_shown())
        .partition(|one| sight.covers(one.content.visibility));
    let ids: Vec<Uuid> = open.iter().map(|one| one.id).collect();
    let mut revisions = submissions_of(connection, &ids).await?;
    let mut messages = messages_of(connection, &ids).await?;
    let kept = open.into_iter().map(|mut evidence| {
        let revisions = revisions.remove(&evidence.id).unwrap_or_default();
        if !own
            && evidence.status.is_editable()
            && let Some(last) = revisions.last()
        {
            let visibility = evidence.content.visibility;
            evidence.content = EvidenceContent { visibility, ..last.content.clone() };
            evidence.files.clone_from(&last.files);
        }
        let messages = messages.remove(&evidence.id).unwrap_or_default();
        KeptEvidence { evidence, revisions, messages }
    });
    Ok((kept.collect(), u32::try_from(hidden.len()).unwrap_or(u32::MAX)))
}

async fn submissions_of(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Submission>>> {
    let rows = evidence_revisions::Entity::find()
        .filter(evidence_revisions::Column::EvidenceId.is_in(ids.iter().copied()))
        .order_by_asc(evidence_revisions::Column::Number)
        .all(connection)
        .await?;
    let users = people::users(connection, rows.iter().map(|row| row.submitted_by)).await?;
    let mut found: HashMap<Uuid, Vec<Submission>> = HashMap::new();
    for row in rows {
        found.entry(row.evidence_id).or_default().push(Submission {
            number: convert::count(row.number.into()),
            submitted_at: row.submitted_at,
            submitted_by: named(&users, row.submitted_by)?,
            content: convert::from_json(row.content)?,
            files: convert::from_json(row.files)?,
        });
    }
    Ok(found)
}

async fn messages_of(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Message>>> {
    let rows = evidence_messages::Entity::find()
        .filter(evidence_messages::Column::EvidenceId.is_in(ids.iter().copied()))
        .order_by_asc(evidence_messages::Column::At)
        .order_by_asc(evidence_messages::Column::Id)
        .all(connection)
        .await?;
    let of: Vec<Uuid> = rows.iter().map(|row| row.evidence_id).collect();
    let mut found: HashMap<Uuid, Vec<Message>> = HashMap::new();
    for (evidence, message) in of.into_iter().zip(message::complete(connection, rows).await?) {
        found.entry(evidence).or_default().push(message);
    }
    Ok(found)
}

async fn assessments_of(
    db: &Db,
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    hidden: &BTreeSet<Uuid>,
) -> Result<Vec<domain::assessment::Assessment>> {
    let rows = assessments::Entity::find()
        .filter(assessments::Column::EnrolmentId.eq(enrolment))
        .filter(assessments::Column::SignedAt.is_not_null())
        .order_by_asc(assessments::Column::SignedAt)
        .order_by_asc(assessments::Column::Id)
        .all(connection)
        .await?;
    let mut found = assessment::complete(db, connection, rows).await?;
    for one in &mut found {
        one.content.evidence.retain(|id| !hidden.contains(id));
    }
    Ok(found)
}

async fn visits_of(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    hidden: &BTreeSet<Uuid>,
) -> Result<Vec<KeptVisit>> {
    let signed = visit_signatures::Entity::find()
        .select_only()
        .column(visit_signatures::Column::VisitId)
        .into_query();
    let rows = visits::Entity::find()
        .filter(visits::Column::EnrolmentId.eq(enrolment))
        .filter(visits::Column::Id.in_subquery(signed))
        .order_by_asc(visits::Column::CreatedAt)
        .order_by_asc(visits::Column::Id)
        .all(connection)
        .await?;
    let signatures = visit::signatures_of(connection, rows.iter().map(|row| row.id)).await?;
    let sums = |id| {
        let of = signatures.get(&id).into_iter().flatten();
        of.map(|signature| signature.content_hash.clone()).collect()
    };
    let visits = visit::complete(connection, rows).await?.into_iter();
    Ok(visits
        .map(|mut visit| {
            visit.content.evidence.retain(|id| !hidden.contains(id));
            KeptVisit { signed_texts: sums(visit.id), visit }
        })
        .collect())
}

async fn dossiers_of(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    sight: Sight,
    hidden: &BTreeSet<Uuid>,
) -> Result<Vec<KeptDossier>> {
    let rows = dossiers::Entity::find()
        .filter(dossiers::Column::EnrolmentId.eq(enrolment))
        .order_by_asc(dossiers::Column::Number)
        .all(connection)
        .await?;
    let files = dossier_files::Entity::find()
        .filter(dossier_files::Column::DossierId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(dossier_files::Column::Path)
        .all(connection)
        .await?;
    let people: Vec<Uuid> =
        rows.iter().flat_map(|row| [Some(row.deposited_by), row.reopened_by]).flatten().collect();
    let users = people::users(connection, people).await?;
    rows.into_iter()
        .map(|row| {
            dossier::prove(&row)?;
            let is_open = sight == Sight::Everything || is_open(&row, sight, hidden)?;
            let files = files.iter().filter(|file| file.dossier_id == row.id);
            let reopened = match (row.reopened_at, row.reopened_by, row.reopen_reason) {
                (Some(at), Some(by), Some(reason)) => {
                    Some(KeptReopening { at, by: named(&users, by)?, reason })
                }
                _ => None,
            };
            let frozen = FrozenText {
                content: row.content,
                manifest: row.manifest,
                files: files
                    .map(|file| DossierFile {
                        path: file.path.clone(),
                        evidence: file.evidence_id,
                        file: file.file_id,
                        sha256: file.sha256.clone(),
                        size: u64::try_from(file.size).unwrap_or_default(),
                    })
                    .collect(),
            };
            Ok(KeptDossier {
                id: row.id,
                number: convert::count(row.number.into()),
                blocks: convert::from_json(row.blocks)?,
                status: convert::from_text(&row.status)?,
                deposited_by: named(&users, row.deposited_by)?,
                deposited_at: row.deposited_at,
                reopened,
                version: row.version,
                manifest_sha256: row.manifest_sha256,
                frozen: is_open.then_some(frozen),
            })
        })
        .collect()
}

/// Whether nothing in a dossier is confidential to the reader, as it was then and as it is now.
fn is_open(row: &dossiers::Model, sight: Sight, hidden: &BTreeSet<Uuid>) -> Result<bool> {
    let frozen = dossier::parse(row)?;
    let mut evidence = frozen.evidence.iter();
    Ok(evidence.all(|one| sight.covers(one.content.visibility) && !hidden.contains(&one.id)))
}

async fn cohort_of(
    connection: &impl ConnectionTrait,
    enrolment: &Enrolment,
) -> Result<Option<KeptCohort>> {
    let Some(cohort) = &enrolment.cohort else { return Ok(None) };
    let row = cohorts::Entity::find_by_id(cohort.id).one(connection).await?;
    Ok(row.map(|row| KeptCohort { name: row.name, starts_on: row.starts_on, ends_on: row.ends_on }))
}

async fn grids_of(connection: &impl ConnectionTrait, certification: Uuid) -> Result<Vec<KeptGrid>> {
    let rows = grids::Entity::find()
        .filter(grids::Column::CertificationId.eq(certification))
        .filter(grids::Column::Number.is_not_null())
        .order_by_asc(grids::Column::Number)
        .all(connection)
        .await?;
    let people: Vec<Uuid> = rows.iter().filter_map(|row| row.published_by).collect();
    let users = people::users(connection, people).await?;
    rows.into_iter()
        .map(|row| {
            let by = row.published_by.unwrap_or(row.created_by);
            Ok(KeptGrid {
                number: row.number.map(|number| convert::count(number.into())).unwrap_or_default(),
                published_at: row.published_at.unwrap_or(row.created_at),
                published_by: named(&users, by)?,
                content: convert::from_json(row.content)?,
            })
        })
        .collect()
}

async fn validated_of(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    sessions: &BTreeMap<Uuid, Uuid>,
) -> Result<Vec<Validation>> {
    let rows = validated_blocks::Entity::find()
        .filter(validated_blocks::Column::EnrolmentId.eq(enrolment))
        .order_by_asc(validated_blocks::Column::ValidatedOn)
        .order_by_asc(validated_blocks::Column::Block)
        .order_by_asc(validated_blocks::Column::Id)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Validation {
                id: row.id,
                session: row.session_id.or_else(|| sessions.get(&row.id).copied()),
                recorded_at: row.created_at,
                block: ValidatedBlock {
                    block: row.block,
                    validated_on: row.validated_on,
                    transversal: convert::from_json(row.transversal)?,
                },
            })
        })
        .collect()
}

async fn obtained_of(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    elsewhere: Option<Uuid>,
) -> Result<Option<Obtention>> {
    let row = certifications_obtained::Entity::find_by_id(enrolment).one(connection).await?;
    Ok(row.map(|row| Obtention {
        obtained_on: row.obtained_on,
        session: row.session_id.or(elsewhere),
        recorded_at: row.created_at,
    }))
}

/// What the audit says of the enrolment and of what is below it.
async fn journal_of(connection: &impl ConnectionTrait, portfolio: &Portfolio) -> Result<Vec<Act>> {
    let Portfolio { enrolment, evidence, assessments, visits, dossiers, .. } = portfolio;
    let mut subjects = BTreeSet::from([enrolment.id]);
    subjects.extend(evidence.iter().map(|one| one.evidence.id));
    subjects.extend(portfolio.files().map(|file| file.id));
    subjects.extend(evidence.iter().flat_map(|one| &one.messages).map(|message| message.id));
    subjects.extend(assessments.iter().map(|one| one.id));
    subjects.extend(visits.iter().map(|one| one.visit.id));
    subjects.extend(dossiers.iter().map(|one| one.id));
    let rows = audit_entries::Entity::find()
        .filter(audit_entries::Column::OrganisationId.eq(enrolment.organisation_id))
        .filter(audit_entries::Column::SubjectId.is_in(subjects))
        .order_by_asc(audit_entries::Column::Seq)
        .all(connection)
        .await?;
    let people: Vec<Uuid> = rows.iter().filter_map(|row| row.actor_id).collect();
    let users = people::users(connection, people).await?;
    let named = |id: &Uuid| users.get(id).cloned().map(Into::into);
    Ok(rows
        .into_iter()
        .map(|row| Act {
            at: row.at,
            by: row.actor_id.as_ref().and_then(named),
            action: row.action,
            subject: row.subject_kind,
            subject_id: row.subject_id,
        })
        .collect())
}

/// What portfolios brought from elsewhere, by the enrolments of those that were. One statement.
pub(crate) async fn foreign(
    connection: &impl ConnectionTrait,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, Foreign>> {
    let rows = imported_portfolios::Entity::find()
        .filter(imported_portfolios::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .all(connection)
        .await?;
    rows.into_iter().map(|row| Ok((row.enrolment_id, convert::from_json(row.kept)?))).collect()
}
