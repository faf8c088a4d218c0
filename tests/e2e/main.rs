//! What a person meets who starts the binary.

mod commands;
mod path;
mod start;
