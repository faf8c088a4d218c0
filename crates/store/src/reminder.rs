//! Reminders: what is due around today, and what waits in queues, in one mail a person and day.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use authz::Actor;
use chrono::{Datelike, NaiveDate, TimeDelta};
use domain::{
    ambient::day_in_france,
    deadline::{Deadline, DeadlineKind},
    mail::{Due, Message, Reminder, Step, Topic, Waiting, next_daytime},
    queue::QueueItem,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, prelude::Uuid,
};

use crate::{
    Db, Result, convert, deadline,
    entity::{enrolment_tutors, mails, memberships, mutes, reminders},
    mail::{self, Draft, To},
    queue,
    record::{self, Ending},
};

/// The weekly summary of a queue, where a step of a deadline stands otherwise.
const WEEKLY: &str = "weekly";

/// What one person is to be told today, and what says that they were.
#[derive(Default)]
struct Plan {
    reminder: Reminder,
    marks: BTreeSet<(Uuid, NaiveDate, String)>,
}

/// Writes today's reminders, those that are not written yet. By day only: what is written leaves at
/// once, as it then stands.
pub async fn write(db: &Db) -> Result<()> {
    let now = db.ambient.now();
    if next_daytime(now) > now {
        return Ok(());
    }
    let today = db.ambient.today();
    let muted = muted(db).await?;
    let mut plans = due(db, today, &muted).await?;
    weekly(db, today, &muted, &mut plans).await?;
    expiring(db, today, &mut plans).await?;
    let told = told_on(db, today, plans.keys()).await?;
    for (user, plan) in plans {
        if !told.contains(&mail::reminder_key(user, today)) {
            write_one(db, user, today, plan).await?;
        }
    }
    mail::poke(db);
    Ok(())
}

async fn write_one(db: &Db, user: Uuid, today: NaiveDate, plan: Plan) -> Result<()> {
    let Plan { mut reminder, marks } = plan;
    let write = db.write().await?;
    let mail_id = if reminder == Reminder::default() {
        None
    } else {
        reminder.due.sort_by(|one, other| (one.on, &one.student).cmp(&(other.on, &other.student)));
        let message = Message::Reminder(reminder);
        let key = mail::reminder_key(user, today);
        let id = mail::enqueue(db, &write, Draft { to: To::User(user), message, key }).await?;
        // Another server has written this person's mail of the day.
        let Some(id) = id else { return Ok(()) };
        Some(id)
    };
    let rows = marks.into_iter().map(|(deadline_id, due_on, step)| reminders::ActiveModel {
        user_id: Set(user),
        deadline_id: Set(deadline_id),
        due_on: Set(due_on),
        step: Set(step),
        mail_id: Set(mail_id),
    });
    reminders::Entity::insert_many(rows)
        .on_conflict_do_nothing()
        .exec_without_returning(&write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// What is due around today and was not told, by person.
async fn due(
    db: &Db,
    today: NaiveDate,
    muted: &HashSet<(Uuid, Topic)>,
) -> Result<BTreeMap<Uuid, Plan>> {
    let (first, last) = Step::window(today);
    let dates = deadline::due(db, first..=last).await?;
    let deadlines: BTreeSet<Uuid> = dates.iter().map(|due| due.date.deadline.id).collect();
    let told = told(db, deadlines).await?;
    let mut plans: BTreeMap<Uuid, Plan> = BTreeMap::new();
    for deadline::Due { date, enrolment, tutors } in dates {
        let deadline = date.deadline;
        let Some(step) = Step::on(today, deadline.due_on).filter(|_| !date.done) else { continue };
        let student = &enrolment.student;
        // Who does it: the tutors their visits, the student the rest.
        let people: Vec<(Uuid, Option<String>)> = if deadline.kind == DeadlineKind::Visit {
            let name = format!("{} {}", student.given_name, student.family_name);
            let tutors: BTreeSet<Uuid> = tutors.iter().map(|tutor| tutor.user.id).collect();
            tutors.into_iter().map(|tutor| (tutor, Some(name.clone()))).collect()
        } else {
            vec![(student.id, None)]
        };
        let topic = match deadline.kind {
            DeadlineKind::Deposit => Topic::Deposit,
            DeadlineKind::SelfAssessment | DeadlineKind::Visit => Topic::Deadlines,
        };
        let mark = (deadline.id, deadline.due_on, convert::text(step));
        for (person, student) in people {
            if muted.contains(&(person, topic)) || told.contains(&(person, mark.clone())) {
                continue;
            }
            let plan = plans.entry(person).or_default();
            plan.marks.insert(mark.clone());
            plan.reminder.due.push(Due {
                on: deadline.due_on,
                topic,
                title: title(&deadline),
                student,
                cohort: deadline.cohort.name.clone(),
            });
        }
    }
    Ok(plans)
}

/// Adds the validated blocks whose end is near and was not told. A validation stands where a
/// deadline stands otherwise.
async fn expiring(db: &Db, today: NaiveDate, plans: &mut BTreeMap<Uuid, Plan>) -> Result<()> {
    let ending = record::ending(db, today).await?;
    let told = told(db, ending.iter().map(|one| one.id).collect()).await?;
    for Ending { student, id, step, expiring } in ending {
        let mark = (id, expiring.last_day, convert::text(step));
        if !told.contains(&(student, mark.clone())) {
            let plan = plans.entry(student).or_default();
            plan.marks.insert(mark);
            plan.reminder.expiring.push(expiring);
        }
    }
    Ok(())
}

fn title(deadline: &Deadline) -> String {
    let kind = match deadline.kind {
        DeadlineKind::SelfAssessment => "Auto-évaluation",
        DeadlineKind::Visit => "Visite",
        DeadlineKind::Deposit => "Dépôt du dossier",
    };
    let title = deadline.label.as_deref().unwrap_or(kind);
    match &deadline.block {
        Some(block) => format!("{title}, bloc {block}"),
        None => title.to_owned(),
    }
}

type Mark = (Uuid, NaiveDate, String);

/// Who was told of which step of these deadlines.
async fn told(db: &Db, deadlines: BTreeSet<Uuid>) -> Result<HashSet<(Uuid, Mark)>> {
    let rows = reminders::Entity::find()
        .filter(reminders::Column::DeadlineId.is_in(deadlines))
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, (row.deadline_id, row.due_on, row.step))).collect())
}

