//! What waits for the caller.

use axum::{Json, extract::State};
use domain::queue::{Queue, QueueKind};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    extract::Query,
    permit::{Caller, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(queue))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueQuery {
    /// Lists this kind only.
    kind: Option<QueueKind>,
    /// How many students to list, 1 to 1,000; 20 if absent.
    students: Option<usize>,
}

/// What waits for the caller, across all the enrolments they have a part in: student after student,
/// who has waited longest first. Longer lists are asked for anew rather than continued, since what
/// is done meanwhile changes their order.
#[utoipa::path(get, path = "/api/v1/queue", operation_id = "show_queue", tag = "queue", params(QueueQuery), responses((status = 200, body = Queue), ApiError))]
async fn queue(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<QueueQuery>,
) -> Result<Json<Queue>> {
    let QueueQuery { kind, students } = query;
    let queue = store::queue::of(&app.db, &caller.actor).await?;
    Ok(Json(queue.narrowed(kind, students.unwrap_or(20).clamp(1, 1_000))))
}
