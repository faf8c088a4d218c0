//! Passwords: argon2id, two at a time.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{Db, Error, Result};

/// What a password is compared with where there is none.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA\
                      $2GvZgcQ6sN1e0Ml0KkZJ1m0cV2hVbY0u7p3aQ8rXy5E";

/// Hashes at most two passwords at once: each takes 19 MiB and some 20 ms of a core, and an
/// unbounded number of them would starve every other request.
#[derive(Clone)]
pub(crate) struct Hasher(Arc<Semaphore>);

impl Hasher {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _permit = self.0.acquire().await.expect("the semaphore is never closed");
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Error::Corrupt(format!("password hashing stopped: {error}")))
    }
}

impl Db {
    /// A PHC string. The parameters are argon2's defaults, which are OWASP's first choice:
    /// argon2id, 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        let salt: [u8; 16] = self.ambient.random();
        self.hasher
            .run(move || {
                Argon2::default()
                    .hash_password_with_salt(password.as_bytes(), &salt)
                    .map(|hash| hash.to_string())
            })
            .await?
            .map_err(|error| Error::Corrupt(format!("password hashing failed: {error}")))
    }

    /// Whether the password is the one that was hashed. Where there is no hash it takes as long
    /// and says no, so that an answer's delay does not tell which addresses exist.
    pub async fn verify_password(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let password = password.to_owned();
        let exists = hash.is_some();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let matches = self
            .hasher
            .run(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
                })
            })
            .await?;
        Ok(exists && matches)
    }
}

#[cfg(test)]
mod tests {
    use argon2::{Argon2, Params};

    use super::*;

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let nobody = PasswordHash::new(NOBODY).expect("a PHC string");
        let params = Params::try_from(&nobody).expect("parameters");
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        assert_eq!(cost(&params), cost(Argon2::default().params()));
        assert_eq!(nobody.hash.expect("a hash").len(), 32);
    }
}
