//! Assessments: a grid of criteria, filled by one person on one occasion.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    certification::{Block, Certification, Competency},
    fault::{Fault, Faults},
    person::User,
};

pub const OCCASION_MAX: usize = 200;
pub const COMMENT_MAX: usize = 4_000;
pub const EVIDENCE_MAX: usize = 200;

/// Whom an assessment speaks for. The kinds stand side by side; none overwrites another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssessorKind {
    #[serde(rename = "self")]
    Student,
    Company,
    School,
    Jury,
}

impl AssessorKind {
    pub fn is_tutor(self) -> bool {
        matches!(self, Self::Company | Self::School)
    }
}

/// draft → signed. A signed assessment never changes; a newer one supersedes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssessmentStatus {
    Draft,
    Signed,
}

/// The assessment is signed: nothing changes it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a signed assessment never changes")]
pub struct AlreadySigned;

impl AssessmentStatus {
    pub fn edit(self) -> Result<(), AlreadySigned> {
        match self {
            Self::Draft => Ok(()),
            Self::Signed => Err(AlreadySigned),
        }
    }
}

/// What an assessor says of one competency of the block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rating {
    /// Key of the competency.
    pub competency: String,
    pub criteria: Vec<CriterionRating>,
}

/// The level given to one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CriterionRating {
    /// Key of the criterion.
    pub criterion: String,
    /// Key of the level; absent while the assessor has not chosen.
    #[serde(default)]
    pub level: Option<String>,
    #[serde(default)]
    pub comment: String,
}

/// What an assessor writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssessmentContent {
    /// What it was done on: a visit, a defence, the end of a period.
    pub occasion: String,
    pub assessed_on: NaiveDate,
    pub comment: String,
    /// The evidence that was considered.
    pub evidence: Vec<Uuid>,
    pub ratings: Vec<Rating>,
}

/// A grid that one person filled on one occasion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    pub id: Uuid,
    pub enrolment_id: Uuid,
    pub kind: AssessorKind,
    /// Code of the block.
    pub block: String,
    /// Number of the grid that it was started on, and stands on; 0 for the certification's own.
    pub grid: u32,
    #[serde(skip)]
    pub grid_id: Option<Uuid>,
    #[serde(flatten)]
    pub content: AssessmentContent,
    pub assessor: User,
    pub status: AssessmentStatus,
    /// Every competency of it has been assessed anew by the same kind of assessor.
    pub superseded: bool,
    pub created_at: DateTime<Utc>,
    pub signed_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl AssessmentContent {
    /// What every saved draft must satisfy: it speaks of this block, its criteria and the scale.
    pub fn check(
        &self,
        certification: &Certification,
        block: &Block,
        today: NaiveDate,
    ) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.at_most("occasion", &self.occasion, OCCASION_MAX);
        faults.at_most("comment", &self.comment, COMMENT_MAX);
        faults.day("assessed_on", Some(self.assessed_on));
        if self.evidence.len() > EVIDENCE_MAX {
            faults.add("evidence", "too_many", format!("Au plus {EVIDENCE_MAX} preuves."));
        }
        // One day more: in the Pacific it is tomorrow already.
        if Some(self.assessed_on) > today.succ_opt() {
            faults.add("assessed_on", "in_the_future", "Cette date n’est pas encore passée.");
        }
        let mut seen = BTreeSet::new();
        for (index, rating) in self.ratings.iter().enumerate() {
            let field = format!("ratings[{index}]");
            if !block.assesses(&rating.competency) {
                faults.add(
                    format!("{field}.competency"),
                    "competency_not_in_block",
                    format!(
                        "La compétence « {} » n’est pas dans le bloc {}.",
                        rating.competency, block.code
                    ),
                );
                continue;
            }
            if !seen.insert(&rating.competency) {
                faults.add(
                    format!("{field}.competency"),
                    "repeated",
                    "Cette compétence est évaluée deux fois dans la même grille.",
                );
            }
            check_criteria(certification, rating, &field, &mut faults);
        }
        faults.into_result()
    }

    /// What a signature must satisfy beside: an occasion, at least one competency, and every
    /// criterion of each competency that has been given any level.
    pub fn check_signature(
        &self,
        certification: &Certification,
        block: &Block,
        today: NaiveDate,
    ) -> Result<(), Vec<Fault>> {
        self.check(certification, block, today)?;
        let mut faults = Faults::default();
        faults.text("occasion", &self.occasion, OCCASION_MAX);
        let mut any = false;
        for (index, rating) in self.ratings.iter().enumerate() {
            if !rating.is_started() {
                continue;
            }
            any = true;
            if rating.lowest(certification).is_none() {
                faults.add(
                    format!("ratings[{index}].criteria"),
                    "criterion_without_level",
                    "Donnez un niveau à chaque critère de cette compétence, ou à aucun.",
                );
            }
        }
        if !any {
            faults.add(
                "ratings",
                "nothing_assessed",
                "Donnez un niveau à au moins une compétence avant de signer.",
            );
        }
        faults.into_result()
    }

    /// What of it can be said on another grid: the levels of criteria and scale that are there too,
    /// and every comment of a criterion that is.
    #[must_use]
    pub fn restarted_on(mut self, certification: &Certification, block: &Block) -> Self {
        self.ratings.retain(|rating| block.assesses(&rating.competency));
        for rating in &mut self.ratings {
            let competency = certification.competency(&rating.competency);
            let criteria = competency.map(Competency::criteria).unwrap_or_default();
            rating.criteria.retain(|rated| criteria.iter().any(|it| it.key == rated.criterion));
            for rated in &mut rating.criteria {
                rated.level.take_if(|level| certification.rank(level).is_none());
            }
        }
        self
    }
}

