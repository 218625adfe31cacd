//! The laser's switch alone: what it promises whatever its inputs do.

use crate::support::{numbers, proves};
use firstlight_hdl::laser::switch::LaserSwitch;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use proptest::prelude::*;

/// Times of the switch.
#[derive(Clone, Copy, Debug)]
struct Times {
    t_on: u64,
    min_on: u64,
    min_off: u64,
}

/// What the policy, the hints and the client do in a cycle.
#[derive(Clone, Copy, Debug, Default)]
struct Now {
    client_valid: bool,
    in_frame: bool,
    want: bool,
    hint: Option<u64>,
    /// That of the cycle before.
    hint_before: Option<u64>,
}

fn cycle(bench: &mut Bench<LaserSwitch>, times: Times, now: Now) -> (bool, bool) {
    bench.cycle(
        |u| {
            u.client_valid.next = now.client_valid;
            u.in_frame.next = now.in_frame;
            u.want.next = now.want;
            u.hint_soon.next = now.hint.is_some();
            u.hint_valid.next = now.hint_before.is_some();
            let lag = now.hint_before.map_or(0, |slots| times.t_on as i64 - slots as i64);
            u.hint_lag.next = W::new(lag as u64);
            u.hint_enable.next = true;
            u.t_on.next = W::new(times.t_on);
            u.min_on.next = W::new(times.min_on);
            u.min_off.next = W::new(times.min_off);
            u.hint_margin.next = W::new(times.min_off + 8);
            u.no_min_off.next = times.min_off < 2;
        },
        |u| (u.laser_en.val(), u.tx_hold.val()),
    )
}

/// Runs clients that offer, send and pause, and checks every cycle. `record` keeps the trace.
fn run(times: Times, seed: u64, cycles: u64, record: bool) -> Bench<LaserSwitch> {
    let mut bench = Bench::new(LaserSwitch::default(), |u| &mut u.clock);
    if record {
        bench.start_recording();
    }
    let mut random = numbers(seed);
    let (mut lit_for, mut dark_for, mut held_for) = (0u64, 0u64, 0u64);
    let (mut offers, mut words, mut wants) = (0u64, 0u64, false);
    let (mut was_lit, mut hint_before) = (false, None);
    for n in 0..cycles {
        let x = random();
        if x & 0x3f == 0 {
            wants = x & 0x40 != 0;
        }
        if offers == 0 && words == 0 && x >> 8 & 0x1f == 0 {
            offers = 1 + (x >> 16) % 20;
        }
        let hint = (x >> 24 & 0x1f == 0).then_some((x >> 32) % 200);
        let now = Now { client_valid: offers > 0, in_frame: words > 0, want: wants, hint, hint_before };
        hint_before = hint;
        let (lit, hold) = cycle(&mut bench, times, now);
        let context = || format!("cycle {n} of seed {seed}: {times:?} {now:?}");
        // a beat accepted now is on the line one cycle later, and needs t_on slots of light before it
        assert!(hold || lit && lit_for + 1 >= times.t_on.max(4), "{}", context());
        assert!(words == 0 || !hold, "held inside a frame, {}", context());
        if was_lit && !lit {
            assert!(lit_for >= times.min_on, "on for {lit_for} only, {}", context());
        }
        if !was_lit && lit && n > 0 {
            assert!(dark_for >= times.min_off || n <= times.min_off + 8, "off for {dark_for} only, {}", context());
        }
        held_for = if now.client_valid && hold { held_for + 1 } else { 0 };
        let longest = times.t_on.max(4) + times.min_off.max(4) + 2;
        assert!(held_for <= longest, "held for {held_for}, {}", context());
        if now.client_valid && !hold {
            offers -= 1;
            words = 3;
        } else {
            words = words.saturating_sub(1);
        }
        (lit_for, dark_for) = if lit { (lit_for + 1, 0) } else { (0, dark_for + 1) };
        was_lit = lit;
    }
    bench
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_word_without_light_no_flicker_and_no_longer_hold_than_promised(
        seed in 1u64.., t_on in 4u64..90, min_on in 0u64..60, min_off in 0u64..60,
    ) {
        run(Times { t_on, min_on, min_off }, seed, 2500, false);
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let bench = run(Times { t_on: 9, min_on: 6, min_off: 7 }, 3, 1500, true);
    proves(&bench, "switch", &["client_valid", "in_frame", "want", "hint_valid", "laser_en", "tx_hold"]);
}
