//! Golden models in plain Rust, mirroring the folders of the gateware; no RustHDL here.

pub mod control;
pub mod fec;
pub mod framing;
pub mod laser;
pub mod measure;
