//! What waits for the caller.

use axum::{Json, extract::State};
use domain::queue::QueueItem;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    extract::List,
    permit::{Caller, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(queue))
}

/// What waits for the caller, across all the enrolments they have a part in, what has waited
/// longest first.
#[utoipa::path(get, path = "/api/v1/queue", operation_id = "show_queue", tag = "queue", responses((status = 200, body = List<QueueItem>), ApiError))]
async fn queue(caller: Caller, State(app): State<App>) -> Result<Json<List<QueueItem>>> {
    Ok(Json(store::queue::of(&app.db, &caller.actor).await?.into()))
}
