//! Error correction: check bits, folded syndrome, one-cycle correction.

pub mod classifier;
pub mod corrector;
pub mod decoder;
pub mod encoder;
pub mod folder;
