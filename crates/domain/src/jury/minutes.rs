//! What the minutes of a session (*procès-verbal*) say.
//!
//! They are sealed as one text, which must be understood years later without this instance: names
//! and wording stand beside every id. What is nobody's business but a person's stays out: what a
//! member or a candidate told of a link, what is behind an accommodation, and, unless the rule keeps
//! them, who proposed what.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    JuryMember, JurySession,
    chair::Handover,
    composition::RuleCheck,
    independence::{Conflict, Ground},
    opening::{CandidateCheck, OpeningCheck},
};
use crate::{
    capitalisation::Term,
    certification::{Certification, DeliberationRule, RouteKind},
    decision::Verdict,
    enrolment::CertificationRef,
    fault::{Fault, Faults},
    person::PersonName,
    waiver::Waiver,
};

/// Number of this form; another form gets another number.
pub const FORMAT: u32 = 1;
pub const AMENDMENT_MAX: usize = 10_000;

/// The text that the seal is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesContent {
    /// See [`FORMAT`].
    pub format: u32,
    /// Id of the session.
    pub session: Uuid,
    pub title: String,
    /// Name of the school.
    pub organisation: String,
    pub certification: CertificationRef,
    pub route: RouteKind,
    pub starts_at: DateTime<Utc>,
    pub place: String,
    /// It was held at a distance, wholly or in part.
    pub remote: bool,
    pub opened_at: DateTime<Utc>,
    pub closed_at: DateTime<Utc>,
    /// On what ground the jury is composed, where no typed rule says it.
    pub statement: String,
    /// In the order in which the manager lists them; what they declared is left out.
    pub members: Vec<JuryMember>,
    /// Who presided from when on, where the chair was handed over; oldest first.
    #[serde(default)]
    pub handovers: Vec<MinutesHandover>,
    /// What was checked when the session opened.
    pub opening: OpeningCheck,
    /// The same when it closed: of those who were there, and of what was known by then. Absent from
    /// minutes that were sealed before it was kept.
    #[serde(default)]
    pub closing: Option<OpeningCheck>,
    pub rule: DeliberationRule,
    /// The chair's voice outweighs in a tie, by the rule or by law.
    pub casting_vote: bool,
    /// In their order.
    pub candidates: Vec<MinutesCandidate>,
}

/// From when on another member presided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesHandover {
    pub at: DateTime<Utc>,
    /// Name of the member who presided until then.
    pub from: Option<String>,
    /// Name of the member who presides since.
    pub to: String,
}

/// What was decided on one candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesCandidate {
    /// Id of the enrolment.
    pub id: Uuid,
    pub student: Uuid,
    pub given_name: String,
    pub family_name: String,
    pub dossier: MinutesDossier,
    /// Members who left the room.
    pub recused: Vec<Uuid>,
    /// Whether the jury was in number for this candidate.
    pub quorum: Vec<RuleCheck>,
    /// One for each block of the dossier, in the certification's order.
    pub decisions: Vec<MinutesDecision>,
    pub waivers: Vec<MinutesWaiver>,
    /// With this session the candidate holds the whole certification.
    pub certification_obtained: bool,
}

/// Names the frozen dossier that the jury read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesDossier {
    pub id: Uuid,
    pub number: u32,
    /// SHA-256 of its manifest, in lower-case hexadecimal.
    pub manifest_sha256: String,
}

/// What was decided on one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesDecision {
    /// Code of the block.
    pub block: String,
    pub title: String,
    pub verdict: Verdict,
    /// What a partial validation lacks.
    pub missing: Vec<NamedCompetency>,
    /// Transversal competencies that were validated through the block.
    pub transversal: Vec<NamedCompetency>,
    pub motive: String,
    /// How long a validated block stays in force.
    pub term: Option<Term>,
    /// Who proposed what, where the rule keeps it; empty elsewhere.
    pub votes: Vec<MinutesVote>,
    /// As many proposals for one as for another, and the chair's voice outweighed.
    pub casting_vote_used: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedCompetency {
    pub key: String,
    /// As the source prints it.
    pub code: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesVote {
    /// Id of the member.
    pub member: Uuid,
    pub name: String,
    pub verdict: Verdict,
}

/// A waiver as everybody may read it: nothing in it tells an accommodation for a disability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinutesWaiver {
    /// Key of the requirement.
    pub requirement: String,
    /// Its name in a few words.
    pub label: String,
    pub motive: String,
    pub granted_by: String,
}

/// Minutes as they were sealed, with what was added since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sealed {
    pub content: MinutesContent,
    /// Of the content's exact bytes, in lower-case hexadecimal.
    pub sha256: String,
    pub sealed_at: DateTime<Utc>,
    pub sealed_by: PersonName,
    /// Oldest first.
    pub amendments: Vec<Amendment>,
}

