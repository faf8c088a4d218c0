//! The tables, as `migrations` makes them.

/// Declares an entity module. Relations are written where they are read, as joins.
macro_rules! entity {
    ($module:ident, $table:literal, { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $($(#[$attribute])* pub $field: $type,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(organisations, "organisations", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    name: String,
    created_at: DateTimeUtc,
    audit_seq: i64,
    audit_hash: String,
});

entity!(users, "users", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    email: String,
    given_name: String,
    family_name: String,
    password_hash: Option<String>,
    created_at: DateTimeUtc,
});

entity!(memberships, "memberships", {
    #[sea_orm(primary_key, auto_increment = false)]
    organisation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    role: String,
});

entity!(sessions, "sessions", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    user_id: Uuid,
    refresh_hash: String,
    previous_hash: Option<String>,
    rotated_at: DateTimeUtc,
    expires_at: DateTimeUtc,
    revoked_at: Option<DateTimeUtc>,
    created_at: DateTimeUtc,
});

entity!(one_time_links, "one_time_links", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    purpose: String,
    user_id: Option<Uuid>,
    token_hash: String,
    expires_at: DateTimeUtc,
    used_at: Option<DateTimeUtc>,
    created_at: DateTimeUtc,
});

entity!(idempotency_keys, "idempotency_keys", {
    #[sea_orm(primary_key, auto_increment = false)]
    user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    request: String,
    resource_id: Uuid,
    created_at: DateTimeUtc,
});

entity!(audit_entries, "audit_entries", {
    #[sea_orm(primary_key, auto_increment = false)]
    organisation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    seq: i64,
    at: DateTimeUtc,
    actor_id: Option<Uuid>,
    actor_roles: Option<String>,
    action: String,
    subject_kind: String,
    subject_id: Uuid,
    before: Option<String>,
    after: Option<String>,
    previous_hash: String,
    hash: String,
});

entity!(certifications, "certifications", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    code: String,
    version: String,
    title: String,
    source: String,
    created_at: DateTimeUtc,
});

entity!(cohorts, "cohorts", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    certification_id: Uuid,
    name: String,
    starts_on: Date,
    ends_on: Date,
    version: i32,
    created_at: DateTimeUtc,
});

entity!(enrolments, "enrolments", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    student_id: Uuid,
    certification_id: Uuid,
    cohort_id: Option<Uuid>,
    route: String,
    status: String,
    profile: Option<String>,
    starts_on: Date,
    ends_on: Option<Date>,
    version: i32,
    created_at: DateTimeUtc,
});

entity!(enrolment_tutors, "enrolment_tutors", {
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    organisation_id: Uuid,
});

entity!(evidence, "evidence", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    enrolment_id: Uuid,
    kind: String,
    title: String,
    text: String,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
    organisation: Option<String>,
    country: Option<String>,
    in_company: bool,
    language: Option<String>,
    cefr_level: Option<String>,
    links: Json,
    requirements: Json,
    modality: Option<String>,
    status: String,
    revision: i32,
    version: i32,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
    siret: Option<String>,
    supervisor_name: Option<String>,
    supervisor_function: Option<String>,
    supervisor_email: Option<String>,
    issued_on: Option<Date>,
    valid_until: Option<Date>,
    visibility: String,
    deliverable_of: Option<String>,
    searched: String,
    searched_handed_in: String,
});

entity!(evidence_messages, "evidence_messages", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    evidence_id: Uuid,
    by_id: Uuid,
    speaks_as: String,
    text: String,
    at: DateTimeUtc,
});

entity!(evidence_competencies, "evidence_competencies", {
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    competency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    evidence_id: Uuid,
    organisation_id: Uuid,
    position: i32,
    justification: String,
});

entity!(evidence_revisions, "evidence_revisions", {
    #[sea_orm(primary_key, auto_increment = false)]
    evidence_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    organisation_id: Uuid,
    submitted_by: Uuid,
    submitted_at: DateTimeUtc,
    content: Json,
    files: Json,
});

entity!(evidence_events, "evidence_events", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    evidence_id: Uuid,
    action: String,
    comment: Option<String>,
    by_id: Uuid,
    at: DateTimeUtc,
    revision: i32,
});

