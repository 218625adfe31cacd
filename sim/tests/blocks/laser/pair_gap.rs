//! The gateware's laser block does what the model says, gap by gap, to the cycle.

use crate::laser::rig::{BURST_BEFORE, Rig};
use crate::support::{numbers, proves};
use firstlight_hdl::laser::log_count::AHEAD;
use firstlight_hdl::laser::pair_gap::PairGap as Block;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::laser::pair_gap::PairGap;
use firstlight_sim::model::laser::policy::{Outcome, Policy, Setting};
use firstlight_sim::model::laser::switch::Switch;
use firstlight_sim::traffic::{Burst, Clock, sets};
use firstlight_spec::regs::laser::mode;

/// Plays the bursts on gateware and model; panics at the first gap in which they differ.
fn agree(name: &str, setting: Setting, timeout: u64, bursts: &[Burst]) -> [u64; 4] {
    let mut rig = Rig::set(mode::PAIR_GAP, setting, timeout);
    let (mut model, mut switch) = (PairGap::new(timeout), Switch::lit());
    let mut seen = [0; 4];
    let mut before = BURST_BEFORE;
    for (n, pair) in bursts.windows(2).enumerate() {
        let (gap, busy) = (pair[0].gap as u64, pair[0].busy as u64);
        let plan = model.plan(&setting, before, gap);
        let want = switch.gap(&setting, &plan, gap, busy);
        model.learn(&setting, &want);
        let got = rig.gap_and_burst(gap, setting.notice, busy, pair[1].gap as u64);
        let compared = Outcome { by_prediction: false, predicted: false, ..want };
        assert_eq!(got, compared, "{name}, gap {n} of {gap} cycles after {before} busy: {plan:?}");
        before = busy;
        seen[0] += 1;
        seen[1] += (want.held > 0) as u64;
        seen[2] += want.predicted as u64;
        seen[3] += (want.held > 0 && want.by_prediction) as u64;
    }
    assert_eq!(&rig.totals[6..8], &seen[2..4], "{name}: predictions used and late");
    // the read takes cycles, in which the gap that follows may be predicted
    assert_eq!(rig.credit(), model.credit as u64, "{name}: credit");
    seen
}

#[test]
fn the_laser_block_agrees_with_its_model_on_every_traffic() {
    let mut sum = [0; 4];
    for traffic in sets::ALL {
        // long gaps are played faster: the gateware knows cycles only
        let clock = Clock { cycle_ns: if ["search", "hadoop"].contains(&traffic.name) { 500.0 } else { 20.0 } };
        let bursts = traffic.bursts(1, 1_336, clock);
        let seen = agree(traffic.name, Setting::of(26).with_notice(3), 20_000, &bursts);
        sum.iter_mut().zip(seen).for_each(|(a, b)| *a += b);
    }
    let [gaps, late, used, late_by_prediction] = sum;
    assert!(gaps >= 20_000 && used > 4_000 && late_by_prediction > 0 && late >= late_by_prediction, "{sum:?}");
}

#[test]
fn the_laser_block_agrees_with_its_model_on_random_gaps_and_times() {
    let mut random = numbers(9);
    for round in 0..24 {
        let r = random();
        let t_on = 4 + r % 90;
        let setting = Setting {
            t_on,
            min_on: (r >> 10) % 60,
            min_off: (r >> 20) % 40,
            notice: if round % 3 == 0 { 0 } else { (r >> 30) % t_on },
        };
        let timeout = [50, 400, 3000][round % 3];
        let base: Vec<u64> = (0..4).map(|_| 1 + random() % [30, 200, 1500][round % 3]).collect();
        let bursts: Vec<Burst> = (0..150)
            .map(|k| {
                let x = random();
                let gap = if x & 15 == 0 { 1 + x / 16 % 4000 } else { base[k % 4] + x / 16 % 3 };
                let busy = if x >> 40 & 15 == 0 { 1 + (x >> 44) % 40 } else { 20 + base[(k + 1) % 4] % 40 };
                Burst { gap: gap as u32, busy: busy as u32, class: 0 }
            })
            .collect();
        agree(&format!("round {round}"), setting, timeout, &bursts);
    }
}

#[test]
fn the_laser_block_agrees_with_its_model_on_bursts_of_one_cycle() {
    let hadoop = sets::find("hadoop").expect("a traffic");
    for (seed, setting) in [(101, Setting::of(52).with_notice(6)), (102, Setting::of(80))] {
        let bursts = hadoop.bursts(seed, 2_000, Clock { cycle_ns: 500.0 });
        assert!(bursts.iter().filter(|b| b.busy == 1).count() > 500);
        agree(&format!("seed {seed}"), setting, 1024 * setting.t_on, &bursts);
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = Bench::new(Block::default(), |u| &mut u.clock).recording();
    let mut random = numbers(11);
    let (mut was_idle, mut idle) = (false, 0u64);
    bench.uut.predicts.next = true;
    bench.uut.t_on.next = W::new(26);
    for n in 0..200u64 {
        // two short gaps in turn: once the credit allows, the predictor is right and wrong
        let gap = if random() & 7 == 0 { 40 + random() % 200 } else { [120, 300][n as usize & 1] };
        for t in 0..gap + 30 {
            let busy = t >= gap;
            idle = if was_idle { idle + 1 } else { 0 };
            let (dark, held) = (bench.uut.dark.val(), t == gap && random() & 3 == 0);
            bench.cycle(
                |u| {
                    u.busy.next = busy;
                    u.was_idle.next = was_idle;
                    u.held.next = held;
                    u.lit.next = !dark;
                    u.idle_count.next = W::new(!(idle + AHEAD - 1));
                },
                |_| {},
            );
            was_idle = !busy;
        }
    }
    assert!(bench.trace().rows.iter().any(|r| r[bench.trace().port("used")] != 0), "it predicted");
    proves(&bench, "pair_gap", &["busy", "was_idle", "held", "lit", "dark", "made", "used", "late"]);
}
