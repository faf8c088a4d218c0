//! The outbox: mails are put in with what they speak of, and leave one by one.
//!
//! A mail is marked before it is handed over. Where a server stops in the middle, nobody knows
//! whether it arrived, so it is not sent again unless a person says so.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    ambient::day_in_france,
    mail::{MailProblem, MailState, Message, Topic, next_daytime, retry_after},
    person::User,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, UpdateMany,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Db, Error, Result, access, audit, convert,
    entity::{mails, memberships, mutes, reminders, users},
    one_time_link::{self, Purpose, Token},
    page::{Page, Paged},
    people,
};

/// Longer than handing over one mail can take.
const CLAIM: TimeDelta = TimeDelta::minutes(15);
/// Links that a person can ask for in a day.
const LINKS_A_DAY: u64 = 12;

/// Who a mail is for.
#[derive(Debug, Clone)]
pub(crate) enum To {
    User(Uuid),
    /// An address that somebody typed, which may be nobody's.
    Address(String),
    /// The one that the person had until now, which nobody may have any more.
    FormerAddress {
        user: Uuid,
        address: String,
    },
}

/// A mail to be put in the outbox.
pub(crate) struct Draft {
    pub to: To,
    pub message: Message,
    /// The same for whoever else would write the same mail.
    pub key: String,
}

/// Puts a mail in the outbox, in the transaction of what it speaks of; none where it is there
/// already.
pub(crate) async fn enqueue(
    db: &Db,
    write: &DatabaseTransaction,
    draft: Draft,
) -> Result<Option<Uuid>> {
    let Draft { to, message, key } = draft;
    let now = db.ambient.now();
    let id = db.ambient.id();
    let (user_id, address) = match to {
        To::User(id) => (Some(id), None),
        To::Address(address) => (None, Some(address)),
        To::FormerAddress { user, address } => (Some(user), Some(address)),
    };
    // Not by the id, which is new: by what the mail is for.
    let is_written = OnConflict::column(mails::Column::DedupKey).do_nothing().to_owned();
    let inserted = mails::Entity::insert(mails::ActiveModel {
        id: Set(id),
        user_id: Set(user_id),
        address: Set(address),
        topic: Set(convert::text(message.topic())),
        message: Set(Some(convert::json(&message))),
        dedup_key: Set(key),
        not_before: Set(now),
        state: Set(convert::text(MailState::Queued)),
        attempts: Set(0),
        claimed_until: Set(None),
        sent_at: Set(None),
        error: Set(None),
        created_at: Set(now),
    })
    .on_conflict(is_written)
    .exec_without_returning(write)
    .await?;
    Ok((inserted == 1).then_some(id))
}

/// Says that there is something to send; after the transaction that put it there.
pub(crate) fn poke(db: &Db) {
    db.outbox.notify_one();
}

/// Returns when something was put in the outbox by this server.
pub async fn poked(db: &Db) {
    db.outbox.notified().await;
}

/// A mail that this server, and no other, now sends.
#[derive(Debug)]
pub struct Claimed {
    pub id: Uuid,
    pub to: User,
    pub message: Message,
    /// A one-time link of its own. Made now and kept nowhere, so that nobody who reads the database
    /// gets in with it.
    pub way_in: Option<(Purpose, Token)>,
    /// What mutes the topic, if it may be muted.
    pub mute: Option<Token>,
    tries: u32,
    until: DateTime<Utc>,
}

/// Takes the mail that has waited longest. It counts as being sent from here on.
pub async fn claim(db: &Db) -> Result<Option<Claimed>> {
    loop {
        let now = db.ambient.now();
        let waiting = mails::Entity::find()
            .filter(mails::Column::State.eq(convert::text(MailState::Queued)))
            .filter(mails::Column::NotBefore.lte(now))
            .order_by_asc(mails::Column::NotBefore)
            .order_by_asc(mails::Column::Id)
            .one(db.read())
            .await?;
        let Some(row) = waiting else { return Ok(None) };
        if let Some(claimed) = claim_row(db, row, now).await? {
            return Ok(Some(claimed));
        }
    }
}

