//! What a manager plans: the session, its members, the order of its candidates.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AccessWindow, Attendance, Candidate, DeclaredConflict, DeclaredLink, Employment, JuryMember,
};
use crate::{
    ambient::day_in_france,
    certification::Certification,
    dossier::DossierInfo,
    fault::{Fault, Faults},
    person::User,
};

pub const TITLE_MAX: usize = 200;
pub const PLACE_MAX: usize = 500;
pub const LINK_MAX: usize = 2_000;
pub const STATEMENT_MAX: usize = 5_000;
pub const MEMBERS_MAX: usize = 30;
pub const CANDIDATES_MAX: usize = 100;
/// Longest part of a defence that is believed.
const MINUTES_MAX: u32 = 480;
const REASON_MAX: usize = 2_000;

/// When, where and on what ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionTerms {
    /// What the school calls it: `Jury de juin 2027`.
    pub title: String,
    pub starts_at: DateTime<Utc>,
    /// May be empty where there is a link.
    #[serde(default)]
    pub place: String,
    /// Where it is held at a distance.
    pub link: Option<String>,
    /// On what ground the jury is composed, where no typed rule says it.
    #[serde(default)]
    pub statement: String,
    pub window: AccessWindow,
}

impl SessionTerms {
    #[must_use]
    pub fn tidied(self) -> Self {
        let Self { title, starts_at, place, link, statement, window } = self;
        Self {
            title: title.trim().to_owned(),
            starts_at,
            place: place.trim().to_owned(),
            link: link.map(|link| link.trim().to_owned()).filter(|link| !link.is_empty()),
            statement: statement.trim().to_owned(),
            window,
        }
    }

    /// `planned` is when the session was to start until now. What it validates is validated on its
    /// day, which is therefore today's in France or a later one; one that has gone by meanwhile may
    /// stay.
    pub fn check(
        &self,
        planned: Option<DateTime<Utc>>,
        today: NaiveDate,
    ) -> Result<(), Vec<Fault>> {
        let Self { title, starts_at, place, link, statement, window } = self;
        let mut faults = Faults::default();
        faults.text("title", title, TITLE_MAX);
        moment("starts_at", *starts_at, &mut faults);
        if planned != Some(*starts_at) && day_in_france(*starts_at) < today {
            faults.add(
                "starts_at",
                "past",
                "Cette date est passée : une session se prévoit pour aujourd’hui ou plus tard.",
            );
        }
        faults.at_most("place", place, PLACE_MAX);
        if place.trim().is_empty() && link.is_none() {
            faults.add("place", "required", "Indiquez un lieu, ou un lien pour se réunir.");
        }
        if let Some(link) = link {
            faults.at_most("link", link, LINK_MAX);
            if !(link.starts_with("https://") || link.starts_with("http://")) {
                faults.add("link", "bad_link", "Un lien commence par https:// ou http://.");
            }
        }
        faults.at_most("statement", statement, STATEMENT_MAX);
        check_window(*window, *starts_at, &mut faults);
        faults.into_result()
    }
}

/// The window is one, and is not over before the jury meets.
fn check_window(window: AccessWindow, starts_at: DateTime<Utc>, faults: &mut Faults) {
    let AccessWindow { opens_at, closes_at } = window;
    moment("window.opens_at", opens_at, faults);
    moment("window.closes_at", closes_at, faults);
    if closes_at <= opens_at {
        faults.add(
            "window.closes_at",
            "end_before_start",
            "L’accès aux dossiers se ferme après son ouverture.",
        );
    } else if closes_at <= starts_at {
        faults.add(
            "window.closes_at",
            "closes_before_session",
            "L’accès aux dossiers se fermerait avant que le jury ne se réunisse.",
        );
    }
}

fn moment(field: &str, at: DateTime<Utc>, faults: &mut Faults) {
    if !(1900..=2200).contains(&at.year()) {
        faults.add(field, "bad_date", "Cette date n’est pas entre 1900 et 2200.");
    }
}

/// All that the rules ask about a member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that some text asks about")]
pub struct MemberProfile {
    pub chair: bool,
    pub voting: bool,
    /// From outside the certifier and the school.
    pub external: bool,
    /// Exercises the job that the certification aims at.
    pub professional: bool,
    pub employment: Option<Employment>,
    pub represents_certifier: bool,
    pub expert: bool,
    pub teaches_speciality: bool,
    /// Function that is held, in the words of the certification's source.
    pub seat: Option<String>,
    /// Years in the job.
    pub experience_years: Option<u32>,
    /// Level in the French framework of qualifications, 1 to 8.
    pub qualification_level: Option<u8>,
    pub company: Option<String>,
}

