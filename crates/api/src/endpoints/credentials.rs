//! Credentials of what was obtained: for their holder and the school, and for anybody who verifies.

use authz::Verdict;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::credential::{Award, Awarded, Credential, PublicCredential, Shown};
use serde::{Deserialize, Serialize};
use store::{credential::Issued, enrolment::Enrolled};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    App,
    client::Client,
    extract::{Body, IfMatch, Versioned},
    permit::{Caller, IssueRecords, OnCredential, OnEnrolment, ReadRecords, ShareRecords, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, issue))
        .routes(guarded!(revoke))
        .routes(guarded!(share))
        .routes(guarded!(download))
        .routes(guarded!(image))
        // Anybody verifies, with what the credential says itself.
        .routes(routes!(verify))
        .routes(routes!(issuer))
        .routes(routes!(key))
        .routes(routes!(status_list))
}

/// A credential with the address of its public page.
#[derive(Serialize, ToSchema)]
struct CredentialDetail {
    #[serde(flatten)]
    credential: Credential,
    page: String,
}

/// The credentials of an enrolment.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the list is what it is named for")]
struct Credentials {
    /// Newest first.
    credentials: Vec<CredentialDetail>,
    /// What is in force, not renewed since, and has no credential yet.
    issuable: Vec<Award>,
    /// What the caller may do with them.
    rights: Vec<CredentialRight>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CredentialRight {
    /// Issue and revoke.
    Issue,
    /// Choose what the public page shows.
    Share,
}

fn detail(app: &App, credential: Credential) -> CredentialDetail {
    CredentialDetail { page: app.signing.page(&credential.token), credential }
}

/// The credentials of an enrolment, and what else could have one.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/credentials", operation_id = "list_credentials", tag = "credentials", params(("id" = Uuid, Path)), responses((status = 200, body = Credentials), ApiError))]
async fn list(
    permit: OnEnrolment<ReadRecords>,
    State(app): State<App>,
) -> Result<Json<Credentials>> {
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let Issued { credentials, issuable } =
        store::credential::of_enrolment(&app.db, enrolled).await?;
    let credentials = credentials.into_iter().map(|one| detail(&app, one)).collect();
    Ok(Json(Credentials { credentials, issuable, rights: rights(caller, enrolled) }))
}

fn rights(caller: &Caller, enrolled: &Enrolled) -> Vec<CredentialRight> {
    let may = |action| enrolled.can(&caller.actor, action) == Verdict::Allowed;
    let issue = may(authz::Action::IssueRecords).then_some(CredentialRight::Issue);
    let share = may(authz::Action::ShareRecords).then_some(CredentialRight::Share);
    issue.into_iter().chain(share).collect()
}

/// Issues a credential. What has one that was not revoked keeps that one.
#[utoipa::path(post, path = "/api/v1/enrolments/{id}/credentials", operation_id = "issue_credential", tag = "credentials", params(("id" = Uuid, Path)), request_body = Awarded, responses((status = 201, body = CredentialDetail), ApiError))]
async fn issue(
    permit: OnEnrolment<IssueRecords>,
    State(app): State<App>,
    Body(subject): Body<Awarded>,
) -> Result<Versioned<CredentialDetail>> {
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let by = caller.user.id;
    let issued = store::credential::issue(&app.db, &app.signing, by, enrolled, subject).await?;
    Ok(Versioned(StatusCode::CREATED, issued.version, detail(&app, issued)))
}

#[derive(Deserialize, ToSchema)]
struct Revoke {
    /// Why; the holder reads it, and nobody else.
    reason: String,
}

/// Takes a credential back, for good.
#[utoipa::path(post, path = "/api/v1/credentials/{id}/revoke", operation_id = "revoke_credential", tag = "credentials", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Revoke, responses((status = 200, body = CredentialDetail), ApiError))]
async fn revoke(
    permit: OnCredential<IssueRecords>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(Revoke { reason }): Body<Revoke>,
) -> Result<Versioned<CredentialDetail>> {
    let by = permit.caller.user.id;
    store::credential::revoke(&app.db, by, permit.credential.id, version, &reason).await?;
    answer(&app, &permit.enrolled, permit.credential.id).await
}

/// The holder chooses what the public page shows.
#[utoipa::path(put, path = "/api/v1/credentials/{id}/sharing", operation_id = "share_credential", tag = "credentials", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Shown, responses((status = 200, body = CredentialDetail), ApiError))]
async fn share(
    permit: OnCredential<ShareRecords>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(shown): Body<Shown>,
) -> Result<Versioned<CredentialDetail>> {
    let by = permit.caller.user.id;
    store::credential::share(&app.db, by, permit.credential.id, version, shown).await?;
    answer(&app, &permit.enrolled, permit.credential.id).await
}

async fn answer(app: &App, enrolled: &Enrolled, id: Uuid) -> Result<Versioned<CredentialDetail>> {
    let scope = [enrolled.enrolment.organisation_id].into();
    let (_, credential) =
        store::credential::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Versioned(StatusCode::OK, credential.version, detail(app, credential)))
}

/// Code of what a credential is of.
fn code(credential: &Credential) -> &str {
    let Award { block, certification, .. } = &credential.award;
    block.as_ref().map_or(&certification.code, |block| &block.code)
}

