//! Limits on what can be tried again and again.

use std::{net::IpAddr, time::Duration};

use axum::http::StatusCode;
use domain::person::normal_email;
use moka::{
    Entry,
    ops::compute::{CompResult, Op},
    sync::Cache,
};

use crate::problem::{ApiError, Result};

/// Wrong passwords in a row, by address, before it is locked for a while
/// (NIST SP 800-63B, section 5.2.2, allows up to 100).
const MAX: u32 = 10;
/// Links that one client may ask for in that while; a school sits behind one address.
pub const LINKS_MAX: u32 = 60;
/// Credentials that one client may look at in that while.
pub const LOOKS_MAX: u32 = 300;
const LOCKED: Duration = Duration::from_mins(15);

/// Counts by key, in this process, up to a number and for a while.
#[derive(Clone)]
struct Counts {
    counts: Cache<String, u32>,
    max: u32,
}

impl Counts {
    fn new(max: u32) -> Self {
        Self { counts: Cache::builder().max_capacity(100_000).time_to_live(LOCKED).build(), max }
    }

    /// Whether it could still be counted.
    fn count(&self, key: String) -> bool {
        let counted = self.counts.entry(key).and_compute_with(|entry| {
            let tries = entry.map_or(0, Entry::into_value);
            // Written to again, the lock would last a quarter of an hour from this try on.
            if tries >= self.max { Op::Nop } else { Op::Put(tries + 1) }
        });
        !matches!(counted, CompResult::Unchanged(_))
    }
}

/// Wrong passwords, by address.
#[derive(Clone)]
pub struct Tries(Counts);

impl Tries {
    pub fn new() -> Self {
        Self(Counts::new(MAX))
    }

    /// Counts a try before its password is looked at, so that tries at the same time all count, and
    /// refuses an address with too many, right or wrong the next one may be.
    pub fn count(&self, email: &str) -> Result<()> {
        if self.0.count(normal_email(email)) {
            return Ok(());
        }
        Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_tries",
            "Trop d’essais pour cette adresse. Attendez un quart d’heure, ou demandez un nouveau \
             lien.",
        ))
    }

    /// Takes a try back that was not one at the password.
    pub fn forgive(&self, email: &str) {
        self.0
            .counts
            .entry(normal_email(email))
            .and_upsert_with(|entry| entry.map_or(0, |tries| tries.into_value().saturating_sub(1)));
    }

    /// Forgets every try, after a right password.
    pub fn clear(&self, email: &str) {
        self.0.counts.invalidate(&normal_email(email));
    }
}

/// What is asked for without signing in, by client: links, of which each address has its own limit
/// in the database, and credentials.
#[derive(Clone)]
pub struct Asks(Counts);

impl Asks {
    pub fn up_to(max: u32) -> Self {
        Self(Counts::new(max))
    }

    pub fn count(&self, client: Option<IpAddr>) -> Result<()> {
        if self.0.count(client.map(|address| address.to_string()).unwrap_or_default()) {
            return Ok(());
        }
        Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_tries",
            "Trop de demandes depuis cet endroit. Attendez un quart d’heure.",
        ))
    }
}
