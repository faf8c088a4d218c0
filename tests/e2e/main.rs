//! What a person meets who starts the binary.

mod commands;
mod mail;
mod path;
mod start;
