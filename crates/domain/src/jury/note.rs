//! What a member writes for themself while reading a candidate's dossier: notes, questions, and a
//! grid of their own. Nobody else reads it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    certification::Certification,
    fault::{Fault, Faults},
};

pub const TEXT_MAX: usize = 4_000;
/// Most notes of one member on one candidate.
pub const NOTES_MAX: usize = 500;

/// What the member writes it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    Note,
    /// To be asked in the interview.
    Question,
}

/// What a note says, and of what: of a competency in a block, of a block, or of the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteContent {
    pub kind: NoteKind,
    /// Code of the block.
    #[serde(default)]
    pub block: Option<String>,
    /// Key of the competency, in that block.
    #[serde(default)]
    pub competency: Option<String>,
    pub text: String,
}

/// A note that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    pub id: Uuid,
    #[serde(flatten)]
    pub content: NoteContent,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// The level that the member gives to one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnLevel {
    /// Code of the block.
    pub block: String,
    /// Key of the competency.
    pub competency: String,
    /// Key of the criterion.
    pub criterion: String,
    /// Key of the level.
    pub level: String,
}

/// The member's own grid on one candidate. It binds nobody, its author included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnGrid {
    pub levels: Vec<OwnLevel>,
    /// 0 before anything is kept.
    pub version: i32,
}

impl NoteContent {
    /// It says something, of what the frozen certification has.
    pub fn check(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.text("text", &self.text, TEXT_MAX);
        match (&self.block, &self.competency) {
            (None, None) => {}
            (None, Some(_)) => {
                faults.add("block", "required", "Indiquez le bloc de cette compétence.");
            }
            (Some(block), competency) => {
                check_place(certification, block, competency.as_deref(), "", &mut faults);
            }
        }
        faults.into_result()
    }
}

/// Every level is one of the scale, on a criterion of a competency that its block assesses, once.
pub fn check_levels(certification: &Certification, levels: &[OwnLevel]) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    let mut seen = BTreeSet::new();
    for (index, OwnLevel { block, competency, criterion, level }) in levels.iter().enumerate() {
        let field = format!("levels[{index}].");
        if !check_place(certification, block, Some(competency), &field, &mut faults) {
            continue;
        }
        let has = certification
            .competency(competency)
            .is_some_and(|found| found.criteria().iter().any(|known| known.key == *criterion));
        if !has {
            faults.add(
                format!("{field}criterion"),
                "unknown_criterion",
                format!("« {criterion} » n’est pas un critère de cette compétence."),
            );
        } else if !seen.insert((block, competency, criterion)) {
            faults.add(format!("{field}criterion"), "repeated", "Ce critère a deux niveaux.");
        }
        if certification.rank(level).is_none() {
            faults.add(
                format!("{field}level"),
                "level_outside_scale",
                format!("« {level} » n’est pas un niveau de l’échelle de la certification."),
            );
        }
    }
    faults.into_result()
}

/// Whether the certification has this place; says so in `faults` where it does not.
fn check_place(
    certification: &Certification,
    block: &str,
    competency: Option<&str>,
    field: &str,
    faults: &mut Faults,
) -> bool {
    match (certification.block(block), competency) {
        (None, _) => faults.add(
            format!("{field}block"),
            "unknown_block",
            format!("« {block} » n’est pas un bloc de la certification."),
        ),
        (Some(found), Some(key)) if !found.assesses(key) => faults.add(
            format!("{field}competency"),
            "competency_not_in_block",
            format!("La compétence « {key} » n’est pas dans le bloc {block}."),
        ),
        _ => return true,
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{EXPERT, GOOD, certification, wrong};

    /// Block, competency, text, faults.
    type Row<'a> = (Option<&'a str>, Option<&'a str>, &'a str, &'a [&'a str]);

    #[test]
    fn a_note_says_something_of_what_is_read() {
        let long = "a".repeat(TEXT_MAX + 1);
        let most = "é".repeat(TEXT_MAX);
        let table: [Row; 11] = [
            (None, None, "Une question", &[]),
            (Some("B1"), None, "Une question", &[]),
            (Some("B1"), Some("alone"), "Une question", &[]),
            (Some("B1"), Some("team"), most.as_str(), &[]),
            (Some("B2"), Some("shared"), "Deux\nlignes", &[]),
            (None, Some("alone"), "Une question", &["block: required"]),
            (Some("B9"), None, "Une question", &["block: unknown_block"]),
            (Some("B2"), Some("alone"), "x", &["competency: competency_not_in_block"]),
            (Some("B1"), Some("apart"), "x", &["competency: competency_not_in_block"]),
            (None, None, " \n", &["text: required"]),
            (Some("B9"), None, long.as_str(), &["text: too_long", "block: unknown_block"]),
        ];
        for (block, competency, text, faults) in table {
            let note = NoteContent {
                kind: NoteKind::Question,
                block: block.map(str::to_owned),
                competency: competency.map(str::to_owned),
                text: text.to_owned(),
            };
            assert_eq!(wrong(note.check(&certification())), faults, "{note:?}");
        }
    }

    #[test]
    fn an_own_level_is_one_of_the_scale_on_a_criterion_of_the_block() {
        let table: [(&[[&str; 4]], &[&str]); 9] = [
            (&[], &[]),
            (&[["B1", "alone", "c1", GOOD], ["B1", "alone", "c2", EXPERT]], &[]),
            // The same competency in two blocks is judged twice.
            (&[["B1", "shared", "shared", GOOD], ["B2", "shared", "shared", EXPERT]], &[]),
            (&[["B1", "team", "team", GOOD]], &[]),
            (&[["B9", "alone", "c1", GOOD]], &["levels[0].block: unknown_block"]),
            (
                &[["B1", "team", "team", GOOD], ["B2", "alone", "c1", GOOD]],
                &["levels[1].competency: competency_not_in_block"],
            ),
            (&[["B1", "alone", "alone", GOOD]], &["levels[0].criterion: unknown_criterion"]),
            (&[["B1", "alone", "c1", "superb"]], &["levels[0].level: level_outside_scale"]),
            (
                &[["B1", "alone", "c1", GOOD], ["B1", "alone", "c1", EXPERT]],
                &["levels[1].criterion: repeated"],
            ),
        ];
        for (levels, faults) in table {
            let levels: Vec<OwnLevel> = levels
                .iter()
                .map(|given| {
                    let [block, competency, criterion, level] = given.map(str::to_owned);
                    OwnLevel { block, competency, criterion, level }
                })
                .collect();
            assert_eq!(wrong(check_levels(&certification(), &levels)), faults, "{levels:?}");
        }
    }
}
