//! Verilog to bitstream: yosys, nextpnr-ice40, icepack and a timing report.
//!
//! ```text
//! Verilog --> yosys --> netlist.json --> nextpnr (seed 1..n, in parallel) --> best .asc --> icepack --> .bin
//!               |                          |
//!             stat (LUT4, FF, BRAM)      report (MHz per clock, cells, critical path)   ==> report.json
//! ```
//!
//! Every tool runs inside the output directory on relative names, so a result depends on its inputs and tool
//! versions alone: two runs give the same bytes.

mod block;
mod build;
mod ceilings;
mod error;
mod place;
mod report;
mod seeds;
mod synth;
mod table;
mod tools;

pub use block::{BlockReport, block_report};
pub use build::{BuildSpec, build, time_alone};
pub use ceilings::{Ceiling, ceiling, rewritten};
pub use error::FlowError;
pub use place::{PathStep, Placement};
pub use report::{ClockReport, Mhz, PartClock, PartReport, PartUtilisation, Report, Usage, Utilisation};
pub use synth::{REST, Synthesis};
pub use table::{markdown, memories};
pub use tools::{REQUIREMENTS, Source, TOOLS_DIR, Toolchain};

/// The device of the Alchitry Cu.
pub const DEVICE: &str = "hx8k";
/// Its package.
pub const PACKAGE: &str = "cb132";

/// What a long run tells its user while it works.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);
