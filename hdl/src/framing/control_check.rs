//! Whether a control word may be believed, in gates of their own for lock and fields.
//!
//! ```text
//!         +-----ControlCheck-----+
//! Bit  -- | fixed_idle good_idle | -- Bit   to the lock
//! Bit  -- | fixed_end  good_end  | -- Bit
//! Bit  -- | wrong                |
//! Bit  -- | single    has_fields | -- Bit   good_idle again, to the registers of its fields
//! Bit  -- | below_l2             |
//!         +----------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, one LUT4 |
//! | good     | all fixed bits right, and no wrong bit in the slot; at L2 and above one wrong bit is as good as none |

use crate::target::Target;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// One gate for each output.
pub struct ControlCheck {
    pub fixed_idle: Signal<In, Bit>,
    pub fixed_end: Signal<In, Bit>,
    pub wrong: Signal<In, Bit>,
    pub single: Signal<In, Bit>,
    pub below_l2: Signal<In, Bit>,
    pub good_idle: Signal<Out, Bit>,
    pub good_end: Signal<Out, Bit>,
    pub has_fields: Signal<Out, Bit>,
    _target: Target,
}

crate::leaf!(ControlCheck: fixed_idle, fixed_end, wrong, single, below_l2 => good_idle, good_end, has_fields);

impl ControlCheck {
    pub fn new(target: Target) -> Self {
        Self {
            fixed_idle: Default::default(),
            fixed_end: Default::default(),
            wrong: Default::default(),
            single: Default::default(),
            below_l2: Default::default(),
            good_idle: Default::default(),
            good_end: Default::default(),
            has_fields: Default::default(),
            _target: target,
        }
    }
}

/// Flags of a slot whose bits can be believed.
fn is_sound(wrong: bool, single: bool, below_l2: bool) -> bool {
    if single { !below_l2 } else { !wrong }
}

impl Logic for ControlCheck {
    fn update(&mut self) {
        let is_sound = is_sound(self.wrong.val(), self.single.val(), self.below_l2.val());
        self.good_idle.next = self.fixed_idle.val() && is_sound;
        self.good_end.next = self.fixed_end.val() && is_sound;
        self.has_fields.next = self.fixed_idle.val() && is_sound;
    }
    fn connect(&mut self) {
        self.good_idle.connect();
        self.good_end.connect();
        self.has_fields.connect();
    }
    fn hdl(&self) -> Verilog {
        let (mut v, mut body) = (String::new(), String::new());
        for (output, fixed) in [("good_idle", "fixed_idle"), ("good_end", "fixed_end"), ("has_fields", "fixed_idle")] {
            let good = |b: &[bool]| b[0] && is_sound(b[1], b[2], b[3]);
            self._target.lut(&format!("c_{output}"), &[fixed, "wrong", "single", "below_l2"], good, &mut v);
            writeln!(body, "   {output} = c_{output};").unwrap();
        }
        Verilog::Custom(format!("{v}always @(*) begin\n{body}end\n"))
    }
}
