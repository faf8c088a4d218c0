//! Dates that a manager sets for a cohort.

use sea_orm_migration::{
    prelude::*,
    schema::{date, integer, string, string_null, timestamp_with_time_zone, uuid},
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
                    .table("deadlines")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(uuid("cohort_id"))
                    .col(string("kind"))
                    .col(string_null("label"))
                    // Code of the one block that a self-assessment is asked for.
                    .col(string_null("block"))
                    .col(date("due_on"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .foreign_key(&mut references("cohort_id", "cohorts"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("deadlines_by_cohort")
                    .table("deadlines")
                    .col("cohort_id")
                    .col("due_on")
                    .to_owned(),
            )
            .await
    }
}
