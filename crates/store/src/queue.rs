//! What waits for a person, across all the enrolments they have a part in.

use std::collections::{BTreeSet, HashMap, HashSet};

use authz::{Actor, Circle};
use chrono::{DateTime, Utc};
use domain::{
    assessment::{AssessmentStatus, AssessorKind},
    certification::Certification,
    enrolment::{Enrolment, TutorKind},
    evidence::{EvidenceStatus, Visibility},
    progress::Facts,
    queue::{QueueItem, QueueKind},
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    Db, Result, certification, convert, enrolment,
    entity::{assessments, evidence},
    progress,
};

/// Everything that waits for the actor, what has waited longest first.
pub async fn of(db: &Db, actor: &Actor) -> Result<Vec<QueueItem>> {
    let parts = enrolment::of_person(db, actor).await?;
    let ids: Vec<Uuid> = parts.iter().map(|(enrolment, _)| enrolment.id).collect();
    let mut facts = progress::facts_of_many(db, &ids).await?;
    let mut handled = handled(db, &ids).await?;
    let mut drafts = drafts(db, actor.user, &ids).await?;

    let mut items = Vec::new();
    for (enrolment, tutor_kinds) in &parts {
        let published = certification::load(db, enrolment.certification.id).await?;
        // What the person may not open neither waits for them nor opens a block to assess.
        let tutors: Vec<_> = tutor_kinds.iter().map(|kind| (actor.user, *kind)).collect();
        let circle = Circle {
            organisation: enrolment.organisation_id,
            student: enrolment.student.id,
            tutors: &tutors,
        };
        let sight = authz::sight(actor, circle);
        let mut evidence = handled.remove(&enrolment.id).unwrap_or_default();
        evidence.retain(|one| {
            convert::from_text::<Visibility>(&one.visibility).is_ok_and(|it| sight.covers(it))
        });
        let part = Part {
            enrolment,
            certification: &published.certification,
            evidence,
            facts: facts.remove(&enrolment.id).unwrap_or_default(),
        };
        let drafts = drafts.remove(&enrolment.id).unwrap_or_default();
        let started: HashSet<(String, AssessorKind)> =
            drafts.iter().map(|draft| (draft.block.clone(), draft.kind)).collect();
        if enrolment.student.id == actor.user {
            items.extend(part.evidence_in(EvidenceStatus::Returned, QueueKind::EvidenceReturned));
            items.extend(part.evidence_in(EvidenceStatus::Draft, QueueKind::EvidenceDraft));
        }
        if !tutor_kinds.is_empty() {
            items.extend(part.evidence_in(EvidenceStatus::Submitted, QueueKind::EvidenceToReview));
        }
        items.extend(drafts.into_iter().map(|draft| part.draft(draft)));
        for kind in tutor_kinds {
            let kind = match kind {
                TutorKind::Company => AssessorKind::Company,
                TutorKind::School => AssessorKind::School,
            };
            items.extend(part.blocks_to_assess(kind, &started));
        }
    }
    items.sort_by_key(|item| (item.since, item.enrolment_id));
    Ok(items)
}

/// One enrolment, with what the queue looks at.
struct Part<'a> {
    enrolment: &'a Enrolment,
    certification: &'a Certification,
    evidence: Vec<Handled>,
    facts: Facts,
}

#[derive(FromQueryResult)]
struct Handled {
    id: Uuid,
    enrolment_id: Uuid,
    title: String,
    status: String,
    visibility: String,
    updated_at: DateTime<Utc>,
}

struct Draft {
    id: Uuid,
    block: String,
    kind: AssessorKind,
    occasion: String,
    updated_at: DateTime<Utc>,
}

