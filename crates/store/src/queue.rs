//! What waits for a person, across all the enrolments they have a part in.

use std::collections::{BTreeSet, HashMap, HashSet};

use authz::{Actor, Circle};
use chrono::{DateTime, Utc};
use domain::{
    assessment::{AssessmentStatus, AssessorKind, CriterionRating},
    certification::Block,
    dossier::{DossierInfo, to_deposit_anew},
    enrolment::{Enrolment, TutorKind},
    evidence::{EvidenceStatus, Visibility},
    grid::Effective,
    jury::convocation::Hearing,
    progress::{self as rules, CompetencyProgress, Facts},
    queue::{
        Queue, QueueBlock, QueueDivergence, QueueItem, QueueKind, Task, connected, estimate,
        to_assess,
    },
    visit::{Side, Visit, VisitStatus},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, prelude::Json,
};
use uuid::Uuid;

use crate::{
    Db, Error, Result, convert, dossier, enrolment,
    entity::{assessment_ratings, assessments, evidence, files},
    grid, jury, progress, visit,
};

/// Everything that waits for the actor, in a fixed number of statements whatever the number of
/// students.
pub async fn of(db: &Db, actor: &Actor) -> Result<Queue> {
    let parts = enrolment::of_person(db, actor).await?;
    let ids: Vec<Uuid> = parts.iter().map(|(enrolment, _)| enrolment.id).collect();
    let mut facts = progress::facts_of_many(db, &ids).await?;
    let mut handled = handled(db, &ids).await?;
    let files = files_to_read(db, &ids).await?;
    let mut drafts = drafts(db, actor.user, &ids).await?;
    let mut visits = visit::open(db, &ids).await?;
    let is_own = |enrolment: &Enrolment| enrolment.student.id == actor.user;
    let own = parts.iter().map(|(enrolment, _)| enrolment).filter(|one| is_own(one));
    let own: Vec<Uuid> = own.map(|enrolment| enrolment.id).collect();
    let mut dossiers = dossier::of_enrolments(db, &own).await?;
    let hearings = jury::hearings(db, &own).await?;

    let certifications = parts.iter().map(|(enrolment, _)| enrolment.certification.id).collect();
    let grids = grid::in_force_of(db, certifications).await?;

    let mut items = Vec::new();
    let mut divergences = Vec::new();
    for (enrolment, tutor_kinds) in &parts {
        let effective = grids.get(&enrolment.certification.id).ok_or(Error::NotFound)?;
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
            effective,
            evidence,
            files: &files,
            facts: facts.remove(&enrolment.id).unwrap_or_default(),
        };
        let drafts = drafts.remove(&enrolment.id).unwrap_or_default();
        let started: HashSet<(String, AssessorKind)> =
            drafts.iter().map(|draft| (draft.block.clone(), draft.kind)).collect();
        let mut sides: Vec<Side> = tutor_kinds.iter().map(|kind| Side::from(*kind)).collect();
        if is_own(enrolment) {
            sides.push(Side::Student);
            let dossiers = dossiers.remove(&enrolment.id).unwrap_or_default();
            items.extend(part.reopened(&dossiers));
            let own = hearings.iter().filter(|one| one.enrolment_id == enrolment.id);
            items.extend(own.map(|hearing| part.hearing(hearing)));
            items.extend(part.evidence_in(EvidenceStatus::Returned, QueueKind::EvidenceReturned));
            items.extend(part.evidence_in(EvidenceStatus::Draft, QueueKind::EvidenceDraft));
        }
        if !tutor_kinds.is_empty() {
            items.extend(part.evidence_in(EvidenceStatus::Submitted, QueueKind::EvidenceToReview));
            divergences.extend(part.divergence(tutor_kinds));
        }
        let open = visits.remove(&enrolment.id).unwrap_or_default();
        items.extend(open.iter().filter_map(|visit| part.visit(visit, &sides, actor.user)));
        items.extend(drafts.into_iter().map(|draft| part.draft(draft)));
        for kind in tutor_kinds {
            let kind = match kind {
                TutorKind::Company => AssessorKind::Company,
                TutorKind::School => AssessorKind::School,
            };
            items.extend(part.blocks_to_assess(kind, &started));
        }
    }
    Ok(Queue::new(items, divergences))
}

/// One enrolment, with what the queue looks at.
struct Part<'a> {
    enrolment: &'a Enrolment,
    effective: &'a Effective,
    evidence: Vec<Handled>,
    /// Number of files of each evidence that waits for a tutor.
    files: &'a HashMap<Uuid, u32>,
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
    /// Number of criteria that have a level already.
    rated: u32,
}

