//! The same random run on both engines, compared in every cycle; a failing run is shrunk.

use super::Verilated;
use crate::bench::Bench;
use crate::tools::ToolError;
use crate::trace::{Port, Trace, ports, values};
use rust_hdl::prelude::{Block, Clock, In, Signal};
use std::fmt;

/// Cycles between two comparisons.
const CHUNK: usize = 4096;
/// Rows that a shrunk run may still have removed one by one.
const SHRINK_RUNS: usize = 400;

/// A block to compare: how it is made, where its clock is, how its ports are read and inputs written.
pub struct Lockstep<U: Block> {
    pub name: &'static str,
    pub make: fn() -> U,
    pub clock: fn(&mut U) -> &mut Signal<In, Clock>,
    /// Sets all inputs from a row (inputs only, in port order).
    pub drive: fn(&mut U, &[u128]),
}

/// Where the two engines differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub cycle: usize,
    pub port: String,
    pub rusthdl: u128,
    pub verilog: u128,
    /// Inputs from power-on to that cycle, after shrinking.
    pub inputs: Vec<Vec<u128>>,
}

/// Why a run did not pass.
#[derive(Debug)]
pub enum LockstepError {
    Differ(Box<Difference>),
    Tool(ToolError),
}

impl fmt::Display for LockstepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockstepError::Tool(e) => e.fmt(f),
            LockstepError::Differ(d) => {
                writeln!(
                    f,
                    "cycle {} {}: RustHDL {:x}, Verilog {:x}; inputs of",
                    d.cycle, d.port, d.rusthdl, d.verilog
                )?;
                d.inputs.iter().try_for_each(|row| writeln!(f, "  {row:x?},"))
            }
        }
    }
}

impl From<ToolError> for LockstepError {
    fn from(e: ToolError) -> Self {
        LockstepError::Tool(e)
    }
}

impl<U: Block> Lockstep<U> {
    /// Runs `cycles` rows of `inputs` on both engines; the first difference, shrunk, is the error.
    pub fn run(&self, cycles: usize, mut inputs: impl FnMut() -> Vec<u128>) -> Result<(), LockstepError> {
        let mut pair = self.start()?;
        let mut all = vec![];
        let mut done = 0;
        while done < cycles {
            let rows: Vec<Vec<u128>> = (0..CHUNK.min(cycles - done)).map(|_| inputs()).collect();
            all.extend(rows.iter().cloned());
            if let Some((cycle, ..)) = self.compare(&mut pair, &rows)? {
                all.truncate(done + cycle + 1);
                return Err(LockstepError::Differ(Box::new(self.shrink(all)?)));
            }
            done += rows.len();
        }
        Ok(())
    }

    fn start(&self) -> Result<(Bench<U>, Verilated), ToolError> {
        let bench = Bench::new((self.make)(), self.clock);
        let verilated = Verilated::of(bench.uut.as_ref(), self.name)?;
        Ok((bench, verilated))
    }

    /// First difference: cycle, port, RustHDL's and the Verilog's value.
    fn compare(
        &self,
        (bench, verilated): &mut (Bench<U>, Verilated),
        rows: &[Vec<u128>],
    ) -> Result<Option<(usize, String, u128, u128)>, ToolError> {
        let outputs: Vec<(usize, Port)> =
            verilated.ports.iter().cloned().enumerate().filter(|(_, p)| !p.is_input).collect();
        let said = verilated.replay(rows).map_err(|e| ToolError::Io("the verilated design".into(), e))?;
        for (cycle, (row, sample)) in rows.iter().zip(said).enumerate() {
            let seen = bench.cycle(|u| (self.drive)(u, row), |u| values(u));
            for ((index, port), verilog) in outputs.iter().zip(sample.0) {
                if seen[*index] != verilog {
                    return Ok(Some((cycle, port.name.clone(), seen[*index], verilog)));
                }
            }
        }
        Ok(None)
    }

    /// Removes blocks of rows, then clears single rows, as long as the engines still differ.
    fn shrink(&self, mut rows: Vec<Vec<u128>>) -> Result<Difference, ToolError> {
        let mut runs = 0;
        let mut best = self.compare(&mut self.start()?, &rows)?;
        let mut size = rows.len() / 2;
        while size > 0 && runs < SHRINK_RUNS {
            let mut from = 0;
            while from + size <= rows.len() && runs < SHRINK_RUNS {
                let mut fewer = rows.clone();
                fewer.drain(from..from + size);
                runs += 1;
                match self.compare(&mut self.start()?, &fewer)? {
                    Some(found) => {
                        fewer.truncate(found.0 + 1);
                        (rows, best) = (fewer, Some(found));
                    }
                    None => from += size,
                }
            }
            size /= 2;
        }
        let (cycle, port, rusthdl, verilog) = best
            .ok_or_else(|| ToolError::Finding("a difference that does not come back: state outlives a run".into()))?;
        Ok(Difference { cycle, port, rusthdl, verilog, inputs: rows })
    }
}

/// Widths of the inputs of a block, in port order.
pub fn input_widths<U: Block>(uut: &U) -> Vec<usize> {
    Trace::new(ports(uut)).ports.iter().filter(|p| p.is_input).map(|p| p.width).collect()
}
