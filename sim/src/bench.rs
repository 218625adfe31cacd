//! The only owner of a clock: drives a block, looks just before the rising edge, clocks.
//!
//! A cycle is: set inputs, settle, look (and record), rising edge, settle. The falling edge is merged with the next
//! cycle's inputs, so that a cycle costs two settlings.

use crate::trace::{Trace, ports, values};
use firstlight_hdl::activity::tick_on_both_edges;
use rust_hdl::prelude::*;

/// Passes after which a design that has not settled has a combinational loop.
const SETTLE_PASSES: usize = 200;

/// Where a block has its clock.
type ClockOf<U> = fn(&mut U) -> &mut Signal<In, Clock>;

/// A block with its clock.
pub struct Bench<U: Block> {
    /// The block; set inputs and read outputs inside [`Bench::cycle`].
    pub uut: Box<U>,
    /// None: the block is combinational.
    clock: Option<ClockOf<U>>,
    cycles: u64,
    passes: u64,
    trace: Option<Trace>,
    both_edges: bool,
}

impl<U: Block> Bench<U> {
    /// Connects and checks the block. Panics on an unconnected or looping design: a fault of the design, not of input.
    pub fn new(uut: U, clock: ClockOf<U>) -> Self {
        Self::with(uut, Some(clock))
    }

    /// The same for a block without a clock.
    pub fn combinational(uut: U) -> Self {
        Self::with(uut, None)
    }

    fn with(uut: U, clock: Option<ClockOf<U>>) -> Self {
        let mut uut = Box::new(uut);
        uut.connect_all();
        if let Err(fault) = check_all(uut.as_ref()) {
            panic!("the design does not pass check_all: {fault:?}");
        }
        let mut bench = Bench { uut, clock, cycles: 0, passes: 0, trace: None, both_edges: false };
        bench.settle();
        bench
    }

    /// Lets both edges of the clock tick, which settles once a cycle instead of twice. For designs of one clock whose
    /// leaves all take their ticks from [`firstlight_hdl::activity`]; the design itself is not such a leaf.
    pub fn ticking_on_both_edges(mut self) -> Self {
        self.both_edges = true;
        self
    }

    /// Records every port from now on.
    pub fn recording(mut self) -> Self {
        self.start_recording();
        self
    }

    /// Records every port from now on, anew.
    pub fn start_recording(&mut self) {
        self.trace = Some(Trace::new(ports(self.uut.as_ref())));
    }

    /// What was recorded, and stops recording.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.trace.take()
    }

    /// One cycle: `drive` sets inputs, `look` reads settled outputs just before the rising edge.
    pub fn cycle<T>(&mut self, drive: impl FnOnce(&mut U), look: impl FnOnce(&U) -> T) -> T {
        self.lower_clock();
        drive(&mut self.uut);
        self.settle();
        let seen = look(&self.uut);
        self.edge();
        seen
    }

    /// `n` cycles with the inputs as they are.
    pub fn run(&mut self, n: u64) {
        for _ in 0..n {
            if !self.both_edges {
                self.lower_clock();
                self.settle();
            }
            self.edge();
        }
    }

    /// The falling edge is the first half of a cycle, unless it ticks itself.
    fn lower_clock(&mut self) {
        if let Some(clock) = self.clock
            && !self.both_edges
        {
            clock(&mut self.uut).next = false.into();
        }
    }

    /// The edge that ticks, after which everything has settled.
    fn edge(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.push(values(self.uut.as_ref()));
        }
        if let Some(clock) = self.clock {
            let clock = clock(&mut self.uut);
            clock.next = (!clock.val().clk).into();
            if self.both_edges {
                // nothing else moves with it: the first pass may already see it
                clock.update_all();
            }
            tick_on_both_edges(self.both_edges);
            self.settle();
            tick_on_both_edges(false);
        }
        self.cycles += 1;
    }

    /// Cycles until `look` is true before a rising edge; `Err(limit)` when it never was.
    pub fn until(&mut self, limit: u64, mut look: impl FnMut(&U) -> bool) -> Result<u64, u64> {
        for n in 0..limit {
            if self.cycle(|_| {}, &mut look) {
                return Ok(n);
            }
        }
        Err(limit)
    }

    /// Cycles since the start.
    pub fn cycles(&self) -> u64 {
        self.cycles
    }

    /// Passes over the design since the start: what a simulation costs, on any machine.
    pub fn passes(&self) -> u64 {
        self.passes
    }

    /// What was recorded; panics when nothing was asked to be.
    pub fn trace(&self) -> &Trace {
        self.trace.as_ref().expect("call recording() first")
    }

    fn settle(&mut self) {
        for _ in 0..SETTLE_PASSES {
            self.uut.update_all();
            self.passes += 1;
            if !self.uut.has_changed() {
                return;
            }
        }
        panic!("cycle {}: the design does not settle", self.cycles);
    }
}
