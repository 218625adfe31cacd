//! Line in to line out: corrects single errors on the way, stomps END of frames that it cannot repair.
//!
//! ```text
//!           +------Repeater------+
//!  W<64> -> | line_in_data       | -> W<64> line_out_data
//!  W<12> -> | line_in_tc         | -> W<12> line_out_tc
//!           |         corrected  | -> Bit   one wrong bit, three cycles after its slot left
//!           |         bad        | -> Bit   uncorrectable, likewise
//!           +--------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | latency       | 2 cycles, line in to line out, every slot |
//! | holds         | 2 words: capture and line register |
//! | back-pressure | none: loop-timed, it can hold nobody |
//! | IDLE          | unchanged but for its error |
//! | uncorrectable | bit for bit; END of its frame is stomped `soft`, unless it is stomped already |
//!
//! Stomping adds one constant code word. It needs the IDLE between last word and END, as every transmitter sends it.
//! END itself is told from IDLE by three bits of byte 0, so that a single error does not matter; an uncorrectable slot
//! in END's place may get the pattern too and stays uncorrectable. A frame whose last word is lost is stomped when END
//! comes undamaged.

use crate::fec::classifier::Classifier;
use crate::fec::corrector::Corrector;
use crate::fec::folder::Folder;
use crate::prelude::*;
use crate::target::Target;
use crate::word::{W, bit_cast_w};
use firstlight_spec::control::{END, STOMP_SOFT};

/// The captured slot.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Captured {
    data: W<64>,
    tc: W<12>,
    partial: W<16>,
}

/// The line register, and what is known of its slot.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Sent {
    data: W<64>,
    kind: W<4>,
    check: W<8>,
    syndrome: W<8>,
    bad_even: Bit,
}

/// The frame on the way.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Frame {
    open: Bit,
    tail: Bit,
    poisoned: Bit,
    /// Of the slot that left one cycle ago.
    inside: Bit,
    single: Bit,
    wrong: Bit,
    even: Bit,
    corrected: Bit,
    bad: Bit,
}

/// One direction of a repeater.
#[derive(LogicBlock)]
pub struct Repeater {
    pub clock: Signal<In, Clock>,
    pub line_in_data: Signal<In, W<64>>,
    pub line_in_tc: Signal<In, W<12>>,
    pub line_out_data: Signal<Out, W<64>>,
    pub line_out_tc: Signal<Out, W<12>>,
    pub corrected: Signal<Out, Bit>,
    pub bad: Signal<Out, Bit>,
    captured: DFF<Captured>,
    sent: DFF<Sent>,
    frame: DFF<Frame>,
    folder: Folder,
    corrector: Corrector,
    classifier: Classifier,
    data: Signal<Local, W<64>>,
    tc: Signal<Local, W<12>>,
    byte0: Signal<Local, W<8>>,
    kind_in: Signal<Local, W<4>>,
    kind: Signal<Local, W<4>>,
    sent_data: Signal<Local, W<64>>,
    syndrome: Signal<Local, W<8>>,
    good: Signal<Local, Bit>,
    is_first: Signal<Local, Bit>,
    is_last: Signal<Local, Bit>,
    is_end: Signal<Local, Bit>,
    late: Signal<Local, Bit>,
    poisoned: Signal<Local, Bit>,
    in_tail: Signal<Local, Bit>,
    in_open: Signal<Local, Bit>,
    stomp: Signal<Local, Bit>,
    check: Signal<Local, W<12>>,
    check_up: Signal<Local, W<12>>,
    stomp_data: Constant<W<64>>,
    stomp_check: Constant<W<8>>,
    end_byte: Constant<W<8>>,
}

impl Repeater {
    pub fn new(target: Target) -> Self {
        Self {
            clock: Default::default(),
            line_in_data: Default::default(),
            line_in_tc: Default::default(),
            line_out_data: Default::default(),
            line_out_tc: Default::default(),
            corrected: Default::default(),
            bad: Default::default(),
            captured: Default::default(),
            sent: Default::default(),
            frame: Default::default(),
            folder: Folder::new(target),
            corrector: Corrector::new(target),
            classifier: Classifier::new(target),
            data: Default::default(),
            tc: Default::default(),
            byte0: Default::default(),
            kind_in: Default::default(),
            kind: Default::default(),
            sent_data: Default::default(),
            syndrome: Default::default(),
            good: Default::default(),
            is_first: Default::default(),
            is_last: Default::default(),
            is_end: Default::default(),
            late: Default::default(),
            poisoned: Default::default(),
            in_tail: Default::default(),
            in_open: Default::default(),
            stomp: Default::default(),
            check: Default::default(),
            check_up: Default::default(),
            stomp_data: Constant::new(W::new(STOMP_SOFT.data)),
            stomp_check: Constant::new(W::new(STOMP_SOFT.check as u64)),
            end_byte: Constant::new(W::new(END as u64)),
        }
    }
}

