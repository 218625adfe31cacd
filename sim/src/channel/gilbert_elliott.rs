//! Gilbert-Elliott channel: a good state without errors, a bad one in which bits are wrong with a fixed probability.

use super::{Hidden, Renewal, geometric, uniform};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A line with fades.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GilbertElliott {
    /// Share of wrong bits over all time.
    pub ber: f64,
    /// Mean length of the bad state in bits.
    #[serde(default = "eight")]
    pub mean_bits: f64,
    /// Probability that a bit in the bad state is wrong.
    #[serde(default = "half")]
    pub density: f64,
}

fn eight() -> f64 {
    8.0
}

fn half() -> f64 {
    0.5
}

impl GilbertElliott {
    /// Share of bits in the bad state.
    fn share(&self) -> f64 {
        self.ber / self.density
    }
    /// Probability to leave the bad state after a bit.
    fn leave(&self) -> f64 {
        1.0 / self.mean_bits
    }
    /// Probability to leave the good state after a bit.
    fn enter(&self) -> f64 {
        self.leave() * self.share() / (1.0 - self.share())
    }
    /// Right bits before the next error, from a bit in the bad or the good state.
    fn gap_from(&self, mut bad: bool, rng: &mut ChaCha8Rng) -> u64 {
        let mut gap = 0u64;
        loop {
            if bad {
                if uniform(rng) < self.density {
                    return gap;
                }
                gap = gap.saturating_add(1);
                bad = uniform(rng) >= self.leave();
            } else {
                // good bits until the state turns
                gap = gap.saturating_add(1).saturating_add(geometric(self.enter(), rng));
                if gap == u64::MAX {
                    return gap;
                }
                bad = true;
            }
        }
    }
}

impl Renewal for GilbertElliott {
    fn first_gap(&self, rng: &mut ChaCha8Rng) -> u64 {
        let bad = uniform(rng) < self.share();
        self.gap_from(bad, rng)
    }
    fn next_gap(&self, rng: &mut ChaCha8Rng) -> u64 {
        // an error stands in the bad state; then the state may turn
        let bad = uniform(rng) >= self.leave();
        self.gap_from(bad, rng)
    }
    fn hidden(&self) -> Hidden {
        let next = [[1.0 - self.enter(), self.enter()], [self.leave(), 1.0 - self.leave()]];
        Hidden {
            start: [1.0 - self.share(), self.share()],
            clean: [next[0], next[1].map(|p| p * (1.0 - self.density))],
            wrong: [[0.0; 2], next[1].map(|p| p * self.density)],
        }
    }
}
