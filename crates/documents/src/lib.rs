//! Records that a person keeps, as PDF: bytes out of plain values.
//!
//! Every document is PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) at once; a document that
//! would not be is an error. Nothing but the values goes in: no clock, no network, no font of the
//! system. The same values give the same bytes.
//!
//! Words of people are data and never markup. They are printed as they were written, except that
//! French spacing is mended and that a character which no embedded font can draw is printed as its
//! code (`[U+1F600]`): a record must neither fail nor lose it silently.

mod attestation;
mod certificate;
mod dossier;
mod minutes;
pub mod of;
mod paper;
mod parties;
mod result_letter;
mod text;

pub use attestation::Attestation;
pub use certificate::Certificate;
pub use dossier::{
    Block, Candidate, Competency, Dossier, Evidence, EvidenceFile, Level, Link, Rating, Ratings,
    Requirement, RequirementState,
};
pub use minutes::{
    Amendment, CandidateDecisions, Decision, Handover, Member, Minutes, Seal, Vote, Waiver,
};
pub use paper::DocumentError;
pub use parties::{
    BlockRef, CertificationRef, Check, Holder, Outcome, Registration, School, Signatory, Validity,
};
pub use result_letter::{BlockResult, ResultLetter};
