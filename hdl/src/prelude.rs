//! RustHDL with our own flip-flop: what every block imports.

pub use crate::dff::DFF;
pub use rust_hdl::prelude::*;
