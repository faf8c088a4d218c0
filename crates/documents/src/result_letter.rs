//! The letter that tells a candidate what the jury decided.

use chrono::NaiveDate;
use serde::Serialize;

use crate::minutes::Amendment;
use crate::paper::{self, DocumentError};
use crate::parties::{CertificationRef, Outcome, School, Signatory, Validity};

/// Decisions on one candidate, told to them alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultLetter {
    pub school: School,
    pub certification: CertificationRef,
    /// Name of the candidate.
    pub recipient: String,
    /// Postal address, one line each.
    pub address: Vec<String>,
    /// How the school files it.
    pub reference: String,
    pub place: Option<String>,
    pub date: NaiveDate,
    /// Day of the session.
    pub session_on: NaiveDate,
    pub results: Vec<BlockResult>,
    /// The whole certification is obtained.
    pub certification_obtained: bool,
    /// What was added to the minutes since they were sealed, oldest first.
    pub amendments: Vec<Amendment>,
    /// Requirements beside the blocks that were not met when the dossier was deposited, in words.
    pub missing_requirements: Vec<String>,
    /// Ways and delays of appeal, in the school's words.
    pub appeals: String,
    /// Room is left for a name where it is absent.
    pub signatory: Option<Signatory>,
}

/// The decision on a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockResult {
    pub code: String,
    pub title: String,
    pub outcome: Outcome,
    /// Motive, or what is missing.
    pub explanation: Option<String>,
    /// Of a validated block.
    pub validity: Option<Validity>,
}

impl ResultLetter {
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        paper::pdf(&paper::RESULT_LETTER, self.date, self, None)
    }
}
