//! Juries: who sits, before whom, and what a session goes through.
//!
//! A jury's composition is read off the certification's own text ([`composition`]); whether each
//! member may judge each candidate is another question ([`independence`]); a session opens when
//! both are answered ([`opening`]).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    certification::RouteKind,
    enrolment::CertificationRef,
    fault::{Fault, Faults},
};

pub mod chair;
pub mod composition;
pub mod convocation;
pub mod independence;
pub mod minutes;
pub mod note;
pub mod opening;
pub mod refusal;
pub mod session;

/// Longest career that is believed, as in the format of certifications.
const EXPERIENCE_MAX: u32 = 60;

/// A person who is to sit, with what the rules ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that some text asks about")]
pub struct JuryMember {
    pub id: Uuid,
    /// The person behind the member, compared with a candidate's tutors and trainers.
    pub person: Option<Uuid>,
    pub name: String,
    pub chair: bool,
    pub voting: bool,
    /// From outside the certifier and the school.
    pub external: bool,
    /// Exercises the job that the certification aims at.
    pub professional: bool,
    pub employment: Option<Employment>,
    /// Sits for the certifier.
    pub represents_certifier: bool,
    /// Sits as an expert.
    pub expert: bool,
    pub teaches_speciality: bool,
    /// Function that is held, in the words of the certification's source.
    pub seat: Option<String>,
    /// Years in the job.
    pub experience_years: Option<u32>,
    /// Level in the French framework of qualifications, 1 to 8.
    pub qualification_level: Option<u8>,
    pub company: Option<String>,
    pub attendance: Attendance,
    /// What the member declares about candidates.
    pub declared: Vec<DeclaredConflict>,
    /// Candidates before whom a manager has the member leave the room.
    pub recused_from: Vec<Uuid>,
}

/// Which side of a contract of employment a professional stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Employment {
    Employer,
    Employee,
}

/// From the invitation to the roll call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    Convened,
    Accepted,
    Declined,
    Present,
    Absent,
}

/// A member's own word that they should not judge a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeclaredConflict {
    /// Id of the candidate.
    pub candidate: Uuid,
    pub reason: String,
}

/// A person whom the jury judges, with those around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// Id of the enrolment.
    pub id: Uuid,
    pub student: Uuid,
    pub name: String,
    /// A dossier of theirs waits for a jury.
    pub has_dossier: bool,
    /// Companies and public bodies of their periods.
    pub companies: Vec<String>,
    /// Persons.
    pub tutors: Vec<Uuid>,
    /// Persons who took part in the training, or accompanied the VAE.
    pub trainers: Vec<Uuid>,
    /// Links with members that the candidate or a manager declared.
    pub links: Vec<DeclaredLink>,
}

/// A link with a member, personal or professional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeclaredLink {
    /// Id of the member.
    pub member: Uuid,
    pub nature: String,
}

impl JuryMember {
    /// Whether they are counted: convened and not known to stay away.
    pub fn sits(&self) -> bool {
        !matches!(self.attendance, Attendance::Declined | Attendance::Absent)
    }

    /// Whether they are at the table.
    pub fn deliberates(&self) -> bool {
        self.attendance == Attendance::Present
    }

    /// Whether their voice counts on a candidate.
    pub fn votes_on(&self, candidate: Uuid) -> bool {
        self.voting && self.deliberates() && self.judges(candidate)
    }

    /// Whether they take part before a candidate: they neither leave the room before them nor
    /// declare that they should not judge them. Who does not judge reads, says, hears and counts
    /// for nothing.
    pub fn judges(&self, candidate: Uuid) -> bool {
        !self.recused_from.contains(&candidate)
            && self.declared.iter().all(|conflict| conflict.candidate != candidate)
    }

