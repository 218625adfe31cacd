//! The whole core, verilated, as a board: the same registers and the same cycles as the RustHDL one.

use super::{Sample, Verilated};
use crate::bench::Bench;
use crate::board::{Board, BoardError};
use crate::tools::ToolError;
use crate::trace::Trace;
use crate::wishbone_board::ACK_LIMIT_CYCLES;
use rust_hdl::prelude::Block;
use std::io;

/// Cycles of one exchange while recording.
const RECORD_CHUNK: u64 = 4096;

/// A verilated design with a Wishbone slave under the names `wb_*`.
pub struct VerilatedBoard {
    design: Verilated,
    /// Present values of the inputs, in port order.
    inputs: Vec<u128>,
    cyc: usize,
    stb: usize,
    we: usize,
    adr: usize,
    dat_w: usize,
    ack: usize,
    dat_r: usize,
    clock: String,
    cycles: u64,
    to_record: u64,
    recorded: Option<Trace>,
}

impl VerilatedBoard {
    /// Compiles the block, or finds it compiled.
    pub fn of<B: Block>(bench: &Bench<B>, name: &str) -> Result<Self, ToolError> {
        let design = Verilated::of(bench.uut.as_ref(), name)?;
        let clock = Trace::new(crate::trace::ports(bench.uut.as_ref())).clock;
        let input = |name: &str| design.ports[..design.port(name)].iter().filter(|p| p.is_input).count();
        let (cyc, stb, we) = (input("wb_cyc"), input("wb_stb"), input("wb_we"));
        let (adr, dat_w) = (input("wb_adr"), input("wb_dat_w"));
        let (ack, dat_r) = (design.port("wb_ack"), design.output("wb_dat_r"));
        let inputs = vec![0; design.ports.iter().filter(|p| p.is_input).count()];
        let mut board = VerilatedBoard {
            design,
            inputs,
            cyc,
            stb,
            we,
            adr,
            dat_w,
            ack,
            dat_r,
            clock,
            cycles: 0,
            to_record: 0,
            recorded: None,
        };
        board.drive().map_err(|e| ToolError::Io("the verilated core".into(), e))?;
        Ok(board)
    }

    /// Puts all inputs on the ports.
    fn drive(&mut self) -> io::Result<()> {
        let ports = self.design.ports.iter().enumerate().filter(|(_, p)| p.is_input).map(|(i, _)| i);
        let ports: Vec<usize> = ports.collect();
        ports.into_iter().zip(self.inputs.clone()).try_for_each(|(port, value)| self.design.set(port, value))
    }

    fn request(&mut self, word: u32, data: Option<u32>, is_on: bool) -> io::Result<()> {
        self.inputs[self.cyc] = is_on as u128;
        self.inputs[self.stb] = is_on as u128;
        self.inputs[self.we] = (is_on && data.is_some()) as u128;
        self.inputs[self.adr] = if is_on { word as u128 } else { 0 };
        self.inputs[self.dat_w] = if is_on { data.unwrap_or(0) as u128 } else { 0 };
        self.drive()
    }

    /// Cycles with the inputs as they are; the outputs of the last.
    fn cycles_recorded(&mut self, count: u64) -> io::Result<Option<Sample>> {
        let rows = vec![self.inputs.clone(); count as usize];
        let samples = self.design.replay(&rows)?;
        self.cycles += count;
        if let Some(trace) = &mut self.recorded {
            for sample in samples.iter().take(self.to_record as usize) {
                let (mut inputs, mut outputs) = (self.inputs.iter(), sample.0.iter());
                let ports = self.design.ports.iter();
                let row = ports.map(|p| *if p.is_input { inputs.next() } else { outputs.next() }.unwrap_or(&0));
                trace.push(row.collect());
            }
        }
        self.to_record = self.to_record.saturating_sub(count);
        Ok(samples.into_iter().next_back())
    }

    fn acknowledged(&mut self) -> io::Result<Option<Sample>> {
        if self.to_record == 0 {
            let found = self.design.until(self.ack, ACK_LIMIT_CYCLES)?;
            self.cycles += found.as_ref().map_or(ACK_LIMIT_CYCLES, |(n, _)| n + 1);
            return Ok(found.map(|(_, sample)| sample));
        }
        let ack = self.design.ports[..self.ack].iter().filter(|p| !p.is_input).count();
        for _ in 0..ACK_LIMIT_CYCLES {
            if let Some(sample) = self.cycles_recorded(1)?.filter(|s| s.0[ack] != 0) {
                return Ok(Some(sample));
            }
        }
        Ok(None)
    }

    fn transfer(&mut self, word: u32, data: Option<u32>) -> Result<u32, BoardError> {
        self.request(word, data, true).map_err(stopped)?;
        let found = self.acknowledged().map_err(stopped)?;
        // the strobe falls between two transfers
        self.request(word, data, false).map_err(stopped)?;
        self.run(1)?;
        let sample = found.ok_or(BoardError::NoAcknowledge { word, cycles: ACK_LIMIT_CYCLES })?;
        Ok(sample.0[self.dat_r] as u32)
    }
}

fn stopped(e: io::Error) -> BoardError {
    BoardError::Engine(format!("the verilated core: {e}"))
}

impl Board for VerilatedBoard {
    fn engine(&self) -> String {
        self.design.version.clone()
    }
    fn read(&mut self, word: u32) -> Result<u32, BoardError> {
        self.transfer(word, None)
    }
    fn write(&mut self, word: u32, value: u32) -> Result<(), BoardError> {
        self.transfer(word, Some(value)).map(|_| ())
    }
    fn run(&mut self, cycles: u64) -> Result<(), BoardError> {
        let mut left = cycles;
        while left > 0 && self.to_record > 0 {
            let count = left.min(self.to_record).min(RECORD_CHUNK);
            self.cycles_recorded(count).map_err(stopped)?;
            left -= count;
        }
        self.cycles += left;
        self.design.run(left).map_err(stopped)
    }
    fn cycles(&self) -> u64 {
        self.cycles
    }
    fn record(&mut self, cycles: u64) -> Result<(), BoardError> {
        let mut trace = Trace::new(self.design.ports.clone());
        trace.clock.clone_from(&self.clock);
        self.recorded = Some(trace);
        self.to_record = cycles;
        Ok(())
    }
    fn take_trace(&mut self) -> Option<Trace> {
        self.to_record = 0;
        self.recorded.take()
    }
}
