//! What a person holds from juries, and the papers that say so.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use documents::{Attestation, DocumentError, ResultLetter, of, of::Issue};
use domain::{
    ambient::day_in_france,
    capitalisation::{NotIssuable, check_issue},
    certification::Certification,
    credential::{Awarded, CredentialState},
    record::{Deliberated, HeldBlock, Judged, Provenance, Record, expiring},
};
use serde::{Deserialize, Serialize};
use store::{certification::Published, enrolment::Enrolled};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::files::Bytes;
use crate::{
    App,
    media::disposition,
    permit::{OnDossier, OnEnrolment, OnSession, ReadDossiers, ReadMinutes, ReadRecords, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(show))
        .routes(guarded!(attestation))
        .routes(guarded!(result_letter))
        .routes(guarded!(certificate))
        .routes(guarded!(minutes))
        .routes(guarded!(dossier))
}

/// What the student of an enrolment holds, and what juries decided on them.
#[derive(Serialize, ToSchema)]
struct RecordDetail {
    #[serde(flatten)]
    record: Record,
    /// Newest first; of the student alone.
    judged: Vec<Judged>,
    /// How the validations that no minutes of this school say came here, by their ids.
    provenance: BTreeMap<Uuid, Provenance>,
    /// Ids of the validations whose end is near, where nothing has taken their place.
    expiring: Vec<Uuid>,
    certificate: CertificateState,
}

/// Whether a certificate can be printed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CertificateState {
    NotObtained,
    /// The school that gave it issues its certificate.
    GivenElsewhere,
    /// The certification does not say when it was registered, which a certificate must print.
    RegistrationUnknown,
    Available,
}

/// Validated blocks until when they are in force, what is missing for the certification, and the
/// history of juries.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/record", operation_id = "show_record", tag = "records", params(("id" = Uuid, Path)), responses((status = 200, body = RecordDetail), ApiError))]
async fn show(
    permit: OnEnrolment<ReadRecords>,
    State(app): State<App>,
) -> Result<Json<RecordDetail>> {
    let enrolled = &permit.enrolled;
    let record = store::record::of_enrolment(&app.db, enrolled).await?;
    let judged = store::record::judged(&app.db, enrolled).await?;
    let provenance = store::record::provenance(&app.db, &record).await?;
    let near = match record.obtained_on {
        // What is obtained does not end with its blocks.
        Some(_) => Vec::new(),
        None => expiring(&record.validated).into_iter().map(|(held, _)| held.id).collect(),
    };
    let certificate = certificate_state(&app, &permit, &record).await?;
    Ok(Json(RecordDetail { record, judged, provenance, expiring: near, certificate }))
}

async fn certificate_state(
    app: &App,
    permit: &OnEnrolment<ReadRecords>,
    record: &Record,
) -> Result<CertificateState> {
    let Some(id) = record.obtained_under else { return Ok(CertificateState::NotObtained) };
    let under = kin(app, permit, id).await?;
    Ok(if store::record::is_obtained_elsewhere(&app.db, id).await? {
        CertificateState::GivenElsewhere
    } else if is_registered(&published(app, &under).await?.certification) {
        CertificateState::Available
    } else {
        CertificateState::RegistrationUnknown
    })
}

/// An enrolment of the same person in the same certification: a paper names the version, and follows
/// the rules, under which something was given.
async fn kin(app: &App, permit: &OnEnrolment<ReadRecords>, id: Uuid) -> Result<Enrolled> {
    if id == permit.enrolled.enrolment.id {
        return Ok(permit.enrolled.clone());
    }
    let organisations = permit.caller.actor.organisations();
    store::enrolment::find(&app.db, &organisations, id).await?.ok_or_else(ApiError::not_found)
}

fn is_registered(certification: &Certification) -> bool {
    certification.dates.decided_on.is_some() && certification.level.is_some()
}

async fn published(app: &App, enrolled: &Enrolled) -> Result<std::sync::Arc<Published>> {
    Ok(store::certification::load(&app.db, enrolled.enrolment.certification.id).await?)
}

