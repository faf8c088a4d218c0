//! The interface as its clients meet it: the real router on a real database.
//!
//! On `SQLite`, unless `ACQUIS_TEST_POSTGRES` names a server (`postgres://user@host:port/postgres`).

mod access;
mod archives;
mod confidential;
mod copies;
mod corrections;
mod credentials;
mod crowd;
mod deliberation;
mod dossiers;
mod evidence;
mod files;
mod grids;
mod jury_sessions;
mod links;
mod load;
mod mails;
mod managers;
mod openapi;
mod portfolio;
mod reading;
mod records;
mod refusals;
mod reminders;
mod session_archives;
mod sessions;
mod sitting;
mod support;
mod tutors;
mod visits;
