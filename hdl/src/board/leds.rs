//! LEDs: four levels as they are, four events made long enough to see.
//!
//! ```text
//!                 +---Leds<T>---+
//!  levels W<4> ---|             |--- leds W<8>
//!  events W<4> ---|             |
//!                 +-------------+
//! ```
//!
//! | LED  | shows |
//! |------|-------|
//! | 3..0 | the levels, registered once |
//! | 7..4 | an event in the last `PERIOD` to twice as many cycles |

use crate::prelude::*;
use crate::word::{W, bit_cast_w};

#[derive(LogicBlock)]
pub struct Leds<const T: usize> {
    pub clock: Signal<In, Clock>,
    pub levels: Signal<In, W<4>>,
    pub events: Signal<In, W<4>>,
    pub leds: Signal<Out, W<8>>,
    shown: DFF<W<4>>,
    seen: DFF<W<4>>,
    long: DFF<W<4>>,
    low: DFF<W<12>>,
    carry: DFF<Bit>,
    high: DFF<W<T>>,
    tick: DFF<Bit>,
    wide: Signal<Local, W<8>>,
    placed: Signal<Local, W<8>>,
    last_low: Constant<W<12>>,
    last_high: Constant<W<T>>,
}

/// Cycles of the lower counter, which steps the upper one.
const LOW_CYCLES: u64 = 1 << 12;

impl<const T: usize> Default for Leds<T> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            levels: Default::default(),
            events: Default::default(),
            leds: Default::default(),
            shown: Default::default(),
            seen: Default::default(),
            long: Default::default(),
            low: Default::default(),
            carry: Default::default(),
            high: Default::default(),
            tick: Default::default(),
            wide: Default::default(),
            placed: Default::default(),
            last_low: Constant::new(W::new(LOW_CYCLES - 1)),
            last_high: Constant::new(W::new(u64::MAX)),
        }
    }
}

impl<const T: usize> Leds<T> {
    /// Cycles from one look at the events to the next.
    pub const PERIOD: u64 = LOW_CYCLES << T;
}

impl<const T: usize> Logic for Leds<T> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, shown, seen, long, low, carry, high, tick);
        // time, in two short counters
        self.low.d.next = self.low.q.val() + 1;
        self.carry.d.next = self.low.q.val() == self.last_low.val();
        if self.carry.q.val() {
            self.high.d.next = self.high.q.val() + 1;
        }
        self.tick.d.next = self.carry.q.val() & (self.high.q.val() == self.last_high.val());

        self.shown.d.next = self.levels.val();
        self.seen.d.next = self.seen.q.val() | self.events.val();
        if self.tick.q.val() {
            self.long.d.next = self.seen.q.val();
            self.seen.d.next = self.events.val();
        }
        self.wide.next = bit_cast_w::<8, 4>(self.long.q.val());
        self.placed.next = self.wide.val() << 4;
        self.leds.next = self.placed.val() | bit_cast_w::<8, 4>(self.shown.q.val());
    }
}
