//! The deliberation of an open session: proposals, decisions, waivers, and closing.

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
};
use domain::{
    decision::{
        Ruling, Verdict, deliberation as rule_of,
        matter::{Bench, CandidateTable},
    },
    jury::{Attendance, JuryMember, JurySession, SessionAction},
    waiver::Waiver,
};
use serde::{Deserialize, Serialize};
use store::{deliberation::Speaking, jury::Sitting};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, Versioned},
    permit::{Caller, Decide, FollowDeliberation, ManageSession, OnSession, Propose, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(show))
        .routes(guarded!(propose))
        .routes(guarded!(decide))
        .routes(guarded!(waive, insist))
        .routes(guarded!(close))
        .routes(guarded!(accommodations))
}

/// A deliberation as one of the members sees it.
#[derive(Serialize, ToSchema)]
struct DeliberationView {
    session: JurySession,
    /// In the order in which the manager lists them.
    members: Vec<MemberAtTable>,
    /// Id of the calling member.
    me: Uuid,
    /// The minutes keep who proposed what.
    keeps_votes: bool,
    /// In their order; nothing is said of them to those who are not at the table.
    candidates: Vec<CandidateTable>,
    /// What the caller may do now.
    actions: Vec<DeliberationRight>,
}

#[derive(Serialize, ToSchema)]
struct MemberAtTable {
    id: Uuid,
    name: String,
    chair: bool,
    voting: bool,
    attendance: Attendance,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DeliberationRight {
    Propose,
    /// Record what the jury decided, waive a requirement, close the session.
    Decide,
}

/// Where a session that is open stands. Managers read its minutes.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/deliberation", operation_id = "deliberation", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, body = DeliberationView), ApiError))]
async fn show(
    permit: OnSession<FollowDeliberation>,
    State(app): State<App>,
) -> Result<Json<DeliberationView>> {
    Ok(Json(view(&app, &permit.caller, &permit.sitting).await?))
}

async fn view(app: &App, caller: &Caller, sitting: &Sitting) -> Result<DeliberationView> {
    let now = app.db.ambient.now();
    let me = seat(caller, sitting)?;
    sitting.session.status.apply(SessionAction::Close).map_err(store::Error::from)?;
    let published = store::certification::load(&app.db, sitting.session.certification.id).await?;
    let keeps_votes = rule_of(&published.certification, sitting.session.route).keeps_votes;
    let matters = store::deliberation::of_session(&app.db, &sitting.session).await?;
    let members = members(sitting);
    let bench = Bench { route: sitting.session.route, members: &members };
    let candidates = matters.iter().map(|matter| matter.table(bench, me)).collect();
    let may = |action| sitting.can(&caller.actor, action, now) == authz::Verdict::Allowed;
    let rights = [
        (authz::Action::Propose, DeliberationRight::Propose),
        (authz::Action::Decide, DeliberationRight::Decide),
    ];
    let actions = rights.into_iter().filter(|(action, _)| may(*action)).map(|(_, right)| right);
    let seats = members.iter().map(|member| MemberAtTable {
        id: member.id,
        name: member.name.clone(),
        chair: member.chair,
        voting: member.voting,
        attendance: member.attendance,
    });
    Ok(DeliberationView {
        members: seats.collect(),
        me: me.id,
        keeps_votes,
        candidates,
        actions: actions.collect(),
        session: sitting.session.clone(),
    })
}

fn members(sitting: &Sitting) -> Vec<JuryMember> {
    sitting.members.iter().map(|sat| sat.member.clone()).collect()
}

fn seat<'a>(caller: &Caller, sitting: &'a Sitting) -> Result<&'a JuryMember> {
    sitting.seat_of(caller.user.id).map(|sat| &sat.member).ok_or_else(ApiError::forbidden)
}

/// What a member says of a block that the address names.
#[derive(Deserialize, ToSchema)]
struct RulingBody {
    verdict: Verdict,
    /// Keys of the competencies that a partial validation lacks.
    #[serde(default)]
    missing: Vec<String>,
    /// Keys of the transversal competencies that are validated through the block.
    #[serde(default)]
    transversal: Vec<String>,
    #[serde(default)]
    motive: String,
}

