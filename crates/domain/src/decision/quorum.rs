//! Whether a jury is in number.

use uuid::Uuid;

use super::deliberation;
use crate::{
    certification::{Certification, RouteKind},
    jury::{
        Attendance, JuryMember,
        composition::{CompositionRule, RuleCheck},
        opening,
    },
};

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
    let staying = opening::staying_for(members, candidate);
    let present: Vec<JuryMember> =
        staying.iter().filter(|member| member.attendance == Attendance::Present).cloned().collect();
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
    found.extend(opening::check_floor(rule, route, &present));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        certification::DeliberationRule,
        decision::fixtures::{of_five, present},
        fixtures::certification,
    };

    const CANDIDATE: Uuid = Uuid::from_u128(100);

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
}
