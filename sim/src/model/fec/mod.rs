//! Golden models of error correction.

pub mod scheme;

pub use firstlight_fec::{codec, crc, frame, reference, repair};
