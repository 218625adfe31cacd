//! Error propagation of a one-tap decision-feedback equaliser: a wrong bit makes the next one wrong as well.
//!
//! After a wrong bit the next is wrong with probability `repeat`; after a right one with the probability that gives
//! the bit error rate `ber` on the whole. Bursts last 1 / (1 - repeat) bits on average.

use super::{Hidden, Renewal, geometric, uniform};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A line behind a decision-feedback equaliser.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dfe {
    /// Share of wrong bits, those of bursts included.
    pub ber: f64,
    /// Probability that an error is followed by another.
    #[serde(default = "three_quarters")]
    pub repeat: f64,
}

fn three_quarters() -> f64 {
    0.75
}

impl Dfe {
    /// Probability that a burst starts after a right bit.
    fn start(&self) -> f64 {
        self.ber * (1.0 - self.repeat) / (1.0 - self.ber)
    }
}

impl Renewal for Dfe {
    fn first_gap(&self, rng: &mut ChaCha8Rng) -> u64 {
        // the first bit has no predecessor: its rate is that of the line
        if uniform(rng) < self.ber { 0 } else { geometric(self.start(), rng).saturating_add(1) }
    }
    fn next_gap(&self, rng: &mut ChaCha8Rng) -> u64 {
        if uniform(rng) < self.repeat { 0 } else { geometric(self.start(), rng).saturating_add(1) }
    }
    fn hidden(&self) -> Hidden {
        // state: was the bit before wrong?
        let rates = [self.start(), self.repeat];
        Hidden {
            start: [1.0 - self.ber, self.ber],
            clean: rates.map(|r| [1.0 - r, 0.0]),
            wrong: rates.map(|r| [0.0, r]),
        }
    }
}
