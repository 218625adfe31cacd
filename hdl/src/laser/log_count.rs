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
//! | `cycles` | complement of the low bits of the same count, from a plain counter under the same `restart` |
//!
//! The code rises whenever the count's low bits, one more each octave, roll over; this is seen a cycle ahead.

use crate::prelude::*;
use crate::word::W;

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LogState {
    code: W<9>,
    /// One bit for each octave above 63.
    octaves: W<14>,
    /// Complement of "the code rises now": set at power-on would need an initial value.
    waits: Bit,
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
    high: Signal<Local, W<4>>,
    low: Signal<Local, W<5>>,
    octaves: Signal<Local, W<14>>,
    octaves_more: Signal<Local, W<14>>,
    above: Signal<Local, W<14>>,
    low_cycles: Signal<Local, W<14>>,
    rises: Signal<Local, Bit>,
    last_below: Signal<Local, Bit>,
}

impl Logic for LogCount {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        self.code_now.next = self.state.q.val().code;
        self.code_more.next = self.code_now.val() + 1;
        self.high.next = self.code_now.val().get_bits::<4>(5);
        self.low.next = self.code_now.val().get_bits::<5>(0);
        self.octaves.next = self.state.q.val().octaves;
        self.octaves_more.next = self.octaves.val() << 1;
        self.rises.next = !self.state.q.val().waits & !self.state.q.val().full;
        if self.rises.val() {
            self.state.d.next.code = self.code_more.val();
            if self.low.val().all() & self.high.val().any() {
                self.state.d.next.octaves = self.octaves_more.val().replace_bit(0, true);
            }
        }
        self.state.d.next.full = self.code_now.val().all();
        // one cycle before the low bits are all ones: all but the lowest are, and it is not
        self.low_cycles.next = self.cycles.val() & self.octaves.val();
        self.above.next = self.low_cycles.val() >> 1;
        self.last_below.next = (self.high.val() == 1) & self.low.val().all();
        if self.octaves.val().get_bit(0) {
            self.state.d.next.waits = self.above.val().any() | !self.cycles.val().get_bit(0);
        } else {
            self.state.d.next.waits = self.last_below.val();
        }
        if self.restart.val() {
            self.state.d.next.code = 0.into();
            self.state.d.next.octaves = 0.into();
            self.state.d.next.waits = false;
            self.state.d.next.full = false;
        }
        self.code.next = self.code_now.val();
    }
}
