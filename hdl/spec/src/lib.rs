//! Firstlight's wire format, register map, latency budget and limits, as tables.
//!
//! Gateware, golden models, host, documentation and `csr.csv` all read these; no number of the wire or of a
//! register stands anywhere else. No dependencies, no I/O.
#![forbid(unsafe_code)]

pub mod budget;
pub mod control;
pub mod crc;
pub mod emit;
pub mod limits;
pub mod regs;
pub mod slot;
pub mod verdict;
