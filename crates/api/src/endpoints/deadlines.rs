//! Dates of cohorts: a manager sets them, and everyone sees theirs.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State, http::StatusCode};
use chrono::NaiveDate;
use domain::{
    deadline::{self, Deadline, DeadlineTerms, DueDate},
    enrolment::Enrolment,
    person::{Role, User},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, Versioned},
    permit::{Caller, ManageCohorts, OnCohort, OnDeadline, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(mine))
        .routes(guarded!(of_cohort, create))
        .routes(guarded!(update, remove))
}

/// A date that concerns the caller, with how far the students that it asks are.
#[derive(Serialize, ToSchema)]
pub struct MyDeadline {
    #[serde(flatten)]
    deadline: Deadline,
    part: DeadlinePart,
    /// Until the last day, in France; below zero once it has passed.
    days_left: i64,
    /// How many of the students below have done what it asks for.
    done: u32,
    students: u32,
    /// Who has not yet. A manager reads them on the cohort's page.
    waiting: Vec<WaitingStudent>,
}

/// As what a date concerns a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlinePart {
    /// It is theirs.
    Student,
    /// It is that of students whom they tutor.
    Tutor,
    /// It is that of a cohort which they manage.
    Manager,
}

#[derive(Serialize, ToSchema)]
struct WaitingStudent {
    enrolment_id: Uuid,
    student: User,
}

/// The caller's dates: their own, those of the students whom they tutor, those of the cohorts that
/// they manage. The earliest first.
#[utoipa::path(get, path = "/api/v1/deadlines", operation_id = "list_my_deadlines", tag = "deadlines", responses((status = 200, body = List<MyDeadline>), ApiError))]
async fn mine(caller: Caller, State(app): State<App>) -> Result<Json<List<MyDeadline>>> {
    let today = app.db.ambient.today();
    let parts = store::enrolment::of_person(&app.db, &caller.actor).await?;
    let (own, tutored): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|(enrolment, _)| enrolment.student.id == caller.user.id);
    let only = |parts: Vec<(Enrolment, _)>| -> Vec<Enrolment> {
        parts.into_iter().map(|(enrolment, _)| enrolment).collect()
    };
    let managed = caller.actor.organisations_as(&[Role::Manager]);
    let in_cohorts = if managed.is_empty() {
        Vec::new()
    } else {
        store::enrolment::open(&app.db, &managed, deadline::over_before(today)).await?
    };
    let mut dates = grouped(&app, DeadlinePart::Student, &only(own), today).await?;
    dates.extend(grouped(&app, DeadlinePart::Tutor, &only(tutored), today).await?);
    dates.extend(grouped(&app, DeadlinePart::Manager, &in_cohorts, today).await?);
    dates.sort_by_key(|date| (date.deadline.due_on, date.deadline.id, date.part));
    Ok(Json(dates.into()))
}

/// The dates of a student's own enrolments.
pub async fn of_student(app: &App, own: &[Enrolment]) -> Result<Vec<MyDeadline>> {
    grouped(app, DeadlinePart::Student, own, app.db.ambient.today()).await
}

/// The dates that concern these enrolments, each once, in a fixed number of statements.
async fn grouped(
    app: &App,
    part: DeadlinePart,
    enrolments: &[Enrolment],
    today: NaiveDate,
) -> Result<Vec<MyDeadline>> {
    let mut standing = store::deadline::of_enrolments(&app.db, enrolments).await?;
    let mut dates: BTreeMap<(NaiveDate, Uuid), MyDeadline> = BTreeMap::new();
    for Enrolment { id, student, ends_on, .. } in enrolments {
        for DueDate { deadline, done } in standing.remove(id).unwrap_or_default() {
            if !deadline.concerns(*ends_on, today) {
                continue;
            }
            let date = dates.entry((deadline.due_on, deadline.id)).or_insert_with(|| MyDeadline {
                days_left: (deadline.due_on - today).num_days(),
                deadline,
                part,
                done: 0,
                students: 0,
                waiting: Vec::new(),
            });
            date.students += 1;
            if done {
                date.done += 1;
            } else if part != DeadlinePart::Manager {
                date.waiting.push(WaitingStudent { enrolment_id: *id, student: student.clone() });
            }
        }
    }
    Ok(dates.into_values().collect())
}

/// The dates of a cohort, the earliest first.
#[utoipa::path(get, path = "/api/v1/cohorts/{id}/deadlines", operation_id = "list_deadlines", tag = "deadlines", params(("id" = Uuid, Path)), responses((status = 200, body = List<Deadline>), ApiError))]
async fn of_cohort(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
) -> Result<Json<List<Deadline>>> {
    Ok(Json(store::deadline::of_cohorts(&app.db, [permit.cohort.id]).await?.into()))
}

/// Sets a date for a cohort.
#[utoipa::path(post, path = "/api/v1/cohorts/{id}/deadlines", operation_id = "create_deadline", tag = "deadlines", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = DeadlineTerms, responses((status = 201, body = Deadline), ApiError))]
async fn create(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
    Body(terms): Body<DeadlineTerms>,
) -> Result<Versioned<Deadline>> {
    let OnCohort { caller, cohort, .. } = permit;
    let by = caller.user.id;
    let id = store::deadline::create(&app.db, by, &cohort, terms, caller.once.as_ref()).await?;
    answer(&app, cohort.organisation_id, id, StatusCode::CREATED).await
}

/// Changes a date of a cohort.
#[utoipa::path(put, path = "/api/v1/deadlines/{id}", operation_id = "update_deadline", tag = "deadlines", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = DeadlineTerms, responses((status = 200, body = Deadline), ApiError))]
async fn update(
    permit: OnDeadline,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(terms): Body<DeadlineTerms>,
) -> Result<Versioned<Deadline>> {
    let OnDeadline { caller, cohort, deadline } = permit;
    let by = caller.user.id;
    store::deadline::update(&app.db, by, &cohort, deadline.id, version, terms).await?;
    answer(&app, cohort.organisation_id, deadline.id, StatusCode::OK).await
}

async fn answer(
    app: &App,
    organisation: Uuid,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<Deadline>> {
    let deadline = store::deadline::find(&app.db, &BTreeSet::from([organisation]), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Versioned(status, deadline.version, deadline))
}

/// Takes a date of a cohort away.
#[utoipa::path(delete, path = "/api/v1/deadlines/{id}", operation_id = "delete_deadline", tag = "deadlines", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn remove(
    permit: OnDeadline,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    let OnDeadline { caller, cohort, deadline } = permit;
    store::deadline::delete(&app.db, caller.user.id, &cohort, deadline.id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
