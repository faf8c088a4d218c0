//! The candidate whom an amendment to the minutes is about.

use sea_orm_migration::{prelude::*, schema::uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Absent where it is about the session.
        let about = uuid("about_id").null().to_owned();
        manager
            .alter_table(Table::alter().table("minutes_amendments").add_column(about).to_owned())
            .await
    }
}
