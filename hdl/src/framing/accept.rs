//! Whether the transmitter takes the client's word now, in gates of their own for the heavy loads.
//!
//! ```text
//!         +-----Accept-----+
//! Bit  -- | valid     data | -- Bit   selects the word
//! Bit  -- | take           |
//! Bit  -- | in_frame check | -- Bit   the same, selects type and check bits
//! Bit  -- | hold           |
//!         +----------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, one LUT4 |
//!
//! A mapper that sees only the cells behind it would put these conditions together from shared gates, a level deeper.

use crate::target::Target;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// The same bit twice.
pub struct Accept {
    pub valid: Signal<In, Bit>,
    pub take: Signal<In, Bit>,
    pub in_frame: Signal<In, Bit>,
    pub hold: Signal<In, Bit>,
    pub data: Signal<Out, Bit>,
    pub check: Signal<Out, Bit>,
    _target: Target,
}

crate::leaf!(Accept: valid, take, in_frame, hold => data, check);

impl Accept {
    pub fn new(target: Target) -> Self {
        Self {
            valid: Default::default(),
            take: Default::default(),
            in_frame: Default::default(),
            hold: Default::default(),
            data: Default::default(),
            check: Default::default(),
            _target: target,
        }
    }
}

impl Logic for Accept {
    fn update(&mut self) {
        let accepts = self.valid.val() & self.take.val() & (self.in_frame.val() | !self.hold.val());
        self.data.next = accepts;
        self.check.next = accepts;
    }
    fn connect(&mut self) {
        self.data.connect();
        self.check.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut v, mut body) = (String::new(), String::new());
        for output in ["data", "check"] {
            let accepts = |b: &[bool]| b[0] && b[1] && (b[2] || !b[3]);
            self._target.lut(&format!("a_{output}"), &["valid", "take", "in_frame", "hold"], accepts, &mut v);
            writeln!(body, "   {output} = a_{output};").unwrap();
        }
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}
