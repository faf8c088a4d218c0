//! The one place where time and randomness enter.

use std::sync::Mutex;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, Utc};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use uuid::Uuid;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().expect("no panic while the clock is held") = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("no panic while the clock is held")
    }
}

impl<C: Clock> Clock for std::sync::Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }
}

/// The calendar day in France at a moment.
pub fn day_in_france(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::Paris).date_naive()
}

/// « 1er avril »
pub fn day_and_month(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{number} {}", MONTHS[day.month0() as usize])
}

/// « 1er avril 2027 »
pub fn day_in_french(day: NaiveDate) -> String {
    format!("{} {}", day_and_month(day), day.year())
}

/// The calendar day and the time of day in France at a moment.
pub fn clock_in_france(at: DateTime<Utc>) -> (NaiveDate, NaiveTime) {
    let local = at.with_timezone(&chrono_tz::Europe::Paris);
    (local.date_naive(), local.time())
}

/// The moment at which a calendar day begins in France.
pub fn day_begins_in_france(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(chrono_tz::Europe::Paris);
    // Clocks change at two and three in the morning: every midnight is there once.
    midnight.single().map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.to_utc())
}

/// Time and randomness, handed to whatever needs them.
pub struct Ambient {
    clock: Box<dyn Clock>,
    rng: Mutex<ChaCha20Rng>,
}

impl Ambient {
    /// The machine's clock and a generator seeded by the operating system.
    pub fn system() -> Self {
        Self {
            clock: Box::new(SystemClock),
            rng: Mutex::new(ChaCha20Rng::from_rng(&mut rand::rng())),
        }
    }

    /// The same ids and tokens on every run.
    pub fn seeded(clock: impl Clock + 'static, seed: u64) -> Self {
        Self { clock: Box::new(clock), rng: Mutex::new(ChaCha20Rng::seed_from_u64(seed)) }
    }

    /// Now, truncated to the microsecond, which is what `PostgreSQL` keeps.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// Today in France, whose calendar days the certifications speak of.
    pub fn today(&self) -> NaiveDate {
        day_in_france(self.now())
    }

    /// A new `UUIDv7` (RFC 9562, section 5.7).
    pub fn id(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }

    /// Random bytes fit for a secret.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.lock().expect("no panic while the generator is held").fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::day;

    #[test]
    fn a_day_is_written_as_in_french() {
        for (at, written) in [
            ("2027-04-01", "1er avril 2027"),
            ("2027-02-02", "2 février 2027"),
            ("2027-08-21", "21 août 2027"),
            ("2027-12-31", "31 décembre 2027"),
        ] {
            assert_eq!(day_in_french(day(at)), written);
        }
    }
}
