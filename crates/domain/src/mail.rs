//! What is written to people, and when.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::jury::convocation::{Convocation, Summons};

/// Where the schools are: their nights and their Sundays count.
const ZONE: Tz = chrono_tz::Europe::Paris;
/// Hours of the day, in [`ZONE`], between which reminders may go out.
const DAY: std::ops::Range<u32> = 8..20;

/// What a mail is about; people mute by topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Invitations and links to get in, that somebody has asked for.
    Access,
    /// Sessions of juries in which one sits, or before which one comes.
    Jury,
    /// What became of one's file: the receipt of a deposit, a reopening, a jury's decision.
    Dossier,
    /// The day by which the file is handed in, after which it is too late.
    Deposit,
    /// A validated block that ends soon.
    Expiry,
    /// Self-assessments and visits that are due.
    Deadlines,
    /// Once a week, what waits in a tutor's queue.
    Queue,
}

impl Topic {
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Jury,
        Self::Dossier,
        Self::Deposit,
        Self::Expiry,
        Self::Deadlines,
        Self::Queue,
    ];

    /// Whether a person may ask not to get it. Who mutes the others would find themselves locked
    /// out, or without the certification.
    pub fn may_be_muted(self) -> bool {
        matches!(self, Self::Deadlines | Self::Queue)
    }

    /// Whether it was not asked for, and so never comes at night or on a Sunday.
    pub fn is_reminder(self) -> bool {
        !matches!(self, Self::Access | Self::Jury | Self::Dossier)
    }
}

/// What a mail says. The one-time links are not in it: they are made when it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// They are new here.
    Invitation {
        organisation: String,
    },
    /// They have an account already, and one more school.
    Welcome {
        organisation: String,
    },
    /// Their school has corrected the address of their account: to the one that it is now.
    AddressChanged {
        organisation: String,
    },
    /// The same, to the one that it was.
    AddressLeft {
        organisation: String,
    },
    /// They asked for a way in.
    Access {
        /// The page that a dead link led to.
        #[serde(default)]
        page: Option<String>,
    },
    Reminder(Reminder),
    Convocation(Convocation),
    /// To a candidate.
    Summons(Summons),
    /// The receipt of a deposit.
    Deposited(Receipt),
    /// A manager took their dossier back, and says why.
    Reopened {
        number: u32,
        reason: String,
        /// Name of the manager.
        by: String,
    },
    /// A jury has decided on them. What, they read behind the link, never in a mailbox.
    Judged {
        /// Of their enrolment.
        enrolment: Uuid,
        /// Title of the certification.
        certification: String,
    },
}

/// What proves a deposit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Version of the dossier.
    pub number: u32,
    /// Code and title of each block.
    pub blocks: Vec<(String, String)>,
    pub at: DateTime<Utc>,
    /// Sum of the manifest.
    pub manifest_sha256: String,
}

/// Everything that a person is reminded of on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    pub due: Vec<Due>,
    /// What waits in the person's queue, once a week.
    pub waiting: Option<Waiting>,
    /// The person's own validated blocks that end soon.
    #[serde(default)]
    pub expiring: Vec<Expiring>,
}

/// A validated block that ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiring {
    /// Code and title.
    pub block: String,
    /// Title of the certification.
    pub certification: String,
    /// The last day on which it is in force.
    pub last_day: NaiveDate,
}

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub on: NaiveDate,
    pub topic: Topic,
    /// What is to be done, as the manager named it.
    pub title: String,
    /// Whose work it is about; none where it is the person's own.
    pub student: Option<String>,
    /// Name of the cohort.
    pub cohort: String,
}

/// A queue in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Name of each student and how much waits, what has waited longest first.
    pub students: Vec<(String, u32)>,
    pub since: NaiveDate,
}

