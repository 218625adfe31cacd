//! The laser's switch: enable and hold, with every timing rule of the laser.
//!
//! ```text
//!               +---LaserSwitch---+
//!  Bit ---------| client_valid    |
//!  Bit ---------| in_frame        |
//!  Bit, W<17> --| hint_soon ...   |--- laser_en   Bit
//!  Bit ---------| want            |--- tx_hold    Bit
//!  W<12> ... ---| t_on min_on ... |
//!               +-----------------+
//! ```
//!
//! | contract       | value |
//! |----------------|-------|
//! | light on       | the cycle after a client, `want` or a due hint asks, once `min_off` is over |
//! | hold           | from darkness until `t_on - 1` cycles of light; a beat accepted then is on the line after `t_on` slots of light |
//! | light off      | never while a client offers, a frame is open, a hint is near, or before `min_on` |
//! | client held    | at most `t_on + what is left of min_off - notice` cycles |
//! | smallest times | `t_on` and `min_on` below 4 act as 4, `min_off` of 2 or 3 acts as 4 |
//! | comb. paths    | none from inputs to outputs |
//! | after power-on | dark, holding |
//!
//! A hint ("a burst not earlier than in n slots") turns the light on `t_on` before that burst. It is consumed by the
//! first burst that starts once it is due, or dropped when it has been due for [`HINT_LIFE`]. A hint blocks turn-off unless the burst is too
//! far for `min_off` to matter. Where `want` and the hints come from is of no concern here.

use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// What `age` shows in the second cycle after a change, so that no threshold needs a subtraction.
const AGE_AFTER_CHANGE: u64 = 4;
/// Cycles that a due hint waits for its burst, less those that it was late.
pub const HINT_LIFE: u64 = 1 << 13;

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct SwitchState {
    /// Light.
    enabled: Bit,
    enabled_before: Bit,
    /// Data may be accepted.
    open: Bit,
    /// Nothing but a client, a frame or a new hint stands against turning off.
    off_allowed: Bit,
    /// `min_off` is over.
    on_allowed: Bit,
    was_idle: Bit,
    /// Complement of the cycles since the last change, stopped when bit 12 falls. Complements, because a carry chain
    /// takes registers as they are: `a >= b` is "no carry out of `b + !a`".
    age: W<13>,
    /// `age` has reached a threshold.
    age_min_on: Bit,
    age_min_off: Bit,
    age_t_on: Bit,
    hint_up: Bit,
    hint_far: Bit,
    /// Complement of the slots left until the hint is due; the cycles since then.
    hint_count: W<17>,
}

#[derive(LogicBlock)]
pub struct LaserSwitch {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    /// A client offers a beat.
    pub client_valid: Signal<In, Bit>,
    /// From the cycle after a frame's first word was accepted to the one before its END or last parity word is sent.
    pub in_frame: Signal<In, Bit>,
    /// A hint comes in the next cycle.
    pub hint_soon: Signal<In, Bit>,
    /// A burst starts not earlier than in `t_on - hint_lag` cycles from this one.
    pub hint_valid: Signal<In, Bit>,
    /// Not negative: due at once. Zero while there is no hint.
    pub hint_lag: Signal<In, W<17>>,
    /// Hints are ignored while low.
    pub hint_enable: Signal<In, Bit>,
    /// The policy wants light, whatever the client does.
    pub want: Signal<In, Bit>,
    pub t_on: Signal<In, W<12>>,
    pub min_on: Signal<In, W<12>>,
    pub min_off: Signal<In, W<12>>,
    /// `min_off + 8`.
    pub hint_margin: Signal<In, W<13>>,
    /// `min_off` is 0 or 1: a cycle of darkness is enough.
    pub no_min_off: Signal<In, Bit>,
    pub laser_en: Signal<Out, Bit>,
    pub tx_hold: Signal<Out, Bit>,
    /// `tx_hold` of the next cycle, for a register beside the client.
    pub tx_hold_next: Signal<Out, Bit>,
    state: DFF<SwitchState>,
    start: Constant<W<13>>,
    changed: Signal<Local, Bit>,
    due: Signal<Local, Bit>,
    hint: Signal<Local, Bit>,
    off_now: Signal<Local, Bit>,
    rise: Signal<Local, Bit>,
    opens: Signal<Local, Bit>,
    age_word: Signal<Local, W<13>>,
    age_less: Signal<Local, W<13>>,
    age_short: Signal<Local, W<13>>,
    age_full: Signal<Local, Bit>,
    sum_min_on: Signal<Local, W<13>>,
    sum_min_off: Signal<Local, W<13>>,
    sum_t_on: Signal<Local, W<13>>,
    min_on_word: Signal<Local, W<13>>,
    min_off_word: Signal<Local, W<13>>,
    t_on_word: Signal<Local, W<13>>,
    count: Signal<Local, W<17>>,
    lag_inverse: Signal<Local, W<17>>,
    count_next: Signal<Local, W<17>>,
    count_word: Signal<Local, W<18>>,
    margin_word: Signal<Local, W<18>>,
    sum_margin: Signal<Local, W<18>>,
}

