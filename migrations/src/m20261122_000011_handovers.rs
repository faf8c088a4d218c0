//! Who presided over an open session from when on.

use sea_orm_migration::{prelude::*, schema::json};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Absent where the chair never changed hands.
        let handovers = json("handovers").null().to_owned();
        manager
            .alter_table(Table::alter().table("jury_sessions").add_column(handovers).to_owned())
            .await
    }
}