/// The signed credentials of a path that were not taken back, by the code of what they are of.
pub async fn alive(app: &App, enrolled: &Enrolled) -> Result<Vec<(String, String)>> {
    let issued = store::credential::of_enrolment(&app.db, enrolled).await?.credentials;
    let mut alive = Vec::new();
    for one in issued.iter().filter(|one| one.revocation.is_none()) {
        alive.push((code(one).to_owned(), store::credential::jwt(&app.db, one.id).await?));
    }
    Ok(alive)
}

fn attachment(name: &str, media_type: &'static str, content: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, crate::media::disposition(false, name)),
    ];
    (headers, content).into_response()
}

/// The signed credential (Open Badges 3.0, VC-JWT), for a wallet.
#[utoipa::path(get, path = "/api/v1/credentials/{id}/credential.jwt", operation_id = "download_credential", tag = "credentials", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vc+jwt", body = String), ApiError))]
async fn download(permit: OnCredential<ReadRecords>, State(app): State<App>) -> Result<Response> {
    let jwt = store::credential::jwt(&app.db, permit.credential.id).await?;
    let name = format!("{}.jwt", code(&permit.credential));
    Ok(attachment(&name, "application/vc+jwt", jwt))
}

/// A picture that holds the signed credential (a baked SVG).
#[utoipa::path(get, path = "/api/v1/credentials/{id}/badge.svg", operation_id = "download_badge", tag = "credentials", params(("id" = Uuid, Path)), responses((status = 200, content_type = "image/svg+xml", body = String), ApiError))]
async fn image(permit: OnCredential<ReadRecords>, State(app): State<App>) -> Result<Response> {
    let jwt = store::credential::jwt(&app.db, permit.credential.id).await?;
    let Award { block, certification, .. } = &permit.credential.award;
    let title = block.as_ref().map_or(&certification.title, |block| &block.title);
    let code = code(&permit.credential);
    let picture = credentials::baked(code, title, &jwt);
    Ok(attachment(&format!("{code}.svg"), "image/svg+xml", picture))
}

/// What a credential says, to whoever has the address of its page: whether it is valid, expired or
/// revoked, and no more than its holder shows.
#[utoipa::path(get, path = "/api/v1/verify/{token}", operation_id = "verify_credential", tag = "credentials", security(()), params(("token" = String, Path)), responses((status = 200, body = PublicCredential), ApiError))]
async fn verify(
    State(app): State<App>,
    Client(client): Client,
    Path(token): Path<String>,
) -> Result<Json<PublicCredential>> {
    app.looks.count(client)?;
    let found = store::credential::verify(&app.db, &token).await?;
    Ok(Json(found.ok_or_else(ApiError::not_found)?))
}

/// What programs of other sites read too, and may keep for so long, in seconds.
fn public(seconds: u32, media_type: &'static str, content: impl IntoResponse) -> Response {
    const FOR_ALL: [(HeaderName, &str); 2] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    let kept = format!("public, max-age={seconds}");
    let headers = [(header::CACHE_CONTROL, kept), (header::CONTENT_TYPE, media_type.to_owned())];
    (FOR_ALL, headers, content).into_response()
}

/// The profile of a school that issues credentials (Open Badges 3.0).
#[utoipa::path(get, path = "/api/v1/credentials/issuers/{issuer}", operation_id = "show_issuer", tag = "credentials", security(()), params(("issuer" = Uuid, Path)), responses((status = 200, body = Value), ApiError))]
async fn issuer(State(app): State<App>, path: PathId) -> Result<Response> {
    let found = store::credential::issuer(&app.db, &app.signing, id(path)?).await?;
    let profile = found.ok_or_else(ApiError::not_found)?;
    Ok(public(3600, "application/ld+json", profile.to_string()))
}

/// A key that verifies credentials (JWK, RFC 7517), which the header of their signature names.
#[utoipa::path(get, path = "/api/v1/credentials/keys/{key}", operation_id = "show_key", tag = "credentials", security(()), params(("key" = Uuid, Path)), responses((status = 200, body = Value), ApiError))]
async fn key(State(app): State<App>, path: PathId) -> Result<Response> {
    let found = store::credential::key(&app.db, &app.signing, id(path)?).await?;
    let key = found.ok_or_else(ApiError::not_found)?;
    Ok(public(86_400, "application/jwk+json", key.to_string()))
}

/// A list of revocations (W3C Bitstring Status List 1.0), signed.
#[utoipa::path(get, path = "/api/v1/credentials/status/{list}", operation_id = "show_status_list", tag = "credentials", security(()), params(("list" = Uuid, Path)), responses((status = 200, content_type = "application/vc+jwt", body = String), ApiError))]
async fn status_list(State(app): State<App>, path: PathId) -> Result<Response> {
    let found = store::credential::status_list(&app.db, &app.signing, id(path)?).await?;
    Ok(public(300, "application/vc+jwt", found.ok_or_else(ApiError::not_found)?))
}

type PathId = Path<String>;

/// What is no id names nothing.
fn id(Path(text): PathId) -> Result<Uuid> {
    text.parse().map_err(|_| ApiError::not_found())
}
