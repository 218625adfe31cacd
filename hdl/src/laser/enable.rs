//! The laser block: registers, policy of the chosen mode, switch, events.
//!
//! ```text
//!                 +----LaserEnable----+
//!  BusRequest ----| bus_request       |--- bus_read     Bit  
//!  Bit -----------| client_valid      |--- laser_en     Bit, to the pin
//!  Bit -----------| in_frame          |--- tx_hold      Bit, to the link
//!  Bit, W<16> ----| hint_valid, slots |--- stall_limit  W<16>, to the link
//!  Bit -----------| link_down         |--- sleeps       Bit, to the link
//!                 |                   |--- events       W<8>
//!                 +-------------------+
//! ```
//!
//! | contract       | value |
//! |----------------|-------|
//! | always on      | light from the second cycle after power-on, hold until `t_on`, never again |
//! | reactive       | dark from the cycle after the first idle one; a burst is held `t_on` |
//! | hint           | as reactive; a hint turns the light on `t_on` before its burst |
//! | timeout        | dark after `timeout` + [`TIMEOUT_LAG`] idle cycles; hints work as above |
//! | PairGap        | as timeout, and dark while [`crate::laser::pair_gap`] says so |
//! | link down      | light, in any mode |
//! | notice         | counts from the cycle after `hint_valid` |
//! | a wrong hint   | is dropped after [`HINT_LIFE`](crate::laser::switch::HINT_LIFE) cycles without a burst; it has cost their light |
//! | comb. paths    | none from inputs to outputs |
//!
//! Idle: no beat offered, no frame open. A burst starts when a beat is offered after [`LULL`] idle cycles or more, or
//! when it finds the transmitter held. `events`, from bit 0: bursts, late bursts, held cycles, enabled cycles, wake-ups,
//! predictions made, used, late.

use crate::control::bus::BusRequest;
use crate::laser::log_count::AHEAD;
use crate::laser::pair_gap::PairGap;
use crate::laser::registers::LaserRegisters;
use crate::laser::switch::LaserSwitch;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::events;

/// Idle cycles after `timeout` until the light is out.
pub const TIMEOUT_LAG: u64 = 3;
/// Shorter pauses do not end a burst.
pub const LULL: u64 = 8;
/// Place of `events` in the event bundle.
pub const EVENTS_LSB: usize = events::bit("bursts");

const _: () = assert!(
    events::bit("bursts_late") == EVENTS_LSB + 1
        && events::bit("held_cycles") == EVENTS_LSB + 2
        && events::bit("enabled_cycles") == EVENTS_LSB + 3
        && events::bit("wake_ups") == EVENTS_LSB + 4
        && events::bit("predictions_made") == EVENTS_LSB + 5
        && events::bit("predictions_used") == EVENTS_LSB + 6
        && events::bit("predictions_late") == EVENTS_LSB + 7
);

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct EnableState {
    was_idle: Bit,
    hint_valid: Bit,
    /// Zero without a hint.
    hint_lag: W<17>,
    /// Complement of the idle cycles, see [`crate::laser::switch`]; of [`AHEAD`] in the second idle cycle.
    idle_low: W<14>,
    idle_high: W<10>,
    /// The low bits of the next cycle; the high ones then count down.
    ahead: W<14>,
    borrows: Bit,
    /// The low bits have not reached those of the timeout.
    is_below: Bit,
    expired: Bit,
    /// Idle for [`LULL`] cycles.
    lull: Bit,
    want: Bit,
    enabled_before: Bit,
    events: W<8>,
}

