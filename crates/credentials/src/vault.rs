//! Keeps private keys where others may look: encrypted under the instance's secret.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::key::SEED;

/// Bytes of a nonce (RFC 8439, section 2.8).
pub const NONCE: usize = 12;

/// Encrypts and decrypts private keys. A copy of the database alone signs nothing.
#[derive(Clone)]
pub struct Vault(ChaCha20Poly1305);

impl Vault {
    /// From the secret that all servers of an instance share, of at least 256 bits.
    pub fn new(secret: &[u8]) -> Self {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, secret)
            .expand(b"acquis: private keys of credentials", &mut key)
            .expect("32 bytes are within what SHA-256 gives");
        Self(ChaCha20Poly1305::new(&key.into()))
    }

    /// As hexadecimal, good for this owner alone. The nonce must never have served before.
    pub fn seal(&self, owner: &[u8], nonce: [u8; NONCE], seed: &[u8; SEED]) -> String {
        let payload = Payload { msg: seed, aad: owner };
        let sealed = self.0.encrypt(&Nonce::from(nonce), payload).expect("32 bytes are few");
        hex::encode([&nonce[..], &sealed].concat())
    }

    /// None where it was sealed under another secret or for another owner, or was changed.
    pub fn open(&self, owner: &[u8], sealed: &str) -> Option<[u8; SEED]> {
        let bytes = hex::decode(sealed).ok()?;
        let (nonce, msg) = bytes.split_first_chunk::<NONCE>()?;
        self.0.decrypt(&Nonce::from(*nonce), Payload { msg, aad: owner }).ok()?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_opens_and_only_for_the_same_owner() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal(b"school", [1; NONCE], &[9; SEED]);
        assert_eq!(vault.open(b"school", &sealed), Some([9; SEED]));
        assert_eq!(Vault::new(&[7; 32]).open(b"school", &sealed), Some([9; SEED]));
        assert_eq!(Vault::new(&[8; 32]).open(b"school", &sealed), None);
        assert_eq!(vault.open(b"another", &sealed), None);
        assert_eq!(vault.open(b"school", &sealed[2..]), None);
        assert_eq!(vault.open(b"school", "none"), None);
    }
}
