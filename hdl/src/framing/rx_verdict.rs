//! The verdict on each frame, what the frame memory stores, and what is counted.
//!
//! ```text
//!               +------RxVerdict------+
//!  Seen    ---> | seen        verdict | --> Verdict  frame_done, good, reason, sequence
//!  Flags   ---> | flags          slot | --> RxSlot   all but IDLE
//!  W<64>   ---> | crc_data    control | --> RxControl for lock and the fields of IDLE
//!  Bit     ---> | below_l2    strobes | --> RxStrobes
//!  Bit     ---> | locked              |
//!               +---------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | `seen` to `slot`: combinational; to `verdict`: 2 cycles |
//! | holds    | no word |
//! | verdicts | exactly one per opened frame |
//!
//! `crc_data` is the word at the deframer, one cycle before `seen`: its CRC term is registered beside it. Good means:
//! CRC residue right, byte count equal, no stomp, no flagged word between the first word and END.

use super::control_check::ControlCheck;
use super::crc::{CrcStep, rx_data_rows, rx_residue};
use super::rx_deframer::Seen;
use crate::fec::decoder::Flags;
use crate::prelude::*;
use crate::target::Target;
use crate::word::W;
use crate::xor::XorMatrix;
use firstlight_spec::verdict;

/// A slot for the frame memory: every one but IDLE, so that tail repair finds damaged first words and ends too.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct RxSlot {
    pub valid: Bit,
    /// The first slot of its frame.
    pub first: Bit,
    /// It went to the client; as the last beat.
    pub beat: Bit,
    pub last: Bit,
    pub data: W<64>,
    pub kind: W<4>,
    /// One wrong bit: corrected at L2 and L3, left as it is below.
    pub single: Bit,
    pub bad_even: Bit,
    pub bad_odd: Bit,
}

/// `frame_done` and what stands beside it.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Verdict {
    pub done: Bit,
    pub good: Bit,
    /// `firstlight_spec::verdict`.
    pub reason: W<4>,
    pub sequence: W<16>,
}

/// What a slot means to lock and IDLE fields.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct RxControl {
    pub good_idle: Bit,
    pub good_end: Bit,
    pub bad: Bit,
    /// `good_idle` again, for the fields.
    pub has_fields: Bit,
}

/// Events, each one cycle long.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct RxStrobes {
    pub corrected: Bit,
    pub bad_even: Bit,
    pub bad_odd: Bit,
    pub good: Bit,
    pub own: Bit,
    pub foreign: Bit,
    pub null_closed: Bit,
    pub dropped: Bit,
    pub ignored: Bit,
    pub orphan: Bit,
    pub misplaced: Bit,
}

/// The frame that is open or waits for its END.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Frame {
    /// Its last word was seen, END was not.
    tail: Bit,
    flagged: Bit,
    /// A bad slot came after the last word: two IDLEs now end the wait.
    tail_bad: Bit,
    last_count: W<3>,
    idle: Bit,
    /// Parity words may follow: of this frame; of any.
    parity1: Bit,
    parity2: Bit,
}

/// What ends a frame.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Finish {
    now: Bit,
    down: Bit,
    first_inside: Bit,
    lost: Bit,
    stomp: Bit,
    soft: Bit,
    /// END itself is damaged: its flags say nothing.
    end_bad: Bit,
    no_last: Bit,
    flagged: Bit,
    count_wrong: Bit,
    sequence: W<16>,
}

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Result {
    done: Bit,
    clean: Bit,
    crc_right: Bit,
    foreign: Bit,
    reason: W<4>,
    sequence: W<16>,
}

/// Conditions of one slot.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Is {
    in_frame: Bit,
    bad: Bit,
    uncorrectable: Bit,
    unknown: Bit,
    stray_parity: Bit,
    lost: Bit,
    finish: Bit,
    counts: Bit,
    clean: Bit,
}

/// Judges frames.
#[derive(LogicBlock)]
pub struct RxVerdict {
    pub clock: Signal<In, Clock>,
    pub seen: Signal<In, Seen>,
    pub flags: Signal<In, Flags>,
    pub crc_data: Signal<In, W<64>>,
    pub below_l2: Signal<In, Bit>,
    pub locked: Signal<In, Bit>,
    pub verdict: Signal<Out, Verdict>,
    pub slot: Signal<Out, RxSlot>,
    pub control: Signal<Out, RxControl>,
    pub strobes: Signal<Out, RxStrobes>,
    frame: DFF<Frame>,
    finish: DFF<Finish>,
    result: DFF<Result>,
    events: DFF<RxStrobes>,
    data_term: DFF<W<32>>,
    crc: DFF<W<32>>,
    data_matrix: XorMatrix<64, 32>,
    crc_step: CrcStep,
    control_check: ControlCheck,
    is: Signal<Local, Is>,
    data: Signal<Local, W<64>>,
    kind: Signal<Local, W<4>>,
    reason: Signal<Local, W<4>>,
    residue: Constant<W<32>>,
    crc_wrong: Constant<W<4>>,
    count_wrong: Constant<W<4>>,
    flagged: Constant<W<4>>,
    no_last: Constant<W<4>>,
    stomped_soft: Constant<W<4>>,
    stomped_hard: Constant<W<4>>,
    end_lost: Constant<W<4>>,
    first_inside: Constant<W<4>>,
    link_down: Constant<W<4>>,
}

