//! One block memory: a write port, a registered read port, old data on a collision.
//!
//! ```text
//!            +----Memory----+
//!  W<A> -----| write_address|
//!  W<D> -----| write_data   |
//!  Bit ------| write_enable |
//!  W<A> -----| read_address |      read_data --- W<D>
//!            +--------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | latency       | 1 cycle, `read_address` to `read_data` |
//! | collision     | the read gives the old word in simulation; on the device it is undefined, so never look at it |
//! | after power-on| as constructed |
//!
//! `no_rw_check` keeps the synthesis tool from adding emulation logic around the device's own memory.

use crate::activity;
use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// `2^A` words of `D` bits.
pub struct Memory<const D: usize, const A: usize> {
    pub clock: Signal<In, Clock>,
    pub write_address: Signal<In, W<A>>,
    pub write_data: Signal<In, W<D>>,
    pub write_enable: Signal<In, Bit>,
    pub read_address: Signal<In, W<A>>,
    pub read_data: Signal<Out, W<D>>,
    _words: Vec<W<D>>,
    _initial: Vec<u64>,
}

crate::leaf!(any [const D: usize, const A: usize] Memory<D, A>: clock, write_address, write_data, write_enable, read_address => read_data; write_address, write_data, write_enable);

impl<const D: usize, const A: usize> Default for Memory<D, A> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<const D: usize, const A: usize> Memory<D, A> {
    /// With the first words preset, the others zero.
    pub fn new(initial: &[u64]) -> Self {
        assert!(initial.len() <= 1 << A);
        let mut words = vec![W::new(0); 1 << A];
        for (word, value) in words.iter_mut().zip(initial) {
            *word = W::new(*value);
        }
        Self {
            clock: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            write_enable: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            _words: words,
            _initial: initial.to_vec(),
        }
    }
}

impl<const D: usize, const A: usize> Logic for Memory<D, A> {
    fn update(&mut self) {
        if activity::ticks(&self.clock) {
            let read = self._words[self.read_address.val().index()];
            if read != self.read_data.val() {
                self.read_data.next = read;
                activity::note();
            }
            let place = self.write_address.val().index();
            if self.write_enable.val() && self._words[place] != self.write_data.val() {
                self._words[place] = self.write_data.val();
                activity::note();
            }
        }
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut initial = String::new();
        for (i, value) in self._initial.iter().enumerate().filter(|(_, v)| **v != 0) {
            writeln!(initial, "   words[{i}] = {D}'h{value:x};").unwrap();
        }
        Verilog::Custom(format!(
            "(* no_rw_check *) reg [{}:0] words [0:{}];\ninteger i;\ninitial begin\n   for (i = 0; i < {}; i = i + 1) words[i] = 0;\n{initial}end\n`ifndef SYNTHESIS\ninitial read_data = 0; // an initial value of the read port would cost synthesis a register and a multiplexer\n`endif\nalways @(posedge clock) begin\n   if (write_enable) words[write_address] <= write_data;\n   read_data <= words[read_address];\nend\n",
            D - 1,
            (1usize << A) - 1,
            1usize << A
        ))
    }
}
