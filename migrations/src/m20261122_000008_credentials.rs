//! Credentials of what was obtained, the keys that sign them, the lists that revoke them.

use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, json, string, text, text_null, timestamp_with_time_zone,
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
                    .table("signing_keys")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(string("public_key"))
                    // Encrypted under the secret that the servers share.
                    .col(string("sealed_key"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("status_lists")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("credentials")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(uuid("enrolment_id"))
                    // None where it is of the whole certification.
                    .col(uuid_null("validated_block_id"))
                    // What the address of its public page ends with.
                    .col(string("token"))
                    .col(uuid("signing_key_id"))
                    .col(uuid("status_list_id"))
                    .col(integer("status_index"))
                    .col(text("jwt"))
                    .col(json("shown"))
                    .col(timestamp_with_time_zone("issued_at"))
                    .col(uuid("issued_by"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .col(uuid_null("revoked_by"))
                    .col(text_null("revoke_reason"))
                    .col(integer("version"))
                    .foreign_key(&mut references("organisation_id", "organisations"))
                    .foreign_key(&mut references("enrolment_id", "enrolments"))
                    .foreign_key(&mut references("validated_block_id", "validated_blocks"))
                    .foreign_key(&mut references("signing_key_id", "signing_keys"))
                    .foreign_key(&mut references("status_list_id", "status_lists"))
                    .foreign_key(&mut references("issued_by", "users"))
                    .foreign_key(&mut references("revoked_by", "users"))
                    .to_owned(),
            )
            .await?;
        for (name, table, columns, unique) in [
            ("signing_keys_by_organisation", "signing_keys", &["organisation_id"][..], false),
            ("status_lists_by_organisation", "status_lists", &["organisation_id"], false),
            ("credentials_by_token", "credentials", &["token"], true),
            ("credentials_by_status", "credentials", &["status_list_id", "status_index"], true),
            ("credentials_by_enrolment", "credentials", &["enrolment_id"], false),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            if unique {
                index.unique();
            }
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
