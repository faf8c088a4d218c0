//! Who was at the table when a decision was recorded.

use sea_orm_migration::{prelude::*, schema::json};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Absent where the decision was recorded before.
        let present = json("present").null().to_owned();
        manager
            .alter_table(Table::alter().table("jury_decisions").add_column(present).to_owned())
            .await
    }
}
