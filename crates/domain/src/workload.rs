//! What waits for each tutor.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    assessment::AssessorKind,
    attention::Activity,
    certification::{Block, Certification},
    enrolment::{Tutor, TutorKind},
    evidence::Visibility,
    person::User,
    progress::Facts,
    queue::{connected, to_assess},
};

/// What waits for one tutor, over the students that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workload {
    pub tutor: User,
    pub tutor_kind: TutorKind,
    pub students: u32,
    /// Evidence that is handed in and not decided, of which this tutor may open; either may decide.
    pub waiting_evidence: u32,
    /// The grids in the tutor's queue: those that they have begun, and the groups of connected blocks
    /// with competencies that evidence shows and that this kind of tutor has never assessed.
    pub grids_to_do: u32,
    /// Since when the evidence that has waited longest waits.
    pub waiting_since: Option<DateTime<Utc>>,
}

/// One student, as the work of their tutors.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    pub certification: &'a Certification,
    pub facts: &'a Facts,
    pub activity: &'a Activity,
    pub tutors: &'a [Tutor],
}

/// The work of every tutor, the heaviest first.
pub fn workload<'a>(students: impl IntoIterator<Item = Work<'a>>) -> Vec<Workload> {
    let mut tutors: BTreeMap<(Uuid, TutorKind), Workload> = BTreeMap::new();
    for student in students {
        for tutor in student.tutors {
            let waiting = student.activity.waiting.iter();
            let waiting =
                waiting.filter(|evidence| may_open(student.tutors, tutor, evidence.visibility));
            let since = waiting.clone().map(|evidence| evidence.since).min();
            let work = tutors.entry((tutor.user.id, tutor.kind)).or_insert_with(|| Workload {
                tutor: tutor.user.clone(),
                tutor_kind: tutor.kind,
                students: 0,
                waiting_evidence: 0,
                grids_to_do: 0,
                waiting_since: None,
            });
            work.students += 1;
            work.waiting_evidence += number(waiting.count());
            work.grids_to_do += grids_to_do(student, tutor);
            work.waiting_since = match (work.waiting_since, since) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }
    let mut rows: Vec<Workload> = tutors.into_values().collect();
    rows.sort_by_cached_key(|work| {
        let tutor = &work.tutor;
        (
            std::cmp::Reverse(work.waiting_evidence + work.grids_to_do),
            tutor.family_name.to_lowercase(),
            tutor.given_name.to_lowercase(),
        )
    });
    rows
}

/// A student's tutor of the school opens everything; the company's only what is shown to them.
fn may_open(tutors: &[Tutor], tutor: &Tutor, visibility: Visibility) -> bool {
    let is_of_school =
        |other: &Tutor| other.user.id == tutor.user.id && other.kind == TutorKind::School;
    visibility != Visibility::School || tutors.iter().any(is_of_school)
}

fn grids_to_do(student: Work, tutor: &Tutor) -> u32 {
    let Work { certification, facts, activity, tutors } = student;
    let kind = match tutor.kind {
        TutorKind::Company => AssessorKind::Company,
        TutorKind::School => AssessorKind::School,
    };
    let begun: HashSet<&str> = activity
        .begun
        .iter()
        .filter(|grid| grid.assessor == tutor.user.id && grid.kind == kind)
        .map(|grid| grid.block.as_str())
        .collect();
    let handed_in: HashSet<Uuid> = facts
        .evidence
        .iter()
        .filter(|fact| fact.status.is_handed_in() && may_open(tutors, tutor, fact.visibility))
        .map(|fact| fact.id)
        .collect();
    let shown: HashSet<&str> = facts
        .links
        .iter()
        .filter(|(id, _)| handed_in.contains(id))
        .map(|(_, competency)| competency.as_str())
        .collect();
    let blocks: Vec<&Block> =
        certification.blocks.iter().filter(|block| !begun.contains(block.code.as_str())).collect();
    let waiting = to_assess(&blocks, |key| shown.contains(key), &facts.ratings, kind);
    number(begun.len() + connected(&waiting).len())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attention::{BegunGrid, Undecided},
        evidence::{EvidenceFact, EvidenceStatus},
        fixtures::{certification, fact, moment, rated},
    };

    fn tutor(id: u128, kind: TutorKind) -> Tutor {
        let user = User {
            id: Uuid::from_u128(id),
            email: String::new(),
            given_name: "A".to_owned(),
            family_name: id.to_string(),
        };
        Tutor { user, kind }
    }

    #[test]
    fn a_tutor_has_the_work_of_all_their_students() {
        let certification = certification();
        let waits = |since: &str, visibility| Activity {
            waiting: vec![Undecided { since: moment(since), visibility }],
            ..Activity::default()
        };
        // Shown in both blocks, and assessed by the school in the first.
        let shared = Facts {
            evidence: vec![fact(1, EvidenceStatus::Submitted)],
            links: vec![(Uuid::from_u128(1), "shared".to_owned())],
            ratings: vec![rated("B1", "shared", AssessorKind::School, 1, 1)],
            ..Facts::default()
        };
        let draft = Facts { evidence: vec![fact(1, EvidenceStatus::Draft)], ..shared.clone() };
        let both = [tutor(1, TutorKind::Company), tutor(2, TutorKind::School)];
        let school = [tutor(2, TutorKind::School)];
        let late = waits("2026-02-01T10:00:00Z", Visibility::Company);
        let early = waits("2026-01-01T10:00:00Z", Visibility::Open);
        let none = Activity::default();
        let rows = rows([
            Work { certification: &certification, facts: &shared, activity: &late, tutors: &both },
            Work {
                certification: &certification,
                facts: &shared,
                activity: &early,
                tutors: &school,
            },
            Work { certification: &certification, facts: &draft, activity: &none, tutors: &both },
        ]);
        let since = |text: &str| Some(text.to_owned());
        assert_eq!(
            rows,
            [
                ("2".to_owned(), 3, 2, 2, since("2026-01-01T10:00:00+00:00")),
                // The competency connects both blocks.
                ("1".to_owned(), 2, 1, 1, since("2026-02-01T10:00:00+00:00")),
            ]
        );
    }

    type Row = (String, u32, u32, u32, Option<String>);

    fn rows<'a>(students: impl IntoIterator<Item = Work<'a>>) -> Vec<Row> {
        let row = |work: Workload| {
            let since = work.waiting_since.map(|at| at.to_rfc3339());
            (work.tutor.family_name, work.students, work.waiting_evidence, work.grids_to_do, since)
        };
        workload(students).into_iter().map(row).collect()
    }

    #[test]
    fn what_a_tutor_may_not_open_is_no_work_of_theirs() {
        let certification = certification();
        let activity = Activity {
            waiting: vec![Undecided {
                since: moment("2026-01-01T10:00:00Z"),
                visibility: Visibility::School,
            }],
            ..Activity::default()
        };
        let hidden =
            EvidenceFact { visibility: Visibility::School, ..fact(1, EvidenceStatus::Submitted) };
        let facts = Facts {
            evidence: vec![hidden],
            links: vec![(Uuid::from_u128(1), "alone".to_owned())],
            ..Facts::default()
        };
        let (company, school) = (tutor(1, TutorKind::Company), tutor(2, TutorKind::School));
        for (tutors, expected) in [
            (vec![company.clone(), school], [("2", 1, 1), ("1", 0, 0)]),
            // Who is both opens it.
            (vec![company, tutor(1, TutorKind::School)], [("1", 1, 1), ("1", 1, 1)]),
        ] {
            let work = Work {
                certification: &certification,
                facts: &facts,
                activity: &activity,
                tutors: &tutors,
            };
            let rows = rows([work]);
            let rows: Vec<_> = rows
                .iter()
                .map(|(name, _, waiting, grids, _)| (name.as_str(), *waiting, *grids))
                .collect();
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn a_grid_that_is_begun_is_one_to_do() {
        let certification = certification();
        let facts = Facts {
            evidence: vec![fact(1, EvidenceStatus::Submitted)],
            links: vec![(Uuid::from_u128(1), "shared".to_owned())],
            ..Facts::default()
        };
        let begun = |block: &str, assessor: u128, kind| BegunGrid {
            block: block.to_owned(),
            assessor: Uuid::from_u128(assessor),
            kind,
        };
        for (begun, expected) in [
            (vec![], 1),
            // The other block still waits.
            (vec![begun("B1", 1, AssessorKind::Company)], 2),
            (
                vec![
                    begun("B1", 1, AssessorKind::Company),
                    begun("B2", 1, AssessorKind::Company),
                    begun("B1", 1, AssessorKind::Company),
                ],
                2,
            ),
            // Somebody else's.
            (vec![begun("B1", 2, AssessorKind::Company), begun("B1", 1, AssessorKind::School)], 1),
        ] {
            let activity = Activity { begun, ..Activity::default() };
            let tutors = [tutor(1, TutorKind::Company)];
            let work = Work {
                certification: &certification,
                facts: &facts,
                activity: &activity,
                tutors: &tutors,
            };
            assert_eq!(rows([work])[0].3, expected, "{:?}", activity.begun);
        }
    }
}
