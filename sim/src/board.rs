//! The seam behind which every engine simulates the whole core: registers and time, nothing else.

use std::fmt;

/// A simulated board as seen from its register bus.
pub trait Board: Send {
    /// What simulates: `rusthdl` or `verilator`, with its version.
    fn engine(&self) -> String;
    /// Reads one register (word address).
    fn read(&mut self, word: u32) -> Result<u32, BoardError>;
    /// Writes one register.
    fn write(&mut self, word: u32, value: u32) -> Result<(), BoardError>;
    /// Lets `cycles` of the datapath clock pass.
    fn run(&mut self, cycles: u64) -> Result<(), BoardError>;
    /// Cycles since power-on; register accesses take cycles too.
    fn cycles(&self) -> u64;
    /// Records the line and the client ports from now on, for at most `cycles`.
    fn record(&mut self, cycles: u64) -> Result<(), BoardError>;
    /// What was recorded, and stops recording.
    fn take_trace(&mut self) -> Option<crate::trace::Trace>;
}

/// An engine that does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoardError {
    /// The register bus did not acknowledge within so many cycles.
    /// The register's word address, and the cycles that were waited.
    NoAcknowledge { word: u32, cycles: u64 },
    /// The engine itself failed.
    Engine(String),
}

impl fmt::Display for BoardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BoardError::NoAcknowledge { word, cycles } => {
                write!(
                    f,
                    "the simulated board did not acknowledge register word {word:#06x} within {cycles} cycles; this is a fault of the gateware"
                )
            }
            BoardError::Engine(what) => write!(f, "the simulation engine stopped: {what}"),
        }
    }
}

impl std::error::Error for BoardError {}
