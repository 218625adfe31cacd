//! A policy over a traffic: who was late, by how much, and how much light it cost.

use super::clairvoyant::Oracle;
use super::policy::{Policy, Setting};
use super::switch::Switch;
use crate::traffic::Burst;
use std::collections::BTreeMap;

/// What a policy did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Bursts played.
    pub bursts: u64,
    /// Those whose first beat was held.
    pub late: u64,
    /// Late after darkness that a prediction asked for.
    pub late_by_prediction: u64,
    /// Cycles in which a first beat was held, all bursts together.
    pub held_cycles: u64,
    /// Cycles with light.
    pub lit_cycles: u64,
    /// Cycles of gaps, holds and bursts.
    pub total_cycles: u64,
    /// Times the light went on again.
    pub wake_ups: u64,
    /// Gaps in which a prediction made darkness.
    pub predictions_used: u64,
    /// Bursts by cycles held.
    pub held: BTreeMap<u64, u64>,
}

impl Score {
    /// Runs `policy` over all gaps of `bursts` but the first.
    pub fn of(policy: &mut dyn Policy, setting: &Setting, bursts: &[Burst]) -> Score {
        let mut score = Score::default();
        let mut switch = Switch::lit();
        for pair in bursts.windows(2) {
            let (gap, busy) = (pair[1].gap as u64, pair[1].busy as u64);
            let plan = policy.plan(setting, pair[0].busy as u64, gap);
            let out = switch.gap(setting, &plan, gap, busy);
            policy.learn(setting, &out);
            score.bursts += 1;
            score.late += (out.held > 0) as u64;
            score.late_by_prediction += (out.held > 0 && out.by_prediction) as u64;
            score.held_cycles += out.held;
            score.lit_cycles += gap + out.held + busy - out.dark;
            score.total_cycles += gap + out.held + busy;
            score.wake_ups += out.wake_ups;
            score.predictions_used += out.predicted as u64;
            *score.held.entry(out.held).or_default() += 1;
        }
        score
    }

    /// Adds another run of the same policy.
    pub fn add(&mut self, other: &Score) {
        self.bursts += other.bursts;
        self.late += other.late;
        self.late_by_prediction += other.late_by_prediction;
        self.held_cycles += other.held_cycles;
        self.lit_cycles += other.lit_cycles;
        self.total_cycles += other.total_cycles;
        self.wake_ups += other.wake_ups;
        self.predictions_used += other.predictions_used;
        for (held, bursts) in &other.held {
            *self.held.entry(*held).or_default() += bursts;
        }
    }

    /// Share of bursts that were not held.
    pub fn on_time(&self) -> f64 {
        1.0 - self.late as f64 / self.bursts as f64
    }
    /// Share of time with light.
    pub fn duty(&self) -> f64 {
        self.lit_cycles as f64 / self.total_cycles as f64
    }
    /// Light saved, as a share of what the oracle saves on the same traffic.
    pub fn saving(&self, oracle: &Score) -> f64 {
        let (mine, best) = (self.total_cycles - self.lit_cycles, oracle.total_cycles - oracle.lit_cycles);
        if best == 0 {
            0.0
        } else {
            (mine as f64 / self.total_cycles as f64) / (best as f64 / oracle.total_cycles as f64)
        }
    }
    /// Late cycles in parts per million of time.
    pub fn slowdown_ppm(&self) -> f64 {
        1e6 * self.held_cycles as f64 / (self.total_cycles - self.held_cycles) as f64
    }
    /// The cycles that this share of bursts was held at most.
    pub fn held_quantile(&self, share: f64) -> u64 {
        let rank = (share * self.bursts as f64).ceil() as u64;
        let mut seen = 0;
        for (held, bursts) in &self.held {
            seen += bursts;
            if seen >= rank {
                return *held;
            }
        }
        0
    }
    /// Cycles held, mean over all bursts.
    pub fn held_mean(&self) -> f64 {
        self.held_cycles as f64 / self.bursts as f64
    }
}

/// The oracle on this traffic.
pub fn oracle(setting: &Setting, bursts: &[Burst]) -> Score {
    Score::of(&mut Oracle, setting, bursts)
}
