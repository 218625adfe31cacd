//! 114 fresh random bits every cycle while it runs: three draws of 31 bits for a threshold and 7 for a place.
//!
//! ```text
//!         +---NoiseSource---+
//!  load --|                 |-- level_0..2  W<31>
//!  run ---|                 |-- place_0..2  W<7>
//!  seed --|                 |
//!         +-----------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | law           | the shift register of x^127 + x^63 + 1, moved on by 114 places a cycle |
//! | levels        | one LUT: a new bit is the sum of two or three old ones |
//! | `load`        | the low 32 bits become `seed`, the others [`FILL`] |
//! | after power-on| as loaded with seed 1 |
//!
//! No lag of the trinomial, nor of its squares, is a multiple of 114, so that no bit of a draw is the sum of the same
//! bit of two earlier ones.

use crate::activity;
use crate::word::W;
use rust_hdl::prelude::*;
use std::fmt::Write;

/// Length of the shift register.
pub const LENGTH: usize = 127;
/// Places that it moves on in a cycle.
pub const STEP: usize = 114;
/// Bits 32..127 after a load.
pub const FILL: u128 = 0x5bd1_e995_93c4_67e3_7db0_c7a4;
/// Bits of a threshold draw.
pub const LEVEL_BITS: usize = 31;
/// Bits of a place draw.
pub const PLACE_BITS: usize = 7;

const MASK: u128 = (1 << LENGTH) - 1;

/// The state after a load.
pub const fn loaded(seed: u32) -> u128 {
    (seed as u128 | FILL << 32) & MASK
}

/// The state one cycle later: bit n + 127 is the sum of bits n + 63 and n.
pub const fn next(state: u128) -> u128 {
    // 63 places at once need only known bits; the remaining 51 follow
    let first = (state ^ state >> 63) & ((1 << 64) - 1);
    let middle = (state >> 64 | first << 63) & MASK;
    let second = (middle ^ middle >> 63) & ((1 << 50) - 1);
    (middle >> 50 | second << 77) & MASK
}

/// Draw `k` of a state: threshold and place.
pub const fn draw(state: u128, k: usize) -> (u32, u8) {
    let bits = (state >> (k * (LEVEL_BITS + PLACE_BITS))) as u64;
    ((bits & ((1 << LEVEL_BITS) - 1)) as u32, (bits >> LEVEL_BITS) as u8 & 127)
}

/// The source.
pub struct NoiseSource {
    pub clock: Signal<In, Clock>,
    pub load: Signal<In, Bit>,
    /// Moves on; stands still otherwise.
    pub run: Signal<In, Bit>,
    pub seed: Signal<In, W<32>>,
    pub level_0: Signal<Out, W<31>>,
    pub level_1: Signal<Out, W<31>>,
    pub level_2: Signal<Out, W<31>>,
    pub place_0: Signal<Out, W<7>>,
    pub place_1: Signal<Out, W<7>>,
    pub place_2: Signal<Out, W<7>>,
    _state: u128,
}

crate::leaf!(NoiseSource: clock, load, run, seed => level_0, level_1, level_2, place_0, place_1, place_2);

impl Default for NoiseSource {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            load: Default::default(),
            run: Default::default(),
            seed: Default::default(),
            level_0: Default::default(),
            level_1: Default::default(),
            level_2: Default::default(),
            place_0: Default::default(),
            place_1: Default::default(),
            place_2: Default::default(),
            _state: loaded(1),
        }
    }
}

impl Logic for NoiseSource {
    fn update(&mut self) {
        if activity::ticks(&self.clock) {
            if self.load.val() {
                self._state = loaded(self.seed.val().get() as u32);
                activity::note();
            } else if self.run.val() {
                self._state = next(self._state);
                activity::note();
            }
        }
        let (l0, p0) = draw(self._state, 0);
        let (l1, p1) = draw(self._state, 1);
        let (l2, p2) = draw(self._state, 2);
        self.level_0.next = W::new(l0 as u64);
        self.level_1.next = W::new(l1 as u64);
        self.level_2.next = W::new(l2 as u64);
        self.place_0.next = W::new(p0 as u64);
        self.place_1.next = W::new(p1 as u64);
        self.place_2.next = W::new(p2 as u64);
    }
    fn connect(&mut self) {
        self.level_0.connect();
        self.level_1.connect();
        self.level_2.connect();
        self.place_0.connect();
        self.place_1.connect();
        self.place_2.connect();
    }
    fn hdl(&self) -> Verilog {
        // new bit i as a sum of old ones, from the same function that the simulation runs
        let rows: Vec<u128> = (0..LENGTH)
            .map(|i| (0..LENGTH).filter(|j| next(1 << j) >> i & 1 != 0).fold(0u128, |row, j| row | 1 << j))
            .collect();
        let mut text = format!("reg [126:0] state = 127'h{:x};\nalways @(posedge clock) begin\n", loaded(1));
        for (i, row) in rows.iter().enumerate() {
            let sum: Vec<String> = (0..LENGTH).filter(|j| row >> j & 1 != 0).map(|j| format!("state[{j}]")).collect();
            let load = if i < 32 { format!("seed[{i}]") } else { format!("1'b{}", loaded(0) >> i & 1) };
            writeln!(text, "   if (load | run) state[{i}] <= load ? {load} : {};", sum.join(" ^ ")).unwrap();
        }
        text.push_str("end\nalways @(*) begin\n");
        for k in 0..3 {
            let low = k * (LEVEL_BITS + PLACE_BITS);
            writeln!(text, "   level_{k} = state[{}:{low}];", low + LEVEL_BITS - 1).unwrap();
            writeln!(text, "   place_{k} = state[{}:{}];", low + LEVEL_BITS + PLACE_BITS - 1, low + LEVEL_BITS)
                .unwrap();
        }
        text.push_str("end\n");
        Verilog::Custom(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_114_single_steps_of_the_trinomial() {
        let mut slow = loaded(7);
        let fast = next(slow);
        for _ in 0..STEP {
            let bit = (slow ^ slow >> 63) & 1;
            slow = slow >> 1 | bit << 126;
        }
        assert_eq!(fast, slow);
    }
}