    /// A professional of the job who does not sit for the certifier: every text that asks for
    /// both kinds numbers them apart.
    pub fn is_independent_professional(&self) -> bool {
        self.professional && !self.represents_certifier
    }

    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.text("name", &self.name, 200);
        faults.at_most("company", self.company.as_deref().unwrap_or_default(), 200);
        faults.at_most("seat", self.seat.as_deref().unwrap_or_default(), 500);
        if self.external && self.represents_certifier {
            faults.add(
                "external",
                "external_representative",
                "Un représentant du certificateur n’est pas un membre extérieur : choisissez.",
            );
        }
        if self.experience_years.is_some_and(|years| years > EXPERIENCE_MAX) {
            faults.add(
                "experience_years",
                "out_of_range",
                format!("Indiquez au plus {EXPERIENCE_MAX} années d’expérience."),
            );
        }
        if self.qualification_level.is_some_and(|level| !(1..=8).contains(&level)) {
            faults.add(
                "qualification_level",
                "out_of_range",
                "Le niveau de qualification va de 1 à 8.",
            );
        }
        for (index, conflict) in self.declared.iter().enumerate() {
            faults.text(&format!("declared[{index}].reason"), &conflict.reason, 2_000);
        }
        faults.into_result()
    }
}

/// A session of a jury, without its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JurySession {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub certification: CertificationRef,
    pub route: RouteKind,
    /// What the school calls it: `Jury de juin 2027`.
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub place: String,
    /// Where it is held at a distance.
    pub link: Option<String>,
    /// On what ground the jury is composed, where no typed rule says it.
    pub statement: String,
    pub window: AccessWindow,
    pub status: SessionStatus,
    pub opened_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// When a jury sat: the moment for which its session was called, or that of its closing where it
/// closed before. What it validates is validated on that day in France, whenever it is sealed: a
/// session opens days before, so that members may read, and may close after midnight.
pub fn held_at(starts_at: DateTime<Utc>, closed_at: DateTime<Utc>) -> DateTime<Utc> {
    starts_at.min(closed_at)
}

/// planned → open → closed; an open one may be planned again while nothing is decided. What is
/// closed is sealed: only amendments are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    Planned,
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionAction {
    Open,
    /// The jury does not meet, or not then: what was opened is planned again.
    Suspend,
    Close,
}

/// A step that the life of a session does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WrongSessionStep {
    #[error("only a planned session can be changed or opened")]
    NotPlanned,
    #[error("only an open session can be decided on or closed")]
    NotOpen,
}

impl SessionStatus {
    pub fn apply(self, action: SessionAction) -> Result<Self, WrongSessionStep> {
        match (self, action) {
            (Self::Planned, SessionAction::Open) => Ok(Self::Open),
            (Self::Open, SessionAction::Suspend) => Ok(Self::Planned),
            (Self::Open, SessionAction::Close) => Ok(Self::Closed),
            (_, SessionAction::Open) => Err(WrongSessionStep::NotPlanned),
            (_, SessionAction::Suspend | SessionAction::Close) => Err(WrongSessionStep::NotOpen),
        }
    }
}

/// When members may read the files, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessWindow {
    pub opens_at: DateTime<Utc>,
    pub closes_at: DateTime<Utc>,
}

