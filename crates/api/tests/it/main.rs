//! The interface as its clients meet it: the real router on a real database.
//!
//! On `SQLite` unless `ACQUIS_TEST_POSTGRES` names a `PostgreSQL` server (`postgres://user@host/db`).

mod openapi;
