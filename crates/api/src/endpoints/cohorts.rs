//! Cohorts and their progress.

use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode};
use chrono::NaiveDate;
use domain::{
    credential::BlockName,
    enrolment::{Cohort, LearnerStatus},
    evidence::EvidenceStatus,
    person::User,
    progress::{Tally, progress},
    requirement::RequirementState,
};
use serde::{Deserialize, Serialize};
use store::cohort::NewCohort;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::certifications::unknown_certification;
use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned},
    permit::{ListCohorts, ManageCohorts, OnCohort, Within, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, update))
        .routes(guarded!(cohort_progress))
}

/// The cohorts of the caller's organisations.
#[utoipa::path(get, path = "/api/v1/cohorts", operation_id = "list_cohorts", tag = "cohorts", params(PageQuery), responses((status = 200, body = List<Cohort>), ApiError))]
async fn list(
    permit: Within<ListCohorts>,
    State(app): State<App>,
    Query(query): Query<PageQuery>,
) -> Result<Json<List<Cohort>>> {
    let cohorts = store::cohort::list(&app.db, &permit.organisations, query.page()).await?;
    Ok(Json(cohorts.into()))
}

#[derive(Deserialize, ToSchema)]
struct CreateCohort {
    name: String,
    /// Code of the certification; its newest version is taken.
    certification: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

/// Creates a cohort.
#[utoipa::path(post, path = "/api/v1/cohorts", operation_id = "create_cohort", tag = "cohorts", params(("Idempotency-Key" = Option<String>, Header)), request_body = CreateCohort, responses((status = 201, body = Cohort), ApiError))]
async fn create(
    permit: Within<ManageCohorts>,
    State(app): State<App>,
    Body(body): Body<CreateCohort>,
) -> Result<Versioned<Cohort>> {
    let CreateCohort { name, certification, starts_on, ends_on, organisation_id } = body;
    let scope = BTreeSet::from([permit.organisation(organisation_id)?]);
    let published = store::certification::find(&app.db, &scope, &certification, None)
        .await?
        .ok_or_else(|| unknown_certification(&certification))?;
    let new = NewCohort { name, starts_on, ends_on };
    let caller = &permit.caller;
    let id = store::cohort::create(&app.db, caller.user.id, &published, new, caller.once.as_ref())
        .await?;
    let cohort = store::cohort::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Versioned(StatusCode::CREATED, cohort.version, cohort))
}

/// A cohort.
#[utoipa::path(get, path = "/api/v1/cohorts/{id}", operation_id = "show_cohort", tag = "cohorts", params(("id" = Uuid, Path)), responses((status = 200, body = Cohort), ApiError))]
async fn show(permit: OnCohort<ManageCohorts>) -> Versioned<Cohort> {
    Versioned(StatusCode::OK, permit.cohort.version, permit.cohort)
}

#[derive(Deserialize, ToSchema)]
struct UpdateCohort {
    name: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

/// Changes the name and the dates of a cohort. The dates of its enrolments stay what they are.
#[utoipa::path(put, path = "/api/v1/cohorts/{id}", operation_id = "update_cohort", tag = "cohorts", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = UpdateCohort, responses((status = 200, body = Cohort), ApiError))]
async fn update(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(body): Body<UpdateCohort>,
) -> Result<Versioned<Cohort>> {
    let UpdateCohort { name, starts_on, ends_on } = body;
    let OnCohort { caller, cohort, .. } = permit;
    let new = NewCohort { name, starts_on, ends_on };
    store::cohort::update(&app.db, caller.user.id, &cohort, version, new).await?;
    let scope = BTreeSet::from([cohort.organisation_id]);
    let cohort =
        store::cohort::find(&app.db, &scope, cohort.id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Versioned(StatusCode::OK, cohort.version, cohort))
}

/// Students × blocks.
#[derive(Serialize, ToSchema)]
struct CohortProgress {
    cohort: Cohort,
    blocks: Vec<BlockName>,
    students: Vec<StudentProgress>,
}

#[derive(Serialize, ToSchema)]
struct StudentProgress {
    enrolment_id: Uuid,
    student: User,
    status: LearnerStatus,
    /// In the order of the cohort's blocks.
    blocks: Vec<Tally>,
    total: Tally,
    /// Evidence that waits for a tutor.
    submitted_evidence: usize,
    requirements_met: usize,
    /// Requirements that apply to this student.
    requirements_total: usize,
}

/// How every student of a cohort stands in every block.
#[utoipa::path(get, path = "/api/v1/cohorts/{id}/progress", operation_id = "show_cohort_progress", tag = "cohorts", params(("id" = Uuid, Path)), responses((status = 200, body = CohortProgress), ApiError))]
async fn cohort_progress(
    permit: OnCohort<ManageCohorts>,
    State(app): State<App>,
) -> Result<Json<CohortProgress>> {
    let cohort = permit.cohort;
    let effective = store::grid::in_force(&app.db, cohort.certification.id).await?;
    let certification = &effective.certification;
    let enrolments = store::enrolment::of_cohorts(&app.db, [cohort.id]).await?;
    let ids: Vec<Uuid> = enrolments.iter().map(|enrolment| enrolment.id).collect();
    let mut facts = store::progress::facts_of_many(&app.db, &ids).await?;
    let mut students: Vec<StudentProgress> = enrolments
        .into_iter()
        .map(|enrolment| {
            let facts = facts.remove(&enrolment.id).unwrap_or_default();
            let progress =
                progress(&effective, enrolment.status, enrolment.profile.as_deref(), &facts);
            let applying = progress
                .requirements
                .iter()
                .filter(|requirement| requirement.state != RequirementState::NotApplicable);
            let met =
                applying.clone().filter(|requirement| requirement.state == RequirementState::Met);
            StudentProgress {
                enrolment_id: enrolment.id,
                student: enrolment.student,
                status: enrolment.status,
                blocks: progress.blocks.iter().map(|block| block.tally).collect(),
                total: progress.total,
                submitted_evidence: facts
                    .evidence
                    .iter()
                    .filter(|fact| fact.status == EvidenceStatus::Submitted)
                    .count(),
                requirements_met: met.count(),
                requirements_total: applying.count(),
            }
        })
        .collect();
    let name = |user: &User| (user.family_name.to_lowercase(), user.given_name.to_lowercase());
    students.sort_by_cached_key(|row| name(&row.student));
    let blocks = certification
        .blocks
        .iter()
        .map(|block| BlockName { code: block.code.clone(), title: block.title.clone() })
        .collect();
    Ok(Json(CohortProgress { cohort, blocks, students }))
}
