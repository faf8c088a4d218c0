//! What waits for a person, and how long it should take.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    assessment::AssessorKind, certification::Block, enrolment::CertificationRef, person::User,
    progress::RatingFact,
};

/// What waits for a person across all their students, one student after the other: who has waited
/// longest comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Queue {
    /// Over everything that waits, also what is not listed.
    pub total: QueueTotal,
    /// How many things of each kind there are in all.
    pub kinds: Vec<QueueCount>,
    pub items: Vec<QueueItem>,
    /// Students on whom the other tutor stands on another side of the required level, the newest
    /// first. Nobody has to agree, so that this is no thing to do.
    pub divergences: Vec<QueueDivergence>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueTotal {
    pub students: u32,
    pub things: u32,
    /// Whole minutes; what a student writes is not estimated.
    pub minutes: u32,
    /// Students with a divergence.
    pub divergent: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueCount {
    pub kind: QueueKind,
    pub things: u32,
}

/// One thing to do, on one enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueItem {
    pub kind: QueueKind,
    pub enrolment_id: Uuid,
    pub student: User,
    pub certification: CertificationRef,
    /// Name of the cohort.
    pub cohort: Option<String>,
    /// Last day of the student's path, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Code of the block to begin with.
    pub block: Option<String>,
    pub block_title: Option<String>,
    /// Every block that a shared competency opens, so that one evidence is one thing to do.
    pub blocks: Vec<QueueBlock>,
    pub evidence_id: Option<Uuid>,
    pub assessment_id: Option<Uuid>,
    pub visit_id: Option<Uuid>,
    /// As whom the person is asked to assess.
    pub assessor_kind: Option<AssessorKind>,
    /// The evidence's title, the occasion of the draft, the block's title, the day of the visit, the
    /// reason of the reopening, or the moment of the hearing.
    pub title: String,
    /// Number of competencies concerned.
    pub count: u32,
    pub since: DateTime<Utc>,
    /// How long it should take, as [`estimate`] says; absent for what a student writes.
    pub minutes: Option<u32>,
}

/// A block with competencies to assess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueBlock {
    pub code: String,
    pub title: String,
    /// Number of its competencies that wait.
    pub competencies: u32,
}

/// A student whom the company and the school see differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueDivergence {
    pub enrolment_id: Uuid,
    pub student: User,
    pub certification: CertificationRef,
    /// The tutors who do not share the reader's view; absent for who is both.
    pub other: Option<AssessorKind>,
    pub competencies: u32,
    /// Code of the first block concerned.
    pub block: String,
    /// Day of the newest of the views.
    pub since: NaiveDate,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QueueKind {
    /// A tutor accepts or returns it.
    EvidenceToReview,
    /// Competencies with evidence that this kind of tutor has never assessed.
    BlockToAssess,
    /// A grid that was started and is not signed.
    AssessmentDraft,
    /// A visit report that is being written, or that the other tutor has signed.
    VisitToSign,
    /// The tutors have signed; the student countersigns or says why not.
    VisitToCountersign,
    /// The student has not countersigned; the tutors look at it again.
    VisitRefused,
    /// The student reworks it.
    EvidenceReturned,
    /// The student has not handed it in.
    EvidenceDraft,
    /// A manager took the dossier back; the student deposits anew.
    DossierReopened,
    /// The student comes before a jury.
    Hearing,
}

/// Something to do, as far as its length goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    Evidence { files: u32, competencies: u32 },
    Grid { criteria: u32 },
    Visit,
}

/// How long it should take, in whole minutes: a rule of thumb of this program, so that a person can
/// choose what fits between two meetings. An evidence takes two minutes to read, one more for each
/// file up to ten, and twenty seconds for what is said of each competency. A grid takes one minute
/// to sign and twenty seconds for each criterion. A visit report takes three minutes.
pub fn estimate(task: Task) -> u32 {
    let seconds = match task {
        Task::Evidence { files, competencies } => 120 + 60 * files.min(10) + 20 * competencies,
        Task::Grid { criteria } => 60 + 20 * criteria,
        Task::Visit => 180,
    };
    seconds.div_ceil(60)
}

