//! Laws from which traffic is drawn, from one reproducible source.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A seeded source; the same numbers on every machine.
pub struct Random(Xoshiro256PlusPlus);

impl Random {
    /// Different `stream`s of one seed are independent.
    pub fn new(seed: u64, stream: u64) -> Self {
        Random(Xoshiro256PlusPlus::seed_from_u64(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }
    /// Uniform over [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
    /// Uniform over 0..n.
    pub fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }
    /// Logarithm uniform over [low, high].
    pub fn log_uniform(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.uniform())
    }
    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }
    /// Exponential with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.uniform()).ln()
    }
    /// Pareto with minimum `scale`.
    pub fn pareto(&mut self, scale: f64, shape: f64) -> f64 {
        scale * (1.0 - self.uniform()).powf(-1.0 / shape)
    }
    /// `value` times a normal law of relative deviation `jitter`, at least a tenth of it.
    pub fn jittered(&mut self, value: f64, jitter: f64) -> f64 {
        value * (1.0 + jitter * self.normal()).max(0.1)
    }
}
