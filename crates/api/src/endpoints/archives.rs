//! What a person takes away, as one file.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Seek, SeekFrom},
    path::PathBuf,
};

use archive::{Content, Leaving, LeavingDossier, LeavingSession, Part, WriteError};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{DocumentError, of};
use domain::{
    ambient::day_in_france, dossier::frozen::FrozenDossier, evidence::FileInfo, jury::note::Note,
    portfolio::Portfolio,
};
use store::{enrolment::Enrolled, jury::Sitting, jury_notes::Desk};
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::{
    credentials::alive,
    files::Bytes,
    records::{failed, papers},
};
use crate::{
    App,
    media::disposition,
    permit::{Caller, OnDossiers, OnEnrolment, ReadRecords, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(of_enrolment)).routes(guarded!(of_session))
}

/// Everything of one path as a ZIP: pages to read offline, PDF, files, signed badges, JSON, and a
/// manifest of sums.
/// A manager's leaves out what is confidential, and says so.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/archive", operation_id = "download_portfolio_archive", tag = "records", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/zip", body = Bytes), ApiError))]
async fn of_enrolment(
    permit: OnEnrolment<ReadRecords>,
    State(app): State<App>,
) -> Result<Response> {
    let OnEnrolment { caller, enrolled, .. } = permit;
    let sight = enrolled.sight(&caller.actor);
    let reader = caller.user.id;
    let portfolio =
        store::portfolio::read(&app.db, &enrolled, reader, sight, archive::content_path).await?;
    let id = enrolled.enrolment.certification.id;
    let certification = store::certification::load(&app.db, id).await?.certification.clone();
    let contents = contents(&app, portfolio.files()).await?;
    let papers = papers(&app, &enrolled).await?;
    let badges = alive(&app, &enrolled).await?;
    let name = name(&enrolled, &portfolio);
    let at = portfolio.exported_at;
    let build: Build = Box::new(move |file| {
        let mut documents = dossiers(&portfolio)?;
        for (name, set) in papers {
            documents.push(pdf(&name, set()?));
        }
        let badge = |(code, jwt)| Part::text(format!("badges/{code}.jwt"), jwt);
        documents.extend(badges.into_iter().map(badge));
        let leaving =
            Leaving { portfolio: &portfolio, certification: &certification, contents, documents };
        archive::write(file, archive::portfolio(leaving), at)?;
        Ok(())
    });
    send(&app, &name, build).await
}

/// The dossiers of a jury session as a ZIP that reads offline, in the order of its candidates. A
/// manager's has the sealed minutes too, and leaves out what is confidential to them; a member's has
/// what the member may read now, with their own notes.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/archive", operation_id = "download_session_archive", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/zip", body = Bytes), ApiError))]
async fn of_session(permit: OnDossiers, State(app): State<App>) -> Result<Response> {
    let OnDossiers { caller, sitting, manages, candidates, sights } = permit;
    let session = &sitting.session;
    let at = app.db.ambient.now();
    let school = store::letterhead::of_organisation(&app.db, session.organisation_id).await?;
    let mut leaving = LeavingSession::new(
        at,
        school.organisation.name,
        session.clone(),
        &candidates,
        app.db.files.scratch()?,
    );
    let minutes = if manages { store::minutes::find(&app.db, session.id).await? } else { None };
    if let Some(sealed) = minutes {
        let text = store::minutes::sealed_text(&app.db, session.id).await?;
        let document = of::minutes(&sealed, 0);
        let text = text.ok_or_else(ApiError::not_found)?;
        let document = at_press(&app, move || Ok(document.to_pdf()?)).await?;
        leaving.add_minutes(sealed, text, document);
    }
    leaving
        .add_certification(store::certification::source(&app.db, session.certification.id).await?);
    for (place, (candidate, sight)) in candidates.iter().zip(sights).enumerate() {
        let Some(dossier) = &candidate.dossier else { continue };
        let store::dossier::Frozen { dossier: mut frozen, content, manifest } =
            store::dossier::frozen(&app.db, dossier.id).await?;
        let hidden = frozen
            .hide(&store::dossier::hidden(&app.db, candidate.enrolment, &frozen, sight).await?);
        if !manages {
            frozen = frozen.without_addresses();
        }
        // It names people by their addresses, which a member has no need of.
        let exact = (manages && hidden == 0).then(|| (content, manifest.canonical()));
        let files = frozen.evidence.iter().flat_map(|one| &one.files).map(|placed| &placed.file);
        let contents = contents(&app, files).await?;
        let notes = own_notes(&app, &caller, &sitting, candidate.enrolment).await?;
        let sum = dossier.manifest_sha256.clone();
        // One after the other, and laid aside: a hundred of them would fill the memory.
        leaving = at_press(&app, move || {
            let document = of::dossier(&frozen, &sum, hidden).to_pdf()?;
            let contents = contents.into_iter().map(|(sum, (path, _))| (sum, path)).collect();
            leaving
                .add(place, LeavingDossier { frozen, hidden, notes, document, exact, contents })?;
            Ok(leaving)
        })
        .await?;
    }
    let name = archive::stem(&format!("acquis {} {}", session.title, day_in_france(at)));
    let build: Build = Box::new(move |file| {
        archive::write(file, leaving.parts(), at)?;
        Ok(())
    });
    send(&app, &format!("{name}.zip"), build).await
}

