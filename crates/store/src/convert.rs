//! Between the values of `domain` and what a column holds.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Error, Result};

/// An enumeration as text, by the same name as on the wire.
pub fn text<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        other => unreachable!("only unit variants are kept as text, not {other:?}"),
    }
}

pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    from_json(Value::String(text.to_owned()))
}

pub fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("the values of `domain` have string keys only")
}

pub fn from_json<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Corrupt(error.to_string()))
}

/// A count as the database gives it.
pub fn count(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}
