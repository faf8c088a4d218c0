//! Enrolments, their tutors and their progress.

use std::collections::BTreeSet;

use authz::{Action, Sight, Verdict};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use domain::{
    certification::RouteKind,
    enrolment::{Enrolment, EnrolmentTerms, LearnerStatus, Tutor, TutorKind},
    evidence::EvidenceStatus,
    fault::Fault,
    progress::{Progress, Tally, progress},
};
use serde::{Deserialize, Serialize};
use store::enrolment::{Enrolled, Filter};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::certifications::unknown_certification;
use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned},
    permit::{
        Caller, ManageEnrolment, ManageEnrolments, OnEnrolment, ReadEnrolment, Within, guarded,
    },
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, update))
        .routes(guarded!(set_tutors))
        .routes(guarded!(show_progress))
}

/// An enrolment with how far it is.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentSummary {
    #[serde(flatten)]
    enrolment: Enrolment,
    /// Number of the school's grid that is in force; 0 for the certification's own criteria.
    grid: u32,
    tally: Tally,
    /// Evidence that waits for a tutor, of which the caller may open.
    submitted_evidence: usize,
}

/// An enrolment as the caller sees it.
#[derive(Serialize, ToSchema)]
struct EnrolmentDetail {
    #[serde(flatten)]
    summary: EnrolmentSummary,
    tutors: Vec<Tutor>,
    /// What the caller may do on it.
    actions: Vec<EnrolmentAction>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EnrolmentAction {
    LogEvidence,
    SelfAssess,
    DecideEvidence,
    AssessCompany,
    AssessSchool,
    Manage,
}

/// How far a student's own are, in a fixed number of statements.
pub async fn summaries(app: &App, own: Vec<Enrolment>) -> Result<Vec<EnrolmentSummary>> {
    summaries_for(app, own.into_iter().map(|one| (one, Sight::Everything)).collect()).await
}

/// How far each is, for who sees so much of it.
async fn summaries_for(
    app: &App,
    enrolments: Vec<(Enrolment, Sight)>,
) -> Result<Vec<EnrolmentSummary>> {
    let ids: Vec<Uuid> = enrolments.iter().map(|(enrolment, _)| enrolment.id).collect();
    let mut facts = store::progress::facts_of_many(&app.db, &ids).await?;
    let certifications =
        enrolments.iter().map(|(enrolment, _)| enrolment.certification.id).collect();
    let grids = store::grid::in_force_of(&app.db, certifications).await?;
    let mut summaries = Vec::with_capacity(enrolments.len());
    for (enrolment, sight) in enrolments {
        let effective = grids.get(&enrolment.certification.id).ok_or_else(ApiError::not_found)?;
        let facts = facts.remove(&enrolment.id).unwrap_or_default();
        let submitted = facts.evidence.iter().filter(|fact| {
            fact.status == EvidenceStatus::Submitted && sight.covers(fact.visibility)
        });
        let submitted_evidence = submitted.count();
        let profile = enrolment.profile.as_deref();
        let tally = progress(effective, enrolment.status, profile, &facts).total;
        let grid = effective.number;
        summaries.push(EnrolmentSummary { enrolment, grid, tally, submitted_evidence });
    }
    Ok(summaries)
}

async fn detail(app: &App, caller: &Caller, enrolled: Enrolled) -> Result<EnrolmentDetail> {
    let actions = [
        (Action::LogEvidence, EnrolmentAction::LogEvidence),
        (Action::AssessSelf, EnrolmentAction::SelfAssess),
        (Action::DecideEvidence, EnrolmentAction::DecideEvidence),
        (Action::AssessCompany, EnrolmentAction::AssessCompany),
        (Action::AssessSchool, EnrolmentAction::AssessSchool),
        (Action::ManageEnrolment, EnrolmentAction::Manage),
    ]
    .into_iter()
    .filter(|(action, _)| enrolled.can(&caller.actor, *action) == Verdict::Allowed)
    .map(|(_, name)| name)
    .collect();
    let sight = enrolled.sight(&caller.actor);
    let Enrolled { enrolment, tutors } = enrolled;
    let summaries = summaries_for(app, vec![(enrolment, sight)]).await?;
    let summary = summaries.into_iter().next().ok_or_else(ApiError::not_found)?;
    Ok(EnrolmentDetail { summary, tutors, actions })
}

async fn answer(
    app: &App,
    caller: &Caller,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<EnrolmentDetail>> {
    let enrolled = store::enrolment::find(&app.db, &caller.actor.organisations(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let version = enrolled.enrolment.version;
    Ok(Versioned(status, version, detail(app, caller, enrolled).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EnrolmentQuery {
    cohort_id: Option<Uuid>,
    /// In the student's name or address.
    q: Option<String>,
}

/// The enrolments that the caller may read: a student's own, a tutor's assigned, a manager's all.
#[utoipa::path(get, path = "/api/v1/enrolments", operation_id = "list_enrolments", tag = "enrolments", params(EnrolmentQuery, PageQuery), responses((status = 200, body = List<EnrolmentSummary>), ApiError))]
async fn list(
    caller: Caller,
    State(app): State<App>,
    Query(query): Query<EnrolmentQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<EnrolmentSummary>>> {
    let EnrolmentQuery { cohort_id, q } = query;
    let filter = Filter { cohort: cohort_id, text: q, ..Filter::default() };
    let found = store::enrolment::list(&app.db, &caller.actor, &filter, page.page()).await?;
    let next = found.next;
    let ids: Vec<Uuid> = found.items.iter().map(|enrolment| enrolment.id).collect();
    let mut tutors = store::enrolment::tutors(&app.db, &ids).await?;
    let seen = found.items.into_iter().map(|enrolment| {
        let tutors = tutors.remove(&enrolment.id).unwrap_or_default();
        let enrolled = Enrolled { enrolment, tutors };
        let sight = enrolled.sight(&caller.actor);
        (enrolled.enrolment, sight)
    });
    Ok(Json(List { items: summaries_for(&app, seen.collect()).await?, next }))
}

#[derive(Deserialize, ToSchema)]
struct CreateEnrolment {
    student_id: Uuid,
    /// Code of the certification; the cohort's if absent.
    certification: Option<String>,
    cohort_id: Option<Uuid>,
    route: RouteKind,
    status: LearnerStatus,
    profile: Option<String>,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Enrols a student.
#[utoipa::path(post, path = "/api/v1/enrolments", operation_id = "create_enrolment", tag = "enrolments", params(("Idempotency-Key" = Option<String>, Header)), request_body = CreateEnrolment, responses((status = 201, body = EnrolmentDetail), ApiError))]
async fn create(
    permit: Within<ManageEnrolments>,
    State(app): State<App>,
    Body(body): Body<CreateEnrolment>,
) -> Result<Versioned<EnrolmentDetail>> {
    let CreateEnrolment {
        student_id,
        certification,
        cohort_id,
        route,
        status,
        profile,
        starts_on,
        ends_on,
    } = body;
    let scope = &permit.organisations;
    let cohort = match cohort_id {
        Some(id) => {
            Some(store::cohort::find(&app.db, scope, id).await?.ok_or_else(ApiError::not_found)?)
        }
        None => None,
    };
    let published = match (&certification, &cohort) {
        (Some(code), None) => store::certification::find(&app.db, scope, code, None)
            .await?
            .ok_or_else(|| unknown_certification(code))?,
        (Some(code), Some(cohort)) if *code != cohort.certification.code => {
            return Err(ApiError::invalid(vec![Fault::new(
                "cohort_id",
                "unknown_cohort",
                "Cette promotion ne prépare pas cette certification.",
            )]));
        }
        (_, Some(cohort)) => store::certification::load(&app.db, cohort.certification.id).await?,
        (None, None) => {
            return Err(ApiError::invalid(vec![Fault::new(
                "certification",
                "required",
                "Choisissez une promotion ou une certification.",
            )]));
        }
    };
    let terms = EnrolmentTerms { route, status, profile, starts_on, ends_on };
    let caller = &permit.caller;
    let id = store::enrolment::create(
        &app.db,
        caller.user.id,
        &published,
        student_id,
        cohort_id,
        terms,
        caller.once.as_ref(),
    )
    .await?;
    answer(&app, caller, id, StatusCode::CREATED).await
}

/// An enrolment, with its tutors and what the caller may do on it.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}", operation_id = "show_enrolment", tag = "enrolments", params(("id" = Uuid, Path)), responses((status = 200, body = EnrolmentDetail), ApiError))]
async fn show(
    permit: OnEnrolment<ReadEnrolment>,
    State(app): State<App>,
) -> Result<Versioned<EnrolmentDetail>> {
    let version = permit.enrolled.enrolment.version;
    let detail = detail(&app, &permit.caller, permit.enrolled).await?;
    Ok(Versioned(StatusCode::OK, version, detail))
}

#[derive(Deserialize, ToSchema)]
struct UpdateEnrolment {
    /// Of the certification version that the enrolment prepares.
    cohort_id: Option<Uuid>,
    route: RouteKind,
    status: LearnerStatus,
    profile: Option<String>,
    starts_on: NaiveDate,
    /// A day that is past ends the path; what was made and signed stays.
    ends_on: Option<NaiveDate>,
}

/// Corrects how a student is enrolled. The route stays while a dossier or the student is before a jury.
#[utoipa::path(put, path = "/api/v1/enrolments/{id}", operation_id = "update_enrolment", tag = "enrolments", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = UpdateEnrolment, responses((status = 200, body = EnrolmentDetail), ApiError))]
async fn update(
    permit: OnEnrolment<ManageEnrolment>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(body): Body<UpdateEnrolment>,
) -> Result<Versioned<EnrolmentDetail>> {
    let UpdateEnrolment { cohort_id, route, status, profile, starts_on, ends_on } = body;
    let terms = EnrolmentTerms { route, status, profile, starts_on, ends_on };
    let enrolment = &permit.enrolled.enrolment;
    let by = permit.caller.user.id;
    store::enrolment::update(&app.db, by, enrolment, version, cohort_id, terms).await?;
    answer(&app, &permit.caller, enrolment.id, StatusCode::OK).await
}

#[derive(Deserialize, ToSchema)]
struct SetTutors {
    tutors: Vec<AssignedTutor>,
}

#[derive(Deserialize, ToSchema)]
struct AssignedTutor {
    user_id: Uuid,
    kind: TutorKind,
}

/// Replaces the tutors of an enrolment.
#[utoipa::path(put, path = "/api/v1/enrolments/{id}/tutors", tag = "enrolments", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = SetTutors, responses((status = 200, body = EnrolmentDetail), ApiError))]
async fn set_tutors(
    permit: OnEnrolment<ManageEnrolment>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(SetTutors { tutors }): Body<SetTutors>,
) -> Result<Versioned<EnrolmentDetail>> {
    let tutors: BTreeSet<(Uuid, TutorKind)> =
        tutors.into_iter().map(|AssignedTutor { user_id, kind }| (user_id, kind)).collect();
    let enrolment = &permit.enrolled.enrolment;
    let by = permit.caller.user.id;
    store::enrolment::set_tutors(&app.db, by, enrolment, version, &tutors).await?;
    answer(&app, &permit.caller, enrolment.id, StatusCode::OK).await
}

/// The progress of one student.
#[derive(Serialize, ToSchema)]
struct EnrolmentProgress {
    enrolment_id: Uuid,
    #[serde(flatten)]
    progress: Progress,
}

/// How far the student is, per block and per competency, and what is missing.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/progress", tag = "enrolments", params(("id" = Uuid, Path)), responses((status = 200, body = EnrolmentProgress), (status = 304), ApiError))]
async fn show_progress(
    permit: OnEnrolment<ReadEnrolment>,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response> {
    let sight = permit.enrolled.sight(&permit.caller.actor);
    let enrolment = permit.enrolled.enrolment;
    // A certificate may expire over night, so that the day is part of what is shown.
    let tag = |version: i32| format!("\"{version}.{}\"", app.db.ambient.today());
    let known = headers.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    if known == Some(tag(enrolment.version).as_bytes()) {
        let tag = [(header::ETAG, tag(enrolment.version))];
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    // The version is read first: a grid that is published in between comes with a newer one.
    let (mut facts, version) = store::progress::facts(&app.db, enrolment.id).await?;
    let effective = store::grid::in_force(&app.db, enrolment.certification.id).await?;
    if permit.caller.user.id == enrolment.student.id {
        facts.ratings.iter_mut().for_each(|rating| rating.weighted = None);
    } else {
        // A draft is the student's own.
        facts.evidence.retain(|fact| fact.status != EvidenceStatus::Draft);
    }
    let profile = enrolment.profile.as_deref();
    let mut progress = progress(&effective, enrolment.status, profile, &facts);
    // What is confidential counts for everybody, but leads only those to it who may open it.
    let may_open = |id: Uuid| {
        let found = facts.evidence.iter().find(|fact| fact.id == id);
        found.is_some_and(|fact| sight.covers(fact.visibility))
    };
    for block in &mut progress.blocks {
        for deliverable in &mut block.deliverables {
            deliverable.evidence_id = deliverable.evidence_id.filter(|id| may_open(*id));
        }
    }
    for requirement in &mut progress.requirements {
        requirement.evidence.retain(|id| may_open(*id));
    }
    let body = EnrolmentProgress { enrolment_id: enrolment.id, progress };
    Ok(([(header::ETAG, tag(version))], Json(body)).into_response())
}