#[derive(LogicBlock)]
pub struct LaserEnable {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    /// A tx client offers a beat, taken or not.
    pub client_valid: Signal<In, Bit>,
    /// From the cycle after a frame's first word was accepted to the one before its END or last parity word is sent.
    pub in_frame: Signal<In, Bit>,
    /// A burst starts not earlier than `hint_slots` cycles after the next one.
    pub hint_valid: Signal<In, Bit>,
    pub hint_slots: Signal<In, W<16>>,
    /// The link is not known to be aligned at both ends: light in any mode, until it is.
    pub link_down: Signal<In, Bit>,
    pub laser_en: Signal<Out, Bit>,
    /// No beat may be accepted; IDLEs are sent.
    pub tx_hold: Signal<Out, Bit>,
    /// `tx_hold` of the next cycle, for a register beside the client.
    pub tx_hold_next: Signal<Out, Bit>,
    /// Stalls within a frame that are longer end it stomped; 0 = never.
    pub stall_limit: Signal<Out, W<16>>,
    /// Any mode but always on: darkness is no fault of the line.
    pub sleeps: Signal<Out, Bit>,
    pub events: Signal<Out, W<8>>,
    registers: Quiet<LaserRegisters>,
    switch: Quiet<LaserSwitch>,
    pair_gap: Quiet<PairGap>,
    state: DFF<EnableState>,
    no_cycles: Constant<W<14>>,
    first: Constant<W<14>>,
    second: Constant<W<14>>,
    all_high: Constant<W<10>>,
    slots_word: Signal<Local, W<17>>,
    t_on_word: Signal<Local, W<17>>,
    lag: Signal<Local, W<17>>,
    hint: Signal<Local, Bit>,
    busy: Signal<Local, Bit>,
    starts: Signal<Local, Bit>,
    enabled: Signal<Local, Bit>,
    hold: Signal<Local, Bit>,
    idle_low: Signal<Local, W<14>>,
    ahead: Signal<Local, W<14>>,
    one_less: Signal<Local, W<10>>,
    low_word: Signal<Local, W<15>>,
    low_timeout: Signal<Local, W<15>>,
    low_sum: Signal<Local, W<15>>,
    high_word: Signal<Local, W<12>>,
    high_timeout: Signal<Local, W<12>>,
    high_sum: Signal<Local, W<12>>,
    held: Signal<Local, Bit>,
    wakes: Signal<Local, Bit>,
    late: Signal<Local, Bit>,
    strobes: Signal<Local, W<8>>,
}

impl Default for LaserEnable {
    fn default() -> Self {
        Self {
            no_cycles: Constant::new(W::new(!AHEAD)),
            first: Constant::new(W::new(AHEAD)),
            second: Constant::new(W::new(!(AHEAD + 1))),
            all_high: Constant::new(W::new(!0)),
            clock: Default::default(),
            reset: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            client_valid: Default::default(),
            in_frame: Default::default(),
            hint_valid: Default::default(),
            hint_slots: Default::default(),
            link_down: Default::default(),
            laser_en: Default::default(),
            tx_hold: Default::default(),
            tx_hold_next: Default::default(),
            stall_limit: Default::default(),
            sleeps: Default::default(),
            events: Default::default(),
            registers: Default::default(),
            switch: Default::default(),
            pair_gap: Default::default(),
            t_on_word: Default::default(),
            lag: Default::default(),
            hint: Default::default(),
            state: Default::default(),
            slots_word: Default::default(),
            busy: Default::default(),
            starts: Default::default(),
            enabled: Default::default(),
            hold: Default::default(),
            idle_low: Default::default(),
            ahead: Default::default(),
            one_less: Default::default(),
            low_word: Default::default(),
            low_timeout: Default::default(),
            low_sum: Default::default(),
            high_word: Default::default(),
            high_timeout: Default::default(),
            high_sum: Default::default(),
            held: Default::default(),
            wakes: Default::default(),
            late: Default::default(),
            strobes: Default::default(),
        }
    }
}

crate::inputs!(LaserEnable: reset, bus_request, client_valid, in_frame, hint_valid, hint_slots, link_down; registers, switch, pair_gap, state);

impl Logic for LaserEnable {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        clock!(self, clock, registers, switch, pair_gap);
        self.switch.reset.next = self.reset.val();
        self.registers.bus_request.next = self.bus_request.val();
        self.bus_read.next = self.registers.bus_read.val();
        self.stall_limit.next = self.registers.stall_limit.val();
        self.sleeps.next = self.registers.sleeps.val();

        // the switch
        self.switch.client_valid.next = self.client_valid.val();
        self.switch.in_frame.next = self.in_frame.val();
        self.switch.hint_enable.next = !self.registers.reactive.val();
        self.hint.next = self.hint_valid.val() | self.registers.doorbell_valid.val();
        self.state.d.next.hint_valid = self.hint.val();
        self.slots_word.next = bit_cast_w::<17, 16>(self.hint_slots.val());
        if self.registers.doorbell_valid.val() {
            self.slots_word.next = bit_cast_w::<17, 16>(self.registers.doorbell_slots.val());
        }
        self.t_on_word.next = bit_cast_w::<17, 12>(self.registers.t_on.val());
        self.lag.next = self.t_on_word.val() - self.slots_word.val();
        self.state.d.next.hint_lag = 0.into();
        if self.hint.val() {
            self.state.d.next.hint_lag = self.lag.val();
        }
        self.switch.hint_soon.next = self.hint.val();
        self.switch.hint_valid.next = self.state.q.val().hint_valid;
        self.switch.hint_lag.next = self.state.q.val().hint_lag;
        self.switch.t_on.next = self.registers.t_on.val();
        self.switch.min_on.next = self.registers.min_on.val();
        self.switch.min_off.next = self.registers.min_off.val();
        self.switch.hint_margin.next = self.registers.hint_margin.val();
        self.switch.no_min_off.next = self.registers.no_min_off.val();
        self.enabled.next = self.switch.laser_en.val();
        self.hold.next = self.switch.tx_hold.val();
        self.laser_en.next = self.enabled.val();
        self.tx_hold.next = self.hold.val();
        self.tx_hold_next.next = self.switch.tx_hold_next.val();
        self.registers.enabled.next = self.enabled.val();
        self.registers.ready.next = !self.hold.val();
        self.registers.credit.next = self.pair_gap.credit.val();

