//! The link: transmitter wired to receiver over a line that can be damaged.

pub mod agreement;
mod clean;
mod control;
mod errors;
pub mod looped;
mod verilog;
