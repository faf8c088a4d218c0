//! Reminders: what is due around today, and what waits in queues, one mail per person and day.

use std::collections::BTreeMap;

use authz::Actor;
use chrono::{Datelike, NaiveDate};
use domain::{
    mail::{Message, Reminder, Topic, Waiting, ZONE, next_daytime},
    person::Role,
    queue::{QueueItem, QueueKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    Db, Result, convert,
    entity::{enrolment_tutors, mails, memberships},
    mail::{self, Draft, To},
    queue,
};

/// Writes today's reminders, those that are not written yet. By day only: what is written leaves at
/// once, as it then stands.
pub async fn write(db: &Db) -> Result<()> {
    let now = db.ambient.now();
    if next_daytime(now) > now {
        return Ok(());
    }
    let today = now.with_timezone(&ZONE).date_naive();
    for (user, reminder) in waiting(db, today).await? {
        write_one(db, user, today, reminder).await?;
    }
    Ok(())
}

async fn write_one(db: &Db, user: Uuid, today: NaiveDate, reminder: Reminder) -> Result<()> {
    let write = db.write().await?;
    let draft = Draft {
        to: To::User(user),
        message: Message::Reminder(reminder),
        key: mail::reminder_key(user, today),
    };
    mail::enqueue(db, &write, draft).await?;
    write.commit().await?;
    Ok(())
}

/// What waits in the queue of each tutor who has not been told this week.
async fn waiting(db: &Db, today: NaiveDate) -> Result<BTreeMap<Uuid, Reminder>> {
    todo!()
}
