//! Policies of the laser over traffics: rows of a table, a page with plots.

pub mod front;
#[cfg(test)]
mod judged;
pub mod page;
pub mod schedule;
pub mod timeline;

use crate::model::laser::clairvoyant::{Oracle, Quantile};
use crate::model::laser::online::{AdvisedSkiRental, AlwaysOn, LastGap, RandomSkiRental, Reactive, Timeout};
use crate::model::laser::pair_gap::PairGap;
use crate::model::laser::policy::{Policy, Setting};
use crate::model::laser::score::{Score, oracle};
use crate::traffic::Burst;
use serde::Serialize;

/// Every policy and what it does, in the order of tables. `timeout-N` waits N times `t_on`.
pub const POLICIES: &[(&str, &str)] = &[
    ("always-on", "never dark"),
    ("reactive", "dark whenever idle; wakes on a hint or with the burst"),
    (
        "ski-rental",
        "dark after t_on idle cycles: at most twice the oracle's light in a gap; every burst after darkness is late",
    ),
    (
        "ski-rental-random",
        "dark after a random time: at most e/(e-1) times the oracle's light in a gap, in expectation",
    ),
    (
        "ski-rental-advised",
        "believes that the last gap repeats: at most 1.5 times the oracle's light in a gap if so, 3 times if not",
    ),
    ("last-gap", "awake for a repetition of the last gap less a sixteenth"),
    ("timeout-1024", "dark after 1024 t_on idle cycles"),
    ("timeout-4096", "dark after 4096 t_on idle cycles"),
    ("pair-gap", "the gateware's predictor: two tables of gaps, late credit, timeout of 4096 t_on"),
    ("quantile", "knows the law of each kind of gap, late for one in 128: the limit of what can be known online"),
    ("oracle", "knows every gap: the offline optimum"),
];

/// The names of all policies.
pub fn names() -> String {
    POLICIES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
}

/// PairGap's own timeout, in multiples of `t_on`.
pub const PAIR_GAP_TIMEOUT: u64 = 4096;

/// What `timeout-N` may wait, in multiples of `t_on`.
pub const TIMES: std::ops::RangeInclusive<u64> = 1..=1 << 32;

/// The policy of that name, for these bursts.
pub fn policy(name: &str, setting: &Setting, seed: u64, bursts: &[Burst]) -> Option<Box<dyn Policy>> {
    Some(match name {
        "always-on" => Box::new(AlwaysOn),
        "reactive" => Box::new(Reactive),
        "ski-rental" => Box::new(Timeout { times: 1 }),
        "ski-rental-random" => Box::new(RandomSkiRental::new(seed)),
        "ski-rental-advised" => Box::new(AdvisedSkiRental::default()),
        "last-gap" => Box::new(LastGap::default()),
        "pair-gap" => Box::new(PairGap::new(PAIR_GAP_TIMEOUT * setting.t_on)),
        "quantile" => Box::new(Quantile::new(bursts)),
        "oracle" => Box::new(Oracle),
        _ => Box::new(Timeout { times: name.strip_prefix("timeout-")?.parse().ok().filter(|n| TIMES.contains(n))? }),
    })
}

/// One policy on one traffic.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Name of the traffic or trace.
    pub traffic: String,
    /// Name of the policy, as for `--policy`.
    pub policy: String,
    /// Bursts of all runs, of which the model leaves out the first ones.
    pub bursts: u64,
    /// Share of bursts that were not held.
    pub on_time: f64,
    /// Bursts whose first beat was held.
    pub late: u64,
    /// Those of them after darkness that a prediction asked for.
    pub late_by_prediction: u64,
    /// Cycles that the first beat was held, mean over all bursts.
    pub held_cycles_mean: f64,
    /// At most so many cycles for 99 % of the bursts; unknown on a board, which counts sums.
    pub held_cycles_p99: Option<u64>,
    /// Most cycles that a burst was held; unknown on a board as well.
    pub held_cycles_max: Option<u64>,
    /// Share of time with light.
    pub duty: f64,
    /// Light saved, as a share of what the oracle saves.
    pub saving_of_oracle: f64,
    /// Held cycles in parts per million of the time without them.
    pub slowdown_ppm: f64,
    /// Times the light went on.
    pub wake_ups: u64,
}

/// Runs the named policies over several runs of one traffic and adds them up.
pub fn rows(traffic: &str, runs: &[(u64, Vec<Burst>)], policies: &[String], setting: &Setting) -> Option<Vec<Row>> {
    let mut best = Score::default();
    for (_, bursts) in runs {
        best.add(&oracle(setting, bursts));
    }
    policies
        .iter()
        .map(|name| {
            let mut score = Score::default();
            for (seed, bursts) in runs {
                score.add(&Score::of(policy(name, setting, *seed, bursts)?.as_mut(), setting, bursts));
            }
            Some(Row {
                traffic: traffic.into(),
                policy: name.clone(),
                bursts: score.bursts,
                on_time: score.on_time(),
                late: score.late,
                late_by_prediction: score.late_by_prediction,
                held_cycles_mean: score.held_mean(),
                held_cycles_p99: Some(score.held_quantile(0.99)),
                held_cycles_max: score.held.last_key_value().map(|(held, _)| *held),
                duty: score.duty(),
                saving_of_oracle: score.saving(&best),
                slowdown_ppm: score.slowdown_ppm(),
                wake_ups: score.wake_ups,
            })
        })
        .collect()
}
