//! Files of the demonstration: small documents and pictures, each made for one evidence.

mod pdf;
mod png;

pub use pdf::{Document, document};
pub use png::{Picture, picture};
