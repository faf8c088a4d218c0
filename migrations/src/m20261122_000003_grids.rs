//! Grids that schools own, and the grid that each assessment stands on.

use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, integer_null, json, string, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::references;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn grids() -> TableCreateStatement {
    Table::create()
        .table("grids")
        .col(uuid("id").primary_key())
        .col(uuid("organisation_id"))
        .col(uuid("certification_id"))
        // Given by the publication.
        .col(integer_null("number"))
        .col(string("status"))
        .col(json("content"))
        .col(integer("version"))
        .col(timestamp_with_time_zone("created_at"))
        .col(uuid("created_by"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(uuid_null("published_by"))
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("certification_id", "certifications"))
        .foreign_key(&mut references("created_by", "users"))
        .foreign_key(&mut references("published_by", "users"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(grids()).await?;
        let index = Index::create()
            .name("grids_by_certification")
            .table("grids")
            .col("certification_id")
            .col("number")
            .unique()
            .to_owned();
        manager.create_index(index).await?;
        // None: on the certification's own criteria.
        let column =
            |table, column: ColumnDef| Table::alter().table(table).add_column(column).to_owned();
        for statement in [
            column("assessments", uuid_null("grid_id")),
            column("assessment_ratings", uuid_null("grid_id")),
            // Mean place in the scale by the weights of the grid, in hundredths.
            column("assessment_ratings", integer_null("weighted")),
        ] {
            manager.alter_table(statement).await?;
        }
        Ok(())
    }
}
