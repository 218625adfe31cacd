//! What PairGap's learner keeps from cycle to cycle.

use crate::prelude::*;
use crate::word::W;

/// The learner.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LearnState {
    pub learning: Bit,
    /// Four steps for each of three entries, in whose successor's first two it is written; two for the history.
    pub step: W<4>,
    /// Class of the burst before the gap.
    pub burst: W<6>,
    /// The gap so far, then the one that is being learned.
    pub gap: W<9>,
    pub is_real: Bit,
    pub entry: W<16>,
    pub sure_b: Bit,
    pub sure_s: Bit,
    pub difference: W<10>,
    pub change: W<10>,
    pub near: Bit,
    pub fits: Bit,
    pub spared: Bit,
    // what becomes of the entry
    pub takes: Bit,
    pub takes_tag: Bit,
    pub rises: Bit,
    /// Of the cycle before: far above the stored value.
    pub above: Bit,
    pub conf: W<3>,
    pub wide: Bit,
    pub stored: W<9>,
    pub write_b: Bit,
    pub write_s: Bit,
    /// XOR 64.
    pub credit: W<8>,
    /// No more credit is given.
    pub credit_full: Bit,
    /// XOR 1.
    pub lfsr: W<9>,
    pub last: W<9>,
    pub signs: W<3>,
}
