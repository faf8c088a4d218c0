//! The key that makes a creation happen once, and what it was given for.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use store::Once;
use uuid::Uuid;

use crate::{
    BODY_MAX,
    problem::{ApiError, Result},
};

const KEY: &str = "idempotency-key";

/// SHA-256 of the body of a request that has a key.
#[derive(Clone)]
struct BodySum(String);

/// Sums the body of a request that has a key up, before its handler reads it: the same key with
/// another body is another intention. A form with files is summed up as it arrives instead.
pub async fn layer(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let is_form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    if is_form || !parts.headers.contains_key(KEY) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(bytes) = to_bytes(body, BODY_MAX).await else {
        return ApiError::body_too_large().into_response();
    };
    parts.extensions.insert(BodySum(hex::encode(Sha256::digest(&bytes))));
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// The key of this request, if the sender gave one.
pub fn once(parts: &Parts, user: Uuid) -> Result<Option<Once>> {
    let Some(key) = parts.headers.get(KEY) else { return Ok(None) };
    let key =
        key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= 100).ok_or_else(|| {
            ApiError::new(
                StatusCode::BAD_REQUEST,
                "bad_idempotency_key",
                "La clé d’idempotence a entre 1 et 100 caractères imprimables.",
            )
        })?;
    let mut request = format!("{} {}", parts.method, parts.uri.path());
    if let Some(BodySum(sum)) = parts.extensions.get() {
        request = format!("{request} {sum}");
    }
    Ok(Some(Once { user, key: key.to_owned(), request }))
}
