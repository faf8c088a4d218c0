//! What is kept: one module per aggregate, each write in one transaction with its audit entry.
//!
//! Reads take the scope of the person who asks: a set of organisations, an enrolment, a person.
//! Entities never leave this crate; what comes out are the values of `domain`.

pub mod access;
pub mod assessment;
pub mod attention;
pub mod audit;
pub mod certification;
pub mod cohort;
mod convert;
pub mod credential;
mod db;
pub mod deadline;
pub mod deliberation;
pub mod dossier;
pub mod enrolment;
mod entity;
mod error;
pub mod evidence;
pub mod file;
mod file_store;
pub mod grid;
pub mod idempotency;
pub mod import;
pub mod jury;
pub mod jury_notes;
pub mod letterhead;
pub mod mail;
pub mod message;
pub mod minutes;
pub mod one_time_link;
pub mod page;
pub mod password;
pub mod people;
pub mod portfolio;
pub mod progress;
pub mod queue;
pub mod record;
pub mod reminder;
pub mod session;
pub mod visit;

pub use db::{Db, Durability, Options};
pub use error::{Error, Result};
pub use file_store::{FileStore, Stored};
pub use idempotency::Once;
