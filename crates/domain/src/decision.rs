//! What a jury decides on each block.
//!
//! Nothing here computes a decision: members propose, the tally shows where the proposals lean,
//! the chair records what the jury decided. The checks only see that what is recorded is complete,
//! and that a decision against the majority of the proposals says why.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::tally::ProposalTally;
use crate::{
    certification::{Block, Certification, CompetencyKind, DeliberationRule, RouteKind},
    fault::{Fault, Faults},
    jury::{Attendance, JuryMember, composition::RuleCheck},
};

#[cfg(test)]
mod fixtures;
pub mod matter;
pub mod quorum;
pub mod tally;

pub const MOTIVE_MAX: usize = 4_000;

/// What a block comes out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Validated,
    /// Some competencies are missing: the block is not acquired, the rest is not asked for again.
    Partial,
    Refused,
    /// Nothing is decided: the candidate comes back to a later session.
    Postponed,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Validated, Self::Partial, Self::Refused, Self::Postponed];

    /// Whether something is decided, for which the jury must be in number.
    pub fn decides(self) -> bool {
        self != Self::Postponed
    }
}

/// What is said of one block, in a member's proposal and in the jury's decision alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ruling {
    /// Code of the block.
    pub block: String,
    pub verdict: Verdict,
    /// Keys of the competencies that a partial validation lacks.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Keys of the transversal competencies that the jury validates through this block.
    #[serde(default)]
    pub transversal: Vec<String>,
    #[serde(default)]
    pub motive: String,
}

/// A voting member's proposal: it informs the deliberation and binds nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// Id of the member.
    pub member: Uuid,
    pub ruling: Ruling,
}

/// A ruling that the chair recorded, with the jury that took it: it stands when somebody of them has
/// to go before the session closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub ruling: Ruling,
    /// Id of the member who presided.
    pub chair: Uuid,
    /// Ids of the members who were at the table. Absent where it was recorded before this was kept:
    /// then it is those who are there.
    pub present: Option<Vec<Uuid>>,
}

impl Recorded {
    /// The members as they were then; but who has left the room for a candidate since has not
    /// judged them.
    pub fn bench(&self, members: &[JuryMember]) -> Vec<JuryMember> {
        let Some(present) = &self.present else { return members.to_vec() };
        let then = |member: &JuryMember| JuryMember {
            attendance: if present.contains(&member.id) {
                Attendance::Present
            } else {
                Attendance::Absent
            },
            chair: member.id == self.chair,
            ..member.clone()
        };
        members.iter().map(then).collect()
    }
}

/// What the chair decides in view of.
#[derive(Debug, Clone, Copy)]
pub struct Deliberation<'a> {
    pub certification: &'a Certification,
    /// Codes of the blocks that the candidate's dossier holds.
    pub deposited: &'a [String],
    pub tally: &'a ProposalTally,
    /// See [`quorum::check_quorum`].
    pub quorum: &'a [RuleCheck],
    /// The chair left the room for the candidate, and can only postpone.
    pub chair_left: bool,
}

impl Ruling {
    /// What a proposal must satisfy: it speaks of the block, and of nothing that contradicts it.
    /// A member may still be looking for the words, so no motive is asked.
    pub fn check_proposal(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        self.check_content(certification, &mut faults);
        faults.into_result()
    }

    /// What a decision must satisfy beside: the jury is in number, the block was handed in, a
    /// partial decision names what is missing, and a refusal, a partial decision, one against the
    /// majority or a chair who left the room says why.
    pub fn check_decision(&self, deliberation: &Deliberation<'_>) -> Result<(), Vec<Fault>> {
        let Deliberation { certification, deposited, tally, quorum, chair_left } = *deliberation;
        let mut faults = Faults::default();
        self.check_content(certification, &mut faults);
        if self.verdict.decides() && chair_left {
            faults.add(
                "verdict",
                "out_of_the_room",
                "La présidence a quitté la salle pour ce candidat : elle ne peut que le reporter. \
                 Un responsable peut confier la présidence à un autre membre.",
            );
        } else if self.verdict.decides() && !quorum.iter().all(|check| check.met) {
            faults.add(
                "verdict",
                "no_quorum",
                "Le jury n’est pas en nombre pour décider : seul un report est possible.",
            );
        }
        if !deposited.contains(&self.block) {
            faults.add(
                "block",
                "not_deposited",
                format!("Le bloc {} n’est pas dans le dossier déposé.", self.block),
            );
        }
        if self.verdict == Verdict::Partial && self.missing.is_empty() {
            faults.add(
                "missing",
                "required",
                "Indiquez les compétences qui manquent pour valider le bloc.",
            );
        }
        if self.motive.trim().is_empty() {
            if matches!(self.verdict, Verdict::Partial | Verdict::Refused) {
                faults.add("motive", "required", "Un refus ou une validation partielle se motive.");
            } else if chair_left {
                faults.add(
                    "motive",
                    "required",
                    "La présidence a quitté la salle pour ce candidat : dites pourquoi il est \
                     reporté.",
                );
            } else if tally.leaning().is_some_and(|leaning| leaning != self.verdict) {
                faults.add(
                    "motive",
                    "against_the_majority",
                    "Cette décision s’écarte des propositions des membres : dites pourquoi.",
                );
            }
        }
        faults.into_result()
    }

