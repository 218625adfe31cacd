//! Client beats to line slots: types, check bits, END with its CRC, IDLE between.
//!
//! ```text
//!            +------TxFramer------+
//!  W<64> --> | s_axis_tdata       |
//!  W<8>  --> | s_axis_tkeep  line | --> SentSlot   the line register
//!  Bit   --> | s_axis_tvalid      |
//!  Bit   --> | s_axis_tlast       |
//!  Bit   --> | s_axis_tuser       |
//!  Bit   <-- | s_axis_tready      |
//!  Bit   --> | hold        status | --> TxStatus
//!            +--------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | latency       | 1 cycle, accepted beat to `line` |
//! | after a last word | IDLE, END and, with `parity`, two parity words; `s_axis_tready` is low for 2 or 4 cycles |
//! | holds         | 1 word (the line register) |
//! | back-pressure | `s_axis_tready` from registers and `hold` alone, one LUT4 |
//! | aborts        | `s_axis_tuser` with the last beat: END is stomped; a client that offers nothing inside a frame for more than `stall_limit` cycles: END is stomped, the rest of the frame is swallowed |
//!
//! A reset ends a tail: no END or parity word is sent that is not on its way already.
//!
//! Order of a frame's end, t = acceptance of the last beat: the CRC covers it at t + 1, END is prepared for t + 2 and
//! stands on the line at t + 3. After a stall the CRC counts one word of zeros, so that END has fixed contents.

use super::accept::Accept;
use super::crc::tx_data_rows;
use super::end_builder::{EndBuilder, STALLED_TERMS, end_term_rows, tail_term_rows};
use super::idle_builder::IdleBuilder;
use super::tail_parity::{SentSlot, TailParity};
use super::tx_state::{Control, Prepared, Terms};
use crate::fec::encoder::Encoder;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::target::Target;
use crate::word::{W, bit_cast_w};
use crate::xor::XorMatrix;
use firstlight_spec::slot::slot_type;

/// What the transmitter tells.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct TxStatus {
    /// From the first word in the line register to END or the parity words.
    pub in_frame: Bit,
    /// A first beat was accepted in the cycle before; `sequence` is its frame's number.
    pub first: Bit,
    pub sequence: W<16>,
    /// END was put on the line, stomped or not.
    pub sent: Bit,
    pub stomped: Bit,
}

/// The transmitter.
#[derive(LogicBlock)]
pub struct TxFramer {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub s_axis_tdata: Signal<In, W<64>>,
    pub s_axis_tkeep: Signal<In, W<8>>,
    pub s_axis_tvalid: Signal<In, Bit>,
    pub s_axis_tlast: Signal<In, Bit>,
    pub s_axis_tuser: Signal<In, Bit>,
    pub s_axis_tready: Signal<Out, Bit>,
    pub hold: Signal<In, Bit>,
    /// Send two parity words after END.
    pub parity: Signal<In, Bit>,
    /// Idle cycles inside a frame after which it is aborted, 0 = never.
    pub stall_limit: Signal<In, W<16>>,
    /// IDLE: link state, rung asked for, slots until the next burst.
    pub idle_state: Signal<In, W<3>>,
    pub idle_request: Signal<In, W<2>>,
    pub idle_hint: Signal<In, W<16>>,
    pub line: Signal<Out, SentSlot>,
    pub status: Signal<Out, TxStatus>,
    control: DFF<Control>,
    line_register: DFF<SentSlot>,
    prepared: DFF<Prepared>,
    terms: DFF<Terms>,
    state: DFF<W<32>>,
    frame_number: DFF<W<16>>,
    prbs: DFF<W<16>>,
    stall_count: DFF<W<16>>,
    accept: Accept,
    encoder: Encoder,
    data_matrix: XorMatrix<64, 32>,
    end_matrix: XorMatrix<17, 40>,
    tail_matrix: XorMatrix<9, 15>,
    idle_builder: IdleBuilder,
    end_builder: EndBuilder,
    tail_parity: Quiet<TailParity>,
    client: Signal<Local, Bit>,
    closing: Signal<Local, Bit>,
    abort: Signal<Local, Bit>,
    swallowed: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    end_inputs: Signal<Local, W<17>>,
    tail_inputs: Signal<Local, W<9>>,
    prbs_now: Signal<Local, W<16>>,
    prbs_up: Signal<Local, W<16>>,
    prbs_new: Signal<Local, Bit>,
    tail_word: Signal<Local, W<64>>,
    prepared_check: Signal<Local, W<8>>,
    crc_goes_on: Signal<Local, W<32>>,
    kind: Signal<Local, W<4>>,
    client_kind: Signal<Local, W<4>>,
    client_word: Signal<Local, W<64>>,
    other_word: Signal<Local, W<64>>,
    parity_kind: Constant<W<4>>,
    all_kind: Constant<W<4>>,
    all_word: Constant<W<64>>,
    all_sums: Constant<W<32>>,
    stalled_terms: Constant<W<15>>,
}

