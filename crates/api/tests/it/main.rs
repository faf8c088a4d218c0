//! The interface as its clients meet it: the real router on a real database.
//!
//! On `SQLite`, unless `ACQUIS_TEST_POSTGRES` names a server (`postgres://user@host:port/postgres`).

mod access;
mod confidential;
mod evidence;
mod files;
mod load;
mod openapi;
mod portfolio;
mod refusals;
mod sessions;
mod support;
