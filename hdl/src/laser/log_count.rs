//! Counts cycles in PairGap's logarithmic code: the time itself below 32, then 32 steps an octave.
//!
//! ```text
//!            +---LogCount---+
//!  Bit ------| restart      |
//!  W<14> ----| cycles       |--- code W<9>
//!            +--------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | `code`   | that of the cycles since `restart`; it stops at 511 |
//! | `cycles` | complement of the low bits of the same count plus [`AHEAD`], from a counter under the same `restart` |
//!
//! The code rises with every cycle up to 63, then whenever the count's low bits, one more each octave, roll over: when
//! the highest of them falls. That bit passes two registers before it is believed, so the count runs ahead.

use crate::prelude::*;
use crate::word::W;

/// What `cycles` counts when the code is zero.
pub const AHEAD: u64 = 2;

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LogState {
    code: W<9>,
    /// Complement of the bit of the count that must fall next, and before.
    bit: Bit,
    bit_before: Bit,
    full: Bit,
}

#[derive(LogicBlock, Default)]
pub struct LogCount {
    pub clock: Signal<In, Clock>,
    pub restart: Signal<In, Bit>,
    pub cycles: Signal<In, W<14>>,
    pub code: Signal<Out, W<9>>,
    state: DFF<LogState>,
    code_now: Signal<Local, W<9>>,
    code_more: Signal<Local, W<9>>,
    octave: Signal<Local, W<4>>,
    octave_pair: Signal<Local, W<3>>,
    bits: [Signal<Local, Bit>; 4],
    rises: Signal<Local, Bit>,
    change: Signal<Local, W<9>>,
}

impl Logic for LogCount {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        self.code_now.next = self.state.q.val().code;
        self.code_more.next = self.code_now.val() + 1;
        self.octave.next = self.code_now.val().get_bits::<4>(5);
        self.octave_pair.next = self.code_now.val().get_bits::<3>(6);

        // bit `octave - 2` of the count, bit 0 up to octave 2
        for i in 0..4 {
            self.bits[i].next = false;
        }
        if self.octave.val().get_bit(1) {
            if self.octave.val().get_bit(0) {
                self.bits[0].next = self.cycles.val().get_bit(1);
                self.bits[1].next = self.cycles.val().get_bit(5);
                self.bits[2].next = self.cycles.val().get_bit(9);
                self.bits[3].next = self.cycles.val().get_bit(13);
            } else {
                self.bits[0].next = self.cycles.val().get_bit(0);
                self.bits[1].next = self.cycles.val().get_bit(4);
                self.bits[2].next = self.cycles.val().get_bit(8);
                self.bits[3].next = self.cycles.val().get_bit(12);
            }
        } else {
            self.bits[0].next = self.cycles.val().get_bit(0);
            if self.octave.val().get_bit(0) {
                self.bits[1].next = self.cycles.val().get_bit(3);
                self.bits[2].next = self.cycles.val().get_bit(7);
                self.bits[3].next = self.cycles.val().get_bit(11);
            } else {
                self.bits[1].next = self.cycles.val().get_bit(2);
                self.bits[2].next = self.cycles.val().get_bit(6);
                self.bits[3].next = self.cycles.val().get_bit(10);
            }
        }
        if self.octave.val().get_bit(3) {
            self.state.d.next.bit = self.bits[2].val();
            if self.octave.val().get_bit(2) {
                self.state.d.next.bit = self.bits[3].val();
            }
        } else {
            self.state.d.next.bit = self.bits[0].val();
            if self.octave.val().get_bit(2) {
                self.state.d.next.bit = self.bits[1].val();
            }
        }
        self.state.d.next.bit_before = self.state.q.val().bit;

        self.rises.next = !self.state.q.val().full
            & (!self.octave_pair.val().any() | (self.state.q.val().bit & !self.state.q.val().bit_before));
        // in gates: an `if` becomes a clock enable with two LUT4 in front
        self.change.next = 0.into();
        if self.rises.val() {
            self.change.next = self.code_now.val() ^ self.code_more.val();
        }
        self.state.d.next.code = self.code_now.val() ^ self.change.val();
        self.state.d.next.full = self.code_now.val().all();
        if self.restart.val() {
            self.state.d.next.code = 0.into();
            self.state.d.next.full = false;
        }
        self.code.next = self.code_now.val();
    }
}
