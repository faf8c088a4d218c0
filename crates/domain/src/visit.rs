//! Visit reports (*comptes rendus de visite*): the company's and the school's tutors say together
//! what was seen and what comes next, and the student countersigns.
//!
//! A signature is on a text as it stood: a change of it asks everybody to sign again. Once all have
//! signed it never changes; a later report corrects it and names it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    enrolment::TutorKind,
    fault::{Fault, Faults},
    person::User,
};

pub const POINTS_MAX: usize = 10_000;
pub const LOCATION_MAX: usize = 200;
pub const NAME_MAX: usize = 120;
pub const OBJECTIVE_MAX: usize = 1_000;
pub const COMMENT_MAX: usize = 4_000;
pub const PARTICIPANTS_MAX: usize = 20;
pub const OBJECTIVES_MAX: usize = 20;
pub const EVIDENCE_MAX: usize = 50;

/// Who signs a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Company,
    School,
    Student,
}

impl From<TutorKind> for Side {
    fn from(kind: TutorKind) -> Self {
        match kind {
            TutorKind::Company => Self::Company,
            TutorKind::School => Self::School,
        }
    }
}

/// Where the people met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitPlace {
    Company,
    School,
    /// By telephone or video.
    Remote,
}

/// Somebody who was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    /// The student or one of their tutors; absent for anybody else.
    #[serde(default)]
    pub user_id: Option<Uuid>,
    pub name: String,
}

/// What is to be done until the next visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Objective {
    pub text: String,
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// What the tutors write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitContent {
    pub held_on: NaiveDate,
    pub place: VisitPlace,
    #[serde(default)]
    pub location: String,
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// What was discussed.
    #[serde(default)]
    pub points: String,
    #[serde(default)]
    pub objectives: Vec<Objective>,
    /// Evidence that was looked at.
    #[serde(default)]
    pub evidence: Vec<Uuid>,
}

/// Where a report stands: drafted, then signed by the tutors, then countersigned or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitStatus {
    /// Nobody has signed the text as it stands.
    Draft,
    /// A tutor has signed, another one has not.
    Signing,
    /// The tutors have signed, the student has not.
    Countersigning,
    /// The student has said why they do not countersign.
    Refused,
    /// Everybody has signed: it never changes any more.
    Signed,
}

/// A signature, or a student's refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signature {
    pub side: Side,
    pub by: User,
    /// False where a student refuses to countersign.
    pub agreed: bool,
    /// The student's remark.
    pub comment: String,
    pub at: DateTime<Utc>,
    /// Whether it is on the text as it stands now; an earlier one stays in the record.
    pub current: bool,
}

/// A visit report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visit {
    pub id: Uuid,
    pub enrolment_id: Uuid,
    #[serde(flatten)]
    pub content: VisitContent,
    pub status: VisitStatus,
    /// Who must sign next.
    pub waits_for: Vec<Side>,
    pub author: User,
    /// Oldest first.
    pub signatures: Vec<Signature>,
    /// The signed report that this one corrects.
    pub corrects: Option<Uuid>,
    /// The report that corrects this one.
    pub corrected_by: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
}

/// A step that the life of a report does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VisitStep {
    #[error("everybody has signed: the report never changes")]
    Closed,
    #[error("this side has signed the text as it stands")]
    SignedAlready,
    #[error("the tutors have not all signed yet")]
    TutorsFirst,
    #[error("only a report that nobody has ever signed is deleted")]
    NotDeletable,
    #[error("only a report that everybody has signed is corrected")]
    NotClosed,
}

/// Who has signed the text as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The kinds of tutors that the student has.
    pub tutors: BTreeSet<TutorKind>,
    /// On the text as it stands, oldest first: the side, and whether it agrees.
    pub signatures: Vec<(Side, bool)>,
    /// Everybody had signed once, whoever the tutors are now.
    pub closed: bool,
}

