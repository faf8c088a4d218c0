//! Dates of cohorts, and how the students stand to them.

use std::{
    collections::{BTreeSet, HashMap},
    ops::RangeInclusive,
};

use chrono::NaiveDate;
use domain::{
    ambient::day_in_france,
    assessment::AssessorKind,
    deadline::{self, Deadline, DeadlineFacts, DeadlineTerms, DueDate},
    enrolment::{Cohort, CohortRef, Enrolment, Tutor},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, ModelTrait, QueryFilter, QueryOrder, QuerySelect, prelude::DateTimeUtc,
    sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert, dossier, enrolment,
    entity::{assessments, certifications_obtained, cohorts, deadlines},
    grid, idempotency, visit,
};

/// Most dates of one cohort.
const PER_COHORT_MAX: usize = 50;

/// Sets a date for a cohort.
pub async fn create(
    db: &Db,
    by: Uuid,
    cohort: &Cohort,
    terms: DeadlineTerms,
    once: Option<&Once>,
) -> Result<Uuid> {
    let terms = checked(db, cohort, terms).await?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let set = deadlines::Entity::find()
        .filter(deadlines::Column::CohortId.eq(cohort.id))
        .all(&write)
        .await?;
    if set.len() >= PER_COHORT_MAX {
        return Err(Error::conflict(
            "too_many",
            format!("Une promotion a au plus {PER_COHORT_MAX} échéances."),
        ));
    }
    let after = Some(convert::json(&terms));
    let DeadlineTerms { kind, label, block, due_on } = terms;
    deadlines::Entity::insert(deadlines::ActiveModel {
        id: Set(id),
        organisation_id: Set(cohort.organisation_id),
        cohort_id: Set(cohort.id),
        kind: Set(convert::text(kind)),
        label: Set(label),
        block: Set(block),
        due_on: Set(due_on),
        version: Set(1),
        created_at: Set(db.ambient.now()),
    })
    .exec_without_returning(&write)
    .await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: cohort.organisation_id,
            actor: Some(by),
            action: "deadline.created",
            subject: ("deadline", id),
            before: None,
            after,
        },
    )
    .await?;
    write.commit().await?;
    Ok(id)
}

async fn checked(db: &Db, cohort: &Cohort, terms: DeadlineTerms) -> Result<DeadlineTerms> {
    let effective = grid::in_force(db, cohort.certification.id).await?;
    let terms = terms.tidied();
    terms.check(&effective.certification, (cohort.starts_on, cohort.ends_on))?;
    Ok(terms)
}

