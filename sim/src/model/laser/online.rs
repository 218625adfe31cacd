//! Policies without foresight that wake on arrival or by a simple rule.

use super::policy::{Dark, Outcome, Policy, Setting};
use crate::traffic::random::Random;

/// First dark cycle of a policy without a timer, in gateware.
pub const REACTIVE_FROM: u64 = 1;
/// Cycles from a timer's end to darkness, in gateware.
pub const TIMEOUT_LAG: u64 = 3;

/// Never dark.
pub struct AlwaysOn;

impl Policy for AlwaysOn {
    fn name(&self) -> String {
        "always-on".into()
    }
    fn plan(&mut self, _: &Setting, _: u64, _: u64) -> Vec<Dark> {
        vec![]
    }
}

/// Dark whenever idle; also the gateware's hint mode, where the setting's notice decides.
pub struct Reactive;

impl Policy for Reactive {
    fn name(&self) -> String {
        "reactive".into()
    }
    fn plan(&mut self, _: &Setting, _: u64, _: u64) -> Vec<Dark> {
        vec![Dark::after(REACTIVE_FROM)]
    }
}

/// Dark after a fixed idle time, `times` the break-even time `t_on`. One is deterministic ski rental: at most twice the
/// optimum's light in a gap (Karlin, Manasse, Rudolph, Sleator, "Competitive Snoopy Caching", 1988).
pub struct Timeout {
    /// Idle time before darkness, in multiples of `t_on`.
    pub times: u64,
}

impl Policy for Timeout {
    fn name(&self) -> String {
        if self.times == 1 { "ski-rental".into() } else { format!("timeout-{}", self.times) }
    }
    fn plan(&mut self, setting: &Setting, _: u64, _: u64) -> Vec<Dark> {
        vec![Dark::after(self.times * setting.t_on + TIMEOUT_LAG)]
    }
}

/// Randomised ski rental: at most e/(e-1) times the optimum's light in a gap, in expectation (Karlin, Manasse, McGeoch,
/// Owicki, "Competitive Randomized Algorithms for Non-Uniform Problems", 1990).
pub struct RandomSkiRental {
    random: Random,
}

impl RandomSkiRental {
    /// The waiting times of a seed.
    pub fn new(seed: u64) -> Self {
        RandomSkiRental { random: Random::new(seed, 0x51) }
    }
}

impl Policy for RandomSkiRental {
    fn name(&self) -> String {
        "ski-rental-random".into()
    }
    fn plan(&mut self, setting: &Setting, _: u64, _: u64) -> Vec<Dark> {
        // density e^(x/B) / (B (e - 1)) over [0, B]
        let share = (1.0 + self.random.uniform() * (std::f64::consts::E - 1.0)).ln();
        vec![Dark::after((share * setting.t_on as f64) as u64 + TIMEOUT_LAG)]
    }
}

/// Learning-augmented ski rental with the last gap as advice: (1 + trust)-consistent, (1 + 1/trust)-robust in light
/// (Purohit, Svitkina, Kumar, "Improving Online Algorithms via ML Predictions", NeurIPS 2018).
pub struct AdvisedSkiRental {
    trust: f64,
    last: u64,
}

impl Default for AdvisedSkiRental {
    fn default() -> Self {
        AdvisedSkiRental { trust: 0.5, last: 0 }
    }
}

impl Policy for AdvisedSkiRental {
    fn name(&self) -> String {
        "ski-rental-advised".into()
    }
    fn plan(&mut self, setting: &Setting, _: u64, _: u64) -> Vec<Dark> {
        let b = setting.t_on as f64;
        let wait = if self.last >= setting.t_on { self.trust * b } else { b / self.trust };
        vec![Dark::after(wait.ceil() as u64 + TIMEOUT_LAG)]
    }
    fn learn(&mut self, _: &Setting, outcome: &Outcome) {
        self.last = outcome.gap;
    }
}

/// Awake for a repetition of the last gap, with a sixteenth to spare.
#[derive(Default)]
pub struct LastGap {
    last: u64,
}

impl Policy for LastGap {
    fn name(&self) -> String {
        "last-gap".into()
    }
    fn plan(&mut self, setting: &Setting, _: u64, _: u64) -> Vec<Dark> {
        let until = (self.last - self.last / 16 + 1).saturating_sub(setting.t_on);
        if until > REACTIVE_FROM { vec![Dark { from: REACTIVE_FROM, until, predicted: true }] } else { vec![] }
    }
    fn learn(&mut self, _: &Setting, outcome: &Outcome) {
        self.last = outcome.gap;
    }
}
