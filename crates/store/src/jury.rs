//! Jury sessions and who sits in them.
//!
//! Planned ([`plan`]), its members convened ([`convene`]), opened once it complies ([`open`]).

use std::collections::{BTreeSet, HashMap};

use authz::{Action, Actor, Panel, Resource, Seat, Verdict};
use chrono::{DateTime, Utc};
use domain::{
    jury::{
        AccessWindow, JuryMember, JurySession, SessionStatus, chair::Handover,
        session::MemberProfile,
    },
    person::User,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use serde_json::{Value, json};
use uuid::Uuid;

mod candidate;
mod chair;
mod convocation;
mod hearing;
mod list;
mod member;
mod opening;
mod plan;
mod pool;
mod suspension;

pub use candidate::{candidates, set_candidates};
pub use chair::hand_over;
pub use convocation::{answer, appointment, convene};
pub use hearing::hearings;
pub use list::{Listed, list};
pub use member::{Who, add_member, remove_member, update_member};
pub(crate) use opening::Facts;
pub use opening::{check, open, opened_with, roll_call};
pub use plan::{create, delete, update};
pub(crate) use pool::listed;
pub use pool::{Elsewhere, Pooled, pool};
pub use suspension::suspend;

use crate::{
    Db, Error, Result, audit, certification, convert,
    entity::{jury_members, jury_sessions},
    people,
};

/// A session with its members: all that a policy asks about.
#[derive(Debug, Clone)]
pub struct Sitting {
    pub session: JurySession,
    /// In the order in which the manager lists them.
    pub members: Vec<Sat>,
    /// Who presided from when on, where it changed; oldest first.
    pub handovers: Vec<Handover>,
}

/// A member, and the person who sits.
#[derive(Debug, Clone)]
pub struct Sat {
    pub user: User,
    pub member: JuryMember,
    pub convened_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl Sitting {
    /// Asks the policy about this session.
    pub fn can(&self, actor: &Actor, action: Action, now: DateTime<Utc>) -> Verdict {
        let session = &self.session;
        let reads = session.window.allows(session.status, now);
        let seats: Vec<Seat> = self
            .members
            .iter()
            .map(|Sat { user, member, .. }| Seat {
                user: user.id,
                chair: member.chair,
                voting: member.voting,
                reads: reads && member.sits(),
                deliberates: session.status == SessionStatus::Open && member.deliberates(),
                attended: member.deliberates(),
            })
            .collect();
        let panel = Panel { organisation: session.organisation_id, seats: &seats };
        authz::can(actor, action, Resource::Session(panel))
    }

    /// The seat of this person.
    pub fn seat_of(&self, user: Uuid) -> Option<&Sat> {
        self.members.iter().find(|sat| sat.user.id == user)
    }
}

/// A session of one of these organisations.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Sitting>> {
    let Some(row) = jury_sessions::Entity::find_by_id(id)
        .filter(jury_sessions::Column::OrganisationId.is_in(organisations.iter().copied()))
        .one(db.read())
        .await?
    else {
        return Ok(None);
    };
    let members = members(db.read(), id).await?;
    let handovers = handovers(&row)?;
    Ok(Some(Sitting { session: session(db.read(), row).await?, members, handovers }))
}

pub(crate) fn handovers(row: &jury_sessions::Model) -> Result<Vec<Handover>> {
    row.handovers.clone().map_or(Ok(Vec::new()), convert::from_json)
}

/// The members in the order in which the manager lists them.
pub(crate) async fn members(connection: &impl ConnectionTrait, session: Uuid) -> Result<Vec<Sat>> {
    Ok(members_of(connection, &[session]).await?.remove(&session).unwrap_or_default())
}

/// The same of several sessions, in as many statements.
async fn members_of(
    connection: &impl ConnectionTrait,
    sessions: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Sat>>> {
    let rows = jury_members::Entity::find()
        .filter(jury_members::Column::SessionId.is_in(sessions.iter().copied()))
        .order_by_asc(jury_members::Column::Position)
        .order_by_asc(jury_members::Column::Id)
        .all(connection)
        .await?;
    let users = people::users(connection, rows.iter().map(|row| row.user_id)).await?;
    let mut members: HashMap<Uuid, Vec<Sat>> = HashMap::new();
    for row in rows {
        if let Some(user) = users.get(&row.user_id).cloned() {
            members.entry(row.session_id).or_default().push(sat(row, user)?);
        }
    }
    Ok(members)
}

async fn session(
    connection: &impl ConnectionTrait,
    row: jury_sessions::Model,
) -> Result<JurySession> {
    let ids = BTreeSet::from([row.certification_id]);
    let certification = certification::refs(connection, ids).await?.remove(&row.certification_id);
    session_of(row, certification.ok_or(Error::NotFound)?)
}

fn session_of(
    row: jury_sessions::Model,
    certification: domain::enrolment::CertificationRef,
) -> Result<JurySession> {
    Ok(JurySession {
        id: row.id,
        organisation_id: row.organisation_id,
        certification,
        route: convert::from_text(&row.route)?,
        title: row.title,
        starts_at: row.starts_at,
        place: row.place,
        link: row.link,
        statement: row.statement,
        window: AccessWindow { opens_at: row.access_opens_at, closes_at: row.access_closes_at },
        status: convert::from_text(&row.status)?,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        version: row.version,
    })
}

fn sat(row: jury_members::Model, user: User) -> Result<Sat> {
    let profile: MemberProfile = convert::from_json(row.profile)?;
    let member = JuryMember {
        attendance: convert::from_text(&row.attendance)?,
        declared: convert::from_json(row.declared)?,
        recused_from: convert::from_json(row.recused_from)?,
        ..profile.member(row.id, &user)
    };
    Ok(Sat {
        user,
        member,
        convened_at: row.convened_at,
        answered_at: row.answered_at,
        version: row.version,
    })
}

/// The session's row, locked.
pub(crate) async fn lock(write: &DatabaseTransaction, id: Uuid) -> Result<jury_sessions::Model> {
    jury_sessions::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)
}

/// The session's row, locked, if it still is at this version.
pub(crate) async fn lock_at(
    write: &DatabaseTransaction,
    id: Uuid,
    version: i32,
) -> Result<jury_sessions::Model> {
    let row = lock(write, id).await?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

pub(crate) fn status(row: &jury_sessions::Model) -> Result<SessionStatus> {
    convert::from_text(&row.status)
}

/// Marks that the session changed: whoever acts on what they saw of it before has to look again.
pub(crate) async fn touch(
    db: &Db,
    write: &DatabaseTransaction,
    row: jury_sessions::ActiveModel,
    version: i32,
) -> Result<jury_sessions::Model> {
    let row = jury_sessions::ActiveModel {
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
        ..row
    };
    Ok(row.update(write).await?)
}

fn entry(
    row: &jury_sessions::Model,
    by: Uuid,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> audit::Entry<'static> {
    audit::Entry {
        organisation: row.organisation_id,
        actor: Some(by),
        action,
        subject: ("jury_session", row.id),
        before,
        after,
    }
}

/// What the audit keeps of a session: no text of a person.
fn state(row: &jury_sessions::Model) -> Value {
    json!({
        "version": row.version,
        "status": row.status,
        "starts_at": row.starts_at,
        "access_opens_at": row.access_opens_at,
        "access_closes_at": row.access_closes_at,
    })
}
