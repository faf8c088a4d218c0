//! Dates by which something is to be done, set for a whole cohort.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    certification::Certification,
    enrolment::CohortRef,
    fault::{Fault, Faults},
};

pub const LABEL_MAX: usize = 100;
/// How long after the end of a path a date may stand, in days.
const YEAR_DAYS: u64 = 366;
/// How long such a date shows as late once it has gone by, in days.
const LATE_DAYS: u64 = 28;

/// What is to be done by the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    /// The student signs a self-assessment of every block, or of the one that is named.
    SelfAssessment,
    /// Both tutors sign a visit report.
    Visit,
    /// The student deposits a dossier for the jury, of the blocks that they present.
    Deposit,
}

/// A date of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deadline {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub cohort: CohortRef,
    /// Last day of the cohort's path.
    pub cohort_ends_on: NaiveDate,
    pub kind: DeadlineKind,
    /// What the school calls it, where its kind does not say enough.
    pub label: Option<String>,
    /// Code of the one block that a self-assessment is asked for; all blocks if absent.
    pub block: Option<String>,
    /// The last day, in France.
    pub due_on: NaiveDate,
    pub version: i32,
}

impl Deadline {
    /// Whether it concerns a student whose path ends on this day. What a path that is over has left
    /// undone waits for nobody; a date after its end, as of a second session, is still that of
    /// whoever followed the cohort to its end.
    pub fn concerns(&self, ends_on: Option<NaiveDate>, today: NaiveDate) -> bool {
        ends_on.is_none_or(|end| {
            let is_later = self.due_on > end && end >= self.cohort_ends_on;
            today <= if is_later { self.due_on + Days::new(LATE_DAYS) } else { end }
        })
    }
}

/// The day before which a path ended that no date [concerns](Deadline::concerns) any more.
pub fn over_before(today: NaiveDate) -> NaiveDate {
    today - Days::new(YEAR_DAYS + LATE_DAYS)
}

/// What a manager says of a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeadlineTerms {
    pub kind: DeadlineKind,
    pub label: Option<String>,
    pub block: Option<String>,
    pub due_on: NaiveDate,
}

impl DeadlineTerms {
    #[must_use]
    pub fn tidied(self) -> Self {
        let label = self.label.map(|label| label.trim().to_owned());
        Self { label: label.filter(|label| !label.is_empty()), ..self }
    }

    /// A date stands within the cohort's path, or in the year after it: a later session of the
    /// jury is still theirs.
    pub fn check(
        &self,
        certification: &Certification,
        path: (NaiveDate, NaiveDate),
    ) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        let (starts_on, ends_on) = path;
        if self.due_on < starts_on || self.due_on > ends_on + Days::new(YEAR_DAYS) {
            faults.add(
                "due_on",
                "outside_the_path",
                "Cette date est hors du parcours de la promotion, ou plus d’un an après sa fin.",
            );
        }
        faults.at_most("label", self.label.as_deref().unwrap_or_default(), LABEL_MAX);
        if let Some(code) = &self.block {
            if self.kind != DeadlineKind::SelfAssessment {
                faults.add(
                    "block",
                    "not_for_this_kind",
                    "Seule une auto-évaluation est demandée pour un bloc précis.",
                );
            } else if !assessed_blocks(certification).any(|block| block == code) {
                faults.add(
                    "block",
                    "unknown_block",
                    format!("« {code} » n’est pas un bloc évalué de la certification."),
                );
            }
        } else if self.kind == DeadlineKind::SelfAssessment
            && assessed_blocks(certification).next().is_none()
        {
            faults.add(
                "kind",
                "nothing_to_assess",
                "Cette certification n’a aucun bloc à évaluer.",
            );
        }
        faults.into_result()
    }
}

/// What tells whether a student has done what the dates of their cohort ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadlineFacts {
    /// Days on which self-assessments were signed, by block.
    pub self_assessed: BTreeMap<String, Vec<NaiveDate>>,
    /// Days of the visits whose report both tutors have signed.
    pub visits: Vec<NaiveDate>,
    /// Days on which dossiers were deposited that nobody has reopened.
    pub deposits: Vec<NaiveDate>,
    /// The day on which the certification was obtained: what is due from then on asks for nothing.
    pub obtained_on: Option<NaiveDate>,
}