#[derive(Deserialize)]
struct OfBlock {
    block: String,
}

/// An attestation of one validated block. The newest validation of the block counts.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/blocks/{block}/attestation.pdf", operation_id = "download_attestation", tag = "records", params(("id" = Uuid, Path), ("block" = String, Path)), responses((status = 200, content_type = "application/pdf", body = Bytes), ApiError))]
async fn attestation(
    permit: OnEnrolment<ReadRecords>,
    State(app): State<App>,
    Path(OfBlock { block }): Path<OfBlock>,
) -> Result<Response> {
    let record = store::record::of_enrolment(&app.db, &permit.enrolled).await?;
    let held = record.validated.iter().find(|held| held.block == block);
    let held: HeldBlock = held.cloned().ok_or_else(ApiError::not_found)?;
    let enrolled = kin(&app, &permit, held.enrolment_id).await?;
    let published = published(&app, &enrolled).await?;
    let dates = &published.certification.dates;
    check_issue(dates, record.started_on, held.validated_on).map_err(not_issuable)?;
    let subject = Awarded::Block { validated_block: held.id };
    let paper = Paper::new(&app, &enrolled, published, Some(subject)).await?;
    let provenance = store::record::provenance(&app.db, &record).await?;
    let attestation = paper.attestation(&enrolled, &held, provenance.get(&held.id));
    let name = format!("attestation-{block}.pdf");
    print(&app, &name, move || attestation.to_pdf()).await
}

#[derive(Deserialize)]
struct OfSession {
    session: Uuid,
}

/// The letter that tells the student what one jury decided.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/juries/{session}/result-letter.pdf", operation_id = "download_result_letter", tag = "records", params(("id" = Uuid, Path), ("session" = Uuid, Path)), responses((status = 200, content_type = "application/pdf", body = Bytes), ApiError))]
async fn result_letter(
    permit: OnEnrolment<ReadRecords>,
    State(app): State<App>,
    Path(OfSession { session }): Path<OfSession>,
) -> Result<Response> {
    let enrolled = &permit.enrolled;
    let judged = store::record::judged(&app.db, enrolled).await?;
    // Another school's jury is told of in that school's letter.
    let own = judged.into_iter().filter(|one| !one.elsewhere).map(|one| one.deliberated);
    let judged = own.into_iter().find(|one| one.session == session);
    let letter = letter(&app, enrolled, &judged.ok_or_else(ApiError::not_found)?).await?;
    print(&app, "lettre-de-resultats.pdf", move || letter.to_pdf()).await
}

async fn letter(app: &App, enrolled: &Enrolled, judged: &Deliberated) -> Result<ResultLetter> {
    let dossier = judged.dossier.as_ref().ok_or_else(ApiError::not_found)?.id;
    // As they stood when the jury read them: the letter stays the same until the minutes are added
    // to.
    let frozen = store::dossier::frozen(&app.db, dossier).await?.dossier;
    let paper = Paper::new(app, enrolled, published(app, enrolled).await?, None).await?;
    let written = judged.amendments.last().map_or(judged.sealed_at, |last| last.at);
    let issue = paper.issue(enrolled, day_in_france(written));
    Ok(of::result_letter(&issue, judged, &frozen.progress.requirements))
}