impl TxFramer {
    pub fn new(target: Target) -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            s_axis_tdata: Default::default(),
            s_axis_tkeep: Default::default(),
            s_axis_tvalid: Default::default(),
            s_axis_tlast: Default::default(),
            s_axis_tuser: Default::default(),
            s_axis_tready: Default::default(),
            hold: Default::default(),
            parity: Default::default(),
            stall_limit: Default::default(),
            idle_state: Default::default(),
            idle_request: Default::default(),
            idle_hint: Default::default(),
            line: Default::default(),
            status: Default::default(),
            control: Default::default(),
            line_register: Default::default(),
            prepared: Default::default(),
            terms: Default::default(),
            state: Default::default(),
            frame_number: Default::default(),
            prbs: Default::default(),
            stall_count: Default::default(),
            accept: Accept::new(target),
            encoder: Encoder::new(target),
            data_matrix: XorMatrix::new(&tx_data_rows(), target),
            end_matrix: XorMatrix::new(&end_term_rows(), target),
            tail_matrix: XorMatrix::new(&tail_term_rows(), target),
            idle_builder: IdleBuilder::new(target),
            end_builder: EndBuilder::new(target),
            tail_parity: Quiet::new(TailParity::new(target)),
            client: Default::default(),
            closing: Default::default(),
            abort: Default::default(),
            swallowed: Default::default(),
            ends: Default::default(),
            end_inputs: Default::default(),
            tail_inputs: Default::default(),
            prbs_now: Default::default(),
            prbs_up: Default::default(),
            prbs_new: Default::default(),
            tail_word: Default::default(),
            prepared_check: Default::default(),
            crc_goes_on: Default::default(),
            kind: Default::default(),
            client_kind: Default::default(),
            client_word: Default::default(),
            other_word: Default::default(),
            parity_kind: Constant::new(W::new(slot_type::PARITY as u64)),
            all_kind: Constant::new(W::new(W::<4>::MASK)),
            all_word: Constant::new(W::new(W::<64>::MASK)),
            all_sums: Constant::new(W::new(W::<32>::MASK)),
            stalled_terms: Constant::new(W::new(STALLED_TERMS)),
        }
    }
}

crate::inputs!(TxFramer: reset, s_axis_tdata, s_axis_tkeep, s_axis_tvalid, s_axis_tlast, s_axis_tuser, hold, parity, stall_limit, idle_state, idle_request, idle_hint; control, line_register, prepared, terms, state, frame_number, prbs, stall_count, tail_parity; accept, encoder, data_matrix, end_matrix, tail_matrix, idle_builder, end_builder);

