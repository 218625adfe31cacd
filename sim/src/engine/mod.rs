//! The second engine: emitted Verilog, compiled by Verilator, in a process of its own.
//!
//! ```text
//!  block --emit--> Verilog --verilator, c++--> program (kept by content hash) <--pipes--> Verilated
//! ```
//!
//! A cycle is that of [`crate::bench`]: set inputs, settle, look, rising edge. Commands go in batches, so that a run of
//! a million cycles costs one exchange.

mod board;
mod build;
mod lockstep;
mod serve;
mod shell;
mod verilated;

pub use board::VerilatedBoard;
pub use build::{cache_dir, compile};
pub use lockstep::{Difference, Lockstep, LockstepError, Model, input_widths};
pub use verilated::{Sample, Verilated};
