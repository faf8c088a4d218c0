//! What the people of a session are told of it: its members, by mail and for their calendar, and each
//! of its candidates.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::session::Slot;

/// How long a session takes as long as nobody is on its list.
const WITHOUT_CANDIDATES: TimeDelta = TimeDelta::hours(1);

/// A mail to a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convocation {
    pub occasion: Occasion,
    /// Id of the session.
    pub session: Uuid,
    /// Name of the school.
    pub organisation: String,
    /// Code and title.
    pub certification: String,
    /// How many there are.
    pub candidates: u32,
    pub appointment: Appointment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    Convened,
    /// The date or the place moves.
    Changed,
    /// The session does not take place, or not with them.
    Cancelled,
}

/// When and where a candidate comes before a jury: their own slot, and nothing of who sits nor of the
/// other candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hearing {
    pub enrolment_id: Uuid,
    /// What the school calls the session.
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub presentation_minutes: u32,
    pub interview_minutes: u32,
    /// May be empty where there is a link.
    pub place: String,
    /// Where it is held at a distance.
    pub link: Option<String>,
    /// Codes of the blocks of the dossier that the jury reads; none as long as none is deposited.
    pub blocks: Vec<String>,
}

/// A mail to a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summons {
    pub occasion: Occasion,
    /// Name of the school.
    pub organisation: String,
    /// Code and title.
    pub certification: String,
    /// Code and title of each block of the hearing.
    pub blocks: Vec<(String, String)>,
    /// Name and address of who planned the session.
    pub organiser: (String, String),
    pub hearing: Hearing,
}

/// What a calendar keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The same for every version of one person's appointment.
    pub uid: Uuid,
    /// Grows with every version.
    pub sequence: u32,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub place: String,
    pub link: Option<String>,
    /// Name and address of who planned it.
    pub organiser: (String, String),
    pub made_at: DateTime<Utc>,
}

/// When a session ends: with its last candidate.
pub fn ends_at(starts_at: DateTime<Utc>, slots: impl IntoIterator<Item = Slot>) -> DateTime<Utc> {
    slots.into_iter().map(Slot::ends_at).max().unwrap_or(starts_at + WITHOUT_CANDIDATES)
}
