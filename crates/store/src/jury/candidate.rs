//! The candidates of a session: who is on the list, and all that is asked about each.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use domain::{
    evidence::EvidenceKind,
    fault::Faults,
    jury::{
        DeclaredConflict, JurySession, SessionStatus, WrongSessionStep,
        session::{CandidateTerms, Durations, SessionCandidate, Slot, slots},
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use super::{Sitting, entry, hearing, lock_at, pool::elsewhere, status, touch};
use crate::{
    Db, Result, audit, certification, convert, dossier,
    enrolment::{named, tutors_of},
    entity::{enrolments, evidence, jury_candidates, jury_members, jury_sessions, memberships},
    mail, people,
};

/// The candidates of a session in their order, in a fixed number of statements.
pub async fn candidates(db: &Db, session: Uuid) -> Result<Vec<SessionCandidate>> {
    of_session(db.read(), session).await
}

pub(super) async fn of_session(
    connection: &impl ConnectionTrait,
    session: Uuid,
) -> Result<Vec<SessionCandidate>> {
    Ok(of_sessions(connection, &[session]).await?.remove(&session).unwrap_or_default())
}

/// The same of several sessions, in as many statements.
pub(super) async fn of_sessions(
    connection: &impl ConnectionTrait,
    sessions: &[Uuid],
) -> Result<HashMap<Uuid, Vec<SessionCandidate>>> {
    let rows = jury_candidates::Entity::find()
        .filter(jury_candidates::Column::SessionId.is_in(sessions.iter().copied()))
        .order_by_asc(jury_candidates::Column::Position)
        .all(connection)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.enrolment_id).collect();
    let students: HashMap<Uuid, Uuid> = enrolments::Entity::find()
        .select_only()
        .columns([enrolments::Column::Id, enrolments::Column::StudentId])
        .filter(enrolments::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let tutors = tutors_of(connection, ids.iter().copied()).await?;
    let companies = companies(connection, &ids).await?;
    let pending = dossier::pending(connection, &ids).await?;
    // What the session opened with, or what waits.
    let read = |row: &jury_candidates::Model| {
        row.dossier_id.or_else(|| pending.get(&row.enrolment_id).map(|(id, _)| *id))
    };
    let dossiers = dossier::by_id(connection, rows.iter().filter_map(read)).await?;
    let trainers: Vec<Vec<Uuid>> =
        rows.iter().map(|row| convert::from_json(row.trainers.clone())).collect::<Result<_>>()?;
    let known = students.values().chain(trainers.iter().flatten()).copied();
    let users = people::users(connection, known).await?;
    let mut candidates: HashMap<Uuid, Vec<SessionCandidate>> = HashMap::new();
    for (row, trainers) in rows.into_iter().zip(trainers) {
        let id = row.enrolment_id;
        let student = students.get(&id).ok_or(crate::Error::NotFound)?;
        let tutors = tutors.get(&id).into_iter().flatten();
        candidates.entry(row.session_id).or_default().push(SessionCandidate {
            enrolment: id,
            student: named(&users, *student)?,
            dossier: read(&row).and_then(|id| dossiers.get(&id).cloned()),
            slot: hearing::slot(&row),
            companies: companies.get(&id).into_iter().flatten().cloned().collect(),
            tutors: tutors.map(|tutor| tutor.user.clone()).collect(),
            trainers: trainers.iter().filter_map(|id| users.get(id).cloned()).collect(),
            links: convert::from_json(row.links)?,
        });
    }
    Ok(candidates)
}

/// Companies and public bodies of what each student has handed in as a period of work.
async fn companies(
    connection: &impl ConnectionTrait,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, BTreeSet<String>>> {
    use evidence::Column::{EnrolmentId, InCompany, Kind, Organisation, Revision};
    let works = [EvidenceKind::Internship, EvidenceKind::CompanyPeriod].map(convert::text);
    let rows: Vec<(Uuid, Option<String>)> = evidence::Entity::find()
        .select_only()
        .columns([EnrolmentId, Organisation])
        .filter(EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(Organisation.is_not_null())
        .filter(Revision.gt(0))
        .filter(Condition::any().add(Kind.is_in(works)).add(InCompany.eq(true)))
        .into_tuple()
        .all(connection)
        .await?;
    let mut companies: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for (enrolment, company) in rows {
        companies.entry(enrolment).or_default().extend(company);
    }
    Ok(companies)
}

/// Replaces the list of candidates of a planned session, in its order. Each is enrolled in the
/// session's certification version by its route, and on the list of no other session that is not
/// closed. Once it is convened, those whom it changes something for are told.
pub async fn set_candidates(
    db: &Db,
    by: Uuid,
    sitting: &Sitting,
    version: i32,
    candidates: Vec<CandidateTerms>,
) -> Result<()> {
    let session = &sitting.session;
    let published = certification::load(db, session.certification.id).await?;
    let durations = Durations::of(&published.certification);
    let planned = slots(session.starts_at, durations, &candidates)?;
    let write = db.write().await?;
    let ids: Vec<Uuid> = candidates.iter().map(|candidate| candidate.enrolment_id).collect();
    // Locked, so that of two sessions which take the same candidate the later one sees the first.
    let enrolled = lock_enrolments(&write, session, &ids).await?;
    let row = lock_at(&write, session.id, version).await?;
    if status(&row)? != SessionStatus::Planned {
        return Err(WrongSessionStep::NotPlanned.into());
    }
    let mut faults = Faults::default();
    let elsewhere = elsewhere(&write, session.id, &ids).await?;
    let students = people::users(&write, enrolled.iter().map(|row| row.student_id)).await?;
    let people = candidates.iter().flat_map(|candidate| &candidate.trainers).copied();
    let here = of_organisation(&write, row.organisation_id, people.collect()).await?;
    let seats: BTreeSet<Uuid> = jury_members::Entity::find()
        .select_only()
        .column(jury_members::Column::Id)
        .filter(jury_members::Column::SessionId.eq(row.id))
        .into_tuple()
        .all(&write)
        .await?
        .into_iter()
        .collect();
    let route = convert::text(session.route);
    for (index, candidate) in candidates.iter().enumerate() {
        let field = |name: &str| format!("candidates[{index}].{name}");
        let row = enrolled.iter().find(|row| row.id == candidate.enrolment_id);
        let student = row.and_then(|row| students.get(&row.student_id));
        let name = student.map_or("Cette personne".to_owned(), |student| {
            format!("{} {}", student.given_name, student.family_name)
        });
        let fits = |row: &enrolments::Model| {
            row.certification_id == session.certification.id && row.route == route
        };
        if !row.is_some_and(fits) {
            faults.add(
                field("enrolment_id"),
                "not_enrolled",
                format!("{name} ne prépare pas cette version de la certification par cette voie."),
            );
        } else if let Some(other) = elsewhere.get(&candidate.enrolment_id) {
            faults.add(field("enrolment_id"), "in_another_session", other.reason(&name));
        }
        for (place, person) in candidate.trainers.iter().enumerate() {
            if !here.contains(person) {
                faults.add(
                    field(&format!("trainers[{place}]")),
                    "unknown_person",
                    "Cette personne n’est pas de l’établissement.",
                );
            }
        }
        for (place, link) in candidate.links.iter().enumerate() {
            if !seats.contains(&link.member) {
                faults.add(
                    field(&format!("links[{place}].member")),
                    "unknown_member",
                    "Cette personne n’est pas membre de ce jury.",
                );
            }
        }
    }
    faults.into_result()?;
    let before = hearing::listed(&write, row.id).await?;
    replace(&write, &row, &candidates, &planned).await?;
    forget_others(&write, row.id, &ids).await?;
    let after = json!({ "version": version + 1, "candidates": ids });
    let row = touch(db, &write, row.into(), version).await?;
    let listed = hearing::listed(&write, row.id).await?;
    hearing::tell_changes(db, &write, &row, &before, &listed).await?;
    let action = "jury_session.candidates_set";
    audit::append(db, &write, entry(&row, by, action, None, Some(after))).await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

async fn replace(
    write: &DatabaseTransaction,
    row: &jury_sessions::Model,
    candidates: &[CandidateTerms],
    planned: &[Slot],
) -> Result<()> {
    jury_candidates::Entity::delete_many()
        .filter(jury_candidates::Column::SessionId.eq(row.id))
        .exec(write)
        .await?;
    let number = |minutes: u32| i32::try_from(minutes).unwrap_or(i32::MAX);
    let rows: Vec<_> = (0..)
        .zip(candidates.iter().zip(planned))
        .map(|(position, (candidate, slot))| jury_candidates::ActiveModel {
            session_id: Set(row.id),
            enrolment_id: Set(candidate.enrolment_id),
            organisation_id: Set(row.organisation_id),
            dossier_id: Set(None),
            position: Set(position),
            starts_at: Set(slot.starts_at),
            presentation_minutes: Set(number(slot.presentation_minutes)),
            interview_minutes: Set(number(slot.interview_minutes)),
            trainers: Set(convert::json(&candidate.trainers)),
            links: Set(convert::json(&candidate.links)),
        })
        .collect();
    if !rows.is_empty() {
        jury_candidates::Entity::insert_many(rows).exec_without_returning(write).await?;
    }
    Ok(())
}

/// What concerned those who are no longer on the list: recusals and declared conflicts.
async fn forget_others(write: &DatabaseTransaction, session: Uuid, ids: &[Uuid]) -> Result<()> {
    let rows = jury_members::Entity::find()
        .filter(jury_members::Column::SessionId.eq(session))
        .all(write)
        .await?;
    for row in rows {
        let mut recused_from: Vec<Uuid> = convert::from_json(row.recused_from.clone())?;
        let mut declared: Vec<DeclaredConflict> = convert::from_json(row.declared.clone())?;
        let before = recused_from.len() + declared.len();
        recused_from.retain(|id| ids.contains(id));
        declared.retain(|conflict| ids.contains(&conflict.candidate));
        if recused_from.len() + declared.len() < before {
            let version = row.version + 1;
            jury_members::ActiveModel {
                recused_from: Set(convert::json(&recused_from)),
                declared: Set(convert::json(&declared)),
                version: Set(version),
                ..row.into()
            }
            .update(write)
            .await?;
        }
    }
    Ok(())
}

/// Those of the enrolments that are of the session's school, locked in one order.
async fn lock_enrolments(
    write: &DatabaseTransaction,
    session: &JurySession,
    ids: &[Uuid],
) -> Result<Vec<enrolments::Model>> {
    Ok(enrolments::Entity::find()
        .filter(enrolments::Column::Id.is_in(ids.iter().copied()))
        .filter(enrolments::Column::OrganisationId.eq(session.organisation_id))
        .order_by_asc(enrolments::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(write)
        .await?)
}

async fn of_organisation(
    write: &DatabaseTransaction,
    organisation: Uuid,
    people: BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>> {
    let found: Vec<Uuid> = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::UserId)
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .filter(memberships::Column::UserId.is_in(people))
        .into_tuple()
        .all(write)
        .await?;
    Ok(found.into_iter().collect())
}

/// Moves every slot, with the session.
pub(super) async fn shift(write: &DatabaseTransaction, session: Uuid, by: TimeDelta) -> Result<()> {
    for row in hearing::listed(write, session).await? {
        let starts_at = row.starts_at + by;
        jury_candidates::ActiveModel { starts_at: Set(starts_at), ..row.into() }
            .update(write)
            .await?;
    }
    Ok(())
}
