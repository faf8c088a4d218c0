//! Conversations on evidence.

use authz::{Action, Actor};
use axum::{Json, extract::State, http::StatusCode};
use domain::message::{Message, Speaker};
use serde::Deserialize;
use store::enrolment::Enrolled;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    extract::{Body, List, PageQuery, Query},
    permit::{DiscussEvidence, OnEvidence, ReadEvidence, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(list, create))
}

/// What was said about an evidence, oldest first.
#[utoipa::path(get, path = "/api/v1/evidence/{id}/messages", operation_id = "list_messages", tag = "evidence", params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = List<Message>), ApiError))]
async fn list(
    permit: OnEvidence<ReadEvidence>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<Message>>> {
    Ok(Json(store::message::list(&app.db, permit.evidence.id, page.page()).await?.into()))
}

#[derive(Deserialize, ToSchema)]
struct NewMessage {
    text: String,
}

/// Says something about an evidence to its student and their tutors. A message never changes.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/messages", operation_id = "send_message", tag = "evidence", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = NewMessage, responses((status = 201, body = Message), ApiError))]
async fn create(
    permit: OnEvidence<DiscussEvidence>,
    State(app): State<App>,
    Body(NewMessage { text }): Body<NewMessage>,
) -> Result<(StatusCode, Json<Message>)> {
    let OnEvidence { caller, enrolled, evidence, .. } = &permit;
    let (by, speaker) = (caller.user.id, speaker(enrolled, &caller.actor));
    let once = caller.once.as_ref();
    let id = store::message::create(&app.db, by, speaker, evidence.id, &text, once).await?;
    let message = store::message::find(&app.db, evidence.id, id).await?;
    Ok((StatusCode::CREATED, Json(message.ok_or_else(ApiError::not_found)?)))
}

/// As what somebody speaks who may speak: the tutors know each other by their kind.
fn speaker(enrolled: &Enrolled, actor: &Actor) -> Speaker {
    let assesses = |action| enrolled.can(actor, action) == authz::Verdict::Allowed;
    if assesses(Action::LogEvidence) {
        Speaker::Student
    } else if assesses(Action::AssessSchool) {
        Speaker::SchoolTutor
    } else {
        Speaker::CompanyTutor
    }
}
