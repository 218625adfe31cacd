//! Golden models of error correction: codec, frames, tail repair.

pub mod codec;
pub mod crc;
#[cfg(test)]
mod exhaustive;
pub mod frame;
pub mod reference;
pub mod repair;
pub mod scheme;
