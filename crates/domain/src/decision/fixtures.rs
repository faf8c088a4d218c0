//! Rulings and juries for the tests of this module.

use uuid::Uuid;

use super::{
    Proposal, Ruling, Verdict,
    tally::{ProposalTally, tally},
};
use crate::{
    certification::{AccessRoute, Certification, DeliberationRule, JuryRule, RouteKind},
    fixtures::{certification, member, route},
    jury::{Attendance, JuryMember},
};

pub fn ruling(verdict: Verdict) -> Ruling {
    Ruling {
        block: "B1".to_owned(),
        verdict,
        missing: Vec::new(),
        transversal: Vec::new(),
        motive: String::new(),
    }
}

pub fn present(id: u128) -> JuryMember {
    JuryMember { attendance: Attendance::Present, chair: id == 1, ..member(id) }
}

/// What members 1, 2… propose; member 1 is the chair.
pub fn tally_of(verdicts: &[Verdict], casting_vote: bool) -> ProposalTally {
    let (members, proposals): (Vec<_>, Vec<_>) = (1..)
        .zip(verdicts)
        .map(|(id, verdict)| {
            let member = present(id);
            (member.clone(), Proposal { member: member.id, ruling: ruling(*verdict) })
        })
        .unzip();
    tally(Uuid::from_u128(100), &members, &proposals, casting_vote)
}

/// Five members by text, deliberating so.
pub fn of_five(deliberation: DeliberationRule) -> Certification {
    let jury = Some(JuryRule { size: Some(5), ..JuryRule::default() });
    let student = AccessRoute { jury, deliberation, ..route(RouteKind::Student, true) };
    Certification { routes: vec![student], ..certification() }
}