impl Visit {
    /// Who has signed the text as it stands, for a student with these kinds of tutors.
    pub fn standing(&self, tutors: BTreeSet<TutorKind>) -> Standing {
        let current = self.signatures.iter().filter(|signature| signature.current);
        Standing {
            tutors,
            signatures: current.map(|signature| (signature.side, signature.agreed)).collect(),
            closed: self.status == VisitStatus::Signed,
        }
    }
}

impl Standing {
    fn of(&self, side: Side) -> Option<bool> {
        self.signatures.iter().rev().find(|(signed, _)| *signed == side).map(|(_, agreed)| *agreed)
    }

    fn missing_tutors(&self) -> Vec<Side> {
        let sides = self.tutors.iter().map(|kind| Side::from(*kind));
        sides.filter(|side| self.of(*side).is_none()).collect()
    }

    pub fn tutors_have_signed(&self) -> bool {
        self.closed || (!self.signatures.is_empty() && self.missing_tutors().is_empty())
    }

    pub fn status(&self) -> VisitStatus {
        if self.closed {
            return VisitStatus::Signed;
        }
        if self.signatures.is_empty() {
            return VisitStatus::Draft;
        }
        if !self.missing_tutors().is_empty() {
            return VisitStatus::Signing;
        }
        match self.of(Side::Student) {
            None => VisitStatus::Countersigning,
            Some(false) => VisitStatus::Refused,
            Some(true) => VisitStatus::Signed,
        }
    }

    /// Who must sign next. After a refusal it is the tutors' turn to change the text, and the
    /// student may still countersign.
    pub fn waits_for(&self) -> Vec<Side> {
        match self.status() {
            VisitStatus::Draft | VisitStatus::Signing => self.missing_tutors(),
            VisitStatus::Countersigning => vec![Side::Student],
            VisitStatus::Refused | VisitStatus::Signed => Vec::new(),
        }
    }

    pub fn edit(&self) -> Result<(), VisitStep> {
        if self.status() == VisitStatus::Signed { Err(VisitStep::Closed) } else { Ok(()) }
    }

    /// A tutor signs for a side.
    pub fn sign(&self, side: Side) -> Result<(), VisitStep> {
        self.edit()?;
        if self.of(side).is_some() { Err(VisitStep::SignedAlready) } else { Ok(()) }
    }

    /// The student countersigns, or refuses to.
    pub fn countersign(&self, agreed: bool) -> Result<(), VisitStep> {
        match self.status() {
            VisitStatus::Signed => Err(VisitStep::Closed),
            VisitStatus::Draft | VisitStatus::Signing => Err(VisitStep::TutorsFirst),
            VisitStatus::Refused if !agreed => Err(VisitStep::SignedAlready),
            VisitStatus::Refused | VisitStatus::Countersigning => Ok(()),
        }
    }
}

impl VisitContent {
    /// Without the blanks around what was typed and without empty lines.
    #[must_use]
    pub fn tidied(self) -> Self {
        let Self { held_on, place, location, participants, points, objectives, evidence } = self;
        let trim = |text: String| text.trim().to_owned();
        Self {
            held_on,
            place,
            location: trim(location),
            participants: participants
                .into_iter()
                .map(|Participant { user_id, name }| Participant { user_id, name: trim(name) })
                .filter(|one| one.user_id.is_some() || !one.name.is_empty())
                .collect(),
            points: trim(points),
            objectives: objectives
                .into_iter()
                .map(|Objective { text, due_on }| Objective { text: trim(text), due_on })
                .filter(|one| !one.text.is_empty() || one.due_on.is_some())
                .collect(),
            evidence,
        }
    }

