//! Access tokens: short-lived JWT (RFC 7519), HS256. Revocation is looked up in the session.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an access token is good for without being refreshed.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The person.
    sub: Uuid,
    /// The session.
    sid: Uuid,
    /// Seconds since 1970.
    exp: i64,
}

/// Signs and verifies.
#[derive(Clone)]
pub struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl Keys {
    /// From a secret of at least 256 bits (RFC 7518, section 3.2).
    pub fn new(secret: &[u8]) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
        }
    }

    /// A token, and when it ends.
    pub fn issue(&self, user: Uuid, session: Uuid, now: DateTime<Utc>) -> (String, DateTime<Utc>) {
        let expires_at = now + LIFETIME;
        let claims = Claims { sub: user, sid: session, exp: expires_at.timestamp() };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .expect("claims of two ids and a number can be signed");
        (token, expires_at)
    }

    /// The session that the token was made for, if it is ours and not over.
    pub fn session(&self, token: &str, now: DateTime<Utc>) -> Option<Uuid> {
        let mut validation = Validation::new(Algorithm::HS256);
        // Compared below, with the clock that everything else goes by.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        (claims.exp > now.timestamp()).then_some(claims.sid)
    }
}