impl Rating {
    /// Whether any criterion has been given a level.
    pub fn is_started(&self) -> bool {
        self.criteria.iter().any(|criterion| criterion.level.is_some())
    }

    /// Rank of the lowest level over the competency's criteria; `None` while one has no level.
    pub fn lowest(&self, certification: &Certification) -> Option<usize> {
        let competency = certification.competency(&self.competency)?;
        let mut lowest = None;
        for criterion in competency.criteria() {
            let level = self
                .criteria
                .iter()
                .find(|rated| rated.criterion == criterion.key)?
                .level
                .as_ref()?;
            let rank = certification.rank(level)?;
            lowest = Some(lowest.map_or(rank, |low: usize| low.min(rank)));
        }
        lowest
    }

    /// Mean place in the scale by the weights of the criteria, in hundredths, 100 being the lowest
    /// level. `None` where the grid has no weights, or a criterion no level.
    ///
    /// It is shown beside the lowest level and decides nothing.
    pub fn weighted(&self, certification: &Certification) -> Option<u32> {
        let competency = certification.competency(&self.competency)?;
        let (mut sum, mut weights) = (0, 0);
        for criterion in competency.criteria() {
            let rated = self.criteria.iter().find(|rated| rated.criterion == criterion.key)?;
            let rank = certification.rank(rated.level.as_ref()?)?;
            let weight = criterion.weight?;
            sum += weight * u32::try_from(rank + 1).ok()? * 100;
            weights += weight;
        }
        Some((sum + weights / 2) / weights)
    }
}