entity!(files, "files", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    evidence_id: Uuid,
    sha256: String,
    name: String,
    media_type: String,
    size: i64,
    created_at: DateTimeUtc,
    removed_at: Option<DateTimeUtc>,
});

entity!(assessments, "assessments", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    enrolment_id: Uuid,
    block: String,
    kind: String,
    assessor_id: Uuid,
    occasion: String,
    assessed_on: Date,
    comment: String,
    evidence: Json,
    status: String,
    version: i32,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
    signed_at: Option<DateTimeUtc>,
    grid_id: Option<Uuid>,
});

entity!(assessment_ratings, "assessment_ratings", {
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    block: String,
    #[sea_orm(primary_key, auto_increment = false)]
    competency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    assessment_id: Uuid,
    organisation_id: Uuid,
    position: i32,
    criteria: Json,
    lowest: Option<i32>,
    assessed_on: Date,
    signed_at: Option<DateTimeUtc>,
    superseded: bool,
    grid_id: Option<Uuid>,
    weighted: Option<i32>,
});

entity!(grids, "grids", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    certification_id: Uuid,
    number: Option<i32>,
    status: String,
    content: Json,
    version: i32,
    created_at: DateTimeUtc,
    created_by: Uuid,
    updated_at: DateTimeUtc,
    published_at: Option<DateTimeUtc>,
    published_by: Option<Uuid>,
});

entity!(mails, "mails", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    user_id: Option<Uuid>,
    address: Option<String>,
    topic: String,
    message: Option<Json>,
    dedup_key: String,
    not_before: DateTimeUtc,
    state: String,
    attempts: i32,
    claimed_until: Option<DateTimeUtc>,
    sent_at: Option<DateTimeUtc>,
    error: Option<String>,
    created_at: DateTimeUtc,
});

entity!(mutes, "mutes", {
    #[sea_orm(primary_key, auto_increment = false)]
    user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    topic: String,
    created_at: DateTimeUtc,
});

entity!(reminders, "reminders", {
    #[sea_orm(primary_key, auto_increment = false)]
    user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    deadline_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    due_on: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    step: String,
    mail_id: Option<Uuid>,
});

entity!(deadlines, "deadlines", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    cohort_id: Uuid,
    kind: String,
    label: Option<String>,
    block: Option<String>,
    due_on: Date,
    version: i32,
    created_at: DateTimeUtc,
});

entity!(visits, "visits", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    enrolment_id: Uuid,
    author_id: Uuid,
    corrects_id: Option<Uuid>,
    held_on: Date,
    content: Json,
    content_hash: String,
    tutors_signed_at: Option<DateTimeUtc>,
    closed_at: Option<DateTimeUtc>,
    version: i32,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
});

entity!(visit_signatures, "visit_signatures", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    visit_id: Uuid,
    side: String,
    by_id: Uuid,
    agreed: bool,
    comment: String,
    content_hash: String,
    at: DateTimeUtc,
});

entity!(dossiers, "dossiers", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    enrolment_id: Uuid,
    number: i32,
    blocks: Json,
    status: String,
    content: String,
    manifest: String,
    manifest_sha256: String,
    deposited_by: Uuid,
    deposited_at: DateTimeUtc,
    reopened_by: Option<Uuid>,
    reopened_at: Option<DateTimeUtc>,
    reopen_reason: Option<String>,
    version: i32,
});

entity!(dossier_files, "dossier_files", {
    #[sea_orm(primary_key, auto_increment = false)]
    dossier_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    path: String,
    organisation_id: Uuid,
    evidence_id: Uuid,
    file_id: Uuid,
    sha256: String,
    size: i64,
});

entity!(jury_sessions, "jury_sessions", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    certification_id: Uuid,
    route: String,
    title: String,
    starts_at: DateTimeUtc,
    place: String,
    link: Option<String>,
    statement: String,
    access_opens_at: DateTimeUtc,
    access_closes_at: DateTimeUtc,
    status: String,
    convened_at: Option<DateTimeUtc>,
    opened_at: Option<DateTimeUtc>,
    closed_at: Option<DateTimeUtc>,
    opening: Option<Json>,
    handovers: Option<Json>,
    created_by: Uuid,
    version: i32,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
});

