//! The coverage gate: what a jury would miss in a block, before it is deposited.
//!
//! Which gaps keep a block from being deposited and which only warn is the certification's choice
//! ([`DepositRule`]).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    certification::{Block, Certification, DepositRule},
    fault::Severity,
    progress::{BlockProgress, Facts, Gap, Progress},
    requirement::RequirementState,
};

/// What is missing in one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockGate {
    /// Code of the block.
    pub block: String,
    /// In the order of the block; requirements last, since they stand beside it.
    pub items: Vec<GateItem>,
}

/// One thing to do, or to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GateItem {
    pub gap: Gap,
    pub subject: Subject,
    pub severity: Severity,
}

/// What a gap is a gap of, so that a page can lead there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Subject {
    Competency {
        /// Its key.
        competency: String,
    },
    Modality {
        /// Its key.
        modality: String,
    },
    Evidence {
        evidence_id: Uuid,
    },
    Requirement {
        /// Its key.
        requirement: String,
    },
}

impl BlockGate {
    /// Whether the block may be deposited.
    pub fn passes(&self) -> bool {
        self.items.iter().all(|item| item.severity == Severity::Warns)
    }
}

/// The gate of every block, from a student's progress and the facts that it was computed from.
pub fn gates(certification: &Certification, progress: &Progress, facts: &Facts) -> Vec<BlockGate> {
    let rule = &certification.deposit;
    let unmet: Vec<GateItem> = progress
        .requirements
        .iter()
        .filter(|one| one.state == RequirementState::Unmet)
        .map(|one| {
            let subject = Subject::Requirement { requirement: one.key.clone() };
            item(rule, Gap::RequirementUnmet, subject)
        })
        .collect();
    progress
        .blocks
        .iter()
        .filter_map(|of_block| {
            let block = certification.block(&of_block.code)?;
            let mut items = competencies(certification, of_block);
            items.extend(of_block.missing_deliverables.iter().map(|missing| {
                let subject = Subject::Modality { modality: missing.modality.clone() };
                item(rule, Gap::DeliverableMissing, subject)
            }));
            items.extend(drafts(block, facts).map(|evidence_id| {
                item(rule, Gap::EvidenceDraft, Subject::Evidence { evidence_id })
            }));
            items.extend(unmet.iter().cloned());
            Some(BlockGate { block: block.code.clone(), items })
        })
        .collect()
}

/// The block's own competencies; its transversal ones where the certification requires them.
fn competencies(certification: &Certification, of_block: &BlockProgress) -> Vec<GateItem> {
    let transversal =
        of_block.transversal.iter().filter(|_| certification.validation.transversal_required);
    of_block
        .competencies
        .iter()
        .chain(transversal)
        .flat_map(|one| {
            one.gaps.iter().map(|gap| {
                let subject = Subject::Competency { competency: one.competency.clone() };
                item(&certification.deposit, *gap, subject)
            })
        })
        .collect()
}

/// Evidence that speaks of the block and that the deposit would leave behind, because it was never
/// handed in or was returned.
fn drafts<'a>(block: &'a Block, facts: &'a Facts) -> impl Iterator<Item = Uuid> + 'a {
    facts
        .evidence
        .iter()
        .filter(|fact| fact.status.is_editable())
        .filter(|fact| {
            let shows = facts.links.iter().any(|(id, key)| *id == fact.id && block.assesses(key));
            let is_deliverable = block
                .modalities
                .iter()
                .any(|modality| Some(&modality.key) == fact.modality.as_ref());
            shows || is_deliverable
        })
        .map(|fact| fact.id)
}

