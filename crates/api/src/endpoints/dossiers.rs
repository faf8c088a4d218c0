//! Dossiers for the jury: the gate, deposits, and what was frozen.

use std::collections::BTreeMap;

use authz::{Action, Verdict};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    dossier::{
        DossierAction, DossierInfo,
        frozen::FrozenDossier,
        gate::{BlockGate, Subject, gates},
    },
    progress::progress,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::files::{Bytes, DownloadQuery, serve};
use crate::{
    App,
    extract::{Body, IfMatch, List, Query, Versioned},
    media::disposition,
    permit::{
        Caller, Deposit, OnDossier, OnEnrolment, OnFrozenFile, ReadDossiers, ReopenDossiers,
        guarded,
    },
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(gate))
        .routes(guarded!(list, deposit))
        .routes(guarded!(show))
        .routes(guarded!(manifest))
        .routes(guarded!(file))
        .routes(guarded!(reopen))
}

/// What a deposit would meet.
#[derive(Serialize, ToSchema)]
struct Gate {
    /// In the certification's order; none where it has no block yet.
    blocks: Vec<BlockGate>,
    /// Titles of the evidence that is named, by id.
    titles: BTreeMap<Uuid, String>,
    /// An evidence that is still in the student's hands, by the key of each competency that it shows.
    drafts: BTreeMap<String, Uuid>,
}

/// What a jury would miss in each block, and what keeps it from being deposited.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/gate", operation_id = "show_gate", tag = "dossiers", params(("id" = Uuid, Path)), responses((status = 200, body = Gate), ApiError))]
async fn gate(permit: OnEnrolment<Deposit>, State(app): State<App>) -> Result<Json<Gate>> {
    let enrolment = permit.enrolled.enrolment;
    let (facts, _) = store::progress::facts(&app.db, enrolment.id).await?;
    let effective = store::grid::in_force(&app.db, enrolment.certification.id).await?;
    let progress = progress(&effective, enrolment.status, enrolment.profile.as_deref(), &facts);
    let blocks = gates(&effective.certification, &progress, &facts);
    let named = blocks.iter().flat_map(|gate| &gate.items).filter_map(|item| match item.subject {
        Subject::Evidence { evidence_id } => Some(evidence_id),
        _ => None,
    });
    let titles = store::evidence::titles(&app.db, named).await?.into_iter().collect();
    let is_draft =
        |id: Uuid| facts.evidence.iter().any(|fact| fact.id == id && fact.status.is_editable());
    let drafts = facts.links.iter().filter(|(id, _)| is_draft(*id));
    let drafts = drafts.map(|(id, competency)| (competency.clone(), *id)).collect();
    Ok(Json(Gate { blocks, titles, drafts }))
}

/// Every version of the dossier, newest first.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/dossiers", operation_id = "list_dossiers", tag = "dossiers", params(("id" = Uuid, Path)), responses((status = 200, body = List<DossierInfo>), ApiError))]
async fn list(
    permit: OnEnrolment<ReadDossiers>,
    State(app): State<App>,
) -> Result<Json<List<DossierInfo>>> {
    let items = store::dossier::of_enrolment(&app.db, permit.enrolled.enrolment.id).await?;
    Ok(Json(items.into()))
}

