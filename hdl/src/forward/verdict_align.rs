//! Delays every beat until its frame's verdict is known: the conventional `tlast` with `tuser`.
//!
//! ```text
//!                +--VerdictAlign--+
//!  s_axis_* ---> |       m_axis_* | ---> s_axis_* five cycles ago; `m_axis_tuser`: the frame is bad
//!  Bit, Bit ---> | done, good     |
//!                +----------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | `VERDICT_CYCLES`, every beat |
//! | holds    | 5 words |
//! | back-pressure | none |
//! | `m_axis_tuser` | with `m_axis_tlast`: high unless the frame's verdict came in time and was good |
//!
//! `s_axis_*` is `m_axis_*` of a link. The verdict comes in time when IDLE and END follow the last word at once, as
//! they do from every transmitter; a line that inserts IDLEs there turns good frames into bad ones here, never the
//! other way round.

use crate::prelude::*;
use crate::word::W;
use firstlight_spec::budget::VERDICT_CYCLES;

const _: () = assert!(VERDICT_CYCLES == 5, "as many registers as below");

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Beat {
    data: W<64>,
    keep: W<8>,
    valid: Bit,
    last: Bit,
}

/// Verdicts of the last 8 frames.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Verdicts {
    known: W<8>,
    good: W<8>,
    /// The frames that arrive, are judged and leave next.
    arriving: W<3>,
    judged: W<3>,
    leaving: W<3>,
}

/// Behind `m_axis` of a link.
#[derive(LogicBlock, Default)]
pub struct VerdictAlign {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub s_axis_tdata: Signal<In, W<64>>,
    pub s_axis_tkeep: Signal<In, W<8>>,
    pub s_axis_tvalid: Signal<In, Bit>,
    pub s_axis_tlast: Signal<In, Bit>,
    /// `frame_done`, `frame_good`.
    pub done: Signal<In, Bit>,
    pub good: Signal<In, Bit>,
    pub m_axis_tdata: Signal<Out, W<64>>,
    pub m_axis_tkeep: Signal<Out, W<8>>,
    pub m_axis_tvalid: Signal<Out, Bit>,
    pub m_axis_tlast: Signal<Out, Bit>,
    pub m_axis_tuser: Signal<Out, Bit>,
    beat1: DFF<Beat>,
    beat2: DFF<Beat>,
    beat3: DFF<Beat>,
    beat4: DFF<Beat>,
    beat5: DFF<Beat>,
    verdicts: DFF<Verdicts>,
    arrived: Signal<Local, Bit>,
    left: Signal<Local, Bit>,
    known: Signal<Local, W<8>>,
    goods: Signal<Local, W<8>>,
    arriving: Signal<Local, W<3>>,
    judged: Signal<Local, W<3>>,
    leaving: Signal<Local, W<3>>,
}

impl Logic for VerdictAlign {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, beat1, beat2, beat3, beat4, beat5, verdicts);
        self.beat1.d.next.data = self.s_axis_tdata.val();
        self.beat1.d.next.keep = self.s_axis_tkeep.val();
        self.beat1.d.next.valid = self.s_axis_tvalid.val() & !self.reset.val();
        self.beat1.d.next.last = self.s_axis_tlast.val();
        self.beat2.d.next = self.beat1.q.val();
        self.beat3.d.next = self.beat2.q.val();
        self.beat4.d.next = self.beat3.q.val();
        self.beat5.d.next = self.beat4.q.val();
        self.arriving.next = self.verdicts.q.val().arriving;
        self.judged.next = self.verdicts.q.val().judged;
        self.leaving.next = self.verdicts.q.val().leaving;
        self.arrived.next = self.s_axis_tvalid.val() & self.s_axis_tlast.val();
        self.left.next = self.beat5.q.val().valid & self.beat5.q.val().last;
        // a frame's verdict comes after its last beat: what was known under its number is old
        self.known.next = self.verdicts.q.val().known;
        self.goods.next = self.verdicts.q.val().good;
        if self.done.val() {
            self.known.next = self.known.val().replace_bit(self.judged.val().index(), true);
            self.goods.next = self.goods.val().replace_bit(self.judged.val().index(), self.good.val());
            self.verdicts.d.next.judged = self.verdicts.q.val().judged + 1;
        }
        self.m_axis_tdata.next = self.beat5.q.val().data;
        self.m_axis_tkeep.next = self.beat5.q.val().keep;
        self.m_axis_tvalid.next = self.beat5.q.val().valid;
        self.m_axis_tlast.next = self.beat5.q.val().last;
        self.m_axis_tuser.next = self.beat5.q.val().last
            & !(self.known.val().get_bit(self.leaving.val().index())
                & self.goods.val().get_bit(self.leaving.val().index()));
        if self.arrived.val() {
            self.known.next = self.known.val().replace_bit(self.arriving.val().index(), false);
            self.verdicts.d.next.arriving = self.verdicts.q.val().arriving + 1;
        }
        self.verdicts.d.next.known = self.known.val();
        self.verdicts.d.next.good = self.goods.val();
        if self.left.val() {
            self.verdicts.d.next.leaving = self.verdicts.q.val().leaving + 1;
        }
        if self.reset.val() {
            self.verdicts.d.next.arriving = 0.into();
            self.verdicts.d.next.judged = 0.into();
            self.verdicts.d.next.leaving = 0.into();
        }
    }
}
