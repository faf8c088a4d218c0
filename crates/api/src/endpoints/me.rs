//! The caller.

use axum::{Json, extract::State};
use domain::person::{Membership, User};
use serde::Serialize;
use store::{enrolment::Filter, page::Page};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    deadlines::{MyDeadline, of_student},
    enrolments::{EnrolmentSummary, summaries},
};
use crate::{
    App,
    permit::{Caller, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(me))
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
struct Me {
    user: User,
    memberships: Vec<Membership>,
    /// The caller's own, as a student.
    enrolments: Vec<EnrolmentSummary>,
    /// Dates of these enrolments' cohorts, the earliest first.
    deadlines: Vec<MyDeadline>,
}

/// Who is signed in, what they are where, and their own enrolments.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "show_me", tag = "me", responses((status = 200, body = Me), ApiError))]
async fn me(caller: Caller, State(app): State<App>) -> Result<Json<Me>> {
    let memberships = store::people::memberships(&app.db, caller.user.id).await?;
    let filter = Filter { student: Some(caller.user.id), ..Filter::default() };
    let page = Page { after: None, limit: 50 };
    let own = store::enrolment::list(&app.db, &caller.actor, &filter, page).await?;
    let deadlines = of_student(&app, &own.items).await?;
    let enrolments = summaries(&app, own.items).await?;
    Ok(Json(Me { user: caller.user, memberships, enrolments, deadlines }))
}
