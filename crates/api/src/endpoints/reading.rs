//! A candidate's dossier before a member of the jury, and what the member writes for themself.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{
    certification::Certification,
    dossier::{DossierInfo, frozen::FrozenDossier},
    jury::{
        JurySession,
        note::{Note, NoteContent, OwnGrid, OwnLevel},
        session::SessionCandidate,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, Versioned},
    permit::{OnCandidate, OnNote, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(show))
        .routes(guarded!(notes, write_note))
        .routes(guarded!(rewrite_note, delete_note))
        .routes(guarded!(set_grid))
}

/// A candidate's dossier as it was frozen, and where it stands in the session.
#[derive(Serialize, ToSchema)]
struct CandidateReading {
    session: JurySession,
    starts_at: DateTime<Utc>,
    presentation_minutes: u32,
    interview_minutes: u32,
    /// Before and after, among those whose dossier the caller may read.
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
    /// The sum that stands for the whole dossier, as its receipt and the minutes quote it.
    manifest_sha256: String,
    /// Without the addresses of people, which what is frozen has.
    dossier: FrozenDossier,
}

#[derive(Serialize, ToSchema)]
struct Neighbour {
    /// Id of the candidate.
    id: Uuid,
    name: String,
}

impl Neighbour {
    fn of(candidate: &SessionCandidate) -> Self {
        Self { id: candidate.enrolment, name: candidate.name() }
    }
}

/// A candidate's dossier, whole, as the jury reads it: what was deposited, never what the student
/// has changed since. For members alone, from opening to the end of their access, and never where
/// they declared a conflict or leave the room.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}", operation_id = "read_candidate", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path)), responses((status = 200, body = CandidateReading), (status = 304), ApiError))]
async fn show(permit: OnCandidate, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let OnCandidate { sitting, seat, readable, place, dossier, .. } = permit;
    // What is frozen, in which order it is read, and by whom.
    let (sum, session, member) = (&dossier.manifest_sha256, sitting.session.version, seat.version);
    let tag = format!("\"{sum}.{session}.{member}\"");
    let known = headers.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    if known == Some(tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let frozen = store::dossier::frozen(&app.db, dossier.id).await?;
    let candidate = &readable[place];
    let neighbour = |place: usize| readable.get(place).map(Neighbour::of);
    let body = CandidateReading {
        session: sitting.session,
        starts_at: candidate.slot.starts_at,
        presentation_minutes: candidate.slot.presentation_minutes,
        interview_minutes: candidate.slot.interview_minutes,
        previous: place.checked_sub(1).and_then(neighbour),
        next: neighbour(place + 1),
        manifest_sha256: dossier.manifest_sha256,
        dossier: frozen.dossier.without_addresses(),
    };
    Ok(([(header::ETAG, tag)], Json(body)).into_response())
}

/// The certification as the dossier froze it: what a note or a level speaks of.
async fn certification(app: &App, permit: &OnCandidate) -> Result<Arc<Certification>> {
    let DossierInfo { id, manifest_sha256, .. } = &permit.dossier;
    Ok(store::dossier::certification(&app.db, *id, manifest_sha256).await?)
}

/// All that a member wrote for themself on a candidate.
#[derive(Serialize, ToSchema)]
struct OwnPapers {
    /// Oldest first.
    notes: Vec<Note>,
    grid: OwnGrid,
}

/// The caller's own notes, questions and grid on a candidate. Nobody else's.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/notes", operation_id = "own_papers", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path)), responses((status = 200, body = OwnPapers), ApiError))]
async fn notes(permit: OnCandidate, State(app): State<App>) -> Result<Json<OwnPapers>> {
    let notes = store::jury_notes::notes(&app.db, &permit.desk).await?;
    let grid = store::jury_notes::grid(&app.db, &permit.desk).await?;
    Ok(Json(OwnPapers { notes, grid }))
}

async fn note(
    app: &App,
    permit: &OnCandidate,
    id: Uuid,
    status: StatusCode,
) -> Result<Versioned<Note>> {
    let note = store::jury_notes::find(&app.db, &permit.desk, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(Versioned(status, note.version, note))
}

/// Writes a note or a question for oneself.
#[utoipa::path(post, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/notes", operation_id = "write_note", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = NoteContent, responses((status = 201, body = Note), ApiError))]
async fn write_note(
    permit: OnCandidate,
    State(app): State<App>,
    Body(content): Body<NoteContent>,
) -> Result<Versioned<Note>> {
    let certification = certification(&app, &permit).await?;
    let once = permit.caller.once.as_ref();
    let id =
        store::jury_notes::create(&app.db, &permit.desk, &certification, content, once).await?;
    note(&app, &permit, id, StatusCode::CREATED).await
}

/// Writes a note of one's own anew.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/notes/{note}", operation_id = "rewrite_note", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("note" = Uuid, Path), ("If-Match" = String, Header)), request_body = NoteContent, responses((status = 200, body = Note), ApiError))]
async fn rewrite_note(
    OnNote { on, note: id }: OnNote,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(content): Body<NoteContent>,
) -> Result<Versioned<Note>> {
    let certification = certification(&app, &on).await?;
    store::jury_notes::update(&app.db, &on.desk, &certification, id, version, content).await?;
    note(&app, &on, id, StatusCode::OK).await
}

/// Throws a note of one's own away.
#[utoipa::path(delete, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/notes/{note}", operation_id = "delete_note", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("note" = Uuid, Path), ("If-Match" = String, Header)), responses((status = 204), ApiError))]
async fn delete_note(
    OnNote { on, note }: OnNote,
    State(app): State<App>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode> {
    store::jury_notes::delete(&app.db, &on.desk, note, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
struct SetOwnGrid {
    /// All of them: what is not named has no level any more.
    levels: Vec<OwnLevel>,
}

/// Sets the levels of one's own grid on a candidate; the first time on version 0.
#[utoipa::path(put, path = "/api/v1/jury-sessions/{id}/candidates/{candidate}/grid", operation_id = "set_own_grid", tag = "juries", params(("id" = Uuid, Path), ("candidate" = Uuid, Path), ("If-Match" = String, Header)), request_body = SetOwnGrid, responses((status = 200, body = OwnGrid), ApiError))]
async fn set_grid(
    permit: OnCandidate,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(SetOwnGrid { levels }): Body<SetOwnGrid>,
) -> Result<Versioned<OwnGrid>> {
    let certification = certification(&app, &permit).await?;
    let desk = &permit.desk;
    let grid = store::jury_notes::set_grid(&app.db, desk, &certification, version, levels).await?;
    Ok(Versioned(StatusCode::OK, grid.version, grid))
}
