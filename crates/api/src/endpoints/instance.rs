//! The server itself: its health, what a sign-in page needs to know, the first start.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use axum_extra::extract::cookie::CookieJar;
use domain::{evidence::FILES_MAX, person::Identity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::auth::{SignedIn, sign_in};
use crate::{
    App, Demo,
    extract::Body,
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    // Open to everyone, so no permit.
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(instance))
        .routes(routes!(setup))
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "instance", security(()), responses((status = 200, body = str)))]
async fn healthz() -> &'static str {
    "ok"
}

/// The database answers too.
#[utoipa::path(get, path = "/readyz", tag = "instance", security(()), responses((status = 200, body = str), (status = 503)))]
async fn readyz(State(app): State<App>) -> impl IntoResponse {
    if app.db.is_ready().await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}

/// What a page may know before anyone signs in.
#[derive(Serialize, ToSchema)]
struct Instance {
    name: &'static str,
    version: &'static str,
    /// No organisation exists yet: the link that the server printed creates one.
    setup_needed: bool,
    /// Bytes.
    max_file_bytes: u64,
    max_files_per_evidence: u64,
    demo: Option<Demo>,
}

/// What a page may know before anyone signs in.
#[utoipa::path(get, path = "/api/v1/instance", operation_id = "show_instance", tag = "instance", security(()), responses((status = 200, body = Instance), ApiError))]
async fn instance(State(app): State<App>) -> Result<Json<Instance>> {
    Ok(Json(Instance {
        name: "Acquis",
        version: env!("CARGO_PKG_VERSION"),
        setup_needed: store::people::is_empty(&app.db).await?,
        max_file_bytes: app.db.files.max_bytes(),
        max_files_per_evidence: FILES_MAX,
        demo: app.demo.as_deref().cloned(),
    }))
}

#[derive(Deserialize, ToSchema)]
struct Setup {
    /// From the link that the first start prints.
    token: String,
    /// Name of the organisation.
    organisation: String,
    given_name: String,
    family_name: String,
    email: String,
    password: String,
}

/// Creates the first organisation with its administrator, once.
#[utoipa::path(post, path = "/api/v1/setup", operation_id = "set_up", tag = "instance", security(()), request_body = Setup, responses((status = 200, body = SignedIn), ApiError))]
async fn setup(
    State(app): State<App>,
    jar: CookieJar,
    Body(setup): Body<Setup>,
) -> Result<(CookieJar, Json<SignedIn>)> {
    let Setup { token, organisation, given_name, family_name, email, password } = setup;
    let identity = Identity::parse(&email, &given_name, &family_name)?;
    let user = store::people::set_up(&app.db, &token, &organisation, identity, &password).await?;
    sign_in(&app, jar, user).await
}
