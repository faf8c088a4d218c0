//! Attestation of one validated block.

use chrono::NaiveDate;
use domain::record::Provenance;
use serde::Serialize;

use crate::paper::{self, DocumentError};
use crate::parties::{
    BlockRef, CertificationRef, Holder, Registration, School, Signatory, Validity,
};

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
    /// Absent where the decision is of the school's own jury.
    pub provenance: Option<Provenance>,
    pub validity: Validity,
    /// How the school numbers it.
    pub number: String,
    pub issued_on: NaiveDate,
    /// Town.
    pub issued_at: Option<String>,
    /// Room is left for a name where it is absent.
    pub signatory: Option<Signatory>,
    /// Address that says whether the attestation is in force. Printed, and drawn as a QR code.
    pub verification: Option<String>,
}

impl Attestation {
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        let address = self.verification.as_deref();
        paper::pdf(&paper::ATTESTATION, self.issued_on, self, address)
    }
}