/// Whether each date is done, in the order given.
///
/// Where several dates ask for the same thing, it is to be done once for each: what was done counts
/// for the earliest date that still lacks it and whose time has begun, on the day after the date
/// before. So what comes late still counts, and two visits in a row stand for one date only.
pub fn done(certification: &Certification, dates: &[Deadline], facts: &DeadlineFacts) -> Vec<bool> {
    let mut order: Vec<usize> = (0..dates.len()).collect();
    order.sort_by_key(|index| (dates[*index].due_on, dates[*index].id));
    let of = |asks: &dyn Fn(&Deadline) -> bool| -> Vec<usize> {
        order.iter().copied().filter(|index| asks(&dates[*index])).collect()
    };
    let mut done = vec![true; dates.len()];
    let mut settle = |asking: &[usize], days: &[NaiveDate]| {
        let dues: Vec<NaiveDate> = asking.iter().map(|index| dates[*index].due_on).collect();
        for (index, met) in asking.iter().zip(met(&dues, days)) {
            done[*index] &= met;
        }
    };
    settle(&of(&|date| date.kind == DeadlineKind::Visit), &facts.visits);
    settle(&of(&|date| date.kind == DeadlineKind::Deposit), &facts.deposits);
    for block in assessed_blocks(certification) {
        let asking = of(&|date| {
            date.kind == DeadlineKind::SelfAssessment
                && date.block.as_deref().is_none_or(|asked| asked == block)
        });
        settle(&asking, facts.self_assessed.get(block).map_or(&[][..], Vec::as_slice));
    }
    for (date, done) in dates.iter().zip(&mut done) {
        *done |= facts.obtained_on.is_some_and(|day| day <= date.due_on);
    }
    done
}

/// Which of the dates, in their order, has a day of its own.
fn met(dues: &[NaiveDate], days: &[NaiveDate]) -> Vec<bool> {
    let mut met = vec![false; dues.len()];
    let mut days = days.to_vec();
    days.sort_unstable();
    for day in days {
        let begun = |index: usize| index == 0 || dues[index - 1] < day;
        if let Some(first) = (0..dues.len()).find(|index| !met[*index] && begun(*index)) {
            met[first] = true;
        }
    }
    met
}

fn assessed_blocks(certification: &Certification) -> impl Iterator<Item = &str> {
    certification
        .blocks
        .iter()
        .filter(|block| block.assessed().next().is_some())
        .map(|block| block.code.as_str())
}

/// A date as one student stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DueDate {
    #[serde(flatten)]
    pub deadline: Deadline,
    pub done: bool,
}

#[cfg(test)]
mod tests {
    use DeadlineKind::{Deposit, SelfAssessment, Visit};

    use super::*;
    use crate::fixtures::{certification, day, wrong};

    fn date(kind: DeadlineKind, block: Option<&str>, due_on: &str) -> Deadline {
        Deadline {
            id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            cohort: CohortRef { id: Uuid::nil(), name: String::new() },
            cohort_ends_on: day("2026-08-31"),
            kind,
            label: None,
            block: block.map(str::to_owned),
            due_on: day(due_on),
            version: 1,
        }
    }

    fn days(days: &[&str]) -> Vec<NaiveDate> {
        days.iter().map(|text| day(text)).collect()
    }

    #[test]
    fn a_visit_stands_for_one_date() {
        let dates =
            ["2026-03-15", "2026-06-15", "2025-12-15"].map(|due_on| date(Visit, None, due_on));
        for (visits, expected) in [
            (&[][..], [false, false, false]),
            (&["2025-11-20"], [false, false, true]),
            // On the day itself.
            (&["2025-12-15"], [false, false, true]),
            // Late, and none by its date.
            (&["2026-01-10"], [false, false, true]),
            // The second one came before the time of the second date.
            (&["2025-11-20", "2025-12-10"], [false, false, true]),
            (&["2025-12-16", "2025-12-10"], [true, false, true]),
            // Both late: the first stands for the first date.
            (&["2026-04-01", "2026-04-02"], [true, false, true]),
            (&["2026-07-01", "2026-07-02", "2026-07-03"], [true, true, true]),
        ] {
            let facts = DeadlineFacts { visits: days(visits), ..DeadlineFacts::default() };
            assert_eq!(done(&certification(), &dates, &facts), expected, "{visits:?}");
        }
    }

    #[test]
    fn a_self_assessment_covers_every_block_or_the_one_that_is_named() {
        let early = &["2026-01-10"][..];
        for (block, first, second, expected) in [
            (None, early, early, true),
            (None, early, &[], false),
            (None, &[], &[], false),
            (Some("B1"), early, &[], true),
            (Some("B1"), &[], early, false),
            (Some("B2"), &[], early, true),
        ] {
            let dates = [date(SelfAssessment, block, "2026-02-01")];
            let facts = DeadlineFacts {
                self_assessed: BTreeMap::from([
                    ("B1".to_owned(), days(first)),
                    ("B2".to_owned(), days(second)),
                ]),
                ..DeadlineFacts::default()
            };
            assert_eq!(
                done(&certification(), &dates, &facts),
                [expected],
                "{block:?} {first:?} {second:?}"
            );
        }
    }

