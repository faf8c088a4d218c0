//! Mails: those that did not arrive, those that people do not want, those of a demonstration.

use axum::{Json, extract::State, http::StatusCode, response::Redirect};
use chrono::{DateTime, Utc};
use domain::mail::{MailProblem, Topic};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, List, PageQuery, Query},
    permit::{Caller, OnMail, ReadPeople, Within, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(problems))
        .routes(guarded!(resend))
        .routes(guarded!(topics, set_topic))
        // The secret of a mail's own link permits.
        .routes(routes!(mute))
        .routes(routes!(unsubscribe, open_unsubscribe))
        .routes(routes!(demo_mails))
}

/// The mails that did not reach the people whom the caller manages, newest first.
#[utoipa::path(get, path = "/api/v1/mails/problems", operation_id = "list_mail_problems", tag = "mails", params(PageQuery), responses((status = 200, body = List<MailProblem>), ApiError))]
async fn problems(
    permit: Within<ReadPeople>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<MailProblem>>> {
    let found = store::mail::problems(&app.db, &permit.organisations, page.page()).await?;
    Ok(Json(found.into()))
}

/// Sends again what did not arrive, or may not have.
#[utoipa::path(post, path = "/api/v1/mails/{id}/resend", operation_id = "resend_mail", tag = "mails", params(("id" = Uuid, Path)), responses((status = 204), ApiError))]
async fn resend(permit: OnMail, State(app): State<App>) -> Result<StatusCode> {
    let OnMail { caller, organisation, mail } = permit;
    store::mail::resend(&app.db, caller.user.id, organisation, mail).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the caller is written to about.
#[derive(Serialize, ToSchema)]
struct MailTopic {
    topic: Topic,
    /// The others cannot be done without.
    may_be_muted: bool,
    muted: bool,
}

async fn topics_of(app: &App, user: Uuid) -> Result<Json<List<MailTopic>>> {
    let muted = store::mail::mutes(&app.db, user).await?;
    let topic = |topic: Topic| MailTopic {
        topic,
        may_be_muted: topic.may_be_muted(),
        muted: muted.contains(&topic),
    };
    Ok(Json(Topic::ALL.map(topic).into_iter().collect::<Vec<_>>().into()))
}

/// What the caller is written to about.
#[utoipa::path(get, path = "/api/v1/me/mails", operation_id = "list_mail_topics", tag = "me", responses((status = 200, body = List<MailTopic>), ApiError))]
async fn topics(caller: Caller, State(app): State<App>) -> Result<Json<List<MailTopic>>> {
    topics_of(&app, caller.user.id).await
}

#[derive(Deserialize, ToSchema)]
struct SetMailTopic {
    topic: Topic,
    muted: bool,
}

/// Mutes a topic, or undoes it.
#[utoipa::path(put, path = "/api/v1/me/mails", operation_id = "set_mail_topic", tag = "me", request_body = SetMailTopic, responses((status = 200, body = List<MailTopic>), ApiError))]
async fn set_topic(
    caller: Caller,
    State(app): State<App>,
    Body(SetMailTopic { topic, muted }): Body<SetMailTopic>,
) -> Result<Json<List<MailTopic>>> {
    store::mail::mute(&app.db, caller.user.id, topic, muted).await?;
    topics_of(&app, caller.user.id).await
}

#[derive(Deserialize, ToSchema)]
struct MuteByLink {
    /// From the mail.
    token: String,
    muted: bool,
}

#[derive(Serialize, ToSchema)]
struct MutedByLink {
    topic: Topic,
    muted: bool,
    given_name: String,
    family_name: String,
}

/// Mutes what a mail is about for its person, or undoes it, without signing in.
#[utoipa::path(post, path = "/api/v1/mails/mute", operation_id = "mute_by_link", tag = "mails", security(()), request_body = MuteByLink, responses((status = 200, body = MutedByLink), ApiError))]
async fn mute(
    State(app): State<App>,
    Body(MuteByLink { token, muted }): Body<MuteByLink>,
) -> Result<Json<MutedByLink>> {
    let (user, topic) = store::mail::muted_by(&app.db, &token).await?;
    store::mail::mute(&app.db, user.id, topic, muted).await?;
    let (given_name, family_name) = (user.given_name, user.family_name);
    Ok(Json(MutedByLink { topic, muted, given_name, family_name }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Unsubscribe {
    /// From the mail.
    token: String,
}

/// The one click that mail programs offer (RFC 8058, section 3.2).
#[utoipa::path(post, path = "/api/v1/mails/unsubscribe", operation_id = "unsubscribe", tag = "mails", security(()), params(Unsubscribe), responses((status = 204), ApiError))]
async fn unsubscribe(
    State(app): State<App>,
    Query(Unsubscribe { token }): Query<Unsubscribe>,
) -> Result<StatusCode> {
    let (user, topic) = store::mail::muted_by(&app.db, &token).await?;
    store::mail::mute(&app.db, user.id, topic, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same address opened in a browser leads to the page.
#[utoipa::path(get, path = "/api/v1/mails/unsubscribe", operation_id = "open_unsubscribe", tag = "mails", security(()), params(Unsubscribe), responses((status = 303), ApiError))]
async fn open_unsubscribe(Query(Unsubscribe { token }): Query<Unsubscribe>) -> Redirect {
    let known: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
    Redirect::to(&format!("/courriels#{known}"))
}

/// A mail of a demonstration.
#[derive(Serialize, ToSchema)]
struct DemoMail {
    id: Uuid,
    to: String,
    subject: String,
    at: Option<DateTime<Utc>>,
    text: String,
}

/// The mails of a demonstration, newest first. There are none elsewhere.
#[utoipa::path(get, path = "/api/v1/demo/mails", operation_id = "list_demo_mails", tag = "instance", security(()), params(PageQuery), responses((status = 200, body = List<DemoMail>), ApiError))]
async fn demo_mails(
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<DemoMail>>> {
    let folder = app.demo_mails.clone().ok_or_else(ApiError::not_found)?;
    let page = page.page();
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let mut kept = tokio::task::spawn_blocking(move || mail::read(&folder, page.after, limit + 1))
        .await
        .map_err(|_| ApiError::unexpected())?
        .map_err(store::Error::from)?;
    let goes_on = kept.len() > limit;
    kept.truncate(limit);
    let next = kept.last().filter(|_| goes_on).map(|mail| mail.id);
    let item = |mail::Kept { id, to, subject, at, text }| DemoMail { id, to, subject, at, text };
    Ok(Json(List { items: kept.into_iter().map(item).collect(), next }))
}
