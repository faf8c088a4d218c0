//! Jury sessions: planning, members, candidates, convening, opening.

use std::collections::BTreeSet;

use authz::{Action, Verdict};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use chrono::{DateTime, Utc};
use domain::{
    certification::RouteKind,
    dossier::DossierInfo,
    fault::Fault,
    jury::{
        Attendance, DeclaredConflict, DeclaredLink, JurySession, SessionStatus,
        chair::Handover,
        opening::OpeningCheck,
        session::{
            Answer, CandidateTerms, Durations, MemberProfile, SessionCandidate, SessionTerms,
        },
    },
    person::{Identity, PersonName},
};
use serde::{Deserialize, Serialize};
use store::jury::{Elsewhere, Listed, Pooled, Sat, Sitting, Who};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned},
    misfit,
    permit::{
        AnswerConvocation, Caller, ManageSession, OnMember, OnSession, PlanJuries, ReadSession,
        Within, guarded,
    },
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, update, remove))
        .routes(guarded!(set_candidates))
        .routes(guarded!(pool))
        .routes(guarded!(add_member))
        .routes(guarded!(update_member, remove_member))
        .routes(guarded!(check))
        .routes(guarded!(convene))
        .routes(guarded!(answer))
        .routes(guarded!(open))
        .routes(guarded!(suspend))
        .routes(guarded!(roll_call))
        .routes(guarded!(hand_over))
        .routes(guarded!(invitation))
}