/// A dated addition, which leaves the sealed text as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amendment {
    /// From 1.
    pub number: u32,
    /// The candidate whom it is about, by their enrolment: the others do not read it. Absent where
    /// it is about the session.
    pub about: Option<Uuid>,
    pub text: String,
    pub by: PersonName,
    pub at: DateTime<Utc>,
    /// See [`amendment_sum`].
    pub sha256: String,
}

impl MinutesContent {
    /// See [`held_at`](super::held_at).
    pub fn held_at(&self) -> DateTime<Utc> {
        super::held_at(self.starts_at, self.closed_at)
    }

    /// They speak of this candidate, and whoever asks, if a member, stayed in the room for them.
    pub fn tells(&self, reader: Option<Uuid>, candidate: Uuid) -> bool {
        let in_the_room =
            |one: &MinutesCandidate| reader.is_none_or(|member| !one.recused.contains(&member));
        self.candidates.iter().any(|one| one.id == candidate && in_the_room(one))
    }
}

impl Sealed {
    /// The sum that the next amendment follows from: the newest one's, or the seal.
    pub fn head(&self) -> &str {
        self.amendments.last().map_or(&self.sha256, |last| &last.sha256)
    }

    /// Takes out the candidates before whom this member left the room, with what was added about
    /// them; gives how many there were. The sum is of the whole text.
    pub fn leave_out(&mut self, member: Uuid) -> usize {
        let MinutesContent { candidates, opening, closing, .. } = &mut self.content;
        let before = candidates.len();
        candidates.retain(|candidate| !candidate.recused.contains(&member));
        let stay: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
        for check in std::iter::once(opening).chain(closing) {
            check.candidates.retain(|one| stay.contains(&one.candidate));
        }
        self.amendments.retain(|one| one.about.is_none_or(|about| stay.contains(&about)));
        before - stay.len()
    }
}

/// An amendment that says something.
pub fn check_amendment(text: &str) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    faults.text("text", text, AMENDMENT_MAX);
    faults.into_result()
}

