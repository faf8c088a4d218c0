//! Which credentials of an issuer were revoked: one bit for each (W3C Bitstring Status List 1.0).

use std::io::{Read, Write};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};

use crate::badge::CREDENTIALS_V2;

/// Bits of a list: the fewest that keep a holder unknown among others (section 6.1).
pub const LIST_BITS: u32 = 131_072;

/// How long a list may be kept by who reads it.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// How long it is good for at all, so that nobody brings an old one back for long.
const LASTS: TimeDelta = TimeDelta::days(1);

/// Where a credential's bit is.
#[derive(Debug, Clone, Copy)]
pub struct StatusEntry<'a> {
    /// Address of the list.
    pub list: &'a str,
    pub index: u32,
}

impl StatusEntry<'_> {
    pub(crate) fn to_json(self) -> Value {
        let Self { list, index } = self;
        json!({
            "id": format!("{list}#{index}"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": index.to_string(),
            "statusListCredential": list,
        })
    }
}

/// A list as it stands at a moment.
#[derive(Debug)]
pub struct StatusList<'a> {
    /// Address that it is served at.
    pub id: &'a str,
    /// Address of its issuer's profile.
    pub issuer: &'a str,
    pub at: DateTime<Utc>,
    /// Places of those that were revoked, below [`LIST_BITS`].
    pub revoked: &'a [u32],
}

impl StatusList<'_> {
    /// The credential that holds it (section 3.1), to be signed by its issuer.
    pub fn to_json(&self) -> Value {
        let Self { id, issuer, at, revoked } = self;
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        json!({
            "@context": [CREDENTIALS_V2],
            "id": id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": { "id": issuer },
            "validFrom": time(*at),
            "validUntil": time(*at + LASTS),
            "credentialSubject": {
                "id": format!("{id}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "ttl": FRESH.num_milliseconds(),
                "encodedList": encoded(revoked),
            },
        })
    }
}

/// Packed, in base64url after the `u` that says so (Multibase).
fn encoded(revoked: &[u32]) -> String {
    let mut bits = vec![0_u8; LIST_BITS as usize / 8];
    for index in revoked {
        // The first bit is the leftmost one.
        bits[*index as usize / 8] |= 0x80 >> (index % 8);
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&bits).expect("memory takes it");
    format!("u{}", URL_SAFE_NO_PAD.encode(packed.finish().expect("memory takes it")))
}

/// Whether a bit of an encoded list is set; None where the list cannot be read or has no such bit.
pub fn is_set(encoded: &str, index: u32) -> Option<bool> {
    let packed = URL_SAFE_NO_PAD.decode(encoded.strip_prefix('u')?).ok()?;
    let mut bits = Vec::new();
    GzDecoder::new(&packed[..]).take(u64::from(LIST_BITS)).read_to_end(&mut bits).ok()?;
    Some(bits.get(index as usize / 8)? & (0x80 >> (index % 8)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_set_where_it_was_put_and_nowhere_else() {
        let end = LIST_BITS - 1;
        let list = encoded(&[0, 9, end]);
        let set: Vec<u32> = (0..LIST_BITS)
            .filter(|i| [0, 1, 8, 9, 10, end - 1, end].contains(i))
            .filter(|index| is_set(&list, *index).unwrap())
            .collect();
        assert_eq!(set, [0, 9, end]);
        assert_eq!(is_set(&list, LIST_BITS), None);
        assert_eq!(is_set("zzz", 0), None);
        assert_eq!(is_set("u!", 0), None);
        // What many credentials and what none says is about as long: a list tells not how many.
        assert!(list.len() < 200);
    }
}