    fn check_content(&self, certification: &Certification, faults: &mut Faults) {
        faults.at_most("motive", &self.motive, MOTIVE_MAX);
        let Some(block) = certification.block(&self.block) else {
            faults.add(
                "block",
                "unknown_block",
                format!("« {} » n’est pas un bloc de la certification.", self.block),
            );
            return;
        };
        self.check_missing(block, faults);
        self.check_transversal(certification, block, faults);
    }

    fn check_missing(&self, block: &Block, faults: &mut Faults) {
        if self.verdict != Verdict::Partial && !self.missing.is_empty() {
            faults.add(
                "missing",
                "only_when_partial",
                "Seule une validation partielle nomme des compétences manquantes.",
            );
        }
        for (index, key) in self.missing.iter().enumerate() {
            let field = format!("missing[{index}]");
            if !block.assesses(key) {
                faults.add(
                    field,
                    "competency_not_in_block",
                    format!("La compétence « {key} » n’est pas dans le bloc {}.", block.code),
                );
            } else if self.missing[..index].contains(key) {
                faults.add(field, "repeated", "Cette compétence est nommée deux fois.");
            }
        }
    }

    /// A block that is not validated carries no transversal competency: what is acquired is a
    /// block, and its validity is the block's.
    fn check_transversal(&self, certification: &Certification, block: &Block, faults: &mut Faults) {
        if self.verdict != Verdict::Validated && !self.transversal.is_empty() {
            faults.add(
                "transversal",
                "only_when_validated",
                "Une compétence transversale se valide à travers un bloc validé.",
            );
        }
        for (index, key) in self.transversal.iter().enumerate() {
            let field = format!("transversal[{index}]");
            let is_transversal = certification
                .competency(key)
                .is_some_and(|one| one.kind == CompetencyKind::Transversal);
            if !is_transversal || !block.assesses(key) {
                faults.add(
                    field,
                    "competency_not_in_block",
                    format!(
                        "« {key} » n’est pas une compétence transversale évaluée dans le bloc {}.",
                        block.code
                    ),
                );
            } else if self.transversal[..index].contains(key) {
                faults.add(field, "repeated", "Cette compétence est nommée deux fois.");
            }
        }
    }
}