/// The competencies of each block that wait for this kind of assessor: evidence shows them, and they
/// were never rated in that block.
pub fn to_assess<'a>(
    blocks: &[&'a Block],
    is_shown: impl Fn(&str) -> bool,
    ratings: &[RatingFact],
    kind: AssessorKind,
) -> Vec<BTreeSet<&'a str>> {
    let rated: HashSet<(&str, &str)> = ratings
        .iter()
        .filter(|rating| rating.assessor == kind)
        .map(|rating| (rating.block.as_str(), rating.competency.as_str()))
        .collect();
    blocks
        .iter()
        .map(|block| {
            let waits = |key: &&str| is_shown(key) && !rated.contains(&(block.code.as_str(), *key));
            block.assessed().filter(waits).collect()
        })
        .collect()
}

/// Puts together the blocks that a competency connects, given the competencies that wait in each:
/// in a certification where one competency serves four blocks, one evidence opens all four, and that
/// is one thing to do. Gives the places of the blocks; a block without any is nowhere.
pub fn connected(waiting: &[BTreeSet<&str>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(BTreeSet<&str>, Vec<usize>)> = Vec::new();
    for (place, competencies) in waiting.iter().enumerate() {
        if competencies.is_empty() {
            continue;
        }
        let (touched, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(keys, _)| !keys.is_disjoint(competencies));
        groups = apart;
        let mut whole = (competencies.clone(), vec![place]);
        for (keys, places) in touched {
            whole.0.extend(keys);
            whole.1.extend(places);
        }
        whole.1.sort_unstable();
        groups.push(whole);
    }
    let mut groups: Vec<_> = groups.into_iter().map(|(_, places)| places).collect();
    groups.sort_unstable();
    groups
}

impl Queue {
    /// Puts everything in order and counts it.
    pub fn new(mut items: Vec<QueueItem>, mut divergences: Vec<QueueDivergence>) -> Self {
        let mut since: HashMap<Uuid, DateTime<Utc>> = HashMap::new();
        let mut kinds: BTreeMap<QueueKind, u32> = BTreeMap::new();
        for item in &items {
            let longest = since.entry(item.enrolment_id).or_insert(item.since);
            *longest = item.since.min(*longest);
            *kinds.entry(item.kind).or_default() += 1;
        }
        // A student's evidence is read before the grid that rests on it.
        items.sort_by_key(|item| {
            (since[&item.enrolment_id], item.enrolment_id, item.kind, item.since)
        });
        divergences.sort_by_key(|one| (std::cmp::Reverse(one.since), one.enrolment_id));
        let total = QueueTotal {
            students: count(since.len()),
            things: count(items.len()),
            minutes: items.iter().filter_map(|item| item.minutes).sum(),
            divergent: count(divergences.len()),
        };
        let kinds = kinds.into_iter().map(|(kind, things)| QueueCount { kind, things }).collect();
        Self { total, kinds, items, divergences }
    }

    /// Lists this kind only, if one is given, and of the first students only. The totals stay.
    #[must_use]
    pub fn narrowed(mut self, kind: Option<QueueKind>, students: usize) -> Self {
        let mut listed: Vec<Uuid> = Vec::new();
        self.items.retain(|item| {
            if kind.is_some_and(|kind| kind != item.kind) {
                return false;
            }
            if listed.last() != Some(&item.enrolment_id) {
                listed.push(item.enrolment_id);
            }
            listed.len() <= students
        });
        self.divergences.truncate(students);
        self
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{day, moment};

    #[test]
    fn how_long_it_should_take() {
        use Task::{Evidence, Grid, Visit};
        for (task, minutes) in [
            (Evidence { files: 0, competencies: 0 }, 2),
            (Evidence { files: 0, competencies: 1 }, 3),
            (Evidence { files: 2, competencies: 3 }, 5),
            (Evidence { files: 20, competencies: 0 }, 12),
            (Grid { criteria: 0 }, 1),
            (Grid { criteria: 3 }, 2),
            (Grid { criteria: 10 }, 5),
            (Visit, 3),
        ] {
            assert_eq!(estimate(task), minutes, "{task:?}");
        }
    }

    #[test]
    fn blocks_that_share_a_waiting_competency_are_one_thing() {
        type Row<'a> = (&'a [&'a [&'a str]], &'a [&'a [usize]]);
        let table: [Row; 7] = [
            (&[], &[]),
            (&[&[]], &[]),
            (&[&["a"], &["b"]], &[&[0], &[1]]),
            (&[&["a"], &["b"], &["a"]], &[&[0, 2], &[1]]),
            // One competency in four blocks.
            (&[&["s"], &[], &["s"], &["s"], &["s", "x"]], &[&[0, 2, 3, 4]]),
            // The last one connects the two that were apart.
            (&[&["a"], &["b"], &["a", "b"]], &[&[0, 1, 2]]),
            (&[&["a", "b"], &["c"], &["b", "d"], &["d"]], &[&[0, 2, 3], &[1]]),
        ];
        for (waiting, expected) in table {
            let waiting: Vec<BTreeSet<&str>> =
                waiting.iter().map(|keys| keys.iter().copied().collect()).collect();
            assert_eq!(connected(&waiting), expected, "{waiting:?}");
        }
    }

    fn item(kind: QueueKind, enrolment: u128, hour: u32, minutes: Option<u32>) -> QueueItem {
        QueueItem {
            kind,
            enrolment_id: Uuid::from_u128(enrolment),
            student: user(),
            certification: certification(),
            cohort: None,
            ends_on: None,
            block: None,
            block_title: None,
            blocks: Vec::new(),
            evidence_id: None,
            assessment_id: None,
            visit_id: None,
            assessor_kind: None,
            title: format!("{enrolment} {hour}"),
            count: 0,
            since: moment(&format!("2026-03-02T{hour:02}:00:00Z")),
            minutes,
        }
    }

    fn user() -> User {
        User {
            id: Uuid::nil(),
            email: String::new(),
            given_name: String::new(),
            family_name: String::new(),
        }
    }

    fn certification() -> CertificationRef {
        CertificationRef {
            id: Uuid::nil(),
            code: String::new(),
            version: String::new(),
            title: String::new(),
        }
    }

    fn divergence(enrolment: u128, since: &str) -> QueueDivergence {
        QueueDivergence {
            enrolment_id: Uuid::from_u128(enrolment),
            student: user(),
            certification: certification(),
            other: Some(AssessorKind::School),
            competencies: 1,
            block: "B1".to_owned(),
            since: day(since),
        }
    }

    fn queue() -> Queue {
        use QueueKind::{BlockToAssess, EvidenceDraft, EvidenceToReview};
        Queue::new(
            vec![
                item(BlockToAssess, 1, 9, Some(4)),
                item(EvidenceToReview, 2, 8, Some(3)),
                item(EvidenceToReview, 1, 11, Some(2)),
                item(EvidenceDraft, 3, 7, None),
                item(EvidenceToReview, 1, 10, Some(2)),
            ],
            vec![divergence(1, "2026-02-01"), divergence(2, "2026-02-03")],
        )
    }

    fn titles(queue: &Queue) -> Vec<&str> {
        queue.items.iter().map(|item| item.title.as_str()).collect()
    }

    #[test]
    fn who_has_waited_longest_comes_first_and_evidence_before_its_grid() {
        let queue = queue();
        assert_eq!(titles(&queue), ["3 7", "2 8", "1 10", "1 11", "1 9"]);
        let total = QueueTotal { students: 3, things: 5, minutes: 11, divergent: 2 };
        assert_eq!(queue.total, total);
        let newest: Vec<_> = queue.divergences.iter().map(|one| one.since.to_string()).collect();
        assert_eq!(newest, ["2026-02-03", "2026-02-01"]);
    }

    #[test]
    fn a_part_of_the_queue_still_says_how_much_there_is() {
        let table: [(Option<QueueKind>, usize, &[&str]); 4] = [
            (None, 0, &[]),
            (None, 2, &["3 7", "2 8"]),
            (Some(QueueKind::EvidenceToReview), 2, &["2 8", "1 10", "1 11"]),
            (Some(QueueKind::VisitToSign), 9, &[]),
        ];
        for (kind, students, expected) in table {
            let part = queue().narrowed(kind, students);
            assert_eq!(titles(&part), expected, "{kind:?} {students}");
            assert_eq!((part.total, &part.kinds), (queue().total, &queue().kinds));
            assert_eq!(part.divergences.len(), students.min(2));
        }
    }
}
