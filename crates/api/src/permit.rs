//! Permits: a handler gets its row only together with the right to use it.
//!
//! Each extractor here loads what the path names and asks `authz`. [`guarded!`] takes only handlers
//! whose first argument is one of them, so a route without a permit does not compile.

use std::{collections::BTreeSet, marker::PhantomData};

use authz::{Action, Actor, Resource, Sight, Verdict};
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{
    assessment::{Assessment, AssessorKind},
    credential::Credential,
    deadline::Deadline,
    dossier::DossierInfo,
    enrolment::Cohort,
    evidence::{Evidence, EvidenceContent, FileInfo},
    grid::{Grid, GridContent},
    jury::session::SessionCandidate,
    person::{Membership, Person, Role, User},
    visit::Visit,
};
use store::{
    Once,
    enrolment::Enrolled,
    jury::{Sat, Sitting},
    jury_notes::Desk,
};
use uuid::Uuid;

use crate::{
    App, cookies,
    once::once,
    problem::{ApiError, Result},
};

/// Marks the extractors that only give out what the caller may use.
pub trait Permit {}

/// Handlers whose first argument is a permit.
pub trait Guarded<Arguments> {}

macro_rules! guarded_handlers {
    ($($argument:ident),*) => {
        impl<F, P: Permit, R, $($argument),*> Guarded<(P, $($argument,)*)> for F
        where
            F: Fn(P, $($argument),*) -> R,
        {
        }
    };
}
guarded_handlers!();
guarded_handlers!(A);
guarded_handlers!(A, B);
guarded_handlers!(A, B, C);
guarded_handlers!(A, B, C, D);

pub fn require_permit<Arguments, H: Guarded<Arguments>>(_: &H) {}

/// Routes of handlers that take a permit.
macro_rules! guarded {
    ($($handler:ident),+ $(,)?) => {{
        $($crate::permit::require_permit(&$handler);)+
        utoipa_axum::routes!($($handler),+)
    }};
}
pub(crate) use guarded;

/// Anybody who is signed in.
pub struct Caller {
    pub user: User,
    pub actor: Actor,
    pub session: Uuid,
    /// Makes a creation happen once, if the sender asked so.
    pub once: Option<Once>,
}

impl Permit for Caller {}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = if let Some(token) = bearer(&parts.headers) {
            token
        } else {
            let token = cookies::access(&jar).ok_or_else(ApiError::unauthenticated)?;
            check_origin(app, &parts.method, &parts.headers)?;
            token
        };
        let session =
            app.keys.session(token, app.db.ambient.now()).ok_or_else(ApiError::unauthenticated)?;
        let signed =
            store::session::find(&app.db, session).await?.ok_or_else(ApiError::unauthenticated)?;
        let once = once(parts, signed.user.id)?;
        Ok(Self { user: signed.user, actor: signed.actor, session, once })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A write that rests on cookies must come from a page of this site: its `Origin` is the public
/// address, or the host that it is sent to where a proxy leaves that as it is (OWASP CSRF Prevention
/// Cheat Sheet, verifying origin).
pub fn check_origin(app: &App, method: &Method, headers: &HeaderMap) -> Result<()> {
    if method.is_safe() {
        return Ok(());
    }
    let text =
        |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let same = match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => {
            origin == &*app.public_url
                || origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        _ => false,
    };
    if same {
        Ok(())
    } else {
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "Cette demande ne vient pas d’une page d’Acquis.",
        ))
    }
}

/// An action as a type, to name it in a handler's arguments.
pub trait Does: Send + Sync {
    const ACTION: Action;
}

macro_rules! actions {
    ($($action:ident),+ $(,)?) => {
        $(
            pub struct $action;
            impl Does for $action {
                const ACTION: Action = Action::$action;
            }
        )+
    };
}
actions!(
    ReadCertifications,
    PublishCertifications,
    ListCohorts,
    ManageCohorts,
    ReadPeople,
    ManagePeople,
    ManageEnrolments,
    ManageGrids,
    ReadEnrolment,
    ManageEnrolment,
    LogEvidence,
    ReadEvidence,
    DecideEvidence,
    DiscussEvidence,
    ReadAssessments,
    ReadVisits,
    WriteVisits,
    CountersignVisits,
    PlanJuries,
    Deposit,
    ReadDossiers,
    ReopenDossiers,
    ReadRecords,
    IssueRecords,
    ShareRecords,
    ReadSession,
    ManageSession,
    AnswerConvocation,
    FollowDeliberation,
    ReadFiles,
    Propose,
    Decide,
    ReadMinutes,
    AmendMinutes,
);