fn check_criteria(
    certification: &Certification,
    rating: &Rating,
    field: &str,
    faults: &mut Faults,
) {
    let known =
        certification.competency(&rating.competency).map(Competency::criteria).unwrap_or_default();
    let mut seen = BTreeSet::new();
    for (index, rated) in rating.criteria.iter().enumerate() {
        let field = format!("{field}.criteria[{index}]");
        if !known.iter().any(|criterion| criterion.key == rated.criterion) {
            faults.add(
                format!("{field}.criterion"),
                "unknown_criterion",
                format!("« {} » n’est pas un critère de cette compétence.", rated.criterion),
            );
        } else if !seen.insert(&rated.criterion) {
            faults.add(format!("{field}.criterion"), "repeated", "Ce critère a deux niveaux.");
        }
        if let Some(level) = &rated.level
            && certification.rank(level).is_none()
        {
            faults.add(
                format!("{field}.level"),
                "level_outside_scale",
                format!("« {level} » n’est pas un niveau de l’échelle de la certification."),
            );
        }
        faults.at_most(format!("{field}.comment"), &rated.comment, COMMENT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certification::Criterion;
    use crate::fixtures::{BASIC, EXPERT, GOOD, certification, day, grid, rating, wrong};

    const TODAY: &str = "2026-03-01";

    fn faults(content: &AssessmentContent) -> (Vec<String>, Vec<String>) {
        let certification = certification();
        let block = certification.block("B1").expect("the block");
        (
            wrong(content.check(&certification, block, day(TODAY))),
            wrong(content.check_signature(&certification, block, day(TODAY))),
        )
    }

    #[test]
    fn what_a_grid_may_say() {
        let alone = |c1, c2| rating("alone", &[("c1", c1), ("c2", c2)]);
        let table: [(Vec<Rating>, &[&str]); 9] = [
            (vec![alone(GOOD, BASIC)], &[]),
            (vec![rating("shared", &[("shared", GOOD)]), rating("team", &[("team", GOOD)])], &[]),
            (
                vec![rating("apart", &[("apart", GOOD)])],
                &["ratings[0].competency: competency_not_in_block"],
            ),
            (vec![rating("nowhere", &[])], &["ratings[0].competency: competency_not_in_block"]),
            (vec![alone(GOOD, GOOD), alone(GOOD, GOOD)], &["ratings[1].competency: repeated"]),
            (vec![alone(GOOD, "superb")], &["ratings[0].criteria[1].level: level_outside_scale"]),
            (
                vec![rating("alone", &[("c1", GOOD), ("c2", GOOD), ("c9", GOOD)])],
                &["ratings[0].criteria[2].criterion: unknown_criterion"],
            ),
            (
                vec![rating("alone", &[("c1", GOOD), ("c1", BASIC), ("c2", GOOD)])],
                &["ratings[0].criteria[1].criterion: repeated"],
            ),
            (
                // A competency with criteria of its own is not rated as a whole.
                vec![rating("alone", &[("alone", GOOD)])],
                &["ratings[0].criteria[0].criterion: unknown_criterion"],
            ),
        ];
        for (ratings, expected) in table {
            let content = grid(ratings);
            let (saving, signing) = faults(&content);
            assert_eq!(saving, expected, "{:?}", content.ratings);
            assert_eq!(signing, expected, "{:?}", content.ratings);
        }
    }

    #[test]
    fn a_signature_asks_for_whole_competencies() {
        let done = rating("shared", &[("shared", GOOD)]);
        let table: [(Vec<Rating>, &[&str]); 6] = [
            (vec![], &["ratings: nothing_assessed"]),
            (vec![rating("alone", &[("c1", ""), ("c2", "")])], &["ratings: nothing_assessed"]),
            (
                vec![rating("alone", &[("c1", GOOD), ("c2", "")])],
                &["ratings[0].criteria: criterion_without_level"],
            ),
            (
                vec![done.clone(), rating("alone", &[("c1", GOOD)])],
                &["ratings[1].criteria: criterion_without_level"],
            ),
            (vec![rating("alone", &[]), done.clone()], &[]),
            (vec![done], &[]),
        ];
        for (ratings, expected) in table {
            let content = grid(ratings);
            let (saving, signing) = faults(&content);
            assert!(saving.is_empty(), "a draft may be incomplete: {saving:?}");
            assert_eq!(signing, expected, "{:?}", content.ratings);
        }
    }

    #[test]
    fn an_assessment_has_an_occasion_that_is_past() {
        let done = || vec![rating("shared", &[("shared", GOOD)])];
        for (content, saving, signing) in [
            (
                AssessmentContent { assessed_on: day("2026-03-03"), ..grid(done()) },
                &["assessed_on: in_the_future"][..],
                &["assessed_on: in_the_future"][..],
            ),
            (
                AssessmentContent { occasion: "  ".to_owned(), ..grid(done()) },
                &[],
                &["occasion: required"],
            ),
            (
                AssessmentContent { occasion: "a".repeat(OCCASION_MAX + 1), ..grid(done()) },
                &["occasion: too_long"],
                &["occasion: too_long"],
            ),
            (
                AssessmentContent { comment: "a".repeat(COMMENT_MAX + 1), ..grid(done()) },
                &["comment: too_long"],
                &["comment: too_long"],
            ),
        ] {
            let (found_saving, found_signing) = faults(&content);
            assert_eq!(found_saving, saving);
            assert_eq!(found_signing, signing);
        }
    }

    #[test]
    fn a_competency_is_at_the_lowest_level_of_its_criteria() {
        for (criteria, lowest) in [
            (&[("c1", EXPERT), ("c2", BASIC)][..], Some(0)),
            (&[("c2", GOOD), ("c1", EXPERT)], Some(1)),
            (&[("c1", EXPERT)], None),
            (&[("c1", EXPERT), ("c2", "")], None),
        ] {
            assert_eq!(rating("alone", criteria).lowest(&certification()), lowest, "{criteria:?}");
        }
        assert_eq!(rating("shared", &[("shared", GOOD)]).lowest(&certification()), Some(1));
    }

    #[test]
    fn a_weighted_position_needs_every_weight_and_every_level() {
        for (weights, criteria, weighted) in [
            ([None, None], [("c1", GOOD), ("c2", GOOD)], None),
            ([Some(1), None], [("c1", GOOD), ("c2", GOOD)], None),
            ([Some(1), Some(1)], [("c1", GOOD), ("c2", "")], None),
            ([Some(1), Some(1)], [("c1", BASIC), ("c2", EXPERT)], Some(200)),
            ([Some(3), Some(1)], [("c1", BASIC), ("c2", EXPERT)], Some(150)),
            ([Some(1), Some(2)], [("c1", BASIC), ("c2", GOOD)], Some(167)),
            ([Some(100), Some(1)], [("c1", EXPERT), ("c2", EXPERT)], Some(300)),
        ] {
            let mut certification = certification();
            for (criterion, weight) in
                certification.competencies[0].criteria.iter_mut().zip(weights)
            {
                criterion.weight = weight;
            }
            let rating = rating("alone", &criteria);
            assert_eq!(rating.weighted(&certification), weighted, "{weights:?} {criteria:?}");
        }
    }

    #[test]
    fn a_draft_keeps_what_the_new_grid_still_knows() {
        let content = grid(vec![
            rating("alone", &[("c1", GOOD), ("c2", EXPERT)]),
            rating("shared", &[("shared", BASIC)]),
            rating("team", &[("team", GOOD)]),
        ]);
        let mut certification = certification();
        certification.levels.remove(0);
        certification.competencies[0].criteria[0] = Criterion::plain("c9", "c9");
        certification.blocks[0].transversal.clear();
        let block = certification.block("B1").expect("the block");
        let restarted = content.clone().restarted_on(&certification, block);
        let expected = [rating("alone", &[("c2", EXPERT)]), rating("shared", &[("shared", "")])];
        assert_eq!(restarted.ratings, expected);
        assert_eq!(restarted.occasion, content.occasion);
        assert_eq!(restarted.check(&certification, block, day(TODAY)), Ok(()));
    }

    #[test]
    fn what_is_signed_is_not_edited() {
        assert_eq!(AssessmentStatus::Draft.edit(), Ok(()));
        assert_eq!(AssessmentStatus::Signed.edit(), Err(AlreadySigned));
    }
}