/// The certificate (*parchemin*) of the whole certification.
#[utoipa::path(get, path = "/api/v1/enrolments/{id}/certificate.pdf", operation_id = "download_certificate", tag = "records", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/pdf", body = Bytes), ApiError))]
async fn certificate(permit: OnEnrolment<ReadRecords>, State(app): State<App>) -> Result<Response> {
    let record = store::record::of_enrolment(&app.db, &permit.enrolled).await?;
    let (Some(obtained_on), Some(under)) = (record.obtained_on, record.obtained_under) else {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "not_obtained",
            "La certification n’est pas obtenue : il n’y a pas encore de parchemin.",
        ));
    };
    let enrolled = kin(&app, &permit, under).await?;
    let published = published(&app, &enrolled).await?;
    if store::record::is_obtained_elsewhere(&app.db, under).await? {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "given_elsewhere",
            "Un autre établissement a délivré cette certification : c’est lui qui en donne le \
             parchemin.",
        ));
    }
    let dates = &published.certification.dates;
    check_issue(dates, record.started_on, obtained_on).map_err(not_issuable)?;
    let paper = Paper::new(&app, &enrolled, published, Some(Awarded::Certification)).await?;
    let certificate = of::certificate(&paper.issue(&enrolled, obtained_on), obtained_on);
    let certificate = certificate.ok_or_else(|| {
        ApiError::new(
            StatusCode::CONFLICT,
            "registration_unknown",
            "Un parchemin cite la date de la décision d’enregistrement, que cette version de la \
             certification ne donne pas. Demandez à votre établissement de publier une version qui \
             la donne.",
        )
    })?;
    print(&app, "parchemin.pdf", move || certificate.to_pdf()).await
}

/// The sealed minutes of a session as the caller reads them, with what was added since.
#[utoipa::path(get, path = "/api/v1/jury-sessions/{id}/minutes.pdf", operation_id = "download_minutes", tag = "juries", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/pdf", body = Bytes), ApiError))]
async fn minutes(permit: OnSession<ReadMinutes>, State(app): State<App>) -> Result<Response> {
    let (sealed, left_out) = super::minutes::read(&app, &permit).await?;
    let minutes = of::minutes(&sealed, left_out);
    print(&app, "proces-verbal.pdf", move || minutes.to_pdf()).await
}

/// A dossier to read and to print, without the confidential evidence that the caller may not open.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/dossier.pdf", operation_id = "download_dossier", tag = "dossiers", params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/pdf", body = Bytes), ApiError))]
async fn dossier(permit: OnDossier<ReadDossiers>, State(app): State<App>) -> Result<Response> {
    let OnDossier { dossier, sight, .. } = permit;
    let mut frozen = store::dossier::frozen(&app.db, dossier.id).await?.dossier;
    let hidden =
        frozen.hide(&store::dossier::hidden(&app.db, dossier.enrolment_id, &frozen, sight).await?);
    let name = format!("dossier-{}.pdf", dossier.number);
    let document = of::dossier(&frozen, &dossier.manifest_sha256, hidden);
    print(&app, &name, move || document.to_pdf()).await
}

/// A paper that is ready to be set, and the name of its file.
pub type Ready = (String, Box<dyn FnOnce() -> Result<Vec<u8>, DocumentError> + Send>);

/// What juries gave on this very path, as far as it can be issued: their letters, an attestation of
/// each validated block, the certificate.
pub async fn papers(app: &App, enrolled: &Enrolled) -> Result<Vec<Ready>> {
    let id = enrolled.enrolment.id;
    let mut papers: Vec<Ready> = Vec::new();
    let judged = store::record::judged(&app.db, enrolled).await?;
    // Oldest first, so that each keeps its number.
    let own = judged.iter().rev().filter(|judged| judged.enrolment_id == id && !judged.elsewhere);
    for (number, judged) in (1..).zip(own) {
        let letter = letter(app, enrolled, &judged.deliberated).await?;
        let name = format!("lettre-de-resultats-{number}");
        papers.push((name, Box::new(move || letter.to_pdf())));
    }
    let record = store::record::of_enrolment(&app.db, enrolled).await?;
    let published = published(app, enrolled).await?;
    let is_issued = |on| check_issue(&published.certification.dates, record.started_on, on).is_ok();
    let provenance = store::record::provenance(&app.db, &record).await?;
    let mut blocks = BTreeSet::new();
    for held in record.validated.iter().filter(|held| held.enrolment_id == id) {
        // The newest counts.
        if blocks.insert(&held.block) && is_issued(held.validated_on) {
            let subject = Awarded::Block { validated_block: held.id };
            let paper = Paper::new(app, enrolled, published.clone(), Some(subject)).await?;
            let paper = paper.attestation(enrolled, held, provenance.get(&held.id));
            let name = format!("attestation-{}", held.block);
            papers.push((name, Box::new(move || paper.to_pdf())));
        }
    }
    let given_here = record.obtained_under == Some(id)
        && !store::record::is_obtained_elsewhere(&app.db, id).await?;
    if let Some(on) = record.obtained_on.filter(|on| is_issued(*on) && given_here) {
        let subject = Some(Awarded::Certification);
        let paper = Paper::new(app, enrolled, published.clone(), subject).await?;
        if let Some(paper) = of::certificate(&paper.issue(enrolled, on), on) {
            papers.push(("parchemin".to_owned(), Box::new(move || paper.to_pdf())));
        }
    }
    Ok(papers)
}

