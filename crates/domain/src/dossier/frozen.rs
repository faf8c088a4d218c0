//! What a deposit freezes: everything that a jury reads, in one document.
//!
//! It stands by itself. It is `dossier.json` of the manifest, and of the archive that a person
//! takes away, so what it says must be understood years later without this instance: names and
//! wording beside every id.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::gate::BlockGate;
use crate::{
    assessment::Assessment,
    certification::Certification,
    enrolment::{Enrolment, Tutor},
    evidence::{EvidenceContent, EvidenceEvent, EvidenceStatus, FileInfo},
    person::User,
    progress::Progress,
};

/// Number of this form; another form gets another number.
pub const FORMAT: u32 = 1;
/// Where it stands in the manifest.
pub const DOSSIER_PATH: &str = "dossier.json";
/// Where the certification's file stands in the manifest, byte for byte as it was published.
pub const CERTIFICATION_PATH: &str = "certification.toml";

/// A deposited dossier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FrozenDossier {
    /// See [`FORMAT`].
    pub format: u32,
    pub id: Uuid,
    /// 1 for the first deposit of the enrolment.
    pub number: u32,
    pub deposited_at: DateTime<Utc>,
    /// Name of the school.
    pub organisation: String,
    pub enrolment: Enrolment,
    pub tutors: Vec<Tutor>,
    /// Codes of the blocks that are presented.
    pub blocks: Vec<String>,
    pub presentation: String,
    /// As the grid that was in force makes it.
    pub certification: Certification,
    /// Number of that grid; 0 for the certification's own.
    pub grid: u32,
    /// The other grids that assessments stand on.
    pub older_grids: Vec<FrozenGrid>,
    pub gates: Vec<BlockGate>,
    /// Of the whole portfolio, as it stood.
    pub progress: Progress,
    /// What was handed in, in the order of its first submission.
    pub evidence: Vec<FrozenEvidence>,
    /// Every signed one, oldest first.
    pub assessments: Vec<Assessment>,
}

/// A grid that was in force earlier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FrozenGrid {
    pub number: u32,
    /// As that grid makes it.
    pub certification: Certification,
}

/// An evidence as it was handed in last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FrozenEvidence {
    pub id: Uuid,
    /// Number of the revision.
    pub revision: u32,
    pub submitted_at: DateTime<Utc>,
    pub submitted_by: User,
    #[serde(flatten)]
    pub content: EvidenceContent,
    pub status: EvidenceStatus,
    /// Key of the modality whose deliverable it is.
    pub deliverable_of: Option<String>,
    pub files: Vec<FrozenFile>,
    /// Submissions and decisions, oldest first.
    pub history: Vec<EvidenceEvent>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FrozenFile {
    #[serde(flatten)]
    pub file: FileInfo,
    /// Where it stands in the manifest.
    pub path: String,
}