/// Takes this mail, unless another server was faster or there is no reason for it any more.
async fn claim_row(db: &Db, row: mails::Model, now: DateTime<Utc>) -> Result<Option<Claimed>> {
    let until = now + CLAIM;
    let write = db.write().await?;
    let taken = only(row.id, MailState::Queued)
        .col_expr(mails::Column::State, Expr::value(convert::text(MailState::Sending)))
        .col_expr(mails::Column::ClaimedUntil, Expr::value(until))
        .col_expr(mails::Column::Attempts, Expr::value(row.attempts + 1))
        .exec(&write)
        .await?;
    // Another server waits here for our transaction to end, and then finds nothing to take.
    if taken.rows_affected != 1 {
        return Ok(None);
    }
    let Ok(message) = convert::from_json::<Message>(row.message.unwrap_or_default()) else {
        // Of another version: it must not hold up those behind it.
        only(row.id, MailState::Sending)
            .col_expr(mails::Column::State, Expr::value(convert::text(MailState::Failed)))
            .col_expr(mails::Column::Error, Expr::value("Ce courriel ne se lit plus."))
            .exec(&write)
            .await?;
        write.commit().await?;
        return Ok(None);
    };
    // What goes to an address that was left goes there at the next try too.
    let former = row.user_id.and(row.address.clone());
    let Some(to) = recipient(&write, row.user_id, row.address.as_deref()).await? else {
        // Nobody's address: nothing of it is kept.
        mails::Entity::delete_by_id(row.id).exec(&write).await?;
        write.commit().await?;
        return Ok(None);
    };
    let roles = people::all_roles(&write, to.id).await?;
    let muted = muted_topics(&write, to.id).await?;
    let asked_too_often = matches!(message, Message::Access { .. })
        && links_today(&write, to.id, now - TimeDelta::days(1)).await? >= LINKS_A_DAY;
    // A reminder says how things stand on its day, and never goes out at night.
    let is_stale = message.topic().is_reminder()
        && (next_daytime(now) > now || day_in_france(row.created_at) != day_in_france(now));
    if is_stale {
        // What it would have told is told anew, as it stands then.
        reminders::Entity::delete_many()
            .filter(reminders::Column::MailId.eq(row.id))
            .exec(&write)
            .await?;
    }
    if is_stale || roles.is_empty() || muted.contains(&message.topic()) || asked_too_often {
        only(row.id, MailState::Sending)
            .col_expr(mails::Column::State, Expr::value(convert::text(MailState::Cancelled)))
            .col_expr(mails::Column::UserId, Expr::value(to.id))
            .col_expr(mails::Column::Address, Expr::value(former))
            .exec(&write)
            .await?;
        write.commit().await?;
        return Ok(None);
    }
    only(row.id, MailState::Sending)
        .col_expr(mails::Column::UserId, Expr::value(to.id))
        .col_expr(mails::Column::Address, Expr::value(former))
        .exec(&write)
        .await?;
    let has_password = has_password(&write, to.id).await?;
    let way_in = match way_in(&message, &roles, has_password) {
        Some(purpose) => {
            Some((purpose, one_time_link::issue(db, &write, purpose, Some(to.id)).await?))
        }
        None => None,
    };
    let mute = match message.topic() {
        Topic::Deadlines => Some(Purpose::MuteDeadlines),
        Topic::Queue => Some(Purpose::MuteQueue),
        Topic::Access | Topic::Jury | Topic::Dossier | Topic::Deposit | Topic::Expiry => None,
    };
    let mute = match mute {
        Some(purpose) => Some(one_time_link::issue(db, &write, purpose, Some(to.id)).await?),
        None => None,
    };
    write.commit().await?;
    let tries = u32::try_from(row.attempts + 1).unwrap_or(u32::MAX);
    Ok(Some(Claimed { id: row.id, to, message, way_in, mute, tries, until }))
}

