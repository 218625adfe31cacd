//! The laser block: modes, times, hints, registers, events.

use crate::laser::rig::Rig;
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::laser::enable::{LaserEnable, TIMEOUT_LAG};
use firstlight_hdl::laser::switch::HINT_LIFE;
use firstlight_sim::model::laser::clairvoyant::Oracle;
use firstlight_sim::model::laser::policy::{Policy, Setting};
use firstlight_sim::model::laser::switch::Switch;
use firstlight_sim::traffic::{Clock, sets};
use firstlight_spec::regs::{laser, laser::mode};
use rust_hdl::prelude::*;

fn rig(mode: u32, t_on: u32, min_on: u32, min_off: u32, timeout: u32) -> Rig {
    let times = [t_on, min_on, min_off].map(u64::from);
    let setting = Setting { t_on: times[0], min_on: times[1], min_off: times[2], notice: 0 };
    let mut rig = Rig::set(mode, setting, timeout as u64);
    rig.idle(300);
    rig
}

/// Lengths of the runs of light or darkness.
fn runs(log: &[(bool, bool, bool)], light: bool) -> Vec<usize> {
    log.chunk_by(|a, b| a.0 == b.0).filter(|run| run[0].0 == light).map(<[_]>::len).collect()
}

#[test]
fn always_on_holds_until_t_on_and_never_again() {
    let mut rig = Rig::recording();
    let t_on = laser::T_ON.reset as usize;
    rig.idle(2 * t_on as u64);
    let first_light = rig.log.iter().position(|s| s.0).unwrap();
    let open = rig.log.iter().position(|s| !s.1).unwrap();
    assert_eq!(open - first_light, t_on - 1);
    for gap in [1, 3, 1000, 100_000] {
        rig.idle(gap);
        assert_eq!(rig.frame(5), 0);
    }
    assert!(rig.log[first_light..].iter().all(|s| s.0) && rig.log[open..].iter().all(|s| !s.1));
}

#[test]
fn reactive_holds_every_burst_exactly_t_on() {
    for t_on in [4, 5, 52, 80, 4095] {
        let mut rig = rig(mode::REACTIVE, t_on, 0, 0, 1000);
        for gap in [1, 2, 3, 9, 200] {
            rig.idle(gap);
            assert_eq!(rig.frame(4), t_on as u64, "t_on {t_on}, gap {gap}");
        }
    }
}

#[test]
fn min_off_adds_what_is_left_of_it() {
    for min_off in [0, 1, 4, 5, 10, 400] {
        let mut rig = rig(mode::REACTIVE, 20, 0, min_off, 1000);
        let from = rig.log.len();
        rig.frame(4);
        for gap in [1, 2, 9, 200] {
            rig.idle(gap);
            // the first dark cycle is the second idle one
            let left = (min_off as u64).max(1).saturating_sub(gap);
            assert_eq!(rig.frame(4), 20 + left, "min_off {min_off}, gap {gap}");
        }
        assert!(runs(&rig.log[from..], false)[1..].iter().all(|n| *n >= min_off as usize));
    }
}

#[test]
fn min_on_keeps_the_light_after_a_short_burst() {
    let mut rig = rig(mode::REACTIVE, 20, 100, 0, 1000);
    let from = rig.log.len();
    for _ in 0..5 {
        rig.frame(4);
        rig.idle(200);
    }
    assert_eq!(runs(&rig.log[from + 1..], true), [100; 5]);
}

#[test]
fn a_timeout_turns_off_after_its_idle_cycles_and_only_then() {
    let mut rig = rig(mode::TIMEOUT, 20, 0, 0, 50);
    assert_eq!(rig.frame(4), 20);
    for gap in [1, 10, 49, 50 + TIMEOUT_LAG - 1] {
        rig.idle(gap);
        assert_eq!(rig.frame(4), 0, "gap {gap}");
    }
    rig.idle(50 + TIMEOUT_LAG);
    assert!(rig.log.last().unwrap().0 && !rig.cycle(false, false, None).light, "dark after exactly the timeout");
    assert_eq!(rig.frame(4), 20);
}

#[test]
fn a_hint_shortens_the_hold_by_its_notice() {
    for mode in [mode::HINT, mode::TIMEOUT, mode::PAIR_GAP] {
        for (notice, min_off) in
            [(1, 0), (2, 0), (6, 0), (51, 0), (52, 0), (53, 0), (54, 0), (60, 0), (200, 0), (100, 30)]
        {
            let mut rig = rig(mode, 52, 0, min_off, 1000);
            rig.frame(4);
            for gap in [notice + 1, notice + 2, notice + 500, notice + 3000] {
                rig.announce_after(gap - notice, notice);
                let held = rig.frame(4);
                assert!(held <= 52u64.saturating_sub(notice), "mode {mode}, notice {notice}, gap {gap}: held {held}");
            }
        }
    }
}

#[test]
fn a_hint_turns_the_light_on_t_on_before_its_burst() {
    let mut rig = rig(mode::HINT, 52, 0, 0, 1000);
    let from = rig.log.len();
    for notice in [52, 60, 200] {
        rig.frame(4);
        rig.announce_after(1000, notice);
        assert_eq!(rig.frame(4), 0, "notice {notice}");
        rig.idle(1000);
    }
    // t_on before the first word is accepted less the cycle to the line, four words, two tail slots, the turn-off
    let lit = runs(&rig.log[from..], true);
    assert_eq!(lit, [52 + 4 + 2, 51 + 4 + 2 + 1].repeat(3));
}

