//! Files of an evidence. Their contents are in the file store.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::evidence::{FILES_MAX, FileInfo};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert, enrolment,
    entity::{dossier_files, evidence, evidence_revisions, files},
    evidence::{bump, status_of},
    file_store::Stored,
    idempotency,
};

impl From<files::Model> for FileInfo {
    fn from(row: files::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            media_type: row.media_type,
            size: row.size.try_into().unwrap_or_default(),
            sha256: row.sha256,
            created_at: row.created_at,
        }
    }
}

/// Puts a content that has arrived on an evidence that may still be changed.
pub async fn attach(
    db: &Db,
    by: Uuid,
    evidence: Uuid,
    name: &str,
    media_type: &str,
    stored: &Stored,
    once: Option<&Once>,
) -> Result<FileInfo> {
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        let row = files::Entity::find_by_id(made).one(&write).await?.ok_or(Error::NotFound)?;
        return Ok(row.into());
    }
    let row = evidence::Entity::find_by_id(evidence)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    status_of(&row)?.edit()?;
    let there = files::Entity::find()
        .filter(files::Column::EvidenceId.eq(evidence))
        .filter(files::Column::RemovedAt.is_null())
        .count(&write)
        .await?;
    if there >= FILES_MAX {
        return Err(Error::conflict(
            "too_many_files",
            format!("Une preuve a au plus {FILES_MAX} fichiers."),
        ));
    }
    let file = files::Model {
        id,
        organisation_id: row.organisation_id,
        evidence_id: evidence,
        sha256: stored.sha256.clone(),
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size: stored.size.try_into().unwrap_or(i64::MAX),
        created_at: db.ambient.now(),
        removed_at: None,
    };
    files::Entity::insert(files::ActiveModel::from(file.clone()))
        .exec_without_returning(&write)
        .await?;
    bump(db, &write, &row).await?;
    enrolment::touch(&write, row.enrolment_id).await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(by),
            action: "file.attached",
            subject: ("file", file.id),
            before: None,
            after: Some(json!({ "evidence": evidence, "sha256": file.sha256 })),
        },
    )
    .await?;
    write.commit().await?;
    Ok(file.into())
}

/// Takes a file off its evidence. Revisions that show it keep it.
pub async fn detach(db: &Db, by: Uuid, id: Uuid) -> Result<()> {
    let write = db.write().await?;
    let file = files::Entity::find_by_id(id)
        .filter(files::Column::RemovedAt.is_null())
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    let row = evidence::Entity::find_by_id(file.evidence_id)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    status_of(&row)?.edit()?;
    let sha256 = file.sha256.clone();
    if is_submitted(&write, row.id, id).await? {
        let removed_at = Some(db.ambient.now());
        files::ActiveModel { removed_at: Set(removed_at), ..file.into() }.update(&write).await?;
    } else {
        files::Entity::delete_by_id(id).exec(&write).await?;
    }
    bump(db, &write, &row).await?;
    enrolment::touch(&write, row.enrolment_id).await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(by),
            action: "file.removed",
            subject: ("file", id),
            before: Some(json!({ "evidence": row.id, "sha256": sha256 })),
            after: None,
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}

/// Whether a revision shows the file.
async fn is_submitted(
    connection: &impl ConnectionTrait,
    evidence: Uuid,
    file: Uuid,
) -> Result<bool> {
    let revisions = evidence_revisions::Entity::find()
        .filter(evidence_revisions::Column::EvidenceId.eq(evidence))
        .all(connection)
        .await?;
    for revision in revisions {
        let files: Vec<FileInfo> = convert::from_json(revision.files)?;
        if files.iter().any(|shown| shown.id == file) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Deletes the contents that nothing refers to any more; returns how many. The row of a file that a
/// revision shows is never deleted, and a dossier names the contents that it froze, so that looking
/// at the rows is enough. Another upload of the same content may be going on.
pub async fn sweep(db: &Db) -> Result<usize> {
    const AT_ONCE: usize = 500;
    let mut swept = 0;
    for contents in db.files.at_rest().await?.chunks(AT_ONCE) {
        let kept = referred_to(db, contents).await?;
        for sha256 in contents.iter().filter(|sha256| !kept.contains(*sha256)) {
            let is_referred_to =
                async { Ok(!referred_to(db, std::slice::from_ref(sha256)).await?.is_empty()) };
            swept += usize::from(db.files.discard(sha256, is_referred_to).await?);
        }
    }
    Ok(swept)
}

/// Those of the contents that a file or a dossier refers to.
async fn referred_to(db: &Db, contents: &[String]) -> Result<HashSet<String>> {
    let of_files = files::Entity::find()
        .select_only()
        .column(files::Column::Sha256)
        .filter(files::Column::Sha256.is_in(contents))
        .into_tuple()
        .all(db.read())
        .await?;
    let frozen = dossier_files::Entity::find()
        .select_only()
        .column(dossier_files::Column::Sha256)
        .filter(dossier_files::Column::Sha256.is_in(contents))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(of_files.into_iter().chain(frozen).collect())
}

/// A file of one of the organisations, and the evidence that it belongs to.
pub async fn find(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    id: Uuid,
) -> Result<Option<(FileInfo, Uuid)>> {
    let row = files::Entity::find_by_id(id)
        .filter(files::Column::OrganisationId.is_in(organisations.iter().copied()))
        .one(db.read())
        .await?;
    Ok(row.map(|row| {
        let evidence = row.evidence_id;
        (row.into(), evidence)
    }))
}

/// The files that stand on each evidence, oldest first.
pub(crate) async fn of_evidence(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<FileInfo>>> {
    let rows = files::Entity::find()
        .filter(files::Column::EvidenceId.is_in(ids))
        .filter(files::Column::RemovedAt.is_null())
        .order_by_asc(files::Column::Id)
        .all(connection)
        .await?;
    let mut files: HashMap<Uuid, Vec<FileInfo>> = HashMap::new();
    for row in rows {
        files.entry(row.evidence_id).or_default().push(row.into());
    }
    Ok(files)
}
