//! Handing over the chair of an open session.
//!
//! A session has one chair, who alone records decisions and closes. Who falls ill, or leaves the
//! room before a candidate, would leave a session that nobody can end: a manager then hands the
//! chair to another member who is there and votes. Whether the new chair is of the kind that the
//! route's rule asks for is part of the quorum, so that a jury whose chair is not only postpones.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::JuryMember;
use crate::fault::{Fault, Faults};

pub const REASON_MAX: usize = 2_000;

/// The chair passed from one member to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Handover {
    /// Id of the member who presided until then.
    pub from: Option<Uuid>,
    /// Id of the member who presides since.
    pub to: Uuid,
    pub at: DateTime<Utc>,
    /// The manager's words, which may tell of somebody's health: the minutes leave them out.
    pub reason: String,
}

/// Whether the chair can be handed to this member, for this reason.
pub fn check_handover(members: &[JuryMember], to: Uuid, reason: &str) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    match members.iter().find(|member| member.id == to) {
        None => {
            faults.add("member", "unknown_member", "Cette personne n’est pas membre de ce jury.");
        }
        Some(member) if member.chair => {
            faults.add("member", "already_chair", format!("{} préside déjà.", member.name));
        }
        Some(member) if !member.deliberates() => faults.add(
            "member",
            "not_present",
            format!("{} n’est pas noté présent à l’appel.", member.name),
        ),
        Some(member) if !member.voting => faults.add(
            "member",
            "not_voting",
            format!("{} ne vote pas : la présidence revient à un membre qui vote.", member.name),
        ),
        Some(_) => {}
    }
    faults.text("reason", reason, REASON_MAX);
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{member, wrong},
        jury::Attendance,
    };

    #[test]
    fn the_chair_passes_to_a_voting_member_who_is_there() {
        let present = |id| JuryMember { attendance: Attendance::Present, ..member(id) };
        let members = [
            JuryMember { chair: true, attendance: Attendance::Absent, ..member(1) },
            present(2),
            JuryMember { voting: false, ..present(3) },
            JuryMember { attendance: Attendance::Accepted, ..member(4) },
        ];
        for (to, reason, faults) in [
            (2, "Souffrante", &[][..]),
            (2, " ", &["reason: required"]),
            (1, "Souffrante", &["member: already_chair"]),
            (3, "Souffrante", &["member: not_voting"]),
            (4, "Souffrante", &["member: not_present"]),
            (9, "", &["member: unknown_member", "reason: required"]),
        ] {
            let checked = check_handover(&members, Uuid::from_u128(to), reason);
            assert_eq!(wrong(checked), faults, "{to} {reason}");
        }
    }
}
