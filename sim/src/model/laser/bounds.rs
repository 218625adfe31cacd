//! Each policy against brute force or its published bound.

use super::clairvoyant::{Oracle, Quantile};
use super::online::{AdvisedSkiRental, LastGap, REACTIVE_FROM, RandomSkiRental, TIMEOUT_LAG, Timeout};
use super::policy::{Dark, Outcome, Policy, Setting};
use super::score::{Score, oracle};
use super::switch::Switch;
use crate::traffic::Burst;
use crate::traffic::random::Random;

/// Break-even time, long enough for the gateware's lags to be small beside it.
const B: u64 = 1_000;
/// What those lags may add to a ratio.
const LAGS: f64 = (TIMEOUT_LAG + 2) as f64 / B as f64;

fn bursts(gaps: impl IntoIterator<Item = u32>) -> Vec<Burst> {
    std::iter::once(1).chain(gaps).map(|gap| Burst { gap, busy: 20, class: 0 }).collect()
}

/// Light of a gap: what a policy pays for it. A burst that is late waits for `t_on` of light, which is paid too.
fn light(policy: &mut dyn Policy, gap: u64) -> u64 {
    let setting = Setting::of(B);
    let plan = policy.plan(&setting, 20, gap);
    let out = Switch::lit().gap(&setting, &plan, gap, 20);
    policy.learn(&setting, &out);
    gap + out.held - out.dark
}

/// Gaps around every threshold.
fn gaps() -> impl Iterator<Item = u64> {
    (1..60).map(|k| k * B / 16).chain([B - 1, B, B + 1, B + TIMEOUT_LAG, 2 * B - 1, 2 * B, 10 * B])
}

/// Worst ratio to the oracle over all gaps.
fn worst(mut ratio: impl FnMut(u64) -> f64) -> f64 {
    gaps().map(|gap| ratio(gap) / light(&mut Oracle, gap) as f64).fold(0.0, f64::max)
}

#[test]
fn the_oracle_is_what_brute_force_finds_without_a_late_burst() {
    for t_on in [4, 6, 9] {
        let setting = Setting::of(t_on);
        for (first, second) in (1..=16).flat_map(|a| (1..=16).map(move |b| (a, b))) {
            let list = bursts([first, second]);
            let plans = |gap: u32| {
                let gap = u64::from(gap);
                let dark =
                    move |from: u64| (from + 1..=gap + 1).map(move |until| vec![Dark { from, until, predicted: true }]);
                std::iter::once(vec![]).chain((1..=gap).flat_map(dark)).collect::<Vec<_>>()
            };
            let mut least = u64::MAX;
            for one in plans(first) {
                for two in plans(second) {
                    let mut switch = Switch::lit();
                    let a = switch.gap(&setting, &one, u64::from(first), 20);
                    let b = switch.gap(&setting, &two, u64::from(second), 20);
                    if a.held + b.held == 0 {
                        least = least.min(u64::from(first + second) - a.dark - b.dark);
                    }
                }
            }
            let best = oracle(&setting, &list);
            assert_eq!((best.late, best.lit_cycles), (0, least + 40), "t_on {t_on}, gaps {first} {second}");
        }
    }
}

#[test]
fn ski_rental_pays_at_most_twice_the_oracle_and_can_be_made_to() {
    let ratio = worst(|gap| light(&mut Timeout { times: 1 }, gap) as f64);
    assert!(ratio <= 2.0 + LAGS && ratio > 1.99, "{ratio}");
}

