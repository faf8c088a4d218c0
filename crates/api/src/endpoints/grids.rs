//! The grids that a school puts over certification versions.

use axum::{Json, extract::State, http::StatusCode};
use domain::grid::{Grid, GridChanges, GridContent};
use serde::{Deserialize, Serialize};
use store::{certification::Published, grid::Start};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::certifications::CertificationDetail;
use crate::{
    App,
    extract::{Body, IfMatch, Query, Versioned},
    permit::{ManageGrids, OnEnrolment, OnGrid, ReadEnrolment, Within, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, update, delete))
        .routes(guarded!(publish))
        .routes(guarded!(show_certification))
        .routes(guarded!(of_enrolment))
}

/// The grids of a certification version, the draft first, then from the newest to the oldest.
#[derive(Serialize, ToSchema)]
struct Grids {
    items: Vec<GridSummary>,
    /// Assessments that are signed on the certification's own criteria.
    signed_on_original: u32,
}

#[derive(Serialize, ToSchema)]
struct GridSummary {
    #[serde(flatten)]
    grid: Grid,
    /// Assessments that are signed on it.
    signed: u32,
}

/// A grid with what it says.
#[derive(Serialize, ToSchema)]
struct GridDetail {
    #[serde(flatten)]
    grid: Grid,
    content: GridContent,
    /// What differs from the grid before: the one in force for a draft.
    changes: GridChanges,
    /// Number of the grid before; 0 for the certification's own criteria.
    before: u32,
    /// Assessments that are signed on the grid before, and stay on it.
    signed_before: u32,
}

/// A certification version of an organisation whose grids the caller manages.
async fn certification(
    app: &App,
    permit: &Within<ManageGrids>,
    id: Uuid,
) -> Result<std::sync::Arc<Published>> {
    let published = store::certification::load(&app.db, id).await?;
    if permit.organisations.contains(&published.organisation) {
        Ok(published)
    } else {
        Err(ApiError::not_found())
    }
}

async fn detail(app: &App, grid: Grid, content: GridContent) -> Result<GridDetail> {
    let published = store::certification::load(&app.db, grid.certification.id).await?;
    let before = match grid.number {
        Some(number) => number.saturating_sub(1),
        None => store::grid::in_force(&app.db, published.id).await?.number,
    };
    let earlier = store::grid::content(&app.db, &published, before).await?;
    let id = store::grid::numbered(&app.db, published.id, before)
        .await?
        .and_then(|effective| effective.grid);
    let signed = store::grid::signed_on(&app.db, published.id).await?;
    let changes = content.changes(&earlier, &published.certification);
    let signed_before = signed.get(&id).copied().unwrap_or_default();
    Ok(GridDetail { grid, content, changes, before, signed_before })
}

async fn answer(app: &App, grid: &Grid, status: StatusCode) -> Result<Versioned<GridDetail>> {
    found(app, grid.organisation_id, grid.id, status).await
}

