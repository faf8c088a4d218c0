//! Which students need somebody's attention, and why: late, stuck or at risk.
//!
//! Every reason carries the figures that it rests on, so that a person can judge it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    ambient::day_in_france,
    assessment::AssessorKind,
    certification::{CefrLevel, Certification, RequirementRule},
    deadline::{DeadlineKind, DueDate},
    enrolment::Enrolment,
    evidence::{EvidenceFact, EvidenceStatus, Visibility},
    progress::{Progress, Tally},
    requirement::{self, RequirementProgress, RequirementState},
};

/// A student of whom nothing is heard for this long is stuck: longer than a holiday or an exam
/// period, shorter than the time between two visits.
pub const IDLE_WEEKS: i64 = 6;
/// A returned evidence is reworked within this time.
pub const RETURNED_WEEKS: i64 = 3;
/// A tutor answers within this time.
pub const WAITING_DAYS: i64 = 14;
/// So many percentage points may the acquired share lie behind the elapsed share of the path:
/// assessments come in waves.
pub const BEHIND_POINTS: u32 = 35;
/// A language certificate takes this long to be taken and delivered.
pub const LANGUAGE_DAYS: i64 = 120;
/// A deliverable should be there this long before the file is handed in.
pub const DELIVERABLE_DAYS: i64 = 45;

/// What happened last on a student's path.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    /// Last change of an evidence, or last signature of an assessment.
    pub last: Option<DateTime<Utc>>,
    /// Since when each evidence that was returned has stood.
    pub returned: Vec<DateTime<Utc>>,
    /// Each evidence that is handed in and waits for a decision.
    pub waiting: Vec<Undecided>,
    /// Grids that a tutor has begun and not signed.
    pub begun: Vec<BegunGrid>,
}

/// An evidence that waits for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided {
    pub since: DateTime<Utc>,
    pub visibility: Visibility,
}

/// A grid that is not signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BegunGrid {
    /// Code of the block.
    pub block: String,
    pub assessor: Uuid,
    pub kind: AssessorKind,
}

/// Why a student needs attention, with its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Reason {
    /// Late: a date has passed and what it asks for is not done.
    Overdue {
        deadline_kind: DeadlineKind,
        label: Option<String>,
        /// Code of the block that is asked for.
        block: Option<String>,
        due_on: NaiveDate,
        days: u32,
    },
    /// Stuck: nothing was logged, handed in or assessed.
    Idle { weeks: u32, since: NaiveDate },
    /// Stuck: evidence was returned and not touched since.
    Returned { weeks: u32, count: u32 },
    /// Stuck: evidence waits for a tutor.
    Waiting { days: u32, count: u32 },
    /// At risk: far fewer competencies are acquired than the time that has passed lets expect.
    Behind { acquired: u32, total: u32, percent_acquired: u32, percent_elapsed: u32 },
    /// At risk: fewer weeks are left than the requirement still asks for.
    WeeksOutOfReach { label: String, have: u32, need: u32, weeks_left: u32 },
    /// At risk: the path ends soon and the language level is not certified.
    LanguageMissing {
        label: String,
        have: Option<CefrLevel>,
        need: Option<CefrLevel>,
        days_left: u32,
    },
    /// At risk: the file is due soon, or overdue, and deliverables are missing.
    DeliverableMissing {
        /// Code of the first block that lacks one.
        block: String,
        label: String,
        count: u32,
        due_on: NaiveDate,
    },
}

/// What kind of attention a student needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    Late,
    Stuck,
    AtRisk,
}

impl Reason {
    /// How much sooner than others it should be looked at, within its kind of attention: in days,
    /// or in percentage points.
    pub fn urgency(&self) -> u32 {
        match self {
            Self::Overdue { days, .. } | Self::Waiting { days, .. } => *days,
            Self::Idle { weeks, .. } | Self::Returned { weeks, .. } => weeks * 7,
            Self::Behind { percent_acquired, percent_elapsed, .. } => {
                percent_elapsed - percent_acquired
            }
            // What may cost the certification.
            Self::WeeksOutOfReach { .. }
            | Self::LanguageMissing { .. }
            | Self::DeliverableMissing { .. } => 100,
        }
    }

    pub fn calls_for(&self) -> Attention {
        match self {
            Self::Overdue { .. } => Attention::Late,
            Self::Idle { .. } | Self::Returned { .. } | Self::Waiting { .. } => Attention::Stuck,
            Self::Behind { .. }
            | Self::WeeksOutOfReach { .. }
            | Self::LanguageMissing { .. }
            | Self::DeliverableMissing { .. } => Attention::AtRisk,
        }
    }
}

