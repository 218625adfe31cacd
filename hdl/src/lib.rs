//! Firstlight's gateware: what becomes gates, and nothing else.
#![forbid(unsafe_code)]

pub mod activity;
pub mod board;
pub mod control;
pub mod core;
pub mod dff;
pub mod fec;
pub mod forward;
pub mod framing;
pub mod laser;
pub mod leaf;
pub mod link;
pub mod link_soc;
pub mod measure;
pub mod memory;
pub mod phy;
pub mod prelude;
pub mod quiet;
pub mod serial_memory;
pub mod shared_sums;
pub mod target;
pub mod wire;
pub mod word;
pub mod xor;
