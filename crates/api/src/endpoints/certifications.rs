//! Certification versions.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::NaiveDate;
use domain::{
    certification::{Certification, VersionStatus},
    warnings::{Warning, warnings},
};
use serde::{Deserialize, Serialize};
use store::certification::Published;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, List, Query},
    permit::{PublishCertifications, ReadCertifications, Within, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded!(list, publish)).routes(guarded!(show))
}

#[derive(Serialize, ToSchema)]
struct CertificationSummary {
    id: Uuid,
    code: String,
    version: String,
    status: VersionStatus,
    title: String,
    level: Option<u8>,
    registration_ends_on: Option<NaiveDate>,
    /// How many there are.
    blocks: usize,
    competencies: usize,
    warnings: usize,
}

impl CertificationSummary {
    fn of(published: &Published, today: NaiveDate) -> Self {
        let Published { id, organisation: _, certification } = published;
        Self {
            id: *id,
            code: certification.code.clone(),
            version: certification.version.clone(),
            status: certification.status,
            title: certification.title.clone(),
            level: certification.level,
            registration_ends_on: certification.dates.registration_ends_on,
            blocks: certification.blocks.len(),
            competencies: certification.competencies.len(),
            warnings: warnings(certification, today).len(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct CertificationDetail {
    id: Uuid,
    warnings: Vec<Warning>,
    #[serde(flatten)]
    certification: Certification,
}

impl CertificationDetail {
    pub fn of(id: Uuid, certification: &Certification, today: NaiveDate) -> Self {
        let warnings = warnings(certification, today);
        Self { id, warnings, certification: certification.clone() }
    }
}

/// The certification versions of the caller's organisations.
#[utoipa::path(get, path = "/api/v1/certifications", operation_id = "list_certifications", tag = "certifications", responses((status = 200, body = List<CertificationSummary>), ApiError))]
async fn list(
    permit: Within<ReadCertifications>,
    State(app): State<App>,
) -> Result<Json<List<CertificationSummary>>> {
    let today = app.db.ambient.today();
    let published = store::certification::list(&app.db, &permit.organisations).await?;
    let items: Vec<_> =
        published.iter().map(|published| CertificationSummary::of(published, today)).collect();
    Ok(Json(items.into()))
}

#[derive(Deserialize, ToSchema)]
struct PublishCertification {
    /// The text of the file, in the format of docs/certification-format.md.
    source: String,
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

/// Publishes a certification version from its file. A published version never changes.
#[utoipa::path(post, path = "/api/v1/certifications", operation_id = "publish_certification", tag = "certifications", request_body = PublishCertification, responses((status = 201, body = CertificationSummary), ApiError))]
async fn publish(
    permit: Within<PublishCertifications>,
    State(app): State<App>,
    Body(body): Body<PublishCertification>,
) -> Result<(StatusCode, Json<CertificationSummary>)> {
    let PublishCertification { source, organisation_id } = body;
    let organisation = permit.organisation(organisation_id)?;
    let by = permit.caller.user.id;
    let id = store::certification::publish(&app.db, by, organisation, &source).await?;
    let published = store::certification::load(&app.db, id).await?;
    let summary = CertificationSummary::of(&published, app.db.ambient.today());
    Ok((StatusCode::CREATED, Json(summary)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VersionQuery {
    /// The newest if absent.
    version: Option<String>,
}

/// A certification version, whole, with its warnings.
#[utoipa::path(get, path = "/api/v1/certifications/{code}", operation_id = "show_certification", tag = "certifications", params(("code" = String, Path), VersionQuery), responses((status = 200, body = CertificationDetail), ApiError))]
async fn show(
    permit: Within<ReadCertifications>,
    State(app): State<App>,
    Path(code): Path<String>,
    Query(query): Query<VersionQuery>,
) -> Result<Json<CertificationDetail>> {
    let published =
        store::certification::find(&app.db, &permit.organisations, &code, query.version.as_deref())
            .await?
            .ok_or_else(|| unknown_certification(&code))?;
    let today = app.db.ambient.today();
    Ok(Json(CertificationDetail::of(published.id, &published.certification, today)))
}

pub fn unknown_certification(code: &str) -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_certification",
        format!("Aucune certification « {code} » n’est publiée dans votre établissement."),
    )
}
