//! What a person takes away: one ZIP with pages that read offline, the files, and everything once
//! more as JSON, under a manifest of sums.
//!
//! Values of `domain` come in and a file goes out ([`portfolio`], [`LeavingSession`], [`write`]); a file
//! comes in and is proven whole, or is refused ([`Archive::open`]). The form is described in
//! `docs/archive-format.md`.

mod bundle;
mod name;
mod pages;
mod portfolio;
mod session;
mod verify;

pub use bundle::{COMMENT, Content, MANIFEST_PATH, Part, Spool, WriteError, write};
pub use name::{content_path, stem};
pub use portfolio::{Leaving, PORTFOLIO_PATH, portfolio};
pub use session::{
    Candidate, CarriedDossier, CarriedMinutes, LeavingDossier, LeavingSession, SESSION_PATH,
    Session,
};
pub use verify::{Archive, Finding, Refusal};
