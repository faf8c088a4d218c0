//! Visit reports.

use std::collections::BTreeSet;

use authz::{Action, Verdict};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    enrolment::TutorKind,
    visit::{Side, Visit, VisitContent},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::enrolment::Enrolled;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned, patched},
    misfit,
    permit::{Caller, CountersignVisits, OnEnrolment, OnVisit, ReadVisits, WriteVisits, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, update, delete))
        .routes(guarded!(sign))
        .routes(guarded!(countersign))
}

/// A visit report as the caller sees it.
#[derive(Serialize, ToSchema)]
struct VisitDetail {
    #[serde(flatten)]
    visit: Visit,
    /// What the caller may do on it now.
    actions: Vec<VisitRight>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VisitRight {
    Edit,
    Delete,
    Sign,
    /// Countersign, or say why not.
    Countersign,
    /// Write a new report that corrects this one.
    Correct,
}

/// The sides for which the caller signs as a tutor.
fn sides(caller: &Caller, enrolled: &Enrolled) -> BTreeSet<TutorKind> {
    [(TutorKind::Company, Action::AssessCompany), (TutorKind::School, Action::AssessSchool)]
        .into_iter()
        .filter(|(_, action)| enrolled.can(&caller.actor, *action) == Verdict::Allowed)
        .map(|(kind, _)| kind)
        .collect()
}

/// The evidence of the student that the caller may not open.
async fn hidden(app: &App, caller: &Caller, enrolled: &Enrolled) -> Result<BTreeSet<Uuid>> {
    let sight = enrolled.sight(&caller.actor);
    Ok(store::visit::hidden_evidence(app.db.read(), enrolled.enrolment.id, sight).await?)
}

/// The report without the evidence that the caller may not open.
fn seen(mut visit: Visit, hidden: &BTreeSet<Uuid>) -> Visit {
    visit.content.evidence.retain(|id| !hidden.contains(id));
    visit
}

fn detail(caller: &Caller, enrolled: &Enrolled, visit: Visit) -> VisitDetail {
    let may = |action| enrolled.can(&caller.actor, action) == Verdict::Allowed;
    let standing = visit.standing(enrolled.tutors.iter().map(|tutor| tutor.kind).collect());
    let mut actions = Vec::new();
    if may(Action::WriteVisits) {
        if standing.edit().is_ok() {
            actions.push(VisitRight::Edit);
        } else if visit.corrected_by.is_none() {
            actions.push(VisitRight::Correct);
        }
        if visit.signatures.is_empty() {
            actions.push(VisitRight::Delete);
        }
        if sides(caller, enrolled).into_iter().any(|kind| standing.sign(Side::from(kind)).is_ok()) {
            actions.push(VisitRight::Sign);
        }
    }
    if may(Action::CountersignVisits) && standing.countersign(true).is_ok() {
        actions.push(VisitRight::Countersign);
    }
    VisitDetail { visit, actions }
}

async fn answer(
    app: &App,
    caller: &Caller,
    enrolled: &Enrolled,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<VisitDetail>> {
    let scope = [enrolled.enrolment.organisation_id].into();
    let visit = store::visit::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
    let version = visit.version;
    let visit = seen(visit, &hidden(app, caller, enrolled).await?);
    Ok(Versioned(status, version, detail(caller, enrolled, visit)))
}

/// The visit reports of an enrolment, newest first. What nobody has signed is shown to those alone
/// who write it.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/visits", operation_id = "list_visits", tag = "visits", params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = List<Visit>), ApiError))]
async fn list(
    permit: OnEnrolment<ReadVisits>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<Visit>>> {
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let with_drafts = enrolled.can(&caller.actor, Action::WriteVisits) == Verdict::Allowed;
    let enrolment = enrolled.enrolment.id;
    let found = store::visit::list(&app.db, enrolment, with_drafts, page.page()).await?;
    let hidden = hidden(&app, caller, enrolled).await?;
    let items = found.items.into_iter().map(|visit| seen(visit, &hidden)).collect();
    Ok(Json(List { items, next: found.next }))
}

#[derive(Deserialize, ToSchema)]
struct DraftVisit {
    #[serde(flatten, deserialize_with = "misfit::part")]
    content: VisitContent,
    /// The signed report that this one corrects.
    corrects: Option<Uuid>,
}

/// Drafts a visit report.
#[utoipa::path(post, path = "/api/v1/enrolments/{id}/visits", operation_id = "draft_visit", tag = "visits", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = DraftVisit, responses((status = 201, body = VisitDetail), ApiError))]
async fn create(
    permit: OnEnrolment<WriteVisits>,
    State(app): State<App>,
    Body(DraftVisit { content, corrects }): Body<DraftVisit>,
) -> Result<Versioned<VisitDetail>> {
    let OnEnrolment { caller, enrolled, .. } = &permit;
    let once = caller.once.as_ref();
    let by = caller.user.id;
    let id = store::visit::create(&app.db, by, enrolled, content, corrects, once).await?;
    answer(&app, caller, enrolled, id, StatusCode::CREATED).await
}

/// A visit report, whole.
#[utoipa::path(get, path = "/api/v1/visits/{id}", operation_id = "show_visit", tag = "visits", params(("id" = Uuid, Path)), responses((status = 200, body = VisitDetail), ApiError))]
async fn show(
    permit: OnVisit<ReadVisits>,
    State(app): State<App>,
) -> Result<Versioned<VisitDetail>> {
    let OnVisit { caller, enrolled, visit, .. } = permit;
    let visit = seen(visit, &hidden(&app, &caller, &enrolled).await?);
    Ok(Versioned(StatusCode::OK, visit.version, detail(&caller, &enrolled, visit)))
}

/// Changes the named fields of a report that not everybody has signed. Who has signed it before
/// signs again.
#[utoipa::path(patch, path = "/api/v1/visits/{id}", operation_id = "update_visit", tag = "visits", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body(content = VisitContent, description = "Any of its fields"), responses((status = 200, body = VisitDetail), ApiError))]
async fn update(
    permit: OnVisit<WriteVisits>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(patch): Body<Map<String, Value>>,
) -> Result<Versioned<VisitDetail>> {
    let OnVisit { caller, enrolled, visit, .. } = &permit;
    let chooses_evidence = patch.contains_key("evidence");
    let mut content = patched(&visit.content, patch)?;
    if chooses_evidence {
        // Who does not see an evidence does not take it away either.
        let hidden = hidden(&app, caller, enrolled).await?;
        content.evidence.retain(|id| !hidden.contains(id));
        content.evidence.extend(visit.content.evidence.iter().filter(|id| hidden.contains(id)));
    }
    let by = caller.user.id;
    store::visit::update(&app.db, by, enrolled, visit.id, version, content).await?;
    answer(&app, caller, enrolled, visit.id, StatusCode::OK).await
}

/// Deletes a report that nobody has ever signed.
#[utoipa::path(delete, path = "/api/v1/visits/{id}", operation_id = "delete_visit", tag = "visits", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn delete(
    permit: OnVisit<WriteVisits>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    store::visit::delete(&app.db, permit.caller.user.id, permit.visit.id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs for the side of the calling tutor, on the text as it stands.
#[utoipa::path(post, path = "/api/v1/visits/{id}/sign", operation_id = "sign_visit", tag = "visits", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = VisitDetail), ApiError))]
async fn sign(
    permit: OnVisit<WriteVisits>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<VisitDetail>> {
    let OnVisit { caller, enrolled, visit, .. } = &permit;
    let sides = sides(caller, enrolled);
    let by = caller.user.id;
    store::visit::sign(&app.db, by, enrolled, &sides, visit.id, version).await?;
    answer(&app, caller, enrolled, visit.id, StatusCode::OK).await
}

#[derive(Deserialize, ToSchema)]
struct Countersign {
    /// False to refuse.
    agreed: bool,
    /// A remark that stays in the record; required to refuse.
    #[serde(default)]
    comment: String,
}

/// The student countersigns, or says why they do not.
#[utoipa::path(post, path = "/api/v1/visits/{id}/countersign", operation_id = "countersign_visit", tag = "visits", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Countersign, responses((status = 200, body = VisitDetail), ApiError))]
async fn countersign(
    permit: OnVisit<CountersignVisits>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(Countersign { agreed, comment }): Body<Countersign>,
) -> Result<Versioned<VisitDetail>> {
    let OnVisit { caller, enrolled, visit, .. } = &permit;
    let by = caller.user.id;
    store::visit::countersign(&app.db, by, enrolled, visit.id, version, agreed, &comment).await?;
    answer(&app, caller, enrolled, visit.id, StatusCode::OK).await
}
