//! The first schema: people, certifications, enrolments, evidence, assessments, audit.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, date, date_null, integer, integer_null, json, string, string_null,
        text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
    sea_orm::DbBackend,
};

use crate::references;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// One `CASCADE`-less foreign key on a single column.
fn table(name: &'static str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create().table(name).to_owned();
    for mut column in columns {
        table.col(&mut column);
    }
    table
}

fn primary(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index
}

fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = primary(columns);
    index.name(name).table(table).to_owned()
}

fn id() -> ColumnDef {
    uuid("id").primary_key().take()
}

fn people() -> Vec<TableCreateStatement> {
    vec![
        table(
            "organisations",
            vec![
                id(),
                string("name"),
                timestamp_with_time_zone("created_at"),
                // Head of the organisation's audit chain.
                big_integer("audit_seq"),
                string("audit_hash"),
            ],
        ),
        table(
            "users",
            vec![
                id(),
                string("email").unique_key().take(),
                string("given_name"),
                string("family_name"),
                string_null("password_hash"),
                timestamp_with_time_zone("created_at"),
            ],
        ),
        table("memberships", vec![uuid("organisation_id"), uuid("user_id"), string("role")])
            .primary_key(&mut primary(&["organisation_id", "user_id", "role"]))
            .foreign_key(&mut references("organisation_id", "organisations"))
            .foreign_key(&mut references("user_id", "users"))
            .to_owned(),
        table(
            "sessions",
            vec![
                id(),
                uuid("user_id"),
                string("refresh_hash").unique_key().take(),
                string_null("previous_hash"),
                timestamp_with_time_zone("rotated_at"),
                timestamp_with_time_zone("expires_at"),
                timestamp_with_time_zone_null("revoked_at"),
                timestamp_with_time_zone("created_at"),
            ],
        )
        .foreign_key(&mut references("user_id", "users"))
        .to_owned(),
        table(
            "one_time_links",
            vec![
                id(),
                string("purpose"),
                uuid_null("user_id"),
                string("token_hash").unique_key().take(),
                timestamp_with_time_zone("expires_at"),
                timestamp_with_time_zone_null("used_at"),
                timestamp_with_time_zone("created_at"),
            ],
        )
        .foreign_key(&mut references("user_id", "users"))
        .to_owned(),
        table(
            "idempotency_keys",
            vec![
                uuid("user_id"),
                string("key"),
                string("request"),
                uuid("resource_id"),
                timestamp_with_time_zone("created_at"),
            ],
        )
        .primary_key(&mut primary(&["user_id", "key"]))
        .foreign_key(&mut references("user_id", "users"))
        .to_owned(),
        table(
            "audit_entries",
            vec![
                uuid("organisation_id"),
                big_integer("seq"),
                timestamp_with_time_zone("at"),
                // No foreign key: an entry outlives the person.
                uuid_null("actor_id"),
                // What they were in the organisation at that moment.
                string_null("actor_roles"),
                string("action"),
                string("subject_kind"),
                uuid("subject_id"),
                // Text, not JSON: the hash is over the very bytes.
                text_null("before"),
                text_null("after"),
                string("previous_hash"),
                string("hash"),
            ],
        )
        .primary_key(&mut primary(&["organisation_id", "seq"]))
        .foreign_key(&mut references("organisation_id", "organisations"))
        .to_owned(),
    ]
}

