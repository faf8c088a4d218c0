//! The schema, one file per change, the same for `SQLite` and `PostgreSQL`.
//!
//! Times are set by the program, never by the database; enumerations are strings; foreign keys are
//! made with their table, since `SQLite` cannot add them later.

use sea_orm_migration::prelude::*;

mod m20261122_000001_house;
mod m20261122_000002_evidence;
mod m20261122_000003_grids;
mod m20261122_000004_mail;
mod m20261122_000005_visits;
mod m20261122_000006_deadlines;
mod m20261122_000007_juries;
mod m20261122_000008_credentials;
mod m20261122_000009_letterheads;
mod m20261122_000010_imported_portfolios;
mod m20261122_000011_handovers;
mod m20261122_000012_hearings;
mod m20261122_000013_presence;
mod m20261122_000014_amended_candidates;

/// A foreign key to the id of `table`.
fn references(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col(column).to_tbl(table).to_col("id").to_owned()
}

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_house::Migration),
            Box::new(m20261122_000002_evidence::Migration),
            Box::new(m20261122_000003_grids::Migration),
            Box::new(m20261122_000004_mail::Migration),
            Box::new(m20261122_000005_visits::Migration),
            Box::new(m20261122_000006_deadlines::Migration),
            Box::new(m20261122_000007_juries::Migration),
            Box::new(m20261122_000008_credentials::Migration),
            Box::new(m20261122_000009_letterheads::Migration),
            Box::new(m20261122_000010_imported_portfolios::Migration),
            Box::new(m20261122_000011_handovers::Migration),
            Box::new(m20261122_000012_hearings::Migration),
            Box::new(m20261122_000013_presence::Migration),
            Box::new(m20261122_000014_amended_candidates::Migration),
        ]
    }
}
