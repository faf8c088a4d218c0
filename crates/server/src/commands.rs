//! One module per command.

pub mod archive;
pub mod certifications;
pub mod demo;
pub mod migrate;
pub mod serve;
