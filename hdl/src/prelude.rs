//! RustHDL with our own flip-flop and intermediate values: what every block imports.

pub use crate::dff::DFF;
pub use crate::wire::Signal;
pub use rust_hdl::prelude::*;
