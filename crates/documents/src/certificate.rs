//! The certificate of a whole certification (*parchemin*).

use chrono::NaiveDate;
use serde::Serialize;

use crate::paper::{self, DocumentError};
use crate::parties::{CertificationRef, Holder, Registration, School, Signatory};

/// A certificate with the particulars that France compétences asks for, and hardly more, since it
/// wants certificates sparing of anything that may mislead: the registration and the date of its
/// decision, the certifier's legal (and trade) name, the title exactly as registered, the level in
/// the French and in the European framework, the NSF codes, the holder's identity, date and place
/// of issue, and the signature of whom the certifier entitled.
///
/// Source: France compétences, FAQ Certification professionnelle, « Qu'est-ce qu'un parchemin ? »
/// (<https://francecompetences.fr/faq-ext/>); Code du travail, R6113-17.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    pub certifier: School,
    pub certification: CertificationRef,
    pub registration: Registration,
    pub holder: Holder,
    /// How the certifier numbers it.
    pub number: String,
    pub issued_on: NaiveDate,
    /// Town.
    pub issued_at: Option<String>,
    /// Room is left for a name where it is absent.
    pub signatory: Option<Signatory>,
    /// Address that says whether the certificate is in force. Printed, and drawn as a QR code.
    pub verification: Option<String>,
}

impl Certificate {
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        let address = self.verification.as_deref();
        paper::pdf(&paper::CERTIFICATE, self.issued_on, self, address)
    }
}
