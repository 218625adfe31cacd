//! Moves the rung of the error correction: counts windows, compares with thresholds that the host computed.
//!
//! ```text
//!                    +--------Ladder--------+
//!  BusRequest -------| request     bus_read |-- W<32>
//!  slot, corrected, -|             rung     |-- W<2>   what the receiver does
//!  bad               |             tx_parity|-- Bit    send two parity words after END
//!  seen_request -----|         idle_request |-- W<2>   asked of the far end
//!  *_in_frame -------|                      |
//!  host_* -----------|                      |
//!                    +----------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | registers   | `spec::regs::ladder::REGS` |
//! | answer      | [`READ_LATENCY`] cycles after the strobe |
//! | decision    | [`DECISION_LATENCY`] cycles after a window's last slot |
//! | switch      | between frames: `rung` when `rx_in_frame`, `tx_parity` when `tx_in_frame` is low |
//! | window      | at least 8 slots; counts saturate at 65535; writing its length starts one, of one slot more |
//!
//! A window steps up by one when corrected words reach `up`, to L3 at once when uncorrectable ones reach `burst_up`;
//! `hold` windows in a row with fewer corrected words than `down` and no uncorrectable one step down by one. L3 is
//! asked of the far end in IDLE; its own request switches parity words on here.

use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, ladder};

/// Strobe to answer.
pub const READ_LATENCY: u64 = 4;
/// Last slot of a window to the new rung, outside frames.
pub const DECISION_LATENCY: u64 = 6;

const GROUP: u64 = (ladder::WINDOW.word / GROUP_WORDS) as u64;

// register k of the group is bit k of the decoded offset
const _: () = {
    let mut k = 0;
    while k < ladder::REGS.len() {
        assert!(ladder::REGS[k].word % GROUP_WORDS == k as u32);
        k += 1;
    }
    assert!(k == 8 && ladder::RUNG.lsb == 0 && ladder::REASON.lsb == 4 && ladder::STEPS.lsb == 16);
};

/// Why the rung moved last.
pub mod reason {
    pub const ERRORS: u64 = 1;
    pub const BURSTS: u64 = 2;
    pub const QUIET: u64 = 3;
    pub const FAR_END: u64 = 4;
    pub const HOST: u64 = 5;
}

/// What the host writes, as the difference from the values at power-on.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Thresholds {
    window: W<24>,
    up: W<16>,
    down: W<16>,
    burst_up: W<16>,
    hold: W<8>,
}

/// Register decode.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Decode {
    in_group: Bit,
    is_read: Bit,
    write_now: Bit,
    show: W<8>,
    take: W<8>,
    answer_low: W<32>,
    answer_high: W<32>,
    answer: W<32>,
}

/// The window and what follows from it.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Observed {
    slot: Bit,
    corrected: Bit,
    bad: Bit,
    left: W<24>,
    /// The upper bits of `left` are zero.
    nearly_over: Bit,
    over: Bit,
    corrected_count: W<17>,
    bad_count: W<17>,
    last_corrected: W<16>,
    last_bad: W<16>,
    compare_now: Bit,
    decide_now: Bit,
    enough: Bit,
    few: Bit,
    bursty: Bit,
    spotless: Bit,
    quiet: W<8>,
    quiet_next: W<8>,
    long_quiet: Bit,
    adaptive: Bit,
    asked: Bit,
    wanted: W<2>,
    reason: W<3>,
    steps: W<16>,
    rung: W<2>,
    tx_parity: Bit,
}