/// What link a mail carries. Staff who can sign in get none that they have not asked for: it would
/// open a school to whoever reads their mail.
fn way_in(
    message: &Message,
    roles: &[domain::person::Role],
    has_password: bool,
) -> Option<Purpose> {
    let staff = roles.iter().any(|role| role.is_staff());
    let by_link = access::enter_by_link(roles);
    match message {
        Message::Invitation { .. } if by_link => Some(Purpose::SignIn),
        Message::Invitation { .. } => Some(Purpose::Invitation),
        // They have corrected it themselves, and perhaps wrongly.
        Message::AddressChanged { .. } if has_password => None,
        Message::Access { .. } | Message::AddressChanged { .. } if by_link && !has_password => {
            Some(Purpose::SignIn)
        }
        Message::Access { .. } | Message::AddressChanged { .. } => Some(Purpose::Reset),
        // Who reads there may never have been the person.
        Message::AddressLeft { .. } => None,
        Message::Welcome { .. }
        | Message::Reminder(_)
        | Message::Convocation(_)
        | Message::Summons(_)
        | Message::Deposited(_)
        | Message::Reopened { .. }
        | Message::Judged { .. } => (!staff).then_some(Purpose::SignIn),
    }
}

async fn recipient(
    write: &DatabaseTransaction,
    user: Option<Uuid>,
    address: Option<&str>,
) -> Result<Option<User>> {
    let found = match (user, address) {
        (Some(id), _) => users::Entity::find_by_id(id),
        (None, Some(address)) => users::Entity::find().filter(users::Column::Email.eq(address)),
        (None, None) => return Ok(None),
    };
    let found = found.one(write).await?.map(User::from);
    Ok(match (found, user, address) {
        (Some(person), Some(_), Some(former)) => Some(User { email: former.to_owned(), ..person }),
        (found, ..) => found,
    })
}

async fn has_password(write: &DatabaseTransaction, user: Uuid) -> Result<bool> {
    let row = users::Entity::find_by_id(user).one(write).await?;
    Ok(row.is_some_and(|row| row.password_hash.is_some()))
}

async fn links_today(write: &DatabaseTransaction, user: Uuid, since: DateTime<Utc>) -> Result<u64> {
    Ok(mails::Entity::find()
        .filter(mails::Column::UserId.eq(user))
        .filter(mails::Column::DedupKey.starts_with("access:"))
        .filter(mails::Column::SentAt.gt(since))
        .count(write)
        .await?)
}

/// What became of a mail that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// It may be tried again, for this reason.
    NotNow(String),
    Refused(String),
    Unknown(String),
}

/// Writes down what became of it. A server that took longer than its claim still tells the truth.
pub async fn settle(db: &Db, claimed: &Claimed, outcome: Outcome) -> Result<()> {
    let now = db.ambient.now();
    let (state, error, next) = match outcome {
        Outcome::Sent => (MailState::Sent, None, None),
        Outcome::Refused(reason) => (MailState::Failed, Some(reason), None),
        Outcome::Unknown(reason) => (MailState::Unknown, Some(reason), None),
        Outcome::NotNow(reason) => match retry_after(claimed.tries) {
            Some(wait) => (MailState::Queued, Some(reason), Some(now + wait)),
            None => (MailState::Failed, Some(reason), None),
        },
    };
    let is_sent = state == MailState::Sent;
    let update = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(convert::text(state)))
        .col_expr(mails::Column::Error, Expr::value(error))
        .col_expr(mails::Column::SentAt, Expr::value(is_sent.then_some(now)))
        .col_expr(mails::Column::NotBefore, Expr::value(next.unwrap_or(now)))
        .filter(mails::Column::Id.eq(claimed.id))
        .filter(mails::Column::ClaimedUntil.eq(claimed.until))
        .filter(
            mails::Column::State.is_in([MailState::Sending, MailState::Unknown].map(convert::text)),
        )
        .apply_if(is_sent.then_some(()), |update, ()| {
            update.col_expr(mails::Column::Message, Expr::value(None::<Value>))
        });
    let write = db.write().await?;
    update.exec(&write).await?;
    write.commit().await?;
    Ok(())
}

