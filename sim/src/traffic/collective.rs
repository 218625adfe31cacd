//! Collectives as one link of a ring, tree or fabric sees them, step by step.

use super::random::Random;
use super::{Burst, Clock};

/// Between the steps of a collective: the partner's latency. It hardly varies.
const STEP_GAP_NS: f64 = 1_100.0;
const STEP_JITTER: f64 = 0.01;
/// Between collectives: computation.
const COMPUTE_JITTER: f64 = 0.03;

/// Repeats `collective` (gap and length of each step, class of its gap) with a computation gap before each.
fn repeat(
    compute_ns: &[f64],
    bursts: usize,
    clock: Clock,
    random: &mut Random,
    steps: impl Fn(usize) -> Vec<(f64, f64)>,
) -> Vec<Burst> {
    let mut out = Vec::with_capacity(bursts);
    let mut round = 0;
    while out.len() < bursts {
        let layer = round % compute_ns.len();
        for (k, (gap_ns, busy_ns)) in steps(layer).into_iter().enumerate() {
            let (gap_ns, jitter) = if k == 0 { (compute_ns[layer], COMPUTE_JITTER) } else { (gap_ns, STEP_JITTER) };
            out.push(Burst {
                gap: clock.cycles(random.jittered(gap_ns, jitter)),
                busy: clock.cycles(busy_ns),
                class: (layer * 512 + k) as u16,
            });
        }
        round += 1;
    }
    out.truncate(bursts);
    out
}

/// Data parallel: ring all-reduce of `steps` equal steps, 2 (n - 1) of n nodes, then computation.
pub fn ring(steps: usize, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    let compute = [random.log_uniform(20_000.0, 80_000.0)];
    let busy = random.log_uniform(300.0, 800.0);
    repeat(&compute, bursts, clock, random, |_| vec![(STEP_GAP_NS, busy); steps])
}

/// Data parallel: binary tree, reduce up and broadcast down; the link of an inner node carries two bursts, a pause of
/// six steps while the root is reached, and two more.
pub fn tree(bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    let compute: Vec<f64> = (0..4).map(|_| random.log_uniform(10_000.0, 60_000.0)).collect();
    let busy = random.log_uniform(500.0, 2_000.0);
    repeat(&compute, bursts, clock, random, |_| {
        vec![(0.0, busy), (STEP_GAP_NS, busy), (6.0 * STEP_GAP_NS, busy), (STEP_GAP_NS, busy)]
    })
}

/// Recursive halving and doubling over 2^`rounds` nodes: lengths halve, then double; together 2 (n - 1)/n of the data.
pub fn halving_doubling(rounds: usize, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    let compute: Vec<f64> = (0..2).map(|_| random.log_uniform(20_000.0, 80_000.0)).collect();
    let busy = random.log_uniform(4_000.0, 8_000.0);
    repeat(&compute, bursts, clock, random, |_| {
        let down = (0..rounds).map(|k| busy / (1u64 << k) as f64);
        down.clone().chain(down.rev()).map(|b| (1_500.0, b.max(100.0))).collect()
    })
}

/// Mixture of experts: two all-to-alls (dispatch, combine) a layer, gaps vary by `jitter`.
pub fn experts(layers: usize, jitter: f64, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    let gaps: Vec<(f64, f64)> =
        (0..layers).map(|_| (random.log_uniform(3_000.0, 20_000.0), random.log_uniform(2_000.0, 8_000.0))).collect();
    let busy: Vec<f64> = (0..layers).map(|_| random.log_uniform(500.0, 2_000.0)).collect();
    (0..bursts)
        .map(|k| {
            let layer = k / 2 % layers;
            let gap = if k % 2 == 0 { gaps[layer].0 } else { gaps[layer].1 };
            // the split over experts varies with the tokens
            Burst {
                gap: clock.cycles(random.jittered(gap, jitter)),
                busy: clock.cycles(random.jittered(busy[layer], 0.05)),
                class: (k % (2 * layers)) as u16,
            }
        })
        .collect()
}

/// Pipeline parallel, one forward one backward: activations of equal size between equal computations, then the
/// bubble of the flush.
pub fn pipeline(micro_batches: usize, bursts: usize, clock: Clock, random: &mut Random) -> Vec<Burst> {
    let forward = random.log_uniform(4_000.0, 10_000.0);
    let busy = random.log_uniform(500.0, 1_500.0);
    let bubble = [forward * 8.0];
    repeat(&bubble, bursts, clock, random, |_| {
        (0..micro_batches).flat_map(|_| [(forward, busy), (2.0 * forward, busy)]).collect()
    })
}
