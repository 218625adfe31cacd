//! Error correction in plain Rust: the golden model of the gateware, and what the host repairs with.
#![forbid(unsafe_code)]

pub mod codec;
pub mod crc;
#[cfg(test)]
mod exhaustive;
pub mod frame;
pub mod reference;
pub mod repair;
pub mod split;
