//! One-time links: the first start, choosing a password, getting in.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Db, Error, Result, convert, entity::one_time_links};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Create the organisation and its administrator.
    Setup,
    /// Choose a first password; who comes seldom may also get in without one.
    Invitation,
    /// Get in.
    SignIn,
    /// Get in, or choose another password.
    Reset,
    /// Mute reminders of deadlines. The links that mute are not used up: they undo it too.
    MuteDeadlines,
    /// Mute the weekly summary of the queue.
    MuteQueue,
}

impl Purpose {
    fn lasts(self) -> TimeDelta {
        match self {
            Self::Setup | Self::Reset => TimeDelta::days(1),
            Self::Invitation | Self::SignIn => TimeDelta::days(14),
            Self::MuteDeadlines | Self::MuteQueue => TimeDelta::days(365),
        }
    }
}

/// How long a dead link is remembered, so that whoever opens it can have a fresh one.
const REMEMBERED: TimeDelta = TimeDelta::days(400);

/// The secret of a link. Only its hash is kept.
pub type Token = String;

/// A link as it was found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub id: Uuid,
    pub purpose: Purpose,
    pub user: Option<Uuid>,
    used_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

impl Found {
    pub fn is_alive(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }
}

/// A new secret of 256 bits, as hexadecimal.
pub(crate) fn secret(db: &Db) -> Token {
    hex::encode(db.ambient.random::<32>())
}

pub(crate) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// A new link; earlier ones for the same purpose and person no longer work.
pub(crate) async fn replace(
    db: &Db,
    write: &DatabaseTransaction,
    purpose: Purpose,
    user: Option<Uuid>,
) -> Result<Token> {
    end(
        db,
        write,
        one_time_links::Column::Purpose.eq(convert::text(purpose)).and(match user {
            Some(user) => one_time_links::Column::UserId.eq(user),
            None => one_time_links::Column::UserId.is_null(),
        }),
    )
    .await?;
    issue(db, write, purpose, user).await
}

/// A new link beside earlier ones, so that last week's mail still lets its person in.
pub(crate) async fn issue(
    db: &Db,
    write: &DatabaseTransaction,
    purpose: Purpose,
    user: Option<Uuid>,
) -> Result<Token> {
    let now = db.ambient.now();
    let token = secret(db);
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

/// Uses a link up: of two who come with it, one gets through.
pub(crate) async fn redeem(
    db: &Db,
    write: &DatabaseTransaction,
    purposes: &[Purpose],
    token: &str,
) -> Result<Option<Uuid>> {
    let link = alive(db, write, purposes, token).await?;
    match end(db, write, one_time_links::Column::Id.eq(link.id)).await? {
        1 => Ok(link.user),
        _ => Err(dead_link()),
    }
}

/// A link that still works, without using it up.
pub(crate) async fn alive(
    db: &Db,
    connection: &impl ConnectionTrait,
    purposes: &[Purpose],
    token: &str,
) -> Result<Found> {
    find(connection, token)
        .await?
        .filter(|link| purposes.contains(&link.purpose) && link.is_alive(db.ambient.now()))
        .ok_or_else(dead_link)
}

/// Any link, dead or alive.
pub(crate) async fn find(connection: &impl ConnectionTrait, token: &str) -> Result<Option<Found>> {
    let row = one_time_links::Entity::find()
        .filter(one_time_links::Column::TokenHash.eq(hash(token)))
        .one(connection)
        .await?;
    row.map(|row| {
        Ok(Found {
            id: row.id,
            purpose: convert::from_text(&row.purpose)?,
            user: row.user_id,
            used_at: row.used_at,
            expires_at: row.expires_at,
        })
    })
    .transpose()
}

/// Ends every link that lets a person in, after a new password.
pub(crate) async fn end_all(db: &Db, write: &DatabaseTransaction, user: Uuid) -> Result<()> {
    let ways_in = [Purpose::Invitation, Purpose::SignIn, Purpose::Reset].map(convert::text);
    let theirs = one_time_links::Column::UserId.eq(user);
    end(db, write, theirs.and(one_time_links::Column::Purpose.is_in(ways_in))).await?;
    Ok(())
}

async fn end(db: &Db, write: &DatabaseTransaction, which: Expr) -> Result<u64> {
    let ended = one_time_links::Entity::update_many()
        .col_expr(one_time_links::Column::UsedAt, Expr::value(db.ambient.now()))
        .filter(which)
        .filter(one_time_links::Column::UsedAt.is_null())
        .exec(write)
        .await?;
    Ok(ended.rows_affected)
}

/// Forgets what has been dead for longer than anybody would still open it.
pub async fn sweep(db: &Db) -> Result<()> {
    let write = db.write().await?;
    one_time_links::Entity::delete_many()
        .filter(one_time_links::Column::ExpiresAt.lt(db.ambient.now() - REMEMBERED))
        .exec(&write)
        .await?;
    write.commit().await?;
    Ok(())
}

pub(crate) fn dead_link() -> Error {
    Error::conflict(
        "dead_link",
        "Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau à votre établissement.",
    )
}
