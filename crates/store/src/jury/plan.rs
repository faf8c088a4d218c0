//! Planning a session: its terms, while it is planned; its access window, while it is open.

use chrono::{DateTime, Utc};
use domain::{
    certification::RouteKind,
    jury::{AccessWindow, Attendance, SessionStatus, WrongSessionStep, session::SessionTerms},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{
    Sitting, candidate,
    convocation::{Occasion, tell_all},
    entry, hearing, lock_at, members, state, status, touch,
};
use crate::{
    Db, Error, Once, Result, audit,
    certification::Published,
    convert,
    entity::{jury_candidates, jury_members, jury_sessions},
    idempotency, mail,
};

/// Plans a session on a certification version, by one route.
pub async fn create(
    db: &Db,
    by: Uuid,
    published: &Published,
    route: RouteKind,
    terms: SessionTerms,
    once: Option<&Once>,
) -> Result<Uuid> {
    let terms = terms.tidied();
    terms.check(None, db.ambient.today())?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let now = db.ambient.now();
    let SessionTerms { title, starts_at, place, link, statement, window } = terms;
    let row = jury_sessions::Model {
        id,
        organisation_id: published.organisation,
        certification_id: published.id,
        route: convert::text(route),
        title,
        starts_at,
        place,
        link,
        statement,
        access_opens_at: window.opens_at,
        access_closes_at: window.closes_at,
        status: convert::text(SessionStatus::Planned),
        convened_at: None,
        opened_at: None,
        closed_at: None,
        opening: None,
        handovers: None,
        created_by: by,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    jury_sessions::Entity::insert(jury_sessions::ActiveModel::from(row.clone()))
        .exec_without_returning(&write)
        .await?;
    let after = Some(state(&row));
    audit::append(db, &write, entry(&row, by, "jury_session.planned", None, after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a session that is planned, and tells those who are convened where its date or its place
/// moves; of an open one, prolongs the access window.
pub async fn update(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    version: i32,
    terms: SessionTerms,
) -> Result<()> {
    let terms = terms.tidied();
    let write = db.write().await?;
    let row = lock_at(&write, sitting.session.id, version).await?;
    let before = terms_of(&row);
    terms.check(Some(before.starts_at), db.ambient.today())?;
    match status(&row)? {
        SessionStatus::Planned => {}
        SessionStatus::Open => check_prolongs(&before, &terms)?,
        SessionStatus::Closed => return Err(WrongSessionStep::NotPlanned.into()),
    }
    let was = Some(state(&row));
    let SessionTerms { title, starts_at, place, link, statement, window } = terms.clone();
    let changed = jury_sessions::ActiveModel {
        title: Set(title),
        starts_at: Set(starts_at),
        place: Set(place),
        link: Set(link),
        statement: Set(statement),
        access_opens_at: Set(window.opens_at),
        access_closes_at: Set(window.closes_at),
        ..row.into()
    };
    let row = touch(db, &write, changed, version).await?;
    if before.starts_at != terms.starts_at {
        ask_again(&write, row.id).await?;
        candidate::shift(&write, row.id, terms.starts_at - before.starts_at).await?;
    }
    let is_elsewhere = |terms: &SessionTerms| {
        (terms.title.clone(), terms.starts_at, terms.place.clone(), terms.link.clone())
    };
    let moved = is_elsewhere(&before) != is_elsewhere(&terms);
    if moved {
        let sat = members(&write, row.id).await?;
        tell_all(db, &write, &row, &sat, Occasion::Changed).await?;
        hearing::tell_all(db, &write, &row, Occasion::Changed).await?;
    }
    let after = Some(state(&row));
    audit::append(db, &write, entry(&row, by, "jury_session.changed", was, after)).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

fn terms_of(row: &jury_sessions::Model) -> SessionTerms {
    SessionTerms {
        title: row.title.clone(),
        starts_at: row.starts_at,
        place: row.place.clone(),
        link: row.link.clone(),
        statement: row.statement.clone(),
        window: AccessWindow { opens_at: row.access_opens_at, closes_at: row.access_closes_at },
    }
}

/// Nothing of an open session changes but the end of its access window, which moves later.
fn check_prolongs(before: &SessionTerms, terms: &SessionTerms) -> Result<()> {
    let closes_at = terms.window.closes_at;
    let window = AccessWindow { closes_at, ..before.window };
    if *terms == (SessionTerms { window, ..before.clone() }) && closes_at >= before.window.closes_at
    {
        return Ok(());
    }
    Err(Error::conflict(
        "session_open",
        "Cette session est ouverte : seule la fin de l’accès aux dossiers peut être repoussée.",
    ))
}

/// Those who answered did so for another date.
async fn ask_again(write: &DatabaseTransaction, session: Uuid) -> Result<()> {
    jury_members::Entity::update_many()
        .col_expr(
            jury_members::Column::Attendance,
            Expr::value(convert::text(Attendance::Convened)),
        )
        .col_expr(jury_members::Column::AnsweredAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(jury_members::Column::Version, Expr::col(jury_members::Column::Version).add(1))
        .filter(jury_members::Column::SessionId.eq(session))
        .exec(write)
        .await?;
    Ok(())
}

/// Deletes a session that is planned, and tells those who are convened.
pub async fn delete(db: &Db, by: Uuid, sitting: &Sitting, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock_at(&write, sitting.session.id, version).await?;
    if status(&row)? != SessionStatus::Planned {
        return Err(WrongSessionStep::NotPlanned.into());
    }
    let sat = members(&write, row.id).await?;
    let cancelled = jury_sessions::Model { version: version + 1, ..row.clone() };
    tell_all(db, &write, &cancelled, &sat, Occasion::Cancelled).await?;
    hearing::tell_all(db, &write, &cancelled, Occasion::Cancelled).await?;
    jury_candidates::Entity::delete_many()
        .filter(jury_candidates::Column::SessionId.eq(row.id))
        .exec(&write)
        .await?;
    jury_members::Entity::delete_many()
        .filter(jury_members::Column::SessionId.eq(row.id))
        .exec(&write)
        .await?;
    jury_sessions::Entity::delete_by_id(row.id).exec(&write).await?;
    let before = Some(state(&row));
    audit::append(db, &write, entry(&row, by, "jury_session.deleted", before, None)).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}