impl MemberProfile {
    #[must_use]
    pub fn tidied(self) -> Self {
        let tidy = |text: Option<String>| {
            text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        Self { seat: tidy(self.seat), company: tidy(self.company), ..self }
    }

    pub fn of(member: &JuryMember) -> Self {
        let member = member.clone();
        Self {
            chair: member.chair,
            voting: member.voting,
            external: member.external,
            professional: member.professional,
            employment: member.employment,
            represents_certifier: member.represents_certifier,
            expert: member.expert,
            teaches_speciality: member.teaches_speciality,
            seat: member.seat,
            experience_years: member.experience_years,
            qualification_level: member.qualification_level,
            company: member.company,
        }
    }

    /// The member that this person is with it, before any answer.
    pub fn member(self, id: Uuid, person: &User) -> JuryMember {
        let Self {
            chair,
            voting,
            external,
            professional,
            employment,
            represents_certifier,
            expert,
            teaches_speciality,
            seat,
            experience_years,
            qualification_level,
            company,
        } = self;
        JuryMember {
            id,
            person: Some(person.id),
            name: format!("{} {}", person.given_name, person.family_name),
            chair,
            voting,
            external,
            professional,
            employment,
            represents_certifier,
            expert,
            teaches_speciality,
            seat,
            experience_years,
            qualification_level,
            company,
            attendance: Attendance::Convened,
            declared: Vec::new(),
            recused_from: Vec::new(),
        }
    }
}

/// How long a defence lasts, in minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Durations {
    pub presentation_minutes: Option<u32>,
    pub interview_minutes: Option<u32>,
}

impl Durations {
    /// What the certification's modalities ask for, the longest where they differ; nothing where
    /// its source does not say.
    pub fn of(certification: &Certification) -> Self {
        let modalities = || certification.blocks.iter().flat_map(|block| &block.modalities);
        Self {
            presentation_minutes: modalities().filter_map(|it| it.presentation_minutes).max(),
            interview_minutes: modalities().filter_map(|it| it.interview_minutes).max(),
        }
    }
}

/// A candidate as a manager puts them on the list, whose order is that of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CandidateTerms {
    pub enrolment_id: Uuid,
    /// When the candidate before has ended, if absent; the session's start for the first.
    pub starts_at: Option<DateTime<Utc>>,
    /// The certification's, if absent.
    pub presentation_minutes: Option<u32>,
    /// The certification's, if absent.
    pub interview_minutes: Option<u32>,
    /// Persons who took part in the training, or accompanied the VAE.
    #[serde(default)]
    pub trainers: Vec<Uuid>,
    /// Links with members that the candidate or the manager declares.
    #[serde(default)]
    pub links: Vec<DeclaredLink>,
}

/// When a candidate is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub starts_at: DateTime<Utc>,
    pub presentation_minutes: u32,
    pub interview_minutes: u32,
}

impl Slot {
    pub fn ends_at(self) -> DateTime<Utc> {
        self.starts_at
            + TimeDelta::minutes(
                i64::from(self.presentation_minutes) + i64::from(self.interview_minutes),
            )
    }
}

/// The slots of a session in order: none begins before the session, nor before the one before has
/// ended.
pub fn slots(
    starts_at: DateTime<Utc>,
    durations: Durations,
    candidates: &[CandidateTerms],
) -> Result<Vec<Slot>, Vec<Fault>> {
    let mut faults = Faults::default();
    if candidates.len() > CANDIDATES_MAX {
        faults.add("candidates", "too_many", format!("Au plus {CANDIDATES_MAX} candidats."));
        return faults.into_result().map(|()| Vec::new());
    }
    let mut free_from = starts_at;
    let mut slots = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        let CandidateTerms { enrolment_id, trainers: _, links, .. } = candidate;
        let field = |name: &str| format!("candidates[{index}].{name}");
        if candidates[..index].iter().any(|earlier| earlier.enrolment_id == *enrolment_id) {
            faults.add(field("enrolment_id"), "repeated", "Ce candidat est déjà sur la liste.");
        }
        let mut minutes = |name: &str, entered: Option<u32>, default: Option<u32>| {
            let minutes = entered.or(default);
            match minutes {
                None => faults.add(
                    field(name),
                    "required",
                    "La certification ne dit pas combien de minutes : indiquez-le.",
                ),
                Some(minutes) if minutes > MINUTES_MAX => faults.add(
                    field(name),
                    "out_of_range",
                    format!("Indiquez au plus {MINUTES_MAX} minutes."),
                ),
                Some(_) => {}
            }
            minutes.unwrap_or_default().min(MINUTES_MAX)
        };
        let slot = Slot {
            presentation_minutes: minutes(
                "presentation_minutes",
                candidate.presentation_minutes,
                durations.presentation_minutes,
            ),
            interview_minutes: minutes(
                "interview_minutes",
                candidate.interview_minutes,
                durations.interview_minutes,
            ),
            starts_at: candidate.starts_at.unwrap_or(free_from),
        };
        if slot.starts_at < free_from {
            let (code, detail) = if index == 0 {
                ("before_session", "Ce créneau commence avant la session.")
            } else {
                ("overlaps", "Ce créneau commence avant la fin du précédent.")
            };
            faults.add(field("starts_at"), code, detail);
        }
        moment(&field("starts_at"), slot.starts_at, &mut faults);
        for (place, link) in links.iter().enumerate() {
            faults.text(&field(&format!("links[{place}].nature")), &link.nature, REASON_MAX);
        }
        free_from = slot.ends_at();
        slots.push(slot);
    }
    faults.into_result().map(|()| slots)
}