    /// What every draft must satisfy. It may be prepared before the visit.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        self.find_faults(&mut faults);
        faults.into_result()
    }

    /// What a signature must satisfy beside: the visit has taken place, with somebody, and
    /// something was said.
    pub fn check_signature(&self, today: NaiveDate) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        self.find_faults(&mut faults);
        // One day more: in the Pacific it is tomorrow already.
        if Some(self.held_on) > today.succ_opt() {
            faults.add("held_on", "in_the_future", "Cette visite n’a pas encore eu lieu.");
        }
        if self.participants.is_empty() {
            faults.add("participants", "required", "Dites qui était présent.");
        }
        if self.points.trim().is_empty() {
            faults.add("points", "required", "Dites de quoi vous avez parlé avant de signer.");
        }
        faults.into_result()
    }

    fn find_faults(&self, faults: &mut Faults) {
        faults.day("held_on", Some(self.held_on));
        faults.at_most("location", &self.location, LOCATION_MAX);
        faults.at_most("points", &self.points, POINTS_MAX);
        for (field, count, most) in [
            ("participants", self.participants.len(), PARTICIPANTS_MAX),
            ("objectives", self.objectives.len(), OBJECTIVES_MAX),
            ("evidence", self.evidence.len(), EVIDENCE_MAX),
        ] {
            if count > most {
                faults.add(field, "too_many", format!("Au plus {most} ici."));
            }
        }
        for (index, one) in self.participants.iter().enumerate() {
            faults.at_most(format!("participants[{index}].name"), &one.name, NAME_MAX);
        }
        for (index, one) in self.objectives.iter().enumerate() {
            faults.text(&format!("objectives[{index}].text"), &one.text, OBJECTIVE_MAX);
            faults.day(&format!("objectives[{index}].due_on"), one.due_on);
        }
    }
}

