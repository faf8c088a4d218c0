//! What schools print on the papers that they issue.

use sea_orm_migration::{
    prelude::*,
    schema::{integer, json, timestamp_with_time_zone, uuid},
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
                    .table("letterheads")
                    .col(uuid("organisation_id").primary_key())
                    .col(json("content"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await
    }
}
