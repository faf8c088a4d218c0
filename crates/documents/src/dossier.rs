//! The frozen dossier that a jury reads.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use crate::paper::{self, DocumentError};
use crate::parties::{CertificationRef, Holder, School};

/// A deposited dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dossier {
    pub school: School,
    pub certification: CertificationRef,
    pub candidate: Candidate,
    /// Label of the access route.
    pub route: String,
    pub version: u32,
    /// In the school's time.
    pub deposited_at: NaiveDateTime,
    /// What the student says of the dossier.
    pub presentation: String,
    pub requirements: Vec<Requirement>,
    /// The scale, lowest first.
    pub levels: Vec<Level>,
    pub blocks: Vec<Block>,
    /// In the order of their numbers: the first is number 1.
    pub evidence: Vec<Evidence>,
    /// Number of confidential pieces that the reader may not open, and that are left out.
    pub hidden: usize,
    /// SHA-256 of the manifest, in lower-case hexadecimal.
    pub manifest_sha256: String,
}

/// The student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    pub holder: Holder,
    pub cohort: Option<String>,
    pub company: Option<String>,
}

/// A condition beside the blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    pub label: String,
    /// `14 semaines`.
    pub required: String,
    /// `16 semaines`.
    pub found: String,
    pub state: RequirementState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementState {
    Met,
    Unmet,
    NotApplicable,
}

/// A level of the scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    pub label: String,
    pub descriptor: Option<String>,
}

/// A block that the dossier was deposited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    pub code: String,
    pub title: String,
    pub competencies: Vec<Competency>,
}

/// A competency in its block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Competency {
    /// As the source prints it; unique in the dossier only with its block.
    pub code: String,
    /// Official wording.
    pub text: String,
    /// Label of the level that is asked.
    pub required: String,
    pub ratings: Ratings,
    /// The assessors do not agree.
    pub diverges: bool,
    /// The required level is reached, by the certification's own rule.
    pub acquired: bool,
    pub links: Vec<Link>,
}

/// The newest signed level of each assessor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ratings {
    pub own: Option<Rating>,
    pub company: Option<Rating>,
    pub school: Option<Rating>,
    pub jury: Option<Rating>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rating {
    /// Label of the level.
    pub level: String,
    pub on: NaiveDate,
}

/// An evidence that shows a competency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Number of the evidence, from 1.
    pub evidence: usize,
    /// The student's own words.
    pub justification: Option<String>,
}

/// A piece of evidence, frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub title: String,
    /// Label of its kind: `Période en entreprise`.
    pub kind: String,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// A tutor accepted it.
    pub accepted: bool,
    pub revision: u32,
    pub files: Vec<EvidenceFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceFile {
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// In lower-case hexadecimal.
    pub sha256: String,
}

impl Dossier {
    /// A link to an evidence that the dossier does not hold is [`DocumentError::Layout`].
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        paper::pdf(&paper::DOSSIER, self.deposited_at.date(), self, None)
    }
}
