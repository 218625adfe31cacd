//! Serialises slots onto the lanes and makes the slot clock.
//!
//! ```text
//!              +---LaneTx---+
//!  clock ------|            |--- slot_clock   clock / 5: the link's clock
//!  data -------|            |--- phase        place within the cell
//!  tail -------|            |--- rise, fall   bits of the eight lanes
//!              +------------+
//! ```
//!
//! | contract   | value |
//! |------------|-------|
//! | throughput | one slot in [`WORDS`] cycles |
//! | latency    | [`LOAD_CYCLES`] cycles from the slot clock's edge, then word k after k more |
//! | holds      | 1 slot |
//!
//! The mark: bit 0 alternates from cell to cell, bit 3 is its complement, bit 2 the complement of bit 1; bit 1 equals
//! bit 0 in the cell of an IDLE only. So a receiver finds cells, and knows an IDLE without trusting one bit alone.
//! The link runs on a divided clock rather than with an enable each fifth cycle: it stays one domain without enables,
//! and its three registers cost the same three slots.

use crate::phy::cell::{Pack, WORDS, Words};
use crate::prelude::*;
use crate::word::W;
use firstlight_spec::control::IDLE;

/// Cycles from the slot clock's rising edge to the one at which the slot is taken: the slack of the crossing.
pub const LOAD_CYCLES: u64 = 2;
const LAST_PHASE: u64 = WORDS as u64 - 1;

#[derive(LogicBlock)]
pub struct LaneTx {
    pub clock: Signal<In, Clock>,
    /// Stable for the whole period of the slot clock.
    pub data: Signal<In, W<64>>,
    /// Type in bits 3..0, check in bits 11..4.
    pub tail: Signal<In, W<12>>,
    /// High for two of five cycles; rises after phase 0.
    pub slot_clock: Signal<Out, Clock>,
    pub phase: Signal<Out, W<3>>,
    pub rise: Signal<Out, W<8>>,
    pub fall: Signal<Out, W<8>>,
    is_idle: Signal<Local, Bit>,
    load_now: Signal<Local, Bit>,
    mark: Signal<Local, W<4>>,
    kind: Signal<Local, W<4>>,
    first_byte: Signal<Local, W<8>>,
    head: Signal<Local, W<16>>,
    pack: Pack,
    words: DFF<Words>,
    counter: DFF<W<3>>,
    slow: DFF<Bit>,
    alternate: DFF<Bit>,
    held_fall: DFF<W<8>>,
    last_phase: Constant<W<3>>,
    load_phase: Constant<W<3>>,
    idle_byte: Constant<W<8>>,
}

impl Default for LaneTx {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            data: Default::default(),
            tail: Default::default(),
            slot_clock: Default::default(),
            phase: Default::default(),
            rise: Default::default(),
            fall: Default::default(),
            is_idle: Default::default(),
            load_now: Default::default(),
            mark: Default::default(),
            kind: Default::default(),
            first_byte: Default::default(),
            head: Default::default(),
            pack: Default::default(),
            words: Default::default(),
            counter: Default::default(),
            slow: Default::default(),
            alternate: Default::default(),
            held_fall: Default::default(),
            last_phase: Constant::new(W::new(LAST_PHASE)),
            load_phase: Constant::new(W::new(LOAD_CYCLES)),
            idle_byte: Constant::new(W::new(IDLE as u64)),
        }
    }
}

impl Logic for LaneTx {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, words, counter, slow, alternate, held_fall);
        // the phase and the slot clock
        self.counter.d.next = self.counter.q.val() + 1;
        if self.counter.q.val() == self.last_phase.val() {
            self.counter.d.next = 0.into();
        }
        self.slow.d.next = (self.counter.q.val() == 0) | (self.counter.q.val() == 1);
        self.slot_clock.next = self.slow.q.val().into();
        self.phase.next = self.counter.q.val();
        // the mark
        self.kind.next = self.tail.val().get_bits::<4>(0);
        self.first_byte.next = self.data.val().get_bits::<8>(0);
        self.is_idle.next = (self.kind.val() == 0) & (self.first_byte.val() == self.idle_byte.val());
        self.mark.next = 0.into();
        if self.alternate.q.val() & self.is_idle.val() {
            self.mark.next = 3.into();
        }
        if self.alternate.q.val() & !self.is_idle.val() {
            self.mark.next = 5.into();
        }
        if !self.alternate.q.val() & self.is_idle.val() {
            self.mark.next = 12.into();
        }
        if !self.alternate.q.val() & !self.is_idle.val() {
            self.mark.next = 10.into();
        }
        // the cell
        self.pack.data.next = self.data.val();
        self.pack.tail.next = self.tail.val();
        self.pack.mark.next = self.mark.val();
        self.load_now.next = self.counter.q.val() == self.load_phase.val();
        self.words.d.next.word_0 = self.words.q.val().word_1;
        self.words.d.next.word_1 = self.words.q.val().word_2;
        self.words.d.next.word_2 = self.words.q.val().word_3;
        self.words.d.next.word_3 = self.words.q.val().word_4;
        if self.load_now.val() {
            self.words.d.next.word_0 = self.pack.word_0.val();
            self.words.d.next.word_1 = self.pack.word_1.val();
            self.words.d.next.word_2 = self.pack.word_2.val();
            self.words.d.next.word_3 = self.pack.word_3.val();
            self.words.d.next.word_4 = self.pack.word_4.val();
            self.alternate.d.next = !self.alternate.q.val();
        }
        self.head.next = self.words.q.val().word_0;
        self.rise.next = self.head.val().get_bits::<8>(0);
        // a pin takes its falling bit half a cycle after the rising one, when the next word already stands here
        self.held_fall.d.next = self.head.val().get_bits::<8>(8);
        self.fall.next = self.held_fall.q.val();
    }
}
