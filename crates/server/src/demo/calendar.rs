//! When things happen: from the day the school took Acquis up to yesterday evening.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};

use super::dice::Dice;

#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    pub today: NaiveDate,
    /// The school begins to use Acquis.
    pub opening: NaiveDate,
    /// First day of the cohorts' studies, between one and two years ago.
    pub intake: NaiveDate,
}

impl Calendar {
    pub fn new(today: NaiveDate) -> Self {
        let year = if today.month() >= 9 { today.year() } else { today.year() - 1 };
        let intake = NaiveDate::from_ymd_opt(year - 1, 9, 1).expect("1 September is a day");
        Self { today, opening: working_day(before(today, 38 * 7)), intake }
    }

    pub fn ago(&self, days: u64) -> NaiveDate {
        before(self.today, days)
    }

    /// A moment of the day on which people are at work: the day, or the next that is one, but
    /// never later than yesterday.
    pub fn at_work(&self, day: NaiveDate, dice: &mut Dice) -> DateTime<Utc> {
        let mut day = working_day(day);
        while day >= self.today || is_off(day) {
            day = before(day, 1);
        }
        moment(day, dice.between(7 * 60, 16 * 60), dice)
    }

    /// A moment of a student's day, evenings and Sundays included.
    pub fn at_leisure(&self, day: NaiveDate, dice: &mut Dice) -> DateTime<Utc> {
        moment(day.min(self.ago(1)), dice.between(8 * 60, 20 * 60), dice)
    }
}

fn moment(day: NaiveDate, minutes: i64, dice: &mut Dice) -> DateTime<Utc> {
    let midnight = day.and_hms_opt(0, 0, 0).expect("midnight is a time").and_utc();
    midnight + TimeDelta::minutes(minutes) + TimeDelta::milliseconds(dice.between(0, 59_999))
}

pub fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day - Days::new(days)
}

pub fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day + Days::new(days)
}

/// The day, or the next one on which people work.
pub fn working_day(mut day: NaiveDate) -> NaiveDate {
    while is_off(day) {
        day = after(day, 1);
    }
    day
}

/// The day, or the last one before it on which people work.
pub fn last_working_day(mut day: NaiveDate) -> NaiveDate {
    while is_off(day) {
        day = before(day, 1);
    }
    day
}

/// Weekends, public holidays with a fixed date, the middle of August and the end of the year.
pub fn is_off(day: NaiveDate) -> bool {
    const HOLIDAYS: [(u32, u32); 7] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11)];
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        || HOLIDAYS.contains(&(day.month(), day.day()))
        || (day.month() == 8 && (3..=16).contains(&day.day()))
        || (day.month() == 12 && day.day() >= 24)
}
