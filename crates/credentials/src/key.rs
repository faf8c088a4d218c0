//! Keys that sign, and what anybody verifies with.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode,
    jwk::{AlgorithmParameters, Jwk},
};
use serde_json::{Value, json};
use thiserror::Error;

/// Bytes of a private Ed25519 key.
pub const SEED: usize = 32;

/// What stands before the seed in a PKCS #8 key of Ed25519 (RFC 8410, section 7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A private key.
pub struct SigningKey {
    /// Address of the public key, which the header of each signature names.
    id: String,
    key: EncodingKey,
    public: String,
}

/// The public half of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Address that it is served at.
    pub id: String,
    /// The point, base64url (RFC 8037, section 2).
    pub x: String,
}

/// It was not signed with this key, or something changed since.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the signature does not fit")]
pub struct BadSignature;

impl SigningKey {
    pub fn new(id: String, seed: &[u8; SEED]) -> Self {
        let key = EncodingKey::from_ed_der(&[&PKCS8[..], seed].concat());
        let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).expect("any seed makes a key");
        let AlgorithmParameters::OctetKeyPair(parameters) = jwk.algorithm else {
            unreachable!("an Ed25519 key is a pair of octet strings")
        };
        Self { id, key, public: parameters.x }
    }

    pub fn public(&self) -> PublicKey {
        PublicKey { id: self.id.clone(), x: self.public.clone() }
    }

    /// A JWT with the claims that repeat the credential's properties (Open Badges 3.0, section
    /// 8.2.4.1): the credential itself is the payload.
    pub fn sign(&self, mut credential: Value) -> String {
        let seconds = |value: &Value| {
            let text = value.as_str()?;
            Some(chrono::DateTime::parse_from_rfc3339(text).ok()?.timestamp())
        };
        let claims = [
            ("iss", credential["issuer"]["id"].clone()),
            ("jti", credential["id"].clone()),
            ("sub", credential["credentialSubject"]["id"].clone()),
            ("nbf", json!(seconds(&credential["validFrom"]))),
            ("exp", json!(seconds(&credential["validUntil"]))),
        ];
        for (claim, value) in claims {
            if !value.is_null() {
                credential[claim] = value;
            }
        }
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &credential, &self.key).expect("JSON can be signed")
    }
}

impl PublicKey {
    /// As it is served (RFC 7517): what the `kid` of a signature leads to.
    pub fn to_jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "x": self.x,
            "kid": self.id, "alg": "EdDSA", "use": "sig",
        })
    }

    /// What was signed with this key, whatever its dates say.
    pub fn verify(&self, jwt: &str) -> Result<Value, BadSignature> {
        let key = DecodingKey::from_ed_components(&self.x).map_err(|_| BadSignature)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        decode(jwt, &key, &validation).map(|data| data.claims).map_err(|_| BadSignature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.1 and A.2: a seed and its public key.
    #[test]
    fn a_seed_makes_the_public_key_of_the_standard() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed = hex::decode(seed).unwrap().try_into().unwrap();
        let key = SigningKey::new("urn:key".into(), &seed);
        assert_eq!(key.public().x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    }

    #[test]
    fn a_signature_is_on_every_letter() {
        let key = SigningKey::new("urn:key".into(), &[1; SEED]);
        let other = SigningKey::new("urn:key".into(), &[2; SEED]);
        let jwt = key.sign(json!({ "id": "urn:one", "validFrom": "2026-10-05T08:00:00Z" }));
        let read = key.public().verify(&jwt).unwrap();
        assert_eq!((&read["jti"], &read["nbf"]), (&json!("urn:one"), &json!(1_791_187_200)));
        assert_eq!(other.public().verify(&jwt), Err(BadSignature));
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let forged = other.sign(json!({ "id": "urn:two" }));
        let payload = forged.split('.').nth(1).unwrap();
        for changed in
            [format!("{header}.{payload}.{signature}"), format!("{signed}."), "a.b".into()]
        {
            assert_eq!(key.public().verify(&changed), Err(BadSignature), "{changed}");
        }
    }
}
