//! The link: transmitter wired to receiver over a line that can be damaged.

mod clean;
pub mod looped;
