//! Passwords: argon2id, two at a time.

use std::sync::{Arc, Mutex};

use argon2::{
    Argon2, Block,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::sync::Semaphore;

use crate::{Db, Error, Result};

/// What a password is compared with where there is none.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA\
                      $2GvZgcQ6sN1e0Ml0KkZJ1m0cV2hVbY0u7p3aQ8rXy5E";

/// How many may wait for their turn; beyond that the answer is to come back later.
const QUEUE: usize = 50;

/// Hashes at most two passwords at once, in two pieces of memory that are kept: each takes 19 MiB
/// and some 20 ms of a core, and an unbounded number would starve every other request.
#[derive(Clone)]
pub(crate) struct Hasher {
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Hasher {
    pub fn new() -> Self {
        let blocks = || vec![Block::new(); Argon2::default().params().block_count()];
        Self {
            turns: Arc::new(Semaphore::new(2)),
            waiting: Arc::new(Semaphore::new(QUEUE)),
            memory: Arc::new(Mutex::new(vec![blocks(), blocks()])),
        }
    }

    /// The hash of a password, 32 bytes.
    async fn hash(&self, password: &str, salt: Vec<u8>) -> Result<[u8; 32]> {
        let _place = self.waiting.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = self.turns.clone().acquire_owned().await.expect("the semaphore is never closed");
        let memory = self.memory.clone();
        let password = password.to_owned();
        let hashing = tokio::task::spawn_blocking(move || {
            // Held to the end of the work, not of the request: who hangs up frees nothing.
            let _turn = turn;
            let take = || memory.lock().expect("no panic while it is held").pop();
            let mut blocks = take().expect("two turns, two pieces of memory");
            let mut hash = [0; 32];
            let hashed = Argon2::default().hash_password_into_with_memory(
                password.as_bytes(),
                &salt,
                &mut hash,
                &mut blocks,
            );
            memory.lock().expect("no panic while it is held").push(blocks);
            hashed.map(|()| hash)
        });
        hashing
            .await
            .map_err(|error| Error::Corrupt(format!("password hashing stopped: {error}")))?
            .map_err(|error| Error::Corrupt(format!("password hashing failed: {error}")))
    }
}

impl Db {
    /// A PHC string. The parameters are argon2's defaults, which are OWASP's first choice:
    /// argon2id, 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        let salt: [u8; 16] = self.ambient.random();
        let hash = self.hasher.hash(password, salt.to_vec()).await?;
        phc(&salt, &hash).ok_or_else(|| Error::Corrupt("no PHC string".to_owned()))
    }

    /// Whether the password is the one that was hashed. Where there is no hash it takes as long
    /// and says no, so that an answer's delay does not tell which addresses exist.
    pub async fn verify_password(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let unreadable = || Error::Corrupt("the hash of a password cannot be read".to_owned());
        let kept = PasswordHash::new(hash.unwrap_or(NOBODY)).map_err(|_| unreadable())?;
        let salt = kept.salt.ok_or_else(unreadable)?;
        let expected = kept.hash.ok_or_else(unreadable)?;
        let presented = self.hasher.hash(password, salt.as_ref().to_vec()).await?;
        // Compared in constant time.
        let matches = Output::new(&presented).is_ok_and(|presented| presented == expected);
        Ok(matches && hash.is_some())
    }
}

/// A hash that was made with argon2's default parameters, in the PHC string format.
fn phc(salt: &[u8], hash: &[u8]) -> Option<String> {
    let argon2 = Argon2::default();
    let params = argon2.params();
    Some(
        PasswordHash {
            algorithm: argon2::ARGON2ID_IDENT,
            version: Some(argon2::Version::default().into()),
            params: ParamsString::try_from(params).ok()?,
            salt: Some(Salt::new(salt).ok()?),
            hash: Some(Output::new(hash).ok()?),
        }
        .to_string(),
    )
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