async fn answer(
    app: &App,
    caller: &Caller,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<DossierInfo>> {
    let dossier = store::dossier::find(&app.db, &caller.actor.organisations(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Versioned(status, dossier.version, dossier))
}

/// Freezes blocks for the jury; the student gets a receipt by mail. Work goes on in the portfolio,
/// and the dossier stays as it is.
#[utoipa::path(post, path = "/api/v1/enrolments/{id}/dossiers", operation_id = "deposit_dossier", tag = "dossiers", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = domain::dossier::Deposit, responses((status = 201, body = DossierInfo), ApiError))]
async fn deposit(
    permit: OnEnrolment<Deposit>,
    State(app): State<App>,
    Body(deposit): Body<domain::dossier::Deposit>,
) -> Result<Versioned<DossierInfo>> {
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let once = caller.once.as_ref();
    let id = store::dossier::deposit(&app.db, caller.user.id, enrolled, deposit, once).await?;
    answer(&app, caller, id, StatusCode::CREATED).await
}

/// A dossier, with all that it froze.
#[derive(Serialize, ToSchema)]
struct DossierDetail {
    #[serde(flatten)]
    dossier: DossierInfo,
    frozen: FrozenDossier,
    /// How many evidences are left out, because they are confidential and the caller may not open
    /// them.
    hidden: usize,
    /// What the caller may do on it now.
    actions: Vec<DossierRight>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DossierRight {
    Reopen,
    /// Download the manifest, which names every file.
    ReadManifest,
}

/// What was deposited, as it was then: for the student, the school's tutors, the managers, and the
/// jury that reads it now.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}", operation_id = "show_dossier", tag = "dossiers", params(("id" = Uuid, Path)), responses((status = 200, body = DossierDetail), ApiError))]
async fn show(
    permit: OnDossier<ReadDossiers>,
    State(app): State<App>,
) -> Result<Versioned<DossierDetail>> {
    let OnDossier { caller, enrolled, dossier, sight, judges, .. } = permit;
    let mut frozen = store::dossier::frozen(&app.db, dossier.id).await?.dossier;
    let hidden =
        frozen.hide(&store::dossier::hidden(&app.db, dossier.enrolment_id, &frozen, sight).await?);
    if judges {
        frozen = frozen.without_addresses();
    }
    let mut actions = Vec::new();
    let may_reopen = enrolled.can(&caller.actor, Action::ReopenDossiers) == Verdict::Allowed;
    if may_reopen && dossier.status.apply(DossierAction::Reopen).is_ok() {
        actions.push(DossierRight::Reopen);
    }
    if hidden == 0 {
        actions.push(DossierRight::ReadManifest);
    }
    let version = dossier.version;
    Ok(Versioned(StatusCode::OK, version, DossierDetail { dossier, frozen, hidden, actions }))
}

/// The manifest in its canonical form: the sum of this very text stands for the whole, and each line
/// is the sum, the size and the path of a file.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/manifest", operation_id = "download_manifest", tag = "dossiers", params(("id" = Uuid, Path)), responses((status = 200, content_type = "text/plain", body = String), ApiError))]
async fn manifest(permit: OnDossier<ReadDossiers>, State(app): State<App>) -> Result<Response> {
    let OnDossier { dossier, sight, .. } = permit;
    let frozen = store::dossier::frozen(&app.db, dossier.id).await?;
    if !store::dossier::hidden(&app.db, dossier.enrolment_id, &frozen.dossier, sight)
        .await?
        .is_empty()
    {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "confidential_manifest",
            "Ce dossier contient des preuves confidentielles, que son manifeste nomme : demandez-le \
             à l’apprenant ou à son tuteur de l’école.",
        ));
    }
    let name = format!("manifeste-dossier-{}.txt", dossier.number);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition(false, &name)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, frozen.manifest.canonical()).into_response())
}

/// The content of a frozen file, or a range of it.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/files/{file}", operation_id = "download_frozen_file", tag = "dossiers", params(("id" = Uuid, Path), ("file" = Uuid, Path), DownloadQuery, ("Range" = Option<String>, Header), ("If-Range" = Option<String>, Header)), responses((status = 200, content_type = "application/octet-stream", body = Bytes), (status = 206, content_type = "application/octet-stream", body = Bytes), ApiError))]
async fn file(
    permit: OnFrozenFile,
    State(app): State<App>,
    Query(query): Query<DownloadQuery>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    serve(&app, permit.file, &query, method, &headers).await
}

#[derive(Deserialize, ToSchema)]
struct Reopen {
    /// The student and the auditor read it.
    reason: String,
}

/// Takes a dossier back before its session opens, so that the student may deposit anew. The student
/// is told why by mail.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/reopen", operation_id = "reopen_dossier", tag = "dossiers", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Reopen, responses((status = 200, body = DossierInfo), ApiError))]
async fn reopen(
    permit: OnDossier<ReopenDossiers>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(Reopen { reason }): Body<Reopen>,
) -> Result<Versioned<DossierInfo>> {
    let OnDossier { caller, dossier, .. } = &permit;
    store::dossier::reopen(&app.db, caller.user.id, dossier.id, version, &reason).await?;
    answer(&app, caller, dossier.id, StatusCode::OK).await
}
