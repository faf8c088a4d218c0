//! Who signs: a key of each school, and the lists that its revocations stand in.
//!
//! The private key is in the database, because the servers of an instance share that and nothing
//! else; it is encrypted under the secret that they share already, because a copy of the database is
//! kept in more places than the secret. Under another secret a new key is made; what the old one
//! signed goes on being verified with its public half.

use std::sync::Arc;

use ::credentials::{Issuer, LIST_BITS, PublicKey, SigningKey, StatusList, Vault};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::LockType,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    entity::{credentials, organisations, signing_keys, status_lists},
};

/// What a server signs with, and the address that it is reached at.
#[derive(Clone)]
pub struct Signing {
    /// Without a slash at its end.
    pub public_url: Arc<str>,
    vault: Vault,
}

impl Signing {
    /// From the secret that the servers share.
    pub fn new(secret: &[u8], public_url: &str) -> Self {
        Self { public_url: public_url.trim_end_matches('/').into(), vault: Vault::new(secret) }
    }

    /// The page that verifies a credential.
    pub fn page(&self, token: &str) -> String {
        format!("{}/verifier/{token}", self.public_url)
    }

    pub(super) fn issuer(&self, organisation: Uuid) -> String {
        format!("{}/api/v1/credentials/issuers/{organisation}", self.public_url)
    }

    fn key(&self, id: Uuid) -> String {
        format!("{}/api/v1/credentials/keys/{id}", self.public_url)
    }

    pub(super) fn list(&self, id: Uuid) -> String {
        format!("{}/api/v1/credentials/status/{id}", self.public_url)
    }
}

/// A bit that is a credential's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub list: Uuid,
    pub index: u32,
}

impl Place {
    pub fn column(self) -> i32 {
        self.index.cast_signed()
    }
}

/// The school's name. What is made for it now is made once.
pub(super) async fn lock(write: &DatabaseTransaction, organisation: Uuid) -> Result<String> {
    let row = organisations::Entity::find_by_id(organisation)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(row.name)
}

/// The newest key of the school that this server can use, if there is one.
async fn opened(
    connection: &impl ConnectionTrait,
    signing: &Signing,
    organisation: Uuid,
) -> Result<Option<(Uuid, SigningKey)>> {
    let rows = signing_keys::Entity::find()
        .filter(signing_keys::Column::OrganisationId.eq(organisation))
        .order_by_desc(signing_keys::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().find_map(|row| {
        let seed = signing.vault.open(organisation.as_bytes(), &row.sealed_key)?;
        Some((row.id, SigningKey::new(signing.key(row.id), &seed)))
    }))
}

/// The key of the school, which is locked; made on first use.
pub(super) async fn key_of(
    db: &Db,
    write: &DatabaseTransaction,
    signing: &Signing,
    organisation: Uuid,
) -> Result<(Uuid, SigningKey)> {
    if let Some(found) = opened(write, signing, organisation).await? {
        return Ok(found);
    }
    let id = db.ambient.id();
    let seed = db.ambient.random();
    let key = SigningKey::new(signing.key(id), &seed);
    signing_keys::Entity::insert(signing_keys::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        public_key: Set(key.public().x),
        sealed_key: Set(signing.vault.seal(organisation.as_bytes(), db.ambient.random(), &seed)),
        created_at: Set(db.ambient.now()),
    })
    .exec_without_returning(write)
    .await?;
    Ok((id, key))
}

/// A bit that nobody has, in a list of the school, which is locked. Drawn by lot, so that its
/// place does not tell when it was issued; a list is left half empty, so that few draws are enough.
pub(super) async fn free_place(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
) -> Result<Place> {
    let newest = status_lists::Entity::find()
        .filter(status_lists::Column::OrganisationId.eq(organisation))
        .order_by_desc(status_lists::Column::Id)
        .one(write)
        .await?;
    let list = match newest {
        Some(list) if places(list.id).count(write).await? < u64::from(LIST_BITS / 2) => list.id,
        _ => {
            let id = db.ambient.id();
            status_lists::Entity::insert(status_lists::ActiveModel {
                id: Set(id),
                organisation_id: Set(organisation),
                created_at: Set(db.ambient.now()),
            })
            .exec_without_returning(write)
            .await?;
            id
        }
    };
    loop {
        let place = Place { list, index: u32::from_le_bytes(db.ambient.random()) % LIST_BITS };
        let taken = credentials::Column::StatusIndex.eq(place.column());
        if places(list).filter(taken).count(write).await? == 0 {
            return Ok(place);
        }
    }
}

fn places(list: Uuid) -> Select<credentials::Entity> {
    credentials::Entity::find().filter(credentials::Column::StatusListId.eq(list))
}

/// The public half of a key, base64url.
pub(super) async fn public_key(db: &Db, id: Uuid) -> Result<Option<String>> {
    let row = signing_keys::Entity::find_by_id(id).one(db.read()).await?;
    Ok(row.map(|row| row.public_key))
}

/// A public key, as it is served (JWK).
pub async fn key(db: &Db, signing: &Signing, id: Uuid) -> Result<Option<Value>> {
    let x = public_key(db, id).await?;
    Ok(x.map(|x| PublicKey { id: signing.key(id), x }.to_jwk()))
}

/// The profile of a school that issues credentials. Of others nothing is told.
pub async fn issuer(db: &Db, signing: &Signing, organisation: Uuid) -> Result<Option<Value>> {
    let keys = signing_keys::Entity::find()
        .filter(signing_keys::Column::OrganisationId.eq(organisation))
        .count(db.read())
        .await?;
    let row = organisations::Entity::find_by_id(organisation).one(db.read()).await?;
    Ok(row.filter(|_| keys > 0).map(|row| {
        let id = signing.issuer(organisation);
        Issuer { id: &id, name: &row.name, url: &signing.public_url }.to_profile()
    }))
}

/// A list of revocations as it stands now, signed.
pub async fn status_list(db: &Db, signing: &Signing, id: Uuid) -> Result<Option<String>> {
    let Some(list) = status_lists::Entity::find_by_id(id).one(db.read()).await? else {
        return Ok(None);
    };
    let revoked: Vec<i32> = places(id)
        .select_only()
        .column(credentials::Column::StatusIndex)
        .filter(credentials::Column::RevokedAt.is_not_null())
        .into_tuple()
        .all(db.read())
        .await?;
    let revoked: Vec<u32> = revoked.into_iter().map(i32::cast_unsigned).collect();
    let organisation = list.organisation_id;
    let key = if let Some((_, key)) = opened(db.read(), signing, organisation).await? {
        key
    } else {
        let write = db.write().await?;
        lock(&write, organisation).await?;
        let (_, key) = key_of(db, &write, signing, organisation).await?;
        write.commit().await?;
        key
    };
    let list = StatusList {
        id: &signing.list(id),
        issuer: &signing.issuer(organisation),
        at: db.ambient.now(),
        revoked: &revoked,
    };
    Ok(Some(key.sign(list.to_json())))
}
