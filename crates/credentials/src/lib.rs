//! Open Badges 3.0 (1EdTech) over the Verifiable Credentials Data Model 2.0 (W3C).
//!
//! Pure: plain values come in, signed JSON goes out. A credential is a JWT (Open Badges 3.0,
//! section 8.2) that is signed with Ed25519 (RFC 8037); whether it was revoked stands in a list of
//! bits (W3C Bitstring Status List 1.0), itself a signed credential.

mod badge;
mod image;
mod key;
mod status;
mod vault;

pub use badge::{Achievement, AchievementKind, Alignment, Badge, Issuer, Recipient, TargetKind};
pub use image::baked;
pub use key::{BadSignature, PublicKey, SigningKey};
pub use status::{LIST_BITS, StatusEntry, StatusList, is_set};
pub use vault::Vault;