impl RulingBody {
    fn on(self, block: String) -> Ruling {
        let Self { verdict, missing, transversal, motive } = self;
        Ruling { block, verdict, missing, transversal, motive: motive.trim().to_owned() }
    }
}

/// A candidate of the session, and what is spoken of: a block or a requirement.
struct About {
    candidate: Uuid,
    key: String,
}

impl FromRequestParts<App> for About {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let about: Result<Path<(Uuid, Uuid, String)>, _> =
            Path::from_request_parts(parts, app).await;
        let Path((_, candidate, key)) = about.map_err(|_| ApiError::not_found())?;
        Ok(Self { candidate, key })
    }
}

/// Says what the calling member would decide on a block. `If-Match` is the version that they have
/// seen of their own proposal, 0 for the first one.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/blocks/{block}/proposal", operation_id = "propose", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("block" = String, Path), ("If-Match" = String, Header)), request_body = RulingBody, responses((status = 200, body = CandidateTable), ApiError))]
async fn propose(
    permit: OnSession<Propose>,
    State(app): State<App>,
    About { candidate, key: block }: About,
    IfMatch(version): IfMatch,
    Body(ruling): Body<RulingBody>,
) -> Result<Versioned<CandidateTable>> {
    let OnSession { caller, sitting, .. } = &permit;
    let speaking = Speaking { by: caller.user.id, sitting, candidate, version };
    let done = store::deliberation::propose(&app.db, &speaking, ruling.on(block)).await;
    answer(&app, &speaking, caller, done).await
}

/// Records what the jury decided on a block. `If-Match` is the version that the chair has seen of
/// the decision, 0 for the first one.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/blocks/{block}/decision", operation_id = "decide_block", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("block" = String, Path), ("If-Match" = String, Header)), request_body = RulingBody, responses((status = 200, body = CandidateTable), ApiError))]
async fn decide(
    permit: OnSession<Decide>,
    State(app): State<App>,
    About { candidate, key: block }: About,
    IfMatch(version): IfMatch,
    Body(ruling): Body<RulingBody>,
) -> Result<Versioned<CandidateTable>> {
    let OnSession { caller, sitting, .. } = &permit;
    let speaking = Speaking { by: caller.user.id, sitting, candidate, version };
    let done = store::deliberation::decide(&app.db, &speaking, ruling.on(block)).await;
    answer(&app, &speaking, caller, done).await
}

/// Why the jury does not insist on a requirement that the address names.
#[derive(Deserialize, ToSchema)]
struct WaiverBody {
    motive: String,
    /// Name of the person who answers for it.
    granted_by: String,
    /// An accommodation for a disability.
    #[serde(default)]
    accommodation: bool,
    /// What is behind the accommodation; the minutes never say it.
    #[serde(default)]
    restricted_reason: Option<String>,
}

/// Waives a requirement that is not met. `If-Match` is the version that the chair has seen of the
/// waiver, 0 for the first one.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/waivers/{requirement}", operation_id = "waive_requirement", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("requirement" = String, Path), ("If-Match" = String, Header)), request_body = WaiverBody, responses((status = 200, body = CandidateTable), ApiError))]
async fn waive(
    permit: OnSession<Decide>,
    State(app): State<App>,
    About { candidate, key: requirement }: About,
    IfMatch(version): IfMatch,
    Body(body): Body<WaiverBody>,
) -> Result<Versioned<CandidateTable>> {
    let OnSession { caller, sitting, .. } = &permit;
    let WaiverBody { motive, granted_by, accommodation, restricted_reason } = body;
    let waiver = Waiver { requirement, motive, granted_by, accommodation, restricted_reason };
    let speaking = Speaking { by: caller.user.id, sitting, candidate, version };
    let done = store::deliberation::waive(&app.db, &speaking, waiver).await;
    answer(&app, &speaking, caller, done).await
}

