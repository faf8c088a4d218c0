//! People and enrolments out of a table that a manager brings.

use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    fault::Fault,
    import::{self, Column, Line, PlannedLine, Row, Step},
    person::Role,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sheets::{ReadError, Sheet};
use store::import::Importing;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::exports::{Format, FormatQuery, written};
use crate::{
    App,
    extract::Query,
    permit::{ManageEnrolments, Within, guarded},
    problem::{ApiError, Result},
};

/// Largest file, in bytes: five thousand lines take about one million.
const FILE_MAX: usize = 5 * 1024 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    // The file, and a little for what is around it in the form.
    let limit = DefaultBodyLimit::max(FILE_MAX + 64 * 1024);
    let uploads = OpenApiRouter::new().routes(guarded!(preview)).routes(guarded!(run)).layer(limit);
    OpenApiRouter::new().merge(uploads).routes(guarded!(template))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

/// The form of a preview.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents the form")]
struct PreviewForm {
    /// CSV or XLSX, with a first line that names the columns.
    #[schema(format = Binary)]
    file: String,
}

/// The form of an import.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents the form")]
struct ImportForm {
    #[schema(format = Binary)]
    file: String,
    /// Of the file that was previewed, in lower-case hexadecimal.
    sha256: String,
    /// `true` to import the right lines only.
    leave_wrong_lines: Option<bool>,
}

/// What importing a file would do, or has done.
#[derive(Serialize, ToSchema)]
struct ImportReport {
    /// Of the file, in lower-case hexadecimal.
    sha256: String,
    /// Whether it is done.
    imported: bool,
    /// Lines without a fault.
    right: usize,
    /// Lines with a fault.
    wrong: usize,
    /// Right lines that change nothing.
    unchanged: usize,
    people_added: usize,
    enrolments_added: usize,
    lines: Vec<PlannedLine>,
}

impl ImportReport {
    fn of(sha256: String, imported: bool, lines: Vec<PlannedLine>) -> Self {
        let count = |is: &dyn Fn(&&PlannedLine) -> bool| lines.iter().filter(is).count();
        let does = |line: &PlannedLine, step: fn(&Step) -> bool| line.steps.iter().any(step);
        Self {
            sha256,
            imported,
            right: count(&|line| line.faults.is_empty()),
            wrong: count(&|line| !line.faults.is_empty()),
            unchanged: count(&|line| line.faults.is_empty() && line.steps.is_empty()),
            people_added: count(&|line| does(line, |step| matches!(step, Step::AddPerson { .. }))),
            enrolments_added: count(&|line| does(line, |step| matches!(step, Step::Enrol { .. }))),
            lines,
        }
    }
}

/// What came with a form.
#[derive(Default)]
struct Form {
    file: Option<axum::body::Bytes>,
    sha256: Option<String>,
    leave_wrong_lines: bool,
}

impl Form {
    async fn read(request: Request) -> Result<Self> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| bad_form())?;
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|error| refused(&error))? {
            match part.name() {
                Some("file") => {
                    form.file = Some(part.bytes().await.map_err(|error| refused(&error))?);
                }
                Some("sha256") => {
                    form.sha256 = Some(part.text().await.map_err(|error| refused(&error))?);
                }
                Some("leave_wrong_lines") => {
                    let text = part.text().await.map_err(|error| refused(&error))?;
                    form.leave_wrong_lines = text == "true";
                }
                _ => {}
            }
        }
        Ok(form)
    }

    /// The lines of the file, and its SHA-256.
    async fn lines(&self) -> Result<(Vec<Line>, String)> {
        let file = self.file.clone().ok_or_else(bad_form)?;
        if file.len() > FILE_MAX {
            return Err(too_large());
        }
        let sha256 = hex::encode(Sha256::digest(&file));
        // Unpacking a spreadsheet takes a while.
        let rows = tokio::task::spawn_blocking(move || sheets::read(&file))
            .await
            .map_err(|_| ApiError::unexpected())?
            .map_err(unreadable)?;
        let rows: Vec<Row> =
            rows.into_iter().map(|row| Row { number: row.number, cells: row.cells }).collect();
        Ok((import::read(&rows)?, sha256))
    }
}