#[test]
fn a_wrong_hint_costs_light_up_to_the_timeout_and_nothing_else() {
    let mut rig = rig(mode::HINT, 20, 0, 0, 100);
    let from = rig.log.len();
    rig.cycle(false, false, Some(30));
    rig.idle(10_000);
    let lit = runs(&rig.log[from..], true);
    assert!(lit.len() == 1 && (HINT_LIFE as usize..HINT_LIFE as usize + 10).contains(&lit[0]), "{lit:?}");
    assert_eq!(rig.frame(4), 20);
}

#[test]
fn a_doorbell_of_the_host_is_a_hint() {
    let mut rig = rig(mode::HINT, 20, 0, 0, 1000);
    rig.write(&laser::HINT, 100);
    rig.idle(100);
    assert_eq!(rig.frame(4), 0);
}

#[test]
fn events_count_bursts_lateness_light_and_wake_ups() {
    let mut rig = rig(mode::REACTIVE, 20, 0, 0, 1000);
    rig.totals = [0; 8];
    let from = rig.log.len();
    for _ in 0..10 {
        rig.frame(4);
        rig.idle(100);
    }
    rig.idle(2);
    let lit = rig.log[from..].iter().filter(|s| s.0).count() as u64;
    assert_eq!(rig.totals, [10, 10, 200, lit, 10, 0, 0, 0]);
    assert_eq!(lit, 10 * (19 + 4 + 2 + 1));
}

/// Random clients never send in the dark.
fn agree(seed: u64) -> Rig {
    let mut random = numbers(seed);
    let mut rig = Rig::recording();
    let (mut checked, mut light_for) = (0, 0u32);
    for round in 0..30 {
        let r = random();
        let t_on = 4 + (r >> 3) as u32 % 60;
        let (min_on, min_off) = ((r >> 20) as u32 % 40, (r >> 30) as u32 % 40);
        rig.write(&laser::T_ON, t_on);
        rig.write(&laser::MIN_ON, min_on);
        rig.write(&laser::MIN_OFF, min_off);
        rig.write(&laser::TIMEOUT, (r >> 40) as u32 % 200);
        rig.write(&laser::MODE, round % 5);
        rig.idle(100);
        for _ in 0..30 {
            let r = random();
            let (gap, notice, words) = (r % (1 << (r >> 60)) % 600, (r >> 16) % 100, 1 + (r >> 32) % 9);
            for t in 0..gap {
                let hint = (t + notice == gap && r >> 50 & 1 != 0).then_some(notice);
                rig.cycle(false, false, hint);
            }
            rig.frame(words);
            for (light, hold, valid) in &rig.log[checked..] {
                light_for = if *light { light_for + 1 } else { 0 };
                assert!(*hold || !*valid || light_for + 1 >= t_on, "a beat after {light_for} cycles of light");
            }
            checked = rig.log.len();
        }
    }
    rig
}

agrees_with_the_model!(3, agree);

#[test]
fn verilog_replays_the_same_trace() {
    let rig = agree(7);
    shows(&rig.bench, "laser_enable", &["bus_request", "client_valid", "in_frame", "laser_en", "tx_hold", "events"]);
    replays_and_validates(&rig.bench, "laser_enable");
}

#[test]
fn the_laser_block_fits_its_budget() {
    let mut uut = LaserEnable::default();
    uut.connect_all();
    fits_its_budget(&uut, "laser_enable");
}

/// Bursts of every traffic, each announced `notice` ahead, in mode hint; cycles of light above the oracle's, by gap.
fn above_the_oracle(t_on: u64, notice: u64, cycle_ns: f64) -> Vec<(u64, i64)> {
    let setting = Setting::of(t_on).with_notice(notice);
    let mut above = vec![];
    for traffic in sets::ALL {
        // long gaps are played faster: the gateware knows cycles only
        let clock = Clock { cycle_ns: if ["search", "hadoop"].contains(&traffic.name) { 500.0 } else { cycle_ns } };
        let mut bursts = traffic.bursts(101, 202, clock);
        // announced within the rig's own gap
        bursts[0].gap = bursts[0].gap.max(1 + notice as u32);
        // a word and two tail slots
        bursts.iter_mut().for_each(|b| b.busy = b.busy.max(3));
        let mut rig = Rig::set(mode::HINT, setting, 20_000);
        let mut oracle = Switch::lit();
        for (n, pair) in bursts.windows(2).enumerate() {
            let (gap, busy) = (pair[0].gap as u64, pair[0].busy as u64);
            let plan = Oracle.plan(&Setting::of(t_on), 0, gap);
            let best = oracle.gap(&Setting::of(t_on), &plan, gap, busy);
            let got = rig.gap_and_burst(gap, notice, busy, pair[1].gap as u64);
            assert_eq!((got.held, best.held), (0, 0), "{}, gap {n} of {gap} cycles", traffic.name);
            above.push((gap, best.dark as i64 - got.dark as i64));
        }
        assert_eq!(rig.totals[1..3], [0, 0], "{}: nothing is counted late or held", traffic.name);
    }
    above
}

#[test]
fn bursts_announced_t_on_ahead_are_on_time_at_the_oracles_duty() {
    let above = above_the_oracle(26, 26, 20.0);
    assert!(above.len() > 3_000 && above.iter().all(|gap| gap.1 == 0), "{above:?}");
    // announced before that, a hint that is almost due keeps the light on in gaps that are hardly longer than t_on
    for notice in [27, 40, 100] {
        let above = above_the_oracle(26, notice, 20.0);
        let costs: Vec<_> = above.iter().filter(|gap| gap.1 != 0).collect();
        assert!(costs.iter().all(|gap| (1..=8).contains(&gap.1) && gap.0 <= notice.max(26 + 8)), "{notice}: {costs:?}");
        assert!(costs.len() * 20 < above.len(), "{notice}: {costs:?}");
    }
}