/// Takes a waiver back.
#[utoipa::path(delete, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/waivers/{requirement}", operation_id = "withdraw_waiver", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("requirement" = String, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn insist(
    permit: OnSession<Decide>,
    State(app): State<App>,
    About { candidate, key: requirement }: About,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    let OnSession { caller, sitting, .. } = &permit;
    let speaking = Speaking { by: caller.user.id, sitting, candidate, version };
    let done = store::deliberation::insist(&app.db, &speaking, &requirement).await;
    answer(&app, &speaking, caller, done).await.map(|_| StatusCode::NO_CONTENT)
}

/// The candidate as the member sees them now; whoever was too late gets the same with the refusal,
/// beside the words that they still have.
async fn answer(
    app: &App,
    speaking: &Speaking<'_>,
    caller: &Caller,
    done: store::Result<()>,
) -> Result<Versioned<CandidateTable>> {
    if let Err(error) = done {
        return Err(match error {
            store::Error::Stale { .. } => {
                ApiError::from(error).showing(&table(app, speaking, caller).await?)
            }
            error => error.into(),
        });
    }
    Ok(Versioned(StatusCode::OK, speaking.version + 1, table(app, speaking, caller).await?))
}

async fn table(app: &App, speaking: &Speaking<'_>, caller: &Caller) -> Result<CandidateTable> {
    let sitting = speaking.sitting;
    let matter = store::deliberation::of_candidate(&app.db, &sitting.session, speaking.candidate)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let members = members(sitting);
    let bench = Bench { route: sitting.session.route, members: &members };
    Ok(matter.table(bench, seat(caller, sitting)?))
}

/// Closes the session and seals its minutes: nothing of it changes any more. `If-Match` is the
/// version of the session that the deliberation was read at: whatever goes into the minutes moves it
/// on, and who has not seen that gets the deliberation as it is now (`current`).
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/close", operation_id = "close_jury_session", tag = "juries", params(("id" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn close(
    permit: OnSession<Decide>,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    let OnSession { caller, sitting, .. } = permit;
    let closed = store::minutes::close(&app.db, caller.user.id, &sitting, version).await;
    let Err(error) = closed else { return Ok(StatusCode::NO_CONTENT) };
    if !matches!(error, store::Error::Stale { .. }) {
        return Err(error.into());
    }
    let JurySession { id, organisation_id, .. } = sitting.session;
    let now = store::jury::find(&app.db, &[organisation_id].into(), id).await?;
    let now = now.ok_or_else(ApiError::not_found)?;
    Err(ApiError::from(error).showing(&view(&app, &caller, &now).await?))
}

/// An accommodation that the jury granted, with what is behind it.
#[derive(Serialize, ToSchema)]
struct Accommodation {
    /// Id of the candidate.
    candidate: Uuid,
    /// Key of the requirement.
    requirement: String,
    /// Its name in a few words.
    label: String,
    granted_by: String,
    reason: String,
}

/// What is behind the accommodations of a session, for its managers, who set them up; no minutes say
/// it. The chair reads it at the table, while the session is open.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/accommodations", operation_id = "jury_accommodations", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, body = List<Accommodation>), ApiError))]
async fn accommodations(
    permit: OnSession<ManageSession>,
    State(app): State<App>,
) -> Result<Json<List<Accommodation>>> {
    let session = &permit.sitting.session;
    let published = store::certification::load(&app.db, session.certification.id).await?;
    let label = |key: &str| published.certification.requirement(key).map(|one| one.label.clone());
    let found = store::deliberation::accommodations(&app.db, session.id).await?;
    let items: Vec<Accommodation> = found
        .into_iter()
        .map(|(candidate, waiver)| Accommodation {
            candidate,
            label: label(&waiver.requirement).unwrap_or_else(|| waiver.requirement.clone()),
            requirement: waiver.requirement,
            granted_by: waiver.granted_by,
            reason: waiver.restricted_reason.unwrap_or_default(),
        })
        .collect();
    Ok(Json(items.into()))
}