/// The adaptive ladder.
#[derive(LogicBlock)]
pub struct Ladder {
    pub clock: Signal<In, Clock>,
    pub request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    /// A slot passed while locked.
    pub slot: Signal<In, Bit>,
    /// A word with one wrong bit.
    pub corrected: Signal<In, Bit>,
    /// An uncorrectable word.
    pub bad: Signal<In, Bit>,
    pub rx_in_frame: Signal<In, Bit>,
    pub tx_in_frame: Signal<In, Bit>,
    /// Rung that the far end asks for.
    pub seen_request: Signal<In, W<2>>,
    pub host_rung: Signal<In, W<2>>,
    pub host_tx_parity: Signal<In, Bit>,
    pub host_request: Signal<In, W<2>>,
    pub adaptive: Signal<In, Bit>,
    pub rung: Signal<Out, W<2>>,
    pub tx_parity: Signal<Out, Bit>,
    pub idle_request: Signal<Out, W<2>>,
    thresholds: DFF<Thresholds>,
    decode: DFF<Decode>,
    o: DFF<Observed>,
    address: Signal<Local, W<13>>,
    data: Signal<Local, W<32>>,
    offset: Signal<Local, W<3>>,
    one_hot: Signal<Local, W<8>>,
    show: Signal<Local, W<8>>,
    take: Signal<Local, W<8>>,
    is_ours: Signal<Local, Bit>,
    window: Signal<Local, W<24>>,
    up: Signal<Local, W<16>>,
    down: Signal<Local, W<16>>,
    burst_up: Signal<Local, W<16>>,
    hold: Signal<Local, W<8>>,
    low: Signal<Local, W<32>>,
    high: Signal<Local, W<32>>,
    status: Signal<Local, W<32>>,
    steps_word: Signal<Local, W<32>>,
    steps_placed: Signal<Local, W<32>>,
    reason_word: Signal<Local, W<32>>,
    reason_placed: Signal<Local, W<32>>,
    left: Signal<Local, W<24>>,
    left_upper: Signal<Local, W<22>>,
    left_lower: Signal<Local, W<2>>,
    over_now: Signal<Local, Bit>,
    restart: Signal<Local, Bit>,
    corrected_count: Signal<Local, W<17>>,
    bad_count: Signal<Local, W<17>>,
    corrected_low: Signal<Local, W<16>>,
    bad_low: Signal<Local, W<16>>,
    is_top: Signal<Local, Bit>,
    is_bottom: Signal<Local, Bit>,
    steps_up: Signal<Local, Bit>,
    steps_down: Signal<Local, Bit>,
    jumps: Signal<Local, Bit>,
    is_quiet: Signal<Local, Bit>,
    asks: Signal<Local, Bit>,
    newly_asked: Signal<Local, Bit>,
    host_moves: Signal<Local, Bit>,
    wanted: Signal<Local, W<2>>,
    wanted_up: Signal<Local, W<2>>,
    wanted_down: Signal<Local, W<2>>,
    reset: Constant<Thresholds>,
    group: Constant<W<9>>,
    top: Constant<W<2>>,
    full: Constant<W<16>>,
    by_errors: Constant<W<3>>,
    by_bursts: Constant<W<3>>,
    by_quiet: Constant<W<3>>,
    by_far_end: Constant<W<3>>,
    by_host: Constant<W<3>>,
}

impl Default for Ladder {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            slot: Default::default(),
            corrected: Default::default(),
            bad: Default::default(),
            rx_in_frame: Default::default(),
            tx_in_frame: Default::default(),
            seen_request: Default::default(),
            host_rung: Default::default(),
            host_tx_parity: Default::default(),
            host_request: Default::default(),
            adaptive: Default::default(),
            rung: Default::default(),
            tx_parity: Default::default(),
            idle_request: Default::default(),
            thresholds: Default::default(),
            decode: Default::default(),
            o: Default::default(),
            address: Default::default(),
            data: Default::default(),
            offset: Default::default(),
            one_hot: Default::default(),
            show: Default::default(),
            take: Default::default(),
            is_ours: Default::default(),
            window: Default::default(),
            up: Default::default(),
            down: Default::default(),
            burst_up: Default::default(),
            hold: Default::default(),
            low: Default::default(),
            high: Default::default(),
            status: Default::default(),
            steps_word: Default::default(),
            steps_placed: Default::default(),
            reason_word: Default::default(),
            reason_placed: Default::default(),
            left: Default::default(),
            left_upper: Default::default(),
            left_lower: Default::default(),
            over_now: Default::default(),
            restart: Default::default(),
            corrected_count: Default::default(),
            bad_count: Default::default(),
            corrected_low: Default::default(),
            bad_low: Default::default(),
            is_top: Default::default(),
            is_bottom: Default::default(),
            steps_up: Default::default(),
            steps_down: Default::default(),
            jumps: Default::default(),
            is_quiet: Default::default(),
            asks: Default::default(),
            newly_asked: Default::default(),
            host_moves: Default::default(),
            wanted: Default::default(),
            wanted_up: Default::default(),
            wanted_down: Default::default(),
            reset: Constant::new(Thresholds {
                window: W::new(ladder::WINDOW.reset as u64),
                up: W::new(ladder::UP.reset as u64),
                down: W::new(ladder::DOWN.reset as u64),
                burst_up: W::new(ladder::BURST_UP.reset as u64),
                hold: W::new(ladder::HOLD.reset as u64),
            }),
            group: Constant::new(W::new(GROUP)),
            top: Constant::new(W::new(3)),
            full: Constant::new(W::new(0xffff)),
            by_errors: Constant::new(W::new(reason::ERRORS)),
            by_bursts: Constant::new(W::new(reason::BURSTS)),
            by_quiet: Constant::new(W::new(reason::QUIET)),
            by_far_end: Constant::new(W::new(reason::FAR_END)),
            by_host: Constant::new(W::new(reason::HOST)),
        }
    }
}

