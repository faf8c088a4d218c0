//! Cohorts.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::{
    enrolment::{Cohort, CohortRef},
    fault::Faults,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit,
    certification::{self, Published},
    convert,
    entity::{cohorts, enrolments},
    idempotency,
    page::{Page, Paged},
};

/// What a manager says of a new cohort.
#[derive(Debug, Clone)]
pub struct NewCohort {
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// Creates a cohort in the organisation that published the certification version.
pub async fn create(
    db: &Db,
    by: Uuid,
    published: &Published,
    new: NewCohort,
    once: Option<&Once>,
) -> Result<Uuid> {
    let NewCohort { name, starts_on, ends_on } = new.checked()?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    cohorts::Entity::insert(cohorts::ActiveModel {
        id: Set(id),
        organisation_id: Set(published.organisation),
        certification_id: Set(published.id),
        name: Set(name),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        version: Set(1),
        created_at: Set(db.ambient.now()),
    })
    .exec_without_returning(&write)
    .await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: published.organisation,
            actor: Some(by),
            action: "cohort.created",
            subject: ("cohort", id),
            before: None,
            after: Some(json!({ "certification": published.certification.code })),
        },
    )
    .await?;
    write.commit().await?;
    Ok(id)
}

/// Changes the name and the dates of a cohort.
pub async fn update(
    db: &Db,
    by: Uuid,
    cohort: &Cohort,
    version: i32,
    new: NewCohort,
) -> Result<()> {
    let NewCohort { name, starts_on, ends_on } = new.checked()?;
    let write = db.write().await?;
    let row = cohorts::Entity::find_by_id(cohort.id)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version != version {
        return Err(Error::Stale { current: row.version });
    }
    let before = json!({ "starts_on": row.starts_on, "ends_on": row.ends_on });
    cohorts::ActiveModel {
        name: Set(name),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
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
            action: "cohort.changed",
            subject: ("cohort", cohort.id),
            before: Some(before),
            after: Some(json!({ "starts_on": starts_on, "ends_on": ends_on })),
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}

impl NewCohort {
    fn checked(self) -> Result<Self> {
        let new = Self { name: self.name.trim().to_owned(), ..self };
        let mut faults = Faults::default();
        faults.text("name", &new.name, 200);
        faults.period("ends_on", Some(new.starts_on), Some(new.ends_on));
        faults.into_result()?;
        Ok(new)
    }
}

/// A cohort of one of the organisations.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Cohort>> {
    let row = cohorts::Entity::find_by_id(id)
        .filter(cohorts::Column::OrganisationId.is_in(organisations.iter().copied()))
        .all(db.read())
        .await?;
    Ok(complete(db, row).await?.pop())
}

/// The cohorts of the organisations.
pub async fn list(db: &Db, organisations: &BTreeSet<Uuid>, page: Page) -> Result<Paged<Cohort>> {
    let rows = cohorts::Entity::find()
        .filter(cohorts::Column::OrganisationId.is_in(organisations.iter().copied()))
        .apply_if(page.after, |query, after| query.filter(cohorts::Column::Id.gt(after)))
        .order_by_asc(cohorts::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    Ok(Paged { items: complete(db, rows.items).await?, next: rows.next })
}

#[derive(FromQueryResult)]
struct Size {
    cohort_id: Uuid,
    students: i64,
}

/// Adds the certification's name and the number of students.
async fn complete(db: &Db, rows: Vec<cohorts::Model>) -> Result<Vec<Cohort>> {
    let sizes: HashMap<Uuid, i64> = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::CohortId)
        .column_as(enrolments::Column::Id.count(), "students")
        .filter(enrolments::Column::CohortId.is_in(rows.iter().map(|row| row.id)))
        .group_by(enrolments::Column::CohortId)
        .into_model::<Size>()
        .all(db.read())
        .await?
        .into_iter()
        .map(|size| (size.cohort_id, size.students))
        .collect();
    let certifications =
        certification::refs(db.read(), rows.iter().map(|row| row.certification_id).collect())
            .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Cohort {
                id: row.id,
                organisation_id: row.organisation_id,
                name: row.name,
                certification: certifications
                    .get(&row.certification_id)
                    .cloned()
                    .ok_or(Error::NotFound)?,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                students: convert::count(sizes.get(&row.id).copied().unwrap_or_default()),
                version: row.version,
            })
        })
        .collect()
}

/// Names of cohorts, by id.
pub(crate) async fn refs(
    connection: &impl ConnectionTrait,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, CohortRef>> {
    Ok(cohorts::Entity::find()
        .filter(cohorts::Column::Id.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, CohortRef { id: row.id, name: row.name }))
        .collect())
}
