//! What candidates are told of their session: each their own slot, and nothing of who sits nor of the
//! others. They are told from the moment when it is first convened.

use std::collections::HashMap;

use domain::{
    jury::{
        SessionStatus,
        convocation::{Hearing, Summons},
        session::Slot,
    },
    mail::Message,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::convocation::{Occasion, organiser};
use crate::{
    Db, Error, Result, certification, convert, dossier,
    entity::{enrolments, jury_candidates, jury_sessions, organisations},
    mail::{self, Draft, To},
};

/// The hearings that these enrolments are convened to and that are not over, in a fixed number of
/// statements.
pub async fn hearings(db: &Db, enrolments: &[Uuid]) -> Result<Vec<Hearing>> {
    if enrolments.is_empty() {
        return Ok(Vec::new());
    }
    let rows = jury_candidates::Entity::find()
        .filter(jury_candidates::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .all(db.read())
        .await?;
    let sessions: HashMap<Uuid, jury_sessions::Model> = jury_sessions::Entity::find()
        .filter(jury_sessions::Column::Id.is_in(rows.iter().map(|row| row.session_id)))
        .filter(jury_sessions::Column::Status.ne(convert::text(SessionStatus::Closed)))
        .filter(jury_sessions::Column::ConvenedAt.is_not_null())
        .all(db.read())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let told = rows.iter().filter_map(|row| Some((row, sessions.get(&row.session_id)?)));
    to_come(db, db.read(), told.collect()).await
}

/// Those of the hearings that are not over.
async fn to_come(
    db: &Db,
    connection: &impl ConnectionTrait,
    mut rows: Vec<(&jury_candidates::Model, &jury_sessions::Model)>,
) -> Result<Vec<Hearing>> {
    let now = db.ambient.now();
    rows.retain(|(row, _)| slot(row).ends_at() > now);
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.enrolment_id).collect();
    let mut pending = dossier::pending(connection, &ids).await?;
    let presented: Vec<Uuid> = rows.iter().filter_map(|(row, _)| row.dossier_id).collect();
    let presented = dossier::by_id(connection, presented).await?;
    Ok(rows
        .into_iter()
        .map(|(row, session)| {
            let Slot { starts_at, presentation_minutes, interview_minutes } = slot(row);
            let blocks = match row.dossier_id.and_then(|id| presented.get(&id)) {
                Some(dossier) => dossier.blocks.clone(),
                None => pending.remove(&row.enrolment_id).unwrap_or_default().1,
            };
            Hearing {
                enrolment_id: row.enrolment_id,
                title: session.title.clone(),
                starts_at,
                presentation_minutes,
                interview_minutes,
                place: session.place.clone(),
                link: session.link.clone(),
                blocks,
            }
        })
        .collect())
}

/// The candidates of a session.
pub(super) async fn listed(
    connection: &impl ConnectionTrait,
    session: Uuid,
) -> Result<Vec<jury_candidates::Model>> {
    Ok(jury_candidates::Entity::find()
        .filter(jury_candidates::Column::SessionId.eq(session))
        .all(connection)
        .await?)
}

/// Tells every candidate of a session.
pub(super) async fn tell_all(
    db: &Db,
    write: &DatabaseTransaction,
    session: &jury_sessions::Model,
    occasion: Occasion,
) -> Result<()> {
    let listed = listed(write, session.id).await?;
    tell(db, write, session, listed.iter().collect(), occasion).await
}

/// Puts a mail in the outbox for each of these candidates, once the session is convened and unless
/// their slot is over.
async fn tell(
    db: &Db,
    write: &DatabaseTransaction,
    session: &jury_sessions::Model,
    candidates: Vec<&jury_candidates::Model>,
    occasion: Occasion,
) -> Result<()> {
    if session.convened_at.is_none() {
        return Ok(());
    }
    let rows = candidates.into_iter().map(|row| (row, session)).collect();
    let hearings = to_come(db, write, rows).await?;
    if hearings.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = hearings.iter().map(|one| one.enrolment_id).collect();
    let students: HashMap<Uuid, Uuid> = enrolments::Entity::find()
        .select_only()
        .columns([enrolments::Column::Id, enrolments::Column::StudentId])
        .filter(enrolments::Column::Id.is_in(ids))
        .into_tuple()
        .all(write)
        .await?
        .into_iter()
        .collect();
    let organisation = organisations::Entity::find_by_id(session.organisation_id)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    let certification = &certification::load(db, session.certification_id).await?.certification;
    let organiser = organiser(write, session.created_by).await?;
    for hearing in hearings {
        let (id, version) = (hearing.enrolment_id, session.version);
        let key = format!("hearing:{}:{id}:{version}:{}", session.id, convert::text(occasion));
        let blocks = certification.blocks.iter().filter(|one| hearing.blocks.contains(&one.code));
        let message = Message::Summons(Summons {
            occasion,
            organisation: organisation.name.clone(),
            certification: format!("{} – {}", certification.code, certification.title),
            blocks: blocks.map(|block| (block.code.clone(), block.title.clone())).collect(),
            organiser: organiser.clone(),
            hearing,
        });
        let student = *students.get(&id).ok_or(Error::NotFound)?;
        mail::enqueue(db, write, Draft { to: To::User(student), message, key }).await?;
    }
    Ok(())
}

/// Tells each candidate what another list changes for them.
pub(super) async fn tell_changes(
    db: &Db,
    write: &DatabaseTransaction,
    session: &jury_sessions::Model,
    before: &[jury_candidates::Model],
    after: &[jury_candidates::Model],
) -> Result<()> {
    let of = |list: &[jury_candidates::Model], row: &jury_candidates::Model| {
        list.iter().find(|one| one.enrolment_id == row.enrolment_id).map(slot)
    };
    let is_moved =
        |row: &&jury_candidates::Model| of(before, row).is_some_and(|was| was != slot(row));
    for (occasion, concerned) in [
        (Occasion::Convened, after.iter().filter(|row| of(before, row).is_none()).collect()),
        (Occasion::Changed, after.iter().filter(is_moved).collect()),
        (Occasion::Cancelled, before.iter().filter(|row| of(after, row).is_none()).collect()),
    ] {
        tell(db, write, session, concerned, occasion).await?;
    }
    Ok(())
}

pub(super) fn slot(row: &jury_candidates::Model) -> Slot {
    Slot {
        starts_at: row.starts_at,
        presentation_minutes: convert::count(row.presentation_minutes.into()),
        interview_minutes: convert::count(row.interview_minutes.into()),
    }
}
