//! What the generator holds.

use crate::word::W;
use rust_hdl::prelude::*;

/// The beat that is offered, the one that waits behind it, the frame in hand, the next one.
#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct GeneratorState {
    pub running: Bit,
    /// A start waits for the frame in hand.
    pub pending: Bit,
    pub begins: Bit,
    /// What a start reads, and from the fourth step on what a new burst does.
    pub settling: Bit,
    /// The first two steps: a reset network, from which logic is reached late; the enables take `step_1`.
    pub restarts: Bit,
    pub step_1: Bit,
    pub step_2: Bit,
    pub step_3: Bit,
    pub step_4: Bit,
    pub step_5: Bit,
    pub step_6: Bit,
    pub step_7: Bit,
    // the offered beat, and the one that waits behind it
    /// Of the beat that is offered next.
    pub word: W<64>,
    pub keep: W<8>,
    pub is_last: Bit,
    pub valid: Bit,
    /// Nothing waits: the frame in hand goes on.
    pub steps: Bit,
    pub held_beat: Bit,
    pub held_last: Bit,
    pub held_tail: W<3>,
    pub pointer: W<10>,
    // the frame in hand
    pub active: Bit,
    /// A gap, or a beat that is not the last.
    pub occupied: Bit,
    /// The next frame does not come in hand: it is not ready, or its place is occupied.
    pub stays: Bit,
    pub words: W<13>,
    pub tail: W<3>,
    /// Its last word is a whole one.
    pub whole: Bit,
    pub last: Bit,
    /// At most three words.
    pub few_words: Bit,
    pub gapping: Bit,
    /// The gap counts: this is not its first cycle.
    pub ticks: Bit,
    pub gap_first: Bit,
    /// This is the gap's last cycle.
    pub gap_ends: Bit,
    /// At most seven cycles.
    pub gap_small: Bit,
    /// Two halves, so that the carry chain is short; the upper one follows a cycle later.
    pub gap_low: W<12>,
    pub gap_high: W<12>,
    pub gap_borrows: Bit,
    pub announces: Bit,
    pub near: Bit,
    pub not_far: Bit,
    // the next frame
    /// Prepared, and may be taken.
    pub next_ready: Bit,
    pub next_words: W<13>,
    pub next_tail: W<3>,
    pub next_few: Bit,
    pub next_is_one: Bit,
    pub next_gap: W<24>,
    pub next_small: Bit,
    pub next_announces: Bit,
    // preparing it
    pub wants: Bit,
    /// A half of the schedule that may be played, or no schedule.
    pub permitted: Bit,
    pub loaded: Bit,
    pub first: Bit,
    pub index: W<8>,
    /// Pairs of bits in which the index after this one is not the number of entries.
    pub differing_pairs: W<5>,
    pub wraps: Bit,
    pub filled_lower: Bit,
    pub filled_upper: Bit,
    pub half_ends: Bit,
    pub lacks: Bit,
    pub underrun: Bit,
    pub endless: Bit,
    /// Frames until the burst ends, the last one included.
    pub burst: W<16>,
    pub burst_counts: Bit,
    pub burst_ends: Bit,
    pub no_bursts: Bit,
    // frames still to begin
    pub left_counts: Bit,
    pub left_moves: Bit,
    pub left_low: W<11>,
    pub left_mid: W<11>,
    pub left_high: W<10>,
    /// All bits of `left_low` above its first.
    pub low_but_one_zero: Bit,
    pub mid_zero: Bit,
    pub high_zero: Bit,
    pub no_limit: Bit,
    /// The frame that was taken last, unless there is no limit.
    pub was_last: Bit,
    // to others
    pub hint_valid: Bit,
    pub schedule_writes: Bit,
    pub status: W<3>,
    pub in_use: Bit,
}