impl Part<'_> {
    fn item(&self, kind: QueueKind, title: &str, since: DateTime<Utc>) -> QueueItem {
        QueueItem {
            kind,
            enrolment_id: self.enrolment.id,
            student: self.enrolment.student.clone(),
            certification: self.enrolment.certification.clone(),
            cohort: self.enrolment.cohort.as_ref().map(|cohort| cohort.name.clone()),
            ends_on: self.enrolment.ends_on,
            block: None,
            block_title: None,
            blocks: Vec::new(),
            evidence_id: None,
            assessment_id: None,
            visit_id: None,
            assessor_kind: None,
            title: title.to_owned(),
            count: 0,
            since,
            minutes: None,
        }
    }

    fn evidence_in(&self, status: EvidenceStatus, kind: QueueKind) -> Vec<QueueItem> {
        let status = convert::text(status);
        self.evidence
            .iter()
            .filter(|evidence| evidence.status == status)
            .map(|evidence| {
                let competencies =
                    number(self.facts.links.iter().filter(|(id, _)| *id == evidence.id).count());
                let files = self.files.get(&evidence.id).copied().unwrap_or_default();
                let reading = Task::Evidence { files, competencies };
                QueueItem {
                    evidence_id: Some(evidence.id),
                    count: competencies,
                    minutes: (kind == QueueKind::EvidenceToReview).then(|| estimate(reading)),
                    ..self.item(kind, &evidence.title, evidence.updated_at)
                }
            })
            .collect()
    }

    /// The dossier that a manager took back, if nothing has taken its place.
    fn reopened(&self, dossiers: &[DossierInfo]) -> Option<QueueItem> {
        let reopened = to_deposit_anew(dossiers)?.reopened.as_ref()?;
        Some(self.item(QueueKind::DossierReopened, &reopened.reason, reopened.at))
    }

    fn hearing(&self, hearing: &Hearing) -> QueueItem {
        let starts_at = hearing.starts_at;
        self.item(QueueKind::Hearing, &starts_at.to_rfc3339(), starts_at)
    }

    /// The report, if it waits for one of the sides that the actor stands for. What nobody has
    /// signed yet waits for its author alone.
    fn visit(&self, visit: &Visit, sides: &[Side], actor: Uuid) -> Option<QueueItem> {
        let is_next = visit.waits_for.iter().any(|side| sides.contains(side));
        let is_tutor = sides.iter().any(|side| *side != Side::Student);
        let kind = match visit.status {
            VisitStatus::Draft if is_next && visit.author.id == actor => QueueKind::VisitToSign,
            VisitStatus::Signing if is_next => QueueKind::VisitToSign,
            VisitStatus::Countersigning if is_next => QueueKind::VisitToCountersign,
            VisitStatus::Refused if is_tutor => QueueKind::VisitRefused,
            _ => return None,
        };
        Some(QueueItem {
            visit_id: Some(visit.id),
            minutes: Some(estimate(Task::Visit)),
            ..self.item(kind, &visit.content.held_on.to_string(), visit.updated_at)
        })
    }

    /// What the company and the school see differently of the student.
    fn divergence(&self, kinds: &BTreeSet<TutorKind>) -> Option<QueueDivergence> {
        let Enrolment { id, student, certification, status, profile, .. } = self.enrolment;
        let progress = rules::progress(self.effective, *status, profile.as_deref(), &self.facts);
        let divergent: Vec<(&str, &CompetencyProgress)> = progress.divergent().collect();
        let (block, _) = divergent.first()?;
        let views = divergent.iter().flat_map(|(_, competency)| &competency.views);
        let tutors = views.filter(|view| view.assessor.is_tutor());
        Some(QueueDivergence {
            enrolment_id: *id,
            student: student.clone(),
            certification: certification.clone(),
            other: match kinds.iter().collect::<Vec<_>>()[..] {
                [TutorKind::Company] => Some(AssessorKind::School),
                [TutorKind::School] => Some(AssessorKind::Company),
                _ => None,
            },
            competencies: number(divergent.len()),
            block: (*block).to_owned(),
            since: tutors.map(|view| view.assessed_on).max()?,
        })
    }

    fn criteria(&self, competency: &str) -> u32 {
        let found = self.effective.certification.competency(competency);
        found.map_or(0, |competency| number(competency.criteria().len()))
    }

    fn draft(&self, draft: Draft) -> QueueItem {
        let block = self.effective.certification.block(&draft.block);
        let criteria: u32 =
            block.map_or(0, |block| block.assessed().map(|key| self.criteria(key)).sum());
        QueueItem {
            assessment_id: Some(draft.id),
            assessor_kind: Some(draft.kind),
            block_title: block.map(|block| block.title.clone()),
            count: block.map_or(0, |block| number(block.assessed().count())),
            block: Some(draft.block),
            minutes: Some(estimate(Task::Grid { criteria: criteria.saturating_sub(draft.rated) })),
            ..self.item(QueueKind::AssessmentDraft, &draft.occasion, draft.updated_at)
        }
    }

    /// The blocks with competencies that evidence shows and this kind of assessor has never rated:
    /// those that a shared competency connects are one thing to do.
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
        let mut shown: HashMap<&str, DateTime<Utc>> = HashMap::new();
        for (evidence, competency) in &self.facts.links {
            let Some(at) = handed_in.get(evidence) else { continue };
            let since = shown.entry(competency).or_insert(*at);
            *since = (*at).min(*since);
        }
        let blocks: Vec<&Block> = self
            .effective
            .certification
            .blocks
            .iter()
            .filter(|block| !started.contains(&(block.code.clone(), kind)))
            .collect();
        let is_shown = |key: &str| shown.contains_key(key);
        let waiting = to_assess(&blocks, is_shown, &self.facts.ratings, kind);
        connected(&waiting)
            .into_iter()
            .filter_map(|places| self.blocks(kind, &blocks, &waiting, &shown, &places))
            .collect()
    }

    fn blocks(
        &self,
        kind: AssessorKind,
        blocks: &[&Block],
        waiting: &[BTreeSet<&str>],
        shown: &HashMap<&str, DateTime<Utc>>,
        places: &[usize],
    ) -> Option<QueueItem> {
        let first = blocks[*places.first()?];
        let keys = places.iter().flat_map(|place| &waiting[*place]);
        let concerned: BTreeSet<&str> = keys.clone().copied().collect();
        let since = concerned.iter().filter_map(|key| shown.get(key)).min()?;
        // Each block has a grid of its own to sign.
        let minutes = places.iter().map(|place| {
            let criteria = waiting[*place].iter().map(|key| self.criteria(key)).sum();
            estimate(Task::Grid { criteria })
        });
        Some(QueueItem {
            block: Some(first.code.clone()),
            block_title: Some(first.title.clone()),
            blocks: places
                .iter()
                .map(|place| QueueBlock {
                    code: blocks[*place].code.clone(),
                    title: blocks[*place].title.clone(),
                    competencies: number(waiting[*place].len()),
                })
                .collect(),
            assessor_kind: Some(kind),
            count: number(concerned.len()),
            minutes: Some(minutes.sum()),
            ..self.item(QueueKind::BlockToAssess, &first.title, *since)
        })
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

/// How many files the evidence that waits for a tutor has.
async fn files_to_read(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, u32>> {
    let waiting = evidence::Entity::find()
        .select_only()
        .column(evidence::Column::Id)
        .filter(evidence::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(evidence::Column::Status.eq(convert::text(EvidenceStatus::Submitted)))
        .into_query();
    let rows: Vec<(Uuid, i64)> = files::Entity::find()
        .select_only()
        .column(files::Column::EvidenceId)
        .column_as(files::Column::Id.count(), "files")
        .filter(files::Column::EvidenceId.in_subquery(waiting))
        .filter(files::Column::RemovedAt.is_null())
        .group_by(files::Column::EvidenceId)
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(|(id, files)| (id, convert::count(files))).collect())
}

async fn drafts(db: &Db, assessor: Uuid, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Vec<Draft>>> {
    let rows = assessments::Entity::find()
        .filter(assessments::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(assessments::Column::AssessorId.eq(assessor))
        .filter(assessments::Column::Status.eq(convert::text(AssessmentStatus::Draft)))
        .all(db.read())
        .await?;
    let ratings: Vec<(Uuid, Json)> = assessment_ratings::Entity::find()
        .select_only()
        .columns([assessment_ratings::Column::AssessmentId, assessment_ratings::Column::Criteria])
        .filter(assessment_ratings::Column::AssessmentId.is_in(rows.iter().map(|row| row.id)))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut rated: HashMap<Uuid, u32> = HashMap::new();
    for (id, criteria) in ratings {
        let criteria: Vec<CriterionRating> = convert::from_json(criteria)?;
        let given = criteria.iter().filter(|criterion| criterion.level.is_some()).count();
        *rated.entry(id).or_default() += number(given);
    }
    let mut drafts: HashMap<Uuid, Vec<Draft>> = HashMap::new();
    for row in rows {
        drafts.entry(row.enrolment_id).or_default().push(Draft {
            id: row.id,
            kind: convert::from_text(&row.kind)?,
            block: row.block,
            occasion: row.occasion,
            updated_at: row.updated_at,
            rated: rated.get(&row.id).copied().unwrap_or_default(),
        });
    }
    Ok(drafts)
}
