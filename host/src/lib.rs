//! The `firstlight` command as a library; only `main.rs` prints errors and exits.
#![forbid(unsafe_code)]

pub mod batches;
pub mod bone;
pub mod capture;
pub mod cli;
pub mod cmd;
pub mod device;
pub mod error;
pub mod error_rate;
pub mod interrupt;
#[cfg(feature = "sim")]
pub mod laser;
pub mod measure;
pub mod output;
pub mod progress;
pub mod replay;
pub mod report;
pub mod stats;
pub mod transport;
pub mod usb;

pub use error::{Error, Exit, Result};
