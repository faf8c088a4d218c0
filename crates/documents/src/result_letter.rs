//! The letter that tells a candidate what the jury decided.

use chrono::NaiveDate;
use serde::Serialize;

use crate::paper::{self, DocumentError};
use crate::parties::{CertificationRef, Outcome, School, Signatory};

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
    pub place: String,
    pub date: NaiveDate,
    /// Day of the session.
    pub session_on: NaiveDate,
    pub results: Vec<BlockResult>,
    /// The whole certification is obtained.
    pub certification_obtained: bool,
    /// Requirements beside the blocks that are not met, in words.
    pub missing_requirements: Vec<String>,
    /// Ways and delays of appeal, in the school's words.
    pub appeals: String,
    pub signatory: Signatory,
}

/// The decision on a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockResult {
    pub code: String,
    pub title: String,
    pub outcome: Outcome,
    /// Motive, or what is missing.
    pub explanation: Option<String>,
    /// Last day of validity of a validated block.
    pub expires_on: Option<NaiveDate>,
}

impl ResultLetter {
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        paper::pdf(&paper::RESULT_LETTER, self.date, self, None)
    }
}