#[test]
fn random_ski_rental_pays_at_most_e_over_e_less_1_in_expectation() {
    let bound = std::f64::consts::E / (std::f64::consts::E - 1.0);
    let draws = 100_000;
    let mut policy = RandomSkiRental::new(3);
    let mut expected = |gap| (0..draws).map(|_| light(&mut policy, gap)).sum::<u64>() as f64 / f64::from(draws);
    // the law makes every gap up to the break-even time equally bad; four standard errors of the shortest gap, B / 16, whose
    // ratio is B / gap with the chance gap / (B (e - 1))
    let slack = LAGS + 4.0 * (16.0 / (std::f64::consts::E - 1.0)).sqrt() / f64::from(draws).sqrt();
    let ratio = worst(&mut expected);
    assert!(ratio <= bound + slack && ratio >= bound - slack, "{ratio}, bound {bound}");
    let at_half = expected(B / 2) / (B / 2) as f64;
    assert!((at_half - bound).abs() < 2.0 * LAGS + 2.0 * slack, "{at_half}, bound {bound}");
}

#[test]
fn advised_ski_rental_pays_1_5_times_with_true_advice_and_3_times_with_false() {
    let ratio = |told: u64, gap: u64| {
        let mut policy = AdvisedSkiRental::default();
        policy.learn(&Setting::of(B), &Outcome { gap: told, ..Outcome::default() });
        light(&mut policy, gap) as f64
    };
    let truly = worst(|gap| ratio(gap, gap));
    assert!(truly <= 1.5 + LAGS && truly > 1.49, "{truly}");
    let falsely = worst(|gap| ratio(1, gap).max(ratio(10 * B, gap)));
    assert!(falsely <= 3.0 + LAGS && falsely > 2.9, "{falsely}");
}

#[test]
fn last_gap_wastes_a_sixteenth_of_regular_gaps_and_is_late_after_shorter_ones() {
    let setting = Setting::of(52);
    let regular = bursts([1_600; 200]);
    let score = Score::of(&mut LastGap::default(), &setting, &regular);
    assert_eq!(score.late, 0);
    let dark = 1_600 - 1_600 / 16 + 1 - 52 - REACTIVE_FROM;
    // nothing is known before the first gap
    assert_eq!(score.total_cycles - score.lit_cycles, 199 * dark);
    // by more than a sixteenth shorter, every other time
    let falling = bursts((0..200).map(|k| if k % 2 == 0 { 1_600 } else { 1_400 }));
    assert_eq!(Score::of(&mut LastGap::default(), &setting, &falling).late, 100);
}

#[test]
fn a_timeout_is_late_exactly_after_longer_gaps() {
    let setting = Setting::of(52);
    for times in [1, 4, 16] {
        let limit = times * 52 + TIMEOUT_LAG;
        for gap in [limit - 1, limit, limit + 1, 3 * limit] {
            let score = Score::of(&mut Timeout { times }, &setting, &bursts([gap as u32]));
            assert_eq!(score.late, u64::from(gap >= limit), "{times} times, gap {gap}");
            assert_eq!(score.held_cycles, 52 * score.late);
        }
    }
}

#[test]
fn the_quantile_limit_is_the_best_wake_time_that_is_late_for_one_in_128() {
    struct WakeAt(u64);
    impl Policy for WakeAt {
        fn name(&self) -> String {
            "wake".into()
        }
        fn plan(&mut self, _: &Setting, _: u64, _: u64) -> Vec<Dark> {
            if self.0 > 1 { vec![Dark { from: 1, until: self.0, predicted: true }] } else { vec![] }
        }
    }
    let setting = Setting::of(20);
    let mut random = Random::new(7, 1);
    let list = bursts((0..640).map(|_| 30 + random.below(300) as u32));
    let allowed = (list.len() - 1) / Quantile::LATE_ONE_IN;
    let least = (1..400)
        .map(|wake| Score::of(&mut WakeAt(wake), &setting, &list))
        .filter(|score| score.late as usize <= allowed)
        .map(|score| score.lit_cycles - score.held_cycles)
        .min();
    let limit = Score::of(&mut Quantile::new(&list), &setting, &list);
    assert!(limit.late as usize <= allowed && limit.late > 0, "{} late of {allowed}", limit.late);
    assert_eq!(Some(limit.lit_cycles - limit.held_cycles), least);
}