impl Part<'_> {
    fn item(&self, kind: QueueKind, title: &str, since: DateTime<Utc>) -> QueueItem {
        QueueItem {
            kind,
            enrolment_id: self.enrolment.id,
            student: self.enrolment.student.clone(),
            certification: self.enrolment.certification.clone(),
            cohort: self.enrolment.cohort.as_ref().map(|cohort| cohort.name.clone()),
            block: None,
            block_title: None,
            evidence_id: None,
            assessment_id: None,
            assessor_kind: None,
            title: title.to_owned(),
            count: 0,
            since,
        }
    }

    fn evidence_in(&self, status: EvidenceStatus, kind: QueueKind) -> Vec<QueueItem> {
        let status = convert::text(status);
        self.evidence
            .iter()
            .filter(|evidence| evidence.status == status)
            .map(|evidence| QueueItem {
                evidence_id: Some(evidence.id),
                count: number(self.facts.links.iter().filter(|(id, _)| *id == evidence.id).count()),
                ..self.item(kind, &evidence.title, evidence.updated_at)
            })
            .collect()
    }

    fn draft(&self, draft: Draft) -> QueueItem {
        let block = self.certification.block(&draft.block);
        QueueItem {
            assessment_id: Some(draft.id),
            assessor_kind: Some(draft.kind),
            block_title: block.map(|block| block.title.clone()),
            count: block.map_or(0, |block| number(block.assessed().count())),
            block: Some(draft.block),
            ..self.item(QueueKind::AssessmentDraft, &draft.occasion, draft.updated_at)
        }
    }

    fn blocks_to_assess(
        &self,
        kind: AssessorKind,
        started: &HashSet<(String, AssessorKind)>,
    ) -> Vec<QueueItem> {
        let handed_in: HashMap<Uuid, DateTime<Utc>> = self
            .evidence
            .iter()
            .filter(|evidence| {
                convert::from_text::<EvidenceStatus>(&evidence.status)
                    .is_ok_and(EvidenceStatus::is_handed_in)
            })
            .map(|evidence| (evidence.id, evidence.updated_at))
            .collect();
        let rated: HashSet<(&str, &str)> = self
            .facts
            .ratings
            .iter()
            .filter(|rating| rating.assessor == kind)
            .map(|rating| (rating.block.as_str(), rating.competency.as_str()))
            .collect();
        let blocks = self
            .certification
            .blocks
            .iter()
            .filter(|block| !started.contains(&(block.code.clone(), kind)));
        blocks
            .filter_map(|block| {
                let waiting: BTreeSet<&str> = block
                    .assessed()
                    .filter(|competency| !rated.contains(&(block.code.as_str(), *competency)))
                    .collect();
                let mut concerned = BTreeSet::new();
                let mut since: Option<DateTime<Utc>> = None;
                for (evidence, competency) in &self.facts.links {
                    let Some(at) = handed_in.get(evidence) else { continue };
                    if waiting.contains(competency.as_str()) {
                        concerned.insert(competency);
                        since = Some(since.map_or(*at, |since| since.min(*at)));
                    }
                }
                Some(QueueItem {
                    block: Some(block.code.clone()),
                    block_title: Some(block.title.clone()),
                    assessor_kind: Some(kind),
                    count: number(concerned.len()),
                    ..self.item(QueueKind::BlockToAssess, &block.title, since?)
                })
            })
            .collect()
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

async fn handled(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Vec<Handled>>> {
    use evidence::Column::{EnrolmentId, Id, Status, Title, UpdatedAt, Visibility};
    let rows = evidence::Entity::find()
        .select_only()
        .columns([Id, EnrolmentId, Title, Status, Visibility, UpdatedAt])
        .filter(EnrolmentId.is_in(enrolments.iter().copied()))
        .into_model::<Handled>()
        .all(db.read())
        .await?;
    let mut handled: HashMap<Uuid, Vec<Handled>> = HashMap::new();
    for row in rows {
        handled.entry(row.enrolment_id).or_default().push(row);
    }
    Ok(handled)
}

async fn drafts(db: &Db, assessor: Uuid, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Vec<Draft>>> {
    let rows = assessments::Entity::find()
        .filter(assessments::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(assessments::Column::AssessorId.eq(assessor))
        .filter(assessments::Column::Status.eq(convert::text(AssessmentStatus::Draft)))
        .all(db.read())
        .await?;
    let mut drafts: HashMap<Uuid, Vec<Draft>> = HashMap::new();
    for row in rows {
        drafts.entry(row.enrolment_id).or_default().push(Draft {
            id: row.id,
            kind: convert::from_text(&row.kind)?,
            block: row.block,
            occasion: row.occasion,
            updated_at: row.updated_at,
        });
    }
    Ok(drafts)
}
