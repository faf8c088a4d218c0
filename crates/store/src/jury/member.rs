//! Who sits: adding, changing and removing members.

use std::collections::BTreeSet;

use domain::{
    fault::{Fault, Faults},
    jury::{
        Attendance, DeclaredLink, JuryMember, SessionStatus, WrongSessionStep,
        session::{MEMBERS_MAX, MemberProfile},
    },
    person::{Identity, Role, User},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ModelTrait,
    QueryFilter, QuerySelect, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Sitting,
    convocation::{Occasion, tell_all},
    entry, lock, members, status, touch,
};
use crate::{
    Db, Error, Once, Result, audit, convert,
    entity::{jury_candidates, jury_members, jury_sessions},
    idempotency, jury_notes, mail, people,
};

/// Whom a manager seats.
#[derive(Debug, Clone)]
pub enum Who {
    /// Somebody of the school.
    Known(Uuid),
    /// The person of this address, who gets an account here if they have none.
    Address(Identity),
}

/// Seats a person in a planned session. Who does not hold the role of a juror gets it.
pub async fn add_member(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    who: Who,
    profile: MemberProfile,
    once: Option<&Once>,
) -> Result<Uuid> {
    let profile = profile.tidied();
    let session = &sitting.session;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let organisation = session.organisation_id;
    let identity = match who {
        Who::Address(identity) => identity,
        Who::Known(user) => known(&write, organisation, user).await?,
    };
    // Locks the person: before the session, as whoever corrects a path does.
    let (user, given) =
        people::give_role(db, &write, by, organisation, identity, Role::Jury).await?;
    let row = lock(&write, session.id).await?;
    planned(&row)?;
    let sat = members(&write, row.id).await?;
    if sat.len() >= MEMBERS_MAX {
        let detail = format!("Un jury a au plus {MEMBERS_MAX} membres.");
        return Err(Error::conflict("too_many", detail));
    }
    if sat.iter().any(|sat| sat.user.id == user.id) {
        return Err(Error::conflict(
            "already_member",
            format!("{} {} siège déjà dans ce jury.", user.given_name, user.family_name),
        ));
    }
    profile.clone().member(id, &user).check()?;
    let last = jury_members::Entity::find()
        .select_only()
        .column_as(jury_members::Column::Position.max(), "last")
        .filter(jury_members::Column::SessionId.eq(row.id))
        .into_tuple::<Option<i32>>()
        .one(&write)
        .await?
        .flatten();
    jury_members::Entity::insert(jury_members::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        session_id: Set(row.id),
        user_id: Set(user.id),
        position: Set(last.map_or(0, |last| last + 1)),
        profile: Set(convert::json(&profile)),
        attendance: Set(convert::text(Attendance::Convened)),
        declared: Set(json!([])),
        recused_from: Set(json!([])),
        convened_at: Set(None),
        answered_at: Set(None),
        version: Set(1),
    })
    .exec_without_returning(&write)
    .await?;
    let after = json!({ "member": id, "user": user.id });
    let mut entries: Vec<_> = given.into_iter().collect();
    entries.push(entry(&row, by, "jury_session.member_added", None, Some(after)));
    audit::append_all(db, &write, entries).await?;
    write.commit().await?;
    Ok(id)
}

/// Somebody who is in the organisation.
async fn known(write: &DatabaseTransaction, organisation: Uuid, user: Uuid) -> Result<Identity> {
    let unknown = || {
        let detail = "Cette personne n’est pas de l’établissement.";
        Error::Invalid(vec![Fault::new("user_id", "unknown_person", detail)])
    };
    if !people::is_member(write, organisation, user).await? {
        return Err(unknown());
    }
    let User { email, given_name, family_name, .. } =
        people::users(write, [user]).await?.remove(&user).ok_or_else(unknown)?;
    Ok(Identity { email, given_name, family_name })
}

fn planned(row: &jury_sessions::Model) -> Result<()> {
    match status(row)? {
        SessionStatus::Planned => Ok(()),
        _ => Err(WrongSessionStep::NotPlanned.into()),
    }
}

