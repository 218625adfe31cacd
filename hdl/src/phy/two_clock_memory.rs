//! A block memory written in one clock domain and read in another.
//!
//! ```text
//!                  +--TwoClockMemory--+
//!  write_clock ----|                  |---- read_clock
//!  write_address --|                  |---- read_address
//!  write_data -----|                  |---- read_data
//!  write_enable ---|                  |
//!                  +------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | 1 cycle of `read_clock`, `read_address` to `read_data` |
//! | collision| undefined on the device: pointers must keep both sides apart |
//! | after power-on | `read_data` is unknown until the first edge of `read_clock` |

use crate::word::W;
use rust_hdl::prelude::*;

/// `2^A` words of `D` bits, all zero after power-on.
#[derive(LogicBlock)]
pub struct TwoClockMemory<const D: usize, const A: usize> {
    pub write_clock: Signal<In, Clock>,
    pub write_address: Signal<In, W<A>>,
    pub write_data: Signal<In, W<D>>,
    pub write_enable: Signal<In, Bit>,
    pub read_clock: Signal<In, Clock>,
    pub read_address: Signal<In, W<A>>,
    pub read_data: Signal<Out, W<D>>,
    _words: Vec<W<D>>,
}

impl<const D: usize, const A: usize> Default for TwoClockMemory<D, A> {
    fn default() -> Self {
        Self {
            write_clock: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            write_enable: Default::default(),
            read_clock: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            _words: vec![W::new(0); 1 << A],
        }
    }
}

impl<const D: usize, const A: usize> Logic for TwoClockMemory<D, A> {
    fn update(&mut self) {
        if self.read_clock.pos_edge() {
            self.read_data.next = self._words[self.read_address.val().index()];
        }
        if self.write_clock.pos_edge() && self.write_enable.val() {
            self._words[self.write_address.val().index()] = self.write_data.val();
        }
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "(* no_rw_check *) reg [{}:0] words [0:{last}];\ninteger i;\ninitial begin\n   for (i = 0; i <= {last}; i = i + 1) words[i] = 0;\nend\nalways @(posedge write_clock) if (write_enable) words[write_address] <= write_data;\nalways @(posedge read_clock) read_data <= words[read_address];\n",
            D - 1,
            last = (1usize << A) - 1
        ))
    }
}
