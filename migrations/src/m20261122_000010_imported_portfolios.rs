//! Portfolios that were brought from another instance.

use sea_orm_migration::{
    prelude::*,
    schema::{json, string, timestamp_with_time_zone, uuid},
};

use crate::references;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("imported_portfolios")
                    .col(uuid("enrolment_id").primary_key())
                    .col(uuid("organisation_id"))
                    // The enrolment's id where it came from.
                    .col(uuid("origin_id"))
                    // Of the archive's manifest.
                    .col(string("archive_sha256"))
                    // What has no rows here: decisions of foreign juries, the journal, the origins.
                    .col(json("kept"))
                    .col(timestamp_with_time_zone("imported_at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .foreign_key(&mut references("enrolment_id", "enrolments"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("imported_portfolios_by_origin")
                    .table("imported_portfolios")
                    .col("organisation_id")
                    .col("origin_id")
                    .unique()
                    .to_owned(),
            )
            .await
    }
}