impl AccessWindow {
    /// Members read from the session's opening on, never outside the window.
    pub fn allows(self, status: SessionStatus, now: DateTime<Utc>) -> bool {
        status != SessionStatus::Planned && (self.opens_at..self.closes_at).contains(&now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{member, moment, wrong};

    #[test]
    fn a_session_is_planned_then_open_then_closed() {
        use SessionAction::{Close, Open as Opens, Suspend};
        use SessionStatus::{Closed, Open, Planned};
        for (status, action, next) in [
            (Planned, Opens, Ok(Open)),
            (Planned, Suspend, Err(WrongSessionStep::NotOpen)),
            (Planned, Close, Err(WrongSessionStep::NotOpen)),
            (Open, Opens, Err(WrongSessionStep::NotPlanned)),
            (Open, Suspend, Ok(Planned)),
            (Open, Close, Ok(Closed)),
            (Closed, Opens, Err(WrongSessionStep::NotPlanned)),
            (Closed, Suspend, Err(WrongSessionStep::NotOpen)),
            (Closed, Close, Err(WrongSessionStep::NotOpen)),
        ] {
            assert_eq!(status.apply(action), next, "{status:?} {action:?}");
        }
    }

    #[test]
    fn files_are_read_inside_the_window_of_an_open_session() {
        use SessionStatus::{Closed, Open, Planned};
        let window = AccessWindow {
            opens_at: moment("2026-11-20T08:00:00Z"),
            closes_at: moment("2026-11-23T20:00:00Z"),
        };
        for (status, now, allowed) in [
            (Planned, "2026-11-21T08:00:00Z", false),
            (Open, "2026-11-20T07:59:59Z", false),
            (Open, "2026-11-20T08:00:00Z", true),
            (Open, "2026-11-23T19:59:59Z", true),
            (Open, "2026-11-23T20:00:00Z", false),
            (Closed, "2026-11-21T08:00:00Z", true),
        ] {
            assert_eq!(window.allows(status, moment(now)), allowed, "{status:?} {now}");
        }
    }

    #[test]
    fn a_member_is_one_thing_or_the_other() {
        let declared = |reason: &str| {
            vec![DeclaredConflict { candidate: Uuid::nil(), reason: reason.to_owned() }]
        };
        for (member, faults) in [
            (member(1), &[][..]),
            (JuryMember { name: " ".to_owned(), ..member(1) }, &["name: required"]),
            (
                JuryMember { external: true, represents_certifier: true, ..member(1) },
                &["external: external_representative"],
            ),
            (JuryMember { experience_years: Some(60), ..member(1) }, &[]),
            (
                JuryMember { experience_years: Some(61), ..member(1) },
                &["experience_years: out_of_range"],
            ),
            (
                JuryMember { qualification_level: Some(9), ..member(1) },
                &["qualification_level: out_of_range"],
            ),
            (JuryMember { declared: declared("Un ami"), ..member(1) }, &[]),
            (JuryMember { declared: declared(""), ..member(1) }, &["declared[0].reason: required"]),
        ] {
            assert_eq!(wrong(member.check()), faults, "{member:?}");
        }
    }

    #[test]
    fn who_leaves_the_room_or_declares_a_conflict_does_not_judge() {
        let candidate = Uuid::from_u128(7);
        let declares = |candidate| JuryMember {
            declared: vec![DeclaredConflict { candidate, reason: "Mon neveu".to_owned() }],
            ..member(1)
        };
        for (member, judges) in [
            (member(1), true),
            (JuryMember { recused_from: vec![candidate], ..member(1) }, false),
            (JuryMember { recused_from: vec![Uuid::from_u128(8)], ..member(1) }, true),
            (declares(candidate), false),
            (declares(Uuid::from_u128(8)), true),
        ] {
            let member = JuryMember { attendance: Attendance::Present, ..member };
            let votes = member.votes_on(candidate);
            assert_eq!((member.judges(candidate), votes), (judges, judges), "{member:?}");
        }
    }

    #[test]
    fn who_sits_and_who_votes() {
        use Attendance::{Absent, Accepted, Convened, Declined, Present};
        let candidate = Uuid::from_u128(7);
        for (attendance, sits, votes) in [
            (Convened, true, false),
            (Accepted, true, false),
            (Declined, false, false),
            (Present, true, true),
            (Absent, false, false),
        ] {
            let member = JuryMember { attendance, ..member(1) };
            assert_eq!(
                (member.sits(), member.votes_on(candidate)),
                (sits, votes),
                "{attendance:?}"
            );
            let silent = JuryMember { voting: false, ..member.clone() };
            let recused = JuryMember { recused_from: vec![candidate], ..member };
            assert!(!silent.votes_on(candidate) && !recused.votes_on(candidate));
        }
    }
}