/// The organisations in which the caller may do something; there is at least one.
pub struct Within<A> {
    pub caller: Caller,
    pub organisations: BTreeSet<Uuid>,
    action: PhantomData<A>,
}

impl<A> Permit for Within<A> {}

impl<A: Does> FromRequestParts<App> for Within<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let organisations: BTreeSet<Uuid> = caller
            .actor
            .organisations()
            .into_iter()
            .filter(|id| {
                authz::can(&caller.actor, A::ACTION, Resource::Organisation(*id))
                    == Verdict::Allowed
            })
            .collect();
        if organisations.is_empty() {
            return Err(ApiError::forbidden());
        }
        Ok(Self { caller, organisations, action: PhantomData })
    }
}

impl<A: Does> Within<A> {
    /// The organisation that was named, or the only one there is.
    pub fn organisation(&self, named: Option<Uuid>) -> Result<Uuid> {
        match named {
            Some(id) if self.organisations.contains(&id) => Ok(id),
            Some(_) => Err(ApiError::not_found()),
            None => {
                let mut ids = self.organisations.iter();
                match (ids.next(), ids.next()) {
                    (Some(only), None) => Ok(*only),
                    _ => Err(ApiError::new(
                        StatusCode::UNPROCESSABLE_ENTITY,
                        "organisation_required",
                        "Vous gérez plusieurs établissements : précisez lequel.",
                    )),
                }
            }
        }
    }
}

async fn path_id(parts: &mut Parts, app: &App) -> Result<Uuid> {
    path_uuid(parts, app, "id").await
}

/// An id that the path names otherwise.
async fn path_uuid(parts: &mut Parts, app: &App, named: &str) -> Result<Uuid> {
    let params =
        RawPathParams::from_request_parts(parts, app).await.map_err(|_| ApiError::not_found())?;
    params
        .iter()
        .find_map(|(name, value)| (name == named).then(|| value.parse().ok()).flatten())
        .ok_or_else(ApiError::not_found)
}

fn verdict(verdict: Verdict) -> Result<()> {
    match verdict {
        Verdict::Allowed => Ok(()),
        Verdict::Forbidden => Err(ApiError::forbidden()),
        Verdict::Hidden => Err(ApiError::not_found()),
    }
}

/// The enrolment, if the caller may do this on it.
async fn enrolled(app: &App, caller: &Caller, id: Uuid, action: Action) -> Result<Enrolled> {
    let found = store::enrolment::find(&app.db, &caller.actor.organisations(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    verdict(found.can(&caller.actor, action))?;
    Ok(found)
}

/// An enrolment, named by the path.
pub struct OnEnrolment<A> {
    pub caller: Caller,
    pub enrolled: Enrolled,
    action: PhantomData<A>,
}

impl<A> Permit for OnEnrolment<A> {}

impl<A: Does> FromRequestParts<App> for OnEnrolment<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let enrolled = enrolled(app, &caller, id, A::ACTION).await?;
        Ok(Self { caller, enrolled, action: PhantomData })
    }
}

/// An evidence, named by the path.
pub struct OnEvidence<A> {
    pub caller: Caller,
    pub enrolled: Enrolled,
    pub evidence: Evidence,
    action: PhantomData<A>,
}

impl<A> Permit for OnEvidence<A> {}

impl<A: Does> FromRequestParts<App> for OnEvidence<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let (enrolled, evidence) = on_evidence(app, &caller, id, A::ACTION).await?;
        Ok(Self { caller, enrolled, evidence, action: PhantomData })
    }
}

/// An evidence and its enrolment, if the caller may do this on it. What is not handed in is the
/// student's own: nobody else learns that a draft exists, nor what the student changes in an
/// evidence that was returned; they get it as it was handed in last. Who may open it follows what
/// the student says now.
pub async fn on_evidence(
    app: &App,
    caller: &Caller,
    id: Uuid,
    action: Action,
) -> Result<(Enrolled, Evidence)> {
    let scope = caller.actor.organisations();
    let mut evidence =
        store::evidence::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
    let enrolled = enrolled(app, caller, evidence.enrolment_id, Action::ReadEvidence).await?;
    let visibility = evidence.content.visibility;
    verdict(enrolled.can_on(&caller.actor, Action::ReadEvidence, visibility))?;
    if caller.user.id != enrolled.enrolment.student.id {
        if !evidence.status.is_shown() {
            return Err(ApiError::not_found());
        }
        if evidence.status.is_editable()
            && let Some(last) = store::evidence::revisions(&app.db, id).await?.pop()
        {
            evidence.content = EvidenceContent { visibility, ..last.content };
            evidence.files = last.files;
        }
    }
    verdict(enrolled.can_on(&caller.actor, action, visibility))?;
    Ok((enrolled, evidence))
}

