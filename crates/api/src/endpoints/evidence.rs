//! Evidence: drafts, submissions, decisions, revisions.

use authz::{Action, Verdict};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    certification::{Block, Certification},
    evidence::{
        Evidence, EvidenceAction, EvidenceContent, EvidenceFact, EvidenceKind, EvidenceStatus,
        EvidenceSummary, Visibility,
    },
    fault::Fault,
    progress::EvidenceCount,
    requirement::{Contribution, contributions},
    revision::Revision,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{
    enrolment::Enrolled,
    evidence::{Filter, InBlock},
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned, patched},
    permit::{
        Caller, DecideEvidence, LogEvidence, OnEnrolment, OnEvidence, ReadEvidence, guarded,
        on_evidence,
    },
    problem::{ApiError, Problem, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, update, delete))
        .routes(guarded!(submit))
        .routes(guarded!(withdraw))
        .routes(guarded!(declare))
        .routes(guarded!(show_to))
        .routes(guarded!(accept))
        .routes(guarded!(give_back))
        .routes(guarded!(revisions))
        .routes(guarded!(accept_many))
}

/// An evidence as the caller sees it.
#[derive(Serialize, ToSchema)]
struct EvidenceDetail {
    #[serde(flatten)]
    evidence: Evidence,
    /// What it brings to the requirements, once it is accepted.
    contributions: Vec<Contribution>,
    /// What the caller may do on it now.
    actions: Vec<EvidenceRight>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EvidenceRight {
    Edit,
    Delete,
    Submit,
    Decide,
    /// Take back what no tutor has decided on.
    Withdraw,
    /// Declare it as the deliverable of a modality.
    Declare,
    /// Say who may open it, though nothing else of it changes any more.
    ShowTo,
    /// Send a message about it.
    Discuss,
}

/// What the caller may do on it now.
fn rights(caller: &Caller, enrolled: &Enrolled, evidence: &Evidence) -> Vec<EvidenceRight> {
    let Evidence { content, status, revision, .. } = evidence;
    let may =
        |action| enrolled.can_on(&caller.actor, action, content.visibility) == Verdict::Allowed;
    let mut rights = Vec::new();
    if may(Action::LogEvidence) {
        if status.edit().is_ok() {
            rights.extend([EvidenceRight::Edit, EvidenceRight::Submit]);
        } else {
            rights.push(EvidenceRight::ShowTo);
        }
        if status.delete(*revision).is_ok() {
            rights.push(EvidenceRight::Delete);
        }
        if status.apply(EvidenceAction::Withdrawn).is_ok() {
            rights.push(EvidenceRight::Withdraw);
        }
        if status.declare().is_ok() && content.kind.may_be_deliverable() {
            rights.push(EvidenceRight::Declare);
        }
    }
    if may(Action::DecideEvidence) && status.apply(EvidenceAction::Accepted).is_ok() {
        rights.push(EvidenceRight::Decide);
    }
    if may(Action::DiscussEvidence) && status.discuss().is_ok() {
        rights.push(EvidenceRight::Discuss);
    }
    rights
}

async fn detail(
    app: &App,
    caller: &Caller,
    enrolled: &Enrolled,
    evidence: Evidence,
) -> Result<EvidenceDetail> {
    let content = &evidence.content;
    let may_count = content.kind.is_period()
        || content.kind == EvidenceKind::LanguageCertificate
        || !content.requirements.is_empty();
    // Of what the student is changing, others get no news this way either.
    let is_current =
        caller.user.id == enrolled.enrolment.student.id || evidence.status.is_handed_in();
    let contributions = if may_count && is_current {
        let enrolment = &enrolled.enrolment;
        let published = store::certification::load(&app.db, enrolment.certification.id).await?;
        let (facts, _) = store::progress::facts(&app.db, enrolment.id).await?;
        let certification: &Certification = &published.certification;
        let status = enrolment.status;
        let id = evidence.id;
        let mut found = contributions(certification, status, &facts.evidence, id, facts.today);
        // Another period may be confidential: on which days it was is not told.
        let sight = enrolled.sight(&caller.actor);
        let seen: Vec<EvidenceFact> =
            facts.evidence.into_iter().filter(|fact| sight.covers(fact.visibility)).collect();
        let told = contributions(certification, status, &seen, id, facts.today);
        for (contribution, told) in found.iter_mut().zip(told) {
            contribution.shared_days =
                contribution.shared_days.filter(|days| told.shared_days == Some(*days));
        }
        found
    } else {
        Vec::new()
    };
    let actions = rights(caller, enrolled, &evidence);
    Ok(EvidenceDetail { evidence, contributions, actions })
}

async fn answer(
    app: &App,
    caller: &Caller,
    enrolled: &Enrolled,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<EvidenceDetail>> {
    let scope = caller.actor.organisations();
    let evidence =
        store::evidence::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
    let version = evidence.version;
    Ok(Versioned(status, version, detail(app, caller, enrolled, evidence).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EvidenceQuery {
    /// Words that are all in the title, the text or the organisation, whatever their case and
    /// accents.
    q: Option<String>,
    kind: Option<EvidenceKind>,
    status: Option<EvidenceStatus>,
    /// Key of a competency.
    competency: Option<String>,
    /// Code of a block: what shows one of its competencies or is one of its deliverables.
    block: Option<String>,
    /// Only what is handed in as the deliverable of a modality.
    deliverable: Option<bool>,
    #[param(inline)]
    order: Option<EvidenceOrder>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EvidenceOrder {
    Oldest,
    Newest,
}

/// Part of a list of evidence, with what is said of the whole.
#[derive(Serialize, ToSchema)]
struct EvidenceList {
    items: Vec<EvidenceSummary>,
    /// Where the list goes on, if it does.
    next: Option<Uuid>,
    /// How many there are in each status, whichever status is asked for.
    statuses: EvidenceCount,
    /// Confidential ones that the caller may not open, whatever is searched.
    hidden: u32,
}

/// The evidence of an enrolment, oldest first unless asked otherwise. What is not handed in is shown
/// to its student alone.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/evidence", operation_id = "list_evidence", tag = "evidence", params(("id" = Uuid, Path), EvidenceQuery, PageQuery), responses((status = 200, body = EvidenceList), ApiError))]
async fn list(
    permit: OnEnrolment<ReadEvidence>,
    State(app): State<App>,
    Query(query): Query<EvidenceQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<EvidenceList>> {
    let EvidenceQuery { q, kind, status, competency, block, deliverable, order } = query;
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let enrolment = &enrolled.enrolment;
    let block = match block {
        Some(code) => Some(in_block(&app, enrolled, &code).await?),
        None => None,
    };
    let filter = Filter {
        sight: enrolled.sight(&caller.actor),
        own: caller.user.id == enrolment.student.id,
        text: q,
        kind,
        status,
        competency,
        block,
        deliverable: deliverable.unwrap_or_default(),
        newest_first: order == Some(EvidenceOrder::Newest),
    };
    let found = store::evidence::list(&app.db, enrolment.id, &filter, page.page()).await?;
    let store::evidence::Found { page, statuses, hidden } = found;
    Ok(Json(EvidenceList { items: page.items, next: page.next, statuses, hidden }))
}

/// What belongs to the block; nothing where the certification has no such block.
async fn in_block(app: &App, enrolled: &Enrolled, code: &str) -> Result<InBlock> {
    let certification = enrolled.enrolment.certification.id;
    let effective = store::grid::in_force(&app.db, certification).await?;
    let block = effective.certification.block(code);
    let competencies = block.into_iter().flat_map(Block::assessed);
    let modalities = block.into_iter().flat_map(|block| &block.modalities);
    Ok(InBlock {
        competencies: competencies.map(str::to_owned).collect(),
        modalities: modalities.map(|modality| modality.key.clone()).collect(),
    })
}

/// Logs an evidence, as a draft.
#[utoipa::path(post, path = "/api/v1/enrolments/{id}/evidence", operation_id = "create_evidence", tag = "evidence", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = EvidenceContent, responses((status = 201, body = EvidenceDetail), ApiError))]
async fn create(
    permit: OnEnrolment<LogEvidence>,
    State(app): State<App>,
    Body(content): Body<EvidenceContent>,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let enrolment = &enrolled.enrolment;
    let published = store::certification::load(&app.db, enrolment.certification.id).await?;
    let id = store::evidence::create(
        &app.db,
        caller.user.id,
        enrolment,
        &published.certification,
        content,
        caller.once.as_ref(),
    )
    .await?;
    answer(&app, caller, enrolled, id, StatusCode::CREATED).await
}

/// An evidence, whole.
#[utoipa::path(get, path = "/api/v1/evidence/{id}", operation_id = "show_evidence", tag = "evidence", params(("id" = Uuid, Path)), responses((status = 200, body = EvidenceDetail), ApiError))]
async fn show(
    permit: OnEvidence<ReadEvidence>,
    State(app): State<App>,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = permit;
    let version = evidence.version;
    let detail = detail(&app, &caller, &enrolled, evidence).await?;
    Ok(Versioned(StatusCode::OK, version, detail))
}

/// Changes the named fields of a draft or a returned evidence.
#[utoipa::path(patch, path = "/api/v1/evidence/{id}", operation_id = "update_evidence", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body(content = EvidenceContent, description = "Any of its fields"), responses((status = 200, body = EvidenceDetail), ApiError))]
async fn update(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(patch): Body<Map<String, Value>>,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = &permit;
    let content = patched(&evidence.content, patch)?;
    let certification = enrolled.enrolment.certification.id;
    let published = store::certification::load(&app.db, certification).await?;
    let certification = &published.certification;
    let by = caller.user.id;
    store::evidence::update(&app.db, by, certification, evidence.id, version, content).await?;
    answer(&app, caller, enrolled, evidence.id, StatusCode::OK).await
}

/// Deletes a draft that was never handed in.
#[utoipa::path(delete, path = "/api/v1/evidence/{id}", operation_id = "delete_evidence", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn delete(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    store::evidence::delete(&app.db, permit.caller.user.id, permit.evidence.id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hands it in to the tutors; what is handed in is kept as a revision.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/submit", operation_id = "submit_evidence", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = EvidenceDetail), ApiError))]
async fn submit(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = &permit;
    let certification = enrolled.enrolment.certification.id;
    let published = store::certification::load(&app.db, certification).await?;
    let by = caller.user.id;
    store::evidence::submit(&app.db, by, &published.certification, evidence.id, version).await?;
    answer(&app, caller, enrolled, evidence.id, StatusCode::OK).await
}

/// Takes back what no tutor has decided on: it is a draft again, and keeps its revisions.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/withdraw", operation_id = "withdraw_evidence", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = EvidenceDetail), ApiError))]
async fn withdraw(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = &permit;
    store::evidence::withdraw(&app.db, caller.user.id, evidence.id, version).await?;
    answer(&app, caller, enrolled, evidence.id, StatusCode::OK).await
}

#[derive(Deserialize, ToSchema)]
struct DeclareDeliverable {
    /// Key of the modality; absent to declare it as none any more.
    modality: Option<String>,
}

/// Declares what is handed in as the deliverable of a modality, instead of any other evidence.
#[utoipa::path(put, path = "/api/v1/evidence/{id}/deliverable", operation_id = "declare_deliverable", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = DeclareDeliverable, responses((status = 200, body = EvidenceDetail), ApiError))]
async fn declare(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(DeclareDeliverable { modality }): Body<DeclareDeliverable>,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = &permit;
    let certification = enrolled.enrolment.certification.id;
    let published = store::certification::load(&app.db, certification).await?;
    let certification = &published.certification;
    let by = caller.user.id;
    store::evidence::declare(&app.db, by, certification, evidence.id, version, modality).await?;
    answer(&app, caller, enrolled, evidence.id, StatusCode::OK).await
}

#[derive(Deserialize, ToSchema)]
struct Audience {
    visibility: Visibility,
}

/// Says who may open it, whatever its status.
#[utoipa::path(put, path = "/api/v1/evidence/{id}/visibility", operation_id = "show_evidence_to", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Audience, responses((status = 200, body = EvidenceDetail), ApiError))]
async fn show_to(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(Audience { visibility }): Body<Audience>,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = &permit;
    store::evidence::show_to(&app.db, caller.user.id, evidence.id, version, visibility).await?;
    answer(&app, caller, enrolled, evidence.id, StatusCode::OK).await
}

#[derive(Deserialize, ToSchema)]
struct Comment {
    /// Required to return an evidence.
    #[serde(default)]
    comment: Option<String>,
}

/// Accepts a submitted evidence.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/accept", operation_id = "accept_evidence", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Comment, responses((status = 200, body = EvidenceDetail), ApiError))]
async fn accept(
    permit: OnEvidence<DecideEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(comment): Body<Comment>,
) -> Result<Versioned<EvidenceDetail>> {
    decide(&app, &permit, version, EvidenceAction::Accepted, comment).await
}

/// Returns a submitted evidence to its student, with a comment that says what to do.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/return", operation_id = "return_evidence", tag = "evidence", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Comment, responses((status = 200, body = EvidenceDetail), ApiError))]
async fn give_back(
    permit: OnEvidence<DecideEvidence>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(comment): Body<Comment>,
) -> Result<Versioned<EvidenceDetail>> {
    decide(&app, &permit, version, EvidenceAction::Returned, comment).await
}

async fn decide(
    app: &App,
    permit: &OnEvidence<DecideEvidence>,
    version: i32,
    action: EvidenceAction,
    Comment { comment }: Comment,
) -> Result<Versioned<EvidenceDetail>> {
    let OnEvidence { caller, enrolled, evidence, .. } = permit;
    store::evidence::decide(&app.db, caller.user.id, evidence.id, version, action, comment).await?;
    answer(app, caller, enrolled, evidence.id, StatusCode::OK).await
}

/// Everything that was ever handed in of it, oldest first.
#[utoipa::path(get, path = "/api/v1/evidence/{id}/revisions", operation_id = "list_revisions", tag = "evidence", params(("id" = Uuid, Path)), responses((status = 200, body = List<Revision>), ApiError))]
async fn revisions(
    permit: OnEvidence<ReadEvidence>,
    State(app): State<App>,
) -> Result<Json<List<Revision>>> {
    Ok(Json(store::evidence::revisions(&app.db, permit.evidence.id).await?.into()))
}

/// Most evidence that is accepted at once.
const DECISIONS_MAX: usize = 100;

#[derive(Deserialize, ToSchema)]
struct Decisions {
    items: Vec<Decided>,
}

/// An evidence as the tutor has read it.
#[derive(Deserialize, ToSchema)]
struct Decided {
    id: Uuid,
    version: i32,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
struct DecisionResult {
    id: Uuid,
    /// The version now, if it is accepted.
    version: Option<i32>,
    /// Why it is not; the others are accepted all the same.
    problem: Option<Problem>,
}

/// Accepts several submitted evidences, each by itself: what cannot be accepted does not hold up the
/// others. Sent again, it accepts nothing twice.
#[utoipa::path(post, path = "/api/v1/evidence/decisions", operation_id = "accept_evidences", tag = "evidence", request_body = Decisions, responses((status = 200, body = List<DecisionResult>), ApiError))]
async fn accept_many(
    caller: Caller,
    State(app): State<App>,
    Body(Decisions { items }): Body<Decisions>,
) -> Result<Json<List<DecisionResult>>> {
    if items.len() > DECISIONS_MAX {
        let detail = format!("Au plus {DECISIONS_MAX} preuves à la fois.");
        return Err(ApiError::invalid(vec![Fault::new("items", "too_many", detail)]));
    }
    let mut results = Vec::with_capacity(items.len());
    for Decided { id, version } in items {
        results.push(match accept_one(&app, &caller, id, version).await {
            Ok(version) => DecisionResult { id, version: Some(version), problem: None },
            Err(error) => DecisionResult { id, version: None, problem: Some(error.into()) },
        });
    }
    Ok(Json(results.into()))
}

async fn accept_one(app: &App, caller: &Caller, id: Uuid, version: i32) -> Result<i32> {
    let (_, evidence) = on_evidence(app, caller, id, Action::DecideEvidence).await?;
    let last = evidence.history.last();
    let is_done = evidence.version == version + 1
        && last.is_some_and(|event| {
            event.action == EvidenceAction::Accepted && event.by.id == caller.user.id
        });
    if is_done {
        return Ok(evidence.version);
    }
    let by = caller.user.id;
    store::evidence::decide(&app.db, by, id, version, EvidenceAction::Accepted, None).await?;
    Ok(version + 1)
}