impl Logic for TxFramer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, control, line_register, prepared, terms, state, frame_number, prbs, stall_count);
        self.tail_parity.clock.next = self.clock.val();
        // what the client does; all conditions are written out, because an `if` here becomes a clock enable
        self.client.next =
            self.s_axis_tvalid.val() & self.control.q.val().take & (self.control.q.val().in_frame | !self.hold.val());
        self.s_axis_tready.next = self.control.q.val().ready
            & (self.control.q.val().in_frame | self.control.q.val().swallow | !self.hold.val());
        self.abort.next =
            (self.control.q.val().stalled & self.control.q.val().waiting & !self.control.q.val().aborting)
                & !self.client.val();
        self.closing.next = (self.client.val() & self.s_axis_tlast.val()) | self.control.q.val().aborting;
        self.control.d.next.in_frame = !self.reset.val()
            & ((self.client.val() & !self.s_axis_tlast.val())
                | (self.control.q.val().in_frame & !self.client.val() & !self.control.q.val().aborting));
        self.swallowed.next = self.control.q.val().swallow
            & self.control.q.val().ready
            & self.s_axis_tvalid.val()
            & self.s_axis_tlast.val();
        self.control.d.next.swallow = !self.reset.val()
            & (self.control.q.val().aborting | (self.control.q.val().swallow & !self.swallowed.val()));
        // IDLE, END and parity words go out; the terms that do not wait for the client are a cycle ahead
        self.ends.next = (self.client.val() & self.s_axis_tlast.val()) | self.abort.val();
        self.control.d.next.tail_ahead = self.reset.val()
            | self.ends.val()
            | self.control.q.val().aborting
            | (self.control.q.val().parity & (self.control.q.val().last1 | self.control.q.val().last2));
        self.control.d.next.take =
            !self.reset.val() & !self.ends.val() & !self.control.q.val().tail_ahead & !self.control.q.val().swallow;
        self.control.d.next.ready =
            !self.reset.val() & !self.ends.val() & !self.control.q.val().tail_ahead & !self.swallowed.val();
        self.control.d.next.aborting = self.abort.val() & !self.reset.val();
        self.control.d.next.last1 = self.closing.val() & !self.reset.val();
        self.control.d.next.last2 = self.control.q.val().last1 & !self.reset.val();
        self.control.d.next.last3 = self.control.q.val().last2 & !self.reset.val();
        self.control.d.next.last4 = self.control.q.val().last3 & !self.reset.val();
        // an open frame is forgotten by a reset too: the next one must not continue its CRC
        self.control.d.next.crc_moves = self.reset.val() | self.client.val() | self.control.q.val().aborting;
        self.control.d.next.crc_restarts = self.reset.val() | self.closing.val();
        self.control.d.next.first = self.client.val() & !self.control.q.val().in_frame;
        self.control.d.next.stomp = self.s_axis_tuser.val() | self.control.q.val().aborting;
        // an `if`, so that synthesis drops all of tail parity when the setting is a constant 0
        if self.closing.val() {
            self.control.d.next.parity = self.parity.val();
        }
        // the prepared word or a parity word, and the client's word
        self.tail_word.next = self.prepared.q.val().data;
        if self.control.q.val().mask_end {
            self.tail_word.next = 0.into();
        }
        self.prepared_check.next = self.prepared.q.val().check;
        self.kind.next = 0.into();
        if self.control.q.val().tail {
            self.tail_word.next = self.tail_word.val() ^ self.tail_parity.word.val();
            self.prepared_check.next = self.tail_parity.check.val();
            self.kind.next = self.parity_kind.val();
        }
        // masks and no `if`: where a control word's bits are always 0, an `if` becomes a reset
        self.accept.valid.next = self.s_axis_tvalid.val();
        self.accept.take.next = self.control.q.val().take;
        self.accept.in_frame.next = self.control.q.val().in_frame;
        self.accept.hold.next = self.hold.val();
        self.client_word.next = 0.into();
        if self.accept.data.val() {
            self.client_word.next = self.all_word.val();
        }
        self.client_kind.next = 0.into();
        if self.accept.check.val() {
            self.client_kind.next = self.all_kind.val();
        }
        self.other_word.next = !self.client_word.val();
        self.line_register.d.next.data =
            (self.s_axis_tdata.val() & self.client_word.val()) | (self.tail_word.val() & self.other_word.val());
        self.line_register.d.next.kind = (self.encoder.kind.val() & self.client_kind.val()) | self.kind.val();
        self.encoder.data.next = self.s_axis_tdata.val();
        self.encoder.keep.next = self.s_axis_tkeep.val();
        self.encoder.last.next = self.s_axis_tlast.val();
        self.encoder.opened.next = self.control.q.val().in_frame;
        self.encoder.client.next = self.accept.check.val();
        self.encoder.prepared.next = self.prepared_check.val();
        self.line_register.d.next.check = self.encoder.check.val();
        self.line.next = self.line_register.q.val();
        // terms of the CRC, one cycle ahead of their use
        self.data_matrix.a.next = self.s_axis_tdata.val();
        self.tail_inputs.next = bit_cast_w::<9, 8>(self.s_axis_tkeep.val());
        self.tail_inputs.next = self.tail_inputs.val().replace_bit(8, self.s_axis_tuser.val());
        self.tail_matrix.a.next = self.tail_inputs.val();
        self.end_inputs.next = bit_cast_w::<17, 16>(self.frame_number.q.val());
        self.end_inputs.next = self.end_inputs.val().replace_bit(16, self.parity.val());
        self.end_matrix.a.next = self.end_inputs.val();
        self.terms.d.next.data = self.data_matrix.y.val();
        self.terms.d.next.tail = self.tail_matrix.y.val();
        if self.control.q.val().aborting {
            self.terms.d.next.data = 0.into();
            self.terms.d.next.tail = self.stalled_terms.val();
        }
        self.terms.d.next.end = self.end_matrix.y.val();
        // IDLE's filler: x^16 + x^15 + x^13 + x^4 + 1, inverted so that zero is a state of the sequence
        self.prbs_now.next = self.prbs.q.val();
        self.prbs_up.next = self.prbs.q.val() << 1;
        self.prbs_new.next = !(self.prbs_now.val().get_bit(15)
            ^ self.prbs_now.val().get_bit(14)
            ^ self.prbs_now.val().get_bit(12)
            ^ self.prbs_now.val().get_bit(3));
        self.prbs.d.next = self.prbs_up.val().replace_bit(0, self.prbs_new.val());
        self.idle_builder.state.next = self.idle_state.val();
        self.idle_builder.request.next = self.idle_request.val();
        self.idle_builder.hint.next = self.idle_hint.val();
        self.idle_builder.prbs.next = self.prbs.q.val();
        self.terms.d.next.idle = self.idle_builder.word.val();
        self.terms.d.next.idle_parity = self.idle_builder.parity.val();
        // the CRC of the word in the line register; after a last word END, otherwise IDLE
        self.end_builder.state.next = self.state.q.val();
        self.end_builder.data_term.next = self.terms.q.val().data;
        self.end_builder.ending.next = self.control.q.val().last1;
        self.end_builder.frame_number.next = self.frame_number.q.val();
        self.end_builder.stomp.next = self.control.q.val().stomp;
        self.end_builder.parity.next = self.control.q.val().parity;
        self.end_builder.end_term.next = self.terms.q.val().end;
        self.end_builder.tail_terms.next = self.terms.q.val().tail;
        self.end_builder.idle.next = self.terms.q.val().idle;
        self.end_builder.idle_parity.next = self.terms.q.val().idle_parity;
        // a mask and no reset: with one, END would share its sums with the state and be a level deeper
        self.crc_goes_on.next = self.all_sums.val();
        if self.control.q.val().crc_restarts {
            self.crc_goes_on.next = 0.into();
        }
        if self.control.q.val().crc_moves {
            self.state.d.next = self.end_builder.moved.val() & self.crc_goes_on.val();
        }
        // a reset ends the tail: END is not sent again
        if !self.control.q.val().keep_end | self.reset.val() {
            self.prepared.d.next.data = self.end_builder.prepared.val();
            self.prepared.d.next.check = self.end_builder.prepared_check.val();
        }
        if self.control.q.val().last1 {
            self.frame_number.d.next = self.frame_number.q.val() + 1;
        }
        // parity words
        self.control.d.next.odd_index =
            !self.reset.val() & !self.closing.val() & (self.control.q.val().odd_index ^ self.client.val());
        self.control.d.next.end_is_odd = (self.closing.val() & (self.client.val() ^ self.control.q.val().odd_index))
            | (!self.closing.val() & self.control.q.val().end_is_odd);
        self.control.d.next.add_even = self.client.val() & !self.control.q.val().odd_index;
        self.control.d.next.add_odd = self.client.val() & self.control.q.val().odd_index;
        self.control.d.next.keep_end =
            !self.reset.val() & self.control.q.val().parity & (self.control.q.val().last1 | self.control.q.val().last2);
        self.control.d.next.tail =
            !self.reset.val() & self.control.q.val().parity & (self.control.q.val().last2 | self.control.q.val().last3);
        self.control.d.next.mask_end = !self.reset.val()
            & self.control.q.val().parity
            & ((self.control.q.val().last2 & self.control.q.val().end_is_odd)
                | (self.control.q.val().last3 & !self.control.q.val().end_is_odd));
        self.control.d.next.shift_check = !self.reset.val() & self.control.q.val().parity & self.control.q.val().last1;
        self.control.d.next.shift = self.control.q.val().shift_check & !self.reset.val();
        self.control.d.next.clear = self.reset.val()
            | (self.control.q.val().parity & self.control.q.val().last3)
            | (!self.control.q.val().parity & self.control.q.val().last2);
        self.tail_parity.sent.next = self.line_register.q.val();
        self.tail_parity.add_even.next = self.control.q.val().add_even;
        self.tail_parity.add_odd.next = self.control.q.val().add_odd;
        self.tail_parity.shift.next = self.control.q.val().shift;
        self.tail_parity.shift_check.next = self.control.q.val().shift_check;
        self.tail_parity.clear.next = self.control.q.val().clear;
        self.tail_parity.end_here.next = (self.control.q.val().last2 & !self.control.q.val().end_is_odd)
            | (self.control.q.val().last3 & self.control.q.val().end_is_odd);
        self.tail_parity.end_check.next = self.prepared.q.val().check;
        // stalls: counted from the first cycle without a beat; a beat in the cycle of the strike saves the frame
        self.control.d.next.waiting =
            !self.reset.val() & self.control.q.val().in_frame & !self.client.val() & !self.control.q.val().aborting;
        self.control.d.next.waited = self.control.q.val().waiting;
        self.control.d.next.limited = self.stall_limit.val() != 0;
        self.stall_count.d.next = self.stall_count.q.val() + 1;
        if !self.control.q.val().waiting {
            self.stall_count.d.next = 0.into();
        }
        // the comparison alone takes three levels; `abort` looks at what else must hold
        self.control.d.next.stalled = self.stall_count.q.val() == self.stall_limit.val();
        if !(self.control.q.val().waiting & self.control.q.val().waited & self.control.q.val().limited) {
            self.control.d.next.stalled = false;
        }
        // status
        self.control.d.next.busy = self.client.val()
            | self.control.q.val().in_frame
            | self.control.q.val().last1
            | self.control.q.val().last2
            | (self.control.q.val().parity & (self.control.q.val().last3 | self.control.q.val().last4));
        self.control.d.next.sent = self.control.q.val().last1;
        self.control.d.next.stomped = self.control.q.val().last1 & self.control.q.val().stomp;
        self.status.next.in_frame = self.control.q.val().busy;
        self.status.next.first = self.control.q.val().first;
        self.status.next.sequence = self.frame_number.q.val();
        self.status.next.sent = self.control.q.val().sent;
        self.status.next.stomped = self.control.q.val().stomped;
    }
}