impl RxVerdict {
    pub fn new(target: Target) -> Self {
        let code = |reason: u8| Constant::new(W::new(reason as u64));
        Self {
            clock: Default::default(),
            seen: Default::default(),
            flags: Default::default(),
            crc_data: Default::default(),
            below_l2: Default::default(),
            locked: Default::default(),
            verdict: Default::default(),
            slot: Default::default(),
            control: Default::default(),
            strobes: Default::default(),
            frame: Default::default(),
            finish: Default::default(),
            result: Default::default(),
            events: Default::default(),
            data_term: Default::default(),
            crc: Default::default(),
            data_matrix: XorMatrix::new(&rx_data_rows(), target),
            crc_step: Default::default(),
            control_check: ControlCheck::new(target),
            is: Default::default(),
            data: Default::default(),
            kind: Default::default(),
            reason: Default::default(),
            residue: Constant::new(W::new(rx_residue() as u64)),
            crc_wrong: code(verdict::CRC),
            count_wrong: code(verdict::COUNT),
            flagged: code(verdict::FLAGGED),
            no_last: code(verdict::NO_LAST),
            stomped_soft: code(verdict::STOMPED_SOFT),
            stomped_hard: code(verdict::STOMPED_HARD),
            end_lost: code(verdict::END_LOST),
            first_inside: code(verdict::FIRST_INSIDE),
            link_down: code(verdict::LINK_DOWN),
        }
    }
}

crate::inputs!(RxVerdict: seen, flags, crc_data, below_l2, locked; frame, finish, result, events, data_term, crc; data_matrix, crc_step, control_check);