/// A file, named by the path.
pub struct OnFile<A> {
    pub caller: Caller,
    pub file: FileInfo,
    action: PhantomData<A>,
}

impl<A> Permit for OnFile<A> {}

impl<A: Does> FromRequestParts<App> for OnFile<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let (file, evidence) = store::file::find(&app.db, &caller.actor.organisations(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let (_, evidence) = on_evidence(app, &caller, evidence, A::ACTION).await?;
        let holds = |files: &[FileInfo]| files.iter().any(|held| held.id == id);
        // A file that was taken off is there for as long as something that was handed in shows it.
        let is_shown = holds(&evidence.files)
            || store::evidence::revisions(&app.db, evidence.id)
                .await?
                .iter()
                .any(|revision| holds(&revision.files));
        if !is_shown {
            return Err(ApiError::not_found());
        }
        Ok(Self { caller, file, action: PhantomData })
    }
}

/// A visit report, named by the path. Until somebody signs it, it is for those alone who write it.
pub struct OnVisit<A> {
    pub caller: Caller,
    pub enrolled: Enrolled,
    pub visit: Visit,
    action: PhantomData<A>,
}

impl<A> Permit for OnVisit<A> {}

impl<A: Does> FromRequestParts<App> for OnVisit<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let visit = store::visit::find(&app.db, &caller.actor.organisations(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let enrolled = enrolled(app, &caller, visit.enrolment_id, Action::ReadVisits).await?;
        let writes = enrolled.can(&caller.actor, Action::WriteVisits) == Verdict::Allowed;
        if visit.signatures.is_empty() && !writes {
            return Err(ApiError::not_found());
        }
        verdict(enrolled.can(&caller.actor, A::ACTION))?;
        Ok(Self { caller, enrolled, visit, action: PhantomData })
    }
}

/// A cohort, named by the path.
pub struct OnCohort<A> {
    pub caller: Caller,
    pub cohort: Cohort,
    action: PhantomData<A>,
}

impl<A> Permit for OnCohort<A> {}

impl<A: Does> FromRequestParts<App> for OnCohort<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let cohort = cohort(app, &caller, id, A::ACTION).await?;
        Ok(Self { caller, cohort, action: PhantomData })
    }
}

