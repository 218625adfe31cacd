//! The link: client beats to line slots and back, both directions, board-independent.
//!
//! ```text
//!                +---------------------Link---------------------+
//!  s_axis_* ---> | TxFramer: types, CRC, END, IDLE, check bits   | ---> line_out_data, line_out_tc
//!                |                                              |
//!  m_axis_* <--- | RxDeframer <- Decoder: capture, correct      | <--- line_in_data, line_in_tc, line_in_light
//!  frame_*  <--- | RxVerdict, Lock                        cut_* | ---> captured, uncorrected
//!                +----------------------------------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | latency       | 3 cycles, accepted beat to valid beat, line out wired to line in; 2 cycles to `cut_*` |
//! | verdict       | `frame_done` 5 cycles after the last beat when IDLE and END follow it at once, 3 after a null closing beat |
//! | throughput    | 1 word a cycle; a frame costs 2 slots more, 4 with parity words |
//! | holds         | 3 words: line, capture and output register |
//! | back-pressure | `s_axis_tready` from registers and `tx_hold`; `m_axis_*` has none |
//! | comb. paths   | `tx_hold` to `s_axis_tready`; none from input to output otherwise |
//! | reset         | synchronous, active high: drops the lock, forgets an open frame; data registers keep their contents; none is needed after power-on if `s_axis_tvalid`, `tx_hold` and `settings` are known from the first clock edge on |
//!
//! One slot per clock: with a slower PHY, clock the link at its slot rate. Keep `tx_hold` high until the far end is
//! locked, or frames are lost; it takes effect in the same cycle, outside frames only. `m_axis_*` comes from gates
//! behind the output register: register it before other logic. `line_out_tc` and `line_in_tc` carry the type in bits
//! 3..0 and the check bits in bits 11..4. `tx_first_now` comes one cycle after its beat was accepted, `slot_now` one
//! cycle after its beat stood at `m_axis_*`, `events` one to three cycles after their cause.

use crate::fec::decoder::Decoder;
use crate::framing::lock::Lock;
use crate::framing::rx_deframer::RxDeframer;
pub use crate::framing::rx_verdict::RxSlot;
use crate::framing::rx_verdict::RxVerdict;
use crate::framing::tx_framer::TxFramer;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::target::Target;
use crate::word::{W, bit_cast_w};
use firstlight_spec::control::IDLE_FIXED_MASK;

/// What registers tell the link.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LinkConfig {
    /// 0 forward, 1 detect, 2 correct, 3 correct and keep parity words.
    pub rung: W<2>,
    /// Send two parity words after END.
    pub tx_parity: Bit,
    /// Slots without a good IDLE or END that shut the client side, 0 = never.
    pub silence_slots: W<16>,
    /// IDLE fields: rung asked of the far end, slots until the next burst.
    pub request: W<2>,
    pub hint: W<16>,
    /// Idle cycles inside a frame after which it is aborted, 0 = never.
    pub stall_limit: W<16>,
    /// Drops the lock.
    pub relock: Bit,
    /// The far end's laser may sleep: an alignment held through darkness or silence is as good as a lock.
    pub sleeps: Bit,
}

/// What the link tells registers.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LinkStatus {
    pub locked: Bit,
    pub light: Bit,
    pub rx_in_frame: Bit,
    /// From the first word in the line register to END or the parity words.
    pub tx_in_frame: Bit,
    /// Fields of the last good IDLE.
    pub seen_state: W<3>,
    pub seen_request: W<2>,
    pub seen_hint: W<16>,
    /// Locked, or as good as that; what IDLEs tell the far end.
    pub aligned: Bit,
}

/// The settings, registered.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct Settled {
    correct_data: Bit,
    below_l2: Bit,
}

/// The events of the link, in the order and under the names of `firstlight_spec::regs::events`.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LinkEvents {
    slots: Bit,
    corrected: Bit,
    bad_even: Bit,
    bad_odd: Bit,
    frames_sent: Bit,
    frames_stomped: Bit,
    frames_good: Bit,
    frames_bad_own: Bit,
    frames_bad_foreign: Bit,
    null_closed: Bit,
    starts_dropped: Bit,
    ignored_words: Bit,
    orphans: Bit,
    misplaced: Bit,
    lock_losses: Bit,
    silence: Bit,
    of_others: W<15>,
    frames_aborted: Bit,
}