fn paths() -> Vec<TableCreateStatement> {
    vec![
        table(
            "certifications",
            vec![
                id(),
                uuid("organisation_id"),
                string("code"),
                string("version"),
                string("title"),
                // The whole file, as it was published.
                text("source"),
                timestamp_with_time_zone("created_at"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .to_owned(),
        table(
            "cohorts",
            vec![
                id(),
                uuid("organisation_id"),
                uuid("certification_id"),
                string("name"),
                date("starts_on"),
                date("ends_on"),
                integer("version"),
                timestamp_with_time_zone("created_at"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("certification_id", "certifications"))
        .to_owned(),
        table(
            "enrolments",
            vec![
                id(),
                uuid("organisation_id"),
                uuid("student_id"),
                uuid("certification_id"),
                uuid_null("cohort_id"),
                string("route"),
                string("status"),
                string_null("profile"),
                date("starts_on"),
                date_null("ends_on"),
                integer("version"),
                timestamp_with_time_zone("created_at"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("student_id", "users"))
        .foreign_key(&mut references("certification_id", "certifications"))
        .foreign_key(&mut references("cohort_id", "cohorts"))
        .to_owned(),
        table(
            "enrolment_tutors",
            vec![uuid("enrolment_id"), uuid("user_id"), string("kind"), uuid("organisation_id")],
        )
        .primary_key(&mut primary(&["enrolment_id", "user_id", "kind"]))
        .foreign_key(&mut references("enrolment_id", "enrolments"))
        .foreign_key(&mut references("user_id", "users"))
        .foreign_key(&mut references("organisation_id", "organisations"))
        .to_owned(),
    ]
}

/// `clustered` ends the tables that are read by their primary key alone: on `SQLite` they are kept
/// in its order, without a hidden row id.
#[expect(clippy::too_many_lines, reason = "one table after the other, nothing else")]
fn portfolio(clustered: &str) -> Vec<TableCreateStatement> {
    vec![
        table(
            "evidence",
            vec![
                id(),
                uuid("organisation_id"),
                uuid("enrolment_id"),
                string("kind"),
                string("title"),
                text("text"),
                date_null("starts_on"),
                date_null("ends_on"),
                string_null("organisation"),
                string_null("country"),
                boolean("in_company"),
                string_null("language"),
                string_null("cefr_level"),
                json("links"),
                json("requirements"),
                string_null("modality"),
                string("status"),
                // Number of submissions so far.
                integer("revision"),
                integer("version"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("updated_at"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("enrolment_id", "enrolments"))
        .to_owned(),
        table(
            "evidence_competencies",
            vec![
                uuid("enrolment_id"),
                string("competency"),
                uuid("evidence_id"),
                uuid("organisation_id"),
                integer("position"),
                text("justification"),
            ],
        )
        .primary_key(&mut primary(&["enrolment_id", "competency", "evidence_id"]))
        .foreign_key(&mut references("enrolment_id", "enrolments"))
        .foreign_key(&mut references("evidence_id", "evidence"))
        .foreign_key(&mut references("organisation_id", "organisations"))
        .extra(clustered)
        .to_owned(),
        table(
            "evidence_revisions",
            vec![
                uuid("evidence_id"),
                integer("number"),
                uuid("organisation_id"),
                uuid("submitted_by"),
                timestamp_with_time_zone("submitted_at"),
                json("content"),
                json("files"),
            ],
        )
        .primary_key(&mut primary(&["evidence_id", "number"]))
        .foreign_key(&mut references("evidence_id", "evidence"))
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("submitted_by", "users"))
        .to_owned(),
        table(
            "evidence_events",
            vec![
                id(),
                uuid("organisation_id"),
                uuid("evidence_id"),
                string("action"),
                text_null("comment"),
                uuid("by_id"),
                timestamp_with_time_zone("at"),
                integer("revision"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("evidence_id", "evidence"))
        .foreign_key(&mut references("by_id", "users"))
        .to_owned(),
        table(
            "files",
            vec![
                id(),
                uuid("organisation_id"),
                uuid("evidence_id"),
                string("sha256"),
                string("name"),
                string("media_type"),
                big_integer("size"),
                timestamp_with_time_zone("created_at"),
                // Taken off the evidence, and kept while a revision shows it.
                timestamp_with_time_zone_null("removed_at"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("evidence_id", "evidence"))
        .to_owned(),
        table(
            "assessments",
            vec![
                id(),
                uuid("organisation_id"),
                uuid("enrolment_id"),
                string("block"),
                string("kind"),
                uuid("assessor_id"),
                string("occasion"),
                date("assessed_on"),
                text("comment"),
                json("evidence"),
                string("status"),
                integer("version"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("updated_at"),
                timestamp_with_time_zone_null("signed_at"),
            ],
        )
        .foreign_key(&mut references("organisation_id", "organisations"))
        .foreign_key(&mut references("enrolment_id", "enrolments"))
        .foreign_key(&mut references("assessor_id", "users"))
        .to_owned(),
        table(
            "assessment_ratings",
            vec![
                uuid("enrolment_id"),
                string("block"),
                string("competency"),
                string("kind"),
                uuid("assessment_id"),
                uuid("organisation_id"),
                integer("position"),
                json("criteria"),
                // Rank of the lowest level; none while a criterion has no level.
                integer_null("lowest"),
                date("assessed_on"),
                timestamp_with_time_zone_null("signed_at"),
                // A newer signed rating of the same kind stands.
                boolean("superseded"),
            ],
        )
        .primary_key(&mut primary(&[
            "enrolment_id",
            "block",
            "competency",
            "kind",
            "assessment_id",
        ]))
        .foreign_key(&mut references("enrolment_id", "enrolments"))
        .foreign_key(&mut references("assessment_id", "assessments"))
        .foreign_key(&mut references("organisation_id", "organisations"))
        .extra(clustered)
        .to_owned(),
    ]
}

fn indices() -> Vec<IndexCreateStatement> {
    vec![
        index("memberships_by_user", "memberships", &["user_id"]),
        index("sessions_by_user", "sessions", &["user_id"]),
        index("certifications_by_code", "certifications", &["organisation_id", "code", "version"])
            .unique()
            .to_owned(),
        index("cohorts_by_organisation", "cohorts", &["organisation_id", "id"]),
        index("enrolments_by_organisation", "enrolments", &["organisation_id", "id"]),
        index("enrolments_by_student", "enrolments", &["student_id"]),
        index("enrolments_by_cohort", "enrolments", &["cohort_id"]),
        index("enrolment_tutors_by_user", "enrolment_tutors", &["user_id"]),
        index("evidence_by_enrolment", "evidence", &["enrolment_id", "id"]),
        index("evidence_competencies_by_evidence", "evidence_competencies", &["evidence_id"]),
        index("evidence_events_by_evidence", "evidence_events", &["evidence_id", "at"]),
        index("files_by_evidence", "files", &["evidence_id"]),
        index("assessments_by_enrolment", "assessments", &["enrolment_id", "block", "id"]),
        index("assessment_ratings_by_assessment", "assessment_ratings", &["assessment_id"]),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let clustered =
            if manager.get_database_backend() == DbBackend::Sqlite { "WITHOUT ROWID" } else { "" };
        for table in people().into_iter().chain(paths()).chain(portfolio(clustered)) {
            manager.create_table(table).await?;
        }
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
