//! Where the members' proposals lean. It decides nothing.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Proposal, Verdict, deliberation};
use crate::{
    certification::{Certification, RouteKind},
    jury::JuryMember,
};

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

#[cfg(test)]
mod tests {
    use Verdict::{Partial, Postponed, Refused, Validated};

    use super::*;
    use crate::{
        certification::DeliberationRule,
        decision::fixtures::{of_five, present, ruling, tally_of},
        jury::Attendance,
    };

    const CANDIDATE: Uuid = Uuid::from_u128(100);

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
}