/// The events as one word; `#[hdl_gen]` recognises the prefix of the name.
fn bit_cast_events(events: LinkEvents) -> W<32> {
    let LinkEvents { of_others, frames_aborted, .. } = events;
    let own = [
        events.slots,
        events.corrected,
        events.bad_even,
        events.bad_odd,
        events.frames_sent,
        events.frames_stomped,
        events.frames_good,
        events.frames_bad_own,
        events.frames_bad_foreign,
        events.null_closed,
        events.starts_dropped,
        events.ignored_words,
        events.orphans,
        events.misplaced,
        events.lock_losses,
        events.silence,
    ];
    let own = own.into_iter().rev().fold(0, |word, event| word << 1 | event as u64);
    W::new(own | of_others.get() << 16 | (frames_aborted as u64) << 31)
}

/// State, request and hint of an IDLE: what is neither fixed nor filler.
const IDLE_FIELDS: u64 = !IDLE_FIXED_MASK & ((1 << 48) - 1);

/// Transmitter and receiver.
#[derive(LogicBlock)]
pub struct Link {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub s_axis_tdata: Signal<In, W<64>>,
    /// Looked at with the last beat only; a thermometer.
    pub s_axis_tkeep: Signal<In, W<8>>,
    pub s_axis_tvalid: Signal<In, Bit>,
    pub s_axis_tlast: Signal<In, Bit>,
    /// With the last beat: the frame is aborted, END is stomped.
    pub s_axis_tuser: Signal<In, Bit>,
    pub s_axis_tready: Signal<Out, Bit>,
    pub line_out_data: Signal<Out, W<64>>,
    pub line_out_tc: Signal<Out, W<12>>,
    pub line_in_data: Signal<In, W<64>>,
    pub line_in_tc: Signal<In, W<12>>,
    pub line_in_light: Signal<In, Bit>,
    pub m_axis_tdata: Signal<Out, W<64>>,
    /// A thermometer; all ones except in a last beat, zero in a null closing beat.
    pub m_axis_tkeep: Signal<Out, W<8>>,
    pub m_axis_tvalid: Signal<Out, Bit>,
    pub m_axis_tlast: Signal<Out, Bit>,
    /// Bit 0: null closing beat, the frame is bad; bit 1: first beat.
    pub m_axis_tuser: Signal<Out, W<2>>,
    /// Strobe; the three below are valid with it.
    pub frame_done: Signal<Out, Bit>,
    pub frame_good: Signal<Out, Bit>,
    /// A code of `firstlight_spec::verdict`.
    pub frame_reason: Signal<Out, W<4>>,
    /// Of END; not meaningful when END was not seen.
    pub frame_sequence: Signal<Out, W<16>>,
    pub cut_data: Signal<Out, W<64>>,
    pub cut_tc: Signal<Out, W<12>>,
    /// The captured slot's type, uncorrected, is that of a data word, and the link is locked.
    pub cut_valid: Signal<Out, Bit>,
    pub slot_now: Signal<Out, RxSlot>,
    /// IDLE is sent instead of a new frame.
    pub tx_hold: Signal<In, Bit>,
    pub settings: Signal<In, LinkConfig>,
    pub status: Signal<Out, LinkStatus>,
    /// A first beat was accepted one cycle ago; the number of its frame.
    pub tx_first_now: Signal<Out, Bit>,
    pub tx_sequence: Signal<Out, W<16>>,
    /// A first beat stands at `m_axis_*`.
    pub rx_first_now: Signal<Out, Bit>,
    /// Strobes at the bits of `firstlight_spec::regs::events`.
    pub events: Signal<Out, W<32>>,
    tx: Quiet<TxFramer>,
    decoder: Quiet<Decoder>,
    deframer: Quiet<RxDeframer>,
    verdict: Quiet<RxVerdict>,
    lock: Quiet<Lock>,
    settled: DFF<Settled>,
    /// Fields of the last good IDLE, where they stand in it.
    idle_seen: DFF<W<64>>,
    check: Signal<Local, W<12>>,
    check_up: Signal<Local, W<12>>,
    idle_state: Signal<Local, W<3>>,
    aligned: Signal<Local, Bit>,
    cut_kind: Signal<Local, W<12>>,
    seen_data: Signal<Local, W<64>>,
    taken: Signal<Local, W<64>>,
    kept: Signal<Local, W<64>>,
    seen_idle: Signal<Local, W<64>>,
    idle_fields: Constant<W<64>>,
    rung: Signal<Local, W<2>>,
    strobes: Signal<Local, LinkEvents>,
}

