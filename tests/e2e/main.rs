//! What a person meets who starts the binary.

mod closing;
mod archive;
mod commands;
mod files;
mod mail;
mod path;
mod start;
