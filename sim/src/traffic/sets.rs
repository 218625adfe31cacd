//! The named traffics, and the seeds on which parameters were frozen and are judged.

use super::random::Random;
use super::{Burst, Clock, arrivals, collective};

/// Parameters of the predictor were chosen on these; the V100 trace was in view as well.
pub const FROZEN_SEEDS: std::ops::RangeInclusive<u64> = 11..=30;
/// Figures are quoted on these only.
pub const JUDGED_SEEDS: [u64; 5] = [101, 102, 103, 104, 105];

/// A named traffic.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// As for `--traffic`.
    pub name: &'static str,
    /// What it is, for `--list`.
    pub about: &'static str,
    make: fn(usize, Clock, &mut Random) -> Vec<Burst>,
}

impl Traffic {
    /// `bursts` bursts; shape and jitter come from the seed.
    pub fn bursts(&self, seed: u64, bursts: usize, clock: Clock) -> Vec<Burst> {
        let stream = self.name.bytes().fold(0, |h: u64, b| h.wrapping_mul(31).wrapping_add(b as u64));
        (self.make)(bursts, clock, &mut Random::new(seed, stream))
    }
}

/// 100 Gb/s in bytes per nanosecond.
const LINE: f64 = 12.5;

/// Every synthetic traffic.
pub const ALL: &[Traffic] = &[
    Traffic {
        name: "periodic-1",
        about: "training step of 12 layers, gaps vary by 1 %",
        make: |n, c, r| arrivals::periodic(12, 0.01, n, c, r),
    },
    Traffic {
        name: "periodic-5",
        about: "training step of 12 layers, gaps vary by 5 %",
        make: |n, c, r| arrivals::periodic(12, 0.05, n, c, r),
    },
    Traffic {
        name: "periodic-20",
        about: "training step of 12 layers, gaps vary by 20 %",
        make: |n, c, r| arrivals::periodic(12, 0.20, n, c, r),
    },
    Traffic { name: "ring-14", about: "ring all-reduce of 14 steps", make: |n, c, r| collective::ring(14, n, c, r) },
    Traffic { name: "ring-30", about: "ring all-reduce of 30 steps", make: |n, c, r| collective::ring(30, n, c, r) },
    Traffic { name: "ring-62", about: "ring all-reduce of 62 steps", make: |n, c, r| collective::ring(62, n, c, r) },
    Traffic { name: "ring-126", about: "ring all-reduce of 126 steps", make: |n, c, r| collective::ring(126, n, c, r) },
    Traffic { name: "tree", about: "tree all-reduce, an inner node", make: collective::tree },
    Traffic {
        name: "halving-doubling",
        about: "all-reduce over 64 nodes by halving and doubling",
        make: |n, c, r| collective::halving_doubling(6, n, c, r),
    },
    Traffic {
        name: "moe",
        about: "mixture of experts, all-to-all, gaps vary by 5 %",
        make: |n, c, r| collective::experts(8, 0.05, n, c, r),
    },
    Traffic {
        name: "pipeline",
        about: "pipeline stages, 8 micro-batches",
        make: |n, c, r| collective::pipeline(8, n, c, r),
    },
    Traffic {
        name: "poisson",
        about: "memoryless, mean gap 4 us",
        make: |n, c, r| arrivals::poisson(4_000.0, 500.0, n, c, r),
    },
    Traffic {
        name: "pareto",
        about: "Pareto gaps and lengths, shape 1.3",
        make: |n, c, r| arrivals::pareto(1.3, n, c, r),
    },
    Traffic {
        name: "search",
        about: "web-search flow sizes at 30 % load",
        make: |n, c, r| arrivals::flows(arrivals::SEARCH, 0.3, LINE, n, c, r),
    },
    Traffic {
        name: "hadoop",
        about: "Hadoop flow sizes at 30 % load",
        make: |n, c, r| arrivals::flows(arrivals::HADOOP, 0.3, LINE, n, c, r),
    },
];

/// The traffic of that name.
pub fn find(name: &str) -> Option<&'static Traffic> {
    ALL.iter().find(|t| t.name == name)
}
