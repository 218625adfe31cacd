//! One bit of a word at a time, for the register bus.
//!
//! ```text
//!            +--Picker<N>--+
//!  W<N> -----| word        |
//!  W<5> -----| step    out |--- Bit
//!            +-------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | 2 cycles, `word` and `step` to `out` |
//! | `step`   | number of the bit; those from `N` on are zero |
//! | a word that changes meanwhile | each bit is that of its own cycle |

use crate::activity;
use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// A multiplexer of two registered levels.
#[derive(Default)]
pub struct Picker<const N: usize> {
    pub clock: Signal<In, Clock>,
    pub word: Signal<In, W<N>>,
    pub step: Signal<In, W<5>>,
    pub out: Signal<Out, Bit>,
    _given: bool,
}

crate::leaf!(any [const N: usize] Picker<N>: clock, word, step => out);

impl<const N: usize> Logic for Picker<N> {
    fn update(&mut self) {
        if !activity::ticks(&self.clock) {
            return;
        }
        let given = self.word.val().get() >> self.step.val().get() & 1 != 0;
        if given != self._given || self._given != self.out.val() {
            activity::note();
        }
        self.out.next = self._given;
        self._given = given;
    }
    fn connect(&mut self) {
        self.out.connect();
    }
    fn hdl(&self) -> Verilog {
        let groups = N.div_ceil(4);
        let mut text = String::new();
        writeln!(text, "reg [7:0] group;\nreg [2:0] chosen;\nreg given;").unwrap();
        writeln!(text, "wire [31:0] padded = word;\ninteger i;").unwrap();
        text += "initial begin\n   group = 0;\n   chosen = 0;\n   given = 0;\nend\nalways @(posedge clock) begin\n";
        writeln!(text, "   for (i = 0; i < {groups}; i = i + 1) group[i] <= padded[{{i[2:0], step[1:0]}}];").unwrap();
        text += "   chosen <= step[4:2];\n   given <= group[chosen];\nend\nalways @(*) out = given;\n";
        Verilog::Custom(text)
    }
}
