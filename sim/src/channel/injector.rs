//! The gateware's own error injector: up to three wrong bits a slot, slots independent.
//!
//! Three draws a slot; each hits with probability rate / 2^31 and then inverts one of 128 places drawn evenly, of
//! which 76 are line positions. Two draws on one place cancel.

use super::uniform;
use firstlight_spec::slot::SLOT_BITS;
use rand_chacha::ChaCha8Rng;
use rand_core::Rng;
use serde::{Deserialize, Serialize};

/// The injector in random mode.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injector {
    /// Value of register `inj_rate`.
    pub rate: u32,
}

const DRAWS: usize = 3;
const PLACES: f64 = 128.0;

impl Injector {
    /// Rate at which every draw hits.
    pub const FULL: u32 = 1 << 31;

    /// The setting whose rate of wrong bits comes nearest.
    pub fn of_ber(ber: f64) -> Self {
        // a position is inverted by an odd number of three draws: solve for one draw's share of it
        let q = (1.0 - (1.0 - 2.0 * ber.min(0.5)).cbrt()) / 2.0;
        let rate = q * PLACES * f64::from(Self::FULL);
        Injector { rate: rate.round().min(f64::from(Self::FULL)) as u32 }
    }

    /// Probability that one draw inverts a position of the slot.
    fn effective(&self) -> f64 {
        f64::from(self.rate) / f64::from(Self::FULL) * SLOT_BITS as f64 / PLACES
    }

    /// Mean rate of wrong bits.
    pub fn ber(&self) -> f64 {
        // each position is inverted by an odd number of draws
        let q = self.effective() / SLOT_BITS as f64;
        let miss = 1.0 - 2.0 * q;
        (1.0 - miss.powi(DRAWS as i32)) / 2.0
    }

    /// Probability of w wrong bits in a slot, w = 0..=3; all patterns of one weight are equally likely.
    pub fn weights(&self) -> [f64; 4] {
        let (q, n) = (self.effective(), SLOT_BITS as f64);
        let hits = [(1.0 - q).powi(3), 3.0 * q * (1.0 - q).powi(2), 3.0 * q * q * (1.0 - q), q.powi(3)];
        // two draws coincide with probability 1/n; of three, all differ or one bit remains
        let differ = (1.0 - 1.0 / n) * (1.0 - 2.0 / n);
        [hits[0] + hits[2] / n, hits[1] + hits[3] * (1.0 - differ), hits[2] * (1.0 - 1.0 / n), hits[3] * differ]
    }

    /// Draws one slot's mask.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> u128 {
        let mut mask = 0u128;
        for _ in 0..DRAWS {
            if uniform(rng) * f64::from(Self::FULL) < f64::from(self.rate) {
                mask ^= 1 << (rng.next_u32() % 128);
            }
        }
        mask & ((1 << SLOT_BITS) - 1)
    }
}
