//! How a host reaches the registers.

pub mod bone;
pub mod ladder;