/// A student's path, as far as this module looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    pub certification: &'a Certification,
    pub enrolment: &'a Enrolment,
    /// Last day of the path, or else of the cohort.
    pub ends_on: NaiveDate,
    pub progress: &'a Progress,
    pub evidence: &'a [EvidenceFact],
    pub activity: &'a Activity,
    pub dates: &'a [DueDate],
}

/// Every reason to look at this student, the late ones first. A path that has not begun gives none,
/// one that is over only the dates that [concern](super::deadline::Deadline::concerns) it still.
pub fn reasons(path: Path, now: DateTime<Utc>) -> Vec<Reason> {
    let today = day_in_france(now);
    if today < path.enrolment.starts_on {
        return Vec::new();
    }
    let concerns = |date: &&DueDate| date.deadline.concerns(Some(path.ends_on), today);
    let mut reasons: Vec<Reason> =
        path.dates.iter().filter(concerns).filter_map(|date| overdue(date, today)).collect();
    if today > path.ends_on {
        return reasons;
    }
    reasons.extend(idle(path, now));
    let waiting = path.activity.waiting.iter().map(|evidence| evidence.since);
    reasons.extend(
        oldest(path.activity.returned.iter().copied(), now, TimeDelta::weeks(RETURNED_WEEKS))
            .map(|(age, count)| Reason::Returned { weeks: number(age.num_weeks()), count }),
    );
    reasons.extend(
        oldest(waiting, now, TimeDelta::days(WAITING_DAYS))
            .map(|(age, count)| Reason::Waiting { days: number(age.num_days()), count }),
    );
    reasons.extend(behind(path.progress.total, path.enrolment.starts_on, path.ends_on, today));
    reasons.extend(out_of_reach(path, today));
    reasons.extend(deliverable(path, today));
    reasons
}

fn number(value: impl TryInto<u32>) -> u32 {
    value.try_into().unwrap_or_default()
}

fn overdue(date: &DueDate, today: NaiveDate) -> Option<Reason> {
    let deadline = &date.deadline;
    (!date.done && deadline.due_on < today).then(|| Reason::Overdue {
        deadline_kind: deadline.kind,
        label: deadline.label.clone(),
        block: deadline.block.clone(),
        due_on: deadline.due_on,
        days: number((today - deadline.due_on).num_days()),
    })
}

fn idle(path: Path, now: DateTime<Utc>) -> Option<Reason> {
    // Somebody who has everything may rest.
    let total = path.progress.total;
    if total.total > 0 && total.acquired == total.total {
        return None;
    }
    let since = path
        .activity
        .last
        .map_or(path.enrolment.starts_on, |last| day_in_france(last).max(path.enrolment.starts_on));
    let weeks = (day_in_france(now) - since).num_weeks();
    (weeks >= IDLE_WEEKS).then(|| Reason::Idle { weeks: number(weeks), since })
}

/// For how long the oldest has stood, if that is longer than `limit`, and how many have.
fn oldest(
    since: impl Iterator<Item = DateTime<Utc>> + Clone,
    now: DateTime<Utc>,
    limit: TimeDelta,
) -> Option<(TimeDelta, u32)> {
    let over = since.map(|since| now - since).filter(|age| *age > limit);
    let count = number(over.clone().count());
    over.max().map(|age| (age, count))
}