/// Changes a date of a cohort.
pub async fn update(
    db: &Db,
    by: Uuid,
    cohort: &Cohort,
    id: Uuid,
    version: i32,
    terms: DeadlineTerms,
) -> Result<()> {
    let terms = checked(db, cohort, terms).await?;
    let write = db.write().await?;
    let row = locked(&write, cohort.id, id, version).await?;
    let before = Some(convert::json(&terms_of(&row)?));
    let after = Some(convert::json(&terms));
    let DeadlineTerms { kind, label, block, due_on } = terms;
    deadlines::ActiveModel {
        kind: Set(convert::text(kind)),
        label: Set(label),
        block: Set(block),
        due_on: Set(due_on),
        version: Set(row.version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: cohort.organisation_id,
            actor: Some(by),
            action: "deadline.changed",
            subject: ("deadline", id),
            before,
            after,
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}

/// Takes a date of a cohort away.
pub async fn delete(db: &Db, by: Uuid, cohort: &Cohort, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = locked(&write, cohort.id, id, version).await?;
    let before = Some(convert::json(&terms_of(&row)?));
    row.delete(&write).await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: cohort.organisation_id,
            actor: Some(by),
            action: "deadline.deleted",
            subject: ("deadline", id),
            before,
            after: None,
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}

async fn locked(
    write: &DatabaseTransaction,
    cohort: Uuid,
    id: Uuid,
    version: i32,
) -> Result<deadlines::Model> {
    let row = deadlines::Entity::find_by_id(id)
        .filter(deadlines::Column::CohortId.eq(cohort))
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

fn terms_of(row: &deadlines::Model) -> Result<DeadlineTerms> {
    Ok(DeadlineTerms {
        kind: convert::from_text(&row.kind)?,
        label: row.label.clone(),
        block: row.block.clone(),
        due_on: row.due_on,
    })
}

/// A date of one of the organisations.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Deadline>> {
    let rows = deadlines::Entity::find_by_id(id)
        .filter(deadlines::Column::OrganisationId.is_in(organisations.iter().copied()))
        .all(db.read())
        .await?;
    Ok(complete(db, rows).await?.pop())
}

/// The dates of cohorts, by date.
pub async fn of_cohorts(db: &Db, cohorts: impl IntoIterator<Item = Uuid>) -> Result<Vec<Deadline>> {
    let rows = deadlines::Entity::find()
        .filter(deadlines::Column::CohortId.is_in(cohorts))
        .order_by_asc(deadlines::Column::DueOn)
        .order_by_asc(deadlines::Column::Id)
        .all(db.read())
        .await?;
    complete(db, rows).await
}

async fn complete(db: &Db, rows: Vec<deadlines::Model>) -> Result<Vec<Deadline>> {
    let cohorts = cohorts::Entity::find()
        .filter(cohorts::Column::Id.is_in(rows.iter().map(|row| row.cohort_id)))
        .all(db.read())
        .await?;
    let cohorts: HashMap<Uuid, cohorts::Model> =
        cohorts.into_iter().map(|row| (row.id, row)).collect();
    rows.into_iter()
        .map(|row| {
            let cohort = cohorts.get(&row.cohort_id).ok_or(Error::NotFound)?;
            Ok(Deadline {
                id: row.id,
                organisation_id: row.organisation_id,
                cohort: CohortRef { id: cohort.id, name: cohort.name.clone() },
                cohort_ends_on: cohort.ends_on,
                kind: convert::from_text(&row.kind)?,
                label: row.label,
                block: row.block,
                due_on: row.due_on,
                version: row.version,
            })
        })
        .collect()
}

/// How each student stands to the dates of their cohort, by enrolment and date.
pub async fn of_enrolments(
    db: &Db,
    enrolments: &[Enrolment],
) -> Result<HashMap<Uuid, Vec<DueDate>>> {
    let cohorts: BTreeSet<Uuid> = enrolments
        .iter()
        .filter_map(|enrolment| enrolment.cohort.as_ref())
        .map(|cohort| cohort.id)
        .collect();
    let mut dates: HashMap<Uuid, Vec<Deadline>> = HashMap::new();
    for deadline in of_cohorts(db, cohorts).await? {
        dates.entry(deadline.cohort.id).or_default().push(deadline);
    }
    let concerned = |enrolment: &&Enrolment| {
        enrolment.cohort.as_ref().is_some_and(|cohort| dates.contains_key(&cohort.id))
    };
    let ids: Vec<Uuid> = enrolments.iter().filter(concerned).map(|found| found.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut facts = facts(db, &ids).await?;
    let certifications =
        enrolments.iter().filter(concerned).map(|found| found.certification.id).collect();
    let grids = grid::in_force_of(db, certifications).await?;
    let mut standing = HashMap::new();
    for enrolment in enrolments.iter().filter(concerned) {
        let Some(cohort) = &enrolment.cohort else { continue };
        let dates = &dates[&cohort.id];
        let effective = grids.get(&enrolment.certification.id).ok_or(Error::NotFound)?;
        let facts = facts.remove(&enrolment.id).unwrap_or_default();
        let done = deadline::done(&effective.certification, dates, &facts);
        let due = dates
            .iter()
            .zip(done)
            .map(|(deadline, done)| DueDate { deadline: deadline.clone(), done })
            .collect();
        standing.insert(enrolment.id, due);
    }
    Ok(standing)
}

/// A date of one student, with the people who may be told of it.
#[derive(Debug, Clone)]
pub struct Due {
    pub date: DueDate,
    pub enrolment: Enrolment,
    pub tutors: Vec<Tutor>,
}

/// Every date within these days of every student whom it concerns, done or not, in a fixed number
/// of statements.
pub async fn due(db: &Db, days: RangeInclusive<NaiveDate>) -> Result<Vec<Due>> {
    let today = db.ambient.today();
    let cohorts: BTreeSet<Uuid> = deadlines::Entity::find()
        .select_only()
        .column(deadlines::Column::CohortId)
        .distinct()
        .filter(deadlines::Column::DueOn.between(*days.start(), *days.end()))
        .into_tuple()
        .all(db.read())
        .await?
        .into_iter()
        .collect();
    let enrolments = enrolment::of_cohorts(db, cohorts).await?;
    let ids: Vec<Uuid> = enrolments.iter().map(|enrolment| enrolment.id).collect();
    let mut standing = of_enrolments(db, &enrolments).await?;
    let mut tutors = enrolment::tutors(db, &ids).await?;
    let mut found = Vec::new();
    for enrolment in enrolments {
        let tutors = tutors.remove(&enrolment.id).unwrap_or_default();
        for date in standing.remove(&enrolment.id).unwrap_or_default() {
            let Deadline { due_on, .. } = date.deadline;
            if days.contains(&due_on) && date.deadline.concerns(enrolment.ends_on, today) {
                found.push(Due { date, enrolment: enrolment.clone(), tutors: tutors.clone() });
            }
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct SelfAssessed {
    enrolment_id: Uuid,
    block: String,
    signed_at: DateTimeUtc,
}

/// What tells whether the dates are done, by enrolment.
async fn facts(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, DeadlineFacts>> {
    let signed = assessments::Entity::find()
        .select_only()
        .columns([
            assessments::Column::EnrolmentId,
            assessments::Column::Block,
            assessments::Column::SignedAt,
        ])
        .filter(assessments::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(assessments::Column::Kind.eq(convert::text(AssessorKind::Student)))
        .filter(assessments::Column::SignedAt.is_not_null())
        .into_model::<SelfAssessed>()
        .all(db.read())
        .await?;
    let mut facts: HashMap<Uuid, DeadlineFacts> = HashMap::new();
    for row in signed {
        let of = facts.entry(row.enrolment_id).or_default();
        of.self_assessed.entry(row.block).or_default().push(day_in_france(row.signed_at));
    }
    for (enrolment, days) in dossier::deposited_on(db, enrolments).await? {
        facts.entry(enrolment).or_default().deposits.extend(days);
    }
    for (enrolment, days) in visit::signed_dates(db, enrolments).await? {
        facts.entry(enrolment).or_default().visits.extend(days);
    }
    let obtained = certifications_obtained::Entity::find()
        .filter(certifications_obtained::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .all(db.read())
        .await?;
    for row in obtained {
        facts.entry(row.enrolment_id).or_default().obtained_on = Some(row.obtained_on);
    }
    Ok(facts)
}
