//! The guarantees of PairGap, against random and against searching adversaries.

use super::online::TIMEOUT_LAG;
use super::pair_gap::{LATE_COST, PairGap};
use super::policy::{Outcome, Policy, Setting};
use super::switch::Switch;
use crate::traffic::random::Random;
use crate::traffic::{Burst, Clock, sets};
use proptest::prelude::*;

/// Plays gaps that `adversary` chooses when it sees the plan; checks guarantees (a), (b) and (c) at every burst.
fn play(
    setting: Setting,
    timeout: u64,
    bursts: usize,
    mut adversary: impl FnMut(&PairGap, Option<u64>) -> (u64, u64),
) -> Result<(u64, u64), TestCaseError> {
    let (mut model, mut switch) = (PairGap::new(timeout), Switch::lit());
    let (mut late, mut late_by_prediction) = (0u64, 0u64);
    let mut busy = 100;
    for n in 1..=bursts as u64 {
        let plan = model.plan(&setting, busy, 0);
        let wakes = plan.iter().find(|d| d.predicted && d.until != u64::MAX).map(|d| d.until);
        let (gap, next_busy) = adversary(&model, wakes);
        let out: Outcome = switch.gap(&setting, &plan, gap, next_busy);
        model.learn(&setting, &out);
        busy = next_busy;
        late += (out.held > 0) as u64;
        let by_timeout = out.held > 0 && (!out.by_prediction || gap >= timeout);
        late_by_prediction += (out.held > 0 && !by_timeout) as u64;
        // (a) held at most what the notice does not cover, and what is left of min_off
        let most =
            setting.t_on.saturating_sub(setting.notice) + if setting.min_off > 1 { setting.min_off.max(4) } else { 0 };
        prop_assert!(out.held <= most, "(a) held {} of at most {most}", out.held);
        // (b) late predictions are paid for
        prop_assert!(
            late_by_prediction <= 1 + n / LATE_COST as u64,
            "(b) {late_by_prediction} late predictions in {n}"
        );
        // (c) a timeout that made a burst late was a long idle time
        if by_timeout {
            prop_assert!(gap + TIMEOUT_LAG > timeout, "(c) late after {gap} idle cycles, timeout {timeout}");
        }
    }
    Ok((late, late_by_prediction))
}

fn setting(t_on: u64, min_off: u64, notice: u64) -> Setting {
    Setting { t_on, min_on: 0, min_off, notice: notice % (t_on + 1) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_b_c_hold_for_random_arrivals(seed: u64, t_on in 4u64..200, min_off in 0u64..60, notice in 0u64..200, scale in 20u64..3000) {
        let mut random = Random::new(seed, 1);
        play(setting(t_on, min_off, notice), 40 * t_on, 3_000, |_, _| {
            (1 + random.below(scale as usize) as u64, 1 + random.below(80) as u64)
        })?;
    }

    #[test]
    fn a_b_c_hold_against_an_adversary_that_breaks_every_belief(seed: u64, t_on in 4u64..200, notice in 0u64..200, period in 60u64..4000) {
        break_beliefs(seed, setting(t_on, 0, notice), period)?;
    }
}

/// Waits until the predictor believes, then ends the gap in the dark; returns how often that made a burst late.
fn break_beliefs(seed: u64, set: Setting, period: u64) -> Result<u64, TestCaseError> {
    let mut random = Random::new(seed, 2);
    let (_, broken) = play(set, 1 << 20, 6_000, |_, wakes| {
        let gap = match wakes {
            Some(until) if until > 9 => 8 + random.below((until - 8) as usize) as u64,
            _ => period,
        };
        (gap, 40)
    })?;
    Ok(broken)
}

#[test]
fn the_adversary_bites() {
    for seed in 0..10 {
        let broken = break_beliefs(seed, setting(52, 0, 6), 1_000).expect("the guarantees hold");
        assert!(broken > 20, "seed {seed}: {broken}");
    }
}

#[test]
fn a_b_c_hold_against_an_adversary_that_searches() {
    // climbs from random patterns of gaps to those that make most bursts late
    let mut random = Random::new(5, 3);
    let set = setting(52, 0, 6);
    let score = |pattern: &[(u64, u64)]| {
        let mut at = 0;
        play(set, 1 << 20, 1_500, |_, _| {
            at += 1;
            pattern[at % pattern.len()]
        })
        .unwrap()
        .1
    };
    let draw = |random: &mut Random| (1 + random.log_uniform(30.0, 4_000.0) as u64, 20 + random.below(60) as u64);
    let mut pattern: Vec<(u64, u64)> = (0..97).map(|_| draw(&mut random)).collect();
    let (first, mut best) = (score(&pattern), 0);
    for _ in 0..300 {
        let mut next = pattern.clone();
        for _ in 0..1 + random.below(6) {
            let k = random.below(next.len());
            next[k] = if random.uniform() < 0.5 { next[random.below(97)] } else { draw(&mut random) };
        }
        let found = score(&next);
        if found >= best {
            (pattern, best) = (next, found);
        }
    }
    assert!(best >= first && best > 3, "the search must find something: {first} to {best}");
}

#[test]
fn d_regular_traffic_is_never_late_after_the_warm_up() {
    let set = setting(52, 0, 0);
    for gap in [60, 72, 80, 85, 110, 173, 500, 1_000, 7_777, 100_000] {
        let (mut model, mut switch) = (PairGap::new(1 << 20), Switch::lit());
        let mut dark = 0;
        for n in 0..2_000 {
            let plan = model.plan(&set, 64, gap);
            let out = switch.gap(&set, &plan, gap, 64);
            model.learn(&set, &out);
            assert_eq!(out.held, 0, "gap {gap}, burst {n}");
            dark = out.dark;
        }
        // the light that is wasted: at most two codes of the gap, and the constant lags
        let ideal = gap - 51;
        assert!(dark + 16 + 2 * (1 + gap / 32) >= ideal, "gap {gap}: dark {dark} of {ideal}");
    }
}

#[test]
fn a_notice_of_t_on_is_the_oracle_on_every_traffic() {
    use super::online::Reactive;
    use super::score::{Score, oracle};
    let set = setting(52, 0, 52);
    for traffic in sets::ALL {
        let bursts: Vec<Burst> = traffic.bursts(101, 4_000, Clock { cycle_ns: 10.0 });
        let mine = Score::of(&mut Reactive, &set, &bursts);
        let best = oracle(&Setting { notice: 0, ..set }, &bursts);
        assert_eq!(mine.late, 0, "{}", traffic.name);
        assert_eq!(mine.lit_cycles, best.lit_cycles, "{}", traffic.name);
    }
}
