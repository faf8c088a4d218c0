//! The levels of each assessor, side by side.

use std::collections::BTreeMap;

use domain::{
    assessment::{Assessment, AssessorKind, Rating},
    certification::{Block, Certification, Competency},
};
use maud::{Markup, html};

use super::{
    page::{day, prose},
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
    /// Rank of the lowest level over the criteria.
    fn rank(&self) -> Option<usize> {
        self.rating.lowest(self.scale)
    }

    fn level(&self) -> &str {
        let level = self.rank().and_then(|rank| self.scale.levels.get(rank));
        level.map_or("Incomplet", |level| &level.label)
    }

    /// Whether it reaches what its own grid requires.
    fn reached(&self, profile: Option<&str>) -> bool {
        let Some(block) = self.scale.block(&self.assessment.block) else { return false };
        let required = self.scale.required_level_in(block, &self.rating.competency, profile);
        self.rank().is_some_and(|rank| Some(rank) >= self.scale.rank(required))
    }
}

/// One competency: what each assessor says of it, criterion by criterion, side by side.
pub fn side_by_side(
    scales: &Scales,
    assessments: &[Assessment],
    block: &Block,
    competency: &str,
    profile: Option<&str>,
) -> Markup {
    let certification = scales.certification;
    let said: Vec<(AssessorKind, Option<Said>)> = KINDS
        .into_iter()
        .zip(scales.said(assessments, &block.code, competency))
        // Juries rarely fill a grid.
        .filter(|(kind, said)| said.is_some() || *kind != AssessorKind::Jury)
        .collect();
    let required = certification.required_level_in(block, competency, profile);
    let official = certification.competency(competency);
    let criteria = official.map(Competency::criteria).unwrap_or_default();
    let (code, _) = words::competency(certification, competency);
    let caption = format!("Niveaux de {code} dans {}", block.code);
    html! {
        p { "Niveau requis\u{a0}: " strong { (words::level(certification, required)) } }
        div.sideways tabindex="0" role="region" aria-label=(caption) {
            table.levels {
                caption { (caption) }
                thead { tr {
                    td {}
                    @for (kind, said) in &said {
                        th scope="col" { (head(*kind, said.as_ref(), profile)) }
                    }
                } }
                tbody { @for criterion in &criteria { tr {
                    th scope="row" {
                        @if criterion.key == competency { "Niveau" } @else { (criterion.text) }
                    }
                    @for (kind, said) in &said {
                        td data-side=(words::assessor(*kind)) {
                            @if let Some(said) = said { (rated(said, &criterion.key)) }
                        }
                    }
                } } }
            }
        }
    }
}

fn head(kind: AssessorKind, said: Option<&Said>, profile: Option<&str>) -> Markup {
    html! {
        strong { (words::assessor(kind)) } br;
        @match said {
            Some(said) => {
                @let reached = said.reached(profile);
                strong { @if reached { "✓ " } @else { "▵ " } (said.level()) }
                br;
                @if reached { "niveau requis atteint" } @else { "sous le niveau requis" }
                br;
                span.quiet {
                    (words::name(&said.assessment.assessor)) ", le "
                    (day(said.assessment.content.assessed_on))
                    @if !said.assessment.content.occasion.is_empty() {
                        " – " (said.assessment.content.occasion)
                    }
                }
            }
            None => span.quiet { "Pas d’évaluation" }
        }
    }
}

/// What an assessor says of one criterion.
fn rated(said: &Said, criterion: &str) -> Markup {
    let competency = said.scale.competency(&said.rating.competency);
    let known = competency.map(Competency::criteria).unwrap_or_default();
    let known = known.iter().find(|one| one.key == criterion);
    html! {
        @if let Some(rated) = said.rating.criteria.iter().find(|one| one.criterion == criterion) {
            @match &rated.level {
                Some(level) => {
                    strong { (words::level(said.scale, level)) }
                    @if let Some(seen) = known.and_then(|one| one.descriptors.get(level)) {
                        p.quiet { (seen) }
                    }
                }
                None => span.quiet { "Sans niveau" }
            }
            (prose(&rated.comment))
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
