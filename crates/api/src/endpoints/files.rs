//! Files of an evidence.

use axum::{
    Json,
    body::Body as Content,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State, multipart::Field},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::evidence::FileInfo;
use serde::{Deserialize, Serialize};
use store::Once;
use tower_http::services::ServeFile;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    App,
    extract::Query,
    media::{disposition, is_shown, media_type, safe_name, sent_as},
    permit::{LogEvidence, OnEvidence, OnFile, ReadEvidence, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    // A file is streamed to the disk and has a limit of its own.
    let upload = OpenApiRouter::new().routes(guarded!(upload)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::new().merge(upload).routes(guarded!(download, remove))
}

/// What a form with files looks like.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents the form")]
struct Upload {
    #[schema(format = Binary)]
    file: String,
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "documents the answer")]
pub struct Bytes(Vec<u8>);

#[derive(Serialize, ToSchema)]
struct Uploaded {
    items: Vec<FileInfo>,
}

/// Adds files to an evidence. Each part named `file` is kept as soon as it has arrived whole.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/files", operation_id = "upload_files", tag = "evidence", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body(content = Upload, content_type = "multipart/form-data"), responses((status = 201, body = Uploaded), ApiError))]
async fn upload(
    permit: OnEvidence<LogEvidence>,
    State(app): State<App>,
    request: Request,
) -> Result<(StatusCode, Json<Uploaded>)> {
    // Refused before the sender has spent their data on it.
    permit.evidence.status.edit().map_err(store::Error::from)?;
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| bad_form())?;
    let mut items = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|_| interrupted())? {
        if field.name() != Some("file") {
            continue;
        }
        let name = safe_name(field.file_name().unwrap_or_default());
        let stored = match app.db.files.keep(&mut field).await {
            Ok(stored) => stored,
            Err(error) => {
                hear_out(field, app.db.files.max_bytes()).await;
                return Err(error.into());
            }
        };
        let kind = media_type(&stored.head, &name);
        // One key may come with several files, and stands for their names and contents.
        let once = permit.caller.once.as_ref().map(|once| Once {
            key: format!("{}/{}", once.key, items.len()),
            request: format!("{} {} {name}", once.request, stored.sha256),
            ..once.clone()
        });
        let by = permit.caller.user.id;
        let evidence = permit.evidence.id;
        items.push(
            store::file::attach(&app.db, by, evidence, &name, kind, &stored, once.as_ref()).await?,
        );
    }
    if items.is_empty() {
        return Err(bad_form());
    }
    Ok((StatusCode::CREATED, Json(Uploaded { items })))
}

/// Reads on without keeping anything: a sender who is cut off in the middle sees a broken
/// connection, not the reason. Who sends very much more than a file may be is cut off.
async fn hear_out(mut field: Field<'_>, max_bytes: u64) {
    let mut heard = 0;
    while let Ok(Some(chunk)) = field.chunk().await {
        heard += chunk.len() as u64;
        if heard > 4 * max_bytes {
            break;
        }
    }
}

fn bad_form() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "no_file",
        "Aucun fichier n’est arrivé. Choisissez-en un et réessayez.",
    )
}

fn interrupted() -> ApiError {
    store::Error::Interrupted("the form ended early".to_owned()).into()
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DownloadQuery {
    /// Any value: save it rather than open it.
    download: Option<String>,
}

/// The content of a file, or a range of it. PDF, images and plain text open in place; anything else
/// is saved.
#[utoipa::path(get, path = "/api/v1/files/{id}", operation_id = "download_file", tag = "evidence", params(("id" = Uuid, Path), DownloadQuery, ("Range" = Option<String>, Header), ("If-Range" = Option<String>, Header)), responses((status = 200, content_type = "application/octet-stream", body = Bytes), (status = 206, content_type = "application/octet-stream", body = Bytes), ApiError))]
async fn download(
    permit: OnFile<ReadEvidence>,
    State(app): State<App>,
    Query(query): Query<DownloadQuery>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    serve(&app, permit.file, &query, method, &headers).await
}

/// The content of a file that the caller may open, or a range of it.
pub async fn serve(
    app: &App,
    file: FileInfo,
    query: &DownloadQuery,
    method: Method,
    headers: &HeaderMap,
) -> Result<Response> {
    let path = app.db.files.whole(&file.sha256).await?;
    let tag = format!("\"{}\"", file.sha256);
    let mut asked = Request::new(Content::empty());
    *asked.method_mut() = method;
    // A content never changes under its name: a range of another one is not what is asked for
    // (RFC 9110, section 13.1.5).
    let same = headers.get(header::IF_RANGE).is_none_or(|known| known == tag.as_str());
    if let Some(range) = headers.get(header::RANGE).filter(|_| same) {
        asked.headers_mut().insert(header::RANGE, range.clone());
    }
    let served = ServeFile::new(path).try_call(asked).await.map_err(store::Error::from)?;
    let status = served.status();
    if status == StatusCode::RANGE_NOT_SATISFIABLE {
        let range = [(header::CONTENT_RANGE, format!("bytes */{}", file.size))];
        return Ok((range, bad_range()).into_response());
    }
    if !status.is_success() {
        return Err(store::Error::Damaged { sha256: file.sha256 }.into());
    }
    let inline = query.download.is_none() && is_shown(&file.media_type);
    // The browser's own PDF reader does not start in a sandbox; it runs nothing in our origin.
    let policy = if file.media_type == "application/pdf" {
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; \
         sandbox"
    };
    let mut response = served.map(Content::new);
    let headers = response.headers_mut();
    headers.remove(header::LAST_MODIFIED);
    for (name, value) in [
        (header::CONTENT_TYPE, sent_as(&file.media_type)),
        (header::ETAG, HeaderValue::from_str(&tag).expect("a sum is ASCII")),
        (header::CONTENT_DISPOSITION, disposition(inline, &file.name)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // Asked for again each time: it must not outlive the session on a shared device.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ] {
        headers.insert(name, value);
    }
    Ok(response)
}

fn bad_range() -> ApiError {
    ApiError::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "bad_range",
        "Ce fichier n’a pas la partie qui est demandée.",
    )
}

/// Takes a file off an evidence that may still be changed.
#[utoipa::path(delete, path = "/api/v1/files/{id}", operation_id = "remove_file", tag = "evidence", params(("id" = Uuid, Path)), responses((status = 204), ApiError))]
async fn remove(permit: OnFile<LogEvidence>, State(app): State<App>) -> Result<StatusCode> {
    store::file::detach(&app.db, permit.caller.user.id, permit.file.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