entity!(jury_members, "jury_members", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    session_id: Uuid,
    user_id: Uuid,
    position: i32,
    profile: Json,
    attendance: String,
    declared: Json,
    recused_from: Json,
    convened_at: Option<DateTimeUtc>,
    answered_at: Option<DateTimeUtc>,
    version: i32,
});

entity!(jury_candidates, "jury_candidates", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    organisation_id: Uuid,
    dossier_id: Option<Uuid>,
    position: i32,
    starts_at: DateTimeUtc,
    presentation_minutes: i32,
    interview_minutes: i32,
    trainers: Json,
    links: Json,
});

entity!(jury_notes, "jury_notes", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    session_id: Uuid,
    enrolment_id: Uuid,
    member_id: Uuid,
    kind: String,
    block: Option<String>,
    competency: Option<String>,
    text: String,
    version: i32,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
});

entity!(jury_grids, "jury_grids", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    member_id: Uuid,
    organisation_id: Uuid,
    ratings: Json,
    version: i32,
    updated_at: DateTimeUtc,
});

entity!(jury_proposals, "jury_proposals", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    member_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    block: String,
    organisation_id: Uuid,
    ruling: Json,
    version: i32,
    updated_at: DateTimeUtc,
});

entity!(jury_decisions, "jury_decisions", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    block: String,
    organisation_id: Uuid,
    member_id: Uuid,
    present: Option<Json>,
    ruling: Json,
    version: i32,
    updated_at: DateTimeUtc,
});

entity!(jury_waivers, "jury_waivers", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    requirement: String,
    organisation_id: Uuid,
    member_id: Uuid,
    motive: String,
    granted_by: String,
    accommodation: bool,
    restricted_reason: Option<String>,
    version: i32,
    updated_at: DateTimeUtc,
});

entity!(minutes, "minutes", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    organisation_id: Uuid,
    content: String,
    sha256: String,
    sealed_by: Uuid,
    sealed_at: DateTimeUtc,
});

entity!(minutes_amendments, "minutes_amendments", {
    #[sea_orm(primary_key, auto_increment = false)]
    session_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    organisation_id: Uuid,
    about_id: Option<Uuid>,
    text: String,
    by_id: Uuid,
    at: DateTimeUtc,
    sha256: String,
});

entity!(validated_blocks, "validated_blocks", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    student_id: Uuid,
    enrolment_id: Uuid,
    session_id: Option<Uuid>,
    block: String,
    validated_on: Date,
    transversal: Json,
    created_at: DateTimeUtc,
});

entity!(imported_portfolios, "imported_portfolios", {
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    organisation_id: Uuid,
    origin_id: Uuid,
    archive_sha256: String,
    kept: Json,
    imported_at: DateTimeUtc,
});

entity!(certifications_obtained, "certifications_obtained", {
    #[sea_orm(primary_key, auto_increment = false)]
    enrolment_id: Uuid,
    organisation_id: Uuid,
    student_id: Uuid,
    session_id: Option<Uuid>,
    obtained_on: Date,
    created_at: DateTimeUtc,
});

entity!(signing_keys, "signing_keys", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    public_key: String,
    sealed_key: String,
    created_at: DateTimeUtc,
});

entity!(status_lists, "status_lists", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    created_at: DateTimeUtc,
});

entity!(credentials, "credentials", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    organisation_id: Uuid,
    enrolment_id: Uuid,
    validated_block_id: Option<Uuid>,
    token: String,
    signing_key_id: Uuid,
    status_list_id: Uuid,
    status_index: i32,
    jwt: String,
    shown: Json,
    issued_at: DateTimeUtc,
    issued_by: Uuid,
    revoked_at: Option<DateTimeUtc>,
    revoked_by: Option<Uuid>,
    revoke_reason: Option<String>,
    version: i32,
});

entity!(letterheads, "letterheads", {
    #[sea_orm(primary_key, auto_increment = false)]
    organisation_id: Uuid,
    content: Json,
    version: i32,
    updated_at: DateTimeUtc,
});
