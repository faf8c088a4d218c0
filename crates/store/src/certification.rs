//! Certification versions of an organisation. A published one never changes.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::{certification::Certification, enrolment::CertificationRef, fault::Fault};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::json;
use uuid::Uuid;

use crate::{Db, Error, Result, audit, entity::certifications};

/// A certification version as an organisation published it.
#[derive(Debug)]
pub struct Published {
    pub id: Uuid,
    pub organisation: Uuid,
    pub certification: Arc<Certification>,
}

/// Publishes a version in an organisation from the text of its file, which must be whole.
pub async fn publish(db: &Db, by: Uuid, organisation: Uuid, source: &str) -> Result<Uuid> {
    let certification = catalog::parse("", source).map_err(|faults| {
        let faults = faults.into_iter().map(|fault| {
            let detail = format!("Ligne {} : {}", fault.line, fault.reason);
            Fault::new("source", "certification_file", detail)
        });
        Error::Invalid(faults.collect())
    })?;
    let write = db.write().await?;
    let id = publish_in(db, &write, organisation, Some(by), source, &certification).await?;
    write.commit().await?;
    Ok(id)
}

/// Publishes a version in an organisation, from its file.
pub(crate) async fn publish_in(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    by: Option<Uuid>,
    source: &str,
    certification: &Certification,
) -> Result<Uuid> {
    let id = insert(db, write, organisation, source, certification).await?;
    audit::append(db, write, published(organisation, by, id, certification)).await?;
    Ok(id)
}

/// The same within a transaction that goes on; it ends with the entry [`published`].
pub(crate) async fn insert(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    source: &str,
    certification: &Certification,
) -> Result<Uuid> {
    let taken = certifications::Entity::find()
        .filter(certifications::Column::OrganisationId.eq(organisation))
        .filter(certifications::Column::Code.eq(&certification.code))
        .filter(certifications::Column::Version.eq(&certification.version))
        .count(write)
        .await?;
    if taken > 0 {
        return Err(Error::conflict(
            "version_exists",
            format!(
                "La version {} de {} est déjà publiée ; une version publiée ne change plus.",
                certification.version, certification.code
            ),
        ));
    }
    let id = db.ambient.id();
    certifications::Entity::insert(certifications::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        code: Set(certification.code.clone()),
        version: Set(certification.version.clone()),
        title: Set(certification.title.clone()),
        source: Set(source.to_owned()),
        created_at: Set(db.ambient.now()),
    })
    .exec_without_returning(write)
    .await?;
    Ok(id)
}

/// What [`insert`] leaves in the audit.
pub(crate) fn published(
    organisation: Uuid,
    by: Option<Uuid>,
    id: Uuid,
    certification: &Certification,
) -> audit::Entry<'static> {
    audit::Entry {
        organisation,
        actor: by,
        action: "certification.published",
        subject: ("certification", id),
        before: None,
        after: Some(json!({ "code": certification.code, "version": certification.version })),
    }
}

/// The version by its id.
pub async fn load(db: &Db, id: Uuid) -> Result<Arc<Published>> {
    if let Some(published) = db.certifications.get(&id) {
        return Ok(published);
    }
    let row =
        certifications::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound)?;
    parse(db, &row)
}

/// The text of the file that a version was published from.
pub async fn source(db: &Db, id: Uuid) -> Result<String> {
    certifications::Entity::find_by_id(id)
        .select_only()
        .column(certifications::Column::Source)
        .into_tuple()
        .one(db.read())
        .await?
        .ok_or(Error::NotFound)
}

/// Every version of the organisations, by code and version.
pub async fn list(db: &Db, organisations: &BTreeSet<Uuid>) -> Result<Vec<Arc<Published>>> {
    let rows = certifications::Entity::find()
        .filter(certifications::Column::OrganisationId.is_in(organisations.iter().copied()))
        .order_by_asc(certifications::Column::Code)
        .order_by_asc(certifications::Column::Version)
        .all(db.read())
        .await?;
    rows.iter().map(|row| parse(db, row)).collect()
}

/// The version of this code, the newest where none is named.
pub async fn find(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    code: &str,
    version: Option<&str>,
) -> Result<Option<Arc<Published>>> {
    let row = certifications::Entity::find()
        .filter(certifications::Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(certifications::Column::Code.eq(code))
        .apply_if(version, |query, version| {
            query.filter(certifications::Column::Version.eq(version))
        })
        .order_by_desc(certifications::Column::Version)
        .one(db.read())
        .await?;
    row.map(|row| parse(db, &row)).transpose()
}

fn parse(db: &Db, row: &certifications::Model) -> Result<Arc<Published>> {
    if let Some(published) = db.certifications.get(&row.id) {
        return Ok(published);
    }
    let certification = catalog::parse(&row.code, &row.source).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Error::Corrupt(faults.join("; "))
    })?;
    let published = Arc::new(Published {
        id: row.id,
        organisation: row.organisation_id,
        certification: Arc::new(certification),
    });
    db.certifications.insert(row.id, published.clone());
    Ok(published)
}

#[derive(FromQueryResult)]
struct RefRow {
    id: Uuid,
    code: String,
    version: String,
    title: String,
}

/// Names of versions, by id.
pub(crate) async fn refs(
    connection: &impl ConnectionTrait,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, CertificationRef>> {
    use certifications::Column::{Code, Id, Title, Version};
    let rows = certifications::Entity::find()
        .select_only()
        .columns([Id, Code, Version, Title])
        .filter(Id.is_in(ids))
        .into_model::<RefRow>()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let RefRow { id, code, version, title } = row;
            (id, CertificationRef { id, code, version, title })
        })
        .collect())
}
