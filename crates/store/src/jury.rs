//! Jury sessions and who sits in them.

use std::collections::BTreeSet;

use authz::{Action, Actor, Panel, Resource, Seat, Verdict};
use chrono::{DateTime, Utc};
use domain::{
    jury::{AccessWindow, Attendance, JuryMember, JurySession, SessionStatus},
    person::User,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    Db, Result, certification, convert,
    entity::{jury_members, jury_sessions},
    people,
};

/// A session with its members: all that a policy asks about.
#[derive(Debug, Clone)]
pub struct Sitting {
    pub session: JurySession,
    /// In the order in which the manager lists them.
    pub members: Vec<Sat>,
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
                deliberates: session.status == SessionStatus::Open
                    && member.attendance == Attendance::Present,
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
    let members = jury_members::Entity::find()
        .filter(jury_members::Column::SessionId.eq(id))
        .order_by_asc(jury_members::Column::Position)
        .order_by_asc(jury_members::Column::Id)
        .all(db.read())
        .await?;
    let mut users = people::users(db.read(), members.iter().map(|row| row.user_id)).await?;
    let members = members
        .into_iter()
        .filter_map(|row| users.remove(&row.user_id).map(|user| sat(row, user)))
        .collect::<Result<_>>()?;
    Ok(Some(Sitting { session: session(db, row).await?, members }))
}

async fn session(db: &Db, row: jury_sessions::Model) -> Result<JurySession> {
    let mut certifications =
        certification::refs(db.read(), BTreeSet::from([row.certification_id])).await?;
    Ok(JurySession {
        id: row.id,
        organisation_id: row.organisation_id,
        certification: certifications
            .remove(&row.certification_id)
            .ok_or(crate::Error::NotFound)?,
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
    let member = JuryMember {
        id: row.id,
        person: Some(row.user_id),
        name: format!("{} {}", user.given_name, user.family_name),
        attendance: convert::from_text(&row.attendance)?,
        declared: convert::from_json(row.declared)?,
        recused_from: convert::from_json(row.recused_from)?,
        ..convert::from_json(row.profile)?
    };
    Ok(Sat {
        user,
        member,
        convened_at: row.convened_at,
        answered_at: row.answered_at,
        version: row.version,
    })
}