/// The reminders of the day that are written already, by key.
async fn told_on(
    db: &Db,
    today: NaiveDate,
    people: impl Iterator<Item = &Uuid>,
) -> Result<HashSet<String>> {
    let keys = people.map(|user| mail::reminder_key(*user, today));
    let rows: Vec<String> = mails::Entity::find()
        .select_only()
        .column(mails::Column::DedupKey)
        .filter(mails::Column::DedupKey.is_in(keys))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn muted(db: &Db) -> Result<HashSet<(Uuid, Topic)>> {
    let rows = mutes::Entity::find().all(db.read()).await?;
    rows.into_iter().map(|row| Ok((row.user_id, convert::from_text(&row.topic)?))).collect()
}

/// Adds what waits in the queue of each tutor who has not been told this week, of students whose
/// path goes on: what is left of the others stays in the queue, and is not asked for every week.
async fn weekly(
    db: &Db,
    today: NaiveDate,
    muted: &HashSet<(Uuid, Topic)>,
    plans: &mut BTreeMap<Uuid, Plan>,
) -> Result<()> {
    let monday = today - TimeDelta::days(today.weekday().num_days_from_monday().into());
    let mark = (Uuid::nil(), monday, WEEKLY.to_owned());
    let told = reminders::Entity::find()
        .select_only()
        .column(reminders::Column::UserId)
        .filter(reminders::Column::DeadlineId.eq(mark.0))
        .filter(reminders::Column::DueOn.eq(mark.1));
    let tutors: Vec<Uuid> = enrolment_tutors::Entity::find()
        .select_only()
        .column(enrolment_tutors::Column::UserId)
        .distinct()
        .filter(
            enrolment_tutors::Column::UserId.not_in_subquery(sea_orm::QueryTrait::into_query(told)),
        )
        .into_tuple()
        .all(db.read())
        .await?;
    for tutor in tutors {
        if muted.contains(&(tutor, Topic::Queue)) {
            continue;
        }
        let actor = actor(db, tutor).await?;
        let items: Vec<QueueItem> = queue::of(db, &actor)
            .await?
            .items
            .into_iter()
            .filter(|item| item.student.id != tutor)
            .filter(|item| item.ends_on.is_none_or(|end| end >= today))
            .collect();
        let plan = plans.entry(tutor).or_default();
        plan.reminder.waiting = summary(&items);
        plan.marks.insert(mark.clone());
    }
    Ok(())
}

/// How much waits of each student, who has waited longest first.
fn summary(items: &[QueueItem]) -> Option<Waiting> {
    let since = items.iter().map(|item| item.since).min()?;
    let mut students: Vec<(Uuid, String, u32)> = Vec::new();
    for QueueItem { student, .. } in items {
        if let Some((_, _, count)) = students.iter_mut().find(|(id, ..)| *id == student.id) {
            *count += 1;
        } else {
            let name = format!("{} {}", student.given_name, student.family_name);
            students.push((student.id, name, 1));
        }
    }
    Some(Waiting {
        students: students.into_iter().map(|(_, name, count)| (name, count)).collect(),
        since: day_in_france(since),
    })
}

async fn actor(db: &Db, user: Uuid) -> Result<Actor> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::UserId.eq(user))
        .all(db.read())
        .await?;
    let memberships = rows
        .into_iter()
        .map(|row| Ok((row.organisation_id, convert::from_text(&row.role)?)))
        .collect::<Result<_>>()?;
    Ok(Actor { user, memberships })
}