impl Logic for RxVerdict {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, frame, finish, result, events, data_term, crc);
        self.data.next = self.seen.val().data;
        self.kind.next = self.seen.val().kind;
        // the CRC runs over every word that could belong to a frame; a wrong guess belongs to a bad frame
        self.data_matrix.a.next = self.crc_data.val();
        self.data_term.d.next = self.data_matrix.y.val();
        self.crc_step.state.next = self.crc.q.val();
        self.crc_step.more.next = self.seen.val().crc_more;
        if self.seen.val().crc_word {
            self.crc.d.next = self.crc_step.moved.val() ^ self.data_term.q.val();
        }
        // is this slot bad, and does it belong to a frame?
        self.is.next.uncorrectable = self.flags.val().wrong & !self.flags.val().single;
        self.is.next.unknown = !self.flags.val().wrong & self.seen.val().unknown;
        self.is.next.stray_parity = self.seen.val().parity
            & !self.frame.q.val().parity1
            & !self.frame.q.val().parity2
            & !self.seen.val().blocked;
        self.is.next.bad = (self.is.val().uncorrectable
            | (self.flags.val().single & self.below_l2.val())
            | self.seen.val().wrong_kind)
            | self.is.val().unknown
            | self.is.val().stray_parity;
        self.is.next.in_frame = self.seen.val().open | self.seen.val().opened | self.frame.q.val().tail;
        // the end of a frame
        self.is.next.lost = self.frame.q.val().tail
            & (self.seen.val().opened | (self.frame.q.val().tail_bad & self.seen.val().idle & self.frame.q.val().idle));
        self.is.next.finish = (self.seen.val().end & (self.seen.val().open | self.frame.q.val().tail))
            | self.seen.val().first_inside
            | self.is.val().lost;
        self.frame.d.next.tail = self.seen.val().last | (self.frame.q.val().tail & !self.is.val().finish);
        self.frame.d.next.flagged =
            (self.is.val().bad & self.is.val().in_frame) | (self.frame.q.val().flagged & !self.seen.val().opened);
        self.frame.d.next.tail_bad =
            self.frame.q.val().tail & !self.is.val().finish & (self.frame.q.val().tail_bad | self.is.val().bad);
        if self.seen.val().last {
            self.frame.d.next.last_count = self.kind.val().get_bits::<3>(0);
        }
        self.frame.d.next.idle = self.seen.val().idle;
        self.frame.d.next.parity1 = self.seen.val().end & !self.seen.val().shut & self.data.val().get_bit(10);
        self.frame.d.next.parity2 = self.frame.q.val().parity1;
        self.finish.d.next.now = self.is.val().finish;
        self.finish.d.next.down = self.seen.val().shut;
        self.finish.d.next.first_inside = self.seen.val().first_inside;
        self.finish.d.next.lost = self.is.val().lost;
        self.finish.d.next.stomp = self.data.val().get_bit(8);
        self.finish.d.next.soft = self.data.val().get_bit(9);
        self.finish.d.next.end_bad = self.is.val().bad;
        self.finish.d.next.no_last = self.seen.val().open;
        self.finish.d.next.flagged = self.frame.q.val().flagged | self.is.val().bad;
        self.finish.d.next.count_wrong = self.data.val().get_bits::<3>(11) != self.frame.q.val().last_count;
        self.finish.d.next.sequence = self.data.val().get_bits::<16>(16);
        // the reason, the gravest first
        self.reason.next = 0.into();
        if self.finish.q.val().count_wrong {
            self.reason.next = self.count_wrong.val();
        }
        if self.finish.q.val().flagged {
            self.reason.next = self.flagged.val();
        }
        if self.finish.q.val().no_last {
            self.reason.next = self.no_last.val();
        }
        if self.finish.q.val().stomp & !self.finish.q.val().end_bad {
            self.reason.next = self.stomped_hard.val();
            if self.finish.q.val().soft {
                self.reason.next = self.stomped_soft.val();
            }
        }
        if self.finish.q.val().lost {
            self.reason.next = self.end_lost.val();
        }
        if self.finish.q.val().first_inside {
            self.reason.next = self.first_inside.val();
        }
        if self.finish.q.val().down {
            self.reason.next = self.link_down.val();
        }
        self.result.d.next.reason = self.reason.val();
        self.result.d.next.clean = self.reason.val() == 0;
        self.result.d.next.foreign = self.finish.q.val().stomp
            & !self.finish.q.val().end_bad
            & !self.finish.q.val().lost
            & !self.finish.q.val().first_inside
            & !self.finish.q.val().down;
        self.result.d.next.done = self.finish.q.val().now;
        self.result.d.next.crc_right = self.crc.q.val() == self.residue.val();
        self.result.d.next.sequence = self.finish.q.val().sequence;
        self.is.next.clean = self.result.q.val().clean & self.result.q.val().crc_right;
        self.verdict.next.done = self.result.q.val().done;
        self.verdict.next.good = self.result.q.val().done & self.is.val().clean;
        self.verdict.next.reason = self.result.q.val().reason;
        if self.result.q.val().clean & !self.result.q.val().crc_right {
            self.verdict.next.reason = self.crc_wrong.val();
        }
        self.verdict.next.sequence = self.result.q.val().sequence;
        // the slot for the memory: all but IDLE, since a damaged type hides where a frame begins and ends
        self.slot.next.valid = !self.seen.val().shut & (self.is.val().uncorrectable | !self.seen.val().fixed_idle);
        self.slot.next.first = self.seen.val().opened;
        self.slot.next.beat = self.seen.val().emitted;
        self.slot.next.last = self.seen.val().last;
        self.slot.next.data = self.seen.val().data;
        self.slot.next.kind = self.seen.val().kind;
        self.slot.next.single = self.flags.val().single;
        self.slot.next.bad_even = self.seen.val().bad_even;
        self.slot.next.bad_odd = self.is.val().uncorrectable & !self.flags.val().even;
        // lock
        self.control_check.fixed_idle.next = self.seen.val().fixed_idle;
        self.control_check.fixed_end.next = self.seen.val().fixed_end;
        self.control_check.wrong.next = self.flags.val().wrong;
        self.control_check.single.next = self.flags.val().single;
        self.control_check.below_l2.next = self.below_l2.val();
        self.control.next.good_idle = self.control_check.good_idle.val();
        self.control.next.good_end = self.control_check.good_end.val();
        self.control.next.has_fields = self.control_check.has_fields.val();
        self.control.next.bad = self.is.val().uncorrectable;
        // events; outside lock nothing is counted
        self.is.next.counts = self.locked.val() & !self.seen.val().shut;
        self.events.d.next.corrected = self.is.val().counts & self.flags.val().single;
        self.events.d.next.bad_even = self.is.val().counts & self.is.val().uncorrectable & self.flags.val().even;
        self.events.d.next.bad_odd = self.is.val().counts & self.is.val().uncorrectable & !self.flags.val().even;
        self.events.d.next.good = self.result.q.val().done & self.is.val().clean;
        self.events.d.next.own = self.result.q.val().done & !self.is.val().clean & !self.result.q.val().foreign;
        self.events.d.next.foreign = self.result.q.val().done & !self.is.val().clean & self.result.q.val().foreign;
        self.events.d.next.null_closed = self.seen.val().first_inside | (self.seen.val().open & self.seen.val().end);
        self.events.d.next.dropped = self.seen.val().first_inside;
        self.events.d.next.ignored = self.seen.val().ignored;
        self.events.d.next.orphan =
            self.is.val().counts & self.is.val().uncorrectable & !self.seen.val().open & !self.seen.val().opened;
        self.events.d.next.misplaced = self.is.val().counts
            & (self.is.val().unknown
                | self.is.val().stray_parity
                | self.seen.val().reserved
                | (self.seen.val().end & !self.seen.val().open & !self.frame.q.val().tail & !self.seen.val().blocked));
        self.strobes.next = self.events.q.val();
    }
}