        // the idle timer
        self.held.next = self.client_valid.val() & self.hold.val();
        self.busy.next = self.client_valid.val() | self.in_frame.val();
        self.state.d.next.was_idle = !self.busy.val();
        self.idle_low.next = self.state.q.val().idle_low;
        self.ahead.next = self.state.q.val().ahead;
        self.state.d.next.ahead = self.ahead.val() - 1;
        self.state.d.next.idle_low = self.ahead.val();
        self.state.d.next.borrows = self.state.q.val().was_idle & !self.ahead.val().any();
        self.one_less.next = 0.into();
        if self.state.q.val().borrows {
            self.one_less.next = self.all_high.val();
        }
        self.state.d.next.idle_high = self.state.q.val().idle_high + self.one_less.val();
        if !self.state.q.val().was_idle {
            self.state.d.next.ahead = self.second.val();
            self.state.d.next.idle_low = self.no_cycles.val();
            self.state.d.next.idle_high = self.all_high.val();
        }
        // compared in two halves, the lower one a cycle ahead; it carries into the upper one
        self.low_word.next = bit_cast_w::<15, 14>(self.ahead.val());
        self.low_timeout.next = bit_cast_w::<15, 14>(self.registers.timeout_low.val());
        self.low_sum.next = self.low_word.val() + self.low_timeout.val();
        self.state.d.next.is_below = self.low_sum.val().get_bit(14);
        if !self.state.q.val().was_idle {
            self.state.d.next.is_below = self.registers.timeout_low.val() > self.first.val();
        }
        self.high_word.next = bit_cast_w::<12, 10>(self.state.q.val().idle_high);
        self.high_word.next = self.high_word.val() << 1;
        self.high_word.next = self.high_word.val().replace_bit(0, true);
        self.high_timeout.next = bit_cast_w::<12, 10>(self.registers.timeout_high.val());
        self.high_timeout.next = self.high_timeout.val() << 1;
        self.high_timeout.next = self.high_timeout.val().replace_bit(0, self.state.q.val().is_below);
        self.high_sum.next = self.high_word.val() + self.high_timeout.val();
        self.state.d.next.expired = !self.busy.val()
            & self.state.q.val().was_idle
            & (self.state.q.val().expired | !self.high_sum.val().get_bit(11));
        self.state.d.next.lull =
            self.state.q.val().was_idle & (self.state.q.val().lull | !self.idle_low.val().get_bit(3));

        // the policy
        self.state.d.next.want = self.registers.always_on.val()
            | self.link_down.val()
            | (self.registers.timed.val() & !self.state.q.val().expired & !self.pair_gap.dark.val());
        self.switch.want.next = self.state.q.val().want;

        // the predictor
        self.pair_gap.reset.next = self.reset.val();
        self.pair_gap.busy.next = self.busy.val();
        self.pair_gap.was_idle.next = self.state.q.val().was_idle;
        self.pair_gap.held.next = self.held.val();
        self.pair_gap.lit.next = self.enabled.val();
        self.pair_gap.idle_count.next = self.idle_low.val();
        self.pair_gap.expired.next = self.state.q.val().expired;
        self.pair_gap.predicts.next = self.registers.predicts.val();
        self.pair_gap.t_on.next = self.registers.t_on.val();

        // events
        self.starts.next =
            self.client_valid.val() & self.state.q.val().was_idle & (self.state.q.val().lull | self.hold.val());
        self.late.next = self.starts.val() & self.hold.val();
        self.state.d.next.enabled_before = self.enabled.val();
        self.wakes.next = self.enabled.val() & !self.state.q.val().enabled_before;
        self.strobes.next = 0.into();
        self.strobes.next = self
            .strobes
            .val()
            .replace_bit(0, self.starts.val())
            .replace_bit(1, self.late.val())
            .replace_bit(2, self.held.val())
            .replace_bit(3, self.enabled.val())
            .replace_bit(4, self.wakes.val())
            .replace_bit(5, self.pair_gap.made.val())
            .replace_bit(6, self.pair_gap.used.val())
            .replace_bit(7, self.pair_gap.late.val());
        self.state.d.next.events = self.strobes.val();
        self.events.next = self.state.q.val().events;

        if self.reset.val() {
            self.state.d.next.expired = false;
        }
    }
}
