//! The same random run on both engines, compared in every cycle; a failing run is shrunk.

use super::Verilated;
use crate::bench::Bench;
use crate::tools::ToolError;
use crate::trace::{Trace, ports};
use rust_hdl::prelude::Block;
use std::fmt;

/// Cycles between two comparisons.
const CHUNK: usize = 4096;
/// Attempts to make a failing run shorter.
const SHRINK_RUNS: usize = 400;
/// Rows of a difference that are printed.
const SHOWN_ROWS: usize = 40;

/// A third opinion: what the design must do, cycle by cycle.
pub trait Model {
    /// One cycle: inputs and outputs as they stood before the rising edge, in port order. The error says what was
    /// expected instead.
    fn cycle(&mut self, inputs: &[u128], outputs: &[u128]) -> Result<(), String>;
    /// Slots, words or beats that it has judged so far.
    fn judged(&self) -> u64;
}

/// A block to compare: how it is made and clocked, how its inputs are written and its outputs read.
pub struct Lockstep<U: Block> {
    /// Module name.
    pub name: &'static str,
    /// A new block on its clock.
    pub bench: fn() -> Bench<U>,
    /// Sets all inputs from a row (inputs only, in port order).
    pub drive: fn(&mut U, &[u128]),
    /// All outputs, in port order; [`crate::trace::outputs`] for any block.
    pub look: fn(&U) -> Vec<u128>,
    /// The golden model that both must agree with.
    pub model: Option<fn() -> Box<dyn Model>>,
}

/// Where the two engines, or the engines and the model, differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first cycle in which they do.
    pub cycle: usize,
    /// An output, or `model`.
    pub port: String,
    /// Both values, or what the model says.
    pub what: String,
    /// Inputs from power-on to that cycle, after shrinking.
    pub inputs: Vec<Vec<u128>>,
}

/// Why a run did not pass.
#[derive(Debug)]
pub enum LockstepError {
    /// Both ran and differ.
    Differ(Box<Difference>),
    /// The Verilog could not be compiled or run.
    Tool(ToolError),
}

impl fmt::Display for LockstepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockstepError::Tool(e) => e.fmt(f),
            LockstepError::Differ(d) => {
                let (first, last) = (d.inputs.len().saturating_sub(SHOWN_ROWS), d.inputs.len());
                writeln!(f, "cycle {} {}: {}; inputs of its cycles {first} to {last}", d.cycle, d.port, d.what)?;
                d.inputs[first..].iter().try_for_each(|row| writeln!(f, "  {row:x?},"))
            }
        }
    }
}

impl From<ToolError> for LockstepError {
    fn from(e: ToolError) -> Self {
        LockstepError::Tool(e)
    }
}

/// Both engines and the model, at the same cycle.
struct Run<U: Block> {
    bench: Bench<U>,
    verilated: Verilated,
    model: Option<Box<dyn Model>>,
}

/// Cycle, port, and what stood there.
type Found = (usize, String, String);

impl<U: Block> Lockstep<U> {
    /// Runs `cycles` rows of `inputs` on both engines and the model; the first difference, shrunk, is the error. Gives
    /// how much the model has judged.
    pub fn run(&self, cycles: usize, mut inputs: impl FnMut() -> Vec<u128>) -> Result<u64, LockstepError> {
        let mut run = self.start()?;
        let mut all = vec![];
        let mut done = 0;
        while done < cycles {
            let rows: Vec<Vec<u128>> = (0..CHUNK.min(cycles - done)).map(|_| inputs()).collect();
            all.extend(rows.iter().cloned());
            if let Some((cycle, ..)) = self.compare(&mut run, &rows)? {
                all.truncate(done + cycle + 1);
                return Err(LockstepError::Differ(Box::new(self.shrink(all)?)));
            }
            done += rows.len();
        }
        Ok(run.model.map_or(0, |m| m.judged()))
    }

    fn start(&self) -> Result<Run<U>, ToolError> {
        let bench = (self.bench)();
        let verilated = Verilated::of(bench.uut.as_ref(), self.name)?;
        Ok(Run { bench, verilated, model: self.model.map(|make| make()) })
    }

    /// The first difference in these rows.
    fn compare(&self, run: &mut Run<U>, rows: &[Vec<u128>]) -> Result<Option<Found>, ToolError> {
        let said = run.verilated.replay(rows).map_err(|e| ToolError::Io("the verilated design".into(), e))?;
        for (cycle, (row, verilog)) in rows.iter().zip(said).enumerate() {
            let rusthdl = run.bench.cycle(|u| (self.drive)(u, row), self.look);
            if rusthdl != verilog.0 {
                let outputs = run.verilated.ports.iter().filter(|p| !p.is_input);
                let values = rusthdl.iter().zip(&verilog.0).zip(outputs);
                let first = values.into_iter().find(|((a, b), _)| a != b);
                let ((a, b), port) = first
                    .ok_or_else(|| ToolError::Finding(format!("{}: `look` does not give every output", self.name)))?;
                return Ok(Some((cycle, port.name.clone(), format!("RustHDL {a:x}, Verilog {b:x}"))));
            }
            if let Some(model) = &mut run.model
                && let Err(what) = model.cycle(row, &rusthdl)
            {
                return Ok(Some((cycle, "model".into(), what)));
            }
        }
        Ok(None)
    }

    /// Removes blocks of rows as long as a difference stays.
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
        let (cycle, port, what) = best
            .ok_or_else(|| ToolError::Finding("a difference that does not come back: state outlives a run".into()))?;
        Ok(Difference { cycle, port, what, inputs: rows })
    }
}

/// Widths of the inputs of a block, in port order.
pub fn input_widths<U: Block>(uut: &U) -> Vec<usize> {
    Trace::new(ports(uut)).ports.iter().filter(|p| p.is_input).map(|p| p.width).collect()
}
