//! What a person takes away, as one file.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Seek, SeekFrom},
};

use archive::{Content, Leaving, Part, WriteError};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use documents::{DocumentError, of};
use domain::{ambient::day_in_france, dossier::frozen::FrozenDossier, portfolio::Portfolio};
use store::enrolment::Enrolled;
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;

use super::{
    files::Bytes,
    records::{attestations, failed},
};
use crate::{
    App,
    media::disposition,
    permit::{OnEnrolment, ReadRecords, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(of_enrolment))
}

/// Everything of one path as a ZIP: pages to read offline, PDF, files, JSON, and a manifest of sums.
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
    let contents = contents(&app, &portfolio).await?;
    let attestations = attestations(&app, &enrolled).await?;
    let name = name(&enrolled, &portfolio);
    let at = portfolio.exported_at;
    let build: Build = Box::new(move |file| {
        let mut documents = dossiers(&portfolio)?;
        for (block, attestation) in attestations {
            documents.push(pdf(&format!("attestation-{block}"), attestation.to_pdf()?));
        }
        let leaving =
            Leaving { portfolio: &portfolio, certification: &certification, contents, documents };
        archive::write(file, archive::portfolio(leaving), at)?;
        Ok(())
    });
    send(&app, &name, build).await
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

/// Where the contents lie that a portfolio names, each found whole.
async fn contents(
    app: &App,
    portfolio: &Portfolio,
) -> Result<BTreeMap<String, (std::path::PathBuf, u64)>> {
    let mut contents = BTreeMap::new();
    for file in portfolio.files() {
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

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// Writes an archive into a file.
type Build = Box<dyn FnOnce(&mut File) -> Result<(), Failure> + Send>;

/// Builds a file on the disk, two at a time, and streams it: a portfolio may hold a gigabyte.
async fn send(app: &App, name: &str, write: Build) -> Result<Response> {
    let mut file = app.db.files.scratch()?;
    let press = app.press.clone().acquire_owned().await.map_err(|_| ApiError::unexpected())?;
    let built = tokio::task::spawn_blocking(move || {
        let _press = press;
        write(&mut file)?;
        let length = file.seek(SeekFrom::End(0)).map_err(WriteError::from)?;
        file.rewind().map_err(WriteError::from)?;
        Ok::<_, Failure>((file, length))
    });
    let (file, length) = match built.await.map_err(|error| failed(&error))? {
        Ok(built) => built,
        Err(Failure::Document(error)) => return Err(failed(&error)),
        Err(Failure::Write(WriteError::Io(error))) => return Err(store::Error::from(error).into()),
        Err(Failure::Write(error)) => return Err(failed(&error)),
    };
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
