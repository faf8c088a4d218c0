//! What a jury decides on each block.
//!
//! Nothing here computes a decision: members propose, the tally shows where the proposals lean,
//! the chair records what the jury decided. The checks only see that what is recorded is complete,
//! and that a decision against the majority of the proposals says why.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    certification::{Block, Certification, CompetencyKind, DeliberationRule, RouteKind},
    fault::{Fault, Faults},
    jury::{
        JuryMember,
        composition::{CompositionRule, RuleCheck},
        opening,
    },
    requirement::{RequirementProgress, RequirementState},
};

pub const MOTIVE_MAX: usize = 4_000;
pub const NAME_MAX: usize = 200;

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

/// What the jury decided on one block of one candidate, as the chair records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockDecision {
    /// Id of the candidate.
    pub candidate: Uuid,
    #[serde(flatten)]
    pub ruling: Ruling,
}

/// What the chair decides in view of.
#[derive(Debug, Clone, Copy)]
pub struct Deliberation<'a> {
    pub certification: &'a Certification,
    /// Codes of the blocks that the candidate's dossier holds.
    pub deposited: &'a [String],
    pub tally: &'a ProposalTally,
    /// See [`check_quorum`].
    pub quorum: &'a [RuleCheck],
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
    /// partial decision names what is missing, and a refusal, a partial decision or one against the
    /// majority says why.
    pub fn check_decision(&self, deliberation: &Deliberation<'_>) -> Result<(), Vec<Fault>> {
        let Deliberation { certification, deposited, tally, quorum } = *deliberation;
        let mut faults = Faults::default();
        self.check_content(certification, &mut faults);
        if self.verdict.decides() && !quorum.iter().all(|check| check.met) {
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

/// Where the proposals on one block of one candidate stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposalTally {
    /// Members whose voice counts: present, voting, not recused.
    pub voters: u32,
    /// In the order of [`Verdict::ALL`].
    pub votes: [u32; 4],
    pub lean: Lean,
}

/// What the proposals lean to. It decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Lean {
    /// More than half of the proposals agree.
    Majority { verdict: Verdict },
    /// As many for one as for another, and the chair's voice outweighs.
    CastingVote { verdict: Verdict },
    /// As many for one as for another.
    Tie,
    /// No majority, or no proposal at all.
    Open,
}

impl ProposalTally {
    pub fn leaning(&self) -> Option<Verdict> {
        match self.lean {
            Lean::Majority { verdict } | Lean::CastingVote { verdict } => Some(verdict),
            Lean::Tie | Lean::Open => None,
        }
    }
}

/// Counts the proposals of those whose voice counts on the candidate, the last of each member.
///
/// A tie is between the verdicts that most of the proposals name, equally often. `casting_vote`
/// tells whether the chair's proposal then outweighs, if it names one of them.
pub fn tally(
    candidate: Uuid,
    members: &[JuryMember],
    proposals: &[Proposal],
    casting_vote: bool,
) -> ProposalTally {
    let said_by = |member: &JuryMember| {
        proposals.iter().rfind(|one| one.member == member.id).map(|one| one.ruling.verdict)
    };
    let counted: Vec<&JuryMember> =
        members.iter().filter(|member| member.votes_on(candidate)).collect();
    let said: Vec<Verdict> = counted.iter().filter_map(|member| said_by(member)).collect();
    let votes = Verdict::ALL
        .map(|verdict| said.iter().fold(0_u32, |count, one| count + u32::from(*one == verdict)));
    let most = votes.into_iter().max().unwrap_or(0);
    let leading: Vec<Verdict> = Verdict::ALL
        .into_iter()
        .zip(votes)
        .filter(|(_, count)| most > 0 && *count == most)
        .map(|(verdict, _)| verdict)
        .collect();
    let of_chair = counted
        .iter()
        .find(|member| member.chair)
        .and_then(|chair| said_by(chair))
        .filter(|verdict| casting_vote && leading.contains(verdict));
    let lean = match (leading.as_slice(), of_chair) {
        ([verdict], _) if 2 * most as usize > said.len() => Lean::Majority { verdict: *verdict },
        ([_, _, ..], Some(verdict)) => Lean::CastingVote { verdict },
        ([_, _, ..], None) => Lean::Tie,
        _ => Lean::Open,
    };
    ProposalTally { voters: u32::try_from(counted.len()).unwrap_or(u32::MAX), votes, lean }
}

