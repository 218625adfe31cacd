//! Makes a client's `m_axis_tready` count: a beat that is not taken spoils its frame's verdict.
//!
//! ```text
//!           +----Overrun----+
//!  Bit  --> | valid, first  |
//!  Bit  --> | ready         |
//!  Bit  --> | done     good | --> Bit   `good_in`, and every beat was taken
//!  Bit  --> | good_in  lost | --> Bit   strobe: a beat was not taken
//!           +---------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | beats do not pass through; `done` to `good`: none |
//! | holds    | one flag for each of the last 8 frames; verdicts come in the order of the frames |

use crate::prelude::*;
use crate::word::W;

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct State {
    /// One flag a frame; the frame that arrives next, the frame that is judged next.
    overrun: W<8>,
    arriving: W<3>,
    judged: W<3>,
    lost: Bit,
}

/// Beside `m_axis` of a link.
#[derive(LogicBlock, Default)]
pub struct Overrun {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    /// `m_axis_tvalid`, bit 1 of `m_axis_tuser`, the client's `m_axis_tready`.
    pub valid: Signal<In, Bit>,
    pub first: Signal<In, Bit>,
    pub ready: Signal<In, Bit>,
    /// `frame_done`, `frame_good`.
    pub done: Signal<In, Bit>,
    pub good_in: Signal<In, Bit>,
    pub good: Signal<Out, Bit>,
    pub lost: Signal<Out, Bit>,
    state: DFF<State>,
    flags: Signal<Local, W<8>>,
    frame: Signal<Local, W<3>>,
    fresh: Signal<Local, Bit>,
    missed: Signal<Local, Bit>,
    flag: Signal<Local, Bit>,
    judged: Signal<Local, W<3>>,
}

impl Logic for Overrun {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        self.flags.next = self.state.q.val().overrun;
        self.judged.next = self.state.q.val().judged;
        // a first beat starts the next frame's flag
        self.fresh.next = self.valid.val() & self.first.val();
        self.missed.next = self.valid.val() & !self.ready.val();
        self.frame.next = self.state.q.val().arriving - 1;
        if self.fresh.val() {
            self.frame.next = self.state.q.val().arriving;
            self.state.d.next.arriving = self.state.q.val().arriving + 1;
        }
        self.flag.next = self.missed.val() | (self.flags.val().get_bit(self.frame.val().index()) & !self.fresh.val());
        self.state.d.next.overrun = self.flags.val().replace_bit(self.frame.val().index(), self.flag.val());
        self.state.d.next.lost = self.missed.val();
        self.lost.next = self.state.q.val().lost;
        self.good.next = self.good_in.val() & !self.flags.val().get_bit(self.judged.val().index());
        if self.done.val() {
            self.state.d.next.judged = self.state.q.val().judged + 1;
        }
        if self.reset.val() {
            self.state.d.next.overrun = 0.into();
            self.state.d.next.arriving = 0.into();
            self.state.d.next.judged = 0.into();
        }
    }
}