/// What a member wrote for themself on a candidate; nothing for who has no seat.
async fn own_notes(
    app: &App,
    caller: &Caller,
    sitting: &Sitting,
    candidate: Uuid,
) -> Result<Vec<Note>> {
    let Some(seat) = sitting.seat_of(caller.user.id) else { return Ok(Vec::new()) };
    let desk = Desk {
        organisation: sitting.session.organisation_id,
        session: sitting.session.id,
        user: caller.user.id,
        member: seat.member.id,
        candidate,
    };
    Ok(store::jury_notes::notes(&app.db, &desk).await?)
}

/// `acquis-prenom-nom-2027-06-15.zip`
fn name(enrolled: &Enrolled, portfolio: &Portfolio) -> String {
    let student = &enrolled.enrolment.student;
    let words = format!(
        "acquis {} {} {}",
        student.given_name,
        student.family_name,
        day_in_france(portfolio.exported_at)
    );
    format!("{}.zip", archive::stem(&words))
}

/// Where the contents of these files lie, with their sizes, each found whole.
async fn contents(
    app: &App,
    files: impl Iterator<Item = &FileInfo>,
) -> Result<BTreeMap<String, (PathBuf, u64)>> {
    let mut contents = BTreeMap::new();
    for file in files {
        if !contents.contains_key(&file.sha256) {
            let path = app.db.files.whole(&file.sha256).await?;
            contents.insert(file.sha256.clone(), (path, file.size));
        }
    }
    Ok(contents)
}

/// Each dossier as it is printed for the jury.
fn dossiers(portfolio: &Portfolio) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for dossier in &portfolio.dossiers {
        let text = dossier.frozen.as_ref().map(|frozen| frozen.content.as_str());
        // One of a newer form is passed on as it is.
        let Some(frozen) = text.and_then(|it| serde_json::from_str::<FrozenDossier>(it).ok())
        else {
            continue;
        };
        let document = of::dossier(&frozen, &dossier.manifest_sha256, 0);
        parts.push(pdf(&format!("dossier-{}", dossier.number), document.to_pdf()?));
    }
    Ok(parts)
}

fn pdf(name: &str, bytes: Vec<u8>) -> Part {
    Part { path: format!("documents/{name}.pdf"), content: Content::Bytes(bytes) }
}

/// Why an archive could not be built; all of it is ours.
#[derive(Debug)]
enum Failure {
    Document(DocumentError),
    Write(WriteError),
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        Self::Document(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Write(error.into())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// Writes an archive into a file.
type Build = Box<dyn FnOnce(&mut File) -> Result<(), Failure> + Send>;

/// Does what takes a processor for a while, two at a time.
async fn at_press<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T> {
    let press = app.press.clone().acquire_owned().await.map_err(|_| ApiError::unexpected())?;
    let done = tokio::task::spawn_blocking(move || {
        let _press = press;
        work()
    });
    match done.await.map_err(|error| failed(&error))? {
        Ok(done) => Ok(done),
        Err(Failure::Document(error)) => Err(failed(&error)),
        Err(Failure::Write(WriteError::Io(error))) => Err(store::Error::from(error).into()),
        Err(Failure::Write(error)) => Err(failed(&error)),
    }
}

/// Builds a file on the disk and streams it: a portfolio may hold a gigabyte.
async fn send(app: &App, name: &str, write: Build) -> Result<Response> {
    let mut file = app.db.files.scratch()?;
    let built = at_press(app, move || {
        write(&mut file)?;
        let length = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        Ok((file, length))
    });
    let (file, length) = built.await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, disposition(false, name)),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
        // Packed already: sent as it is, with its length, so that a browser shows how far it is.
        (header::ACCEPT_RANGES, HeaderValue::from_static("none")),
    ];
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)));
    Ok((headers, body).into_response())
}
