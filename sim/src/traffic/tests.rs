//! Each traffic has the statistics that its name promises.

use super::random::Random;
use super::sets::{ALL, FROZEN_SEEDS, JUDGED_SEEDS, find};
use super::{Burst, Clock, arrivals};
use std::collections::BTreeMap;

const CLOCK: Clock = Clock { cycle_ns: 1.0 };
const BURSTS: usize = 48_000;

fn of(name: &str, seed: u64) -> Vec<Burst> {
    find(name).expect("a traffic").bursts(seed, BURSTS, CLOCK)
}

/// Mean, and deviation relative to it.
fn spread(values: impl Iterator<Item = u32>) -> (f64, f64) {
    let all: Vec<f64> = values.map(f64::from).collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let variance = all.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / all.len() as f64;
    (mean, variance.sqrt() / mean)
}

fn by_class(bursts: &[Burst]) -> BTreeMap<u16, Vec<Burst>> {
    let mut classes: BTreeMap<u16, Vec<Burst>> = BTreeMap::new();
    bursts.iter().for_each(|b| classes.entry(b.class).or_default().push(*b));
    classes
}

#[track_caller]
fn near(got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within * want.abs(), "{got}, expected {want}");
}

/// Share of the greatest distance between two distributions, times the root of the sample: 1.95 is passed once in 1000.
fn misfit(mut sample: Vec<f64>, law: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let distance = |(k, v): (usize, &f64)| (law(*v) - k as f64 / n).abs().max((law(*v) - (k + 1) as f64 / n).abs());
    sample.iter().enumerate().map(distance).fold(0.0, f64::max) * n.sqrt()
}

#[test]
fn periodic_gaps_repeat_and_vary_by_their_jitter() {
    for (name, jitter) in [("periodic-1", 0.01), ("periodic-5", 0.05), ("periodic-20", 0.2)] {
        let bursts = of(name, 3);
        assert!((0..BURSTS).all(|k| bursts[k].class as usize == k % 12), "12 layers in turn");
        for layer in by_class(&bursts).values() {
            let (mean, deviation) = spread(layer.iter().map(|b| b.gap));
            near(deviation, jitter, 0.06);
            assert!((1_000.0 * 0.98..30_000.0 * 1.02).contains(&mean), "{mean}");
            assert_eq!(spread(layer.iter().map(|b| b.busy)).1, 0.0, "lengths do not vary");
        }
    }
}

#[test]
fn poisson_gaps_are_exponential_and_remember_nothing() {
    let bursts = of("poisson", 5);
    let (mean, deviation) = spread(bursts.iter().map(|b| b.gap));
    near(mean, 4_000.0, 0.02);
    near(deviation, 1.0, 0.02);
    let gaps: Vec<f64> = bursts.iter().map(|b| f64::from(b.gap)).collect();
    let fit = misfit(gaps.clone(), |t| 1.0 - (-t / 4_000.0).exp());
    assert!(fit < 1.95, "{fit}");
    // of gaps in a row: no correlation, five standard errors
    let products = gaps.windows(2).map(|w| (w[0] / mean - 1.0) * (w[1] / mean - 1.0));
    assert!((products.sum::<f64>() / BURSTS as f64).abs() < 5.0 / (BURSTS as f64).sqrt());
}

#[test]
fn the_heavy_tail_has_its_shape() {
    let bursts = of("pareto", 5);
    for (values, least) in
        [(bursts.iter().map(|b| b.gap).collect::<Vec<_>>(), 400.0), (bursts.iter().map(|b| b.busy).collect(), 500.0)]
    {
        // Hill's estimate over the whole law
        let logs: f64 = values.iter().map(|v| (f64::from(*v) / least).ln()).sum();
        near(values.len() as f64 / logs, 1.3, 0.03);
        assert!(values.iter().all(|v| f64::from(*v) >= least - 1.0));
        assert!(spread(values.iter().copied()).1 > 3.0, "the deviation does not settle");
    }
}

#[test]
fn flows_have_their_sizes_and_their_load() {
    for (name, sizes) in [("search", arrivals::SEARCH), ("hadoop", arrivals::HADOOP)] {
        let bursts = of(name, 9);
        let bytes: Vec<f64> = bursts.iter().map(|b| f64::from(b.busy) * 12.5).collect();
        for (size, percent) in sizes.iter().filter(|(size, _)| *size > 100.0) {
            let below = bytes.iter().filter(|b| **b <= size + 7.0).count() as f64 / BURSTS as f64;
            // five standard errors, and what rounding to cycles moves
            assert!(
                (below - percent / 100.0).abs() < 5.0 * 0.5 / (BURSTS as f64).sqrt() + 0.02,
                "{name} {size}: {below}"
            );
        }
        let (gaps, busy): (u64, u64) =
            bursts.iter().fold((0, 0), |(g, b), x| (g + u64::from(x.gap), b + u64::from(x.busy)));
        near(busy as f64 / (gaps + busy) as f64, 0.3, 0.04);
        near(spread(bursts.iter().map(|b| b.gap)).1, 1.0, 0.03);
    }
}