    #[test]
    fn each_self_assessment_is_asked_for_anew() {
        let dates = [
            date(SelfAssessment, Some("B1"), "2026-02-01"),
            date(SelfAssessment, None, "2026-06-01"),
        ];
        let assessed = |first: &[&str], second: &[&str]| DeadlineFacts {
            self_assessed: BTreeMap::from([
                ("B1".to_owned(), days(first)),
                ("B2".to_owned(), days(second)),
            ]),
            ..DeadlineFacts::default()
        };
        for (facts, expected) in [
            (assessed(&["2026-01-20"], &["2026-01-20"]), [true, false]),
            (assessed(&["2026-01-20", "2026-05-20"], &["2026-05-20"]), [true, true]),
            (assessed(&[], &["2026-05-20"]), [false, false]),
        ] {
            assert_eq!(done(&certification(), &dates, &facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn a_dossier_stands_for_one_date_of_deposit() {
        let dates = [
            date(Deposit, None, "2026-06-01"),
            date(Visit, None, "2026-06-01"),
            date(Deposit, None, "2027-06-01"),
        ];
        for (deposits, expected) in [
            (&[][..], [false, false, false]),
            (&["2026-05-20"], [true, false, false]),
            // Late, and some blocks after the others.
            (&["2026-06-20"], [true, false, false]),
            (&["2026-05-20", "2026-05-28"], [true, false, false]),
            (&["2026-05-20", "2027-06-03"], [true, false, true]),
        ] {
            let facts = DeadlineFacts { deposits: days(deposits), ..DeadlineFacts::default() };
            assert_eq!(done(&certification(), &dates, &facts), expected, "{deposits:?}");
        }
    }

    #[test]
    fn whoever_holds_the_certification_is_asked_for_nothing_more() {
        let dates = [
            date(Deposit, None, "2026-06-15"),
            date(Visit, None, "2026-06-20"),
            date(Deposit, None, "2026-10-15"),
            date(SelfAssessment, None, "2026-10-15"),
        ];
        for (obtained_on, expected) in [
            (None, [true, false, false, false]),
            (Some("2026-07-10"), [true, false, true, true]),
            (Some("2026-10-15"), [true, false, true, true]),
            (Some("2026-10-16"), [true, false, false, false]),
        ] {
            let facts = DeadlineFacts {
                deposits: days(&["2026-06-10"]),
                obtained_on: obtained_on.map(day),
                ..DeadlineFacts::default()
            };
            assert_eq!(done(&certification(), &dates, &facts), expected, "{obtained_on:?}");
        }
    }

    #[test]
    fn a_later_date_is_that_of_whoever_followed_the_cohort_to_its_end() {
        let last = "2026-08-31";
        for (due_on, ends_on, today, expected) in [
            ("2026-06-01", None, "2030-01-01", true),
            ("2026-06-01", Some(last), last, true),
            ("2026-06-01", Some(last), "2026-09-01", false),
            // The contract was broken off in March.
            ("2026-06-01", Some("2026-03-15"), "2026-03-15", true),
            ("2026-06-01", Some("2026-03-15"), "2026-03-16", false),
            // A second session.
            ("2026-10-15", Some(last), "2026-10-01", true),
            ("2026-10-15", Some(last), "2026-11-12", true),
            ("2026-10-15", Some(last), "2026-11-13", false),
            ("2026-10-15", Some("2026-03-15"), "2026-10-01", false),
            // Prolonged beyond the cohort's path.
            ("2026-10-15", Some("2026-12-31"), "2026-12-31", true),
            ("2026-10-15", Some("2026-12-31"), "2027-01-01", false),
            ("2027-01-15", Some("2026-12-31"), "2027-01-10", true),
        ] {
            let date = date(Deposit, None, due_on);
            let found = date.concerns(ends_on.map(day), day(today));
            assert_eq!(found, expected, "{due_on} {ends_on:?} {today}");
            if found && let Some(end) = ends_on {
                assert!(day(end) >= over_before(day(today)));
            }
        }
    }

    #[test]
    fn what_a_date_must_satisfy() {
        let path = (day("2026-09-01"), day("2027-08-31"));
        let terms = |kind, block: Option<&str>, due_on| DeadlineTerms {
            kind,
            label: Some("  ".to_owned()),
            block: block.map(str::to_owned),
            due_on: day(due_on),
        };
        for (terms, faults) in [
            (terms(Visit, None, "2026-12-15"), &[][..]),
            (terms(SelfAssessment, Some("B1"), "2026-12-15"), &[]),
            (terms(SelfAssessment, Some("B9"), "2026-12-15"), &["block: unknown_block"]),
            (terms(Deposit, Some("B1"), "2026-12-15"), &["block: not_for_this_kind"]),
            (terms(Deposit, None, "0026-12-15"), &["due_on: outside_the_path"]),
            (terms(Visit, None, "2026-08-31"), &["due_on: outside_the_path"]),
            (terms(Visit, None, "2026-09-01"), &[]),
            (terms(Deposit, None, "2028-08-31"), &[]),
            (terms(Deposit, None, "2028-09-01"), &["due_on: outside_the_path"]),
        ] {
            let terms = terms.tidied();
            assert_eq!(terms.label, None);
            assert_eq!(wrong(terms.check(&certification(), path)), faults, "{terms:?}");
        }
        let long = DeadlineTerms {
            label: Some("é".repeat(LABEL_MAX + 1)),
            ..terms(Visit, None, "2026-12-15")
        };
        assert_eq!(wrong(long.check(&certification(), path)), ["label: too_long"]);
        let none = Certification { blocks: Vec::new(), ..certification() };
        let all = terms(SelfAssessment, None, "2026-12-15");
        assert_eq!(wrong(all.check(&none, path)), ["kind: nothing_to_assess"]);
    }
}
