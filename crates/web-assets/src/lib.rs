//! The web client, embedded in the binary.

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$ACQUIS_WEB_DIST_BUILT"]
struct Dist;

/// The pages: a file of the client by its name, and its one page for every other address.
pub fn router() -> Router {
    Router::new().fallback(get(serve))
}

async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Dist::get(path) {
        Some(file) => answer(path, file, &headers),
        // An address of the client has no extension; a file that is not there is not a page.
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => {
            StatusCode::NOT_FOUND.into_response()
        }
        None => match Dist::get("index.html") {
            Some(file) => answer("index.html", file, &headers),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    // Vite names what is under assets/ by its content; anything else is asked for anew.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let common = [(header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, tag.clone())];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let common =
        (common, [(header::CONTENT_TYPE, media_type(path)), (header::VARY, "accept-encoding")]);
    let wanted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let takes_brotli = wanted.is_some_and(|wanted| {
        wanted.split(',').any(|coding| coding.trim().split(';').next() == Some("br"))
    });
    match Dist::get(&format!("{path}.br")).filter(|_| takes_brotli) {
        Some(packed) => (common, [(header::CONTENT_ENCODING, "br")], packed.data).into_response(),
        None => (common, file.data).into_response(),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str) -> Response {
        router().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn every_address_of_the_client_is_its_one_page() {
        for path in ["/", "/connexion", "/preuves/0199-ab"] {
            let response = get(path).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        }
    }

    #[tokio::test]
    async fn what_is_named_by_its_content_is_kept_for_ever() {
        let script = Dist::iter().find(|name| name.starts_with("assets/")).expect("a built asset");
        let response = get(&format!("/{script}")).await;
        assert_eq!(
            response.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
    }

    #[tokio::test]
    async fn what_was_packed_at_build_is_sent_to_who_takes_it() {
        let page = |coding: &'static str| async move {
            let request = Request::get("/").header(header::ACCEPT_ENCODING, coding);
            let response = router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            response.headers().get(header::CONTENT_ENCODING).cloned()
        };
        assert_eq!(page("gzip, deflate, br, zstd").await.unwrap(), "br");
        assert_eq!(page("gzip").await, None, "left to the layer that packs on the way");
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_not_a_page() {
        assert_eq!(get("/assets/old.js").await.status(), StatusCode::NOT_FOUND);
    }
}
