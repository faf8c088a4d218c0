//! Assessments on the grid of a block.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use chrono::NaiveDate;
use domain::{
    assessment::{Assessment, AssessmentContent, AssessorKind, Rating},
    fault::Fault,
    grid::Effective,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::{
    assessment::{Filter, Seat},
    enrolment::Enrolled,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned, patched},
    permit::{OnEnrolment, OwnAssessment, ReadAssessments, check_assess, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(update, delete))
        .routes(guarded!(sign))
        .routes(guarded!(restart))
}

async fn answer(
    app: &App,
    enrolled: &Enrolled,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<Assessment>> {
    let scope = [enrolled.enrolment.organisation_id].into();
    let assessment =
        store::assessment::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Versioned(status, assessment.version, assessment))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AssessmentQuery {
    /// Code of a block.
    block: Option<String>,
    kind: Option<AssessorKind>,
}

/// The assessments of an enrolment, newest first: all that are signed, and the caller's drafts.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/assessments", operation_id = "list_assessments", tag = "assessments", params(("id" = Uuid, Path), AssessmentQuery, PageQuery), responses((status = 200, body = List<Assessment>), ApiError))]
async fn list(
    permit: OnEnrolment<ReadAssessments>,
    State(app): State<App>,
    Query(query): Query<AssessmentQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<Assessment>>> {
    let AssessmentQuery { block, kind } = query;
    let filter = Filter { block, kind };
    let (enrolment, reader) = (permit.enrolled.enrolment.id, permit.caller.user.id);
    let found = store::assessment::list(&app.db, enrolment, reader, &filter, page.page()).await?;
    Ok(Json(found.into()))
}

#[derive(Deserialize, ToSchema)]
struct StartAssessment {
    kind: AssessorKind,
    /// Code of the block.
    block: String,
    /// Number of the grid that is being filled; the one in force if absent.
    grid: Option<u32>,
    occasion: String,
    assessed_on: NaiveDate,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    evidence: Vec<Uuid>,
    #[serde(default)]
    ratings: Vec<Rating>,
}

/// Starts a grid, as a draft.
#[utoipa::path(post, path = "/api/v1/enrolments/{id}/assessments", operation_id = "start_assessment", tag = "assessments", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = StartAssessment, responses((status = 201, body = Assessment), ApiError))]
async fn create(
    permit: OnEnrolment<ReadAssessments>,
    State(app): State<App>,
    Body(body): Body<StartAssessment>,
) -> Result<Versioned<Assessment>> {
    let StartAssessment { kind, block, grid, occasion, assessed_on, comment, evidence, ratings } =
        body;
    let OnEnrolment { caller, enrolled, .. } = &permit;
    check_assess(caller, enrolled, kind)?;
    let enrolment = &enrolled.enrolment;
    let effective = store::grid::in_force(&app.db, enrolment.certification.id).await?;
    let certification = &effective.certification;
    if grid.is_some_and(|grid| grid != effective.number) {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "newer_grid",
            "Une nouvelle grille vient d’être publiée. Rechargez la page : votre saisie est gardée \
             pour les critères qui existent encore.",
        ));
    }
    let block = certification.block(&block).ok_or_else(|| {
        let detail =
            format!("La certification {} n’a pas de bloc « {block} ».", certification.code);
        ApiError::invalid(vec![Fault::new("block", "unknown_block", detail)])
    })?;
    let seat = Seat { enrolment, effective: &effective, block, kind, assessor: caller.user.id };
    let content = AssessmentContent { occasion, assessed_on, comment, evidence, ratings };
    let id = store::assessment::create(&app.db, seat, content, caller.once.as_ref()).await?;
    answer(&app, enrolled, id, StatusCode::CREATED).await
}

/// Changes the named fields of the caller's own draft.
#[utoipa::path(patch, path = "/api/v1/assessments/{id}", operation_id = "update_assessment", tag = "assessments", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body(content = AssessmentContent, description = "Any of its fields"), responses((status = 200, body = Assessment), ApiError))]
async fn update(
    permit: OwnAssessment,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(patch): Body<Map<String, Value>>,
) -> Result<Versioned<Assessment>> {
    let OwnAssessment { enrolled, assessment } = &permit;
    assessment.status.edit().map_err(store::Error::from)?;
    let content = patched(&assessment.content, patch)?;
    let grid = standing_on(&app, &permit).await?;
    let certification = &grid.certification;
    store::assessment::update(&app.db, certification, assessment.id, version, content).await?;
    answer(&app, enrolled, assessment.id, StatusCode::OK).await
}

/// Throws the caller's own draft away.
#[utoipa::path(delete, path = "/api/v1/assessments/{id}", operation_id = "delete_assessment", tag = "assessments", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn delete(
    permit: OwnAssessment,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    store::assessment::delete(&app.db, permit.assessment.id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs the caller's own draft: from now on it stands and never changes.
#[utoipa::path(post, path = "/api/v1/assessments/{id}/sign", operation_id = "sign_assessment", tag = "assessments", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Assessment), ApiError))]
async fn sign(
    permit: OwnAssessment,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<Assessment>> {
    let OwnAssessment { enrolled, assessment } = &permit;
    let grid = standing_on(&app, &permit).await?;
    store::assessment::sign(&app.db, &grid.certification, assessment.id, version).await?;
    answer(&app, enrolled, assessment.id, StatusCode::OK).await
}

/// Moves the caller's own draft to the grid that is in force. The levels and comments of criteria
/// that are on that one too are kept.
#[utoipa::path(post, path = "/api/v1/assessments/{id}/restart", operation_id = "restart_assessment", tag = "assessments", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = Assessment), ApiError))]
async fn restart(
    permit: OwnAssessment,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<Assessment>> {
    let OwnAssessment { enrolled, assessment } = &permit;
    let in_force = store::grid::in_force(&app.db, enrolled.enrolment.certification.id).await?;
    store::assessment::restart(&app.db, &in_force, assessment.id, version).await?;
    answer(&app, enrolled, assessment.id, StatusCode::OK).await
}

/// The grid that the assessment was started on.
async fn standing_on(app: &App, permit: &OwnAssessment) -> Result<Arc<Effective>> {
    let certification = permit.enrolled.enrolment.certification.id;
    Ok(store::grid::pinned(&app.db, certification, permit.assessment.grid_id).await?)
}