/// How the juries of the route deliberate; their votes stay their own unless it says otherwise.
pub fn deliberation(certification: &Certification, route: RouteKind) -> DeliberationRule {
    certification.route(route).map(|route| route.deliberation).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use Verdict::{Partial, Postponed, Refused, Validated};

    use super::{
        fixtures::{ruling, tally_of},
        *,
    };
    use crate::{
        fixtures::{certification, wrong},
        jury::composition::CompositionRule,
    };

    fn missing(keys: &[&str], motive: &str) -> Ruling {
        Ruling { motive: motive.to_owned(), missing: owned(keys), ..ruling(Partial) }
    }

    fn owned(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    /// On a dossier of B1 alone, by a jury that is in number or not.
    fn decided(ruling: &Ruling, tally: &ProposalTally, in_number: bool) -> Result<(), Vec<Fault>> {
        presided(ruling, tally, in_number, false)
    }

    fn presided(
        ruling: &Ruling,
        tally: &ProposalTally,
        in_number: bool,
        chair_left: bool,
    ) -> Result<(), Vec<Fault>> {
        let quorum = RuleCheck {
            rule: CompositionRule::Quorum { need: 1, have: u32::from(in_number) },
            met: in_number,
            members: Vec::new(),
        };
        ruling.check_decision(&Deliberation {
            certification: &certification(),
            deposited: &owned(&["B1"]),
            tally,
            quorum: &[quorum],
            chair_left,
        })
    }

    #[test]
    fn a_chair_who_left_the_room_only_postpones_and_says_why() {
        let silent = tally_of(&[], false);
        for verdict in Verdict::ALL {
            let ruling = Ruling { motive: "Motif".to_owned(), ..ruling(verdict) };
            let faults = wrong(presided(&ruling, &silent, false, true));
            let stopped = faults.contains(&"verdict: out_of_the_room".to_owned());
            assert_eq!(stopped, verdict != Postponed, "{verdict:?}");
        }
        let bare = presided(&ruling(Postponed), &silent, false, true);
        assert_eq!(wrong(bare), ["motive: required"]);
    }

    #[test]
    fn without_a_quorum_a_jury_only_postpones() {
        let silent = tally_of(&[], false);
        for verdict in Verdict::ALL {
            let ruling = Ruling { motive: "Motif".to_owned(), ..ruling(verdict) };
            let faults = wrong(decided(&ruling, &silent, false));
            let stopped = faults.contains(&"verdict: no_quorum".to_owned());
            assert_eq!(stopped, verdict != Postponed, "{verdict:?}");
        }
    }

    #[test]
    fn a_decision_is_complete() {
        let silent = tally_of(&[], false);
        let transversal = |verdict, keys: &[&str]| Ruling {
            transversal: owned(keys),
            motive: "Motif".to_owned(),
            ..ruling(verdict)
        };
        for (ruling, faults) in [
            (ruling(Validated), &[][..]),
            (ruling(Postponed), &[]),
            (ruling(Refused), &["motive: required"]),
            (Ruling { motive: " ".to_owned(), ..ruling(Refused) }, &["motive: required"]),
            (Ruling { motive: "Motif".to_owned(), ..ruling(Refused) }, &[]),
            (ruling(Partial), &["missing: required", "motive: required"]),
            (missing(&["alone"], ""), &["motive: required"]),
            (missing(&["alone", "team"], "Motif"), &[]),
            (missing(&["apart"], "Motif"), &["missing[0]: competency_not_in_block"]),
            (missing(&["alone", "alone"], "Motif"), &["missing[1]: repeated"]),
            (
                Ruling { missing: owned(&["alone"]), ..ruling(Validated) },
                &["missing: only_when_partial"],
            ),
            (transversal(Validated, &["team"]), &[]),
            (transversal(Refused, &["team"]), &["transversal: only_when_validated"]),
            (transversal(Validated, &["alone"]), &["transversal[0]: competency_not_in_block"]),
            (transversal(Validated, &["team", "team"]), &["transversal[1]: repeated"]),
            (Ruling { block: "B2".to_owned(), ..ruling(Validated) }, &["block: not_deposited"]),
            (
                Ruling { block: "B9".to_owned(), ..ruling(Validated) },
                &["block: unknown_block", "block: not_deposited"],
            ),
            (
                Ruling { motive: "a".repeat(MOTIVE_MAX + 1), ..ruling(Refused) },
                &["motive: too_long"],
            ),
        ] {
            let checked = decided(&ruling, &silent, true);
            assert_eq!(wrong(checked), faults, "{ruling:?}");
        }
    }

    #[test]
    fn a_proposal_may_lack_words_but_not_sense() {
        for (ruling, faults) in [
            (ruling(Refused), &[][..]),
            (missing(&[], ""), &[]),
            (missing(&["apart"], ""), &["missing[0]: competency_not_in_block"]),
        ] {
            assert_eq!(wrong(ruling.check_proposal(&certification())), faults, "{ruling:?}");
        }
    }

    #[test]
    fn a_decision_against_the_majority_says_why_and_is_not_forbidden() {
        let for_validation = tally_of(&[Validated, Validated, Refused], false);
        for (verdict, motive, faults) in [
            (Validated, "", &[][..]),
            (Postponed, "", &["motive: against_the_majority"]),
            (Postponed, "Pièce à vérifier", &[]),
            (Refused, "Après délibération", &[]),
        ] {
            let ruling = Ruling { motive: motive.to_owned(), ..ruling(verdict) };
            let checked = decided(&ruling, &for_validation, true);
            assert_eq!(wrong(checked), faults, "{verdict:?}");
        }
        let tied = tally_of(&[Validated, Refused], false);
        assert_eq!(decided(&ruling(Postponed), &tied, true), Ok(()));
    }
}
