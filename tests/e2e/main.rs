//! What a person meets who starts the binary.

mod commands;
mod mail;
mod files;
mod path;
mod start;
