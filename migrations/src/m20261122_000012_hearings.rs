//! Since when the people of a session, its candidates too, know of it.

use sea_orm_migration::{prelude::*, schema::timestamp_with_time_zone_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let convened_at = timestamp_with_time_zone_null("convened_at");
        manager
            .alter_table(Table::alter().table("jury_sessions").add_column(convened_at).to_owned())
            .await?;
        let first = Query::select()
            .expr(Expr::col("convened_at").min())
            .from("jury_members")
            .and_where(Expr::col(("jury_members", "session_id")).equals(("jury_sessions", "id")))
            .to_owned();
        let known = Query::update()
            .table("jury_sessions")
            .value("convened_at", SimpleExpr::SubQuery(None, Box::new(first.into())))
            .to_owned();
        manager.execute(known).await
    }
}
