//! Progress of a student: computed from what is signed and handed in, never stored.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    assessment::AssessorKind,
    certification::{AssessorRule, Block, Certification},
    enrolment::LearnerStatus,
    evidence::{EvidenceFact, EvidenceStatus},
    requirement::{self, RequirementProgress, RequirementState},
};

/// What one read brings up of a student.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub evidence: Vec<EvidenceFact>,
    /// (evidence, key of the competency)
    pub links: Vec<(Uuid, String)>,
    pub ratings: Vec<RatingFact>,
}

/// A competency of a signed assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingFact {
    pub block: String,
    pub competency: String,
    pub assessor: AssessorKind,
    /// Rank of the lowest level over the competency's criteria.
    pub lowest: usize,
    pub assessment: Uuid,
    pub assessed_on: NaiveDate,
    pub signed_at: DateTime<Utc>,
}

/// Progress through the whole certification.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    pub total: Tally,
    pub blocks: Vec<BlockProgress>,
    /// Competencies that are in no block: evidence only, no grid.
    pub outside: Vec<CompetencyProgress>,
    pub requirements: Vec<RequirementProgress>,
}

/// How many competencies stand where. The four statuses add up to the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tally {
    pub total: u32,
    pub acquired: u32,
    /// Signed by a tutor, below what the certification asks for.
    pub assessed: u32,
    pub evidenced: u32,
    pub untouched: u32,
    /// Across all statuses.
    pub self_assessed: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockProgress {
    pub code: String,
    pub title: String,
    /// Over the block's own competencies.
    pub tally: Tally,
    pub competencies: Vec<CompetencyProgress>,
    /// Transversal competencies that are assessed in this block too; not in the tally.
    pub transversal: Vec<CompetencyProgress>,
    pub missing_deliverables: Vec<MissingDeliverable>,
    /// What is missing for the jury, over the whole block, each once.
    pub gaps: Vec<Gap>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingDeliverable {
    /// Key of the modality.
    pub modality: String,
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompetencyProgress {
    /// Key of the competency.
    pub competency: String,
    pub status: CompetencyStatus,
    /// Key of the level that is asked in this block.
    pub required_level: String,
    pub evidence: EvidenceCount,
    /// The newest signed view of each kind of assessor, side by side.
    pub views: Vec<View>,
    /// The company and the school stand on different sides of the required level.
    pub divergent: bool,
    pub gaps: Vec<Gap>,
}

/// Where a competency stands in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CompetencyStatus {
    Untouched,
    /// An evidence is handed in, no tutor has signed.
    Evidenced,
    Assessed,
    Acquired,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceCount {
    pub draft: u32,
    pub submitted: u32,
    pub accepted: u32,
    pub returned: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    pub assessor: AssessorKind,
    /// Key of the lowest level over the competency's criteria.
    pub level: String,
    /// Every criterion reaches the required level.
    pub reached: bool,
    pub assessment_id: Uuid,
    pub assessed_on: NaiveDate,
}

/// What a jury would miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    NoEvidence,
    /// Evidence exists, but only as drafts or returned.
    EvidenceNotSubmitted,
    OnlySelfAssessed,
    NeverAssessedByTutor,
    BelowRequiredLevel,
    DeliverableMissing,
    RequirementUnmet,
}

/// The facts of one student, arranged for look-up.
struct Lookup<'a> {
    certification: &'a Certification,
    profile: Option<&'a str>,
    evidence: HashMap<&'a str, EvidenceCount>,
    /// Newest signed rating by (block, competency), then by kind of assessor.
    views: HashMap<(&'a str, &'a str), BTreeMap<AssessorKind, &'a RatingFact>>,
}