/// Rounds of `steps` bursts: mean gap of each step, and the lengths of the first round.
fn rounds(bursts: &[Burst], steps: usize) -> (Vec<f64>, Vec<u32>) {
    let gaps = (0..steps).map(|k| spread(bursts.iter().skip(k).step_by(steps).map(|b| b.gap)).0).collect();
    (gaps, bursts[..steps].iter().map(|b| b.busy).collect())
}

#[test]
fn a_ring_is_one_computation_and_equal_steps() {
    for (name, steps) in [("ring-14", 14), ("ring-30", 30), ("ring-62", 62), ("ring-126", 126)] {
        let bursts = of(name, 4);
        let (gaps, lengths) = rounds(&bursts, steps);
        assert!(lengths.iter().all(|l| *l == lengths[0]) && (300..=800).contains(&lengths[0]), "{lengths:?}");
        assert!((19_000.0..82_000.0).contains(&gaps[0]), "{}", gaps[0]);
        gaps[1..].iter().for_each(|gap| near(*gap, 1_100.0, 0.005));
        let step = bursts.iter().enumerate().filter(|(k, _)| k % steps != 0).map(|(_, b)| b.gap);
        near(spread(step).1, 0.01, 0.05);
        near(spread(bursts.iter().step_by(steps).map(|b| b.gap)).1, 0.03, 0.2);
    }
}

#[test]
fn a_tree_sends_up_and_down_with_a_pause_between() {
    let bursts = of("tree", 4);
    // four layers of computation before four bursts each
    let (gaps, lengths) = rounds(&bursts, 16);
    assert!(lengths.iter().all(|l| *l == lengths[0]));
    for round in gaps.chunks(4) {
        assert!((9_500.0..61_000.0).contains(&round[0]), "{round:?}");
        near(round[1], 1_100.0, 0.005);
        near(round[2], 6_600.0, 0.005);
        near(round[3], 1_100.0, 0.005);
    }
}

#[test]
fn halving_and_doubling_sends_what_the_collective_moves() {
    let bursts = of("halving-doubling", 4);
    let (gaps, lengths) = rounds(&bursts, 24);
    let (down, up) = (&lengths[..6], &lengths[6..12]);
    assert!(down.iter().eq(up.iter().rev()) && lengths[..12] == lengths[12..]);
    down.windows(2).for_each(|w| near(f64::from(w[0]) / f64::from(w[1]), 2.0, 0.01));
    // 2 (n - 1)/n of the data, of which the first step is half
    let total: u32 = lengths[..12].iter().sum();
    near(f64::from(total) / f64::from(2 * lengths[0]), 2.0 * 63.0 / 64.0, 0.01);
    gaps[1..12].iter().for_each(|gap| near(*gap, 1_500.0, 0.005));
    assert!(gaps[0] > 19_000.0 && gaps[12] > 19_000.0);
}

#[test]
fn experts_dispatch_and_combine_with_jitter_in_gap_and_length() {
    let classes = by_class(&of("moe", 4));
    assert_eq!(classes.len(), 16, "two all-to-alls in each of 8 layers");
    for bursts in classes.values() {
        near(spread(bursts.iter().map(|b| b.gap)).1, 0.05, 0.06);
        near(spread(bursts.iter().map(|b| b.busy)).1, 0.05, 0.06);
    }
    let means: Vec<f64> = classes.values().map(|b| spread(b.iter().map(|b| b.busy)).0).collect();
    means.chunks(2).for_each(|pair| near(pair[0], pair[1], 0.01));
}

#[test]
fn a_pipeline_alternates_forward_and_backward_and_ends_in_a_bubble() {
    let (gaps, lengths) = rounds(&of("pipeline", 4), 16);
    assert!(lengths.iter().all(|l| *l == lengths[0]));
    let backward = gaps[1];
    for (k, gap) in gaps.iter().enumerate().skip(1) {
        near(*gap, if k % 2 == 1 { backward } else { backward / 2.0 }, 0.005);
    }
    near(gaps[0], 4.0 * backward, 0.005);
}

#[test]
fn a_seed_gives_its_traffic_and_judged_seeds_are_not_those_of_the_choice() {
    for traffic in ALL {
        let draw = |seed| traffic.bursts(seed, 500, CLOCK);
        assert!(draw(1) == draw(1) && draw(1) != draw(2), "{}", traffic.name);
        assert!(draw(1).iter().all(|b| b.gap > 0 && b.busy > 0));
    }
    assert!(JUDGED_SEEDS.iter().all(|s| !FROZEN_SEEDS.contains(s)));
    let mut random = Random::new(1, 1);
    near((0..10_000).map(|_| random.normal()).map(|x| x * x).sum::<f64>() / 10_000.0, 1.0, 0.05);
}

#[test]
fn traffic_is_the_same_time_at_any_clock() {
    for name in ["ring-30", "moe", "poisson"] {
        let ns = |cycle_ns: f64| {
            let bursts = find(name).expect("a traffic").bursts(8, 2_000, Clock { cycle_ns });
            bursts.iter().map(|b| f64::from(b.gap + b.busy) * cycle_ns).sum::<f64>()
        };
        // times are rounded to cycles
        near(ns(6.4), ns(10.0), 0.003);
    }
}