/// Whether the chair's voice outweighs in a tie: where the route's rule says so, and for VAE by law
/// (« voix prépondérante en cas de partage égal des voix », Code du travail, D6412-6).
pub fn has_casting_vote(certification: &Certification, route: RouteKind) -> bool {
    route == RouteKind::Experience || deliberation(certification, route).chair_casting_vote
}

/// Whether those who are present can decide on a candidate; anything that is not met leaves only
/// postponing.
///
/// The chair is there, and
/// - where the route's rule states a quorum, so many voting members;
/// - where it only states a composition, those present still make it up: none of the shipped texts
///   lets fewer decide;
/// - where it states nothing, more than half of the voting members who judge the candidate.
///
/// The law's floor for VAE holds in each case.
pub fn check_quorum(
    certification: &Certification,
    route: RouteKind,
    members: &[JuryMember],
    candidate: Uuid,
) -> Vec<RuleCheck> {
    use crate::jury::Attendance::Present;

    let staying = opening::staying_for(members, candidate);
    let present: Vec<JuryMember> =
        staying.iter().filter(|member| member.attendance == Present).cloned().collect();
    let rule = opening::jury_rule(certification, route);
    let need = match (deliberation(certification, route).quorum, rule) {
        (Some(need), _) => need,
        (None, Some(_)) => return opening::check_jury(certification, route, &present, &[]),
        (None, None) => {
            let voting = staying.iter().filter(|member| member.voting).count();
            u32::try_from(voting / 2 + 1).unwrap_or(u32::MAX)
        }
    };
    let voting: Vec<Uuid> =
        present.iter().filter(|member| member.voting).map(|member| member.id).collect();
    let have = u32::try_from(voting.len()).unwrap_or(u32::MAX);
    let quorum = RuleCheck {
        rule: CompositionRule::Quorum { need, have },
        met: have >= need,
        members: voting,
    };
    let mut found = vec![quorum];
    found.extend(opening::check_floor(route, &present));
    found
}

/// How the juries of the route deliberate; their votes stay their own unless it says otherwise.
pub fn deliberation(certification: &Certification, route: RouteKind) -> DeliberationRule {
    certification.route(route).map(|route| route.deliberation).unwrap_or_default()
}

/// A requirement that is not met and that the jury does not insist on.
///
/// RNCP42008 names one case itself: its level of English has « une adaptation éventuelle pour les
/// apprenants en situation de handicap ». The motive is public, as the minutes are; what it says of
/// a person's health is kept apart and shown only to those entitled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiver {
    /// Key of the requirement.
    pub requirement: String,
    pub motive: String,
    /// Name of the person who answers for it.
    pub granted_by: String,
    /// An accommodation for a disability.
    #[serde(default)]
    pub accommodation: bool,
    /// What is behind the accommodation. Absent where the reader is not entitled to it.
    #[serde(default)]
    pub restricted_reason: Option<String>,
}

