//! When and where a student comes before a jury.

use axum::{Json, extract::State};
use domain::jury::convocation::Hearing;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    extract::List,
    permit::{OnEnrolment, ReadDossiers, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(list))
}

/// The hearings to come, of sessions that are convened: at most one, since nobody is on the list of
/// two sessions that are not closed. Nothing of who sits nor of the other candidates.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/hearings", operation_id = "list_hearings", tag = "dossiers", params(("id" = Uuid, Path)), responses((status = 200, body = List<Hearing>), ApiError))]
async fn list(
    permit: OnEnrolment<ReadDossiers>,
    State(app): State<App>,
) -> Result<Json<List<Hearing>>> {
    let items = store::jury::hearings(&app.db, &[permit.enrolled.enrolment.id]).await?;
    Ok(Json(items.into()))
}
