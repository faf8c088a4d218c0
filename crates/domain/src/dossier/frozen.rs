//! What a deposit freezes: everything that a jury reads, in one document.
//!
//! It stands by itself. It is `dossier.json` of the manifest, and of the archive that a person
//! takes away, so what it says must be understood years later without this instance: names and
//! wording beside every id.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::gate::{BlockGate, Subject};
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

impl FrozenDossier {
    /// Takes out what a reader may not open, and every mention of it; gives how many there were.
    /// What it counts for still counts, as in the live portfolio.
    pub fn hide(&mut self, hidden: &BTreeSet<Uuid>) -> usize {
        let before = self.evidence.len();
        self.evidence.retain(|evidence| !hidden.contains(&evidence.id));
        for block in &mut self.progress.blocks {
            for deliverable in &mut block.deliverables {
                deliverable.evidence_id = deliverable.evidence_id.filter(|id| !hidden.contains(id));
            }
        }
        for requirement in &mut self.progress.requirements {
            requirement.evidence.retain(|id| !hidden.contains(id));
        }
        for gate in &mut self.gates {
            gate.items.retain(|item| match &item.subject {
                Subject::Evidence { evidence_id } => !hidden.contains(evidence_id),
                _ => true,
            });
        }
        for assessment in &mut self.assessments {
            assessment.content.evidence.retain(|id| !hidden.contains(id));
        }
        before - self.evidence.len()
    }

    /// As a jury reads it: it judges what people wrote, and writes to nobody. What is sealed keeps
    /// their addresses, and its sum is of that.
    #[must_use]
    pub fn without_addresses(mut self) -> Self {
        let events = self.evidence.iter_mut().flat_map(|one| {
            one.content.supervisor_email = None;
            one.history.iter_mut().map(|event| &mut event.by).chain([&mut one.submitted_by])
        });
        let people = events
            .chain(self.tutors.iter_mut().map(|tutor| &mut tutor.user))
            .chain(self.assessments.iter_mut().map(|assessment| &mut assessment.assessor))
            .chain([&mut self.enrolment.student]);
        people.for_each(|person| person.email.clear());
        self
    }
}
