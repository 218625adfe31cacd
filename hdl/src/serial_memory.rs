//! Block memory that is written in words and read bit by bit.
//!
//! ```text
//!            +-SerialMemory-+
//!  W<A> -----| write_address|
//!  W<D> -----| write_data   |
//!  Bit ------| write_enable |
//!  W<A> -----| read_address |
//!  W<5> -----| step     out |--- Bit
//!            +--------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | latency       | 2 cycles, `read_address` and `step` to `out` |
//! | `step`        | number of the bit; those from `D` on are zero |
//! | collision     | the read gives the old word in simulation; on the device it is undefined, so never look at it |
//! | after power-on| as constructed |
//!
//! The device's memories are written 16 bits wide and read 2 bits wide at the same time, so that no multiplexer is needed.

use crate::activity;
use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// `2^A` words of `D` bits, at most 32.
pub struct SerialMemory<const D: usize, const A: usize> {
    pub clock: Signal<In, Clock>,
    pub write_address: Signal<In, W<A>>,
    pub write_data: Signal<In, W<D>>,
    pub write_enable: Signal<In, Bit>,
    pub read_address: Signal<In, W<A>>,
    pub step: Signal<In, W<5>>,
    pub out: Signal<Out, Bit>,
    _words: Vec<u32>,
    _initial: Vec<u32>,
    /// The bit that the memory gave.
    _given: bool,
}

crate::leaf!(any [const D: usize, const A: usize] SerialMemory<D, A>: clock, write_address, write_data, write_enable, read_address, step => out);

impl<const D: usize, const A: usize> Default for SerialMemory<D, A> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<const D: usize, const A: usize> SerialMemory<D, A> {
    /// With the first words preset, the others zero.
    pub fn new(initial: &[u32]) -> Self {
        assert!(D <= 32 && initial.len() <= 1 << A);
        assert!(initial.iter().all(|word| D == 32 || word >> D == 0));
        let mut words = initial.to_vec();
        words.resize(1 << A, 0);
        Self {
            clock: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            write_enable: Default::default(),
            read_address: Default::default(),
            step: Default::default(),
            out: Default::default(),
            _words: words,
            _initial: initial.to_vec(),
            _given: false,
        }
    }
}

impl<const D: usize, const A: usize> Logic for SerialMemory<D, A> {
    fn update(&mut self) {
        if !activity::ticks(&self.clock) {
            return;
        }
        let given = self._words[self.read_address.val().index()] >> self.step.val().get() & 1 != 0;
        let place = self.write_address.val().index();
        let data = self.write_data.val().get() as u32;
        let writes = self.write_enable.val() && self._words[place] != data;
        if writes {
            self._words[place] = data;
        }
        if writes || given != self._given || self._given != self.out.val() {
            activity::note();
        }
        self.out.next = self._given;
        self._given = given;
    }
    fn connect(&mut self) {
        self.out.connect();
    }
    fn hdl(&self) -> Verilog {
        let (halves, last) = (D.div_ceil(16), (8usize << A) - 1);
        let mut text = String::new();
        for half in 0..halves {
            writeln!(
                text,
                "(* no_rw_check, ram_style = \"block\" *) reg [1:0] pairs_{half} [0:{last}];\nreg [1:0] pair_{half};\nreg given_{half};"
            )
            .unwrap();
        }
        writeln!(text, "wire [{}:0] padded = write_data;", 16 * halves - 1).unwrap();
        text += "reg [1:0] chosen;\ninteger i;\n";
        // block memories power up as zero; to say so word by word takes synthesis long
        text += "`ifndef SYNTHESIS\ninitial begin\n";
        for half in 0..halves {
            writeln!(text, "   for (i = 0; i <= {last}; i = i + 1) pairs_{half}[i] = 0;\n   pair_{half} = 0;").unwrap();
        }
        text += "end\n`endif\ninitial begin\n";
        for (row, word) in self._initial.iter().enumerate() {
            for pair in (0..16).filter(|pair| word >> (2 * pair) & 3 != 0) {
                let (half, place) = (pair / 8, 8 * row + pair % 8);
                writeln!(text, "   pairs_{half}[{place}] = {};", word >> (2 * pair) & 3).unwrap();
            }
        }
        for half in 0..halves {
            writeln!(text, "   given_{half} = 0;").unwrap();
        }
        text += "   chosen = 0;\nend\nalways @(posedge clock) begin\n   for (i = 0; i < 8; i = i + 1) if (write_enable) begin\n";
        for half in 0..halves {
            writeln!(text, "      pairs_{half}[{{write_address, i[2:0]}}] <= padded[{} + 2 * i +: 2];", 16 * half)
                .unwrap();
        }
        text += "   end\n";
        for half in 0..halves {
            writeln!(text, "   pair_{half} <= pairs_{half}[{{read_address, step[3:1]}}];").unwrap();
        }
        text += "   chosen <= {step[4], step[0]};\n";
        for half in 0..halves {
            let of_half = if half == 1 { "chosen[1]" } else { "~chosen[1]" };
            writeln!(text, "   given_{half} <= {of_half} & pair_{half}[chosen[0]];").unwrap();
        }
        writeln!(text, "end\nalways @(*) out = {};", if halves == 2 { "given_0 | given_1" } else { "given_0" })
            .unwrap();
        Verilog::Custom(text)
    }
}
