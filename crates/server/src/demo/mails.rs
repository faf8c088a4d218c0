//! The mails of the week, as they would have left.

use std::path::Path;

use anyhow::Result;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use domain::ambient::ManualClock;
use mail::Mailer;
use runner::Runner;
use store::Db;

/// Writes the reminders of the last Monday into the folder; the invitations of the past are over.
pub async fn write(
    db: &Db,
    clock: &ManualClock,
    today: NaiveDate,
    folder: &Path,
    public_url: &str,
) -> Result<()> {
    let yesterday = today - TimeDelta::days(1);
    let monday = yesterday - TimeDelta::days(yesterday.weekday().num_days_from_monday().into());
    let morning = NaiveTime::from_hms_opt(9, 0, 0).expect("an hour of the day");
    store::mail::cancel_all(db).await?;
    clock.set(monday.and_time(morning).and_utc());
    let (mut runner, _) = Runner::new(db.clone(), Mailer::folder(folder.to_owned()), public_url);
    runner.tick().await?;
    clock.set(today.and_time(NaiveTime::MIN).and_utc());
    Ok(())
}
