//! A limit on wrong passwords.

use std::time::Duration;

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
const LOCKED: Duration = Duration::from_mins(15);

/// Counts wrong passwords in this process.
#[derive(Clone)]
pub struct Tries(Cache<String, u32>);

impl Tries {
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(100_000).time_to_live(LOCKED).build())
    }

    /// Counts a try before its password is looked at, so that tries at the same time all count, and
    /// refuses an address with too many, right or wrong the next one may be.
    pub fn count(&self, email: &str) -> Result<()> {
        let counted = self.0.entry(normal_email(email)).and_compute_with(|entry| {
            match entry.map_or(0, Entry::into_value) {
                // Written to again, the lock would last a quarter of an hour from this try on.
                MAX.. => Op::Nop,
                tries => Op::Put(tries + 1),
            }
        });
        if matches!(counted, CompResult::Unchanged(_)) {
            return Err(ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_tries",
                "Trop d’essais pour cette adresse. Attendez un quart d’heure, ou demandez un \
                 nouveau lien à votre établissement.",
            ));
        }
        Ok(())
    }

    /// Takes a try back that was not one at the password.
    pub fn forgive(&self, email: &str) {
        self.0
            .entry(normal_email(email))
            .and_upsert_with(|entry| entry.map_or(0, |tries| tries.into_value().saturating_sub(1)));
    }

    /// Forgets every try, after a right password.
    pub fn clear(&self, email: &str) {
        self.0.invalidate(&normal_email(email));
    }
}