/// Mails whose server stopped while it sent them: they may have arrived.
pub async fn recover(db: &Db) -> Result<u64> {
    let now = db.ambient.now();
    let write = db.write().await?;
    let lost = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(convert::text(MailState::Unknown)))
        .col_expr(
            mails::Column::Error,
            Expr::value(
                "Le serveur s’est arrêté pendant l’envoi : ce courriel est peut-être arrivé.",
            ),
        )
        .filter(mails::Column::State.eq(convert::text(MailState::Sending)))
        .filter(mails::Column::ClaimedUntil.lt(now))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(lost.rows_affected)
}

fn only(id: Uuid, state: MailState) -> UpdateMany<mails::Entity> {
    mails::Entity::update_many()
        .filter(mails::Column::Id.eq(id))
        .filter(mails::Column::State.eq(convert::text(state)))
}

fn is_problem() -> Condition {
    let states = [MailState::Failed, MailState::Unknown].map(convert::text);
    // An address that was left for being wrong may well refuse.
    Condition::all().add(mails::Column::State.is_in(states)).add(mails::Column::Address.is_null())
}

/// Whether the mail is to a member of one of these organisations.
fn to_members(organisations: &BTreeSet<Uuid>) -> Condition {
    let members = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::UserId)
        .filter(memberships::Column::OrganisationId.is_in(organisations.iter().copied()));
    Condition::all().add(mails::Column::UserId.in_subquery(members.into_query()))
}

/// The mails that did not reach the people of these organisations, newest first; those after which
/// another one did reach its person are no trouble any more.
pub async fn problems(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    page: Page,
) -> Result<Paged<MailProblem>> {
    let later = sea_orm::sea_query::Alias::new("later");
    let reached = Query::select()
        .expr(Expr::value(1))
        .from_as(mails::Entity, later.clone())
        .and_where(
            Expr::col((later.clone(), mails::Column::UserId))
                .equals((mails::Entity, mails::Column::UserId)),
        )
        // What went to an address that was left has not reached them.
        .and_where(Expr::col((later.clone(), mails::Column::Address)).is_null())
        .and_where(
            Expr::col((later, mails::Column::SentAt))
                .gt(Expr::col((mails::Entity, mails::Column::NotBefore))),
        )
        .to_owned();
    let rows = mails::Entity::find()
        .filter(is_problem())
        .filter(to_members(organisations))
        .filter(Expr::exists(reached).not())
        .apply_if(page.after, |query, after| query.filter(mails::Column::Id.lt(after)))
        .order_by_desc(mails::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let Paged { items, next } = page.cut(rows, |row| row.id);
    let items = items.into_iter().map(problem).collect::<Result<_>>()?;
    Ok(Paged { items, next })
}

fn problem(row: mails::Model) -> Result<MailProblem> {
    Ok(MailProblem {
        id: row.id,
        user_id: row.user_id.ok_or(Error::NotFound)?,
        topic: convert::from_text(&row.topic)?,
        state: convert::from_text(&row.state)?,
        reason: row.error.unwrap_or_default(),
        at: row.not_before,
    })
}

/// One of the organisations that a mail's person belongs to, of those given.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Uuid>> {
    let row =
        mails::Entity::find_by_id(id).filter(to_members(organisations)).one(db.read()).await?;
    let Some(user) = row.and_then(|row| row.user_id) else { return Ok(None) };
    let membership = memberships::Entity::find()
        .filter(memberships::Column::UserId.eq(user))
        .filter(memberships::Column::OrganisationId.is_in(organisations.iter().copied()))
        .one(db.read())
        .await?;
    Ok(membership.map(|row| row.organisation_id))
}

