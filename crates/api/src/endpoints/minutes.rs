//! Sealed minutes and their amendments.

use authz::{Action, Verdict};
use axum::{Json, extract::State, http::StatusCode};
use domain::jury::minutes::Sealed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::Body,
    permit::{AmendMinutes, OnSession, ReadMinutes, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(show)).routes(guarded!(amend))
}

/// Sealed minutes as the caller sees them.
#[derive(Serialize, ToSchema)]
struct MinutesDetail {
    #[serde(flatten)]
    sealed: Sealed,
    /// How many candidates are left out, before whom the caller left the room.
    left_out: usize,
    may_amend: bool,
}

/// The minutes as the caller reads them, and how many candidates they do not read of: whoever left
/// the room does not learn what was said there. A manager reads them whole.
pub(super) async fn read<A>(app: &App, permit: &OnSession<A>) -> Result<(Sealed, usize)> {
    let OnSession { caller, sitting, .. } = permit;
    let sealed = store::minutes::find(&app.db, sitting.session.id).await?;
    let mut sealed = sealed.ok_or_else(ApiError::not_found)?;
    let now = app.db.ambient.now();
    let manages = sitting.can(&caller.actor, Action::ManageSession, now) == Verdict::Allowed;
    let left_out = match sitting.seat_of(caller.user.id) {
        Some(sat) if !manages => sealed.leave_out(sat.member.id),
        _ => 0,
    };
    Ok((sealed, left_out))
}

async fn detail<A>(app: &App, permit: &OnSession<A>) -> Result<MinutesDetail> {
    let OnSession { caller, sitting, .. } = permit;
    let (sealed, left_out) = read(app, permit).await?;
    let may_amend = sitting.can(&caller.actor, Action::AmendMinutes, app.db.ambient.now());
    Ok(MinutesDetail { sealed, left_out, may_amend: may_amend == Verdict::Allowed })
}

/// The minutes of a closed session, for its managers and the members who were there; every sum is
/// taken again.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/minutes", operation_id = "minutes", tag = "juries", params(("id" = uuid::Uuid, Path)), responses((status = 200, body = MinutesDetail), ApiError))]
async fn show(
    permit: OnSession<ReadMinutes>,
    State(app): State<App>,
) -> Result<Json<MinutesDetail>> {
    Ok(Json(detail(&app, &permit).await?))
}

#[derive(Deserialize, ToSchema)]
struct AddAmendment {
    /// Enrolment of the candidate whom it is about: the others do not read it. Absent where it is
    /// about the session.
    about: Option<Uuid>,
    text: String,
}

/// Adds to the minutes, whose text stays as it was sealed.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/minutes/amendments", operation_id = "amend_minutes", tag = "juries", params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = AddAmendment, responses((status = 201, body = MinutesDetail), ApiError))]
async fn amend(
    permit: OnSession<AmendMinutes>,
    State(app): State<App>,
    Body(AddAmendment { about, text }): Body<AddAmendment>,
) -> Result<(StatusCode, Json<MinutesDetail>)> {
    let OnSession { caller, sitting, .. } = &permit;
    let once = caller.once.as_ref();
    store::minutes::amend(&app.db, caller.user.id, sitting, about, &text, once).await?;
    Ok((StatusCode::CREATED, Json(detail(&app, &permit).await?)))
}