impl Default for LaserSwitch {
    fn default() -> Self {
        Self {
            start: Constant::new(W::new(!AGE_AFTER_CHANGE)),
            clock: Default::default(),
            reset: Default::default(),
            client_valid: Default::default(),
            in_frame: Default::default(),
            hint_soon: Default::default(),
            hint_valid: Default::default(),
            hint_lag: Default::default(),
            hint_enable: Default::default(),
            want: Default::default(),
            t_on: Default::default(),
            min_on: Default::default(),
            min_off: Default::default(),
            hint_margin: Default::default(),
            no_min_off: Default::default(),
            laser_en: Default::default(),
            tx_hold: Default::default(),
            tx_hold_next: Default::default(),
            state: Default::default(),
            changed: Default::default(),
            due: Default::default(),
            hint: Default::default(),
            off_now: Default::default(),
            rise: Default::default(),
            opens: Default::default(),
            age_word: Default::default(),
            age_less: Default::default(),
            age_short: Default::default(),
            age_full: Default::default(),
            sum_min_on: Default::default(),
            sum_min_off: Default::default(),
            sum_t_on: Default::default(),
            min_on_word: Default::default(),
            min_off_word: Default::default(),
            t_on_word: Default::default(),
            count: Default::default(),
            lag_inverse: Default::default(),
            count_next: Default::default(),
            count_word: Default::default(),
            margin_word: Default::default(),
            sum_margin: Default::default(),
        }
    }
}

crate::inputs!(LaserSwitch: reset, client_valid, in_frame, hint_soon, hint_valid, hint_lag, hint_enable, want, t_on, min_on, min_off, hint_margin, no_min_off; state);

impl Logic for LaserSwitch {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        // age of the present state
        self.changed.next = self.state.q.val().enabled ^ self.state.q.val().enabled_before;
        self.age_word.next = self.state.q.val().age;
        self.age_less.next = self.age_word.val() - 1;
        self.age_full.next = !self.age_word.val().get_bit(12);
        self.age_short.next = bit_cast_w::<13, 12>(self.age_word.val().get_bits::<12>(0));
        self.state.d.next.enabled_before = self.state.q.val().enabled;
        if self.changed.val() {
            self.state.d.next.age = self.start.val();
        } else if !self.age_full.val() {
            self.state.d.next.age = self.age_less.val();
        }
        self.min_on_word.next = bit_cast_w::<13, 12>(self.min_on.val());
        self.min_off_word.next = bit_cast_w::<13, 12>(self.min_off.val());
        self.t_on_word.next = bit_cast_w::<13, 12>(self.t_on.val());
        self.sum_min_on.next = self.min_on_word.val() + self.age_short.val();
        self.sum_min_off.next = self.min_off_word.val() + self.age_short.val();
        self.sum_t_on.next = self.t_on_word.val() + self.age_short.val();
        self.state.d.next.age_min_on = !self.changed.val() & (self.age_full.val() | !self.sum_min_on.val().get_bit(12));
        self.state.d.next.age_min_off =
            !self.changed.val() & (self.age_full.val() | !self.sum_min_off.val().get_bit(12));
        self.state.d.next.age_t_on = !self.changed.val() & (self.age_full.val() | !self.sum_t_on.val().get_bit(12));

        // the hint: a count that starts anew when a hint comes, with the lag added once
        self.count.next = self.state.q.val().hint_count;
        self.due.next = self.state.q.val().hint_up & !self.count.val().get_bit(16) & !self.hint_valid.val();
        self.hint.next = self.hint_valid.val() & self.hint_enable.val();
        self.lag_inverse.next = !self.hint_lag.val();
        self.count_next.next = self.count.val() - self.lag_inverse.val();
        self.state.d.next.hint_count = self.count_next.val();
        if self.hint_soon.val() {
            self.state.d.next.hint_count = 0.into();
        }
        self.state.d.next.hint_up = self.hint.val()
            | (self.state.q.val().hint_up
                & !(self.due.val()
                    & ((self.client_valid.val() & self.state.q.val().was_idle) | self.count.val().get_bit(13))));
        self.count_word.next = bit_cast_w::<18, 17>(self.count.val());
        self.margin_word.next = bit_cast_w::<18, 13>(self.hint_margin.val());
        self.sum_margin.next = self.count_word.val() + self.margin_word.val();
        self.state.d.next.hint_far =
            !self.hint_valid.val() & self.count.val().get_bit(16) & !self.sum_margin.val().get_bit(17);

        // off: registered permission, vetoed by what happens now
        self.state.d.next.was_idle = !self.client_valid.val() & !self.in_frame.val();
        self.off_now.next = self.state.q.val().enabled
            & self.state.q.val().off_allowed
            & !self.client_valid.val()
            & !self.in_frame.val()
            & !self.hint_valid.val();
        self.state.d.next.off_allowed = self.state.q.val().enabled
            & self.state.q.val().enabled_before
            & self.state.q.val().age_min_on
            & !self.want.val()
            & !self.hint.val()
            & (!self.state.q.val().hint_up | self.state.q.val().hint_far);

        // on
        self.state.d.next.on_allowed = self.no_min_off.val()
            | (!self.changed.val() & !self.state.q.val().enabled & self.state.q.val().age_min_off);
        self.rise.next = self.state.q.val().on_allowed
            & !self.state.q.val().enabled
            & (self.client_valid.val()
                | self.want.val()
                | self.due.val()
                | (self.hint.val() & !self.hint_lag.val().get_bit(16)));
        self.state.d.next.enabled = (self.state.q.val().enabled & !self.off_now.val()) | self.rise.val();
        self.opens.next = !self.reset.val()
            & self.state.q.val().enabled
            & self.state.q.val().enabled_before
            & !self.off_now.val()
            & self.state.q.val().age_t_on;
        self.state.d.next.open = self.opens.val();

        if self.reset.val() {
            self.state.d.next.enabled = false;
            self.state.d.next.off_allowed = false;
            self.state.d.next.hint_up = false;
        }
        self.laser_en.next = self.state.q.val().enabled;
        self.tx_hold.next = !self.state.q.val().open;
        self.tx_hold_next.next = !self.opens.val();
    }
}