fn bad_form() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "bad_form",
        "Un fichier est attendu, dans un formulaire (multipart/form-data).",
    )
}

fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "file_too_large",
        format!("Ce fichier dépasse la limite de {} Mo.", FILE_MAX / 1024 / 1024),
    )
}

fn refused(error: &axum::extract::multipart::MultipartError) -> ApiError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { bad_form() }
}

fn unreadable(error: ReadError) -> ApiError {
    let detail = match error {
        ReadError::NotATable => {
            "Ce fichier n’est ni du texte (CSV) ni un classeur (XLSX).".to_owned()
        }
        ReadError::OldSpreadsheet => {
            "Ce classeur est dans l’ancien format .xls : enregistrez-le en .xlsx ou en CSV."
                .to_owned()
        }
        ReadError::Damaged => {
            "Ce classeur ne peut pas être lu : il est abîmé, vide ou protégé par un mot de passe."
                .to_owned()
        }
        ReadError::TooLarge => {
            "Ce tableau est trop grand : gardez-en les lignes et les colonnes utiles.".to_owned()
        }
        ReadError::OpenQuote { line } => {
            format!("Un guillemet s’ouvre à la ligne {line} et ne se ferme jamais.")
        }
    };
    ApiError::invalid(vec![Fault::new("file", "unreadable_table", detail)])
}

fn importing(permit: &Within<ManageEnrolments>, named: Option<Uuid>) -> Result<Importing> {
    let organisation = permit.organisation(named)?;
    let caller = &permit.caller;
    Ok(Importing {
        organisation,
        by: caller.user.id,
        gives_staff: caller.actor.has(organisation, Role::Administrator),
    })
}

/// Says line by line what importing a file would do, and what is wrong. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/imports/preview", operation_id = "preview_import", tag = "imports", params(ImportQuery), request_body(content = PreviewForm, content_type = "multipart/form-data"), responses((status = 200, body = ImportReport), ApiError))]
async fn preview(
    permit: Within<ManageEnrolments>,
    State(app): State<App>,
    Query(ImportQuery { organisation_id }): Query<ImportQuery>,
    request: Request,
) -> Result<Json<ImportReport>> {
    let importing = importing(&permit, organisation_id)?;
    let (lines, sha256) = Form::read(request).await?.lines().await?;
    let lines = store::import::preview(&app.db, importing, lines).await?;
    Ok(Json(ImportReport::of(sha256, false, lines)))
}

/// Imports the file that was previewed, all of it or nothing; the same file twice changes nothing.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "import", tag = "imports", params(ImportQuery), request_body(content = ImportForm, content_type = "multipart/form-data"), responses((status = 200, body = ImportReport), ApiError))]
async fn run(
    permit: Within<ManageEnrolments>,
    State(app): State<App>,
    Query(ImportQuery { organisation_id }): Query<ImportQuery>,
    request: Request,
) -> Result<Json<ImportReport>> {
    let importing = importing(&permit, organisation_id)?;
    let form = Form::read(request).await?;
    let (lines, sha256) = form.lines().await?;
    if form.sha256.as_deref() != Some(&*sha256) {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "file_changed",
            "Ce fichier n’est plus celui qui a été vérifié : vérifiez-le à nouveau.",
        ));
    }
    let lines = store::import::import(&app.db, importing, lines, form.leave_wrong_lines).await?;
    Ok(Json(ImportReport::of(sha256, true, lines)))
}

/// A file with the columns' names, to be filled.
#[utoipa::path(get, path = "/api/v1/imports/template", operation_id = "import_template", tag = "imports", params(FormatQuery), responses((status = 200, content_type = "application/octet-stream"), ApiError))]
async fn template(
    _: Within<ManageEnrolments>,
    Query(FormatQuery { format }): Query<FormatQuery>,
) -> Result<Response> {
    let header = Column::template().map(str::to_owned).collect();
    let sheet = Sheet { header, rows: Vec::new() };
    let name = match format {
        Format::Csv => "modele-import.csv",
        Format::Xlsx => "modele-import.xlsx",
    };
    written(format, name, vec![("Personnes", sheet)]).await
}
