//! Attestation of one validated block.

use chrono::NaiveDate;
use serde::Serialize;

use crate::paper::{self, DocumentError};
use crate::parties::{BlockRef, CertificationRef, Holder, Registration, School, Signatory};

/// What a person shows for a block. It says in words that it is for this block alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attestation {
    pub school: School,
    pub certification: CertificationRef,
    /// Absent for a certification that is not registered.
    pub registration: Option<Registration>,
    pub holder: Holder,
    pub block: BlockRef,
    /// Official wordings of the block's competencies.
    pub competencies: Vec<String>,
    /// Day of the jury's decision.
    pub validated_on: NaiveDate,
    /// Last day of validity; none where the block is valid without limit.
    pub expires_on: Option<NaiveDate>,
    /// How the school numbers it.
    pub number: String,
    pub issued_on: NaiveDate,
    pub issued_at: String,
    pub signatory: Signatory,
    /// Address that says whether the attestation is in force. Printed, and drawn as a QR code.
    pub verification: Option<String>,
}

impl Attestation {
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        let address = self.verification.as_deref();
        paper::pdf(&paper::ATTESTATION, self.issued_on, self, address)
    }
}
