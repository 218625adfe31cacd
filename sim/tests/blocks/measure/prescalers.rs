//! The small counters in front of the event counters.

use crate::support::{numbers, proves};
use firstlight_hdl::measure::prescalers::Prescalers;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use proptest::prelude::*;

/// Cycles from `select` to `count`.
const LATENCY: usize = 2;

/// Events, clear, select.
type Now = (u32, bool, u8);

fn bench() -> Bench<Prescalers> {
    Bench::new(Prescalers::default(), |u| &mut u.clock)
}

fn cycle(bench: &mut Bench<Prescalers>, (events, clear, select): Now) -> u64 {
    bench.cycle(
        |u| {
            u.events.next = W::new(events as u64);
            u.clear.next = clear;
            u.select.next = W::new(select as u64);
        },
        |u| u.count.val().get(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(
        steps in prop::collection::vec((any::<u32>(), prop::bool::weighted(0.02), 0u8..32), 4..300),
    ) {
        let mut bench = bench();
        let mut counts = [0u64; 32];
        let mut wanted = vec![];
        for (n, now) in steps.into_iter().enumerate() {
            wanted.push(counts[now.2 as usize] & 63);
            let got = cycle(&mut bench, now);
            if n >= LATENCY {
                prop_assert_eq!(got, wanted[n - LATENCY], "cycle {}", n);
            }
            for (k, count) in counts.iter_mut().enumerate() {
                *count = if now.1 { 0 } else { *count + (now.0 >> k & 1) as u64 };
            }
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench().recording();
    let mut random = numbers(1);
    for _ in 0..400 {
        let x = random();
        cycle(&mut bench, (x as u32, x >> 40 & 63 == 0, (x >> 32) as u8 & 31));
    }
    proves(&bench, "prescalers", &["clear", "events", "select", "count"]);
}