fn item(rule: &DepositRule, gap: Gap, subject: Subject) -> GateItem {
    GateItem { gap, subject, severity: rule.severity(gap) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assessment::AssessorKind,
        certification::Validation,
        enrolment::LearnerStatus,
        evidence::EvidenceStatus,
        fixtures::{certification, effective, fact, rated},
        progress::progress,
    };

    fn gates_of(certification: &Certification, facts: &Facts) -> Vec<BlockGate> {
        let effective = effective(certification.clone());
        let progress = progress(&effective, LearnerStatus::Student, None, facts);
        gates(certification, &progress, facts)
    }

    /// `gap of subject`, with a star where it blocks.
    fn shown(gate: &BlockGate) -> Vec<String> {
        gate.items
            .iter()
            .map(|item| {
                let subject = match &item.subject {
                    Subject::Competency { competency } => competency.clone(),
                    Subject::Modality { modality } => modality.clone(),
                    Subject::Requirement { requirement } => requirement.clone(),
                    Subject::Evidence { evidence_id } => evidence_id.as_u128().to_string(),
                };
                let star = if item.severity == Severity::Blocks { "*" } else { "" };
                format!("{:?} {subject}{star}", item.gap)
            })
            .collect()
    }

    #[test]
    fn an_empty_portfolio_lacks_everything() {
        let [first, second] = &gates_of(&certification(), &Facts::default())[..] else {
            panic!("two blocks")
        };
        assert_eq!(
            shown(first),
            [
                "NoEvidence alone*",
                "NeverAssessedByTutor alone",
                "NoEvidence shared*",
                "NeverAssessedByTutor shared",
                "DeliverableMissing B1-M*",
                "RequirementUnmet CV",
            ]
        );
        assert_eq!(
            shown(second),
            ["NoEvidence shared*", "NeverAssessedByTutor shared", "RequirementUnmet CV"]
        );
        assert!(!first.passes() && !second.passes());
    }

    /// One evidence of each status: 1 is handed in for everything, the others wait.
    fn portfolio() -> Facts {
        let mut report = fact(1, EvidenceStatus::Submitted);
        report.modality = Some("B1-M".to_owned());
        let mut returned = fact(3, EvidenceStatus::Returned);
        returned.modality = Some("B1-M".to_owned());
        let link = |id, key: &str| (Uuid::from_u128(id), key.to_owned());
        Facts {
            evidence: vec![
                report,
                fact(2, EvidenceStatus::Draft),
                returned,
                fact(4, EvidenceStatus::Draft),
            ],
            links: vec![link(1, "alone"), link(1, "shared"), link(2, "shared"), link(4, "apart")],
            ratings: vec![
                rated("B1", "alone", AssessorKind::Student, 2, 1),
                rated("B1", "shared", AssessorKind::School, 0, 2),
                rated("B2", "shared", AssessorKind::School, 1, 3),
            ],
            ..Facts::default()
        }
    }

    #[test]
    fn each_gap_leads_to_what_is_to_be_done() {
        let [first, second] = &gates_of(&certification(), &portfolio())[..] else {
            panic!("two blocks")
        };
        assert_eq!(
            shown(first),
            [
                "OnlySelfAssessed alone",
                "BelowRequiredLevel shared",
                "EvidenceDraft 2",
                "EvidenceDraft 3",
                "RequirementUnmet CV",
            ]
        );
        assert_eq!(shown(second), ["EvidenceDraft 2", "RequirementUnmet CV"]);
        assert!(first.passes() && second.passes());
    }

    #[test]
    fn the_certification_chooses_what_blocks() {
        for (blocking, first, second) in [
            (vec![], true, true),
            (vec![Gap::BelowRequiredLevel], false, true),
            (vec![Gap::EvidenceDraft], false, false),
            (vec![Gap::RequirementUnmet], false, false),
            (vec![Gap::NoEvidence, Gap::DeliverableMissing], true, true),
        ] {
            let deposit = DepositRule { blocking: blocking.clone() };
            let certification = Certification { deposit, ..certification() };
            let passes: Vec<bool> =
                gates_of(&certification, &portfolio()).iter().map(BlockGate::passes).collect();
            assert_eq!(passes, [first, second], "{blocking:?}");
        }
    }

    #[test]
    fn a_transversal_competency_counts_where_it_is_required() {
        for (transversal_required, expected) in [(false, 0), (true, 2)] {
            let certification = Certification {
                validation: Validation { transversal_required, ..certification().validation },
                ..certification()
            };
            let gates = gates_of(&certification, &portfolio());
            let of_team = shown(&gates[0]).iter().filter(|item| item.contains("team")).count();
            assert_eq!(of_team, expected);
        }
    }
}