impl Waiver {
    pub fn check(&self, requirements: &[RequirementProgress]) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.text("motive", &self.motive, MOTIVE_MAX);
        faults.text("granted_by", &self.granted_by, NAME_MAX);
        let reason = self.restricted_reason.as_deref().unwrap_or_default();
        faults.at_most("restricted_reason", reason, MOTIVE_MAX);
        if self.accommodation {
            if reason.trim().is_empty() {
                faults.add(
                    "restricted_reason",
                    "required",
                    "Indiquez ce qui fonde l’aménagement ; seules les personnes habilitées le lisent.",
                );
            }
        } else if self.restricted_reason.is_some() {
            faults.add(
                "restricted_reason",
                "only_for_an_accommodation",
                "Un motif réservé accompagne un aménagement pour handicap ; sinon, le motif suffit.",
            );
        }
        match requirements.iter().find(|one| one.key == self.requirement) {
            None => faults.add(
                "requirement",
                "unknown_requirement",
                format!("« {} » n’est pas un prérequis de la certification.", self.requirement),
            ),
            Some(one) if one.state != RequirementState::Unmet => faults.add(
                "requirement",
                "nothing_to_waive",
                "Ce prérequis est rempli ou n’est pas demandé : il n’y a pas à en dispenser.",
            ),
            Some(_) => {}
        }
        faults.into_result()
    }

    /// As those who are not entitled to the restricted reason read it.
    #[must_use]
    pub fn public(self) -> Self {
        Self { restricted_reason: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use Verdict::{Partial, Postponed, Refused, Validated};

    use super::*;
    use crate::{
        certification::{AccessRoute, JuryRule},
        enrolment::LearnerStatus,
        evidence::EvidenceStatus,
        fixtures::{certification, fact, member, route, wrong},
        jury::Attendance,
        requirement,
    };

    const CANDIDATE: Uuid = Uuid::from_u128(100);

    fn ruling(verdict: Verdict) -> Ruling {
        Ruling {
            block: "B1".to_owned(),
            verdict,
            missing: Vec::new(),
            transversal: Vec::new(),
            motive: String::new(),
        }
    }

    fn missing(keys: &[&str], motive: &str) -> Ruling {
        Ruling { motive: motive.to_owned(), missing: owned(keys), ..ruling(Partial) }
    }

    fn owned(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    fn present(id: u128) -> JuryMember {
        JuryMember { attendance: Attendance::Present, chair: id == 1, ..member(id) }
    }

    /// What members 1, 2… propose; member 1 is the chair.
    fn tally_of(verdicts: &[Verdict], casting_vote: bool) -> ProposalTally {
        let (members, proposals): (Vec<_>, Vec<_>) = (1..)
            .zip(verdicts)
            .map(|(id, verdict)| {
                let member = present(id);
                (member.clone(), Proposal { member: member.id, ruling: ruling(*verdict) })
            })
            .unzip();
        tally(CANDIDATE, &members, &proposals, casting_vote)
    }

    /// On a dossier of B1 alone, by a jury that is in number or not.
    fn decided(ruling: &Ruling, tally: &ProposalTally, in_number: bool) -> Result<(), Vec<Fault>> {
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
        })
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

    #[test]
    fn proposals_lean_by_majority_and_a_tie_by_the_chair() {
        let majority = |verdict| Lean::Majority { verdict };
        let casting = |verdict| Lean::CastingVote { verdict };
        // The chair's proposal comes first; the lean without and with a casting vote.
        for (verdicts, without, with) in [
            (&[][..], Lean::Open, Lean::Open),
            (&[Validated], majority(Validated), majority(Validated)),
            (&[Refused, Validated, Validated], majority(Validated), majority(Validated)),
            (&[Refused, Validated], Lean::Tie, casting(Refused)),
            (&[Validated, Validated, Refused, Refused], Lean::Tie, casting(Validated)),
            (&[Postponed, Validated, Validated, Refused, Refused], Lean::Tie, Lean::Tie),
            (&[Partial, Validated, Refused], Lean::Tie, casting(Partial)),
            // More than the others, but not more than half.
            (&[Refused, Validated, Validated, Partial], Lean::Open, Lean::Open),
        ] {
            assert_eq!(tally_of(verdicts, false).lean, without, "{verdicts:?}");
            assert_eq!(tally_of(verdicts, true).lean, with, "{verdicts:?} with a casting vote");
        }
    }

    #[test]
    fn only_voices_that_count_are_counted_and_each_once() {
        let proposes =
            |id: u128, verdict| Proposal { member: Uuid::from_u128(id), ruling: ruling(verdict) };
        let members = [
            present(1),
            JuryMember { voting: false, ..present(2) },
            JuryMember { attendance: Attendance::Absent, ..present(3) },
            JuryMember { recused_from: vec![CANDIDATE], ..present(4) },
            present(5),
        ];
        let proposals = [
            proposes(1, Refused),
            proposes(2, Refused),
            proposes(3, Refused),
            proposes(4, Refused),
            proposes(9, Refused),
            // The chair thinks again.
            proposes(1, Validated),
        ];
        let tally = tally(CANDIDATE, &members, &proposals, false);
        assert_eq!(tally.voters, 2);
        assert_eq!(tally.votes, [1, 0, 0, 0]);
        assert_eq!(tally.lean, Lean::Majority { verdict: Validated });
    }

    /// Five members by text, deliberating so.
    fn of_five(deliberation: DeliberationRule) -> Certification {
        let jury = Some(JuryRule { size: Some(5), ..JuryRule::default() });
        let student = AccessRoute { jury, deliberation, ..route(RouteKind::Student, true) };
        Certification { routes: vec![student], ..certification() }
    }

    #[test]
    fn the_chair_outweighs_where_the_rule_or_the_law_says_so() {
        let silent = of_five(DeliberationRule::default());
        let stated =
            of_five(DeliberationRule { chair_casting_vote: true, ..DeliberationRule::default() });
        for (certification, route, expected) in [
            (&silent, RouteKind::Student, false),
            (&stated, RouteKind::Student, true),
            (&silent, RouteKind::Continuing, false),
            (&silent, RouteKind::Experience, true),
        ] {
            assert_eq!(has_casting_vote(certification, route), expected, "{route:?}");
        }
    }

    #[test]
    fn a_jury_decides_in_number() {
        let quorum = of_five(DeliberationRule { quorum: Some(3), ..DeliberationRule::default() });
        let exact = of_five(DeliberationRule::default());
        let silent = Certification { routes: Vec::new(), ..certification() };
        // Five voting members, of whom the first so many are present; the chair is the first.
        for (certification, present_of_five, decides) in [
            (&quorum, 2, false),
            (&quorum, 3, true),
            (&exact, 4, false),
            (&exact, 5, true),
            (&silent, 2, false),
            (&silent, 3, true),
        ] {
            let members: Vec<_> = (1..=5)
                .map(|id| {
                    let attendance = if id <= present_of_five {
                        Attendance::Present
                    } else {
                        Attendance::Absent
                    };
                    JuryMember { attendance, ..present(id) }
                })
                .collect();
            let checks = check_quorum(certification, RouteKind::Student, &members, CANDIDATE);
            let met = checks.iter().all(|check| check.met);
            assert_eq!(met, decides, "{present_of_five} of five: {checks:?}");

            // Whoever leaves the room is not there for this candidate.
            let mut members = members;
            members[1].recused_from = vec![CANDIDATE];
            let with_one_less =
                check_quorum(certification, RouteKind::Student, &members, CANDIDATE);
            assert!(!with_one_less.iter().all(|check| check.met), "{with_one_less:?}");
        }
    }

    #[test]
    fn no_jury_decides_without_its_chair() {
        let silent = Certification { routes: Vec::new(), ..certification() };
        let mut members: Vec<_> = (1..=5).map(present).collect();
        members[0].attendance = Attendance::Absent;
        let checks = check_quorum(&silent, RouteKind::Student, &members, CANDIDATE);
        let unmet: Vec<_> =
            checks.iter().filter(|check| !check.met).map(|check| &check.rule).collect();
        assert_eq!(unmet, [&CompositionRule::Chair { have: 0 }]);
    }

    #[test]
    fn a_waiver_names_what_why_and_who() {
        let unmet = requirement::evaluate(&certification(), LearnerStatus::Student, &[]);
        let document = crate::evidence::EvidenceFact {
            requirements: owned(&["CV"]),
            ..fact(1, EvidenceStatus::Accepted)
        };
        let met = requirement::evaluate(&certification(), LearnerStatus::Student, &[document]);
        let waiver = Waiver {
            requirement: "CV".to_owned(),
            motive: "Pièce perdue dans l’incendie".to_owned(),
            granted_by: "Anne Roux".to_owned(),
            accommodation: false,
            restricted_reason: None,
        };
        let reason = |text: &str| Some(text.to_owned());
        for (waiver, requirements, faults) in [
            (waiver.clone(), &unmet, &[][..]),
            (waiver.clone(), &met, &["requirement: nothing_to_waive"]),
            (
                Waiver { requirement: "B2".to_owned(), ..waiver.clone() },
                &unmet,
                &["requirement: unknown_requirement"],
            ),
            (
                Waiver { motive: String::new(), granted_by: " ".to_owned(), ..waiver.clone() },
                &unmet,
                &["motive: required", "granted_by: required"],
            ),
            (
                Waiver { accommodation: true, ..waiver.clone() },
                &unmet,
                &["restricted_reason: required"],
            ),
            (
                Waiver {
                    accommodation: true,
                    restricted_reason: reason("Avis médical"),
                    ..waiver.clone()
                },
                &unmet,
                &[],
            ),
            (
                Waiver { restricted_reason: reason("Avis médical"), ..waiver.clone() },
                &unmet,
                &["restricted_reason: only_for_an_accommodation"],
            ),
        ] {
            assert_eq!(wrong(waiver.check(requirements)), faults, "{waiver:?}");
            let public = waiver.clone().public();
            assert_eq!(public, Waiver { restricted_reason: None, ..waiver });
        }
    }
}
