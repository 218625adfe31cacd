//! Traffic of AI clusters as a link sees it: bursts and the idle cycles between them.
//!
//! | file | traffic |
//! |------|---------|
//! | [`collective`] | all-reduce (ring, tree, halving-doubling), all-to-all of expert models, pipeline stages |
//! | [`arrivals`] | periodic with jitter, Poisson, heavy tails, measured flow sizes |
//! | [`csv`] | traces of real communication kernels |
//! | [`sets`] | the named traffics and their seeds |

pub mod arrivals;
pub mod collective;
pub mod csv;
pub mod random;
pub mod sets;
#[cfg(test)]
mod tests;

/// Some idle cycles, then a burst of `busy` cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Burst {
    /// Idle cycles before the burst, at least 1.
    pub gap: u32,
    /// Cycles of the burst, tail slots included.
    pub busy: u32,
    /// What kind of gap this is, for the clairvoyant quantile limit: gaps of one class are drawn from one law.
    pub class: u16,
}

/// Duration of one cycle, for traffic that is given in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Nanoseconds of a cycle.
    pub cycle_ns: f64,
}

impl Clock {
    /// Whole cycles of a duration, at least one.
    pub fn cycles(self, ns: f64) -> u32 {
        (ns / self.cycle_ns).round().clamp(1.0, u32::MAX as f64) as u32
    }
}