/// Changes what is known of a member while the session is planned. While it is open, they are only
/// recused from more candidates: who left the room has not heard what was said there.
pub async fn update_member(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    member: Uuid,
    version: i32,
    profile: MemberProfile,
    recused_from: BTreeSet<Uuid>,
) -> Result<()> {
    let profile = profile.tidied();
    let write = db.write().await?;
    let session = lock(&write, sitting.session.id).await?;
    let row = lock_member(&write, session.id, member, version).await?;
    let is_open = match status(&session)? {
        SessionStatus::Planned => false,
        SessionStatus::Open => {
            let was: MemberProfile = convert::from_json(row.profile.clone())?;
            let left: BTreeSet<Uuid> = convert::from_json(row.recused_from.clone())?;
            if was != profile || !recused_from.is_superset(&left) {
                return Err(Error::conflict(
                    "session_open",
                    "Cette session est ouverte : un membre peut encore quitter la salle pour un \
                     candidat, mais n’y revient pas, et le reste ne change plus.",
                ));
            }
            true
        }
        SessionStatus::Closed => return Err(WrongSessionStep::NotPlanned.into()),
    };
    let user = people::users(&write, [row.user_id]).await?.remove(&row.user_id);
    let whole: JuryMember = profile.clone().member(row.id, &user.ok_or(Error::NotFound)?);
    let mut faults = Faults::default();
    let candidates = candidate_ids(&write, session.id).await?;
    for (index, candidate) in recused_from.iter().enumerate() {
        if !candidates.contains(candidate) {
            faults.add(
                format!("recused_from[{index}]"),
                "unknown_candidate",
                "Ce candidat n’est pas de cette session.",
            );
        }
    }
    whole.check()?;
    faults.into_result()?;
    let before = json!({ "member": row.id, "recused_from": row.recused_from });
    let after = json!({ "member": row.id, "recused_from": recused_from });
    jury_members::ActiveModel {
        profile: Set(convert::json(&profile)),
        recused_from: Set(convert::json(&recused_from)),
        version: Set(version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    if is_open {
        touch(db, &write, session.clone().into(), session.version).await?;
    }
    let action = "jury_session.member_changed";
    audit::append(db, &write, entry(&session, by, action, Some(before), Some(after))).await?;
    write.commit().await?;
    Ok(())
}

/// Takes a member off a planned session, and tells them if they were convened.
pub async fn remove_member(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    member: Uuid,
    version: i32,
) -> Result<()> {
    let write = db.write().await?;
    let session = lock(&write, sitting.session.id).await?;
    planned(&session)?;
    let row = lock_member(&write, session.id, member, version).await?;
    let mut sat = members(&write, session.id).await?;
    sat.retain(|sat| sat.member.id == member);
    let cancelled = jury_sessions::Model { version: session.version + 1, ..session.clone() };
    tell_all(db, &write, &cancelled, &sat, Occasion::Cancelled).await?;
    let before = json!({ "member": row.id, "user": row.user_id });
    jury_notes::forget(&write, session.id, Some(member), &[]).await?;
    row.delete(&write).await?;
    drop_links(&write, session.id, member).await?;
    let action = "jury_session.member_removed";
    audit::append(db, &write, entry(&session, by, action, Some(before), None)).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

/// Links with somebody who no longer sits.
async fn drop_links(write: &DatabaseTransaction, session: Uuid, member: Uuid) -> Result<()> {
    let rows = jury_candidates::Entity::find()
        .filter(jury_candidates::Column::SessionId.eq(session))
        .all(write)
        .await?;
    for row in rows {
        let mut links: Vec<DeclaredLink> = convert::from_json(row.links.clone())?;
        let count = links.len();
        links.retain(|link| link.member != member);
        if links.len() != count {
            let links = Set(convert::json(&links));
            jury_candidates::ActiveModel { links, ..row.into() }.update(write).await?;
        }
    }
    Ok(())
}

pub(super) async fn candidate_ids(write: &DatabaseTransaction, session: Uuid) -> Result<Vec<Uuid>> {
    Ok(jury_candidates::Entity::find()
        .select_only()
        .column(jury_candidates::Column::EnrolmentId)
        .filter(jury_candidates::Column::SessionId.eq(session))
        .into_tuple()
        .all(write)
        .await?)
}

/// The member's row, locked, if it still is at this version.
pub(super) async fn lock_member(
    write: &DatabaseTransaction,
    session: Uuid,
    member: Uuid,
    version: i32,
) -> Result<jury_members::Model> {
    let row = jury_members::Entity::find_by_id(member)
        .filter(jury_members::Column::SessionId.eq(session))
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}
