//! The sessions that a person may see.

use std::collections::HashMap;

use authz::Actor;
use domain::{jury::SessionStatus, person::Role};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::{Facts, Sitting, candidate, handovers, members_of, session_of};
use crate::{
    Db, Error, Result, certification, convert,
    entity::{jury_candidates, jury_members, jury_sessions},
    page::{Page, Paged},
};

/// A session in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub sitting: Sitting,
    pub candidates: u32,
    /// How many things stand between it and its opening, where it is planned and the person manages
    /// it.
    pub unsettled: Option<usize>,
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
    let visible = Condition::any()
        .add(OrganisationId.is_in(managed.iter().copied()))
        .add(Id.in_subquery(sits.into_query()));
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
    let planned = convert::text(SessionStatus::Planned);
    let is_checked = |row: &jury_sessions::Model| {
        row.status == planned && managed.contains(&row.organisation_id)
    };
    let checked: Vec<Uuid> =
        rows.items.iter().filter(|row| is_checked(row)).map(|row| row.id).collect();
    let mut asked_about = candidate::of_sessions(db.read(), &checked).await?;
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
    let mut members = members_of(db.read(), &ids).await?;
    let certifications =
        certification::refs(db.read(), rows.items.iter().map(|row| row.certification_id).collect())
            .await?;
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        let certification = certifications.get(&row.certification_id).cloned();
        let handovers = handovers(&row)?;
        let session = session_of(row, certification.ok_or(Error::NotFound)?)?;
        let members = members.remove(&session.id).unwrap_or_default();
        let unsettled = if checked.contains(&session.id) {
            let published = certification::load(db, session.certification.id).await?;
            let candidates = asked_about.remove(&session.id).unwrap_or_default();
            let check = Facts::new(&members, &candidates).check(&published.certification, &session);
            Some(check.unsettled())
        } else {
            None
        };
        items.push(Listed {
            candidates: convert::count(candidates.get(&session.id).copied().unwrap_or_default()),
            sitting: Sitting { session, members, handovers },
            unsettled,
        });
    }
    Ok(Paged { items, next: rows.next })
}
