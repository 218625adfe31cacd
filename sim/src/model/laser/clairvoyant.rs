//! Policies with foresight: the limits that no real policy passes.

use super::policy::{Dark, Policy, Setting};
use crate::traffic::Burst;
use std::collections::HashMap;

/// Knows every gap: dark exactly when it pays, that is, in gaps longer than `t_on`,
/// and awake `t_on` before the burst: never late. The offline optimum.
pub struct Oracle;

impl Policy for Oracle {
    fn name(&self) -> String {
        "oracle".into()
    }
    fn plan(&mut self, setting: &Setting, _busy: u64, gap: u64) -> Vec<Dark> {
        let until = (gap + 1).saturating_sub(setting.t_on);
        if until > 1 { vec![Dark { from: 1, until, predicted: true }] } else { vec![] }
    }
}

/// Knows the law of each class of gaps, but not the gap: dark from the start, awake for all but one of
/// [`Quantile::LATE_ONE_IN`] gaps. The honest online limit.
pub struct Quantile {
    wake: HashMap<u16, u64>,
    classes: Vec<u16>,
    next: usize,
}

impl Quantile {
    /// One gap in so many may be late.
    pub const LATE_ONE_IN: usize = 128;

    /// Sorts the gaps of each class and keeps their quantile of 1 in [`Quantile::LATE_ONE_IN`].
    pub fn new(bursts: &[Burst]) -> Self {
        let mut gaps: HashMap<u16, Vec<u64>> = HashMap::new();
        for burst in &bursts[1..] {
            gaps.entry(burst.class).or_default().push(burst.gap as u64);
        }
        let quantile = |mut gaps: Vec<u64>| {
            gaps.sort_unstable();
            gaps[gaps.len() / Self::LATE_ONE_IN]
        };
        let wake = gaps.into_iter().map(|(class, gaps)| (class, quantile(gaps))).collect();
        Quantile { wake, classes: bursts[1..].iter().map(|b| b.class).collect(), next: 0 }
    }
}

impl Policy for Quantile {
    fn name(&self) -> String {
        "quantile".into()
    }
    fn plan(&mut self, setting: &Setting, _busy: u64, _gap: u64) -> Vec<Dark> {
        let class = self.classes[self.next];
        self.next += 1;
        let until = (self.wake[&class] + 1).saturating_sub(setting.t_on);
        if until > 1 { vec![Dark { from: 1, until, predicted: true }] } else { vec![] }
    }
}