impl Logic for Repeater {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, captured, sent, frame);
        self.folder.data.next = self.line_in_data.val();
        self.folder.tc.next = self.line_in_tc.val();
        self.captured.d.next.data = self.line_in_data.val();
        self.captured.d.next.tc = self.line_in_tc.val();
        self.captured.d.next.partial = self.folder.partial.val();
        self.data.next = self.captured.q.val().data;
        self.tc.next = self.captured.q.val().tc;
        self.kind_in.next = self.tc.val().get_bits::<4>(0);
        self.byte0.next = self.data.val().get_bits::<8>(0);
        self.corrector.data.next = self.data.val();
        self.corrector.kind.next = self.kind_in.val();
        self.corrector.check.next = self.tc.val().get_bits::<8>(4);
        self.corrector.partial.next = self.captured.q.val().partial;
        self.corrector.correct_data.next = true;
        self.classifier.syndrome.next = self.sent.q.val().syndrome;
        // is the frame before the captured slot spoilt? `late`: the slot that left a cycle ago, odd and uncorrectable
        self.late.next = self.frame.q.val().inside
            & self.frame.q.val().wrong
            & !self.frame.q.val().single
            & !self.frame.q.val().even;
        self.poisoned.next = self.frame.q.val().poisoned | self.late.val();
        // END after the last word, with at most one error; END without a last word, without error. After the last
        // word, bit 0 of the slot in the line register says that END has just gone and a new frame begins
        self.sent_data.next = self.sent.q.val().data;
        self.in_tail.next = self.frame.q.val().tail
            & !self.sent_data.val().get_bit(0)
            & ((self.data.val().get_bit(0) & self.data.val().get_bit(3))
                | (self.data.val().get_bit(3) & self.data.val().get_bit(5))
                | (self.data.val().get_bit(5) & self.data.val().get_bit(0)));
        self.in_open.next = self.frame.q.val().open
            & !self.corrector.wrong.val()
            & !self.kind_in.val().any()
            & (self.byte0.val() == self.end_byte.val());
        self.stomp.next = self.poisoned.val()
            & (self.in_tail.val() | self.in_open.val())
            & !(self.data.val().get_bit(8) ^ self.corrector.hit8.val());
        self.sent.d.next.data = self.corrector.fixed_data.val();
        self.sent.d.next.check = self.corrector.fixed_check.val();
        if self.stomp.val() {
            self.sent.d.next.data = self.corrector.fixed_data.val() ^ self.stomp_data.val();
            self.sent.d.next.check = self.corrector.fixed_check.val() ^ self.stomp_check.val();
        }
        self.sent.d.next.kind = self.corrector.fixed_kind.val();
        self.sent.d.next.syndrome = self.corrector.syndrome.val();
        self.sent.d.next.bad_even = self.corrector.bad_even.val();
        self.line_out_data.next = self.sent.q.val().data;
        self.check.next = bit_cast_w::<12, 8>(self.sent.q.val().check);
        self.check_up.next = self.check.val() << 4;
        self.line_out_tc.next = self.check_up.val() | bit_cast_w::<12, 4>(self.sent.q.val().kind);
        // the frame after the slot in the line register
        self.kind.next = self.sent.q.val().kind;
        self.good.next = !self.sent.q.val().bad_even;
        self.is_first.next = self.good.val()
            & !self.kind.val().get_bit(3)
            & !self.kind.val().get_bit(2)
            & !self.kind.val().get_bit(1)
            & self.kind.val().get_bit(0);
        self.is_last.next = self.good.val() & self.kind.val().get_bit(3);
        self.is_end.next = self.good.val() & !self.kind.val().any() & self.sent_data.val().get_bit(0);
        self.frame.d.next.open =
            self.is_first.val() | (self.frame.q.val().open & !self.is_last.val() & !self.is_end.val());
        self.frame.d.next.tail =
            self.is_last.val() | (self.frame.q.val().tail & !self.is_first.val() & !self.is_end.val());
        self.frame.d.next.poisoned = !self.is_first.val()
            & !self.is_end.val()
            & (self.poisoned.val()
                | (self.sent.q.val().bad_even & (self.frame.q.val().open | self.frame.q.val().tail)));
        if self.is_last.val() & !self.frame.q.val().open {
            self.frame.d.next.poisoned = false;
        }
        self.frame.d.next.inside = self.is_first.val()
            | self.is_last.val()
            | ((self.frame.q.val().open | self.frame.q.val().tail) & !self.is_end.val());
        self.syndrome.next = self.sent.q.val().syndrome;
        self.frame.d.next.single = self.classifier.single.val();
        self.frame.d.next.wrong = self.syndrome.val().any();
        self.frame.d.next.even = !self.syndrome.val().xor();
        self.frame.d.next.corrected = self.frame.q.val().single;
        self.frame.d.next.bad = self.frame.q.val().wrong & !self.frame.q.val().single;
        self.corrected.next = self.frame.q.val().corrected;
        self.bad.next = self.frame.q.val().bad;
    }
}