/// A candidate of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCandidate {
    /// Id of the enrolment, which is the candidate's everywhere.
    pub enrolment: Uuid,
    pub student: User,
    /// What the session reads once it is open; before, what it would read.
    pub dossier: Option<DossierInfo>,
    pub slot: Slot,
    /// Companies and public bodies of their periods.
    pub companies: Vec<String>,
    pub tutors: Vec<User>,
    pub trainers: Vec<User>,
    pub links: Vec<DeclaredLink>,
}

impl SessionCandidate {
    pub fn name(&self) -> String {
        format!("{} {}", self.student.given_name, self.student.family_name)
    }

    /// All that the rules of independence ask about.
    pub fn candidate(&self) -> Candidate {
        let ids = |people: &[User]| people.iter().map(|person| person.id).collect();
        Candidate {
            id: self.enrolment,
            student: self.student.id,
            name: self.name(),
            has_dossier: self.dossier.is_some(),
            companies: self.companies.clone(),
            tutors: ids(&self.tutors),
            trainers: ids(&self.trainers),
            links: self.links.clone(),
        }
    }
}

/// What a member answers to a convocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    pub accepts: bool,
    /// Candidates whom the member should not judge; who declines need not say.
    #[serde(default)]
    pub conflicts: Vec<DeclaredConflict>,
}

impl Answer {
    /// Every conflict is with a candidate of the session, and says why.
    pub fn check(&self, candidates: &[Uuid]) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        for (index, DeclaredConflict { candidate, reason }) in self.conflicts.iter().enumerate() {
            let earlier = &self.conflicts[..index];
            let field = |name: &str| format!("conflicts[{index}].{name}");
            if !candidates.contains(candidate) {
                faults.add(
                    field("candidate"),
                    "unknown_candidate",
                    "Ce candidat n’est pas de cette session.",
                );
            } else if earlier.iter().any(|one| one.candidate == *candidate) {
                faults.add(field("candidate"), "repeated", "Ce candidat est nommé deux fois.");
            }
            faults.text(&field("reason"), reason, REASON_MAX);
        }
        faults.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{certification, moment, wrong};

    fn terms() -> SessionTerms {
        SessionTerms {
            title: "Jury de juin".to_owned(),
            starts_at: moment("2027-06-15T08:00:00Z"),
            place: "Salle 12".to_owned(),
            link: None,
            statement: String::new(),
            window: AccessWindow {
                opens_at: moment("2027-06-08T08:00:00Z"),
                closes_at: moment("2027-06-15T20:00:00Z"),
            },
        }
    }

    #[test]
    fn a_session_has_a_place_or_a_link_and_a_window_that_reaches_it() {
        let closes = |text| AccessWindow { closes_at: moment(text), ..terms().window };
        for (terms, faults) in [
            (terms(), &[][..]),
            (SessionTerms { title: "  ".to_owned(), ..terms() }, &["title: required"]),
            (SessionTerms { place: String::new(), ..terms() }, &["place: required"]),
            (
                SessionTerms {
                    place: String::new(),
                    link: Some("https://visio.example/1".to_owned()),
                    ..terms()
                },
                &[],
            ),
            (
                SessionTerms { link: Some("javascript:alert(1)".to_owned()), ..terms() },
                &["link: bad_link"],
            ),
            (
                SessionTerms { window: closes("2027-06-08T08:00:00Z"), ..terms() },
                &["window.closes_at: end_before_start"],
            ),
            (
                SessionTerms { window: closes("2027-06-15T08:00:00Z"), ..terms() },
                &["window.closes_at: closes_before_session"],
            ),
            (
                SessionTerms { starts_at: moment("2627-06-15T08:00:00Z"), ..terms() },
                &["starts_at: bad_date", "window.closes_at: closes_before_session"],
            ),
        ] {
            let today = day_in_france(moment("2027-06-01T08:00:00Z"));
            assert_eq!(wrong(terms.check(None, today)), faults, "{terms:?}");
        }
        let blank = SessionTerms { link: Some("  ".to_owned()), ..terms() }.tidied();
        assert_eq!(blank.link, None);
    }

