//! The TOML format of a certification version, and the certifications shipped with the product.
//!
//! One file is one version; `docs/certification-format.md` describes every key. A file is refused
//! whole, with the line and the reason of each of its faults: see [`parse`].

mod block;
mod builtin;
mod fault;
mod file;
mod jury;
mod names;
mod requirement;
mod table;

pub use builtin::{Builtin, builtin, find};
pub use fault::Fault;
pub use file::parse;
