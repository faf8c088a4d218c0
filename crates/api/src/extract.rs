//! What a request carries, with every refusal as a problem detail.

use std::{error::Error, iter::successors};

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::fault::{Fault, Faults};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use store::page::{Page, Paged};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    misfit,
    problem::{ApiError, Result},
};

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Json(body) = Json::<T>::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.status();
            match rejection {
                JsonRejection::JsonDataError(error) => {
                    tracing::debug!(error = error.body_text(), "a body of another shape");
                    let misfit = successors(Some(&error as &dyn Error), |&error| error.source())
                        .find_map(|error| error.downcast_ref());
                    let unknown =
                        || Fault::new("", "bad_json", "La demande n’a pas la forme attendue.");
                    ApiError::invalid(vec![misfit.map_or_else(unknown, misfit::fault)])
                }
                JsonRejection::BytesRejection(_) if status == StatusCode::PAYLOAD_TOO_LARGE => {
                    ApiError::body_too_large()
                }
                _ => ApiError::new(
                    status,
                    "bad_json",
                    "Le corps de la demande n’est pas du JSON lisible.",
                ),
            }
        })?;
        Ok(Self(body))
    }
}

/// What follows the `?`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => {
                tracing::debug!(error = rejection.body_text(), "a query of another shape");
                Err(ApiError::new(
                    StatusCode::BAD_REQUEST,
                    "bad_query",
                    "Les paramètres de l’adresse n’ont pas la forme attendue.",
                ))
            }
        }
    }
}

/// The version that the sender has seen.
pub struct IfMatch(pub i32);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(ApiError::new(
                StatusCode::PRECONDITION_REQUIRED,
                "precondition_required",
                "Cette demande doit dire quelle version elle change (en-tête If-Match).",
            ));
        };
        version(value).map(Self).ok_or_else(|| {
            ApiError::new(
                StatusCode::BAD_REQUEST,
                "bad_if_match",
                "L’en-tête If-Match doit porter la version reçue, par exemple \"3\".",
            )
        })
    }
}

fn version(value: &HeaderValue) -> Option<i32> {
    value.to_str().ok()?.trim().trim_start_matches("W/").trim_matches('"').parse().ok()
}

/// An answer with the version of what it shows as its `ETag`.
pub struct Versioned<T>(pub StatusCode, pub i32, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let Self(status, version, body) = self;
        (status, [(header::ETAG, format!("\"{version}\""))], Json(body)).into_response()
    }
}

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the part before.
    pub cursor: Option<Uuid>,
    /// 1 to 200, 50 if absent.
    pub limit: Option<u64>,
}

impl PageQuery {
    pub fn page(&self) -> Page {
        Page { after: self.cursor, limit: self.limit.unwrap_or(50).clamp(1, 200) }
    }
}

/// Part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Where the list goes on, if it does.
    pub next: Option<Uuid>,
}

impl<T> From<Paged<T>> for List<T> {
    fn from(paged: Paged<T>) -> Self {
        Self { items: paged.items, next: paged.next }
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// The value with the named fields replaced (RFC 7396, on the first level).
pub fn patched<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: serde_json::Map<String, Value>,
) -> Result<T> {
    let mut faults = Faults::default();
    let mut whole = serde_json::to_value(current).unwrap_or_default();
    for (field, value) in patch {
        match whole.get_mut(&field) {
            Some(slot) => *slot = value,
            None => faults.add(field, "unknown_field", "Ce champ n’existe pas."),
        }
    }
    faults.into_result()?;
    serde_path_to_error::deserialize(whole)
        .map_err(|error| ApiError::invalid(vec![misfit::fault(&error)]))
}