    #[test]
    fn a_session_is_planned_for_today_or_later() {
        let (held, other) = (Some(terms().starts_at), Some(moment("2027-07-01T08:00:00Z")));
        for (planned, now, passes) in [
            (None, "1999-06-15T08:00:00Z", true),
            (None, "2027-06-15T21:59:59Z", true),
            // Paris is two hours ahead in summer.
            (None, "2027-06-15T22:00:00Z", false),
            (None, "2027-06-16T08:00:00Z", false),
            (held, "2027-06-16T08:00:00Z", true),
            (other, "2027-06-16T08:00:00Z", false),
        ] {
            let faults = wrong(terms().check(planned, day_in_france(moment(now))));
            let past = if passes { &[][..] } else { &["starts_at: past"] };
            assert_eq!(faults, past, "{planned:?} {now}");
        }
    }

    #[test]
    fn candidates_follow_one_another() {
        let start = moment("2027-06-15T08:00:00Z");
        let twenty = Durations { presentation_minutes: Some(20), interview_minutes: Some(20) };
        let one = |id: u128, at: Option<&str>, presentation| CandidateTerms {
            enrolment_id: Uuid::from_u128(id),
            starts_at: at.map(moment),
            presentation_minutes: presentation,
            interview_minutes: None,
            trainers: Vec::new(),
            links: Vec::new(),
        };
        let planned = slots(
            start,
            twenty,
            &[
                one(1, None, None),
                one(2, Some("2027-06-15T09:00:00Z"), Some(30)),
                one(3, None, None),
            ],
        );
        let planned: Vec<(String, u32)> = planned
            .expect("they fit")
            .into_iter()
            .map(|slot| (slot.starts_at.format("%H:%M").to_string(), slot.presentation_minutes))
            .collect();
        let expected = [("08:00", 20), ("09:00", 30), ("09:50", 20)];
        assert_eq!(planned, expected.map(|(at, minutes)| (at.to_owned(), minutes)));

        for (durations, candidates, faults) in [
            (
                twenty,
                vec![one(1, None, None), one(1, None, None)],
                vec!["candidates[1].enrolment_id: repeated"],
            ),
            (
                twenty,
                vec![one(1, Some("2027-06-15T07:59:00Z"), None)],
                vec!["candidates[0].starts_at: before_session"],
            ),
            (
                twenty,
                vec![one(1, None, None), one(2, Some("2027-06-15T08:39:00Z"), None)],
                vec!["candidates[1].starts_at: overlaps"],
            ),
            (
                Durations::default(),
                vec![one(1, None, Some(10))],
                vec!["candidates[0].interview_minutes: required"],
            ),
            (
                twenty,
                vec![one(1, None, Some(481))],
                vec!["candidates[0].presentation_minutes: out_of_range"],
            ),
            (twenty, vec![one(1, None, None); CANDIDATES_MAX + 1], vec!["candidates: too_many"]),
        ] {
            assert_eq!(wrong(slots(start, durations, &candidates)), faults);
        }
    }

    #[test]
    fn durations_are_the_longest_that_a_modality_asks_for() {
        let mut certification = certification();
        assert_eq!(Durations::of(&certification), Durations::default());
        let modality = &mut certification.blocks[0].modalities[0];
        modality.presentation_minutes = Some(20);
        modality.interview_minutes = Some(15);
        let twenty = Durations { presentation_minutes: Some(20), interview_minutes: Some(15) };
        assert_eq!(Durations::of(&certification), twenty);
    }

    #[test]
    fn a_conflict_is_with_a_candidate_and_says_why() {
        let (here, elsewhere) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let conflict =
            |candidate, reason: &str| DeclaredConflict { candidate, reason: reason.to_owned() };
        for (conflicts, faults) in [
            (vec![], vec![]),
            (vec![conflict(here, "Ma nièce")], vec![]),
            (vec![conflict(here, " ")], vec!["conflicts[0].reason: required"]),
            (
                vec![conflict(elsewhere, "Ma nièce")],
                vec!["conflicts[0].candidate: unknown_candidate"],
            ),
            (
                vec![conflict(here, "Ma nièce"), conflict(here, "Voisine")],
                vec!["conflicts[1].candidate: repeated"],
            ),
        ] {
            assert_eq!(wrong(Answer { accepts: true, conflicts }.check(&[here])), faults);
        }
    }
}
