//! Visit reports and their signatures.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, date, integer, json, string, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
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
                    .table("visits")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(uuid("enrolment_id"))
                    .col(uuid("author_id"))
                    .col(uuid_null("corrects_id"))
                    .col(date("held_on"))
                    .col(json("content"))
                    // SHA-256 of the content: what a signature is on.
                    .col(string("content_hash"))
                    // When every side of the tutors had signed the content as it stands.
                    .col(timestamp_with_time_zone_null("tutors_signed_at"))
                    // When the student had too: nothing changes after that.
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .foreign_key(&mut references("enrolment_id", "enrolments"))
                    .foreign_key(&mut references("author_id", "users"))
                    .foreign_key(&mut references("corrects_id", "visits"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("visit_signatures")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(uuid("visit_id"))
                    .col(string("side"))
                    .col(uuid("by_id"))
                    .col(boolean("agreed"))
                    .col(text("comment"))
                    .col(string("content_hash"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .foreign_key(&mut references("visit_id", "visits"))
                    .foreign_key(&mut references("by_id", "users"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns) in [
            ("visits_by_enrolment", "visits", &["enrolment_id", "id"][..]),
            ("visits_by_corrected", "visits", &["corrects_id"]),
            ("visit_signatures_by_visit", "visit_signatures", &["visit_id", "at"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
