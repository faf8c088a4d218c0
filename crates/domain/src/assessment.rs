//! Assessments: a grid of criteria, filled by one person on one occasion.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    certification::{Block, Certification},
    fault::{Fault, Faults},
    person::User,
};

pub const OCCASION_MAX: usize = 200;
pub const COMMENT_MAX: usize = 4_000;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    pub id: Uuid,
    pub enrolment_id: Uuid,
    pub kind: AssessorKind,
    /// Code of the block.
    pub block: String,
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
        if self.assessed_on > today {
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
}

fn check_criteria(
    certification: &Certification,
    rating: &Rating,
    field: &str,
    faults: &mut Faults,
) {
    let known = certification
        .competency(&rating.competency)
        .map(crate::certification::Competency::criteria)
        .unwrap_or_default();
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
