//! What a person meets who starts the binary.

mod archive;
mod closing;
mod commands;
mod files;
mod mail;
mod path;
mod start;
