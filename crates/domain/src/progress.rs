//! Progress of a student: computed from what is signed and handed in, never stored.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    assessment::AssessorKind,
    certification::{AssessorRule, Block, Certification},
    enrolment::LearnerStatus,
    evidence::{EvidenceFact, EvidenceStatus},
    grid::Effective,
    requirement::{self, RequirementProgress, RequirementState},
};

/// What one read brings up of a student.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The day on which they were read: what expires is judged by it.
    pub today: NaiveDate,
    pub evidence: Vec<EvidenceFact>,
    /// (evidence, key of the competency)
    pub links: Vec<(Uuid, String)>,
    pub ratings: Vec<RatingFact>,
    /// The published grids that ratings stand on, by id.
    pub grids: HashMap<Uuid, Arc<Effective>>,
}

/// A competency of a signed assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingFact {
    pub block: String,
    pub competency: String,
    pub assessor: AssessorKind,
    /// Rank of the lowest level over the competency's criteria.
    pub lowest: usize,
    /// See [`crate::assessment::Rating::weighted`].
    pub weighted: Option<u32>,
    /// The grid that it was made on; none for the certification's own.
    pub grid: Option<Uuid>,
    pub assessment: Uuid,
    pub assessed_on: NaiveDate,
    pub signed_at: DateTime<Utc>,
}

/// Progress through the whole certification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    pub total: Tally,
    pub blocks: Vec<BlockProgress>,
    /// Competencies that are in no block: evidence only, no grid.
    pub outside: Vec<CompetencyProgress>,
    pub requirements: Vec<RequirementProgress>,
}

/// How many competencies stand where. The four statuses add up to the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Across all statuses: the company and the school stand on different sides of the level.
    pub divergent: u32,
    /// Across all statuses: a tutor's view stands on an older grid than the one in force.
    pub older_grid: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockProgress {
    pub code: String,
    pub title: String,
    /// Over the block's own competencies.
    pub tally: Tally,
    pub competencies: Vec<CompetencyProgress>,
    /// Transversal competencies that are assessed in this block too; not in the tally.
    pub transversal: Vec<CompetencyProgress>,
    /// What the modalities ask for, as far as it is handed in.
    pub deliverables: Vec<HandedInDeliverable>,
    pub missing_deliverables: Vec<MissingDeliverable>,
    /// What is missing for the jury, over the whole block, each once.
    pub gaps: Vec<Gap>,
}

