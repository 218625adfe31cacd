//! Finds cells in what the lanes bring: five words, cut where the alignment mark alternates.
//!
//! ```text
//!              +---LaneRx---+
//!  clock ------|            |--- data, tail   slot, stable in the cycle of `valid`
//!  rise, fall -|            |--- idle         the mark says IDLE, and so does the type
//!              |            |--- valid        one cycle for each slot, while aligned
//!              |            |--- aligned
//!              +------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | clock    | the far board's forwarded clock |
//! | latency  | last word of a cell at `rise`, `fall` to `valid`: 1 cycle |
//! | align    | 16 good marks in a row; each bad one before that moves the cut by a word |
//! | lose     | 4 bad marks in a row |
//!
//! The forwarded clock already tells rising from falling bits, so a cell can start at only five places.

use crate::phy::cell::{Unpack, WORDS, Words};
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// Good marks in a row for alignment.
pub const ALIGN_MARKS: u64 = 16;
/// Bad marks in a row that lose it.
pub const LOSE_MARKS: u64 = 4;

/// Registers of the aligner.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Aligner {
    pub phase: W<3>,
    pub strobe: Bit,
    pub expected: Bit,
    pub good_count: W<4>,
    pub bad_count: W<2>,
    pub aligned: Bit,
}

#[derive(LogicBlock)]
pub struct LaneRx {
    pub clock: Signal<In, Clock>,
    pub rise: Signal<In, W<8>>,
    pub fall: Signal<In, W<8>>,
    pub data: Signal<Out, W<64>>,
    pub tail: Signal<Out, W<12>>,
    pub idle: Signal<Out, Bit>,
    pub valid: Signal<Out, Bit>,
    pub aligned: Signal<Out, Bit>,
    incoming: Signal<Local, W<16>>,
    kind: Signal<Local, W<4>>,
    formed: Signal<Local, Bit>,
    first_try: Signal<Local, Bit>,
    good: Signal<Local, Bit>,
    unpack: Unpack,
    words: DFF<Words>,
    state: DFF<Aligner>,
    last_phase: Constant<W<3>>,
    last_good: Constant<W<4>>,
    last_bad: Constant<W<2>>,
}

impl Default for LaneRx {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            rise: Default::default(),
            fall: Default::default(),
            data: Default::default(),
            tail: Default::default(),
            idle: Default::default(),
            valid: Default::default(),
            aligned: Default::default(),
            incoming: Default::default(),
            kind: Default::default(),
            formed: Default::default(),
            first_try: Default::default(),
            good: Default::default(),
            unpack: Default::default(),
            words: Default::default(),
            state: Default::default(),
            last_phase: Constant::new(W::new(WORDS as u64 - 1)),
            last_good: Constant::new(W::new(ALIGN_MARKS - 1)),
            last_bad: Constant::new(W::new(LOSE_MARKS - 1)),
        }
    }
}

impl Logic for LaneRx {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, words, state);
        // words enter at the top
        self.incoming.next = bit_cast_w::<16, 8>(self.fall.val()) << 8;
        self.words.d.next.word_4 = self.incoming.val() | bit_cast_w::<16, 8>(self.rise.val());
        self.words.d.next.word_3 = self.words.q.val().word_4;
        self.words.d.next.word_2 = self.words.q.val().word_3;
        self.words.d.next.word_1 = self.words.q.val().word_2;
        self.words.d.next.word_0 = self.words.q.val().word_1;
        self.unpack.words.next = self.words.q.val();
        // where a cell ends
        self.state.d.next.strobe = self.state.q.val().phase == self.last_phase.val();
        self.state.d.next.phase = self.state.q.val().phase + 1;
        if self.state.q.val().phase == self.last_phase.val() {
            self.state.d.next.phase = 0.into();
        }
        // its mark: of the right form, and turned over since the last one
        self.formed.next = (self.unpack.mark.val().get_bit(3) != self.unpack.mark.val().get_bit(0))
            & (self.unpack.mark.val().get_bit(2) != self.unpack.mark.val().get_bit(1));
        self.first_try.next = !self.state.q.val().aligned & (self.state.q.val().good_count == 0);
        self.good.next = self.formed.val()
            & (self.first_try.val() | (self.unpack.mark.val().get_bit(0) == self.state.q.val().expected));
        if self.state.q.val().strobe & self.good.val() {
            self.state.d.next.expected = !self.unpack.mark.val().get_bit(0);
            self.state.d.next.bad_count = 0.into();
            self.state.d.next.good_count = self.state.q.val().good_count + 1;
            if self.state.q.val().good_count == self.last_good.val() {
                self.state.d.next.aligned = true;
            }
        }
        if self.state.q.val().strobe & !self.good.val() {
            self.state.d.next.expected = !self.state.q.val().expected;
            self.state.d.next.good_count = 0.into();
            self.state.d.next.bad_count = self.state.q.val().bad_count + 1;
            if !self.state.q.val().aligned {
                // this cell is a word longer: the cut moves
                self.state.d.next.phase = 0.into();
                self.state.d.next.bad_count = 0.into();
            }
            if self.state.q.val().bad_count == self.last_bad.val() {
                self.state.d.next.aligned = false;
            }
        }
        // the slot
        self.data.next = self.unpack.data.val();
        self.tail.next = self.unpack.tail.val();
        self.kind.next = self.unpack.tail.val().get_bits::<4>(0);
        self.idle.next = (self.kind.val() == 0)
            & (self.unpack.mark.val().get_bit(0) == self.unpack.mark.val().get_bit(1))
            & (self.unpack.mark.val().get_bit(2) == self.unpack.mark.val().get_bit(3));
        self.valid.next = self.state.q.val().strobe & self.state.q.val().aligned;
        self.aligned.next = self.state.q.val().aligned;
    }
}
