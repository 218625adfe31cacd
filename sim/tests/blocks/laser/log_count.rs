//! Cycles in a logarithmic code.

use crate::support::{numbers, proves};
use firstlight_hdl::laser::log_count::{AHEAD, LogCount};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::laser::code::code;
use proptest::prelude::*;

/// The block beside the plain counter whose complement it looks at.
struct Counted {
    bench: Bench<LogCount>,
    cycles: u64,
}

impl Counted {
    fn new() -> Self {
        let mut counted = Counted { bench: Bench::new(LogCount::default(), |u| &mut u.clock), cycles: 0 };
        counted.cycle(true);
        counted
    }

    /// One cycle; the code that stands in it.
    fn cycle(&mut self, restart: bool) -> u64 {
        let cycles = self.cycles;
        self.cycles = if restart { 0 } else { cycles + 1 };
        self.bench.cycle(
            |u| {
                u.restart.next = restart;
                u.cycles.next = W::new(!(cycles + AHEAD));
            },
            |u| u.code.val().get(),
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn agrees_with_the_model(gaps in prop::collection::vec(prop_oneof![1u64..70, 1u64..3000], 1..12)) {
        let mut counted = Counted::new();
        for gap in gaps {
            for t in 0..gap {
                prop_assert_eq!(counted.cycle(t + 1 == gap), code(t) as u64, "cycle {} of {}", t, gap);
            }
        }
    }
}

#[test]
fn every_code_is_reached_and_the_last_one_stays() {
    let mut counted = Counted::new();
    // the longest time has 20 bits; 14 of them are looked at, so the octaves above 2^19 come by the last one
    for t in 0..(1u64 << 20) + 100 {
        assert_eq!(counted.cycle(false), code(t) as u64, "cycle {t}");
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut counted = Counted::new();
    counted.bench.start_recording();
    let mut random = numbers(1);
    for _ in 0..12 {
        let gap = random() % 200;
        (0..gap).for_each(|t| {
            counted.cycle(t + 1 == gap);
        });
    }
    proves(&counted.bench, "log_count", &["restart", "cycles", "code"]);
}
