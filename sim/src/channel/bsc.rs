//! Binary symmetric channel: every bit is wrong with the same probability, independently.

use super::{Hidden, Renewal, geometric};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A line with white noise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bsc {
    /// Share of wrong bits.
    pub ber: f64,
}

impl Renewal for Bsc {
    fn first_gap(&self, rng: &mut ChaCha8Rng) -> u64 {
        geometric(self.ber, rng)
    }
    fn next_gap(&self, rng: &mut ChaCha8Rng) -> u64 {
        geometric(self.ber, rng)
    }
    fn hidden(&self) -> Hidden {
        Hidden {
            start: [1.0, 0.0],
            clean: [[1.0 - self.ber, 0.0], [1.0 - self.ber, 0.0]],
            wrong: [[self.ber, 0.0], [self.ber, 0.0]],
        }
    }
}
