//! The levels of each assessor, side by side.

use std::collections::BTreeMap;

use domain::{
    assessment::{Assessment, AssessorKind, Rating},
    certification::{Block, Certification, Competency},
};
use maud::{Markup, html};

use super::{
    page::{day, prose, table},
    words,
};

const KINDS: [AssessorKind; 4] =
    [AssessorKind::Student, AssessorKind::Company, AssessorKind::School, AssessorKind::Jury];

/// The certification as the grid in force makes it, and as each other grid made it.
pub struct Scales<'a> {
    pub certification: &'a Certification,
    graded: BTreeMap<u32, &'a Certification>,
}

/// What one kind of assessor said last of a competency.
pub struct Said<'a> {
    pub assessment: &'a Assessment,
    rating: &'a Rating,
    scale: &'a Certification,
}

impl<'a> Scales<'a> {
    pub fn new(
        certification: &'a Certification,
        graded: impl IntoIterator<Item = (u32, &'a Certification)>,
    ) -> Self {
        Self { certification, graded: graded.into_iter().collect() }
    }

    /// The certification that an assessment stands on.
    pub fn of(&self, assessment: &Assessment) -> &'a Certification {
        self.graded.get(&assessment.grid).copied().unwrap_or(self.certification)
    }

    /// What each kind of assessor signed last of a competency in a block.
    pub fn said(
        &self,
        assessments: &'a [Assessment],
        block: &str,
        competency: &str,
    ) -> Vec<Option<Said<'a>>> {
        let newest = |kind| {
            let of_kind = assessments.iter().filter(|one| one.kind == kind && one.block == block);
            let rated = of_kind.filter_map(|assessment| {
                let rating = assessment
                    .content
                    .ratings
                    .iter()
                    .find(|rating| rating.competency == competency && rating.is_started())?;
                Some(Said { assessment, rating, scale: self.of(assessment) })
            });
            rated.max_by_key(|said| said.assessment.signed_at)
        };
        KINDS.into_iter().map(newest).collect()
    }
}

impl Said<'_> {
    /// Label of the lowest level over the criteria.
    fn level(&self) -> &str {
        self.rating
            .lowest(self.scale)
            .and_then(|rank| self.scale.levels.get(rank))
            .map_or("Incomplet", |level| &level.label)
    }
}

/// One competency: a table of the assessors, then what each says criterion by criterion.
pub fn side_by_side(
    scales: &Scales,
    assessments: &[Assessment],
    block: &Block,
    competency: &str,
    profile: Option<&str>,
) -> Markup {
    let said = scales.said(assessments, &block.code, competency);
    let required = scales.certification.required_level_in(block, competency, profile);
    let rows = KINDS.into_iter().zip(&said).map(|(kind, said)| {
        html! {
            th scope="row" { (words::assessor(kind)) }
            @if let Some(said) = said {
                td { strong { (said.level()) } }
                td { (words::name(&said.assessment.assessor)) }
                td { (day(said.assessment.content.assessed_on)) }
            } @else {
                td.quiet { "Pas d’évaluation" }
                td {}
                td {}
            }
        }
    });
    let (code, _) = words::competency(scales.certification, competency);
    html! {
        p { "Niveau attendu\u{a0}: " strong { (words::level(scales.certification, required)) } }
        (table(
            &format!("Niveaux de {code} dans {}", block.code),
            &["Qui évalue", "Niveau", "Nom", "Date"],
            rows.collect(),
        ))
        @if said.iter().any(Option::is_some) {
            details {
                summary { "Critère par critère" }
                @for (kind, said) in KINDS.into_iter().zip(&said) {
                    @if let Some(said) = said {
                        p { strong { (words::assessor(kind)) } ", " (said.assessment.content.occasion) }
                        (criteria(said.scale, said.rating))
                    }
                }
            }
        }
    }
}

/// What an assessor says of each criterion of a competency.
pub fn criteria(scale: &Certification, rating: &Rating) -> Markup {
    let known = scale.competency(&rating.competency).map(Competency::criteria).unwrap_or_default();
    html! {
        ul {
            @for rated in &rating.criteria {
                @let criterion = known.iter().find(|one| one.key == rated.criterion);
                li {
                    (criterion.map_or(rated.criterion.as_str(), |one| &one.text)) "\u{a0}: "
                    @match &rated.level {
                        Some(level) => {
                            strong { (words::level(scale, level)) }
                            @if let Some(seen) = criterion.and_then(|one| one.descriptors.get(level)) {
                                " (" (seen) ")"
                            }
                        }
                        None => span.quiet { "sans niveau" }
                    }
                    (prose(&rated.comment))
                }
            }
        }
    }
}
