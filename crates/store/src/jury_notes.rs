//! What each member of a jury writes for themself on a candidate: notes, questions, own grid.
//!
//! Everything here is by one seat. Nothing lists the notes of several members.

use domain::{
    certification::Certification,
    jury::note::{NOTES_MAX, Note, NoteContent, OwnGrid, OwnLevel, check_levels},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert,
    entity::{jury_grids, jury_notes},
    idempotency,
};

/// A member's desk: their seat, and the candidate whose dossier lies before them.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    pub organisation: Uuid,
    pub session: Uuid,
    /// The person who sits.
    pub user: Uuid,
    /// Their seat.
    pub member: Uuid,
    /// Id of the enrolment.
    pub candidate: Uuid,
}

/// The member's notes on the candidate, oldest first.
pub async fn notes(db: &Db, desk: &Desk) -> Result<Vec<Note>> {
    let rows = jury_notes::Entity::find()
        .filter(jury_notes::Column::SessionId.eq(desk.session))
        .filter(jury_notes::Column::EnrolmentId.eq(desk.candidate))
        .filter(jury_notes::Column::MemberId.eq(desk.member))
        .order_by_asc(jury_notes::Column::Id)
        .all(db.read())
        .await?;
    rows.into_iter().map(note).collect()
}

fn note(row: jury_notes::Model) -> Result<Note> {
    Ok(Note {
        id: row.id,
        content: NoteContent {
            kind: convert::from_text(&row.kind)?,
            block: row.block,
            competency: row.competency,
            text: row.text,
        },
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    })
}

/// One note of the member on the candidate.
pub async fn find(db: &Db, desk: &Desk, id: Uuid) -> Result<Option<Note>> {
    let row = jury_notes::Entity::find_by_id(id).one(db.read()).await?;
    row.filter(|row| is_on(row, desk)).map(note).transpose()
}

fn is_on(row: &jury_notes::Model, desk: &Desk) -> bool {
    (row.session_id, row.enrolment_id, row.member_id) == (desk.session, desk.candidate, desk.member)
}

/// Writes a note.
pub async fn create(
    db: &Db,
    desk: &Desk,
    certification: &Certification,
    content: NoteContent,
    once: Option<&Once>,
) -> Result<Uuid> {
    content.check(certification)?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let written = jury_notes::Entity::find()
        .filter(jury_notes::Column::SessionId.eq(desk.session))
        .filter(jury_notes::Column::EnrolmentId.eq(desk.candidate))
        .filter(jury_notes::Column::MemberId.eq(desk.member))
        .count(&write)
        .await?;
    if written >= NOTES_MAX as u64 {
        return Err(Error::conflict(
            "too_many",
            format!(
                "Vous avez {NOTES_MAX} notes sur ce candidat : complétez-en une, ou supprimez-en."
            ),
        ));
    }
    let now = db.ambient.now();
    let NoteContent { kind, block, competency, text } = content;
    jury_notes::Entity::insert(jury_notes::ActiveModel {
        id: Set(id),
        organisation_id: Set(desk.organisation),
        session_id: Set(desk.session),
        enrolment_id: Set(desk.candidate),
        member_id: Set(desk.member),
        kind: Set(convert::text(kind)),
        block: Set(block),
        competency: Set(competency),
        text: Set(text),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    })
    .exec_without_returning(&write)
    .await?;
    record(db, &write, desk, "jury_note.created", ("jury_note", id)).await?;
    write.commit().await?;
    Ok(id)
}

/// Writes it anew.
pub async fn update(
    db: &Db,
    desk: &Desk,
    certification: &Certification,
    id: Uuid,
    version: i32,
    content: NoteContent,
) -> Result<()> {
    content.check(certification)?;
    let write = db.write().await?;
    let row = locked(&write, desk, id, version).await?;
    let NoteContent { kind, block, competency, text } = content;
    jury_notes::ActiveModel {
        kind: Set(convert::text(kind)),
        block: Set(block),
        competency: Set(competency),
        text: Set(text),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
        ..row.into()
    }
    .update(&write)
    .await?;
    record(db, &write, desk, "jury_note.changed", ("jury_note", id)).await?;
    write.commit().await?;
    Ok(())
}