/// A session in a list.
#[derive(Serialize, ToSchema)]
struct SessionSummary {
    #[serde(flatten)]
    session: JurySession,
    candidates: u32,
    members: u32,
    /// How many members are convened, and how many of them accepted or declined.
    convened: u32,
    accepted: u32,
    declined: u32,
    /// What the caller is there, if they sit.
    attendance: Option<Attendance>,
    /// The caller plans and opens it.
    manages: bool,
    /// What the caller may do now.
    actions: Vec<SessionRight>,
    /// How many things stand between it and its opening, where it is planned and the caller manages
    /// it.
    unsettled: Option<usize>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SessionsQuery {
    status: Option<SessionStatus>,
}

/// The sessions of the schools that the caller manages, and those in which they sit; the latest
/// first.
#[utoipa::path(get, path = "/api/v1/jury-sessions", operation_id = "list_jury_sessions", tag = "juries", params(SessionsQuery, PageQuery), responses((status = 200, body = List<SessionSummary>), ApiError))]
async fn list(
    caller: Caller,
    State(app): State<App>,
    Query(SessionsQuery { status }): Query<SessionsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<SessionSummary>>> {
    let found = store::jury::list(&app.db, &caller.actor, status, page.page()).await?;
    let now = app.db.ambient.now();
    let items = found.items.into_iter().map(|listed| summary(&caller, listed, now)).collect();
    Ok(Json(List { items, next: found.next }))
}

fn summary(caller: &Caller, listed: Listed, now: DateTime<Utc>) -> SessionSummary {
    let Listed { sitting, candidates, unsettled } = listed;
    let count = |counts: &dyn Fn(&Sat) -> bool| {
        sitting.members.iter().map(|sat| u32::from(counts(sat))).sum()
    };
    let is = |of: &'static [Attendance]| move |sat: &Sat| of.contains(&sat.member.attendance);
    SessionSummary {
        candidates,
        members: count(&|_| true),
        convened: count(&|sat| sat.convened_at.is_some()),
        accepted: count(&is(&[Attendance::Accepted, Attendance::Present])),
        declined: count(&is(&[Attendance::Declined])),
        attendance: sitting.seat_of(caller.user.id).map(|sat| sat.member.attendance),
        manages: sitting.can(&caller.actor, Action::ManageSession, now) == Verdict::Allowed,
        actions: rights(caller, &sitting, now),
        unsettled,
        session: sitting.session,
    }
}

/// A session as the caller sees it.
#[derive(Serialize, ToSchema)]
struct SessionDetail {
    #[serde(flatten)]
    session: JurySession,
    /// What the certification's modalities ask for.
    durations: Durations,
    members: Vec<MemberView>,
    /// In their order. Empty for a member who is not convened yet.
    candidates: Vec<CandidateView>,
    /// Who presided from when on, where the chair was handed over; for the manager alone, empty for
    /// others.
    handovers: Vec<Handover>,
    /// The caller's own seat: id of the member.
    seat: Option<Uuid>,
    /// What the caller may do now.
    actions: Vec<SessionRight>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SessionRight {
    /// Change the terms, the members and the candidates; convene; delete.
    Plan,
    Open,
    /// Prolong the access window, recuse a member, hand over the chair.
    Prolong,
    RollCall,
    Answer,
    ReadFiles,
    FollowDeliberation,
    ReadMinutes,
}

/// What the caller may do on a session as it is now.
fn rights(caller: &Caller, sitting: &Sitting, now: DateTime<Utc>) -> Vec<SessionRight> {
    let may = |action| sitting.can(&caller.actor, action, now) == Verdict::Allowed;
    let manages = may(Action::ManageSession);
    let is_convened = sitting.seat_of(caller.user.id).is_some_and(|sat| sat.convened_at.is_some());
    let mut rights = Vec::new();
    let status = sitting.session.status;
    if status == SessionStatus::Planned && manages {
        rights.extend([SessionRight::Plan, SessionRight::Open]);
    }
    if status == SessionStatus::Open && manages {
        rights.push(SessionRight::Prolong);
    }
    if status == SessionStatus::Open && may_call(caller, sitting, now) {
        rights.push(SessionRight::RollCall);
    }
    if status != SessionStatus::Closed && is_convened && may(Action::AnswerConvocation) {
        rights.push(SessionRight::Answer);
    }
    if may(Action::ReadFiles) {
        rights.push(SessionRight::ReadFiles);
    }
    if status == SessionStatus::Open && may(Action::FollowDeliberation) {
        rights.push(SessionRight::FollowDeliberation);
    }
    if status == SessionStatus::Closed && may(Action::ReadMinutes) {
        rights.push(SessionRight::ReadMinutes);
    }
    rights
}

/// A member. Who does not manage the session sees who sits and as what, not what others declared.
#[derive(Serialize, ToSchema)]
struct MemberView {
    id: Uuid,
    user_id: Uuid,
    name: String,
    /// For the manager alone.
    email: Option<String>,
    #[serde(flatten)]
    profile: MemberProfile,
    attendance: Attendance,
    /// Their own, or all for the manager.
    declared: Vec<DeclaredConflict>,
    recused_from: Vec<Uuid>,
    convened_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    version: i32,
}

/// A candidate: their name and their companies, so that a member may declare a conflict; no address.
#[derive(Serialize, ToSchema)]
struct CandidateView {
    /// Id of the enrolment, which is the candidate's everywhere.
    enrolment_id: Uuid,
    student: PersonName,
    companies: Vec<String>,
    starts_at: DateTime<Utc>,
    presentation_minutes: u32,
    interview_minutes: u32,
    /// What the session reads once it is open; before, what it would read.
    dossier: Option<DossierInfo>,
    /// For the manager alone; empty for others.
    trainers: Vec<PersonName>,
    /// For the manager alone; empty for others.
    links: Vec<DeclaredLink>,
}

fn member_view(sat: Sat, manages: bool, own: bool) -> MemberView {
    let Sat { user, member, convened_at, answered_at, version } = sat;
    let profile = MemberProfile::of(&member);
    MemberView {
        id: member.id,
        user_id: user.id,
        name: member.name,
        email: manages.then_some(user.email),
        profile,
        attendance: member.attendance,
        declared: if manages || own { member.declared } else { Vec::new() },
        recused_from: member.recused_from,
        convened_at,
        answered_at,
        version,
    }
}

fn candidate_view(candidate: SessionCandidate, manages: bool) -> CandidateView {
    let SessionCandidate {
        enrolment,
        student,
        dossier,
        slot,
        companies,
        tutors: _,
        trainers,
        links,
    } = candidate;
    let trainers = trainers.into_iter().map(PersonName::from).filter(|_| manages).collect();
    CandidateView {
        enrolment_id: enrolment,
        student: student.into(),
        companies,
        starts_at: slot.starts_at,
        presentation_minutes: slot.presentation_minutes,
        interview_minutes: slot.interview_minutes,
        dossier,
        trainers,
        links: if manages { links } else { Vec::new() },
    }
}

async fn detail(app: &App, caller: &Caller, sitting: Sitting) -> Result<SessionDetail> {
    let now = app.db.ambient.now();
    let manages = sitting.can(&caller.actor, Action::ManageSession, now) == Verdict::Allowed;
    let actions = rights(caller, &sitting, now);
    let status = sitting.session.status;
    let own = sitting.seat_of(caller.user.id);
    let is_convened = own.is_some_and(|sat| sat.convened_at.is_some());
    let seat = own.map(|sat| sat.member.id);
    let Sitting { session, members, handovers } = sitting;
    let candidates = if manages || is_convened || status != SessionStatus::Planned {
        store::jury::candidates(&app.db, session.id).await?
    } else {
        Vec::new()
    };
    let published = store::certification::load(&app.db, session.certification.id).await?;
    Ok(SessionDetail {
        durations: Durations::of(&published.certification),
        members: members
            .into_iter()
            .map(|sat| {
                let is_own = seat == Some(sat.member.id);
                member_view(sat, manages, is_own)
            })
            .collect(),
        candidates: candidates
            .into_iter()
            .map(|candidate| candidate_view(candidate, manages))
            .collect(),
        handovers: if manages { handovers } else { Vec::new() },
        seat,
        actions,
        session,
    })
}

async fn answered(
    app: &App,
    caller: &Caller,
    organisation: Uuid,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<SessionDetail>> {
    let sitting = store::jury::find(&app.db, &BTreeSet::from([organisation]), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let version = sitting.session.version;
    Ok(Versioned(status, version, detail(app, caller, sitting).await?))
}

/// The same session as it is now.
async fn again(app: &App, caller: &Caller, sitting: &Sitting) -> Result<Versioned<SessionDetail>> {
    let JurySession { id, organisation_id, .. } = sitting.session;
    answered(app, caller, organisation_id, id, StatusCode::OK).await
}

#[derive(Deserialize, ToSchema)]
struct PlanSession {
    /// Code of the certification.
    certification: String,
    /// The newest, if absent.
    certification_version: Option<String>,
    route: RouteKind,
    #[serde(flatten, deserialize_with = "misfit::part")]
    terms: SessionTerms,
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

/// Plans a session.
#[utoipa::path(post, path = "/api/v1/jury-sessions", operation_id = "plan_jury_session", tag = "juries", params(("Idempotency-Key" = Option<String>, Header)), request_body = PlanSession, responses((status = 201, body = SessionDetail), ApiError))]
async fn create(
    permit: Within<PlanJuries>,
    State(app): State<App>,
    Body(body): Body<PlanSession>,
) -> Result<Versioned<SessionDetail>> {
    let PlanSession { certification, certification_version, route, terms, organisation_id } = body;
    let organisation = permit.organisation(organisation_id)?;
    let scope = BTreeSet::from([organisation]);
    let version = certification_version.as_deref();
    let published = store::certification::find(&app.db, &scope, &certification, version)
        .await?
        .ok_or_else(|| {
            ApiError::invalid(vec![Fault::new(
                "certification",
                "unknown_certification",
                format!("La certification « {certification} » n’est pas publiée ici."),
            )])
        })?;
    let caller = &permit.caller;
    let once = caller.once.as_ref();
    let id = store::jury::create(&app.db, caller.user.id, &published, route, terms, once).await?;
    answered(&app, caller, organisation, id, StatusCode::CREATED).await
}

/// A session with its members and its candidates.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}", operation_id = "show_jury_session", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, body = SessionDetail), ApiError))]
async fn show(
    permit: OnSession<ReadSession>,
    State(app): State<App>,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    let version = sitting.session.version;
    Ok(Versioned(StatusCode::OK, version, detail(&app, &caller, sitting).await?))
}

/// Changes a planned session, and tells those who are convened and the candidates; of an open one, prolongs the access
/// window. Slots move with the session's date.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}", operation_id = "update_jury_session", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = SessionTerms, responses((status = 200, body = SessionDetail), ApiError))]
async fn update(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(terms): Body<SessionTerms>,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::update(&app.db, caller.user.id, &sitting, version, terms).await?;
    again(&app, &caller, &sitting).await
}

/// Deletes a planned session, and tells those who are convened and the candidates.
#[utoipa::path(delete, path = "/api/v1/jury-sessions/{id}", operation_id = "delete_jury_session", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn remove(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    store::jury::delete(&app.db, permit.caller.user.id, &permit.sitting, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct SessionCandidates {
    candidates: Vec<CandidateTerms>,
}

/// Replaces the candidates of a planned session, in the order of the list.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/candidates", operation_id = "set_jury_candidates", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = SessionCandidates, responses((status = 200, body = SessionDetail), ApiError))]
async fn set_candidates(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(SessionCandidates { candidates }): Body<SessionCandidates>,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::set_candidates(&app.db, caller.user.id, &sitting, version, candidates).await?;
    again(&app, &caller, &sitting).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PoolQuery {
    /// Only those of whom a dossier waits for a jury, or only the others.
    deposited: Option<bool>,
    /// In the student's name or address.
    q: Option<String>,
}

/// Somebody who is enrolled in the session's certification by its route.
#[derive(Serialize, ToSchema)]
struct PooledCandidate {
    enrolment_id: Uuid,
    student: PersonName,
    /// Name of their cohort.
    cohort: Option<String>,
    /// The session that keeps them from being put on this one's list.
    elsewhere: Option<OtherSession>,
}

#[derive(Serialize, ToSchema)]
struct OtherSession {
    title: String,
    starts_at: DateTime<Utc>,
}

impl From<Pooled> for PooledCandidate {
    fn from(Pooled { enrolment, elsewhere }: Pooled) -> Self {
        Self {
            enrolment_id: enrolment.id,
            student: enrolment.student.into(),
            cohort: enrolment.cohort.map(|cohort| cohort.name),
            elsewhere: elsewhere
                .map(|Elsewhere { title, starts_at, .. }| OtherSession { title, starts_at }),
        }
    }
}

/// Who can be put on the list of a session, and who is on another one that is not closed.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/pool", operation_id = "list_jury_pool", tag = "juries", params(("id" = Uuid, Path), PoolQuery, PageQuery), responses((status = 200, body = List<PooledCandidate>), ApiError))]
async fn pool(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    Query(PoolQuery { deposited, q }): Query<PoolQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<PooledCandidate>>> {
    let OnSession { caller, sitting, .. } = permit;
    let page = page.page();
    let found = store::jury::pool(&app.db, &caller.actor, &sitting, deposited, q, page).await?;
    let items = found.items.into_iter().map(PooledCandidate::from).collect();
    Ok(Json(List { items, next: found.next }))
}

#[derive(Deserialize, ToSchema)]
struct AddMember {
    /// Somebody of the school; else their address and name.
    user_id: Option<Uuid>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
    #[serde(flatten, deserialize_with = "misfit::part")]
    profile: MemberProfile,
}

/// Seats a person in a planned session: somebody of the school, or of an address, who gets the role
/// of a juror if they do not hold it. Nothing is written to them before they are convened.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/members", operation_id = "add_jury_member", tag = "juries", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = AddMember, responses((status = 201, body = SessionDetail), ApiError))]
async fn add_member(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    Body(body): Body<AddMember>,
) -> Result<Versioned<SessionDetail>> {
    let AddMember { user_id, email, given_name, family_name, profile } = body;
    let OnSession { caller, sitting, .. } = permit;
    let who = match user_id {
        Some(id) => Who::Known(id),
        None => Who::Address(Identity::parse(&email, &given_name, &family_name)?),
    };
    let (by, once) = (caller.user.id, caller.once.as_ref());
    store::jury::add_member(&app.db, by, &sitting, who, profile, once).await?;
    let JurySession { id, organisation_id, .. } = sitting.session;
    answered(&app, &caller, organisation_id, id, StatusCode::CREATED).await
}

#[derive(Deserialize, ToSchema)]
struct ChangeMember {
    #[serde(flatten, deserialize_with = "misfit::part")]
    profile: MemberProfile,
    /// Candidates before whom the member leaves the room.
    #[serde(default)]
    recused_from: BTreeSet<Uuid>,
}

/// Changes a member of a planned session; of an open one, adds to those from whom they are recused.
/// `If-Match` is the member's version.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/members/{member}", operation_id = "update_jury_member", tag = "juries", params(("id" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = String, Header)), request_body = ChangeMember, responses((status = 200, body = SessionDetail), ApiError))]
async fn update_member(
    permit: OnMember,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(body): Body<ChangeMember>,
) -> Result<Versioned<SessionDetail>> {
    let ChangeMember { profile, recused_from } = body;
    let OnMember { caller, sitting, member } = permit;
    let by = caller.user.id;
    store::jury::update_member(&app.db, by, &sitting, member, version, profile, recused_from)
        .await?;
    again(&app, &caller, &sitting).await
}

/// Takes a member off a planned session, and tells them if they were convened. `If-Match` is the
/// member's version.
#[utoipa::path(delete, path = "/api/v1/jury-sessions/{id}/members/{member}", operation_id = "remove_jury_member", tag = "juries", params(("id" = Uuid, Path), ("member" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn remove_member(
    permit: OnMember,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    let OnMember { caller, sitting, member } = permit;
    store::jury::remove_member(&app.db, caller.user.id, &sitting, member, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What stands between a session and its opening.
#[derive(Serialize, ToSchema)]
struct SessionCheck {
    complies: bool,
    /// As it is now, of those who are there once the roll is called; as it was when the session
    /// opened, once it is closed.
    #[serde(flatten)]
    check: OpeningCheck,
}

/// Every rule, met or not, with its figures and the members to look at.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/check", operation_id = "check_jury_session", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, body = SessionCheck), ApiError))]
async fn check(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
) -> Result<Json<SessionCheck>> {
    let sitting = &permit.sitting;
    let check = if sitting.session.status == SessionStatus::Closed {
        store::jury::opened_with(&app.db, sitting.session.id).await?
    } else {
        Some(store::jury::check(&app.db, sitting).await?)
    };
    let check = check.ok_or_else(ApiError::not_found)?;
    Ok(Json(SessionCheck { complies: check.complies(), check }))
}

/// Writes to each member who is not convened yet: a link to get in and a calendar file. The first
/// time, to each candidate too: their own slot.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/convene", operation_id = "convene_jury", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = SessionDetail), ApiError))]
async fn convene(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::convene(&app.db, caller.user.id, &sitting, version).await?;
    again(&app, &caller, &sitting).await
}

/// Accepts or declines, and declares conflicts. `If-Match` is the version of the caller's own seat.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/answer", operation_id = "answer_convocation", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Answer, responses((status = 200, body = SessionDetail), ApiError))]
async fn answer(
    permit: OnSession<AnswerConvocation>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(answer): Body<Answer>,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::answer(&app.db, caller.user.id, &sitting, version, answer).await?;
    again(&app, &caller, &sitting).await
}

/// Opens a session. One that does not comply is refused, with a fault for everything that is not
/// met.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/open", operation_id = "open_jury_session", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = SessionDetail), ApiError))]
async fn open(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::open(&app.db, caller.user.id, &sitting, version).await?;
    again(&app, &caller, &sitting).await
}

/// Takes the opening back: the jury does not meet, or not then. Refused once a block is decided.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/suspend", operation_id = "suspend_jury_session", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 200, body = SessionDetail), ApiError))]
async fn suspend(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::suspend(&app.db, caller.user.id, &sitting, version).await?;
    again(&app, &caller, &sitting).await
}

#[derive(Deserialize, ToSchema)]
struct RollCall {
    /// Ids of the members who are there; the others are absent.
    present: Vec<Uuid>,
}

/// Whether the caller calls the roll: the chair, or who manages the session.
fn may_call(caller: &Caller, sitting: &Sitting, now: DateTime<Utc>) -> bool {
    sitting.can(&caller.actor, Action::ManageSession, now) == Verdict::Allowed
        || sitting.seat_of(caller.user.id).is_some_and(|sat| sat.member.chair)
}

/// Says who is there, while the session is open.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/roll-call", operation_id = "call_jury_roll", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = RollCall, responses((status = 200, body = SessionDetail), ApiError))]
async fn roll_call(
    permit: OnSession<ReadSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(RollCall { present }): Body<RollCall>,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    if !may_call(&caller, &sitting, app.db.ambient.now()) {
        return Err(ApiError::forbidden());
    }
    store::jury::roll_call(&app.db, caller.user.id, &sitting, &present, version).await?;
    again(&app, &caller, &sitting).await
}

#[derive(Deserialize, ToSchema)]
struct HandOver {
    /// Id of the member who presides from now on: they are there and vote.
    member: Uuid,
    /// Kept with the session for its managers; the minutes only say that the chair passed on.
    reason: String,
}

/// Hands the chair of an open session to another member, so that it can be decided on and closed
/// where the chair has left. Whether that member may preside by the route's rule is part of the
/// quorum.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/chair", operation_id = "hand_over_jury_chair", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = HandOver, responses((status = 200, body = SessionDetail), ApiError))]
async fn hand_over(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(HandOver { member, reason }): Body<HandOver>,
) -> Result<Versioned<SessionDetail>> {
    let OnSession { caller, sitting, .. } = permit;
    store::jury::hand_over(&app.db, caller.user.id, &sitting, version, member, &reason).await?;
    again(&app, &caller, &sitting).await
}

/// The session as a calendar file.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/invitation.ics", operation_id = "jury_invitation", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, body = String, content_type = "text/calendar"), ApiError))]
async fn invitation(
    permit: OnSession<ReadSession>,
    State(app): State<App>,
) -> Result<([(HeaderName, &'static str); 2], String)> {
    let OnSession { caller, sitting, .. } = permit;
    let appointment = store::jury::appointment(&app.db, &sitting, caller.user.id).await?;
    let url = format!("{}/jurys/{}", app.public_url, sitting.session.id);
    Ok((
        [
            (header::CONTENT_TYPE, mail::calendar::MEDIA_TYPE),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"invitation.ics\""),
        ],
        mail::calendar::write(&appointment, &url, false),
    ))
}
