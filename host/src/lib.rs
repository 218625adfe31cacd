//! The `firstlight` command as a library; only `main.rs` prints errors and exits.
#![forbid(unsafe_code)]

pub mod cli;
pub mod cmd;
pub mod error;
pub mod interrupt;
pub mod output;

pub use error::{Error, Exit, Result};