/// The cohort, if the caller may do this on it.
async fn cohort(app: &App, caller: &Caller, id: Uuid, action: Action) -> Result<Cohort> {
    let cohort = store::cohort::find(&app.db, &caller.actor.organisations(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let can =
        |action| authz::can(&caller.actor, action, Resource::Organisation(cohort.organisation_id));
    if can(Action::ListCohorts) != Verdict::Allowed {
        return Err(ApiError::not_found());
    }
    verdict(can(action))?;
    Ok(cohort)
}

/// A date of a cohort that the caller manages, named by the path.
pub struct OnDeadline {
    pub caller: Caller,
    pub cohort: Cohort,
    pub deadline: Deadline,
}

impl Permit for OnDeadline {}

impl FromRequestParts<App> for OnDeadline {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let deadline = store::deadline::find(&app.db, &caller.actor.organisations(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let cohort = cohort(app, &caller, deadline.cohort.id, Action::ManageCohorts).await?;
        Ok(Self { caller, cohort, deadline })
    }
}

/// A grid of an organisation whose grids the caller manages, named by the path.
pub struct OnGrid {
    pub caller: Caller,
    pub grid: Grid,
    pub content: GridContent,
}

impl Permit for OnGrid {}

impl FromRequestParts<App> for OnGrid {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let (grid, content) = store::grid::find(&app.db, &caller.actor.organisations(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let resource = Resource::Organisation(grid.organisation_id);
        // Who does not manage grids reads none of them either: what is published reaches them with
        // their students' certification.
        match authz::can(&caller.actor, Action::ManageGrids, resource) {
            Verdict::Allowed => Ok(Self { caller, grid, content }),
            Verdict::Forbidden | Verdict::Hidden => Err(ApiError::not_found()),
        }
    }
}

/// A deposited dossier, named by the path. Who may not read it does not learn that it exists, even
/// where they may read the student's portfolio.
pub struct OnDossier<A> {
    pub caller: Caller,
    pub enrolled: Enrolled,
    pub dossier: DossierInfo,
    /// Which of its evidence the caller may open.
    pub sight: Sight,
    /// The caller reads it as a member of the jury alone.
    pub judges: bool,
    action: PhantomData<A>,
}

impl<A> Permit for OnDossier<A> {}

impl<A: Does> FromRequestParts<App> for OnDossier<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let scope = caller.actor.organisations();
        let dossier =
            store::dossier::find(&app.db, &scope, id).await?.ok_or_else(ApiError::not_found)?;
        let enrolled = store::enrolment::find(&app.db, &scope, dossier.enrolment_id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let may = |action| enrolled.can(&caller.actor, action) == Verdict::Allowed;
        let reads = may(Action::ReadDossiers);
        let mut sight = enrolled.sight(&caller.actor);
        if !reads || sight != Sight::Everything {
            if judges(app, &caller, &dossier).await? {
                sight = Sight::Everything;
            } else if !reads {
                return Err(ApiError::not_found());
            }
        }
        if A::ACTION != Action::ReadDossiers && !may(A::ACTION) {
            return Err(ApiError::forbidden());
        }
        Ok(Self { caller, enrolled, dossier, sight, judges: !reads, action: PhantomData })
    }
}

/// A file that a dossier froze, named by the path beside the dossier.
pub struct OnFrozenFile {
    pub file: FileInfo,
}

impl Permit for OnFrozenFile {}

impl FromRequestParts<App> for OnFrozenFile {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let OnDossier::<ReadDossiers> { dossier, sight, .. } =
            OnDossier::from_request_parts(parts, app).await?;
        let id = path_uuid(parts, app, "file").await?;
        let file = store::dossier::file(&app.db, &dossier, sight, id).await?;
        Ok(Self { file: file.ok_or_else(ApiError::not_found)? })
    }
}

/// Whether the caller sits in a jury that now reads the dossier, and is not set aside from this
/// candidate.
async fn judges(app: &App, caller: &Caller, dossier: &DossierInfo) -> Result<bool> {
    let scope = caller.actor.organisations();
    let candidate = dossier.enrolment_id;
    let sittings = store::dossier::sittings(&app.db, &scope, dossier.id).await?;
    Ok(sittings.iter().any(|sitting| {
        let reads = sitting.can(&caller.actor, Action::ReadFiles, app.db.ambient.now());
        reads == Verdict::Allowed
            && sitting.seat_of(caller.user.id).is_some_and(|sat| sat.member.judges(candidate))
    }))
}

/// A jury session, named by the path.
pub struct OnSession<A> {
    pub caller: Caller,
    pub sitting: Sitting,
    action: PhantomData<A>,
}

impl<A> Permit for OnSession<A> {}

impl<A: Does> FromRequestParts<App> for OnSession<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let sitting = store::jury::find(&app.db, &caller.actor.organisations(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        verdict(sitting.can(&caller.actor, A::ACTION, app.db.ambient.now()))?;
        Ok(Self { caller, sitting, action: PhantomData })
    }
}

/// A candidate of a jury session, named by the path, whose dossier the calling member may read.
pub struct OnCandidate {
    pub caller: Caller,
    pub sitting: Sitting,
    pub seat: Sat,
    pub desk: Desk,
    /// The candidates whose dossier the member may read, in the order of the session.
    pub readable: Vec<SessionCandidate>,
    /// Which of them it is.
    pub place: usize,
    /// What the session froze for them.
    pub dossier: DossierInfo,
}

impl Permit for OnCandidate {}

impl FromRequestParts<App> for OnCandidate {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let OnSession { caller, sitting, .. } =
            OnSession::<ReadFiles>::from_request_parts(parts, app).await?;
        let id = path_uuid(parts, app, "candidate").await?;
        let seat = sitting.seat_of(caller.user.id).ok_or_else(ApiError::not_found)?.clone();
        // To who should not judge somebody, their dossier does not exist.
        let mut readable = store::jury::candidates(&app.db, sitting.session.id).await?;
        readable.retain(|one| one.dossier.is_some() && seat.member.judges(one.enrolment));
        let place =
            readable.iter().position(|one| one.enrolment == id).ok_or_else(ApiError::not_found)?;
        let dossier = readable[place].dossier.clone().ok_or_else(ApiError::not_found)?;
        let desk = Desk {
            organisation: sitting.session.organisation_id,
            session: sitting.session.id,
            user: caller.user.id,
            member: seat.member.id,
            candidate: id,
        };
        Ok(Self { caller, sitting, seat, desk, readable, place, dossier })
    }
}

/// A jury session, named by the path, with the dossiers that the caller may take away: a manager's,
/// as far as they open its evidence, or those that a member reads now.
pub struct OnDossiers {
    pub caller: Caller,
    pub sitting: Sitting,
    pub manages: bool,
    /// In the order of the session.
    pub candidates: Vec<SessionCandidate>,
    /// Which evidence of each the caller may open.
    pub sights: Vec<Sight>,
}

impl Permit for OnDossiers {}

impl FromRequestParts<App> for OnDossiers {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let OnSession { caller, sitting, .. } =
            OnSession::<ReadSession>::from_request_parts(parts, app).await?;
        let can = |action| sitting.can(&caller.actor, action, app.db.ambient.now());
        let manages = can(Action::ManageSession) == Verdict::Allowed;
        let reads = can(Action::ReadFiles);
        if !manages {
            verdict(reads)?;
        }
        let seat = sitting.seat_of(caller.user.id).filter(|_| reads == Verdict::Allowed);
        let scope = [sitting.session.organisation_id].into();
        let (mut candidates, mut sights) = (Vec::new(), Vec::new());
        for candidate in store::jury::candidates(&app.db, sitting.session.id).await? {
            let id = candidate.enrolment;
            if seat.is_some_and(|seat| seat.member.judges(id)) && candidate.dossier.is_some() {
                sights.push(Sight::Everything);
            } else if manages {
                let enrolled = store::enrolment::find(&app.db, &scope, id).await?;
                sights.push(enrolled.ok_or_else(ApiError::not_found)?.sight(&caller.actor));
            } else {
                continue;
            }
            candidates.push(candidate);
        }
        Ok(Self { caller, sitting, manages, candidates, sights })
    }
}