/// Who refuses says why.
pub fn check_countersign(agreed: bool, comment: &str) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    if agreed {
        faults.at_most("comment", comment, COMMENT_MAX);
    } else {
        faults.text("comment", comment, COMMENT_MAX);
    }
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use Side::{Company, School, Student};
    use VisitStatus::{Countersigning, Draft, Refused, Signed, Signing};
    use VisitStep::{Closed, SignedAlready, TutorsFirst};

    use super::*;
    use crate::fixtures::{day, wrong};

    fn standing(tutors: &[TutorKind], signatures: &[(Side, bool)]) -> Standing {
        Standing {
            tutors: tutors.iter().copied().collect(),
            signatures: signatures.to_vec(),
            closed: false,
        }
    }

    #[test]
    fn the_life_of_a_report() {
        type Step = Result<(), VisitStep>;
        // tutors, signatures; status, who is next, edit, sign for the company, countersign, refuse
        type Row<'a> =
            (&'a [TutorKind], &'a [(Side, bool)], VisitStatus, &'a [Side], Step, Step, Step, Step);
        const BOTH: &[TutorKind] = &[TutorKind::Company, TutorKind::School];
        const ALONE: &[TutorKind] = &[TutorKind::School];
        let yes = |side| (side, true);
        let all = [yes(School), yes(Company), yes(Student)];
        let refused = [yes(School), yes(Company), (Student, false)];
        let early = Err(TutorsFirst);
        let closed = Err(Closed);
        let done = Err(SignedAlready);
        let table: [Row; 8] = [
            (BOTH, &[], Draft, &[Company, School], Ok(()), Ok(()), early, early),
            (BOTH, &all[..1], Signing, &[Company], Ok(()), Ok(()), early, early),
            (BOTH, &[yes(Company)], Signing, &[School], Ok(()), done, early, early),
            (BOTH, &all[..2], Countersigning, &[Student], Ok(()), done, Ok(()), Ok(())),
            (BOTH, &all, Signed, &[], closed, closed, closed, closed),
            (BOTH, &refused, Refused, &[], Ok(()), done, Ok(()), done),
            (ALONE, &all[..1], Countersigning, &[Student], Ok(()), Ok(()), Ok(()), Ok(())),
            // The company's tutor came after the school's had signed.
            (BOTH, &[yes(School)], Signing, &[Company], Ok(()), Ok(()), early, early),
        ];
        for (tutors, signatures, status, next, edit, sign, countersign, refuse) in table {
            let standing = standing(tutors, signatures);
            assert_eq!(standing.status(), status, "{standing:?}");
            assert_eq!(standing.waits_for(), next, "{standing:?}");
            assert_eq!(standing.edit(), edit, "{standing:?}");
            assert_eq!(standing.sign(Company), sign, "{standing:?}");
            assert_eq!(standing.countersign(true), countersign, "{standing:?}");
            assert_eq!(standing.countersign(false), refuse, "{standing:?}");
        }
        let after_refusal = standing(BOTH, &[refused.as_slice(), &[yes(Student)]].concat());
        assert_eq!(after_refusal.status(), Signed);
        let closed = Standing { closed: true, ..standing(BOTH, &[yes(School)]) };
        assert_eq!((closed.status(), closed.waits_for()), (Signed, vec![]), "tutors changed since");
        assert!(!standing(BOTH, &[]).tutors_have_signed());
        assert!(standing(BOTH, &all[..2]).tutors_have_signed());
    }

    fn content() -> VisitContent {
        VisitContent {
            held_on: day("2026-03-01"),
            place: VisitPlace::Company,
            location: String::new(),
            participants: vec![Participant { user_id: None, name: "Mme Roy".to_owned() }],
            points: "Le projet avance.".to_owned(),
            objectives: vec![Objective { text: "Livrer".to_owned(), due_on: None }],
            evidence: Vec::new(),
        }
    }

    #[test]
    fn what_a_report_says() {
        let table: [(VisitContent, &[&str], &[&str]); 8] = [
            (content(), &[], &[]),
            (
                VisitContent { held_on: day("2026-03-03"), ..content() },
                &[],
                &["held_on: in_the_future"],
            ),
            (
                VisitContent { participants: Vec::new(), points: " ".to_owned(), ..content() },
                &[],
                &["participants: required", "points: required"],
            ),
            (VisitContent { objectives: Vec::new(), ..content() }, &[], &[]),
            (
                VisitContent {
                    objectives: vec![Objective {
                        text: String::new(),
                        due_on: Some(day("1826-01-01")),
                    }],
                    ..content()
                },
                &["objectives[0].text: required", "objectives[0].due_on: bad_date"],
                &["objectives[0].text: required", "objectives[0].due_on: bad_date"],
            ),
            (
                VisitContent { points: "a".repeat(POINTS_MAX + 1), ..content() },
                &["points: too_long"],
                &["points: too_long"],
            ),
            (
                VisitContent { evidence: vec![Uuid::nil(); EVIDENCE_MAX + 1], ..content() },
                &["evidence: too_many"],
                &["evidence: too_many"],
            ),
            (
                VisitContent { location: "\u{7}".to_owned(), ..content() },
                &["location: bad_character"],
                &["location: bad_character"],
            ),
        ];
        for (content, drafting, signing) in table {
            assert_eq!(wrong(content.check()), drafting, "{content:?}");
            assert_eq!(wrong(content.check_signature(day("2026-03-01"))), signing, "{content:?}");
        }
    }

    #[test]
    fn empty_lines_are_no_content() {
        let empty = Objective { text: " ".to_owned(), due_on: None };
        let nobody = Participant { user_id: None, name: " ".to_owned() };
        let mut untidy = content();
        untidy.objectives.push(empty);
        untidy.participants.push(nobody);
        untidy.points.push('\n');
        assert_eq!(untidy.tidied(), content());
    }

    #[test]
    fn who_refuses_says_why() {
        for (agreed, comment, faults) in [
            (true, "", &[][..]),
            (true, "Très utile.", &[]),
            (false, " ", &["comment: required"]),
            (false, "Les dates sont fausses.", &[]),
        ] {
            assert_eq!(wrong(check_countersign(agreed, comment)), faults);
        }
    }
}
