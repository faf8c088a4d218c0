//! Words, value types and rules of a competency portfolio.
//!
//! Pure: nothing here touches a file, a database or the network, and time and randomness come in
//! through [`ambient::Ambient`] alone.

pub mod ambient;
pub mod assessment;
pub mod attention;
pub mod capitalisation;
pub mod certification;
pub mod coverage;
pub mod credential;
pub mod deadline;
pub mod decision;
pub mod dossier;
pub mod enrolment;
pub mod evidence;
pub mod fault;
#[cfg(test)]
mod fixtures;
pub mod grid;
pub mod import;
pub mod jury;
pub mod letterhead;
pub mod mail;
pub mod message;
pub mod person;
pub mod portfolio;
pub mod progress;
pub mod queue;
pub mod record;
pub mod requirement;
pub mod revision;
pub mod search;
pub mod siret;
pub mod visit;
pub mod waiver;
pub mod warnings;
pub mod workload;