/// A note on such a candidate, named by the path; whose it is, the store asks.
pub struct OnNote {
    pub on: OnCandidate,
    pub note: Uuid,
}

impl Permit for OnNote {}

impl FromRequestParts<App> for OnNote {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let on = OnCandidate::from_request_parts(parts, app).await?;
        Ok(Self { on, note: path_uuid(parts, app, "note").await? })
    }
}

/// A credential, named by the path.
pub struct OnCredential<A> {
    pub caller: Caller,
    pub enrolled: Enrolled,
    pub credential: Credential,
    action: PhantomData<A>,
}

impl<A> Permit for OnCredential<A> {}

impl<A: Does> FromRequestParts<App> for OnCredential<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let (enrolled, credential) =
            store::credential::find(&app.db, &caller.actor.organisations(), id)
                .await?
                .ok_or_else(ApiError::not_found)?;
        // Who reads no records learns of no credential.
        if enrolled.can(&caller.actor, Action::ReadRecords) != Verdict::Allowed {
            return Err(ApiError::not_found());
        }
        verdict(enrolled.can(&caller.actor, A::ACTION))?;
        Ok(Self { caller, enrolled, credential, action: PhantomData })
    }
}

/// A member of a jury session that the caller manages, named by the path.
pub struct OnMember {
    pub caller: Caller,
    pub sitting: Sitting,
    pub member: Uuid,
}

impl Permit for OnMember {}

impl FromRequestParts<App> for OnMember {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let OnSession::<ManageSession> { caller, sitting, .. } =
            OnSession::from_request_parts(parts, app).await?;
        let member = path_uuid(parts, app, "member").await?;
        if sitting.members.iter().all(|sat| sat.member.id != member) {
            return Err(ApiError::not_found());
        }
        Ok(Self { caller, sitting, member })
    }
}

/// A person of an organisation that the caller manages, named by the path.
pub struct OnMemberOfSchool {
    pub caller: Caller,
    pub person: Person,
}

impl Permit for OnMemberOfSchool {}

