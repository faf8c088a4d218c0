//! One-time links: the first start, and choosing a password.

use chrono::TimeDelta;
use domain::person::User;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Db, Error, Result, convert, entity::one_time_links, people};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Create the organisation and its administrator.
    Setup,
    /// Choose a password.
    Invitation,
}

impl Purpose {
    fn lasts(self) -> TimeDelta {
        match self {
            Self::Setup => TimeDelta::days(1),
            Self::Invitation => TimeDelta::days(14),
        }
    }
}

/// The secret of a link. Only its hash is kept.
pub type Token = String;

/// A new secret of 256 bits, as hexadecimal.
pub(crate) fn secret(db: &Db) -> Token {
    hex::encode(db.ambient.random::<32>())
}

pub(crate) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// A new link; earlier ones for the same purpose and person no longer work.
pub(crate) async fn issue(
    db: &Db,
    write: &DatabaseTransaction,
    purpose: Purpose,
    user: Option<Uuid>,
) -> Result<Token> {
    let now = db.ambient.now();
    let token = secret(db);
    one_time_links::Entity::update_many()
        .col_expr(one_time_links::Column::UsedAt, Expr::value(now))
        .filter(one_time_links::Column::Purpose.eq(convert::text(purpose)))
        .filter(match user {
            Some(user) => one_time_links::Column::UserId.eq(user),
            None => one_time_links::Column::UserId.is_null(),
        })
        .filter(one_time_links::Column::UsedAt.is_null())
        .exec(write)
        .await?;
    one_time_links::Entity::insert(one_time_links::ActiveModel {
        id: Set(db.ambient.id()),
        purpose: Set(convert::text(purpose)),
        user_id: Set(user),
        token_hash: Set(hash(&token)),
        expires_at: Set(now + purpose.lasts()),
        used_at: Set(None),
        created_at: Set(now),
    })
    .exec_without_returning(write)
    .await?;
    Ok(token)
}

/// Uses a link up, and returns the person it is for.
pub(crate) async fn redeem(
    db: &Db,
    write: &DatabaseTransaction,
    purpose: Purpose,
    token: &str,
) -> Result<Option<Uuid>> {
    let link = find(db, write, purpose, token).await?;
    let used = one_time_links::Entity::update_many()
        .col_expr(one_time_links::Column::UsedAt, Expr::value(db.ambient.now()))
        .filter(one_time_links::Column::Id.eq(link.id))
        .filter(one_time_links::Column::UsedAt.is_null())
        .exec(write)
        .await?;
    if used.rows_affected == 1 { Ok(link.user_id) } else { Err(dead_link()) }
}

/// The person a link is for, without using it up.
pub async fn peek(db: &Db, purpose: Purpose, token: &str) -> Result<Option<User>> {
    let link = find(db, db.read(), purpose, token).await?;
    let Some(user) = link.user_id else { return Ok(None) };
    Ok(people::users(db.read(), [user]).await?.remove(&user))
}

async fn find(
    db: &Db,
    connection: &impl ConnectionTrait,
    purpose: Purpose,
    token: &str,
) -> Result<one_time_links::Model> {
    one_time_links::Entity::find()
        .filter(one_time_links::Column::TokenHash.eq(hash(token)))
        .filter(one_time_links::Column::Purpose.eq(convert::text(purpose)))
        .filter(one_time_links::Column::UsedAt.is_null())
        .filter(one_time_links::Column::ExpiresAt.gt(db.ambient.now()))
        .one(connection)
        .await?
        .ok_or_else(dead_link)
}

fn dead_link() -> Error {
    Error::conflict(
        "dead_link",
        "Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau à votre établissement.",
    )
}
