//! Errors as people and programs get them: RFC 9457, with a stable code, never internals.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    dossier::WrongDossierStep, evidence::WrongStep, fault::Fault, jury::WrongSessionStep,
    visit::VisitStep,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{Content, Ref, RefOr, Response as ApiResponse, ResponseBuilder},
};

use crate::request_id;

pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// A problem detail (RFC 9457, section 3).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`: the status and the code say what kind of problem it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub status: u16,
    /// Stable, for programs.
    pub code: &'static str,
    /// A French sentence that says what happened and what to do.
    pub detail: String,
    /// Names this request in the server's log.
    pub request_id: String,
    /// What is wrong, field by field, where the input is; empty otherwise.
    pub fields: Vec<Fault>,
    /// What is there now, where somebody was faster and it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<Value>,
}

/// What a handler answers when it cannot do what was asked.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    fields: Vec<Fault>,
    current: Option<Value>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), fields: Vec::new(), current: None }
    }

    /// With what is there now, so that whoever was too late loses nothing and need not ask again.
    #[must_use]
    pub fn showing(self, current: &impl Serialize) -> Self {
        Self { current: serde_json::to_value(current).ok(), ..self }
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Cet élément n’existe pas, ou vous n’y avez pas accès.",
        )
    }

    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Cette adresse existe, mais pas pour cette action.",
        )
    }

    pub fn body_too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "Cette demande est trop longue.")
    }

    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            "Votre rôle ne vous permet pas de faire cela ici.",
        )
    }

    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "session_expired",
            "Votre session n’est plus ouverte. Connectez-vous pour continuer.",
        )
    }

    pub fn invalid(fields: Vec<Fault>) -> Self {
        Self {
            fields,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "Certaines informations sont à corriger.",
            )
        }
    }

    fn internal(error: &store::Error) -> Self {
        tracing::error!(%error, "request failed");
        Self::unexpected()
    }

    fn dossier_step(step: WrongDossierStep) -> Self {
        let (code, detail) = match step {
            WrongDossierStep::BeforeTheJury => (
                "dossier_before_the_jury",
                "Le jury de ce dossier est ouvert ou terminé : ce qu’il lit ne change plus.",
            ),
            WrongDossierStep::AlreadyReopened => (
                "dossier_reopened",
                "Ce dossier a déjà été rouvert : seul un nouveau dépôt compte désormais.",
            ),
            WrongDossierStep::NotPresented => {
                ("dossier_not_presented", "Le jury n’a pas encore ouvert ce dossier.")
            }
        };
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    fn visit_step(step: VisitStep) -> Self {
        let (code, detail) = match step {
            VisitStep::Closed => (
                "visit_closed",
                "Tous ont signé ce compte rendu : il ne change plus. Écrivez-en un nouveau \
                         qui le corrige.",
            ),
            VisitStep::SignedAlready => {
                ("visit_signed", "Ce compte rendu est déjà signé de ce côté. Rechargez la page.")
            }
            VisitStep::TutorsFirst => {
                ("tutors_first", "Les tuteurs n’ont pas encore tous signé ce compte rendu.")
            }
            VisitStep::NotDeletable => (
                "visit_not_deletable",
                "Seul un compte rendu que personne n’a signé peut être supprimé.",
            ),
            VisitStep::NotClosed => (
                "visit_not_closed",
                "Ce compte rendu peut encore être modifié : il n’a pas besoin d’un \
                         correctif.",
            ),
        };
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    fn session_step(step: WrongSessionStep) -> Self {
        let (code, detail) = match step {
            WrongSessionStep::NotPlanned => (
                "session_not_planned",
                "Cette session de jury est ouverte ou close : elle ne change plus.",
            ),
            WrongSessionStep::NotOpen => (
                "session_not_open",
                "Cette session de jury n’est pas ouverte, ou elle est déjà close.",
            ),
        };
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    pub fn unexpected() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Une erreur est survenue de notre côté ; rien n’a été enregistré. Réessayez dans un \
             instant.",
        )
    }
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        use store::Error;
        match error {
            Error::NotFound => Self::not_found(),
            Error::Stale { .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "stale_version",
                "Quelqu’un a modifié cet élément entre-temps. Rechargez-le, puis reportez vos \
                 changements.",
            ),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::Conflict { code, detail } => Self::new(StatusCode::CONFLICT, code, detail),
            Error::WrongStep(step) => {
                let (code, detail) = match step {
                    WrongStep::NotEditable => (
                        "not_editable",
                        "Cette preuve est entre les mains des tuteurs : elle ne peut plus être \
                         modifiée.",
                    ),
                    WrongStep::NotSubmitted => {
                        ("not_submitted", "Cette preuve n’attend pas de décision.")
                    }
                    WrongStep::NotHandedIn => (
                        "not_handed_in",
                        "Envoyez d’abord cette preuve à vos tuteurs : un livrable est une preuve \
                         envoyée.",
                    ),
                    WrongStep::NotShown => (
                        "not_shown",
                        "Personne d’autre que vous ne voit cette preuve : envoyez-la d’abord.",
                    ),
                    WrongStep::NotDeletable => (
                        "not_deletable",
                        "Seul un brouillon qui n’a jamais été envoyé peut être supprimé.",
                    ),
                };
                Self::new(StatusCode::CONFLICT, code, detail)
            }
            Error::AlreadySigned(_) => Self::new(
                StatusCode::CONFLICT,
                "assessment_signed",
                "Cette évaluation est signée : elle ne change plus. Commencez-en une nouvelle.",
            ),
            Error::AlreadyPublished(_) => Self::new(
                StatusCode::CONFLICT,
                "grid_published",
                "Cette grille est publiée : elle ne change plus. Préparez-en une nouvelle.",
            ),
            Error::VisitStep(step) => Self::visit_step(step),
            Error::SessionStep(step) => Self::session_step(step),
            Error::WrongDossierStep(step) => Self::dossier_step(step),
            Error::FileTooLarge { limit } => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "file_too_large",
                format!("Ce fichier dépasse la limite de {} Mo.", limit / 1_000_000),
            ),
            Error::Interrupted(cause) => {
                tracing::info!(cause, "upload interrupted");
                Self::new(
                    StatusCode::BAD_REQUEST,
                    "upload_interrupted",
                    "L’envoi du fichier s’est interrompu ; rien n’en a été gardé. Réessayez.",
                )
            }
            Error::Damaged { sha256 } => {
                tracing::error!(sha256, "stored file is damaged");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "file_damaged",
                    "Ce fichier est abîmé sur le serveur. Prévenez votre administrateur.",
                )
            }
            Error::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Trop de personnes se connectent en même temps. Réessayez dans une minute.",
            ),
            Error::StorageFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "storage_full",
                "Le serveur n’a plus de place ; rien n’a été enregistré. Prévenez votre \
                 administrateur.",
            ),
            Error::StorageReadOnly => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "storage_read_only",
                "Le serveur ne peut rien enregistrer pour l’instant. Prévenez votre \
                 administrateur.",
            ),
            error @ (Error::Database(_) | Error::Io(_) | Error::Corrupt(_)) => {
                Self::internal(&error)
            }
        }
    }
}

impl From<Vec<Fault>> for ApiError {
    fn from(fields: Vec<Fault>) -> Self {
        Self::invalid(fields)
    }
}

impl From<ApiError> for Problem {
    fn from(ApiError { status, code, detail, fields, current }: ApiError) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail,
            request_id: request_id::current(),
            fields,
            current,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status;
        let problem = Problem::from(self);
        let mut response = (status, Json(problem)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl IntoResponses for ApiError {
    fn responses() -> std::collections::BTreeMap<String, RefOr<ApiResponse>> {
        let response = ResponseBuilder::new()
            .description("Problem detail (RFC 9457)")
            .content(
                "application/problem+json",
                Content::new(Some(Ref::from_schema_name("Problem"))),
            )
            .build();
        [("default".to_owned(), response.into())].into()
    }
}