/// What a paper of a person is made from.
struct Paper {
    printed: store::letterhead::Printed,
    published: std::sync::Arc<Published>,
    verification: Option<String>,
}

impl Paper {
    /// A code to scan is printed once the badge that it leads to is issued, and not taken back.
    async fn new(
        app: &App,
        enrolled: &Enrolled,
        published: std::sync::Arc<Published>,
        subject: Option<Awarded>,
    ) -> Result<Self> {
        let organisation = enrolled.enrolment.organisation_id;
        let printed = store::letterhead::of_organisation(&app.db, organisation).await?;
        let mut verification = None;
        if let Some(subject) = subject {
            let issued = store::credential::of_enrolment(&app.db, enrolled).await?.credentials;
            verification = issued
                .into_iter()
                .filter(|one| one.state != CredentialState::Revoked)
                .find(|one| one.award.subject == subject)
                .map(|one| format!("{}/verifier/{}", app.public_url, one.token));
        }
        Ok(Self { printed, published, verification })
    }

    /// Dated of the jury, or of the day on which the school learnt of another one's decision.
    fn attestation(
        &self,
        enrolled: &Enrolled,
        held: &HeldBlock,
        provenance: Option<&Provenance>,
    ) -> Attestation {
        let issued_on = provenance.map_or(held.validated_on, |it| it.recorded_on);
        of::attestation(&self.issue(enrolled, issued_on), held, provenance)
    }

    fn issue<'a>(&'a self, enrolled: &'a Enrolled, issued_on: NaiveDate) -> Issue<'a> {
        Issue {
            organisation: &self.printed.organisation.name,
            letterhead: &self.printed.letterhead,
            certification: &self.published.certification,
            enrolment: &enrolled.enrolment,
            issued_on,
            verification: self.verification.as_deref(),
        }
    }
}

fn not_issuable(why: NotIssuable) -> ApiError {
    let day = |day: NaiveDate| day.format("%d/%m/%Y");
    let (code, detail) = match why {
        NotIssuable::AfterLastIssue { last_issue_on } => (
            "after_last_issue",
            format!(
                "Cette certification ne pouvait plus être délivrée après le {} : ce document ne \
                 peut pas être établi.",
                day(last_issue_on)
            ),
        ),
        NotIssuable::StartedAfterRegistration { registration_ends_on } => (
            "started_after_registration",
            format!(
                "L’enregistrement de cette certification a pris fin le {}, avant le début de ce \
                 parcours : ce document ne peut pas être établi.",
                day(registration_ends_on)
            ),
        ),
    };
    ApiError::new(StatusCode::CONFLICT, code, detail)
}

/// Sets a document, two at a time: each takes a processor for a while.
async fn print(
    app: &App,
    name: &str,
    set: impl FnOnce() -> Result<Vec<u8>, DocumentError> + Send + 'static,
) -> Result<Response> {
    let press = app.press.clone().acquire_owned().await.map_err(|_| ApiError::unexpected())?;
    let bytes = tokio::task::spawn_blocking(move || {
        let _press = press;
        set()
    })
    .await
    .map_err(|error| failed(&error))?
    .map_err(|error| failed(&error))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (header::CONTENT_DISPOSITION, disposition(true, name)),
    ];
    Ok((headers, bytes).into_response())
}

pub fn failed(error: &dyn std::error::Error) -> ApiError {
    tracing::error!(%error, "a document could not be set");
    ApiError::unexpected()
}