/// An evidence that is declared as the deliverable of a modality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandedInDeliverable {
    /// Key of the modality.
    pub modality: String,
    /// Absent where it is confidential and the reader may not open it.
    pub evidence_id: Option<Uuid>,
    pub accepted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingDeliverable {
    /// Key of the modality.
    pub modality: String,
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CompetencyStatus {
    Untouched,
    /// An evidence is handed in, no tutor has signed.
    Evidenced,
    Assessed,
    Acquired,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceCount {
    pub draft: u32,
    pub submitted: u32,
    pub accepted: u32,
    pub returned: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct View {
    pub assessor: AssessorKind,
    /// Key of the lowest level over the competency's criteria, on the scale of its own grid.
    pub level: String,
    /// What that scale calls it.
    pub level_label: String,
    /// Every criterion reaches the level that its own grid requires.
    pub reached: bool,
    /// Mean place in the scale by the weights of the criteria, in hundredths, 100 being the lowest
    /// level; for those who assess and manage, where the grid has weights. It decides nothing.
    pub weighted: Option<u32>,
    /// Number of the grid that it was made on; 0 for the certification's own.
    pub grid: u32,
    /// A newer grid is in force.
    pub older_grid: bool,
    pub assessment_id: Uuid,
    pub assessed_on: NaiveDate,
}

/// What a jury would miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// An evidence that a deposit would leave behind: only [`crate::dossier::gate`] names it.
    EvidenceDraft,
    RequirementUnmet,
}

/// The facts of one student, arranged for look-up.
struct Lookup<'a> {
    effective: &'a Effective,
    certification: &'a Certification,
    grids: &'a HashMap<Uuid, Arc<Effective>>,
    profile: Option<&'a str>,
    evidence: HashMap<&'a str, EvidenceCount>,
    /// Newest signed rating by (block, competency), then by kind of assessor.
    views: HashMap<(&'a str, &'a str), BTreeMap<AssessorKind, &'a RatingFact>>,
}

/// Progress of a student of this status and profile, under the grid that is in force. A view is
/// judged on the grid that it was made on: publishing another one changes nothing that was signed.
pub fn progress(
    effective: &Effective,
    status: LearnerStatus,
    profile: Option<&str>,
    facts: &Facts,
) -> Progress {
    let certification = &*effective.certification;
    let lookup = Lookup::new(effective, profile, facts);
    let requirements = requirement::evaluate(certification, status, &facts.evidence, facts.today);
    let unmet = requirements.iter().any(|progress| progress.state == RequirementState::Unmet);
    let handed_in_for = |modality: &str| {
        facts
            .evidence
            .iter()
            .find(|fact| fact.status.is_handed_in() && fact.modality.as_deref() == Some(modality))
    };

    let blocks: Vec<BlockProgress> = certification
        .blocks
        .iter()
        .map(|block| {
            let missing_deliverables: Vec<MissingDeliverable> = block
                .modalities
                .iter()
                .filter(|modality| {
                    !modality.deliverables.is_empty() && handed_in_for(&modality.key).is_none()
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
            let deliverables = block
                .modalities
                .iter()
                .filter_map(|modality| {
                    let fact = handed_in_for(&modality.key)?;
                    Some(HandedInDeliverable {
                        modality: modality.key.clone(),
                        evidence_id: Some(fact.id),
                        accepted: fact.status == EvidenceStatus::Accepted,
                    })
                })
                .collect();
            lookup.block(block, deliverables, missing_deliverables, unmet)
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

impl Progress {
    /// The competencies on which the company and the school stand on different sides of the
    /// required level, each with the code of its block, transversal ones included.
    pub fn divergent(&self) -> impl Iterator<Item = (&str, &CompetencyProgress)> {
        self.blocks.iter().flat_map(|block| {
            let units = block.competencies.iter().chain(&block.transversal);
            units.filter(|unit| unit.divergent).map(|unit| (block.code.as_str(), unit))
        })
    }
}

impl<'a> Lookup<'a> {
    fn new(effective: &'a Effective, profile: Option<&'a str>, facts: &'a Facts) -> Self {
        let status: HashMap<Uuid, EvidenceStatus> =
            facts.evidence.iter().map(|fact| (fact.id, fact.status)).collect();
        let mut evidence: HashMap<&str, EvidenceCount> = HashMap::new();
        for (id, competency) in &facts.links {
            if let Some(status) = status.get(id) {
                *evidence.entry(competency).or_default().of_mut(*status) += 1;
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
        let certification = &effective.certification;
        Self { effective, certification, grids: &facts.grids, profile, evidence, views }
    }

    /// The number of the grid that a rating was made on, and the certification as that made it.
    fn stands_on(&self, rating: &RatingFact) -> Option<(u32, &Certification)> {
        match rating.grid {
            grid if grid == self.effective.grid => {
                Some((self.effective.number, self.certification))
            }
            None => Some((0, &self.effective.original)),
            Some(id) => self.grids.get(&id).map(|grid| (grid.number, &*grid.certification)),
        }
    }

    /// Whether that grid and the one in force judge this competency in this block alike: what
    /// changed elsewhere makes no view of it older.
    fn asks_the_same(&self, then: &Certification, rating: &RatingFact) -> bool {
        let asked = |by: &Certification| {
            let block = by.block(&rating.block)?;
            let criteria = by.competency(&rating.competency)?.criteria();
            let required = by.required_level_in(block, &rating.competency, self.profile);
            Some((criteria, required.to_owned()))
        };
        then.levels == self.certification.levels && asked(then) == asked(self.certification)
    }

    /// A rating as it is shown, judged on its own grid.
    fn view(&self, assessor: AssessorKind, rating: &RatingFact) -> Option<View> {
        let (number, certification) = self.stands_on(rating)?;
        let block = certification.block(&rating.block)?;
        let required = certification.required_level_in(block, &rating.competency, self.profile);
        let level = certification.levels.get(rating.lowest)?;
        Some(View {
            assessor,
            level: level.key.clone(),
            level_label: level.label.clone(),
            reached: certification.rank(required).is_some_and(|rank| rating.lowest >= rank),
            weighted: rating.weighted,
            grid: number,
            older_grid: number < self.effective.number
                && !self.asks_the_same(certification, rating),
            assessment_id: rating.assessment,
            assessed_on: rating.assessed_on,
        })
    }

    fn block(
        &self,
        block: &Block,
        deliverables: Vec<HandedInDeliverable>,
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
            deliverables,
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
        let views: Vec<View> = block
            .and_then(|block| self.views.get(&(block.code.as_str(), key)))
            .into_iter()
            .flatten()
            .filter_map(|(assessor, rating)| self.view(*assessor, rating))
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
        if competency.divergent {
            self.divergent += 1;
        }
        if competency.views.iter().any(|view| view.older_grid && view.assessor.is_tutor()) {
            self.older_grid += 1;
        }
    }

    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.acquired += other.acquired;
        self.assessed += other.assessed;
        self.evidenced += other.evidenced;
        self.untouched += other.untouched;
        self.self_assessed += other.self_assessed;
        self.divergent += other.divergent;
        self.older_grid += other.older_grid;
    }
}

impl EvidenceCount {
    pub fn of_mut(&mut self, status: EvidenceStatus) -> &mut u32 {
        match status {
            EvidenceStatus::Draft => &mut self.draft,
            EvidenceStatus::Submitted => &mut self.submitted,
            EvidenceStatus::Accepted => &mut self.accepted,
            EvidenceStatus::Returned => &mut self.returned,
        }
    }
}

#[cfg(test)]
mod tests {
    use AssessorKind::{Company, Jury, School, Student};
    use CompetencyStatus::{Acquired, Assessed, Evidenced, Untouched};
    use EvidenceStatus::{Accepted, Draft, Returned, Submitted};

    use super::*;
    use crate::{
        certification::Level,
        fixtures::{EXPERT, certification, fact, rated},
        grid::{GridContent, Mapping},
    };

    fn of(certification: &Certification, facts: &Facts) -> Progress {
        let effective = Effective::original(Arc::new(certification.clone()));
        progress(&effective, LearnerStatus::Student, None, facts)
    }

    fn block<'a>(progress: &'a Progress, code: &str) -> &'a BlockProgress {
        progress.blocks.iter().find(|block| block.code == code).expect("the block")
    }

    fn unit<'a>(progress: &'a Progress, code: &str, key: &str) -> &'a CompetencyProgress {
        let block = block(progress, code);
        block
            .competencies
            .iter()
            .chain(&block.transversal)
            .find(|unit| unit.competency == key)
            .expect("the competency")
    }

    /// Evidence of these statuses, each showing these competencies.
    fn evidence(statuses: &[EvidenceStatus], competencies: &[&str]) -> Facts {
        let evidence: Vec<_> = statuses.iter().zip(1..).map(|(s, id)| fact(id, *s)).collect();
        let links = evidence
            .iter()
            .flat_map(|fact| competencies.iter().map(|key| (fact.id, (*key).to_owned())))
            .collect();
        Facts { evidence, links, ..Facts::default() }
    }

    /// Views on `B1`/`alone`: the levels are ranks, of which 1 is asked for.
    fn with_views(mut facts: Facts, views: &[(AssessorKind, usize)]) -> Facts {
        facts.ratings = views
            .iter()
            .zip(1..)
            .map(|((kind, rank), order)| rated("B1", "alone", *kind, *rank, order))
            .collect();
        facts
    }

    #[test]
    fn a_status_follows_from_who_signed_what_and_from_the_rule() {
        // company and school: none, below, reached; expected under each of the three rules,
        // with evidence handed in
        let (below, reached) = (Some(0), Some(1));
        for (company, school, any_tutor, only_school, both) in [
            (None, None, Evidenced, Evidenced, Evidenced),
            (below, None, Assessed, Assessed, Assessed),
            (reached, None, Acquired, Assessed, Assessed),
            (None, below, Assessed, Assessed, Assessed),
            (None, reached, Acquired, Acquired, Assessed),
            (below, below, Assessed, Assessed, Assessed),
            (reached, below, Acquired, Assessed, Assessed),
            (below, reached, Acquired, Acquired, Assessed),
            (reached, reached, Acquired, Acquired, Acquired),
        ] {
            for (rule, expected) in [
                (AssessorRule::AnyTutor, any_tutor),
                (AssessorRule::School, only_school),
                (AssessorRule::CompanyAndSchool, both),
            ] {
                let mut views = Vec::new();
                views.extend(company.map(|rank| (Company, rank)));
                views.extend(school.map(|rank| (School, rank)));
                let facts = with_views(evidence(&[Submitted], &["alone"]), &views);
                let certification = Certification { assessors: rule, ..certification() };
                let progress = of(&certification, &facts);
                assert_eq!(
                    unit(&progress, "B1", "alone").status,
                    expected,
                    "{rule:?}, company {company:?}, school {school:?}"
                );
            }
        }
    }

    #[test]
    fn only_what_is_handed_in_is_evidence() {
        for (statuses, status, gap) in [
            (&[][..], Untouched, Some(Gap::NoEvidence)),
            (&[Draft], Untouched, Some(Gap::EvidenceNotSubmitted)),
            (&[Returned], Untouched, Some(Gap::EvidenceNotSubmitted)),
            (&[Submitted], Evidenced, None),
            (&[Accepted], Evidenced, None),
            (&[Draft, Returned, Accepted], Evidenced, None),
        ] {
            let progress = of(&certification(), &evidence(statuses, &["alone"]));
            let unit = unit(&progress, "B1", "alone");
            assert_eq!(unit.status, status, "{statuses:?}");
            assert_eq!(unit.gaps.first(), gap.as_ref().or(Some(&Gap::NeverAssessedByTutor)));
        }
    }

    #[test]
    fn evidence_is_counted_by_status() {
        let facts = evidence(&[Draft, Draft, Submitted, Accepted, Returned], &["alone"]);
        let progress = of(&certification(), &facts);
        assert_eq!(
            unit(&progress, "B1", "alone").evidence,
            EvidenceCount { draft: 2, submitted: 1, accepted: 1, returned: 1 }
        );
    }

    #[test]
    fn a_student_or_a_jury_makes_nothing_acquired() {
        for kind in [Student, Jury] {
            for rule in [AssessorRule::AnyTutor, AssessorRule::School] {
                let certification = Certification { assessors: rule, ..certification() };
                let facts = with_views(Facts::default(), &[(kind, 2)]);
                let progress = of(&certification, &facts);
                let unit = unit(&progress, "B1", "alone");
                assert_eq!(unit.status, Untouched, "{kind:?} {rule:?}");
                assert!(unit.views[0].reached, "the view itself is shown as it is");
            }
        }
    }

    #[test]
    fn the_newest_signed_view_of_a_kind_stands_whatever_the_order_of_the_facts() {
        let old = rated("B1", "alone", School, 2, 1);
        let new = rated("B1", "alone", School, 0, 2);
        let company = rated("B1", "alone", Company, 1, 3);
        for ratings in [
            vec![old.clone(), new.clone(), company.clone()],
            vec![company.clone(), new.clone(), old.clone()],
        ] {
            let progress = of(&certification(), &Facts { ratings, ..Facts::default() });
            let unit = unit(&progress, "B1", "alone");
            let levels: Vec<_> =
                unit.views.iter().map(|view| (view.assessor, view.level.as_str())).collect();
            assert_eq!(levels, [(Company, "good"), (School, "basic")]);
            assert_eq!(unit.views[1].assessment_id, new.assessment);
        }
    }

    #[test]
    fn a_divergence_is_two_tutors_on_different_sides_of_the_required_level() {
        for (views, divergent) in [
            (&[][..], false),
            (&[(Company, 0)], false),
            (&[(Company, 0), (School, 0)], false),
            (&[(Company, 1), (School, 2)], false),
            (&[(Company, 0), (School, 1)], true),
            (&[(Company, 2), (School, 0)], true),
            (&[(Student, 2), (School, 0)], false),
        ] {
            let progress = of(&certification(), &with_views(Facts::default(), views));
            assert_eq!(unit(&progress, "B1", "alone").divergent, divergent, "{views:?}");
        }
    }

    #[test]
    fn divergences_are_listed_by_block_with_the_transversal_ones() {
        type Row<'a> = (&'a [[RatingFact; 2]], &'a [(&'a str, &'a str)]);
        let differ = |block, competency, company, school| {
            [
                rated(block, competency, Company, company, 1),
                rated(block, competency, School, school, 2),
            ]
        };
        let table: [Row; 4] = [
            (&[], &[]),
            (&[differ("B1", "alone", 1, 2)], &[]),
            (
                &[differ("B1", "team", 0, 1), differ("B1", "alone", 1, 0)],
                &[("B1", "alone"), ("B1", "team")],
            ),
            // The same competency may be seen differently in one block alone.
            (&[differ("B1", "shared", 1, 1), differ("B2", "shared", 0, 2)], &[("B2", "shared")]),
        ];
        for (ratings, expected) in table {
            let facts = Facts { ratings: ratings.concat(), ..Facts::default() };
            let progress = of(&certification(), &facts);
            let found: Vec<_> = progress
                .divergent()
                .map(|(block, unit)| (block, unit.competency.as_str()))
                .collect();
            assert_eq!(found, expected);
        }
        let one_sided = with_views(Facts::default(), &[(Student, 2), (School, 0)]);
        assert_eq!(of(&certification(), &one_sided).divergent().count(), 0);
    }

    #[test]
    fn gaps_name_what_a_jury_would_miss() {
        use Gap::{BelowRequiredLevel, NeverAssessedByTutor, OnlySelfAssessed};
        for (views, gaps) in [
            (&[][..], &[NeverAssessedByTutor][..]),
            (&[(Student, 2)], &[OnlySelfAssessed]),
            (&[(Jury, 2)], &[NeverAssessedByTutor]),
            (&[(Student, 2), (School, 0)], &[BelowRequiredLevel]),
            (&[(School, 1)], &[]),
        ] {
            let facts = with_views(evidence(&[Accepted], &["alone"]), views);
            let progress = of(&certification(), &facts);
            assert_eq!(unit(&progress, "B1", "alone").gaps, gaps, "{views:?}");
        }
    }

    #[test]
    fn a_block_gathers_its_gaps_once_and_misses_its_deliverable_until_it_is_handed_in() {
        for (modality, status, missing) in [
            (None, Accepted, true),
            (Some("B1-M"), Draft, true),
            (Some("B1-M"), Returned, true),
            (Some("B1-M"), Submitted, false),
            (Some("other"), Submitted, true),
        ] {
            let mut facts = evidence(&[status], &[]);
            facts.evidence[0].modality = modality.map(str::to_owned);
            let progress = of(&certification(), &facts);
            let block = block(&progress, "B1");
            let labels: Vec<_> =
                block.missing_deliverables.iter().map(|missing| missing.label.as_str()).collect();
            assert_eq!(labels, if missing { vec!["Rapport"] } else { vec![] }, "{status:?}");
            let found = (!missing).then(|| HandedInDeliverable {
                modality: "B1-M".to_owned(),
                evidence_id: Some(facts.evidence[0].id),
                accepted: false,
            });
            assert_eq!(block.deliverables, found.into_iter().collect::<Vec<_>>(), "{status:?}");
            let mut gaps = vec![Gap::NoEvidence, Gap::NeverAssessedByTutor];
            gaps.extend(missing.then_some(Gap::DeliverableMissing));
            gaps.push(Gap::RequirementUnmet);
            assert_eq!(block.gaps, gaps, "{modality:?} {status:?}");
        }
    }

    #[test]
    fn a_shared_competency_counts_in_each_block_and_is_rated_in_each() {
        let mut facts = evidence(&[Submitted], &["shared"]);
        facts.ratings = vec![rated("B1", "shared", School, 1, 1)];
        let progress = of(&certification(), &facts);
        assert_eq!(unit(&progress, "B1", "shared").status, Acquired);
        assert_eq!(unit(&progress, "B2", "shared").status, Evidenced);
        assert!(unit(&progress, "B2", "shared").views.is_empty());
        assert_eq!(progress.total.total, 3);
    }

    #[test]
    fn the_statuses_add_up_to_the_total() {
        let mut facts = evidence(&[Submitted], &["shared", "team", "apart"]);
        facts.ratings = vec![
            rated("B1", "alone", School, 0, 1),
            rated("B1", "alone", Student, 2, 2),
            rated("B1", "team", School, 1, 3),
            rated("B2", "shared", Company, 1, 4),
        ];
        let progress = of(&certification(), &facts);
        let expected = Tally {
            total: 3,
            acquired: 1,
            assessed: 1,
            evidenced: 1,
            untouched: 0,
            divergent: 0,
            self_assessed: 1,
            older_grid: 0,
        };
        assert_eq!(progress.total, expected);
        for tally in progress.blocks.iter().map(|block| block.tally).chain([progress.total]) {
            let sum = tally.acquired + tally.assessed + tally.evidenced + tally.untouched;
            assert_eq!(sum, tally.total);
        }
    }

    #[test]
    fn a_transversal_competency_is_assessed_in_its_block_but_not_counted() {
        let facts = Facts { ratings: vec![rated("B1", "team", School, 1, 1)], ..Facts::default() };
        let progress = of(&certification(), &facts);
        assert_eq!(unit(&progress, "B1", "team").status, Acquired);
        assert_eq!(block(&progress, "B1").tally.acquired, 0);
        assert_eq!(block(&progress, "B1").tally.total, 2);
    }

    #[test]
    fn the_required_level_follows_the_profile_and_the_block() {
        let facts = Facts {
            ratings: vec![rated("B1", "shared", School, 1, 1), rated("B2", "shared", School, 1, 1)],
            ..Facts::default()
        };
        for (profile, required, status) in [
            (None, "good", Acquired),
            (Some("expert"), "expert", Assessed),
            (Some("unknown"), "good", Acquired),
        ] {
            let effective = Effective::original(Arc::new(certification()));
            let progress = progress(&effective, LearnerStatus::Student, profile, &facts);
            let unit_in_b2 = unit(&progress, "B2", "shared");
            assert_eq!(unit_in_b2.required_level, required, "{profile:?}");
            assert_eq!(unit_in_b2.status, status, "{profile:?}");
            assert_eq!(unit(&progress, "B1", "shared").status, Acquired, "{profile:?}");
        }
    }

    #[test]
    fn a_competency_outside_every_block_has_evidence_and_nothing_else() {
        let mut facts = evidence(&[Accepted], &["apart"]);
        facts.ratings = vec![rated("B1", "apart", School, 2, 1)];
        let progress = of(&certification(), &facts);
        let [outside] = &progress.outside[..] else { panic!("one competency is outside") };
        assert_eq!((outside.competency.as_str(), outside.status), ("apart", Evidenced));
        assert!(outside.views.is_empty() && outside.gaps.is_empty());
    }

    const FIRST: Uuid = Uuid::from_u128(101);
    const SECOND: Uuid = Uuid::from_u128(102);

    /// The certification's own grid, then one on a scale of two levels, then one that is in force,
    /// on the certification's scale again with the highest level asked for.
    fn grids(assessors: AssessorRule) -> (Effective, HashMap<Uuid, Arc<Effective>>) {
        let original = Arc::new(Certification { assessors, ..certification() });
        let mut content = GridContent::of(&original);
        content.required_level = EXPERT.to_owned();
        let second = Effective::graded(SECOND, 2, &content, original.clone());
        content.levels = ["no", "yes"]
            .map(|key| Level { key: key.to_owned(), label: key.to_uppercase(), description: None })
            .into();
        content.required_level = "yes".to_owned();
        content.required[0].by_profile = BTreeMap::from([("expert".to_owned(), "no".to_owned())]);
        let first = Arc::new(Effective::graded(FIRST, 1, &content, original));
        (second.clone(), HashMap::from([(FIRST, first), (SECOND, Arc::new(second))]))
    }

    fn on(grid: Option<Uuid>, rating: RatingFact) -> RatingFact {
        RatingFact { grid, ..rating }
    }

    #[test]
    fn a_view_is_judged_on_the_grid_it_was_made_on() {
        // grid, rank of the level; how it is called, whether it reaches what that grid asks for
        for (grid, rank, label, reached, number) in [
            (None, 0, "basic", false, 0),
            (None, 1, "good", true, 0),
            (Some(FIRST), 0, "NO", false, 1),
            (Some(FIRST), 1, "YES", true, 1),
            (Some(SECOND), 1, "good", false, 2),
            (Some(SECOND), 2, "expert", true, 2),
        ] {
            // What each rule makes of a school's view alone.
            for (rule, acquired) in [
                (AssessorRule::AnyTutor, true),
                (AssessorRule::School, true),
                (AssessorRule::CompanyAndSchool, false),
            ] {
                let (effective, grids) = grids(rule);
                let ratings = vec![on(grid, rated("B1", "alone", School, rank, 1))];
                let facts = Facts { ratings, grids, ..Facts::default() };
                let progress = progress(&effective, LearnerStatus::Student, None, &facts);
                let unit = unit(&progress, "B1", "alone");
                let [view] = &unit.views[..] else { panic!("one view") };
                let older = number < 2;
                assert_eq!(
                    (view.level_label.as_str(), view.reached, view.grid, view.older_grid),
                    (label, reached, number, older)
                );
                let expected = if acquired && reached { Acquired } else { Assessed };
                assert_eq!(unit.status, expected, "{rule:?} {label}");
                assert_eq!(progress.total.older_grid, u32::from(older));
                // What is asked for from now on is the grid's in force.
                assert_eq!(unit.required_level, EXPERT);
            }
        }
    }

    #[test]
    fn what_a_new_grid_changes_elsewhere_makes_no_view_older() {
        let original = Arc::new(certification());
        for (changed, older) in [("alone", true), ("shared", false)] {
            let mut content = GridContent::of(&original);
            for competency in &mut content.competencies {
                if competency.competency == changed {
                    competency.criteria[0].text = "Tout autre chose".to_owned();
                }
            }
            let effective = Effective::graded(FIRST, 1, &content, original.clone());
            let ratings = vec![on(None, rated("B1", "alone", School, 1, 1))];
            let facts = Facts { ratings, ..Facts::default() };
            let progress = progress(&effective, LearnerStatus::Student, None, &facts);
            assert_eq!(progress.total.older_grid, u32::from(older), "{changed}");
        }
    }

    #[test]
    fn two_tutors_on_different_grids_stand_side_by_side() {
        for (company, school, status, divergent) in [
            ((None, 1), (Some(SECOND), 2), Acquired, false),
            ((None, 1), (Some(SECOND), 1), Assessed, true),
            ((Some(FIRST), 1), (None, 1), Acquired, false),
            ((Some(FIRST), 0), (None, 2), Assessed, true),
        ] {
            let (effective, grids) = grids(AssessorRule::CompanyAndSchool);
            let ratings = vec![
                on(company.0, rated("B1", "alone", Company, company.1, 1)),
                on(school.0, rated("B1", "alone", School, school.1, 2)),
            ];
            let facts = Facts { ratings, grids, ..Facts::default() };
            let progress = progress(&effective, LearnerStatus::Student, None, &facts);
            let unit = unit(&progress, "B1", "alone");
            assert_eq!((unit.status, unit.divergent), (status, divergent));
            assert_eq!(progress.total.older_grid, 1, "a competency counts once");
        }
    }

    #[test]
    fn the_profile_is_judged_on_the_old_grid_too() {
        let (effective, grids) = grids(AssessorRule::AnyTutor);
        let ratings = vec![on(Some(FIRST), rated("B2", "shared", School, 0, 1))];
        let facts = Facts { ratings, grids, ..Facts::default() };
        for (profile, status) in [(None, Assessed), (Some("expert"), Acquired)] {
            let progress = progress(&effective, LearnerStatus::Student, profile, &facts);
            assert_eq!(unit(&progress, "B2", "shared").status, status, "{profile:?}");
        }
    }

    #[test]
    fn a_mapped_competency_is_assessed_and_counted_in_its_block() {
        let original = Arc::new(certification());
        let mut content = GridContent::of(&original);
        content.mappings = vec![Mapping { competency: "apart".into(), block: "B2".into() }];
        let effective = Effective::graded(FIRST, 1, &content, original);
        let mut facts = evidence(&[Submitted], &["apart"]);
        let before = progress(&effective, LearnerStatus::Student, None, &facts);
        assert!(before.outside.is_empty());
        assert_eq!(unit(&before, "B2", "apart").status, Evidenced);
        assert_eq!(block(&before, "B2").tally.total, 2);
        facts.ratings = vec![on(Some(FIRST), rated("B2", "apart", School, 1, 1))];
        let after = progress(&effective, LearnerStatus::Student, None, &facts);
        assert_eq!(unit(&after, "B2", "apart").status, Acquired);
    }

    #[test]
    fn an_unmet_requirement_is_a_gap_of_every_block() {
        let mut facts = evidence(&[Accepted], &[]);
        let met = |facts: &Facts| {
            let progress = of(&certification(), facts);
            progress.blocks.iter().all(|block| !block.gaps.contains(&Gap::RequirementUnmet))
        };
        assert!(!met(&facts));
        facts.evidence[0].requirements = vec!["CV".to_owned()];
        assert!(met(&facts));
    }
}
