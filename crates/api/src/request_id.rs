//! A name for each request, in its answer, its log lines and its problem details.

use axum::{
    extract::{Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use crate::App;

tokio::task_local! {
    static CURRENT: String;
}

/// The name of the request that this task answers; empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Names the request and logs its answer.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.db.ambient.id().to_string();
    let span = tracing::info_span!(
        "request",
        id,
        method = %request.method(),
        path = request.uri().path(),
    );
    let answer = CURRENT.scope(id.clone(), next.run(request));
    let mut response = async {
        let response = answer.await;
        tracing::debug!(status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
