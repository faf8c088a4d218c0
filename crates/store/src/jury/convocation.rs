//! Convening members, and what they answer.

use domain::{
    jury::{
        Attendance, DeclaredConflict, JurySession, SessionStatus, WrongSessionStep,
        convocation::{Appointment, Convocation, ends_at},
        session::{Answer, Slot},
    },
    mail::Message,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Sat, Sitting, entry, hearing, lock, lock_at,
    member::{candidate_ids, lock_member},
    members, session, status, touch,
};
use crate::{
    Db, Error, Result, audit, convert,
    entity::{jury_members, jury_sessions, organisations},
    mail::{self, Draft, To},
    people,
};

pub(super) use domain::jury::convocation::Occasion;

/// Writes to each member of a planned session who is not convened yet and, the first time, to each
/// candidate.
pub async fn convene(db: &Db, by: Uuid, sitting: &Sitting, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock_at(&write, sitting.session.id, version).await?;
    if status(&row)? != SessionStatus::Planned {
        return Err(WrongSessionStep::NotPlanned.into());
    }
    let mut sat = members(&write, row.id).await?;
    sat.retain(|sat| sat.convened_at.is_none());
    if sat.is_empty() {
        return Err(Error::conflict(
            "nobody_to_convene",
            "Tous les membres de ce jury sont déjà convoqués.",
        ));
    }
    let now = db.ambient.now();
    let ids: Vec<Uuid> = sat.iter().map(|sat| sat.member.id).collect();
    jury_members::Entity::update_many()
        .col_expr(jury_members::Column::ConvenedAt, Expr::value(now))
        .col_expr(jury_members::Column::Version, Expr::col(jury_members::Column::Version).add(1))
        .filter(jury_members::Column::Id.is_in(ids.iter().copied()))
        .exec(&write)
        .await?;
    let is_first = row.convened_at.is_none();
    let convened = jury_sessions::ActiveModel {
        convened_at: Set(row.convened_at.or(Some(now))),
        ..row.into()
    };
    let row = touch(db, &write, convened, version).await?;
    for sat in &mut sat {
        sat.convened_at = Some(now);
    }
    tell_all(db, &write, &row, &sat, Occasion::Convened).await?;
    if is_first {
        hearing::tell_all(db, &write, &row, Occasion::Convened).await?;
    }
    let after = json!({ "version": row.version, "members": ids });
    audit::append(db, &write, entry(&row, by, "jury_session.convened", None, Some(after))).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

/// Puts a mail in the outbox for each of these members who is convened and has not declined.
pub(super) async fn tell_all(
    db: &Db,
    write: &DatabaseTransaction,
    row: &jury_sessions::Model,
    sat: &[Sat],
    occasion: Occasion,
) -> Result<()> {
    let told: Vec<&Sat> = sat
        .iter()
        .filter(|sat| sat.convened_at.is_some() && sat.member.attendance != Attendance::Declined)
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let session = session(write, row.clone()).await?;
    let organisation = organisations::Entity::find_by_id(row.organisation_id)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    let slots = slots(write, row.id).await?;
    let organiser = organiser(write, row.created_by).await?;
    for Sat { user, member, .. } in told {
        let message = Message::Convocation(Convocation {
            occasion,
            session: row.id,
            organisation: organisation.name.clone(),
            certification: format!(
                "{} – {}",
                session.certification.code, session.certification.title
            ),
            candidates: u32::try_from(slots.len()).unwrap_or(u32::MAX),
            appointment: of(db, &session, member.id, &slots, organiser.clone()),
        });
        let key = format!("jury:{}:{}:{}", member.id, row.version, convert::text(occasion));
        mail::enqueue(db, write, Draft { to: To::User(user.id), message, key }).await?;
    }
    Ok(())
}

async fn slots(connection: &impl ConnectionTrait, session: Uuid) -> Result<Vec<Slot>> {
    Ok(hearing::listed(connection, session).await?.iter().map(hearing::slot).collect())
}

pub(super) async fn organiser(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<(String, String)> {
    let user = people::users(connection, [id]).await?.remove(&id).ok_or(Error::NotFound)?;
    Ok((format!("{} {}", user.given_name, user.family_name), user.email))
}

fn of(
    db: &Db,
    session: &JurySession,
    uid: Uuid,
    slots: &[Slot],
    organiser: (String, String),
) -> Appointment {
    Appointment {
        uid,
        sequence: u32::try_from(session.version).unwrap_or_default(),
        title: session.title.clone(),
        starts_at: session.starts_at,
        ends_at: ends_at(session.starts_at, slots.iter().copied()),
        place: session.place.clone(),
        link: session.link.clone(),
        organiser,
        made_at: db.ambient.now(),
    }
}

/// The session for the calendar of one of its members, or of who plans it.
pub async fn appointment(db: &Db, sitting: &Sitting, user: Uuid) -> Result<Appointment> {
    let session = &sitting.session;
    let row = jury_sessions::Entity::find_by_id(session.id).one(db.read()).await?;
    let by = row.ok_or(Error::NotFound)?.created_by;
    let uid = sitting.seat_of(user).map_or(session.id, |sat| sat.member.id);
    let slots = slots(db.read(), session.id).await?;
    Ok(of(db, session, uid, &slots, organiser(db.read(), by).await?))
}

/// A member who is convened accepts or declines, and declares conflicts; they may change their mind
/// until they are called, and declare until the session closes. Once it is open, what is declared
/// stays: they have not heard what was said of that candidate.
pub async fn answer(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    version: i32,
    answer: Answer,
) -> Result<()> {
    let seat = sitting.seat_of(by).ok_or(Error::NotFound)?;
    let write = db.write().await?;
    let session = lock(&write, sitting.session.id).await?;
    let status = status(&session)?;
    if status == SessionStatus::Closed {
        return Err(WrongSessionStep::NotOpen.into());
    }
    let row = lock_member(&write, session.id, seat.member.id, version).await?;
    if row.convened_at.is_none() {
        return Err(Error::conflict(
            "not_convened",
            "Vous n’êtes pas encore convoqué·e à cette session.",
        ));
    }
    answer.check(&candidate_ids(&write, session.id).await?)?;
    let Answer { accepts, conflicts } = answer;
    let declared: Vec<DeclaredConflict> = convert::from_json(row.declared.clone())?;
    let stays = |one: &DeclaredConflict| conflicts.iter().any(|it| it.candidate == one.candidate);
    if status == SessionStatus::Open && !declared.iter().all(stays) {
        return Err(Error::conflict(
            "session_open",
            "Cette session est ouverte : vous pouvez encore déclarer un lien avec un candidat, mais \
             plus en retirer un.",
        ));
    }
    let answered = if accepts { Attendance::Accepted } else { Attendance::Declined };
    let attendance = match convert::from_text(&row.attendance)? {
        called @ (Attendance::Present | Attendance::Absent) => called,
        _ => answered,
    };
    let (member, before) = (row.id, row.attendance.clone());
    jury_members::ActiveModel {
        attendance: Set(convert::text(attendance)),
        declared: Set(convert::json(&conflicts)),
        answered_at: Set(Some(db.ambient.now())),
        version: Set(version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    if status == SessionStatus::Open {
        touch(db, &write, session.clone().into(), session.version).await?;
    }
    let conflicts: Vec<Uuid> = conflicts.iter().map(|conflict| conflict.candidate).collect();
    let before = json!({ "member": member, "attendance": before });
    let after = json!({ "member": member, "attendance": attendance, "conflicts": conflicts });
    let action = "jury_session.answered";
    audit::append(db, &write, entry(&session, by, action, Some(before), Some(after))).await?;
    write.commit().await?;
    Ok(())
}
