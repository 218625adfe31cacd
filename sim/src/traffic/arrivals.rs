//! Arrivals without a collective behind them: periodic layers, Poisson, heavy tails, flow sizes.

use super::random::Random;
use super::{Burst, Clock};

/// A training step of `layers` with a burst each; gaps and lengths are drawn once, gaps then vary by `jitter`.
pub fn periodic(layers: usize, jitter: f64, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    let step: Vec<(f64, f64)> =
        (0..layers).map(|_| (random.log_uniform(1_000.0, 30_000.0), random.log_uniform(300.0, 1_500.0))).collect();
    (0..bursts)
        .map(|k| {
            let (gap, busy) = step[k % layers];
            Burst {
                gap: clock.cycles(random.jittered(gap, jitter)),
                busy: clock.cycles(busy),
                class: (k % layers) as u16,
            }
        })
        .collect()
}

/// Memoryless gaps of that mean, bursts of equal length.
pub fn poisson(mean_gap_ns: f64, busy_ns: f64, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    (0..bursts)
        .map(|_| Burst { gap: clock.cycles(random.exponential(mean_gap_ns)), busy: clock.cycles(busy_ns), class: 0 })
        .collect()
}

/// Pareto gaps of at least 400 ns, up to a second, and lengths of at least 500 ns, up to 0.1 s.
pub fn pareto(shape: f64, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    (0..bursts)
        .map(|_| Burst {
            gap: clock.cycles(random.pareto(400.0, shape).min(1e9)),
            busy: clock.cycles(random.pareto(500.0, shape).min(1e8)),
            class: 0,
        })
        .collect()
}

/// A distribution of flow sizes: (bytes, cumulative per cent), ascending.
pub type FlowSizes = &'static [(f64, f64)];

/// Web search, as published with DCTCP (Alizadeh et al., SIGCOMM 2010): half of the flows below 80 kB, most bytes in flows of megabytes.
pub const SEARCH: FlowSizes = &[
    (0.0, 0.0),
    (10e3, 15.0),
    (20e3, 20.0),
    (30e3, 30.0),
    (50e3, 40.0),
    (80e3, 53.0),
    (200e3, 60.0),
    (1e6, 70.0),
    (2e6, 80.0),
    (5e6, 90.0),
    (10e6, 97.0),
    (30e6, 100.0),
];

/// Hadoop cluster of a social network (Roy et al., SIGCOMM 2015): most flows below 1 kB, a long tail.
pub const HADOOP: FlowSizes = &[
    (0.0, 0.0),
    (100.0, 1.0),
    (200.0, 2.0),
    (300.0, 5.0),
    (350.0, 15.0),
    (400.0, 20.0),
    (500.0, 30.0),
    (600.0, 40.0),
    (700.0, 50.0),
    (1e3, 60.0),
    (2e3, 67.0),
    (7e3, 70.0),
    (30e3, 72.0),
    (50e3, 82.0),
    (80e3, 87.0),
    (120e3, 90.0),
    (300e3, 95.0),
    (1e6, 97.5),
    (2e6, 99.0),
    (10e6, 100.0),
];

/// Flows of a size distribution, uniform between its points, on a line of `bytes_per_ns`; gaps are memoryless, so
/// that the line is busy for the share `load`.
pub fn flows(
    sizes: FlowSizes,
    load: f64,
    bytes_per_ns: f64,
    bursts: usize,
    clock: Clock,
    random: &mut Random,
) -> Vec<Burst> {
    let mean_bytes: f64 = sizes.windows(2).map(|w| (w[0].0 + w[1].0) / 2.0 * (w[1].1 - w[0].1) / 100.0).sum();
    let mean_gap_ns = mean_bytes / bytes_per_ns * (1.0 - load) / load;
    (0..bursts)
        .map(|_| {
            let at = random.uniform() * 100.0;
            let w = sizes.windows(2).find(|w| at < w[1].1).unwrap_or(&sizes[sizes.len() - 2..]);
            let share = (at - w[0].1) / (w[1].1 - w[0].1);
            let bytes = (w[0].0 + share * (w[1].0 - w[0].0)).max(64.0);
            Burst {
                gap: clock.cycles(random.exponential(mean_gap_ns)),
                busy: clock.cycles(bytes / bytes_per_ns),
                class: 0,
            }
        })
        .collect()
}
