//! Adds the shards up: a rate with its interval beside the exact value, per point.

use super::shard::Counts;
use super::spec::{Plan, Point, Spec};
use super::stats::{CONFIDENCE, binomial_p_value, holm, normal_p_value, wilson};
use super::store::Store;
use crate::curves::frame_error_rate;
use anyhow::Result;
use serde::Serialize;
use std::collections::BTreeMap;

/// Events that a point needs for a p-value; with fewer its interval stands alone.
pub const MIN_EVENTS: f64 = 100.0;
/// Family-wise error of the joint test.
pub const ALPHA: f64 = 0.001;

/// One point of a campaign, measured and exact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The point of the curve.
    #[serde(flatten)]
    pub point: Point,
    /// Frames counted so far.
    pub counted: u64,
    /// Frames that were not delivered as they were sent.
    pub lost: u64,
    /// Lost frames that were delivered wrong as good.
    pub silent: u64,
    /// Bad frames made whole from their parity words.
    pub repaired: u64,
    /// Events, weighted ones counted by their worth.
    pub effective_events: f64,
    /// Lost frames a frame sent.
    pub rate: f64,
    /// Confidence interval of the rate.
    pub interval: (f64, f64),
    /// The rate by the exact curve.
    pub exact: f64,
    /// Chance of a count so far off were the exact rate true; none with few events.
    pub p_value: Option<f64>,
    /// The joint test rejects agreement with the exact value.
    pub rejected: bool,
}

/// A campaign's result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Merged {
    /// Name in the spec.
    pub name: String,
    /// Hash of the spec.
    pub spec: String,
    /// Seed from which all shards draw.
    pub seed: u64,
    /// Shards of the whole campaign.
    pub shards: usize,
    /// Shards without a result.
    pub missing: Vec<u64>,
    /// What has been measured, in the order of the plan.
    pub points: Vec<Measured>,
}

/// Sums of one point.
#[derive(Clone, Debug, Default)]
struct Sums {
    frames: u64,
    lost: u64,
    silent: u64,
    repaired: u64,
    by_errors: BTreeMap<u32, u64>,
}

impl Sums {
    fn add(&mut self, counts: &Counts) {
        self.frames += counts.frames;
        self.lost += counts.lost;
        self.silent += counts.silent;
        self.repaired += counts.repaired;
        for (errors, n) in &counts.lost_by_errors {
            *self.by_errors.entry(*errors).or_default() += n;
        }
    }
}

/// Reads all results of the campaign.
pub fn merge(spec: &Spec, store: &Store) -> Result<Merged> {
    let plan: Plan = spec.plan()?;
    let mut sums = vec![Sums::default(); plan.points.len()];
    let mut missing = vec![];
    for index in 0..plan.shards.len() as u64 {
        match store.get(index)? {
            Some(counts) => sums[plan.shards[index as usize].point].add(&counts),
            None => missing.push(index),
        }
    }
    let mut points = plan.points.iter().zip(&sums).map(|(p, s)| measure(*p, s)).collect::<Result<Vec<_>>>()?;
    let tested: Vec<usize> = (0..points.len()).filter(|k| points[*k].p_value.is_some()).collect();
    let p_values: Vec<f64> = tested.iter().filter_map(|k| points[*k].p_value).collect();
    for (k, rejected) in tested.into_iter().zip(holm(&p_values, ALPHA)) {
        points[k].rejected = rejected;
    }
    let Spec { name, seed, .. } = spec.clone();
    Ok(Merged { name, spec: spec.hash(), seed, shards: plan.shards.len(), missing, points })
}

fn measure(point: Point, sums: &Sums) -> Result<Measured> {
    let exact = frame_error_rate(&point.channel, point.scheme, point.words()).map_err(anyhow::Error::msg)?;
    let (rate, interval, effective_events, p_value) = match point.importance_ber {
        None => {
            let rate = sums.lost as f64 / sums.frames.max(1) as f64;
            let p_value = (sums.frames > 0).then(|| binomial_p_value(sums.lost, sums.frames, exact));
            (rate, wilson(sums.lost, sums.frames, CONFIDENCE), sums.lost as f64, p_value)
        }
        Some(drawn) => weighted(&point, drawn, sums, exact),
    };
    Ok(Measured {
        point,
        counted: sums.frames,
        lost: sums.lost,
        silent: sums.silent,
        repaired: sums.repaired,
        effective_events,
        rate,
        interval,
        exact,
        p_value: p_value.filter(|_| effective_events >= MIN_EVENTS),
        rejected: false,
    })
}

/// Frames drawn at a higher rate count by how much rarer their errors are; normal interval and test.
fn weighted(point: &Point, drawn: f64, sums: &Sums, exact: f64) -> (f64, (f64, f64), f64, Option<f64>) {
    let ber = point.channel.ber();
    let (slots, bits) = point.line();
    let (one_more, all_right) = ((ber / drawn).ln(), (-ber).ln_1p() - (-drawn).ln_1p());
    let weight = |errors: u32| {
        let errors = f64::from(errors);
        (errors * one_more + ((slots * bits) as f64 - errors) * all_right).exp()
    };
    let frames = sums.frames.max(1) as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for (errors, n) in &sums.by_errors {
        sum += weight(*errors) * *n as f64;
        squares += weight(*errors).powi(2) * *n as f64;
    }
    if sum == 0.0 {
        return (0.0, (0.0, 1.0), 0.0, None);
    }
    let rate = sum / frames;
    let sigma = (squares / frames - rate * rate).sqrt() / frames.sqrt();
    let half = 1.959_963_984_540_054 * sigma;
    let p_value = normal_p_value((rate - exact) / sigma);
    (rate, ((rate - half).max(0.0), rate + half), sum * sum / squares, Some(p_value))
}
