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
//! | latency  | last word of a cell at `rise`, `fall` to `valid`: [`VALID_CYCLES`] cycle |
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

/// Last word of a cell at `rise`, `fall` to `valid`.
pub const VALID_CYCLES: u64 = 1;

/// Registers of the aligner. A mark is judged in three steps after its strobe, long before the next one: is it formed,
/// is it good, what follows.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Aligner {
    pub phase: W<3>,
    pub strobe: Bit,
    pub judge: Bit,
    pub formed: Bit,
    pub turn: Bit,
    pub good: Bit,
    pub bad: Bit,
    /// This cell is a word longer: the cut moves.
    pub slip: Bit,
    pub is_first: Bit,
    pub is_last_good: Bit,
    pub is_last_bad: Bit,
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
    as_expected: Signal<Local, Bit>,
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
            as_expected: Default::default(),
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
        if self.state.q.val().slip {
            self.state.d.next.phase = self.state.q.val().phase;
        }
        // its mark: of the right form, and turned over since the last one
        self.state.d.next.judge = self.state.q.val().strobe;
        self.state.d.next.formed = (self.unpack.mark.val().get_bit(3) != self.unpack.mark.val().get_bit(0))
            & (self.unpack.mark.val().get_bit(2) != self.unpack.mark.val().get_bit(1));
        if self.state.q.val().strobe {
            self.state.d.next.turn = self.unpack.mark.val().get_bit(0);
        }
        self.state.d.next.is_first = !self.state.q.val().aligned & (self.state.q.val().good_count == 0);
        self.state.d.next.is_last_good = self.state.q.val().good_count == self.last_good.val();
        self.state.d.next.is_last_bad = self.state.q.val().bad_count == self.last_bad.val();
        self.as_expected.next = self.state.q.val().formed
            & (self.state.q.val().is_first | (self.state.q.val().turn == self.state.q.val().expected));
        self.state.d.next.good = self.state.q.val().judge & self.as_expected.val();
        self.state.d.next.bad = self.state.q.val().judge & !self.as_expected.val();
        self.state.d.next.slip = false;
        if self.state.q.val().good {
            self.state.d.next.expected = !self.state.q.val().turn;
            self.state.d.next.bad_count = 0.into();
            self.state.d.next.good_count = self.state.q.val().good_count + 1;
            self.state.d.next.aligned = self.state.q.val().aligned | self.state.q.val().is_last_good;
        }
        if self.state.q.val().bad {
            self.state.d.next.expected = !self.state.q.val().expected;
            self.state.d.next.good_count = 0.into();
            self.state.d.next.bad_count = self.state.q.val().bad_count + 1;
            if !self.state.q.val().aligned {
                self.state.d.next.slip = true;
                self.state.d.next.bad_count = 0.into();
            }
            if self.state.q.val().is_last_bad {
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
