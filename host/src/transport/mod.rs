//! The one seam to a board: bursts of register words, wherever the board is.
use std::time::Duration;

use crate::{Error, Result};

pub mod serial;
#[cfg(feature = "sim")]
pub mod sim;
pub mod tcp;

/// How the address moves within a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Each word at the next address.
    Incrementing,
    /// All words at the same address.
    Fixed,
}

/// A board's register bus. Addresses count 32-bit words.
pub trait Transport {
    /// `count` words from address `word` on, which rises as `step` says.
    fn read(&mut self, word: u32, count: usize, step: Step) -> Result<Vec<u32>>;
    /// The same for writes.
    fn write(&mut self, word: u32, data: &[u32], step: Step) -> Result<()>;
    /// Lets about `cycles` of the board's datapath clock pass, or a good part of them: callers poll.
    fn wait(&mut self, cycles: u64) -> Result<()>;
    /// Leaves `value` in a word that a board loses with its power: a connection that breaks later and comes back goes on
    /// only where it still stands. Without this, and over ports that cannot be opened again, a break is the end.
    fn pledge(&mut self, _word: u32, _value: u32) -> Result<()> {
        Ok(())
    }
    /// What runs the gateware, as far as this end can know.
    fn engine(&self) -> String;
    /// Records the datapath from now on. Only a simulated board in this process can.
    fn record(&mut self) -> Result<()> {
        Err(Error::usage(
            "this port cannot record waves",
            "the simulated board in this process",
            "leave --vcd out, or use --port sim:",
        ))
    }
    /// What was recorded; `vcd_name` is the file name under which the waves will stand.
    fn recorded(&mut self, _vcd_name: &str, _cycle_ps: u64) -> Result<Option<Waves>> {
        Ok(None)
    }
}

/// Recorded waves.
pub struct Waves {
    /// The VCD file.
    pub vcd: Vec<u8>,
    /// The GTKWave view beside it.
    pub gtkw: String,
    /// Cycles in it.
    pub cycles: usize,
}

/// Sleeps at most this long in one [`Transport::wait`], so that Ctrl-C and progress stay alive.
pub const LONGEST_SLEEP: Duration = Duration::from_millis(50);

/// Opens what `--port` names.
pub fn open(port: &str) -> Result<Box<dyn Transport>> {
    if port == "sim:" || port == "sim" {
        return open_sim();
    }
    if port == "sim:verilator" {
        return open_verilated();
    }
    if let Some(address) = port.strip_prefix("tcp:") {
        return Ok(Box::new(tcp::open(address)?));
    }
    if port.is_empty() || port.contains(':') && !port.starts_with('/') && !cfg!(windows) {
        return Err(Error::usage(format!("unknown port \"{port}\""), PORTS, "firstlight info --port sim:"));
    }
    Ok(Box::new(serial::open(port)?))
}

pub(crate) const PORTS: &str =
    "sim:, sim:verilator, tcp:HOST:PORT, or the path of a serial device such as /dev/ttyUSB1";

#[cfg(feature = "sim")]
fn open_sim() -> Result<Box<dyn Transport>> {
    Ok(Box::new(sim::open()?))
}

#[cfg(feature = "sim")]
fn open_verilated() -> Result<Box<dyn Transport>> {
    Ok(Box::new(sim::open_verilated()?))
}

#[cfg(not(feature = "sim"))]
fn open_verilated() -> Result<Box<dyn Transport>> {
    open_sim()
}

#[cfg(not(feature = "sim"))]
fn open_sim() -> Result<Box<dyn Transport>> {
    Err(Error::no_board(
        "this firstlight was built without the simulated board",
        "the feature `sim`, or a board",
        "build with the default features, or give --port tcp:HOST:PORT or a serial device",
    ))
}
