//! What waits for each tutor.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    assessment::AssessorKind,
    attention::Activity,
    certification::Certification,
    enrolment::{Tutor, TutorKind},
    evidence::EvidenceStatus,
    person::User,
    progress::Facts,
};

/// What waits for one tutor, over the students that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workload {
    pub tutor: User,
    pub tutor_kind: TutorKind,
    pub students: u32,
    /// Evidence that is handed in and not decided; either tutor may decide.
    pub waiting_evidence: u32,
    /// Blocks with evidence on competencies that this kind of tutor has never assessed.
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
        let waiting = u32::try_from(student.activity.waiting.len()).unwrap_or(u32::MAX);
        let since = student.activity.waiting.iter().copied().min();
        for tutor in student.tutors {
            let work = tutors.entry((tutor.user.id, tutor.kind)).or_insert_with(|| Workload {
                tutor: tutor.user.clone(),
                tutor_kind: tutor.kind,
                students: 0,
                waiting_evidence: 0,
                grids_to_do: 0,
                waiting_since: None,
            });
            work.students += 1;
            work.waiting_evidence += waiting;
            work.grids_to_do += grids_to_do(student.certification, student.facts, tutor.kind);
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

/// Blocks in which evidence is handed in for a competency that this kind of tutor never assessed.
fn grids_to_do(certification: &Certification, facts: &Facts, kind: TutorKind) -> u32 {
    let assessor = match kind {
        TutorKind::Company => AssessorKind::Company,
        TutorKind::School => AssessorKind::School,
    };
    let status: HashMap<Uuid, EvidenceStatus> =
        facts.evidence.iter().map(|fact| (fact.id, fact.status)).collect();
    let shown: HashSet<&str> = facts
        .links
        .iter()
        .filter(|(id, _)| status.get(id).is_some_and(|status| status.is_handed_in()))
        .map(|(_, competency)| competency.as_str())
        .collect();
    let rated: HashSet<(&str, &str)> = facts
        .ratings
        .iter()
        .filter(|rating| rating.assessor == assessor)
        .map(|rating| (rating.block.as_str(), rating.competency.as_str()))
        .collect();
    let waits = certification.blocks.iter().filter(|block| {
        block
            .assessed()
            .any(|key| shown.contains(key) && !rated.contains(&(block.code.as_str(), key)))
    });
    u32::try_from(waits.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{certification, fact, moment, rated};

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
        let waits = |since: &str| Activity { waiting: vec![moment(since)], ..Activity::default() };
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
        let (early, late) = (waits("2026-01-01T10:00:00Z"), waits("2026-02-01T10:00:00Z"));
        let none = Activity::default();
        let work = |facts, activity, tutors| Work {
            certification: &certification,
            facts,
            activity,
            tutors,
        };
        let rows = workload([
            work(&shared, &late, &both),
            work(&shared, &early, &school),
            work(&draft, &none, &both),
        ]);
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                let name = row.tutor.family_name.as_str();
                let since = row.waiting_since.map(|at| at.to_rfc3339());
                (name, row.students, row.waiting_evidence, row.grids_to_do, since)
            })
            .collect();
        let since = |text: &str| Some(text.to_owned());
        assert_eq!(
            rows,
            [
                ("2", 3, 2, 2, since("2026-01-01T10:00:00+00:00")),
                ("1", 2, 1, 2, since("2026-02-01T10:00:00+00:00")),
            ]
        );
    }
}