impl Link {
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
            line_out_data: Default::default(),
            line_out_tc: Default::default(),
            line_in_data: Default::default(),
            line_in_tc: Default::default(),
            line_in_light: Default::default(),
            m_axis_tdata: Default::default(),
            m_axis_tkeep: Default::default(),
            m_axis_tvalid: Default::default(),
            m_axis_tlast: Default::default(),
            m_axis_tuser: Default::default(),
            frame_done: Default::default(),
            frame_good: Default::default(),
            frame_reason: Default::default(),
            frame_sequence: Default::default(),
            cut_data: Default::default(),
            cut_tc: Default::default(),
            cut_valid: Default::default(),
            slot_now: Default::default(),
            tx_hold: Default::default(),
            settings: Default::default(),
            status: Default::default(),
            tx_first_now: Default::default(),
            tx_sequence: Default::default(),
            rx_first_now: Default::default(),
            events: Default::default(),
            tx: Quiet::new(TxFramer::new(target)),
            decoder: Quiet::new(Decoder::new(target)),
            deframer: Default::default(),
            verdict: Quiet::new(RxVerdict::new(target)),
            lock: Default::default(),
            settled: Default::default(),
            idle_seen: Default::default(),
            check: Default::default(),
            check_up: Default::default(),
            idle_state: Default::default(),
            aligned: Default::default(),
            cut_kind: Default::default(),
            seen_data: Default::default(),
            taken: Default::default(),
            kept: Default::default(),
            seen_idle: Default::default(),
            idle_fields: Constant::new(W::new(IDLE_FIELDS)),
            rung: Default::default(),
            strobes: Default::default(),
        }
    }
}

crate::inputs!(Link: reset, s_axis_tdata, s_axis_tkeep, s_axis_tvalid, s_axis_tlast, s_axis_tuser, line_in_data, line_in_tc, line_in_light, tx_hold, settings; tx, decoder, deframer, verdict, lock, settled, idle_seen);

