//! Minutes: sealed when a session closes, and added to afterwards.
//!
//! The seal is the SHA-256 of the text that is kept; it is taken again whenever the minutes are read.

use std::collections::BTreeSet;

use domain::{
    ambient::day_in_france,
    capitalisation::ValidatedBlock,
    decision::{
        Verdict, deliberation as rule_of,
        matter::{Bench, Matter},
        tally::has_casting_vote,
    },
    fault::Faults,
    jury::{
        Attendance, JuryMember, JurySession, SessionAction, held_at,
        minutes::{Amendment, Frame, MinutesContent, Sealed, amendment_sum, check_amendment},
        opening::OpeningCheck,
        refusal,
    },
    mail::Message,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, LockType},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, certification, convert,
    deliberation::{self, Judged},
    dossier,
    enrolment::named,
    entity::{
        dossiers, jury_candidates, jury_members, jury_sessions, minutes, minutes_amendments,
        organisations,
    },
    idempotency,
    jury::{self, Sitting},
    mail::{self, Draft, To},
    people,
    record::{self, Decided},
};

/// Closes the session in one transaction: every block is decided, the minutes are sealed, the
/// dossiers are decided on, what was validated is written down.
///
/// The version is the one at which the chair read what is sealed: whatever goes into the minutes
/// moves it on. A decision stands on the jury that took it. Independence and composition are checked
/// again: a conflict that has come up since the opening is settled first, by leaving the room, and
/// what was decided without enough others is taken anew or postponed. What is not met otherwise is in
/// the minutes.
pub async fn close(db: &Db, by: Uuid, sitting: &Sitting, version: i32) -> Result<()> {
    let session = &sitting.session;
    let judged = Judged::read(db, session.id, None).await?;
    // What the minutes name is summed up first: nothing is hashed while a transaction is open.
    for dossier in judged.dossiers() {
        dossier::frozen(db, dossier).await?;
    }
    let published = certification::load(db, session.certification.id).await?;
    let rule = rule_of(&published.certification, session.route);
    let casting_vote = has_casting_vote(&published.certification, session.route);

    let write = db.write().await?;
    lock_candidates(&write, session.id, &judged).await?;
    let row = jury::lock_at(&write, session.id, version).await?;
    let closed = jury::status(&row)?.apply(SessionAction::Close)?;
    let facts = jury::Facts::read(&write, session.id).await?;
    let closing = facts.check(&published.certification, session);
    let members = facts.members;
    let matters = deliberation::matters(db, &write, session.id, &judged).await?;
    let bench = Bench { route: session.route, members: &members };
    let mut faults = Faults::default();
    for matter in &matters {
        matter.check_closing(bench, &mut faults);
    }
    let on = matters.iter().filter(|matter| matter.is_judged()).map(|matter| matter.candidate);
    let on: Vec<Uuid> = on.collect();
    refusal::reasons_to_stay_open(&closing, &members, &facts.candidates, &on, &mut faults);
    faults.into_result()?;

    let now = db.ambient.now();
    let day = day_in_france(held_at(session.starts_at, now));
    let organisation = organisations::Entity::find_by_id(row.organisation_id)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    let decided: Vec<Decided> = matters.iter().map(|matter| validated(matter, day)).collect();
    let obtained =
        record::settle(db, &write, organisation.id, Some(session.id), day, &decided).await?;
    let dossiers: Vec<Uuid> = matters.iter().map(|matter| matter.dossier.id).collect();
    dossier::decide(&write, &dossiers).await?;
    for one in &decided {
        mail::enqueue(db, &write, result(session, one)).await?;
    }

    let opening = opening(&row)?;
    let attended = attended(&write, &members, &matters).await?;
    let content = MinutesContent::new(
        &Frame {
            session,
            organisation: &organisation.name,
            members: &attended,
            handovers: &jury::handovers(&row)?,
            opening: &opening,
            closing: &closing,
            rule,
            casting_vote,
            closed_at: now,
        },
        matters
            .iter()
            .map(|matter| matter.minutes(bench, day, obtained.contains(&matter.candidate)))
            .collect(),
    );
    let content = convert::json(&content).to_string();
    let sha256 = sum(&content);
    minutes::Entity::insert(minutes::ActiveModel {
        session_id: Set(session.id),
        organisation_id: Set(organisation.id),
        content: Set(content),
        sha256: Set(sha256.clone()),
        sealed_by: Set(by),
        sealed_at: Set(now),
    })
    .exec_without_returning(&write)
    .await?;
    jury_sessions::ActiveModel {
        status: Set(convert::text(closed)),
        closed_at: Set(Some(now)),
        version: Set(version + 1),
        updated_at: Set(now),
        ..row.into()
    }
    .update(&write)
    .await?;
    let mut entries = vec![audit::Entry {
        organisation: organisation.id,
        actor: Some(by),
        action: "jury.closed",
        subject: ("jury_session", session.id),
        before: Some(json!({ "version": version })),
        after: Some(json!({ "version": version + 1, "minutes_sha256": sha256 })),
    }];
    entries.extend(
        obtained.into_iter().map(|id| record::obtained(organisation.id, Some(by), id, day)),
    );
    audit::append_all(db, &write, entries).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

/// What was checked when the session opened.
fn opening(row: &jury_sessions::Model) -> Result<OpeningCheck> {
    let kept = row.opening.clone().map(convert::from_json).transpose()?;
    kept.ok_or_else(|| Error::Corrupt(format!("session {} has no opening", row.id)))
}

/// Whoever decided something has attended, though they had to go before the end.
async fn attended(
    write: &DatabaseTransaction,
    members: &[JuryMember],
    matters: &[Matter],
) -> Result<Vec<JuryMember>> {
    let deciders: BTreeSet<Uuid> = matters.iter().flat_map(Matter::deciders).collect();
    jury_members::Entity::update_many()
        .col_expr(jury_members::Column::Attendance, Expr::value(convert::text(Attendance::Present)))
        .filter(jury_members::Column::Id.is_in(deciders.iter().copied()))
        .exec(write)
        .await?;
    let mut attended = members.to_vec();
    for member in attended.iter_mut().filter(|member| deciders.contains(&member.id)) {
        member.attendance = Attendance::Present;
    }
    Ok(attended)
}

/// Tells a candidate that there is a result, and where.
fn result(session: &JurySession, on: &Decided) -> Draft {
    Draft {
        to: To::User(on.student),
        message: Message::Judged {
            enrolment: on.enrolment,
            certification: session.certification.title.clone(),
        },
        key: format!("judged:{}:{}", session.id, on.enrolment),
    }
}

/// In the order in which everything is locked: enrolments, dossiers, then the session.
async fn lock_candidates(
    write: &DatabaseTransaction,
    session: Uuid,
    judged: &Judged,
) -> Result<()> {
    let candidates: Vec<Uuid> = jury_candidates::Entity::find()
        .select_only()
        .column(jury_candidates::Column::EnrolmentId)
        .filter(jury_candidates::Column::SessionId.eq(session))
        .into_tuple()
        .all(write)
        .await?;
    record::lock(write, &candidates).await?;
    dossiers::Entity::find()
        .select_only()
        .column(dossiers::Column::Id)
        .filter(dossiers::Column::Id.is_in(judged.dossiers()))
        .order_by_asc(dossiers::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<Uuid>()
        .all(write)
        .await?;
    Ok(())
}

fn validated(matter: &Matter, day: chrono::NaiveDate) -> Decided {
    let rulings = matter.decisions.iter().map(|one| &one.said.ruling);
    Decided {
        enrolment: matter.candidate,
        student: matter.student.id,
        validated: rulings
            .filter(|ruling| ruling.verdict == Verdict::Validated)
            .map(|ruling| ValidatedBlock {
                block: ruling.block.clone(),
                validated_on: day,
                transversal: ruling.transversal.clone(),
            })
            .collect(),
    }
}

fn sum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The sealed minutes of a session, with what was added since, all sums taken again.
pub async fn find(db: &Db, session: Uuid) -> Result<Option<Sealed>> {
    let rows = minutes::Entity::find_by_id(session).all(db.read()).await?;
    Ok(complete(db.read(), rows).await?.pop())
}

/// The sealed minutes that speak of any of these enrolments, newest first, with what was added
/// since; all sums taken again. Three statements.
pub(crate) async fn of_enrolments(
    connection: &impl ConnectionTrait,
    enrolments: &[Uuid],
) -> Result<Vec<Sealed>> {
    let sessions = jury_candidates::Entity::find()
        .select_only()
        .column(jury_candidates::Column::SessionId)
        .filter(jury_candidates::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .into_query();
    let rows = minutes::Entity::find()
        .filter(minutes::Column::SessionId.in_subquery(sessions))
        .order_by_desc(minutes::Column::SealedAt)
        .all(connection)
        .await?;
    complete(connection, rows).await
}

async fn complete(
    connection: &impl ConnectionTrait,
    rows: Vec<minutes::Model>,
) -> Result<Vec<Sealed>> {
    let added = minutes_amendments::Entity::find()
        .filter(minutes_amendments::Column::SessionId.is_in(rows.iter().map(|row| row.session_id)))
        .order_by_asc(minutes_amendments::Column::Number)
        .all(connection)
        .await?;
    let people: BTreeSet<Uuid> =
        added.iter().map(|one| one.by_id).chain(rows.iter().map(|row| row.sealed_by)).collect();
    let users = people::users(connection, people).await?;
    rows.into_iter()
        .map(|row| {
            prove(&row)?;
            let session = row.session_id;
            let mut sealed = Sealed {
                content: content_of(&row)?,
                sha256: row.sha256,
                sealed_at: row.sealed_at,
                sealed_by: named(&users, row.sealed_by)?.into(),
                amendments: Vec::new(),
            };
            for row in added.iter().filter(|one| one.session_id == session) {
                let number = convert::count(row.number.into());
                let expected = amendment_sum(
                    sealed.head(),
                    number,
                    row.by_id,
                    row.at,
                    row.about_id,
                    &row.text,
                );
                if row.sha256 != expected {
                    let reason = format!("amendment {number} to the minutes of {session}");
                    return Err(Error::Corrupt(reason));
                }
                sealed.amendments.push(Amendment {
                    number,
                    about: row.about_id,
                    text: row.text.clone(),
                    by: named(&users, row.by_id)?.into(),
                    at: row.at,
                    sha256: row.sha256.clone(),
                });
            }
            Ok(sealed)
        })
        .collect()
}

fn content_of(row: &minutes::Model) -> Result<MinutesContent> {
    let session = row.session_id;
    serde_json::from_str(&row.content)
        .map_err(|error| Error::Corrupt(format!("minutes of {session}: {error}")))
}

fn prove(row: &minutes::Model) -> Result<()> {
    if sum(&row.content) == row.sha256 {
        return Ok(());
    }
    let session = row.session_id;
    Err(Error::Corrupt(format!("the minutes of {session} are not what was sealed")))
}

/// The text that the seal is on, byte for byte.
pub async fn sealed_text(db: &Db, session: Uuid) -> Result<Option<String>> {
    let Some(row) = minutes::Entity::find_by_id(session).one(db.read()).await? else {
        return Ok(None);
    };
    prove(&row)?;
    Ok(Some(row.content))
}

/// Adds to sealed minutes, which stay as they are: about one candidate of theirs, or about the
/// session. Whoever left the room for a candidate adds nothing about them.
pub async fn amend(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    about: Option<Uuid>,
    text: &str,
    once: Option<&Once>,
) -> Result<()> {
    let text = text.trim();
    check_amendment(text)?;
    let session = &sitting.session;
    let write = db.write().await?;
    if idempotency::claim(db, &write, once, db.ambient.id()).await?.is_some() {
        return Ok(());
    }
    // Two amendments come one after the other.
    jury::lock(&write, session.id).await?;
    let Some(sealed) = minutes::Entity::find_by_id(session.id).one(&write).await? else {
        return Err(Error::conflict(
            "not_sealed",
            "Cette session n’est pas close : il n’y a pas encore de procès-verbal à compléter.",
        ));
    };
    let seat = sitting.seat_of(by).map(|sat| sat.member.id);
    let content = content_of(&sealed)?;
    let mut faults = Faults::default();
    if about.is_some_and(|candidate| !content.tells(seat, candidate)) {
        faults.add(
            "about",
            "unknown_candidate",
            "Le procès-verbal que vous lisez ne parle pas de cette personne.",
        );
    }
    faults.into_result()?;
    let last = minutes_amendments::Entity::find()
        .filter(minutes_amendments::Column::SessionId.eq(session.id))
        .order_by_desc(minutes_amendments::Column::Number)
        .one(&write)
        .await?;
    let (number, previous) = last.map_or((1, sealed.sha256), |last| (last.number + 1, last.sha256));
    let at = db.ambient.now();
    let sha256 = amendment_sum(&previous, convert::count(number.into()), by, at, about, text);
    minutes_amendments::Entity::insert(minutes_amendments::ActiveModel {
        session_id: Set(session.id),
        number: Set(number),
        organisation_id: Set(session.organisation_id),
        about_id: Set(about),
        text: Set(text.to_owned()),
        by_id: Set(by),
        at: Set(at),
        sha256: Set(sha256.clone()),
    })
    .exec_without_returning(&write)
    .await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: session.organisation_id,
            actor: Some(by),
            action: "minutes.amended",
            subject: ("jury_session", session.id),
            before: Some(json!({ "sha256": previous })),
            after: Some(json!({ "number": number, "sha256": sha256 })),
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}