/// Sends again what did not arrive, or may not have.
pub async fn resend(db: &Db, by: Uuid, organisation: Uuid, id: Uuid) -> Result<()> {
    let now = db.ambient.now();
    let write = db.write().await?;
    let queued = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(convert::text(MailState::Queued)))
        .col_expr(mails::Column::Attempts, Expr::value(0))
        .col_expr(mails::Column::NotBefore, Expr::value(now))
        .filter(mails::Column::Id.eq(id))
        .filter(is_problem())
        .exec(&write)
        .await?;
    if queued.rows_affected != 1 {
        return Err(Error::conflict(
            "nothing_to_resend",
            "Ce courriel n’est pas en échec : il est parti, ou il va partir.",
        ));
    }
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation,
            actor: Some(by),
            action: "mail.resent",
            subject: ("mail", id),
            before: None,
            after: None,
        },
    )
    .await?;
    write.commit().await?;
    poke(db);
    Ok(())
}

/// Takes back every mail that has not left. For the story of a demonstration, in which nobody
/// waits for the mails of the past.
pub async fn cancel_all(db: &Db) -> Result<()> {
    let write = db.write().await?;
    mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(convert::text(MailState::Cancelled)))
        .filter(mails::Column::State.eq(convert::text(MailState::Queued)))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// The topics that a person does not want.
pub async fn mutes(db: &Db, user: Uuid) -> Result<BTreeSet<Topic>> {
    muted_topics(db.read(), user).await
}

async fn muted_topics(connection: &impl ConnectionTrait, user: Uuid) -> Result<BTreeSet<Topic>> {
    let rows = mutes::Entity::find().filter(mutes::Column::UserId.eq(user)).all(connection).await?;
    rows.into_iter().map(|row| convert::from_text(&row.topic)).collect()
}

/// Mutes a topic, or undoes it. Asking twice changes nothing more.
pub async fn mute(db: &Db, user: Uuid, topic: Topic, muted: bool) -> Result<()> {
    if !topic.may_be_muted() {
        return Err(Error::conflict(
            "not_mutable",
            "Ces courriels sont indispensables : ils ne se coupent pas.",
        ));
    }
    let write = db.write().await?;
    if muted {
        mutes::Entity::insert(mutes::ActiveModel {
            user_id: Set(user),
            topic: Set(convert::text(topic)),
            created_at: Set(db.ambient.now()),
        })
        .on_conflict_do_nothing()
        .exec_without_returning(&write)
        .await?;
    } else {
        mutes::Entity::delete_by_id((user, convert::text(topic))).exec(&write).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Whom a link of a mail mutes, and what.
pub async fn muted_by(db: &Db, token: &str) -> Result<(User, Topic)> {
    const PURPOSES: [Purpose; 2] = [Purpose::MuteDeadlines, Purpose::MuteQueue];
    let link = one_time_link::alive(db, db.read(), &PURPOSES, token).await?;
    let topic = match link.purpose {
        Purpose::MuteDeadlines => Topic::Deadlines,
        _ => Topic::Queue,
    };
    let id = link.user.ok_or_else(one_time_link::dead_link)?;
    let user = people::users(db.read(), [id]).await?.remove(&id);
    user.map(|user| (user, topic)).ok_or_else(one_time_link::dead_link)
}

/// Forgets mails that are long settled; a reminder's are remembered, so that none comes twice.
pub async fn sweep(db: &Db) -> Result<()> {
    const KEPT: TimeDelta = TimeDelta::days(400);
    let settled = [MailState::Sent, MailState::Failed, MailState::Unknown, MailState::Cancelled];
    let named = reminders::Entity::find()
        .select_only()
        .column(reminders::Column::MailId)
        .filter(reminders::Column::MailId.is_not_null());
    let write = db.write().await?;
    mails::Entity::delete_many()
        .filter(mails::Column::State.is_in(settled.map(convert::text)))
        .filter(mails::Column::NotBefore.lt(db.ambient.now() - KEPT))
        .filter(mails::Column::Id.not_in_subquery(named.into_query()))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(())
}

pub(crate) fn reminder_key(user: Uuid, day: NaiveDate) -> String {
    format!("reminder:{user}:{day}")
}
