//! What the generator holds.

use crate::word::W;
use rust_hdl::prelude::*;

/// The frame in hand, the next one, the beat in the output register.
#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct GeneratorState {
    pub running: Bit,
    // the frame in hand
    pub gapping: Bit,
    pub active: Bit,
    pub words: W<13>,
    pub tail: W<3>,
    pub last: Bit,
    /// Two halves, so that the carry chain is short.
    pub gap_low: W<12>,
    pub gap_high: W<12>,
    pub gap_low_zero: Bit,
    pub gap_one: Bit,
    pub announces: Bit,
    pub announced: Bit,
    pub gapping_before: Bit,
    pub near: Bit,
    pub not_far: Bit,
    // the next frame
    /// Prepared, and may be taken.
    pub next_ready: Bit,
    pub next_words: W<13>,
    pub next_tail: W<3>,
    pub next_gap: W<24>,
    pub next_announces: Bit,
    pub next_is_one: Bit,
    pub next_no_gap: Bit,
    pub next_gap_one: Bit,
    pub next_low_zero: Bit,
    // preparing it
    pub starting: Bit,
    pub wants: Bit,
    /// A half of the schedule that may be played, or no schedule.
    pub permitted: Bit,
    pub loaded: Bit,
    pub first: Bit,
    pub index: W<8>,
    /// Number of entries less one; all ones for endless halves.
    pub last_entry: W<9>,
    pub wraps: Bit,
    pub filled_lower: Bit,
    pub filled_upper: Bit,
    pub underrun: Bit,
    pub burst: W<16>,
    pub burst_ends: Bit,
    pub endless: Bit,
    pub no_bursts: Bit,
    // frames begun
    pub sent_low: W<16>,
    pub sent_high: W<16>,
    pub sent_low_full: Bit,
    pub same_low: Bit,
    pub same_high: Bit,
    pub no_limit: Bit,
    // the beat
    pub word: W<64>,
    pub keep: W<8>,
    pub is_last: Bit,
    pub valid: Bit,
    pub pointer: W<10>,
    pub hint_valid: Bit,
    pub hint_slots: W<16>,
    pub schedule_writes: Bit,
    pub status: W<3>,
    pub in_use: Bit,
}
