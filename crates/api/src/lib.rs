//! The HTTP interface. One file per group of endpoints; every handler takes a permit.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use store::{Db, credential::Signing};
use tokio::sync::Semaphore;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate},
};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

mod client;
mod cookies;
mod document;
mod endpoints;
mod extract;
mod media;
mod misfit;
mod once;
mod permit;
mod problem;
mod request_id;
pub mod token;
mod tries;

use problem::ApiError;
use tries::{Asks, LINKS_MAX, LOOKS_MAX, Tries};

/// Largest body that is not a file, in bytes.
const BODY_MAX: usize = 1024 * 1024;

/// Documents that are set at once.
const PRESSES: usize = 2;

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub keys: token::Keys,
    /// What credentials are signed with.
    pub signing: Signing,
    /// Address that people reach the server at, without a slash at its end.
    pub public_url: Arc<str>,
    /// Whether cookies are for HTTPS alone.
    pub secure_cookies: bool,
    pub demo: Option<Arc<Demo>>,
    /// Folder of the mails that a demonstration shows.
    pub demo_mails: Option<Arc<Path>>,
    tries: Tries,
    asks: Asks,
    looks: Asks,
    /// What sets documents.
    press: Arc<Semaphore>,
}

/// The people of a demonstration, whom its sign-in page offers in one click.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Demo {
    /// The password of each of them.
    pub password: String,
    pub people: Vec<DemoPerson>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DemoPerson {
    pub email: String,
    pub given_name: String,
    pub family_name: String,
    pub role: domain::person::Role,
    /// What makes this person worth a visit, in French.
    pub note: String,
    /// Code of the certification that they have to do with.
    pub certification: Option<String>,
    /// Shown first.
    pub featured: bool,
}

impl App {
    pub fn new(db: Db, secret: &[u8], public_url: &str, demo: Option<Demo>) -> Self {
        Self {
            db,
            keys: token::Keys::new(secret),
            signing: Signing::new(secret, public_url),
            public_url: public_url.trim_end_matches('/').into(),
            // A browser keeps no Secure cookie that came over plain HTTP from another machine.
            secure_cookies: !public_url.starts_with("http://"),
            demo: demo.map(Arc::new),
            demo_mails: None,
            tries: Tries::new(),
            press: Arc::new(Semaphore::new(PRESSES)),
            asks: Asks::up_to(LINKS_MAX),
            looks: Asks::up_to(LOOKS_MAX),
        }
    }
}

/// The description of the interface (OpenAPI 3.1).
pub struct Description(pub Value);

impl Description {
    pub fn to_pretty_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&self.0)
    }
}

pub fn openapi() -> Description {
    Description(routes().1)
}

fn routes() -> (Router<App>, Value) {
    let (router, document) =
        OpenApiRouter::with_openapi(document::start()).merge(endpoints::routes()).split_for_parts();
    (router, document::finish(&document))
}

/// Everything under `/api`, the health checks, and `pages` for every other address.
pub fn router(app: App, pages: Router) -> Router {
    let (api, document) = routes();
    let docs = Router::new()
        .merge(SwaggerUi::new("/api/docs").external_url_unchecked("/api/openapi.json", document))
        .layer(middleware::from_fn(docs_policy));
    api.route("/api/{*rest}", axum::routing::any(|| async { ApiError::not_found() }))
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn(once::layer))
        .layer(middleware::from_fn_with_state(app.clone(), request_id::layer))
        .with_state(app)
        .merge(docs)
        .merge(pages)
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            ApiError::unexpected().into_response()
        }))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(has_no_ranges)))
        .layer(middleware::from_fn(security_headers))
}

/// A file that is read in ranges is sent as it is: packed, it has other ranges.
fn has_no_ranges(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// The pages of the API's documentation style themselves inline.
async fn docs_policy(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
             frame-ancestors 'none'",
        ),
    );
    response
}

/// Headers that every answer has, unless it has stricter ones of its own.
async fn security_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 6] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; img-src 'self' blob: data:; object-src 'self'; frame-src 'self'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(self), geolocation=(), microphone=()",
        ),
    ];
    let is_api = request.uri().path().starts_with("/api/v1/");
    let is_of_a_person = request.uri().path().starts_with("/verifier/")
        || request.uri().path().starts_with("/api/v1/verify/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if is_of_a_person {
        // For whom its holder gave the address to, and for no search engine.
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    }
    if is_api {
        // What is personal stays out of every cache, the browser's too.
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("private, no-store"));
    }
    response
}