/// Progress of a student of this status and profile.
pub fn progress(
    certification: &Certification,
    status: LearnerStatus,
    profile: Option<&str>,
    facts: &Facts,
) -> Progress {
    let lookup = Lookup::new(certification, profile, facts);
    let requirements = requirement::evaluate(certification, status, &facts.evidence);
    let unmet = requirements.iter().any(|progress| progress.state == RequirementState::Unmet);
    let handed_in_for = |modality: &str| {
        facts
            .evidence
            .iter()
            .any(|fact| fact.status.is_handed_in() && fact.modality.as_deref() == Some(modality))
    };

    let blocks: Vec<BlockProgress> = certification
        .blocks
        .iter()
        .map(|block| {
            let missing_deliverables: Vec<MissingDeliverable> = block
                .modalities
                .iter()
                .filter(|modality| {
                    !modality.deliverables.is_empty() && !handed_in_for(&modality.key)
                })
                .map(|modality| MissingDeliverable {
                    modality: modality.key.clone(),
                    label: modality
                        .deliverables
                        .iter()
                        .map(|deliverable| deliverable.label.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                })
                .collect();
            lookup.block(block, missing_deliverables, unmet)
        })
        .collect();
    let outside = certification
        .competencies
        .iter()
        .filter(|competency| !certification.is_in_a_block(&competency.key))
        .map(|competency| lookup.competency(None, &competency.key, &certification.required_level))
        .collect();
    let mut total = Tally::default();
    for block in &blocks {
        total.add(block.tally);
    }
    Progress { total, blocks, outside, requirements }
}

impl<'a> Lookup<'a> {
    fn new(certification: &'a Certification, profile: Option<&'a str>, facts: &'a Facts) -> Self {
        let status: HashMap<Uuid, EvidenceStatus> =
            facts.evidence.iter().map(|fact| (fact.id, fact.status)).collect();
        let mut evidence: HashMap<&str, EvidenceCount> = HashMap::new();
        for (id, competency) in &facts.links {
            if let Some(status) = status.get(id) {
                evidence.entry(competency).or_default().add(*status);
            }
        }
        let mut views: HashMap<_, BTreeMap<AssessorKind, &RatingFact>> = HashMap::new();
        for rating in &facts.ratings {
            let newest = views
                .entry((rating.block.as_str(), rating.competency.as_str()))
                .or_default()
                .entry(rating.assessor)
                .or_insert(rating);
            if (rating.signed_at, rating.assessment) > (newest.signed_at, newest.assessment) {
                *newest = rating;
            }
        }
        Self { certification, profile, evidence, views }
    }

    fn block(
        &self,
        block: &Block,
        missing_deliverables: Vec<MissingDeliverable>,
        requirement_unmet: bool,
    ) -> BlockProgress {
        let in_block = |key: &str| {
            let required = self.certification.required_level_in(block, key, self.profile);
            self.competency(Some(block), key, required)
        };
        let competencies: Vec<_> =
            block.competencies.iter().map(|unit| in_block(&unit.competency)).collect();
        let transversal: Vec<_> = block.transversal.iter().map(|key| in_block(key)).collect();
        let mut tally = Tally::default();
        for competency in &competencies {
            tally.count(competency);
        }
        let mut gaps: Vec<Gap> =
            competencies.iter().flat_map(|competency| competency.gaps.iter().copied()).collect();
        if !missing_deliverables.is_empty() {
            gaps.push(Gap::DeliverableMissing);
        }
        if requirement_unmet {
            gaps.push(Gap::RequirementUnmet);
        }
        gaps.sort_unstable();
        gaps.dedup();
        BlockProgress {
            code: block.code.clone(),
            title: block.title.clone(),
            tally,
            competencies,
            transversal,
            missing_deliverables,
            gaps,
        }
    }

    fn competency(
        &self,
        block: Option<&Block>,
        key: &str,
        required_level: &str,
    ) -> CompetencyProgress {
        let evidence = self.evidence.get(key).copied().unwrap_or_default();
        let required = self.certification.rank(required_level).unwrap_or(usize::MAX);
        let views: Vec<View> = block
            .and_then(|block| self.views.get(&(block.code.as_str(), key)))
            .into_iter()
            .flatten()
            .filter_map(|(assessor, rating)| {
                Some(View {
                    assessor: *assessor,
                    level: self.certification.levels.get(rating.lowest)?.key.clone(),
                    reached: rating.lowest >= required,
                    assessment_id: rating.assessment,
                    assessed_on: rating.assessed_on,
                })
            })
            .collect();
        let reached = |kind: AssessorKind| {
            views.iter().find(|view| view.assessor == kind).map(|view| view.reached)
        };
        let company = reached(AssessorKind::Company);
        let school = reached(AssessorKind::School);
        let status = status(self.certification.assessors, company, school, evidence);
        let gaps = if block.is_some() {
            let self_assessed = reached(AssessorKind::Student).is_some();
            gaps(status, company.or(school).is_some(), self_assessed, evidence)
        } else {
            Vec::new()
        };
        CompetencyProgress {
            competency: key.to_owned(),
            status,
            required_level: required_level.to_owned(),
            evidence,
            divergent: company.zip(school).is_some_and(|(company, school)| company != school),
            views,
            gaps,
        }
    }
}

/// `company` and `school` tell whether their newest signed view reaches the required level, and
/// are absent where there is none. A self-assessment never counts as acquired.
fn status(
    rule: AssessorRule,
    company: Option<bool>,
    school: Option<bool>,
    evidence: EvidenceCount,
) -> CompetencyStatus {
    let acquired = match rule {
        AssessorRule::AnyTutor => company == Some(true) || school == Some(true),
        AssessorRule::School => school == Some(true),
        AssessorRule::CompanyAndSchool => company == Some(true) && school == Some(true),
    };
    if acquired {
        CompetencyStatus::Acquired
    } else if company.or(school).is_some() {
        CompetencyStatus::Assessed
    } else if evidence.submitted + evidence.accepted > 0 {
        CompetencyStatus::Evidenced
    } else {
        CompetencyStatus::Untouched
    }
}

fn gaps(
    status: CompetencyStatus,
    tutor: bool,
    self_assessed: bool,
    evidence: EvidenceCount,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if evidence.submitted + evidence.accepted == 0 {
        gaps.push(if evidence.draft + evidence.returned == 0 {
            Gap::NoEvidence
        } else {
            Gap::EvidenceNotSubmitted
        });
    }
    if tutor {
        if status != CompetencyStatus::Acquired {
            gaps.push(Gap::BelowRequiredLevel);
        }
    } else if self_assessed {
        gaps.push(Gap::OnlySelfAssessed);
    } else {
        gaps.push(Gap::NeverAssessedByTutor);
    }
    gaps
}

impl Tally {
    fn count(&mut self, competency: &CompetencyProgress) {
        self.total += 1;
        match competency.status {
            CompetencyStatus::Acquired => self.acquired += 1,
            CompetencyStatus::Assessed => self.assessed += 1,
            CompetencyStatus::Evidenced => self.evidenced += 1,
            CompetencyStatus::Untouched => self.untouched += 1,
        }
        if competency.views.iter().any(|view| view.assessor == AssessorKind::Student) {
            self.self_assessed += 1;
        }
    }

    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.acquired += other.acquired;
        self.assessed += other.assessed;
        self.evidenced += other.evidenced;
        self.untouched += other.untouched;
        self.self_assessed += other.self_assessed;
    }
}

impl EvidenceCount {
    fn add(&mut self, status: EvidenceStatus) {
        match status {
            EvidenceStatus::Draft => self.draft += 1,
            EvidenceStatus::Submitted => self.submitted += 1,
            EvidenceStatus::Accepted => self.accepted += 1,
            EvidenceStatus::Returned => self.returned += 1,
        }
    }
}
