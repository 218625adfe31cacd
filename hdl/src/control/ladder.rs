//! Moves the rung of the error correction: counts windows, compares with thresholds that the host computed.
//!
//! ```text
//!                    +--------Ladder--------+
//!  BusRequest -------| request     bus_read |-- W<32>
//!  slot, corrected, -|             rung     |-- W<2>   what the receiver does
//!  bad               |             tx_parity|-- Bit    send two parity words after END
//!  seen_request -----|         idle_request |-- W<2>   asked of the far end
//!  rx_in_frame ------|                      |
//!  host_* -----------|                      |
//!                    +----------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | registers   | those of [`LadderRegs`] |
//! | decision    | [`DECISION_LATENCY`] cycles after a window's last slot |
//! | switch      | `rung` when `rx_in_frame` is low; `tx_parity` at once: the transmitter takes it with a frame's last beat |
//! | window      | at least 8 slots; counts saturate at 65535; writing its length starts one, of one slot more |
//!
//! A window steps up by one when corrected words reach `up`, to L3 at once when uncorrectable ones reach `burst_up`;
//! `hold` windows in a row with fewer corrected words than `down` and no uncorrectable one step down by one. L3 is
//! asked of the far end in IDLE; its own request switches parity words on here.

use crate::control::bus::BusRequest;
use crate::control::ladder_regs::LadderRegs;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// Last slot of a window to the new rung, outside frames.
pub const DECISION_LATENCY: u64 = 6;

/// Why the rung moved last.
pub mod reason {
    pub const ERRORS: u64 = 1;
    pub const BURSTS: u64 = 2;
    pub const QUIET: u64 = 3;
    pub const FAR_END: u64 = 4;
    pub const HOST: u64 = 5;
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
    /// Rung that the far end asks for.
    pub seen_request: Signal<In, W<2>>,
    pub host_rung: Signal<In, W<2>>,
    pub host_tx_parity: Signal<In, Bit>,
    pub host_request: Signal<In, W<2>>,
    pub adaptive: Signal<In, Bit>,
    pub rung: Signal<Out, W<2>>,
    pub tx_parity: Signal<Out, Bit>,
    pub idle_request: Signal<Out, W<2>>,
    regs: LadderRegs,
    o: DFF<Observed>,
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
            seen_request: Default::default(),
            host_rung: Default::default(),
            host_tx_parity: Default::default(),
            host_request: Default::default(),
            adaptive: Default::default(),
            rung: Default::default(),
            tx_parity: Default::default(),
            idle_request: Default::default(),
            regs: Default::default(),
            o: Default::default(),
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

crate::inputs!(Ladder: request, slot, corrected, bad, rx_in_frame, seen_request, host_rung, host_tx_parity, host_request, adaptive; regs, o);

impl Logic for Ladder {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, o);
        clock!(self, clock, regs);
        self.regs.request.next = self.request.val();
        self.regs.told.next.rung = self.o.q.val().rung;
        self.regs.told.next.reason = self.o.q.val().reason;
        self.regs.told.next.steps = self.o.q.val().steps;
        self.regs.told.next.last_corrected = self.o.q.val().last_corrected;
        self.regs.told.next.last_bad = self.o.q.val().last_bad;
        self.bus_read.next = self.regs.bus_read.val();

        // the window counts down; its upper bits are looked at one cycle late, its last two at once
        self.o.d.next.slot = self.slot.val();
        self.o.d.next.corrected = self.corrected.val();
        self.o.d.next.bad = self.bad.val();
        self.left.next = self.o.q.val().left;
        self.left_upper.next = self.left.val().get_bits::<22>(2);
        self.left_lower.next = self.left.val().get_bits::<2>(0);
        self.over_now.next = self.o.q.val().slot & self.o.q.val().nearly_over & (self.left_lower.val() == 0);
        self.o.d.next.over = self.over_now.val();
        self.restart.next = self.regs.restart.val();
        self.o.d.next.nearly_over = (self.left_upper.val() == 0) & !self.over_now.val() & !self.restart.val();
        if self.o.q.val().slot {
            self.o.d.next.left = self.left.val() - 1;
        }
        if self.over_now.val() {
            self.o.d.next.left = self.regs.thresholds.val().window - 1;
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
            self.o.d.next.left = self.regs.written.val();
            self.o.d.next.over = false;
            self.o.d.next.corrected_count = 0.into();
            self.o.d.next.bad_count = 0.into();
        }

        // compare, then decide
        self.o.d.next.compare_now = self.o.q.val().over;
        self.o.d.next.enough = self.o.q.val().last_corrected >= self.regs.thresholds.val().up;
        self.o.d.next.few = self.o.q.val().last_corrected < self.regs.thresholds.val().down;
        self.o.d.next.bursty = self.o.q.val().last_bad >= self.regs.thresholds.val().burst_up;
        self.o.d.next.spotless = self.o.q.val().last_bad == 0;
        self.o.d.next.decide_now = self.o.q.val().compare_now;
        self.o.d.next.quiet_next = self.o.q.val().quiet + 1;
        self.o.d.next.long_quiet = self.o.q.val().quiet_next >= self.regs.thresholds.val().hold;
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

        // the receiver switches between frames
        if !self.rx_in_frame.val() {
            self.o.d.next.rung = self.wanted.val();
        }
        self.o.d.next.tx_parity = self.host_tx_parity.val() | self.o.q.val().asked;
        self.rung.next = self.o.q.val().rung;
        self.tx_parity.next = self.o.q.val().tx_parity;
        self.idle_request.next = self.host_request.val();
        if self.o.q.val().adaptive & self.is_top.val() {
            self.idle_request.next = self.top.val();
        }
    }
}