impl Message {
    pub fn topic(&self) -> Topic {
        match self {
            Self::Invitation { .. }
            | Self::Welcome { .. }
            | Self::AddressChanged { .. }
            | Self::AddressLeft { .. }
            | Self::Access { .. } => Topic::Access,
            Self::Convocation(_) | Self::Summons(_) => Topic::Jury,
            Self::Deposited(_) | Self::Reopened { .. } | Self::Judged { .. } => Topic::Dossier,
            // The most serious of what it holds: a mail with a deposit in it is not muted whole.
            Self::Reminder(reminder) => {
                let due = reminder.due.iter().map(|due| due.topic);
                let expiring = reminder.expiring.iter().map(|_| Topic::Expiry);
                due.chain(expiring).min().unwrap_or(Topic::Queue)
            }
        }
    }
}

/// What happened to a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// It waits for its turn, or for the next try.
    Queued,
    /// A server is handing it over.
    Sending,
    Sent,
    /// It was refused, or could not be handed over for a day.
    Failed,
    /// The server stopped while it was handed over: it may have arrived, so it is not sent again
    /// unless somebody says so.
    Unknown,
    /// There was no reason for it any more.
    Cancelled,
}

/// A mail that did not reach its person, for those who manage them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailProblem {
    pub id: Uuid,
    pub user_id: Uuid,
    pub topic: Topic,
    pub state: MailState,
    /// In the words of the mail server, or ours.
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// How long to wait before the next try, after so many; none after a day's worth of them.
pub fn retry_after(tries: u32) -> Option<TimeDelta> {
    // 1 + 5 + 15 minutes, then 1 + 2 + 4 + 8 + 8 hours: 23 hours and 21 minutes in all.
    const MINUTES: [i64; 8] = [1, 5, 15, 60, 120, 240, 480, 480];
    let index = usize::try_from(tries).ok()?.checked_sub(1)?;
    MINUTES.get(index).map(|minutes| TimeDelta::minutes(*minutes))
}

/// The next moment, this one or later, at which a reminder may go out: by day, and not on a Sunday.
pub fn next_daytime(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now.with_timezone(&ZONE);
    if DAY.contains(&local.hour()) && local.weekday() != Weekday::Sun {
        return now;
    }
    let mut day = local.date_naive();
    if local.hour() >= DAY.start {
        day += TimeDelta::days(1);
    }
    if day.weekday() == Weekday::Sun {
        day += TimeDelta::days(1);
    }
    let morning = NaiveTime::from_hms_opt(DAY.start, 0, 0).expect("an hour of the day");
    // Clocks change at night: the morning is there once on every day.
    day.and_time(morning)
        .and_local_timezone(ZONE)
        .earliest()
        .map_or(now, |morning| morning.with_timezone(&Utc))
}

/// The moments around a day at which people are reminded of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    TwoWeeksBefore,
    ThreeDaysBefore,
    DayAfter,
}

impl Step {
    /// The step and the days, counted from the one that things are due on, on which it makes sense.
    /// One that could not go out on its first day goes out later, until the next one takes over.
    const DAYS: [(Self, std::ops::RangeInclusive<i64>); 3] = [
        (Self::TwoWeeksBefore, -14..=-4),
        (Self::ThreeDaysBefore, -3..=0),
        (Self::DayAfter, 1..=14),
    ];

    /// The one step of the day.
    pub fn on(today: NaiveDate, due: NaiveDate) -> Option<Self> {
        let days = (today - due).num_days();
        Self::DAYS.into_iter().find_map(|(step, range)| range.contains(&days).then_some(step))
    }

