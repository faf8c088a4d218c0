//! The sessions that a person may see.

use std::collections::HashMap;

use authz::Actor;
use domain::{
    jury::{Attendance, JurySession, SessionStatus},
    person::Role,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::session_of;
use crate::{
    Db, Error, Result, certification, convert,
    entity::{jury_candidates, jury_members, jury_sessions},
    page::{Page, Paged},
};

/// A session in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub session: JurySession,
    pub candidates: u32,
    /// One for each member.
    pub attendance: Vec<Attendance>,
    /// How many members are convened.
    pub convened: u32,
    /// What the person is there, if they sit.
    pub own: Option<Attendance>,
}

/// The sessions of the organisations that the actor manages, and those in which they sit; the
/// latest first, in a fixed number of statements.
pub async fn list(
    db: &Db,
    actor: &Actor,
    status: Option<SessionStatus>,
    page: Page,
) -> Result<Paged<Listed>> {
    use jury_sessions::Column::{Id, OrganisationId, StartsAt, Status};
    let managed = actor.organisations_as(&[Role::Manager]);
    let sits = jury_members::Entity::find()
        .select_only()
        .column(jury_members::Column::SessionId)
        .filter(jury_members::Column::UserId.eq(actor.user))
        .filter(jury_members::Column::OrganisationId.is_in(actor.organisations_as(&[Role::Jury])));
    let visible =
        Condition::any().add(OrganisationId.is_in(managed)).add(Id.in_subquery(sits.into_query()));
    let after = match page.after {
        Some(id) => {
            let last = jury_sessions::Entity::find_by_id(id).one(db.read()).await?;
            let at = last.ok_or(Error::NotFound)?.starts_at;
            let same = Condition::all().add(StartsAt.eq(at)).add(Id.lt(id));
            Some(Condition::any().add(StartsAt.lt(at)).add(same))
        }
        None => None,
    };
    let rows = jury_sessions::Entity::find()
        .filter(visible)
        .apply_if(status, |query, status| query.filter(Status.eq(convert::text(status))))
        .apply_if(after, QueryFilter::filter)
        .order_by_desc(StartsAt)
        .order_by_desc(Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    let ids: Vec<Uuid> = rows.items.iter().map(|row| row.id).collect();
    let candidates: HashMap<Uuid, i64> = jury_candidates::Entity::find()
        .select_only()
        .column(jury_candidates::Column::SessionId)
        .column_as(jury_candidates::Column::EnrolmentId.count(), "candidates")
        .filter(jury_candidates::Column::SessionId.is_in(ids.iter().copied()))
        .group_by(jury_candidates::Column::SessionId)
        .into_tuple()
        .all(db.read())
        .await?
        .into_iter()
        .collect();
    let mut members: HashMap<Uuid, Vec<jury_members::Model>> = HashMap::new();
    for row in jury_members::Entity::find()
        .filter(jury_members::Column::SessionId.is_in(ids))
        .all(db.read())
        .await?
    {
        members.entry(row.session_id).or_default().push(row);
    }
    let certifications =
        certification::refs(db.read(), rows.items.iter().map(|row| row.certification_id).collect())
            .await?;
    let items = rows
        .items
        .into_iter()
        .map(|row| {
            let certification = certifications.get(&row.certification_id).cloned();
            let members = members.remove(&row.id).unwrap_or_default();
            let of = |row: &jury_members::Model| convert::from_text(&row.attendance);
            let own = members.iter().find(|member| member.user_id == actor.user);
            Ok(Listed {
                candidates: convert::count(candidates.get(&row.id).copied().unwrap_or_default()),
                attendance: members.iter().map(of).collect::<Result<_>>()?,
                convened: members
                    .iter()
                    .map(|member| u32::from(member.convened_at.is_some()))
                    .sum(),
                own: own.map(of).transpose()?,
                session: session_of(row, certification.ok_or(Error::NotFound)?)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Paged { items, next: rows.next })
}
