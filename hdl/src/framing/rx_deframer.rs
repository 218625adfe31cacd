//! Corrected slots to client beats: which words belong to a frame, and where it ends.
//!
//! ```text
//!               +------RxDeframer------+
//!  Decoded ---> | slot        m_axis_* | --> one beat a cycle, no ready
//!  Flags   ---> | flags     first_now  | --> Bit    a first beat stands at m_axis
//!  Bit     ---> | reset           seen | --> Seen   the slot, judged, one cycle later
//!               +----------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | combinational, slot to beat: at most three LUT4 levels, so register the beat before using it |
//! | holds    | no word for the client; `seen` keeps one for the frame memory |
//!
//! | state  | slot | what happens |
//! |--------|------|--------------|
//! | closed | first, last | opens a frame; a last word also closes it. Blocked: a last word opens nothing |
//! | closed | further | ignored; blocked until END |
//! | closed | bad | blocked until END or two IDLEs |
//! | open   | further, reserved, bad (even) | a full beat, whatever the type says |
//! | open   | END | null closing beat: no last word came |
//! | open   | first | null closing beat; the new frame is dropped: blocked until END |
//! | any    | first | ends being blocked |
//!
//! Of control words bit 0 alone tells END from IDLE (their kinds are complements); a kind that is neither is counted
//! and poisons the frame later.

use crate::fec::decoder::{Decoded, Flags};
use crate::prelude::*;
use crate::word::W;
use firstlight_spec::control::{END, IDLE, IDLE_FIXED_MASK};

/// A slot and what the deframer made of it.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Seen {
    pub data: W<64>,
    pub kind: W<4>,
    /// The frame was open before this slot.
    pub open: Bit,
    /// This slot opened a frame.
    pub opened: Bit,
    /// It went to the client as a beat that carries data; as the last one.
    pub emitted: Bit,
    pub last: Bit,
    /// A first word inside a frame.
    pub first_inside: Bit,
    pub end: Bit,
    pub idle: Bit,
    pub parity: Bit,
    pub reserved: Bit,
    /// A further word while closed.
    pub ignored: Bit,
    pub blocked: Bit,
    pub bad_even: Bit,
    pub shut: Bit,
    /// The CRC takes this word: one for the client, or END; it does not start from the initial state.
    pub crc_word: Bit,
    pub crc_more: Bit,
    /// Whatever `shut` says: a control word with the byte 0 of END; one with all fixed bits of IDLE.
    pub fixed_end: Bit,
    pub fixed_idle: Bit,
    /// A control word whose byte 0 is of neither kind; a type that is reserved, or a further word while closed.
    pub unknown: Bit,
    pub wrong_kind: Bit,
}

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct State {
    open: Bit,
    blocked: Bit,
    /// Blocked until END or a first word; two IDLEs do not suffice.
    until_end: Bit,
    /// A slot with an odd, uncorrectable syndrome stood two slots ago outside frames.
    late_bad: Bit,
}

/// What the slot's type means here. Conditions are split so that what follows from them is within three LUT4 levels.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Is {
    /// Neither last nor reserved, and the slot is not bad.
    plain: Bit,
    more: Bit,
    last: Bit,
    end: Bit,
    idle: Bit,
    /// END or first, if the word is plain.
    end_or_first: Bit,
    opens: Bit,
    /// A word of an open frame, whatever its type may have been.
    inner: Bit,
    first_inside: Bit,
    null: Bit,
    /// The frame is closed, and this is neither END nor first.
    rest: Bit,
    late_bad: Bit,
    unknown: Bit,
    line_control: Bit,
    end_kind: Bit,
    idle_kind: Bit,
    /// The frame is closed: what an uncertain slot leaves blocked; what an IDLE does; what the others do.
    doubtful: Bit,
    stays: Bit,
    blocks: Bit,
}

/// The receiver's framing.
#[derive(LogicBlock)]
pub struct RxDeframer {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub slot: Signal<In, Decoded>,
    pub flags: Signal<In, Flags>,
    pub m_axis_tdata: Signal<Out, W<64>>,
    pub m_axis_tkeep: Signal<Out, W<8>>,
    pub m_axis_tvalid: Signal<Out, Bit>,
    pub m_axis_tlast: Signal<Out, Bit>,
    pub m_axis_tuser: Signal<Out, W<2>>,
    pub first_now: Signal<Out, Bit>,
    pub is_open: Signal<Out, Bit>,
    pub seen: Signal<Out, Seen>,
    state: DFF<State>,
    judged: DFF<Seen>,
    is: Signal<Local, Is>,
    data: Signal<Local, W<64>>,
    fixed: Signal<Local, W<64>>,
    byte0: Signal<Local, W<8>>,
    kind: Signal<Local, W<4>>,
    keep: Signal<Local, W<8>>,
    keep_bit: Signal<Local, Bit>,
    user: Signal<Local, W<2>>,
    end_byte: Constant<W<8>>,
    idle_byte: Constant<W<8>>,
    zeros_mask: Constant<W<64>>,
}