    /// The last day on which things can be due for a reminder to be sent today, and the first one.
    pub fn window(today: NaiveDate) -> (NaiveDate, NaiveDate) {
        (today - TimeDelta::days(14), today + TimeDelta::days(14))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn never_at_night_nor_on_a_sunday() {
        for (now, goes) in [
            // A Monday in winter, one hour ahead of UTC.
            ("2026-11-23T06:59:59Z", "2026-11-23T07:00:00Z"),
            ("2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-11-23T18:59:59Z", "2026-11-23T18:59:59Z"),
            ("2026-11-23T19:00:00Z", "2026-11-24T07:00:00Z"),
            // Past midnight in Paris, still the day before in UTC.
            ("2026-11-23T23:30:00Z", "2026-11-24T07:00:00Z"),
            // Saturday evening, Sunday at noon, and the small hours of Monday.
            ("2026-11-21T19:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-11-22T11:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-11-22T23:10:00Z", "2026-11-23T07:00:00Z"),
            // The same in summer, two hours ahead.
            ("2026-07-06T05:59:00Z", "2026-07-06T06:00:00Z"),
            ("2026-07-06T18:00:00Z", "2026-07-07T06:00:00Z"),
            // The nights in which the clocks change.
            ("2026-10-24T20:00:00Z", "2026-10-26T07:00:00Z"),
            ("2026-03-28T20:00:00Z", "2026-03-30T06:00:00Z"),
        ] {
            assert_eq!(next_daytime(at(now)), at(goes), "{now}");
        }
    }

    #[test]
    fn one_step_at_a_time() {
        use Step::{DayAfter, ThreeDaysBefore, TwoWeeksBefore};
        let due = day("2027-03-31");
        for (today, step) in [
            ("2027-03-16", None),
            ("2027-03-17", Some(TwoWeeksBefore)),
            // The server was down on the first day: late, but still of use.
            ("2027-03-20", Some(TwoWeeksBefore)),
            ("2027-03-27", Some(TwoWeeksBefore)),
            ("2027-03-28", Some(ThreeDaysBefore)),
            ("2027-03-31", Some(ThreeDaysBefore)),
            ("2027-04-01", Some(DayAfter)),
            ("2027-04-14", Some(DayAfter)),
            ("2027-04-15", None),
        ] {
            assert_eq!(Step::on(day(today), due), step, "{today}");
            let (first, last) = Step::window(day(today));
            assert_eq!((first..=last).contains(&due), step.is_some(), "{today}");
        }
    }

    #[test]
    fn tries_end_within_a_day() {
        let waits: Vec<_> = (1..).map_while(retry_after).collect();
        let total: TimeDelta = waits.iter().sum();
        assert!(total < TimeDelta::days(1) && total > TimeDelta::hours(20), "{total}");
        assert!(waits.is_sorted());
        assert_eq!(retry_after(0), None);
        assert_eq!(retry_after(9), None);
    }

    #[test]
    fn a_reminder_is_as_serious_as_what_it_holds() {
        let due = |topic| Due {
            on: day("2027-03-31"),
            topic,
            title: "Dépôt".to_owned(),
            student: None,
            cohort: "2027".to_owned(),
        };
        let reminder = |topics: &[Topic]| {
            let due = topics.iter().copied().map(due).collect();
            Message::Reminder(Reminder { due, ..Reminder::default() }).topic()
        };
        assert_eq!(reminder(&[]), Topic::Queue);
        assert_eq!(reminder(&[Topic::Deadlines]), Topic::Deadlines);
        assert_eq!(reminder(&[Topic::Deadlines, Topic::Deposit]), Topic::Deposit);
        let expiring = Expiring {
            block: "B1".to_owned(),
            certification: "Expert".to_owned(),
            last_day: day("2031-03-31"),
        };
        let ending = |topics: &[Topic]| {
            let due = topics.iter().copied().map(due).collect();
            let expiring = vec![expiring.clone()];
            Message::Reminder(Reminder { due, expiring, waiting: None }).topic()
        };
        assert_eq!(ending(&[]), Topic::Expiry);
        assert_eq!(ending(&[Topic::Deadlines]), Topic::Expiry);
        assert_eq!(ending(&[Topic::Deposit]), Topic::Deposit);
        assert_eq!(Message::Access { page: None }.topic(), Topic::Access);
        let reopened =
            Message::Reopened { number: 1, reason: String::new(), by: String::new() }.topic();
        assert!(!reopened.is_reminder() && !reopened.may_be_muted());
    }
}
