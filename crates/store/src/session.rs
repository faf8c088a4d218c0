//! Sessions: opened by a password or a link, kept alive by a rotating secret, revoked at once.

use std::collections::BTreeSet;

use authz::Actor;
use chrono::{DateTime, TimeDelta, Utc};
use domain::person::User;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType,
    PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use crate::{
    Db, Error, Result, convert,
    entity::{memberships, sessions, users},
    one_time_link::{Token, hash, secret},
};

/// How long a session lives without being used.
pub const LIFETIME: TimeDelta = TimeDelta::days(14);
/// Two tabs may refresh with the same secret at the same time; after this long it is a theft.
const GRACE: TimeDelta = TimeDelta::seconds(30);

/// A session and the secret that refreshes it; no secret where another tab has just taken it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub id: Uuid,
    pub user: User,
    pub refresh: Option<Token>,
    pub expires_at: DateTime<Utc>,
}

/// Who is behind a session.
#[derive(Debug, Clone)]
pub struct Signed {
    pub user: User,
    pub actor: Actor,
}

pub async fn open(db: &Db, user: User) -> Result<Opened> {
    let now = db.ambient.now();
    let refresh = secret(db);
    let row = sessions::Model {
        id: db.ambient.id(),
        user_id: user.id,
        refresh_hash: hash(&refresh),
        previous_hash: None,
        rotated_at: now,
        expires_at: now + LIFETIME,
        revoked_at: None,
        created_at: now,
    };
    let opened = Opened { id: row.id, user, refresh: Some(refresh), expires_at: row.expires_at };
    let write = db.write().await?;
    sessions::Entity::insert(sessions::ActiveModel::from(row))
        .exec_without_returning(&write)
        .await?;
    write.commit().await?;
    Ok(opened)
}

/// Trades the secret for a new one. An old secret that comes back ends the session: somebody else
/// holds it (RFC 9700, section 4.14.2).
pub async fn refresh(db: &Db, token: &str) -> Result<Option<Opened>> {
    let now = db.ambient.now();
    let presented = hash(token);
    let write = db.write().await?;
    let found = sessions::Entity::find()
        .filter(
            Condition::any()
                .add(sessions::Column::RefreshHash.eq(&presented))
                .add(sessions::Column::PreviousHash.eq(&presented)),
        )
        .filter(sessions::Column::RevokedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now))
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?;
    let Some(row) = found else { return Ok(None) };
    let user = users::Entity::find_by_id(row.user_id).one(&write).await?.ok_or(Error::NotFound)?;
    let mut opened =
        Opened { id: row.id, user: user.into(), refresh: None, expires_at: row.expires_at };
    if row.refresh_hash == presented {
        let next = secret(db);
        opened.expires_at = now + LIFETIME;
        sessions::ActiveModel {
            refresh_hash: Set(hash(&next)),
            previous_hash: Set(Some(presented)),
            rotated_at: Set(now),
            expires_at: Set(opened.expires_at),
            ..row.into()
        }
        .update(&write)
        .await?;
        opened.refresh = Some(next);
    } else if now - row.rotated_at > GRACE {
        sessions::ActiveModel { revoked_at: Set(Some(now)), ..row.into() }.update(&write).await?;
        write.commit().await?;
        return Ok(None);
    }
    write.commit().await?;
    Ok(Some(opened))
}

#[derive(FromQueryResult)]
struct SignedRow {
    id: Uuid,
    email: String,
    given_name: String,
    family_name: String,
    organisation_id: Option<Uuid>,
    role: Option<String>,
}

/// The person behind a session that is in force, with what they are everywhere: one statement.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Signed>> {
    let rows = sessions::Entity::find()
        .select_only()
        .columns([
            users::Column::Id,
            users::Column::Email,
            users::Column::GivenName,
            users::Column::FamilyName,
        ])
        .columns([memberships::Column::OrganisationId, memberships::Column::Role])
        .join(
            JoinType::InnerJoin,
            sessions::Entity::belongs_to(users::Entity)
                .from(sessions::Column::UserId)
                .to(users::Column::Id)
                .into(),
        )
        .join(
            JoinType::LeftJoin,
            users::Entity::belongs_to(memberships::Entity)
                .from(users::Column::Id)
                .to(memberships::Column::UserId)
                .into(),
        )
        .filter(sessions::Column::Id.eq(id))
        .filter(sessions::Column::RevokedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(db.ambient.now()))
        .into_model::<SignedRow>()
        .all(db.read())
        .await?;
    let mut roles = BTreeSet::new();
    let mut user = None;
    for row in rows {
        if let (Some(organisation), Some(role)) = (row.organisation_id, row.role) {
            roles.insert((organisation, convert::from_text(&role)?));
        }
        user = Some(User {
            id: row.id,
            email: row.email,
            given_name: row.given_name,
            family_name: row.family_name,
        });
    }
    Ok(user.map(|user| Signed { actor: Actor { user: user.id, memberships: roles }, user }))
}

pub async fn revoke(db: &Db, id: Uuid) -> Result<()> {
    let write = db.write().await?;
    end(db, &write, sessions::Column::Id, id).await?;
    write.commit().await?;
    Ok(())
}

/// Ends the session that this secret refreshes, if it is one: somebody else enters on its device.
pub async fn revoke_by_secret(db: &Db, token: &str) -> Result<()> {
    let write = db.write().await?;
    sessions::Entity::update_many()
        .col_expr(sessions::Column::RevokedAt, Expr::value(db.ambient.now()))
        .filter(sessions::Column::RefreshHash.eq(hash(token)))
        .filter(sessions::Column::RevokedAt.is_null())
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// Forgets sessions that have been over for a month.
pub async fn sweep(db: &Db) -> Result<()> {
    let write = db.write().await?;
    sessions::Entity::delete_many()
        .filter(sessions::Column::ExpiresAt.lt(db.ambient.now() - TimeDelta::days(30)))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// Whether the person has got in, as far back as sessions are remembered.
pub(crate) async fn was_opened(write: &DatabaseTransaction, user: Uuid) -> Result<bool> {
    Ok(sessions::Entity::find().filter(sessions::Column::UserId.eq(user)).count(write).await? > 0)
}

pub(crate) async fn revoke_all(db: &Db, write: &DatabaseTransaction, user: Uuid) -> Result<()> {
    end(db, write, sessions::Column::UserId, user).await
}

async fn end(db: &Db, write: &DatabaseTransaction, by: sessions::Column, id: Uuid) -> Result<()> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::RevokedAt, Expr::value(db.ambient.now()))
        .filter(by.eq(id))
        .filter(sessions::Column::RevokedAt.is_null())
        .exec(write)
        .await?;
    Ok(())
}