crate::inputs!(Ladder: request, slot, corrected, bad, rx_in_frame, tx_in_frame, seen_request, host_rung, host_tx_parity, host_request, adaptive);

impl Logic for Ladder {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, thresholds, decode, o);
        self.window.next = self.thresholds.q.val().window ^ self.reset.val().window;
        self.up.next = self.thresholds.q.val().up ^ self.reset.val().up;
        self.down.next = self.thresholds.q.val().down ^ self.reset.val().down;
        self.burst_up.next = self.thresholds.q.val().burst_up ^ self.reset.val().burst_up;
        self.hold.next = self.thresholds.q.val().hold ^ self.reset.val().hold;

        // registers: is this group meant, which word, two halves of the answer, the answer
        self.address.next = self.request.val().address;
        self.data.next = self.request.val().data;
        self.offset.next = self.address.val().get_bits::<3>(0);
        self.is_ours.next = self.address.val().get_bits::<9>(4) == self.group.val();
        self.decode.d.next.in_group = self.is_ours.val() & !self.address.val().get_bit(3);
        self.decode.d.next.is_read = !self.request.val().write;
        self.decode.d.next.write_now = self.request.val().strobe & self.request.val().write;
        self.one_hot.next = 0.into();
        self.one_hot.next = self.one_hot.val().replace_bit(self.offset.val().index(), true);
        self.decode.d.next.show = 0.into();
        if self.decode.q.val().in_group & self.decode.q.val().is_read {
            self.decode.d.next.show = self.one_hot.val();
        }
        self.decode.d.next.take = 0.into();
        if self.decode.q.val().in_group & self.decode.q.val().write_now {
            self.decode.d.next.take = self.one_hot.val();
        }
        self.show.next = self.decode.q.val().show;
        self.take.next = self.decode.q.val().take;
        if self.take.val().get_bit(0) {
            self.thresholds.d.next.window = self.data.val().get_bits::<24>(0) ^ self.reset.val().window;
        }
        if self.take.val().get_bit(1) {
            self.thresholds.d.next.up = self.data.val().get_bits::<16>(0) ^ self.reset.val().up;
        }
        if self.take.val().get_bit(2) {
            self.thresholds.d.next.down = self.data.val().get_bits::<16>(0) ^ self.reset.val().down;
        }
        if self.take.val().get_bit(3) {
            self.thresholds.d.next.burst_up = self.data.val().get_bits::<16>(0) ^ self.reset.val().burst_up;
        }
        if self.take.val().get_bit(4) {
            self.thresholds.d.next.hold = self.data.val().get_bits::<8>(0) ^ self.reset.val().hold;
        }
        self.low.next = 0.into();
        if self.show.val().get_bit(0) {
            self.low.next = self.low.val() | bit_cast_w::<32, 24>(self.window.val());
        }
        if self.show.val().get_bit(1) {
            self.low.next = self.low.val() | bit_cast_w::<32, 16>(self.up.val());
        }
        if self.show.val().get_bit(2) {
            self.low.next = self.low.val() | bit_cast_w::<32, 16>(self.down.val());
        }
        if self.show.val().get_bit(3) {
            self.low.next = self.low.val() | bit_cast_w::<32, 16>(self.burst_up.val());
        }
        self.steps_word.next = bit_cast_w::<32, 16>(self.o.q.val().steps);
        self.steps_placed.next = self.steps_word.val() << 16;
        self.reason_word.next = bit_cast_w::<32, 3>(self.o.q.val().reason);
        self.reason_placed.next = self.reason_word.val() << 4;
        self.status.next =
            self.steps_placed.val() | self.reason_placed.val() | bit_cast_w::<32, 2>(self.o.q.val().rung);
        self.high.next = 0.into();
        if self.show.val().get_bit(4) {
            self.high.next = self.high.val() | bit_cast_w::<32, 8>(self.hold.val());
        }
        if self.show.val().get_bit(5) {
            self.high.next = self.high.val() | self.status.val();
        }
        if self.show.val().get_bit(6) {
            self.high.next = self.high.val() | bit_cast_w::<32, 16>(self.o.q.val().last_corrected);
        }
        if self.show.val().get_bit(7) {
            self.high.next = self.high.val() | bit_cast_w::<32, 16>(self.o.q.val().last_bad);
        }
        self.decode.d.next.answer_low = self.low.val();
        self.decode.d.next.answer_high = self.high.val();
        self.decode.d.next.answer = self.decode.q.val().answer_low | self.decode.q.val().answer_high;
        self.bus_read.next = self.decode.q.val().answer;

        // the window counts down; its upper bits are looked at one cycle late, its last two at once
        self.o.d.next.slot = self.slot.val();
        self.o.d.next.corrected = self.corrected.val();
        self.o.d.next.bad = self.bad.val();
        self.left.next = self.o.q.val().left;
        self.left_upper.next = self.left.val().get_bits::<22>(2);
        self.left_lower.next = self.left.val().get_bits::<2>(0);
        self.over_now.next = self.o.q.val().slot & self.o.q.val().nearly_over & (self.left_lower.val() == 0);
        self.o.d.next.over = self.over_now.val();
        self.restart.next = self.take.val().get_bit(0);
        self.o.d.next.nearly_over = (self.left_upper.val() == 0) & !self.over_now.val() & !self.restart.val();
        if self.o.q.val().slot {
            self.o.d.next.left = self.left.val() - 1;
        }
        if self.over_now.val() {
            self.o.d.next.left = self.window.val() - 1;
        }

        // the seventeenth bit of a count holds it
        self.corrected_count.next = self.o.q.val().corrected_count;
        self.bad_count.next = self.o.q.val().bad_count;
        if self.o.q.val().corrected & !self.corrected_count.val().get_bit(16) {
            self.o.d.next.corrected_count = self.corrected_count.val() + 1;
        }
        if self.o.q.val().bad & !self.bad_count.val().get_bit(16) {
            self.o.d.next.bad_count = self.bad_count.val() + 1;
        }
        self.corrected_low.next = self.corrected_count.val().get_bits::<16>(0);
        self.bad_low.next = self.bad_count.val().get_bits::<16>(0);
        if self.corrected_count.val().get_bit(16) {
            self.corrected_low.next = self.full.val();
        }
        if self.bad_count.val().get_bit(16) {
            self.bad_low.next = self.full.val();
        }
        if self.o.q.val().over {
            self.o.d.next.last_corrected = self.corrected_low.val();
            self.o.d.next.last_bad = self.bad_low.val();
            self.o.d.next.corrected_count = bit_cast_w::<17, 1>(self.o.q.val().corrected.into());
            self.o.d.next.bad_count = bit_cast_w::<17, 1>(self.o.q.val().bad.into());
        }
        if self.restart.val() {
            self.o.d.next.left = self.data.val().get_bits::<24>(0);
            self.o.d.next.over = false;
            self.o.d.next.corrected_count = 0.into();
            self.o.d.next.bad_count = 0.into();
        }

        // compare, then decide
        self.o.d.next.compare_now = self.o.q.val().over;
        self.o.d.next.enough = self.o.q.val().last_corrected >= self.up.val();
        self.o.d.next.few = self.o.q.val().last_corrected < self.down.val();
        self.o.d.next.bursty = self.o.q.val().last_bad >= self.burst_up.val();
        self.o.d.next.spotless = self.o.q.val().last_bad == 0;
        self.o.d.next.decide_now = self.o.q.val().compare_now;
        self.o.d.next.quiet_next = self.o.q.val().quiet + 1;
        self.o.d.next.long_quiet = self.o.q.val().quiet_next >= self.hold.val();
        self.wanted.next = self.o.q.val().wanted;
        self.wanted_up.next = self.wanted.val() + 1;
        self.wanted_down.next = self.wanted.val() - 1;
        self.is_top.next = self.wanted.val() == self.top.val();
        self.is_bottom.next = self.wanted.val() == 0;
        self.o.d.next.adaptive = self.adaptive.val();
        self.is_quiet.next = self.o.q.val().few & self.o.q.val().spotless & !self.o.q.val().enough;
        self.jumps.next =
            self.o.q.val().decide_now & self.o.q.val().adaptive & self.o.q.val().bursty & !self.is_top.val();
        self.steps_up.next = self.o.q.val().decide_now
            & self.o.q.val().adaptive
            & self.o.q.val().enough
            & !self.is_top.val()
            & !self.o.q.val().bursty;
        self.steps_down.next = self.o.q.val().decide_now
            & self.o.q.val().adaptive
            & self.is_quiet.val()
            & self.o.q.val().long_quiet
            & !self.o.q.val().bursty
            & !self.is_bottom.val();
        self.host_moves.next = !self.o.q.val().adaptive & (self.host_rung.val() != self.wanted.val());
        self.asks.next = self.seen_request.val() == self.top.val();
        self.o.d.next.asked = self.asks.val();
        self.newly_asked.next = self.asks.val() & !self.o.q.val().asked;
        if self.o.q.val().decide_now {
            self.o.d.next.quiet = 0.into();
            if self.is_quiet.val() & !self.steps_down.val() {
                self.o.d.next.quiet = self.o.q.val().quiet;
                if !self.o.q.val().long_quiet {
                    self.o.d.next.quiet = self.o.q.val().quiet_next;
                }
            }
        }
        if self.newly_asked.val() {
            self.o.d.next.reason = self.by_far_end.val();
        }
        if self.host_moves.val() {
            self.o.d.next.wanted = self.host_rung.val();
            self.o.d.next.reason = self.by_host.val();
        }
        if self.steps_down.val() {
            self.o.d.next.wanted = self.wanted_down.val();
            self.o.d.next.reason = self.by_quiet.val();
        }
        if self.steps_up.val() {
            self.o.d.next.wanted = self.wanted_up.val();
            self.o.d.next.reason = self.by_errors.val();
        }
        if self.jumps.val() {
            self.o.d.next.wanted = self.top.val();
            self.o.d.next.reason = self.by_bursts.val();
        }
        if self.newly_asked.val()
            | self.host_moves.val()
            | self.steps_down.val()
            | self.steps_up.val()
            | self.jumps.val()
        {
            self.o.d.next.steps = self.o.q.val().steps + 1;
        }

        if self.restart.val() {
            self.o.d.next.quiet = 0.into();
        }

        // switch between frames
        if !self.rx_in_frame.val() {
            self.o.d.next.rung = self.wanted.val();
        }
        if !self.tx_in_frame.val() {
            self.o.d.next.tx_parity = self.host_tx_parity.val() | self.o.q.val().asked;
        }
        self.rung.next = self.o.q.val().rung;
        self.tx_parity.next = self.o.q.val().tx_parity;
        self.idle_request.next = self.host_request.val();
        if self.o.q.val().adaptive & self.is_top.val() {
            self.idle_request.next = self.top.val();
        }
    }
}
