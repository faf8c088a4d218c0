//! Evidence in full: more fields, who may open it, the deliverable that counts, what is searched,
//! and conversations.

use sea_orm_migration::{
    prelude::*,
    schema::{date_null, string, string_null, text, text_null, timestamp_with_time_zone, uuid},
};

use crate::references;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// New columns of `evidence`. What every row has is filled in below, then never absent.
fn columns() -> Vec<ColumnDef> {
    vec![
        string_null("siret"),
        string_null("supervisor_name"),
        string_null("supervisor_function"),
        string_null("supervisor_email"),
        date_null("issued_on"),
        date_null("valid_until"),
        string_null("visibility"),
        // Key of the modality whose deliverable it is.
        string_null("deliverable_of"),
        // What a search looks into, folded: as it is now, and as it was handed in last.
        text_null("searched"),
        text_null("searched_handed_in"),
    ]
}

/// Accents go from here with the next save of each row: neither database can take them off.
const FILL: &str = "UPDATE evidence SET visibility = 'open', \
     searched = LOWER(title || ' ' || COALESCE(organisation, '') || ' ' || text)";

const FILL_HANDED_IN: &str = "UPDATE evidence SET searched_handed_in = \
     CASE WHEN revision > 0 THEN searched ELSE '' END";

/// Of what is handed in for a modality, the newest counts.
const FILL_DELIVERABLES: &str = "UPDATE evidence SET deliverable_of = modality \
     WHERE modality IS NOT NULL AND status IN ('submitted', 'accepted') AND NOT EXISTS (\
     SELECT 1 FROM evidence AS later WHERE later.enrolment_id = evidence.enrolment_id \
     AND later.modality = evidence.modality AND later.status IN ('submitted', 'accepted') \
     AND later.id > evidence.id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            let mut table = Table::alter().table("evidence").to_owned();
            manager.alter_table(table.add_column(&mut column).to_owned()).await?;
        }
        for statement in [FILL, FILL_HANDED_IN, FILL_DELIVERABLES] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        // Absent values are all different: only one evidence of an enrolment is the deliverable of
        // a modality, and any number is of none.
        manager
            .create_index(
                Index::create()
                    .name("evidence_by_deliverable")
                    .table("evidence")
                    .col("enrolment_id")
                    .col("deliverable_of")
                    .unique()
                    .to_owned(),
            )
            .await?;
        let mut messages = Table::create().table("evidence_messages").to_owned();
        for mut column in [
            uuid("id").primary_key().take(),
            uuid("organisation_id"),
            uuid("evidence_id"),
            uuid("by_id"),
            string("speaks_as"),
            text("text"),
            timestamp_with_time_zone("at"),
        ] {
            messages.col(&mut column);
        }
        messages
            .foreign_key(&mut references("organisation_id", "organisations"))
            .foreign_key(&mut references("evidence_id", "evidence"))
            .foreign_key(&mut references("by_id", "users"));
        manager.create_table(messages).await?;
        manager
            .create_index(
                Index::create()
                    .name("evidence_messages_by_evidence")
                    .table("evidence_messages")
                    .col("evidence_id")
                    .col("id")
                    .to_owned(),
            )
            .await
    }
}
