//! What a person takes away: one ZIP with pages that read offline, the files, and everything once
//! more as JSON, under a manifest of sums.
//!
//! Values of `domain` come in and a file goes out ([`portfolio`], [`session`], [`write`]); a file
//! comes in and is proven whole, or is refused ([`Archive::open`]). The form is described in
//! `docs/archive-format.md`.

mod bundle;
mod name;
mod pages;
mod portfolio;
mod verify;

pub use bundle::{COMMENT, Content, MANIFEST_PATH, Part, WriteError, write};
pub use name::{content_path, stem};
pub use portfolio::{Leaving, PORTFOLIO_PATH, portfolio};
pub use verify::{Archive, Finding, Refusal};
