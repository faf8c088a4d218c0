//! Dossiers, jury sessions, what they decide, and what a person holds from it.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, date, integer, json, string, string_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::references;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// A table whose rows belong to an organisation, with its foreign keys.
fn table(name: &'static str, keys: &[(&'static str, &'static str)]) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name).col(uuid("organisation_id"));
    table.foreign_key(&mut references("organisation_id", "organisations"));
    for (column, referenced) in keys {
        table.foreign_key(&mut references(column, referenced));
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

fn dossiers() -> [TableCreateStatement; 2] {
    [
        table("dossiers", &[("enrolment_id", "enrolments"), ("deposited_by", "users")])
            .col(uuid("id").primary_key())
            .col(uuid("enrolment_id"))
            // 1 for the first deposit of the enrolment.
            .col(integer("number"))
            .col(json("blocks"))
            .col(string("status"))
            // The bytes of `dossier.json`, exactly as the manifest sums them up.
            .col(text("content"))
            // In its canonical form.
            .col(text("manifest"))
            .col(string("manifest_sha256"))
            .col(uuid("deposited_by"))
            .col(timestamp_with_time_zone("deposited_at"))
            .col(uuid_null("reopened_by"))
            .col(timestamp_with_time_zone_null("reopened_at"))
            .col(text_null("reopen_reason"))
            .col(integer("version"))
            .to_owned(),
        // What keeps the contents of a frozen evidence from being swept.
        table("dossier_files", &[("dossier_id", "dossiers"), ("evidence_id", "evidence")])
            .col(uuid("dossier_id"))
            .col(string("path"))
            .col(uuid("evidence_id"))
            .col(uuid("file_id"))
            .col(string("sha256"))
            .col(big_integer("size"))
            .primary_key(&mut primary(&["dossier_id", "path"]))
            .to_owned(),
    ]
}

fn sessions() -> [TableCreateStatement; 3] {
    [
        table("jury_sessions", &[("certification_id", "certifications"), ("created_by", "users")])
            .col(uuid("id").primary_key())
            .col(uuid("certification_id"))
            .col(string("route"))
            .col(string("title"))
            .col(timestamp_with_time_zone("starts_at"))
            .col(text("place"))
            .col(text_null("link"))
            // On what ground the jury is composed, where no typed rule says it.
            .col(text("statement"))
            .col(timestamp_with_time_zone("access_opens_at"))
            .col(timestamp_with_time_zone("access_closes_at"))
            .col(string("status"))
            .col(timestamp_with_time_zone_null("opened_at"))
            .col(timestamp_with_time_zone_null("closed_at"))
            // What was checked when it opened.
            .col(json("opening").null())
            .col(uuid("created_by"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned(),
        table("jury_members", &[("session_id", "jury_sessions"), ("user_id", "users")])
            .col(uuid("id").primary_key())
            .col(uuid("session_id"))
            .col(uuid("user_id"))
            .col(integer("position"))
            // Quality, seat, experience, company: all that the rules ask about.
            .col(json("profile"))
            .col(string("attendance"))
            .col(json("declared"))
            .col(json("recused_from"))
            .col(timestamp_with_time_zone_null("convened_at"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(integer("version"))
            .to_owned(),
        table(
            "jury_candidates",
            &[
                ("session_id", "jury_sessions"),
                ("enrolment_id", "enrolments"),
                ("dossier_id", "dossiers"),
            ],
        )
        .col(uuid("session_id"))
        .col(uuid("enrolment_id"))
        // Set when the session opens: what it reads.
        .col(uuid_null("dossier_id"))
        .col(integer("position"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(integer("presentation_minutes"))
        .col(integer("interview_minutes"))
        // Persons who took part in the training.
        .col(json("trainers"))
        .col(json("links"))
        .primary_key(&mut primary(&["session_id", "enrolment_id"]))
        .to_owned(),
    ]
}

const CANDIDATE: [(&str, &str); 2] =
    [("session_id", "jury_sessions"), ("enrolment_id", "enrolments")];

fn deliberation() -> [TableCreateStatement; 5] {
    let of_member = [CANDIDATE[0], CANDIDATE[1], ("member_id", "jury_members")];
    [
        table("jury_notes", &of_member)
            .col(uuid("id").primary_key())
            .col(uuid("session_id"))
            .col(uuid("enrolment_id"))
            .col(uuid("member_id"))
            .col(string("kind"))
            .col(string_null("block"))
            .col(string_null("competency"))
            .col(text("text"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned(),
        table("jury_grids", &of_member)
            .col(uuid("session_id"))
            .col(uuid("enrolment_id"))
            .col(uuid("member_id"))
            .col(json("ratings"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .primary_key(&mut primary(&["session_id", "enrolment_id", "member_id"]))
            .to_owned(),
        table("jury_proposals", &of_member)
            .col(uuid("session_id"))
            .col(uuid("enrolment_id"))
            .col(uuid("member_id"))
            .col(string("block"))
            .col(json("ruling"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .primary_key(&mut primary(&["session_id", "enrolment_id", "member_id", "block"]))
            .to_owned(),
        table("jury_decisions", &of_member)
            .col(uuid("session_id"))
            .col(uuid("enrolment_id"))
            .col(string("block"))
            // The chair who recorded it.
            .col(uuid("member_id"))
            .col(json("ruling"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .primary_key(&mut primary(&["session_id", "enrolment_id", "block"]))
            .to_owned(),
        table("jury_waivers", &of_member)
            .col(uuid("session_id"))
            .col(uuid("enrolment_id"))
            .col(string("requirement"))
            .col(uuid("member_id"))
            .col(text("motive"))
            .col(string("granted_by"))
            .col(boolean("accommodation"))
            // Readable by those entitled, and never in the minutes.
            .col(text_null("restricted_reason"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .primary_key(&mut primary(&["session_id", "enrolment_id", "requirement"]))
            .to_owned(),
    ]
}

fn records() -> [TableCreateStatement; 4] {
    [
        table("minutes", &[("session_id", "jury_sessions"), ("sealed_by", "users")])
            .col(uuid("session_id").primary_key())
            // The bytes that the seal is on.
            .col(text("content"))
            .col(string("sha256"))
            .col(uuid("sealed_by"))
            .col(timestamp_with_time_zone("sealed_at"))
            .to_owned(),
        table("minutes_amendments", &[("session_id", "jury_sessions"), ("by_id", "users")])
            .col(uuid("session_id"))
            .col(integer("number"))
            .col(text("text"))
            .col(uuid("by_id"))
            .col(timestamp_with_time_zone("at"))
            // Over the text, its author and date, and the sum before.
            .col(string("sha256"))
            .primary_key(&mut primary(&["session_id", "number"]))
            .to_owned(),
        table(
            "validated_blocks",
            &[
                ("student_id", "users"),
                ("enrolment_id", "enrolments"),
                ("session_id", "jury_sessions"),
            ],
        )
        .col(uuid("id").primary_key())
        .col(uuid("student_id"))
        .col(uuid("enrolment_id"))
        // None where it was brought from another instance.
        .col(uuid_null("session_id"))
        .col(string("block"))
        .col(date("validated_on"))
        .col(json("transversal"))
        .col(timestamp_with_time_zone("created_at"))
        .to_owned(),
        table(
            "certifications_obtained",
            &[
                ("student_id", "users"),
                ("enrolment_id", "enrolments"),
                ("session_id", "jury_sessions"),
            ],
        )
        .col(uuid("enrolment_id").primary_key())
        .col(uuid("student_id"))
        .col(uuid_null("session_id"))
        .col(date("obtained_on"))
        .col(timestamp_with_time_zone("created_at"))
        .to_owned(),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            dossiers().into_iter().chain(sessions()).chain(deliberation()).chain(records());
        for table in tables {
            manager.create_table(table).await?;
        }
        for (name, table, columns, unique) in [
            ("dossiers_by_enrolment", "dossiers", &["enrolment_id", "number"][..], true),
            ("dossier_files_by_content", "dossier_files", &["sha256"], false),
            ("jury_sessions_by_organisation", "jury_sessions", &["organisation_id", "id"], false),
            ("jury_members_by_session", "jury_members", &["session_id", "user_id"], true),
            ("jury_members_by_user", "jury_members", &["user_id", "session_id"], false),
            ("jury_candidates_by_enrolment", "jury_candidates", &["enrolment_id"], false),
            ("jury_candidates_by_dossier", "jury_candidates", &["dossier_id"], false),
            (
                "jury_notes_by_member",
                "jury_notes",
                &["session_id", "enrolment_id", "member_id"],
                false,
            ),
            ("validated_blocks_by_enrolment", "validated_blocks", &["enrolment_id"], false),
            ("validated_blocks_by_student", "validated_blocks", &["student_id"], false),
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
