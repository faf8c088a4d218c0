//! An open session that is planned again, because the jury does not meet, or not then.

use domain::{
    decision::Ruling,
    jury::{Attendance, SessionAction},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Condition, Expr},
};
use serde_json::json;
use uuid::Uuid;

use super::{Sitting, candidate, entry, lock_at, state, status, touch};
use crate::{
    Db, Error, Result, audit, convert, dossier,
    entity::{
        jury_candidates, jury_decisions, jury_members, jury_proposals, jury_sessions, jury_waivers,
    },
};

/// Takes the opening of a session back, as long as nothing but postponing is recorded: its dossiers
/// wait for a jury again, the proposals, waivers and the roll are forgotten, and it can be dated
/// anew or removed. Members keep their private notes.
pub async fn suspend(db: &Db, by: Uuid, sitting: &Sitting, version: i32) -> Result<()> {
    let id = sitting.session.id;
    sitting.session.status.apply(SessionAction::Suspend)?;
    let write = db.write().await?;
    // Dossiers are locked before the session; those of a session that closes meanwhile are decided.
    let candidates = candidate::of_session(&write, id).await?;
    let dossiers: Vec<Uuid> =
        candidates.iter().filter_map(|one| Some(one.dossier.as_ref()?.id)).collect();
    dossier::withdraw(&write, &dossiers).await?;
    let row = lock_at(&write, id, version).await?;
    let next = status(&row)?.apply(SessionAction::Suspend)?;
    if has_decided(&write, id).await? {
        return Err(Error::conflict(
            "already_decided",
            "Le jury a déjà décidé d’un bloc : la session ne revient plus à sa préparation. \
             Le jury la clôt, en reportant ce qu’il ne juge pas.",
        ));
    }
    forget(&write, id).await?;
    let before = Some(state(&row));
    let suspended = jury_sessions::ActiveModel {
        status: Set(convert::text(next)),
        opened_at: Set(None),
        opening: Set(None),
        handovers: Set(None),
        ..row.into()
    };
    let row = touch(db, &write, suspended, version).await?;
    let mut after = state(&row);
    after["dossiers"] = json!(dossiers);
    let action = "jury_session.suspended";
    audit::append(db, &write, entry(&row, by, action, before, Some(after))).await?;
    write.commit().await?;
    Ok(())
}

async fn has_decided(write: &DatabaseTransaction, session: Uuid) -> Result<bool> {
    let rows = jury_decisions::Entity::find()
        .filter(jury_decisions::Column::SessionId.eq(session))
        .all(write)
        .await?;
    for row in rows {
        let ruling: Ruling = convert::from_json(row.ruling)?;
        if ruling.verdict.decides() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was said at the table, and who was there.
async fn forget(write: &DatabaseTransaction, session: Uuid) -> Result<()> {
    jury_decisions::Entity::delete_many()
        .filter(jury_decisions::Column::SessionId.eq(session))
        .exec(write)
        .await?;
    jury_proposals::Entity::delete_many()
        .filter(jury_proposals::Column::SessionId.eq(session))
        .exec(write)
        .await?;
    jury_waivers::Entity::delete_many()
        .filter(jury_waivers::Column::SessionId.eq(session))
        .exec(write)
        .await?;
    jury_candidates::Entity::update_many()
        .col_expr(jury_candidates::Column::DossierId, Expr::value(Option::<Uuid>::None))
        .filter(jury_candidates::Column::SessionId.eq(session))
        .exec(write)
        .await?;
    let called = [Attendance::Present, Attendance::Absent].map(convert::text);
    let seats = || {
        jury_members::Entity::update_many().filter(
            Condition::all()
                .add(jury_members::Column::SessionId.eq(session))
                .add(jury_members::Column::Attendance.is_in(called.clone())),
        )
    };
    // Before the roll, they had accepted, or not answered yet.
    for (attendance, answered) in [
        (Attendance::Accepted, jury_members::Column::AnsweredAt.is_not_null()),
        (Attendance::Convened, jury_members::Column::AnsweredAt.is_null()),
    ] {
        seats()
            .col_expr(jury_members::Column::Attendance, Expr::value(convert::text(attendance)))
            .filter(answered)
            .exec(write)
            .await?;
    }
    Ok(())
}