/// Throws a note away.
pub async fn delete(db: &Db, desk: &Desk, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    locked(&write, desk, id, version).await?;
    jury_notes::Entity::delete_by_id(id).exec(&write).await?;
    record(db, &write, desk, "jury_note.deleted", ("jury_note", id)).await?;
    write.commit().await?;
    Ok(())
}

/// The member's own note, if it is at this version.
async fn locked(
    write: &DatabaseTransaction,
    desk: &Desk,
    id: Uuid,
    version: i32,
) -> Result<jury_notes::Model> {
    let row = jury_notes::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .filter(|row| is_on(row, desk))
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

/// The member's own grid on the candidate; empty where they have given no level.
pub async fn grid(db: &Db, desk: &Desk) -> Result<OwnGrid> {
    let row = jury_grids::Entity::find_by_id((desk.session, desk.candidate, desk.member))
        .one(db.read())
        .await?;
    row.map_or(Ok(OwnGrid::default()), |row| {
        Ok(OwnGrid { levels: convert::from_json(row.ratings)?, version: row.version })
    })
}

/// Sets every level of it; the version is 0 where none has been set.
pub async fn set_grid(
    db: &Db,
    desk: &Desk,
    certification: &Certification,
    version: i32,
    levels: Vec<OwnLevel>,
) -> Result<OwnGrid> {
    check_levels(certification, &levels)?;
    let write = db.write().await?;
    let row = jury_grids::Entity::find_by_id((desk.session, desk.candidate, desk.member))
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?;
    let current = row.as_ref().map_or(0, |row| row.version);
    if current != version {
        return Err(Error::Stale { current });
    }
    let set = jury_grids::ActiveModel {
        session_id: Set(desk.session),
        enrolment_id: Set(desk.candidate),
        member_id: Set(desk.member),
        organisation_id: Set(desk.organisation),
        ratings: Set(convert::json(&levels)),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
    };
    if row.is_some() {
        set.update(&write).await?;
    } else {
        let inserted = jury_grids::Entity::insert(set)
            .on_conflict_do_nothing()
            .exec_without_returning(&write)
            .await?;
        // Two tabs began at the very same time.
        if !matches!(inserted, TryInsertResult::Inserted(1)) {
            return Err(Error::Stale { current: 1 });
        }
    }
    record(db, &write, desk, "jury_grid.changed", ("jury_member", desk.member)).await?;
    write.commit().await?;
    Ok(OwnGrid { levels, version: version + 1 })
}

/// Which member worked on which candidate; what they think is theirs.
async fn record(
    db: &Db,
    write: &DatabaseTransaction,
    desk: &Desk,
    action: &str,
    subject: (&str, Uuid),
) -> Result<()> {
    audit::append(
        db,
        write,
        audit::Entry {
            organisation: desk.organisation,
            actor: Some(desk.user),
            action,
            subject,
            before: None,
            after: Some(json!({ "session": desk.session, "candidate": desk.candidate })),
        },
    )
    .await
}

/// Members' notes and grids of a session that was open and is planned again: of one member, or on
/// candidates other than those that stay.
pub(crate) async fn forget(
    write: &DatabaseTransaction,
    session: Uuid,
    member: Option<Uuid>,
    stay: &[Uuid],
) -> Result<()> {
    let stay = || stay.iter().copied();
    let mut notes = jury_notes::Entity::delete_many()
        .filter(jury_notes::Column::SessionId.eq(session))
        .filter(jury_notes::Column::EnrolmentId.is_not_in(stay()));
    let mut grids = jury_grids::Entity::delete_many()
        .filter(jury_grids::Column::SessionId.eq(session))
        .filter(jury_grids::Column::EnrolmentId.is_not_in(stay()));
    if let Some(member) = member {
        notes = notes.filter(jury_notes::Column::MemberId.eq(member));
        grids = grids.filter(jury_grids::Column::MemberId.eq(member));
    }
    notes.exec(write).await?;
    grids.exec(write).await?;
    Ok(())
}