impl Default for RxDeframer {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            slot: Default::default(),
            flags: Default::default(),
            m_axis_tdata: Default::default(),
            m_axis_tkeep: Default::default(),
            m_axis_tvalid: Default::default(),
            m_axis_tlast: Default::default(),
            m_axis_tuser: Default::default(),
            first_now: Default::default(),
            is_open: Default::default(),
            seen: Default::default(),
            state: Default::default(),
            judged: Default::default(),
            is: Default::default(),
            data: Default::default(),
            fixed: Default::default(),
            byte0: Default::default(),
            kind: Default::default(),
            keep: Default::default(),
            keep_bit: Default::default(),
            user: Default::default(),
            end_byte: Constant::new(W::new(END as u64)),
            idle_byte: Constant::new(W::new(IDLE as u64)),
            zeros_mask: Constant::new(W::new(IDLE_FIXED_MASK & !0xff)),
        }
    }
}

crate::inputs!(RxDeframer: reset, slot, flags; state, judged);

impl Logic for RxDeframer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state, judged);
        self.kind.next = self.slot.val().kind;
        self.data.next = self.slot.val().data;
        // the type, and what it means here
        self.is.next.plain = !self.slot.val().bad_even & !self.kind.val().get_bit(3) & !self.kind.val().get_bit(2);
        self.is.next.last = !self.slot.val().bad_even & self.kind.val().get_bit(3);
        self.is.next.more = self.is.val().plain & self.kind.val().get_bit(1) & !self.kind.val().get_bit(0);
        self.is.next.end =
            self.is.val().plain & !self.kind.val().get_bit(1) & !self.kind.val().get_bit(0) & self.slot.val().bit0;
        self.is.next.idle =
            self.is.val().plain & !self.kind.val().get_bit(1) & !self.kind.val().get_bit(0) & !self.slot.val().bit0;
        self.is.next.end_or_first = !self.kind.val().get_bit(1) & (self.kind.val().get_bit(0) | self.slot.val().bit0);
        self.is.next.opens = (!self.state.q.val().open
            & ((self.kind.val().get_bit(3) & !self.state.q.val().blocked)
                | (!self.kind.val().get_bit(3) & !self.kind.val().get_bit(2))))
            & (!self.slot.val().bad_even
                & (self.kind.val().get_bit(3) | (!self.kind.val().get_bit(1) & self.kind.val().get_bit(0))));
        self.is.next.first_inside =
            (self.is.val().plain & self.state.q.val().open) & !self.kind.val().get_bit(1) & self.kind.val().get_bit(0);
        self.is.next.null = (self.is.val().plain & self.state.q.val().open) & self.is.val().end_or_first;
        self.is.next.inner = self.state.q.val().open
            & (self.slot.val().bad_even
                | (self.kind.val().get_bit(3)
                    | self.kind.val().get_bit(2)
                    | (self.kind.val().get_bit(1) & !self.kind.val().get_bit(0))));
        self.is.next.rest = !self.state.q.val().open & !(self.is.val().plain & self.is.val().end_or_first);
        // the slot before had an odd syndrome that is no column, and belonged to no frame
        self.is.next.late_bad = self.flags.val().wrong
            & !self.flags.val().single
            & !self.flags.val().even
            & !self.judged.q.val().open
            & !self.judged.q.val().opened
            & !self.judged.q.val().shut;
        // the state after this slot
        self.state.d.next.open = ((self.state.q.val().open & !self.is.val().last) & !self.is.val().null)
            | (self.is.val().opens & !self.kind.val().get_bit(3));
        // closed: a bad slot or a reserved type changes nothing but may block; a further word blocks; a first word or
        // END frees, and so does a second IDLE in a row
        self.is.next.doubtful = self.state.q.val().blocked | self.state.q.val().late_bad | self.slot.val().bad_even;
        self.is.next.stays = self.state.q.val().late_bad
            | (self.state.q.val().blocked & !(self.judged.q.val().idle & !self.state.q.val().until_end));
        self.is.next.blocks = self.is.val().doubtful;
        if self.is.val().plain {
            self.is.next.blocks = self.kind.val().get_bit(1) & (self.is.val().doubtful | !self.kind.val().get_bit(0));
        }
        self.state.d.next.blocked = (self.is.val().blocks & !self.state.q.val().open)
            | ((self.is.val().plain & !self.state.q.val().open)
                & self.is.val().stays
                & (!self.kind.val().get_bit(1) & !self.kind.val().get_bit(0) & !self.slot.val().bit0))
            | self.is.val().first_inside;
        if self.reset.val() {
            self.state.d.next.open = false;
            self.state.d.next.blocked = false;
        }
        // a last word has opened a frame by now: it was not blocked, so the next one is not either
        self.state.d.next.late_bad =
            self.is.val().late_bad & !(self.is.val().plain & self.is.val().end_or_first) & !self.is.val().last;
        self.state.d.next.until_end = self.is.val().first_inside
            | (self.is.val().rest
                & (self.state.q.val().until_end | (self.is.val().more & !self.state.q.val().blocked)));
        // the beat; `tkeep` of a last word with n + 1 bytes has n + 1 ones
        self.m_axis_tdata.next = self.slot.val().data;
        self.m_axis_tvalid.next = self.is.val().opens | self.is.val().inner | self.is.val().null;
        self.m_axis_tlast.next = self.is.val().last | self.is.val().null;
        self.keep.next = 0.into();
        self.keep_bit.next = !self.is.val().null;
        self.keep.next = self.keep.val().replace_bit(0, self.keep_bit.val());
        self.keep_bit.next = !self.is.val().null
            & (!self.is.val().last
                | self.kind.val().get_bit(0)
                | self.kind.val().get_bit(1)
                | self.kind.val().get_bit(2));
        self.keep.next = self.keep.val().replace_bit(1, self.keep_bit.val());
        self.keep_bit.next =
            !self.is.val().null & (!self.is.val().last | self.kind.val().get_bit(1) | self.kind.val().get_bit(2));
        self.keep.next = self.keep.val().replace_bit(2, self.keep_bit.val());
        self.keep_bit.next = !self.is.val().null
            & (!self.is.val().last
                | (self.kind.val().get_bit(0) & self.kind.val().get_bit(1))
                | self.kind.val().get_bit(2));
        self.keep.next = self.keep.val().replace_bit(3, self.keep_bit.val());
        self.keep_bit.next = !self.is.val().null & (!self.is.val().last | self.kind.val().get_bit(2));
        self.keep.next = self.keep.val().replace_bit(4, self.keep_bit.val());
        self.keep_bit.next = !self.is.val().null
            & (!self.is.val().last
                | (self.kind.val().get_bit(2) & (self.kind.val().get_bit(0) | self.kind.val().get_bit(1))));
        self.keep.next = self.keep.val().replace_bit(5, self.keep_bit.val());
        self.keep_bit.next =
            !self.is.val().null & (!self.is.val().last | (self.kind.val().get_bit(2) & self.kind.val().get_bit(1)));
        self.keep.next = self.keep.val().replace_bit(6, self.keep_bit.val());
        self.keep_bit.next = !self.is.val().null
            & (!self.is.val().last
                | (self.kind.val().get_bit(2) & self.kind.val().get_bit(1) & self.kind.val().get_bit(0)));
        self.keep.next = self.keep.val().replace_bit(7, self.keep_bit.val());
        self.m_axis_tkeep.next = self.keep.val();
        self.user.next = 0.into();
        self.user.next = self.user.val().replace_bit(0, self.is.val().null);
        self.user.next = self.user.val().replace_bit(1, self.is.val().opens);
        self.m_axis_tuser.next = self.user.val();
        self.first_now.next = self.is.val().opens;
        self.is_open.next = self.state.q.val().open;
        // what is judged later
        self.byte0.next = self.data.val().get_bits::<8>(0);
        self.fixed.next = self.data.val() & self.zeros_mask.val();
        self.is.next.end_kind = self.byte0.val() == self.end_byte.val();
        self.is.next.idle_kind = self.byte0.val() == self.idle_byte.val();
        self.is.next.line_control = self.slot.val().line_kind == 0;
        self.is.next.unknown =
            (self.is.val().plain & !self.kind.val().get_bit(1) & !self.kind.val().get_bit(0) & !self.slot.val().shut)
                & !(self.is.val().end_kind | self.is.val().idle_kind);
        self.judged.d.next.data = self.data.val();
        self.judged.d.next.kind = self.kind.val();
        self.judged.d.next.open = self.state.q.val().open;
        self.judged.d.next.opened = self.is.val().opens;
        self.judged.d.next.emitted = self.is.val().opens | self.is.val().inner;
        self.judged.d.next.last = self.is.val().last & (self.state.q.val().open | !self.state.q.val().blocked);
        self.judged.d.next.first_inside = self.is.val().first_inside;
        self.judged.d.next.end = self.is.val().end;
        self.judged.d.next.idle = self.is.val().idle;
        self.judged.d.next.parity = self.is.val().plain & self.kind.val().get_bit(1) & self.kind.val().get_bit(0);
        self.judged.d.next.reserved =
            !self.slot.val().bad_even & !self.kind.val().get_bit(3) & self.kind.val().get_bit(2);
        self.judged.d.next.ignored = !self.state.q.val().open & self.is.val().more;
        self.judged.d.next.blocked = self.state.q.val().blocked;
        self.judged.d.next.bad_even = self.slot.val().bad_even;
        self.judged.d.next.shut = self.slot.val().shut;
        self.judged.d.next.crc_word = self.is.val().opens | self.is.val().inner | self.is.val().end;
        self.judged.d.next.crc_more =
            self.state.q.val().open | (!self.kind.val().get_bit(3) & !self.kind.val().get_bit(0));
        self.judged.d.next.fixed_end = self.is.val().line_control & self.is.val().end_kind;
        self.judged.d.next.fixed_idle = self.is.val().line_control & self.is.val().idle_kind & !self.fixed.val().any();
        self.judged.d.next.unknown = self.is.val().unknown;
        self.judged.d.next.wrong_kind =
            (!self.slot.val().bad_even & !self.kind.val().get_bit(3) & self.kind.val().get_bit(2))
                | (!self.state.q.val().open & self.is.val().more);
        self.seen.next = self.judged.q.val();
    }
}
