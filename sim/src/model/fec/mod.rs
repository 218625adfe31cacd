//! Golden models of error correction: codec, frame receiver, tail repair.

pub mod codec;
pub mod crc;
#[cfg(test)]
mod exhaustive;
pub mod frame;
pub mod receiver;
pub mod reference;
pub mod repair;
pub mod scheme;
