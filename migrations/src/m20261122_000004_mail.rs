//! Mail: the outbox, what people do not want, and which reminders are out.

use sea_orm_migration::{
    prelude::*,
    schema::{
        date, integer, json_null, string, string_null, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::references;

#[derive(DeriveMigrationName)]
pub struct Migration;

fn tables() -> [TableCreateStatement; 3] {
    [
        Table::create()
            .table("mails")
            .col(uuid("id").primary_key().take())
            // None until it is known whose address it was that somebody typed.
            .col(uuid_null("user_id"))
            .col(string_null("address"))
            .col(string("topic"))
            // What it says, without any secret; nothing once it is sent.
            .col(json_null("message"))
            // What it is for, so that it is written once whoever writes it.
            .col(string("dedup_key").unique_key().take())
            .col(timestamp_with_time_zone("not_before"))
            .col(string("state"))
            .col(integer("attempts"))
            // Past this moment, whoever was sending it is no more.
            .col(timestamp_with_time_zone_null("claimed_until"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(text_null("error"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut references("user_id", "users"))
            .to_owned(),
        Table::create()
            .table("mutes")
            .col(uuid("user_id"))
            .col(string("topic"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("user_id").col("topic"))
            .foreign_key(&mut references("user_id", "users"))
            .to_owned(),
        Table::create()
            .table("reminders")
            .col(uuid("user_id"))
            .col(uuid("deadline_id"))
            // A deadline that is moved is announced anew.
            .col(date("due_on"))
            .col(string("step"))
            // None where there was nothing to write that week.
            .col(uuid_null("mail_id"))
            .primary_key(
                Index::create().col("user_id").col("deadline_id").col("due_on").col("step"),
            )
            .foreign_key(&mut references("user_id", "users"))
            .foreign_key(&mut references("mail_id", "mails"))
            .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (name, columns) in
            [("mails_by_state", ["state", "not_before"]), ("mails_by_user", ["user_id", "id"])]
        {
            let mut index = Index::create();
            index.name(name).table("mails");
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("one_time_links_by_user")
                    .table("one_time_links")
                    .col("user_id")
                    .to_owned(),
            )
            .await
    }
}
