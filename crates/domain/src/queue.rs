//! What waits for a person.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{assessment::AssessorKind, enrolment::CertificationRef, person::User};

/// One thing to do, on one enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueItem {
    pub kind: QueueKind,
    pub enrolment_id: Uuid,
    pub student: User,
    pub certification: CertificationRef,
    /// Name of the cohort.
    pub cohort: Option<String>,
    /// Code of the block.
    pub block: Option<String>,
    pub block_title: Option<String>,
    pub evidence_id: Option<Uuid>,
    pub assessment_id: Option<Uuid>,
    /// As whom the person is asked to assess.
    pub assessor_kind: Option<AssessorKind>,
    /// The evidence's title, the occasion of the draft, or the block's title.
    pub title: String,
    /// Number of competencies concerned.
    pub count: u32,
    pub since: DateTime<Utc>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QueueKind {
    /// A tutor accepts or returns it.
    EvidenceToReview,
    /// Competencies with evidence that this kind of tutor has never assessed.
    BlockToAssess,
    /// A grid that was started and is not signed.
    AssessmentDraft,
    /// The student reworks it.
    EvidenceReturned,
    /// The student has not handed it in.
    EvidenceDraft,
}
