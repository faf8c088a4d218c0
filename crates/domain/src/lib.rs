//! Words, value types and rules of a competency portfolio.
//!
//! Pure: nothing here touches a file, a database or the network, and time and randomness come in
//! through [`ambient::Ambient`] alone.

pub mod ambient;
pub mod assessment;
pub mod capitalisation;
pub mod certification;
pub mod decision;
pub mod dossier;
pub mod enrolment;
pub mod evidence;
pub mod fault;
#[cfg(test)]
mod fixtures;
pub mod jury;
pub mod person;
pub mod progress;
pub mod queue;
pub mod requirement;
pub mod waiver;
pub mod warnings;