impl Logic for Link {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, settled, idle_seen);
        clock!(self, clock, tx, decoder, deframer, verdict, lock);
        self.rung.next = self.settings.val().rung;
        self.settled.d.next.correct_data = self.rung.val().get_bit(1);
        self.settled.d.next.below_l2 = !self.rung.val().get_bit(1);
        // client to line
        self.tx.reset.next = self.reset.val();
        self.tx.s_axis_tdata.next = self.s_axis_tdata.val();
        self.tx.s_axis_tkeep.next = self.s_axis_tkeep.val();
        self.tx.s_axis_tvalid.next = self.s_axis_tvalid.val();
        self.tx.s_axis_tlast.next = self.s_axis_tlast.val();
        self.tx.s_axis_tuser.next = self.s_axis_tuser.val();
        self.s_axis_tready.next = self.tx.s_axis_tready.val();
        self.tx.hold.next = self.tx_hold.val();
        self.idle_state.next = 0.into();
        self.aligned.next = self.lock.status.val().locked | (self.lock.held.val() & self.settings.val().sleeps);
        self.idle_state.next = self.idle_state.val().replace_bit(0, self.aligned.val());
        self.idle_state.next = self.idle_state.val().replace_bit(1, self.lock.status.val().light);
        self.idle_state.next = self.idle_state.val().replace_bit(2, self.tx_hold.val());
        self.tx.idle_state.next = self.idle_state.val();
        self.tx.idle_request.next = self.settings.val().request;
        self.tx.idle_hint.next = self.settings.val().hint;
        self.tx.parity.next = self.settings.val().tx_parity;
        self.tx.stall_limit.next = self.settings.val().stall_limit;
        self.line_out_data.next = self.tx.line.val().data;
        self.check.next = bit_cast_w::<12, 8>(self.tx.line.val().check);
        self.check_up.next = self.check.val() << 4;
        self.line_out_tc.next = self.check_up.val() | bit_cast_w::<12, 4>(self.tx.line.val().kind);
        // line to client
        self.decoder.line_in_data.next = self.line_in_data.val();
        self.decoder.line_in_tc.next = self.line_in_tc.val();
        self.decoder.shut.next = self.lock.shut.val();
        self.decoder.correct_data.next = self.settled.q.val().correct_data;
        self.deframer.reset.next = self.reset.val();
        self.deframer.slot.next = self.decoder.out.val();
        self.deframer.flags.next = self.decoder.flags.val();
        self.m_axis_tdata.next = self.deframer.m_axis_tdata.val();
        self.m_axis_tkeep.next = self.deframer.m_axis_tkeep.val();
        self.m_axis_tvalid.next = self.deframer.m_axis_tvalid.val();
        self.m_axis_tlast.next = self.deframer.m_axis_tlast.val();
        self.m_axis_tuser.next = self.deframer.m_axis_tuser.val();
        self.rx_first_now.next = self.deframer.first_now.val();
        // verdict
        self.verdict.seen.next = self.deframer.seen.val();
        self.verdict.flags.next = self.decoder.flags.val();
        self.verdict.crc_data.next = self.decoder.out.val().data;
        self.verdict.below_l2.next = self.settled.q.val().below_l2;
        self.verdict.locked.next = self.lock.status.val().locked;
        self.frame_done.next = self.verdict.verdict.val().done;
        self.frame_good.next = self.verdict.verdict.val().good;
        self.frame_reason.next = self.verdict.verdict.val().reason;
        self.frame_sequence.next = self.verdict.verdict.val().sequence;
        self.slot_now.next = self.verdict.slot.val();
        // the captured slot
        self.cut_data.next = self.decoder.cut.val().data;
        self.cut_tc.next = self.decoder.cut.val().tc;
        self.cut_kind.next = self.decoder.cut.val().tc;
        self.cut_valid.next = !self.lock.shut.val()
            & (self.cut_kind.val().get_bit(3)
                | (!self.cut_kind.val().get_bit(2)
                    & (self.cut_kind.val().get_bit(1) ^ self.cut_kind.val().get_bit(0))));
        // lock
        self.lock.reset.next = self.reset.val();
        self.lock.line_in_light.next = self.line_in_light.val();
        self.lock.good_idle.next = self.verdict.control.val().good_idle;
        self.lock.good_end.next = self.verdict.control.val().good_end;
        self.lock.bad.next = self.verdict.control.val().bad;
        self.lock.relock.next = self.settings.val().relock;
        self.lock.silence_slots.next = self.settings.val().silence_slots;
        self.seen_data.next = self.deframer.seen.val().data;
        // no `if` around the register: it becomes a clock enable with a gate in front, far from both
        self.taken.next = 0.into();
        if self.verdict.control.val().has_fields {
            self.taken.next = self.idle_fields.val();
        }
        self.kept.next = !self.taken.val();
        self.idle_seen.d.next = (self.seen_data.val() & self.taken.val()) | (self.idle_seen.q.val() & self.kept.val());
        // status
        self.status.next.locked = self.lock.status.val().locked;
        self.status.next.light = self.lock.status.val().light;
        self.status.next.aligned = self.aligned.val();
        self.status.next.rx_in_frame = self.deframer.is_open.val();
        self.status.next.tx_in_frame = self.tx.status.val().in_frame;
        self.seen_idle.next = self.idle_seen.q.val();
        self.status.next.seen_state = self.seen_idle.val().get_bits::<3>(8);
        self.status.next.seen_request = self.seen_idle.val().get_bits::<2>(16);
        self.status.next.seen_hint = self.seen_idle.val().get_bits::<16>(32);
        self.tx_first_now.next = self.tx.status.val().first;
        self.tx_sequence.next = self.tx.status.val().sequence;
        // events
        self.strobes.next.slots = self.lock.status.val().locked;
        self.strobes.next.corrected = self.verdict.strobes.val().corrected;
        self.strobes.next.bad_even = self.verdict.strobes.val().bad_even;
        self.strobes.next.bad_odd = self.verdict.strobes.val().bad_odd;
        self.strobes.next.frames_sent = self.tx.status.val().sent;
        self.strobes.next.frames_stomped = self.tx.status.val().stomped;
        self.strobes.next.frames_good = self.verdict.strobes.val().good;
        self.strobes.next.frames_bad_own = self.verdict.strobes.val().own;
        self.strobes.next.frames_bad_foreign = self.verdict.strobes.val().foreign;
        self.strobes.next.null_closed = self.verdict.strobes.val().null_closed;
        self.strobes.next.starts_dropped = self.verdict.strobes.val().dropped;
        self.strobes.next.ignored_words = self.verdict.strobes.val().ignored;
        self.strobes.next.orphans = self.verdict.strobes.val().orphan;
        self.strobes.next.misplaced = self.verdict.strobes.val().misplaced;
        self.strobes.next.lock_losses = self.lock.status.val().lost;
        self.strobes.next.silence = self.lock.status.val().silenced;
        self.strobes.next.of_others = 0.into();
        self.strobes.next.frames_aborted = self.tx.status.val().stomped;
        self.events.next = bit_cast_events(self.strobes.val());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_spec::regs::events::{EVENTS, bit};

    #[test]
    fn every_event_stands_at_its_bit() {
        let TypeKind::Composite(fields) = LinkEvents::descriptor().kind else { panic!("a struct") };
        let mut at = 0;
        for field in fields {
            if field.fieldname != "of_others" {
                assert_eq!(bit(&field.fieldname), at, "{}", field.fieldname);
            }
            at += if field.fieldname == "of_others" { 15 } else { 1 };
        }
        assert_eq!(at, EVENTS.len());
    }
}