impl FromRequestParts<App> for OnMemberOfSchool {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Within::<ManagePeople> { caller, organisations, .. } =
            Within::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        for organisation in organisations {
            if let Some(person) = store::people::find(&app.db, organisation, id).await? {
                return Ok(Self { caller, person });
            }
        }
        Err(ApiError::not_found())
    }
}

/// The same, if the caller may also give a way into their account.
pub struct OnPerson {
    pub caller: Caller,
    pub person: Person,
}

impl Permit for OnPerson {}

impl FromRequestParts<App> for OnPerson {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let OnMemberOfSchool { caller, person } =
            OnMemberOfSchool::from_request_parts(parts, app).await?;
        check_staff(&caller.actor, person.organisation_id, person.roles.iter().copied())?;
        check_elsewhere(app, &caller, &person).await?;
        Ok(Self { caller, person })
    }
}

/// A mail to a person of an organisation that the caller manages, named by the path.
pub struct OnMail {
    pub caller: Caller,
    pub organisation: Uuid,
    pub mail: Uuid,
}

impl Permit for OnMail {}

impl FromRequestParts<App> for OnMail {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let mail = path_id(parts, app).await?;
        // To those who manage nobody, no mail exists.
        let organisations = caller.actor.organisations();
        let managed = organisations
            .into_iter()
            .filter(|id| {
                authz::can(&caller.actor, Action::ManagePeople, Resource::Organisation(*id))
                    == Verdict::Allowed
            })
            .collect();
        let organisation =
            store::mail::find(&app.db, &managed, mail).await?.ok_or_else(ApiError::not_found)?;
        Ok(Self { caller, organisation, mail })
    }
}

/// An account opens every school its person belongs to, so a way into it is for those alone who
/// manage them in all of these.
async fn check_elsewhere(app: &App, caller: &Caller, person: &Person) -> Result<()> {
    for Membership { organisation, roles } in
        store::people::memberships(&app.db, person.user.id).await?
    {
        let resource = Resource::Organisation(organisation.id);
        if authz::can(&caller.actor, Action::ManagePeople, resource) != Verdict::Allowed {
            return Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "managed_elsewhere",
                "Cette personne appartient aussi à un autre établissement, qui gère son accès.",
            ));
        }
        check_staff(&caller.actor, organisation.id, roles)?;
    }
    Ok(())
}

/// Only an administrator gives the roles of staff, or a way into the account of one who has them.
pub fn check_staff(
    actor: &Actor,
    organisation: Uuid,
    roles: impl IntoIterator<Item = Role>,
) -> Result<()> {
    let staff = roles.into_iter().any(|role| matches!(role, Role::Manager | Role::Administrator));
    if staff {
        verdict(authz::can(actor, Action::ManageStaff, Resource::Organisation(organisation)))?;
    }
    Ok(())
}

/// What it takes to assess as this kind of assessor. A jury assesses in its session, not here.
pub fn assess(kind: AssessorKind) -> Option<Action> {
    match kind {
        AssessorKind::Student => Some(Action::AssessSelf),
        AssessorKind::Company => Some(Action::AssessCompany),
        AssessorKind::School => Some(Action::AssessSchool),
        AssessorKind::Jury => None,
    }
}

/// Asks whether the caller may assess as this kind of assessor.
pub fn check_assess(caller: &Caller, enrolled: &Enrolled, kind: AssessorKind) -> Result<()> {
    let action = assess(kind).ok_or_else(ApiError::forbidden)?;
    verdict(enrolled.can(&caller.actor, action))
}

/// The caller's own assessment, named by the path, which they still may make.
pub struct OwnAssessment {
    pub enrolled: Enrolled,
    pub assessment: Assessment,
}

impl Permit for OwnAssessment {}

impl FromRequestParts<App> for OwnAssessment {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let id = path_id(parts, app).await?;
        let assessment = store::assessment::find(&app.db, &caller.actor.organisations(), id)
            .await?
            .ok_or_else(ApiError::not_found)?;
        let enrolled =
            enrolled(app, &caller, assessment.enrolment_id, Action::ReadAssessments).await?;
        if assessment.assessor.id != caller.user.id {
            // Others' drafts are hidden; what is signed may be read, but is not theirs to change.
            return Err(match assessment.signed_at {
                Some(_) => ApiError::forbidden(),
                None => ApiError::not_found(),
            });
        }
        check_assess(&caller, &enrolled, assessment.kind)?;
        Ok(Self { enrolled, assessment })
    }
}
