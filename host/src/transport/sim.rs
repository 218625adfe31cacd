//! `sim:`: the simulated board in this process, joined at its register bus.
use firstlight_sim::board::{Board, BoardError};

use super::{Step, Transport, Waves};
use crate::{Error, Result, interrupt};

/// Cycles between two looks at Ctrl-C.
const SLICE_CYCLES: u64 = 5_000;
/// Most cycles that are recorded: more in one picture helps nobody.
pub const RECORDED_CYCLES: u64 = 20_000;

/// Scope of the recorded signals.
const WAVE_TOP: &str = "firstlight";

/// A board of the simulator.
pub struct Simulated {
    board: Box<dyn Board>,
}

impl Simulated {
    /// Joins any simulated board.
    pub fn over(board: Box<dyn Board>) -> Self {
        Simulated { board }
    }
}

/// `sim:`.
pub fn open() -> Result<Simulated> {
    board().map(Simulated::over)
}

/// `sim:verilator`: the emitted Verilog, compiled on first use.
pub fn open_verilated() -> Result<Simulated> {
    let board = firstlight_sim::core_board::verilated().map_err(|e| {
        Error::no_board(
            format!("sim:verilator does not start: {e}"),
            "verilator, make and a C++ compiler (Debian: apt install verilator g++ make)",
            "install them, or use --port sim:",
        )
    })?;
    Ok(Simulated::over(Box::new(board)))
}

/// The board that `sim:` names.
pub fn board() -> Result<Box<dyn Board>> {
    Ok(Box::new(firstlight_sim::core_board::looped()))
}

/// An engine that stopped.
pub fn fault(error: BoardError) -> Error {
    Error::no_board(
        error.to_string(),
        "a simulated board that answers",
        "this is a fault of Firstlight: report it with the command line",
    )
}

impl Transport for Simulated {
    fn read(&mut self, word: u32, count: usize, step: Step) -> Result<Vec<u32>> {
        (0..count as u32).map(|n| self.board.read(address(word, n, step)).map_err(fault)).collect()
    }
    fn write(&mut self, word: u32, data: &[u32], step: Step) -> Result<()> {
        let mut places = (0..).map(|n| address(word, n, step)).zip(data);
        places.try_for_each(|(at, value)| self.board.write(at, *value).map_err(fault))
    }
    fn wait(&mut self, cycles: u64) -> Result<()> {
        let mut left = cycles;
        while left > 0 {
            interrupt::check()?;
            let slice = left.min(SLICE_CYCLES);
            self.board.run(slice).map_err(fault)?;
            left -= slice;
        }
        Ok(())
    }
    fn engine(&self) -> String {
        self.board.engine()
    }
    fn record(&mut self) -> Result<()> {
        self.board.record(RECORDED_CYCLES).map_err(fault)
    }
    fn recorded(&mut self, vcd_name: &str, cycle_ps: u64) -> Result<Option<Waves>> {
        let Some(trace) = self.board.take_trace() else { return Ok(None) };
        let mut vcd = Vec::new();
        trace.write_vcd(&mut vcd, WAVE_TOP, cycle_ps)?;
        Ok(Some(Waves { vcd, gtkw: trace.gtkw(vcd_name, WAVE_TOP), cycles: trace.rows.len() }))
    }
}

fn address(word: u32, n: u32, step: Step) -> u32 {
    match step {
        Step::Incrementing => word + n,
        Step::Fixed => word,
    }
}
