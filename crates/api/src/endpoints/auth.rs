//! Signing in and out.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
};
use axum_extra::extract::cookie::CookieJar;
use chrono::{DateTime, Utc};
use domain::person::User;
use serde::{Deserialize, Serialize};
use store::session::Opened;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, cookies,
    extract::Body,
    permit::{Caller, check_origin, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(guarded!(logout))
        .routes(guarded!(change_password))
}

/// An open session. A browser also gets it as cookies.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// For `Authorization: Bearer`.
    access_token: String,
    expires_at: DateTime<Utc>,
    user: User,
}

/// Opens a session.
pub async fn sign_in(app: &App, jar: CookieJar, user: User) -> Result<(CookieJar, Json<SignedIn>)> {
    Ok(signed_in(app, jar, store::session::open(&app.db, user).await?))
}

fn signed_in(app: &App, jar: CookieJar, opened: Opened) -> (CookieJar, Json<SignedIn>) {
    let Opened { id, user, refresh, expires_at: _ } = opened;
    let (access_token, expires_at) = app.keys.issue(user.id, id, app.db.ambient.now());
    let mut jar = cookies::with_access(jar, app, access_token.clone());
    if let Some(refresh) = refresh {
        jar = cookies::with_refresh(jar, app, refresh);
    }
    (jar, Json(SignedIn { access_token, expires_at, user }))
}

#[derive(Deserialize, ToSchema)]
struct Login {
    email: String,
    password: String,
}

/// Signs in by address and password.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", security(()), request_body = Login, responses((status = 200, body = SignedIn), ApiError))]
async fn login(
    State(app): State<App>,
    jar: CookieJar,
    Body(Login { email, password }): Body<Login>,
) -> Result<(CookieJar, Json<SignedIn>)> {
    if !can_be_an_address(&email) {
        return Err(wrong_credentials());
    }
    app.tries.count(&email)?;
    let Some(user) = store::people::authenticate(&app.db, &email, &password).await? else {
        return Err(wrong_credentials());
    };
    app.tries.clear(&email);
    sign_in(&app, jar, user).await
}

/// What has no chance to be an address is neither looked up nor remembered.
pub fn can_be_an_address(email: &str) -> bool {
    email.len() <= 254 && !email.contains(char::is_control)
}

fn wrong_credentials() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "wrong_credentials",
        "L’adresse ou le mot de passe ne va pas. Vérifiez-les, ou demandez un nouveau lien à votre \
         établissement.",
    )
}

/// Trades the refresh cookie for a new pair.
#[utoipa::path(post, path = "/api/v1/auth/refresh", operation_id = "refresh_session", tag = "auth", security(()), responses((status = 200, body = SignedIn), ApiError))]
async fn refresh(
    State(app): State<App>,
    headers: HeaderMap,
    jar: CookieJar,
) -> Result<(CookieJar, Json<SignedIn>)> {
    let token = cookies::refresh(&jar).ok_or_else(ApiError::unauthenticated)?;
    check_origin(&app, &Method::POST, &headers)?;
    let opened =
        store::session::refresh(&app.db, token).await?.ok_or_else(ApiError::unauthenticated)?;
    Ok(signed_in(&app, jar, opened))
}

/// Ends the session at once.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", responses((status = 204), ApiError))]
async fn logout(
    caller: Caller,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<(CookieJar, StatusCode)> {
    store::session::revoke(&app.db, caller.session).await?;
    Ok((cookies::without(jar, &app), StatusCode::NO_CONTENT))
}

#[derive(Deserialize, ToSchema)]
struct ChangePassword {
    current_password: String,
    new_password: String,
}

/// Changes the caller's password, and ends all their sessions but a new one.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth", request_body = ChangePassword, responses((status = 200, body = SignedIn), ApiError))]
async fn change_password(
    caller: Caller,
    State(app): State<App>,
    jar: CookieJar,
    Body(ChangePassword { current_password, new_password }): Body<ChangePassword>,
) -> Result<(CookieJar, Json<SignedIn>)> {
    app.tries.count(&caller.user.email)?;
    let user = caller.user;
    let changed =
        store::people::change_password(&app.db, user.id, &current_password, &new_password).await;
    let was_wrong = matches!(&changed, Err(store::Error::Invalid(faults))
        if faults.iter().any(|fault| fault.code == "wrong_password"));
    if !was_wrong {
        app.tries.forgive(&user.email);
    }
    changed?;
    sign_in(&app, jar, user).await
}