fn behind(total: Tally, from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Option<Reason> {
    let days = (to - from).num_days();
    if total.total == 0 || days <= 0 {
        return None;
    }
    let percent_elapsed = number((today - from).num_days() * 100 / days).min(100);
    let percent_acquired = total.acquired * 100 / total.total;
    (percent_acquired + BEHIND_POINTS < percent_elapsed).then_some(Reason::Behind {
        acquired: total.acquired,
        total: total.total,
        percent_acquired,
        percent_elapsed,
    })
}

/// What no longer fits into the time that is left, or hardly does.
fn out_of_reach(path: Path, today: NaiveDate) -> Vec<Reason> {
    // What is handed in is taken as it will be once it is accepted.
    let handed_in: Vec<EvidenceFact> = path
        .evidence
        .iter()
        .filter(|fact| fact.status.is_handed_in())
        .map(|fact| EvidenceFact { status: EvidenceStatus::Accepted, ..fact.clone() })
        .collect();
    let days_left = (path.ends_on - today).num_days() + 1;
    let weeks_left = number(days_left / 7);
    requirement::evaluate(path.certification, path.enrolment.status, &handed_in, today)
        .into_iter()
        .filter(|progress| progress.state == RequirementState::Unmet)
        .filter_map(|progress| {
            let rule = &path.certification.requirement(&progress.key)?.rule;
            let RequirementProgress { label, have, need, have_level, need_level, .. } = progress;
            match rule {
                RequirementRule::Weeks { .. } => {
                    let (have, need) = (have?, need?);
                    (have + weeks_left < need).then_some(Reason::WeeksOutOfReach {
                        label,
                        have,
                        need,
                        weeks_left,
                    })
                }
                RequirementRule::Language { .. } => {
                    (days_left <= LANGUAGE_DAYS).then_some(Reason::LanguageMissing {
                        label,
                        have: have_level,
                        need: need_level,
                        days_left: number(days_left),
                    })
                }
                RequirementRule::CompanyPeriod | RequirementRule::Document => None,
            }
        })
        .collect()
}

fn deliverable(path: Path, today: NaiveDate) -> Option<Reason> {
    let due_on = path
        .dates
        .iter()
        .filter(|date| date.deadline.kind == DeadlineKind::Deposit && !date.done)
        .map(|date| date.deadline.due_on)
        .min()
        .filter(|due_on| (*due_on - today).num_days() <= DELIVERABLE_DAYS)?;
    let mut missing = path.progress.blocks.iter().flat_map(|block| {
        block.missing_deliverables.iter().map(|missing| (&block.code, &missing.label))
    });
    let (block, label) = missing.next()?;
    Some(Reason::DeliverableMissing {
        block: block.clone(),
        label: label.clone(),
        count: 1 + number(missing.count()),
        due_on,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        certification::{PeriodKind, Requirement, RouteKind},
        deadline::Deadline,
        enrolment::{CertificationRef, CohortRef, LearnerStatus},
        evidence::EvidenceKind,
        fixtures::{GOOD, certification, day, effective, fact, moment, rated},
        person::User,
        progress::{Facts, progress},
    };

    fn enrolment() -> Enrolment {
        Enrolment {
            id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            student: User {
                id: Uuid::nil(),
                email: String::new(),
                given_name: String::new(),
                family_name: String::new(),
            },
            certification: CertificationRef {
                id: Uuid::nil(),
                code: String::new(),
                version: String::new(),
                title: String::new(),
            },
            cohort: None,
            route: RouteKind::Student,
            status: LearnerStatus::Student,
            profile: None,
            starts_on: day("2026-01-01"),
            ends_on: None,
            version: 1,
        }
    }

    fn due(kind: DeadlineKind, due_on: &str, done: bool) -> DueDate {
        DueDate {
            deadline: Deadline {
                id: Uuid::nil(),
                organisation_id: Uuid::nil(),
                cohort: CohortRef { id: Uuid::nil(), name: String::new() },
                cohort_ends_on: day("2026-12-31"),
                kind,
                label: None,
                block: None,
                due_on: day(due_on),
                version: 1,
            },
            done,
        }
    }

    /// A student on a path over the year 2026, of whom something was heard the day before.
    struct Student {
        certification: Certification,
        facts: Facts,
        activity: Activity,
        dates: Vec<DueDate>,
        now: &'static str,
    }

    impl Student {
        fn at(now: &'static str) -> Self {
            let last = Some(moment(now) - TimeDelta::days(1));
            Self {
                certification: certification(),
                facts: Facts::default(),
                activity: Activity { last, ..Activity::default() },
                dates: Vec::new(),
                now,
            }
        }

        fn reasons(&self) -> Vec<Reason> {
            let effective = effective(self.certification.clone());
            let progress = progress(&effective, LearnerStatus::Student, None, &self.facts);
            reasons(
                Path {
                    certification: &self.certification,
                    enrolment: &enrolment(),
                    ends_on: day("2026-12-31"),
                    progress: &progress,
                    evidence: &self.facts.evidence,
                    activity: &self.activity,
                    dates: &self.dates,
                },
                moment(self.now),
            )
        }
    }

    #[test]
    fn late_is_who_let_a_date_pass() {
        for (date, days) in [
            (due(DeadlineKind::Visit, "2026-03-01", false), Some(9)),
            (due(DeadlineKind::Visit, "2026-03-01", true), None),
            // The last day itself is in time.
            (due(DeadlineKind::SelfAssessment, "2026-03-10", false), None),
            (due(DeadlineKind::SelfAssessment, "2026-03-09", false), Some(1)),
        ] {
            let mut student = Student::at("2026-03-10T10:00:00Z");
            student.dates = vec![date.clone()];
            let found = student.reasons();
            let late = found.iter().find_map(|reason| match reason {
                Reason::Overdue { days, .. } => Some(*days),
                _ => None,
            });
            assert_eq!(late, days, "{date:?}");
            assert!(found.iter().all(|reason| reason.calls_for() == Attention::Late), "{found:?}");
        }
    }

    #[test]
    fn a_path_that_is_over_is_late_for_what_came_after_it_alone() {
        let mut student = Student::at("2027-03-10T10:00:00Z");
        student.dates = vec![
            due(DeadlineKind::Visit, "2026-12-01", false),
            due(DeadlineKind::Deposit, "2027-03-01", false),
        ];
        let found = student.reasons();
        assert!(
            matches!(found[..], [Reason::Overdue { deadline_kind: DeadlineKind::Deposit, .. }]),
            "{found:?}"
        );
    }

    #[test]
    fn who_lets_a_deposit_pass_is_late_and_learns_what_is_missing() {
        let mut student = Student::at("2026-03-10T10:00:00Z");
        student.dates = vec![due(DeadlineKind::Deposit, "2026-03-01", false)];
        let found = student.reasons();
        assert!(
            matches!(
                found[..],
                [Reason::Overdue { days: 9, .. }, Reason::DeliverableMissing { .. }]
            ),
            "{found:?}"
        );
        student.dates = vec![due(DeadlineKind::Deposit, "2026-03-01", true)];
        assert_eq!(student.reasons(), []);
    }

    #[test]
    fn stuck_is_who_does_not_move_and_what_is_not_answered() {
        let idle = |weeks, since| Reason::Idle { weeks, since: day(since) };
        let moments = |days: &[&str]| days.iter().map(|day| moment(day)).collect();
        let waiting = |days: &[&str]| {
            let visibility = Visibility::Open;
            days.iter().map(|day| Undecided { since: moment(day), visibility }).collect()
        };
        let active = |last: &str| Activity { last: Some(moment(last)), ..Activity::default() };
        for (activity, expected) in [
            (active("2026-03-09T10:00:00Z"), vec![]),
            // Never active: since the path began.
            (Activity::default(), vec![idle(9, "2026-01-01")]),
            // What is older than the path does not count.
            (active("2025-06-01T10:00:00Z"), vec![idle(9, "2026-01-01")]),
            (active("2026-01-28T10:00:00Z"), vec![]),
            (active("2026-01-27T10:00:00Z"), vec![idle(6, "2026-01-27")]),
            (
                Activity {
                    returned: moments(&[
                        "2026-02-10T10:00:00Z",
                        "2026-02-01T10:00:00Z",
                        "2026-03-01T10:00:00Z",
                    ]),
                    ..active("2026-03-01T10:00:00Z")
                },
                vec![Reason::Returned { weeks: 5, count: 2 }],
            ),
            (
                Activity {
                    waiting: waiting(&["2026-02-24T10:00:00Z"]),
                    ..active("2026-03-01T10:00:00Z")
                },
                vec![],
            ),
            (
                Activity {
                    waiting: waiting(&["2026-02-23T10:00:00Z", "2026-02-20T10:00:00Z"]),
                    ..active("2026-03-01T10:00:00Z")
                },
                vec![Reason::Waiting { days: 18, count: 2 }],
            ),
        ] {
            let student = Student { activity, ..Student::at("2026-03-10T10:00:00Z") };
            assert_eq!(student.reasons(), expected, "{:?}", student.activity);
        }
    }

    #[test]
    fn behind_is_measured_against_the_time_that_has_passed() {
        // One of three is acquired: 33 %.
        for (now, expected) in [
            ("2026-01-02T10:00:00Z", None),
            // 68 % have passed, 33 + 35 are not less.
            ("2026-09-08T10:00:00Z", None),
            ("2026-09-12T10:00:00Z", Some((33, 69))),
            ("2026-12-31T10:00:00Z", Some((33, 100))),
        ] {
            let mut student = Student::at(now);
            student.facts.ratings = vec![rated("B1", "alone", AssessorKind::School, 1, 1)];
            let found = student.reasons().into_iter().find_map(|reason| match reason {
                Reason::Behind { percent_acquired, percent_elapsed, .. } => {
                    Some((percent_acquired, percent_elapsed))
                }
                _ => None,
            });
            assert_eq!(found, expected, "{now}");
        }
        assert_eq!(certification().required_level, GOOD);
    }

    fn asking(rule: RequirementRule) -> Certification {
        let requirement =
            Requirement { key: "R".to_owned(), label: "R".to_owned(), text: "R".to_owned(), rule };
        Certification { requirements: vec![requirement], blocks: Vec::new(), ..certification() }
    }

    #[test]
    fn weeks_abroad_are_out_of_reach_when_too_few_are_left() {
        let certification = asking(RequirementRule::Weeks {
            of: PeriodKind::Abroad,
            minimum: BTreeMap::from([(LearnerStatus::Student, 16)]),
        });
        let stay = |status| EvidenceFact {
            kind: EvidenceKind::StayAbroad,
            starts_on: Some(day("2026-02-02")),
            ends_on: Some(day("2026-03-29")),
            country: Some("DE".to_owned()),
            ..fact(1, status)
        };
        for (now, evidence, expected) in [
            ("2026-03-01T10:00:00Z", vec![], None),
            // 16 weeks are left.
            ("2026-09-11T10:00:00Z", vec![], None),
            ("2026-09-14T10:00:00Z", vec![], Some((0, 15))),
            // Eight weeks are there, accepted or on their way, not as a draft.
            ("2026-09-14T10:00:00Z", vec![stay(EvidenceStatus::Accepted)], None),
            ("2026-09-14T10:00:00Z", vec![stay(EvidenceStatus::Submitted)], None),
            ("2026-09-14T10:00:00Z", vec![stay(EvidenceStatus::Draft)], Some((0, 15))),
            ("2026-11-10T10:00:00Z", vec![stay(EvidenceStatus::Accepted)], Some((8, 7))),
        ] {
            let mut student = Student::at(now);
            student.certification = certification.clone();
            student.facts.evidence = evidence;
            let found = student.reasons().into_iter().find_map(|reason| match reason {
                Reason::WeeksOutOfReach { have, weeks_left, .. } => Some((have, weeks_left)),
                _ => None,
            });
            assert_eq!(found, expected, "{now} {:?}", student.facts.evidence);
        }
    }

    #[test]
    fn a_language_is_certified_in_time() {
        let certification =
            asking(RequirementRule::Language { language: "en".to_owned(), minimum: CefrLevel::B2 });
        let certificate = |level| EvidenceFact {
            kind: EvidenceKind::LanguageCertificate,
            language: Some("en".to_owned()),
            cefr_level: Some(level),
            ..fact(1, EvidenceStatus::Submitted)
        };
        for (now, evidence, expected) in [
            ("2026-09-02T10:00:00Z", vec![], None),
            ("2026-09-03T10:00:00Z", vec![], Some((None, 120))),
            (
                "2026-12-31T10:00:00Z",
                vec![certificate(CefrLevel::B1)],
                Some((Some(CefrLevel::B1), 1)),
            ),
            ("2026-12-31T10:00:00Z", vec![certificate(CefrLevel::B2)], None),
        ] {
            let mut student = Student::at(now);
            student.certification = certification.clone();
            student.facts.evidence = evidence;
            let found = student.reasons().into_iter().find_map(|reason| match reason {
                Reason::LanguageMissing { have, days_left, .. } => Some((have, days_left)),
                _ => None,
            });
            assert_eq!(found, expected, "{now}");
        }
    }

    #[test]
    fn deliverables_are_there_before_the_file_is_due() {
        let handed_in = EvidenceFact {
            modality: Some("B1-M".to_owned()),
            ..fact(1, EvidenceStatus::Submitted)
        };
        for (dates, evidence, expected) in [
            (vec![due(DeadlineKind::Deposit, "2026-04-25", false)], vec![], None),
            (vec![due(DeadlineKind::Deposit, "2026-04-24", false)], vec![], Some(1)),
            (vec![due(DeadlineKind::Deposit, "2026-03-01", false)], vec![], Some(1)),
            (vec![due(DeadlineKind::Deposit, "2026-04-24", true)], vec![], None),
            (vec![due(DeadlineKind::Visit, "2026-04-24", false)], vec![], None),
            (vec![due(DeadlineKind::Deposit, "2026-04-24", false)], vec![handed_in], None),
            (vec![], vec![], None),
        ] {
            let mut student = Student::at("2026-03-10T10:00:00Z");
            student.dates = dates;
            student.facts.evidence = evidence;
            let found = student.reasons().into_iter().find_map(|reason| match reason {
                Reason::DeliverableMissing { count, .. } => Some(count),
                _ => None,
            });
            assert_eq!(found, expected, "{:?}", student.dates);
        }
    }

    #[test]
    fn a_path_that_has_not_begun_or_is_over_gives_no_reason() {
        for now in ["2025-12-31T10:00:00Z", "2027-01-01T10:00:00Z"] {
            let mut student = Student::at(now);
            student.activity = Activity::default();
            student.dates = vec![due(DeadlineKind::Visit, "2025-12-01", false)];
            assert_eq!(student.reasons(), [], "{now}");
        }
    }
}