async fn found(
    app: &App,
    organisation: Uuid,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<GridDetail>> {
    let (grid, content) = store::grid::find(&app.db, &[organisation].into(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Versioned(status, grid.version, detail(app, grid, content).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct GridQuery {
    /// Id of the certification version.
    certification_id: Uuid,
}

/// The grids of a certification version.
#[utoipa::path(get, path = "/api/v1/grids", operation_id = "list_grids", tag = "grids", params(GridQuery), responses((status = 200, body = Grids), ApiError))]
async fn list(
    permit: Within<ManageGrids>,
    State(app): State<App>,
    Query(query): Query<GridQuery>,
) -> Result<Json<Grids>> {
    let published = certification(&app, &permit, query.certification_id).await?;
    let signed = store::grid::signed_on(&app.db, published.id).await?;
    let on = |grid| signed.get(&grid).copied().unwrap_or_default();
    let items = store::grid::list(&app.db, published.id)
        .await?
        .into_iter()
        .map(|grid| GridSummary { signed: on(Some(grid.id)), grid })
        .collect();
    Ok(Json(Grids { items, signed_on_original: on(None) }))
}

#[derive(Deserialize, ToSchema)]
struct StartGrid {
    /// Id of the certification version.
    certification_id: Uuid,
    #[serde(default)]
    from: GridStart,
}

/// What a draft starts from.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum GridStart {
    /// The grid that is in force.
    #[default]
    InForce,
    /// The certification's own criteria.
    Original,
}

/// Starts a grid, as a draft. There is one draft at a time.
#[utoipa::path(post, path = "/api/v1/grids", operation_id = "start_grid", tag = "grids", params(("Idempotency-Key" = Option<String>, Header)), request_body = StartGrid, responses((status = 201, body = GridDetail), ApiError))]
async fn create(
    permit: Within<ManageGrids>,
    State(app): State<App>,
    Body(body): Body<StartGrid>,
) -> Result<Versioned<GridDetail>> {
    let StartGrid { certification_id, from } = body;
    let published = certification(&app, &permit, certification_id).await?;
    let start = match from {
        GridStart::InForce => Start::InForce,
        GridStart::Original => Start::Original,
    };
    let caller = &permit.caller;
    let (by, once) = (caller.user.id, caller.once.as_ref());
    let id = store::grid::create(&app.db, by, &published, start, once).await?;
    found(&app, published.organisation, id, StatusCode::CREATED).await
}

/// A grid with what it says, and what differs from the one before.
#[utoipa::path(get, path = "/api/v1/grids/{id}", operation_id = "show_grid", tag = "grids", params(("id" = Uuid, Path)), responses((status = 200, body = GridDetail), ApiError))]
async fn show(permit: OnGrid, State(app): State<App>) -> Result<Versioned<GridDetail>> {
    let OnGrid { grid, content, .. } = permit;
    Ok(Versioned(StatusCode::OK, grid.version, detail(&app, grid, content).await?))
}

/// Replaces what a draft says. It may still lack texts; a publication asks for them.
#[utoipa::path(put, path = "/api/v1/grids/{id}", operation_id = "update_grid", tag = "grids", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = GridContent, responses((status = 200, body = GridDetail), ApiError))]
async fn update(
    permit: OnGrid,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(content): Body<GridContent>,
) -> Result<Versioned<GridDetail>> {
    let OnGrid { caller, grid, .. } = &permit;
    grid.status.edit().map_err(store::Error::from)?;
    let published = store::certification::load(&app.db, grid.certification.id).await?;
    let by = caller.user.id;
    store::grid::update(&app.db, by, &published, grid.id, version, &content).await?;
    answer(&app, grid, StatusCode::OK).await
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/api/v1/grids/{id}", operation_id = "delete_grid", tag = "grids", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn delete(
    permit: OnGrid,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    let by = permit.caller.user.id;
    store::grid::delete(&app.db, by, permit.grid.id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Publishes a draft under the next number. It is in force from now on and never changes; what is
/// signed stays on the grid it was made on.
#[utoipa::path(post, path = "/api/v1/grids/{id}/publish", operation_id = "publish_grid", tag = "grids", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = GridDetail), ApiError))]
async fn publish(
    permit: OnGrid,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<GridDetail>> {
    let OnGrid { caller, grid, .. } = &permit;
    let published = store::certification::load(&app.db, grid.certification.id).await?;
    store::grid::publish(&app.db, caller.user.id, &published, grid.id, version).await?;
    answer(&app, grid, StatusCode::OK).await
}

/// A certification version as a grid makes it.
#[derive(Serialize, ToSchema)]
struct EffectiveCertification {
    /// Number of the grid; 0 for the certification's own criteria, none for a draft.
    grid: Option<u32>,
    #[serde(flatten)]
    certification: CertificationDetail,
}

/// The certification version as this grid makes it, a draft too: what a tutor sees, or will see.
#[utoipa::path(get, path = "/api/v1/grids/{id}/certification", operation_id = "show_grid_certification", tag = "grids", params(("id" = Uuid, Path)), responses((status = 200, body = EffectiveCertification), ApiError))]
async fn show_certification(
    permit: OnGrid,
    State(app): State<App>,
) -> Result<Json<EffectiveCertification>> {
    let OnGrid { grid, content, .. } = permit;
    let published = store::certification::load(&app.db, grid.certification.id).await?;
    let graded = content.apply(&published.certification);
    let certification = CertificationDetail::of(published.id, &graded, app.db.ambient.today());
    Ok(Json(EffectiveCertification { grid: grid.number, certification }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NumberQuery {
    /// Number of a published grid, 0 for the certification's own criteria; the one in force if
    /// absent.
    grid: Option<u32>,
}

/// The certification version of an enrolment as the school's grid makes it.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/certification", operation_id = "show_enrolment_certification", tag = "grids", params(("id" = Uuid, Path), NumberQuery), responses((status = 200, body = EffectiveCertification), ApiError))]
async fn of_enrolment(
    permit: OnEnrolment<ReadEnrolment>,
    State(app): State<App>,
    Query(query): Query<NumberQuery>,
) -> Result<Json<EffectiveCertification>> {
    let id = permit.enrolled.enrolment.certification.id;
    let effective = match query.grid {
        Some(number) => {
            store::grid::numbered(&app.db, id, number).await?.ok_or_else(ApiError::not_found)?
        }
        None => store::grid::in_force(&app.db, id).await?,
    };
    let today = app.db.ambient.today();
    let certification = CertificationDetail::of(id, &effective.certification, today);
    Ok(Json(EffectiveCertification { grid: Some(effective.number), certification }))
}
