//! What a school prints on the papers that it issues.

use axum::{extract::State, http::StatusCode};
use domain::{letterhead::Letterhead, person::Organisation};
use serde::{Deserialize, Serialize};
use store::letterhead::Printed;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, Query, Versioned},
    permit::{PlanJuries, Within, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(show, update))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SchoolQuery {
    /// Needed by those alone who manage several schools.
    organisation: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
struct LetterheadDetail {
    organisation: Organisation,
    #[serde(flatten)]
    letterhead: Letterhead,
    version: i32,
}

async fn answer(app: &App, organisation: Uuid) -> Result<Versioned<LetterheadDetail>> {
    let Printed { organisation, letterhead, version } =
        store::letterhead::of_organisation(&app.db, organisation).await?;
    let detail = LetterheadDetail { organisation, letterhead, version };
    Ok(Versioned(StatusCode::OK, version, detail))
}

/// The letterhead of a school; blank until it is written.
#[utoipa::path(get, path = "/api/v1/letterhead", operation_id = "show_letterhead", tag = "records", params(SchoolQuery), responses((status = 200, body = LetterheadDetail), ApiError))]
async fn show(
    permit: Within<PlanJuries>,
    State(app): State<App>,
    Query(query): Query<SchoolQuery>,
) -> Result<Versioned<LetterheadDetail>> {
    answer(&app, permit.organisation(query.organisation)?).await
}

/// Replaces it. Papers that are downloaded from now on have it, also those of earlier sessions.
#[utoipa::path(put, path = "/api/v1/letterhead", operation_id = "update_letterhead", tag = "records", params(SchoolQuery, ("If-Match" = String, Header)), request_body = Letterhead, responses((status = 200, body = LetterheadDetail), ApiError))]
async fn update(
    permit: Within<PlanJuries>,
    State(app): State<App>,
    Query(query): Query<SchoolQuery>,
    IfMatch(version): IfMatch,
    Body(letterhead): Body<Letterhead>,
) -> Result<Versioned<LetterheadDetail>> {
    let organisation = permit.organisation(query.organisation)?;
    let by = permit.caller.user.id;
    store::letterhead::update(&app.db, by, organisation, version, letterhead).await?;
    answer(&app, organisation).await
}