/// SHA-256 over the sum before, the number, the author, the date in microseconds, the candidate whom
/// it is about (nothing for the session) and the text, each with its length in bytes before it, so
/// that no two amendments read the same. The first one follows from the seal: whoever holds the newest
/// sum can prove everything before it.
pub fn amendment_sum(
    previous: &str,
    number: u32,
    by: Uuid,
    at: DateTime<Utc>,
    about: Option<Uuid>,
    text: &str,
) -> String {
    let about = about.map(|id| id.to_string());
    let [number, by, at] = [number.to_string(), by.to_string(), at.timestamp_micros().to_string()];
    let parts = [Some(previous), Some(&number), Some(&by), Some(&at), about.as_deref(), Some(text)];
    let mut digest = Sha256::new();
    for part in parts.into_iter().flatten() {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// What the minutes of a session are written from, beside its candidates.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub session: &'a JurySession,
    /// Name of the school.
    pub organisation: &'a str,
    pub members: &'a [JuryMember],
    pub handovers: &'a [Handover],
    pub opening: &'a OpeningCheck,
    pub closing: &'a OpeningCheck,
    pub rule: DeliberationRule,
    pub casting_vote: bool,
    pub closed_at: DateTime<Utc>,
}

impl MinutesContent {
    pub fn new(frame: &Frame<'_>, candidates: Vec<MinutesCandidate>) -> Self {
        let Frame {
            session,
            organisation,
            members,
            handovers,
            opening,
            closing,
            rule,
            casting_vote,
            closed_at,
        } = *frame;
        let name = |id: Uuid| members.iter().find(|one| one.id == id).map(|one| one.name.clone());
        Self {
            format: FORMAT,
            session: session.id,
            title: session.title.clone(),
            organisation: organisation.to_owned(),
            certification: session.certification.clone(),
            route: session.route,
            starts_at: session.starts_at,
            place: session.place.clone(),
            remote: session.link.is_some(),
            opened_at: session.opened_at.unwrap_or(session.starts_at),
            closed_at,
            statement: session.statement.clone(),
            members: members
                .iter()
                .map(|member| JuryMember { declared: Vec::new(), ..member.clone() })
                .collect(),
            handovers: handovers
                .iter()
                .map(|one| MinutesHandover {
                    at: one.at,
                    from: one.from.and_then(name),
                    to: name(one.to).unwrap_or_default(),
                })
                .collect(),
            opening: without_confidences(opening),
            closing: Some(without_confidences(closing)),
            rule,
            casting_vote,
            candidates,
        }
    }
}

/// The grounds and figures stay; what somebody told about themselves does not.
fn without_confidences(opening: &OpeningCheck) -> OpeningCheck {
    let told = |conflict: &Conflict| {
        matches!(conflict.ground, Ground::DeclaredLink | Ground::OwnDeclaration)
    };
    let public = |conflict: &Conflict| Conflict {
        detail: conflict.detail.clone().filter(|_| !told(conflict)),
        ..conflict.clone()
    };
    OpeningCheck {
        candidates: opening
            .candidates
            .iter()
            .map(|check| CandidateCheck {
                conflicts: check.conflicts.iter().map(public).collect(),
                ..check.clone()
            })
            .collect(),
        ..opening.clone()
    }
}

impl NamedCompetency {
    pub fn of(certification: &Certification, keys: &[String]) -> Vec<Self> {
        keys.iter().map(|key| Self::new(certification, key)).collect()
    }

    fn new(certification: &Certification, key: &str) -> Self {
        let found = certification.competency(key);
        Self {
            key: key.to_owned(),
            code: found.and_then(|one| one.code.clone()),
            text: found.map(|one| one.text.clone()).unwrap_or_default(),
        }
    }
}

impl MinutesWaiver {
    pub fn new(certification: &Certification, waiver: &Waiver) -> Self {
        let Waiver { requirement, motive, granted_by, .. } = waiver.clone().public();
        let label =
            certification.requirement(&requirement).map_or(&requirement, |one| &one.label).clone();
        Self { requirement, label, motive, granted_by }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fault::Severity,
        fixtures::{member, moment, wrong},
        jury::{AccessWindow, DeclaredConflict, SessionStatus, opening::Basis},
    };

    #[test]
    fn what_somebody_told_of_a_link_is_not_in_the_minutes() {
        let candidate = Uuid::from_u128(100);
        let conflict = |ground| Conflict {
            member: member(1).id,
            candidate,
            ground,
            detail: Some("Acme".to_owned()),
            severity: Severity::Blocks,
            recused: true,
        };
        let told = Conflict { detail: None, ..conflict(Ground::OwnDeclaration) };
        let opening = OpeningCheck {
            basis: Basis::Nothing,
            obstacles: Vec::new(),
            rules: Vec::new(),
            candidates: vec![CandidateCheck {
                candidate,
                has_dossier: true,
                independence: Vec::new(),
                conflicts: vec![
                    conflict(Ground::OwnDeclaration),
                    conflict(Ground::DeclaredLink),
                    conflict(Ground::SameCompany),
                ],
                rules: Vec::new(),
            }],
        };
        let handovers = [Handover {
            from: Some(member(2).id),
            to: member(1).id,
            at: moment("2026-06-01T10:00:00Z"),
            reason: "Souffrante".to_owned(),
        }];
        let declared = DeclaredConflict { candidate, reason: "Mon neveu".to_owned() };
        let members = [JuryMember { declared: vec![declared], ..member(1) }, member(2)];
        let content = MinutesContent::new(
            &Frame {
                session: &session(),
                organisation: "École",
                members: &members,
                handovers: &handovers,
                opening: &opening,
                closing: &opening,
                rule: DeliberationRule::default(),
                casting_vote: false,
                closed_at: moment("2026-06-01T18:00:00Z"),
            },
            Vec::new(),
        );
        assert_eq!(content.members, [member(1), member(2)]);
        let [handover] = &content.handovers[..] else { panic!("one handover") };
        assert_eq!(
            (handover.from.as_deref(), handover.to.as_str()),
            (Some("Membre 2"), "Membre 1")
        );
        let text = format!("{content:?}");
        assert!(!text.contains("Souffrante") && !text.contains("Mon neveu"), "{text}");
        let conflicts = &content.opening.candidates[0].conflicts;
        assert_eq!(conflicts[0], told);
        assert_eq!(conflicts[1].detail, None);
        assert_eq!(conflicts[2].detail.as_deref(), Some("Acme"), "the law's own ground");
    }

    #[test]
    fn who_left_the_room_does_not_read_what_was_decided_there() {
        let decided = |id: u128, recused: &[JuryMember]| MinutesCandidate {
            id: Uuid::from_u128(id),
            student: Uuid::from_u128(id + 100),
            given_name: "Léa".to_owned(),
            family_name: "Roy".to_owned(),
            dossier: MinutesDossier {
                id: Uuid::nil(),
                number: 1,
                manifest_sha256: "ab".to_owned(),
            },
            recused: recused.iter().map(|one| one.id).collect(),
            quorum: Vec::new(),
            decisions: Vec::new(),
            waivers: Vec::new(),
            certification_obtained: false,
        };
        let check = OpeningCheck {
            basis: Basis::Nothing,
            obstacles: Vec::new(),
            rules: Vec::new(),
            candidates: [7, 8]
                .map(|id| CandidateCheck {
                    candidate: Uuid::from_u128(id),
                    has_dossier: true,
                    independence: Vec::new(),
                    conflicts: Vec::new(),
                    rules: Vec::new(),
                })
                .into(),
        };
        let content = MinutesContent::new(
            &Frame {
                session: &session(),
                organisation: "École",
                members: &[member(1), member(2)],
                handovers: &[],
                opening: &check,
                closing: &check,
                rule: DeliberationRule::default(),
                casting_vote: false,
                closed_at: moment("2026-06-01T18:00:00Z"),
            },
            vec![decided(7, &[]), decided(8, &[member(2)])],
        );
        let sealed = Sealed {
            content,
            sha256: "ab".to_owned(),
            sealed_at: moment("2026-06-01T18:00:00Z"),
            sealed_by: PersonName {
                id: Uuid::nil(),
                given_name: "Anne".to_owned(),
                family_name: "Roy".to_owned(),
            },
            amendments: [None, Some(7), Some(8)].map(about).into(),
        };
        for (reader, left_out) in [(member(1), 0), (member(2), 1)] {
            let heard =
                |candidate| sealed.content.tells(Some(reader.id), Uuid::from_u128(candidate));
            assert_eq!([7, 8, 9].map(heard), [true, left_out == 0, false]);
            let mut read = sealed.clone();
            assert_eq!(read.leave_out(reader.id), left_out);
            let named = |check: &OpeningCheck| check.candidates.len();
            let closing = read.content.closing.as_ref().map(named);
            let all = (read.content.candidates.len(), named(&read.content.opening), closing);
            assert_eq!(all, (2 - left_out, 2 - left_out, Some(2 - left_out)));
            assert_eq!(read.amendments.len(), 3 - left_out);
        }
    }

    fn about(candidate: Option<u128>) -> Amendment {
        Amendment {
            number: 1,
            about: candidate.map(Uuid::from_u128),
            text: String::new(),
            by: PersonName {
                id: Uuid::nil(),
                given_name: String::new(),
                family_name: String::new(),
            },
            at: moment("2026-06-02T08:00:00Z"),
            sha256: String::new(),
        }
    }

    fn session() -> JurySession {
        JurySession {
            id: Uuid::from_u128(1),
            organisation_id: Uuid::from_u128(2),
            certification: CertificationRef {
                id: Uuid::from_u128(3),
                code: "TEST1".to_owned(),
                version: "1".to_owned(),
                title: "Test".to_owned(),
            },
            route: RouteKind::Student,
            title: "Jury de juin".to_owned(),
            starts_at: moment("2026-06-01T08:00:00Z"),
            place: "Salle 4".to_owned(),
            link: None,
            statement: String::new(),
            window: AccessWindow {
                opens_at: moment("2026-05-20T08:00:00Z"),
                closes_at: moment("2026-06-03T08:00:00Z"),
            },
            status: SessionStatus::Open,
            opened_at: Some(moment("2026-06-01T08:05:00Z")),
            closed_at: None,
            version: 3,
        }
    }

    #[test]
    fn a_jury_sat_when_it_was_called_for_or_when_it_closed_before() {
        let called = "2026-06-30T12:00:00Z";
        for (closed, held) in [
            ("2026-06-30T16:00:00Z", called),
            // In France the next day begins at ten in the evening.
            ("2026-06-30T22:30:00Z", called),
            ("2026-07-04T08:00:00Z", called),
            ("2026-06-29T16:00:00Z", "2026-06-29T16:00:00Z"),
        ] {
            let held_at = crate::jury::held_at(moment(called), moment(closed));
            assert_eq!(held_at, moment(held), "{closed}");
        }
    }

    #[test]
    fn an_amendment_follows_from_all_that_was_said_before() {
        let at = moment("2026-06-02T08:00:00Z");
        let by = Uuid::from_u128(1);
        let sum = amendment_sum("seal", 1, by, at, None, "Texte");
        for other in [
            amendment_sum("other", 1, by, at, None, "Texte"),
            amendment_sum("seal", 2, by, at, None, "Texte"),
            amendment_sum("seal", 1, Uuid::from_u128(2), at, None, "Texte"),
            amendment_sum("seal", 1, by, moment("2026-06-02T08:00:01Z"), None, "Texte"),
            amendment_sum("seal", 1, by, at, Some(by), "Texte"),
            amendment_sum("seal", 1, by, at, None, "Texte."),
        ] {
            assert_ne!(sum, other);
        }
        assert_eq!(wrong(check_amendment(" ")), ["text: required"]);
        assert_eq!(wrong(check_amendment("Lire « Roy »")), [""; 0]);
    }
}
