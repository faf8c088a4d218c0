//! Getting in by a one-time link, and having one sent.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
};
use axum_extra::extract::cookie::CookieJar;
use domain::fault::Fault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::auth::{SignedIn, can_be_an_address, sign_in};
use crate::{
    App,
    client::Client,
    cookies,
    extract::Body,
    permit::check_origin,
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    // The link itself is what permits.
    OpenApiRouter::new()
        .routes(routes!(look))
        .routes(routes!(enter))
        .routes(routes!(renew))
        .routes(routes!(ask))
}

#[derive(Deserialize, ToSchema)]
struct LinkToken {
    /// What follows the `#`.
    token: String,
}

/// Whose link it is, and what for.
#[derive(Serialize, ToSchema)]
struct LinkView {
    user_id: Uuid,
    given_name: String,
    family_name: String,
    /// Whole where the link works; enough to recognise it by where it does not.
    email: String,
    /// It has not been used, and its time is not over; otherwise a fresh one can be asked for.
    is_alive: bool,
    /// It lets in without a password.
    enters: bool,
    /// A password can be chosen with it.
    chooses_password: bool,
}

/// Whom a link is for, without using it up: mail scanners open links too.
#[utoipa::path(post, path = "/api/v1/auth/link/look", operation_id = "look_at_link", tag = "auth", security(()), request_body = LinkToken, responses((status = 200, body = LinkView), ApiError))]
async fn look(
    State(app): State<App>,
    Body(LinkToken { token }): Body<LinkToken>,
) -> Result<Json<LinkView>> {
    let store::access::Link { user, is_alive, enters, chooses_password } =
        store::access::look(&app.db, &token).await?;
    let email = if is_alive { user.email } else { masked(&user.email) };
    Ok(Json(LinkView {
        user_id: user.id,
        given_name: user.given_name,
        family_name: user.family_name,
        email,
        is_alive,
        enters,
        chooses_password,
    }))
}

/// `p…@entreprise.fr`
fn masked(email: &str) -> String {
    let (local, host) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{host}")
}

#[derive(Deserialize, ToSchema)]
struct EnterByLink {
    token: String,
    /// A password to choose; the person's other sessions then end.
    password: Option<String>,
}

/// Uses a link up, and opens a session. The one that this browser had, of whomever, ends.
#[utoipa::path(post, path = "/api/v1/auth/link", operation_id = "enter_by_link", tag = "auth", security(()), request_body = EnterByLink, responses((status = 200, body = SignedIn), ApiError))]
async fn enter(
    State(app): State<App>,
    headers: HeaderMap,
    jar: CookieJar,
    Body(EnterByLink { token, password }): Body<EnterByLink>,
) -> Result<(CookieJar, Json<SignedIn>)> {
    let before = cookies::refresh(&jar).map(str::to_owned);
    if before.is_some() {
        check_origin(&app, &Method::POST, &headers)?;
    }
    let user = match password {
        Some(password) => store::access::choose_password(&app.db, &token, &password).await?,
        None => store::access::enter(&app.db, &token).await?,
    };
    if let Some(secret) = before {
        store::session::revoke_by_secret(&app.db, &secret).await?;
    }
    app.tries.clear(&user.email);
    sign_in(&app, jar, user).await
}

#[derive(Deserialize, ToSchema)]
struct RenewLink {
    token: String,
    /// The page that it led to: the fresh one leads there too.
    page: Option<String>,
}

/// Sends a fresh link to whom a dead one was for.
#[utoipa::path(post, path = "/api/v1/auth/link/renew", operation_id = "renew_link", tag = "auth", security(()), request_body = RenewLink, responses((status = 202), ApiError))]
async fn renew(
    State(app): State<App>,
    Client(client): Client,
    Body(RenewLink { token, page }): Body<RenewLink>,
) -> Result<StatusCode> {
    app.asks.count(client)?;
    store::access::renew(&app.db, &token, page).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Deserialize, ToSchema)]
struct AskForLink {
    email: String,
}

/// Sends a link to an address, if it is somebody's; the answer does not tell.
#[utoipa::path(post, path = "/api/v1/auth/link/ask", operation_id = "ask_for_link", tag = "auth", security(()), request_body = AskForLink, responses((status = 202), ApiError))]
async fn ask(
    State(app): State<App>,
    Client(client): Client,
    Body(AskForLink { email }): Body<AskForLink>,
) -> Result<StatusCode> {
    if !can_be_an_address(&email) || !email.contains('@') {
        return Err(ApiError::invalid(vec![Fault::new(
            "email",
            "bad_email",
            "Cette adresse n’est pas une adresse électronique, par exemple prenom.nom@ecole.fr.",
        )]));
    }
    app.asks.count(client)?;
    store::access::ask_by_address(&app.db, &email).await?;
    Ok(StatusCode::ACCEPTED)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_recognised_and_not_read() {
        for (email, shown) in [
            ("paul.mercier@entreprise.fr", "p…@entreprise.fr"),
            ("é@ecole.fr", "é…@ecole.fr"),
            ("@ecole.fr", "…@ecole.fr"),
        ] {
            assert_eq!(masked(email), shown);
        }
    }
}
