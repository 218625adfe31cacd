//! The step of the CRC.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::crc::CrcStep;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::crc::{INITIAL, word};
use proptest::prelude::*;

/// The state moved on by a word of zeros, in the same cycle.
fn step(bench: &mut Bench<CrcStep>, state: u32, more: bool) -> u32 {
    bench.cycle(
        |u| {
            u.state.next = W::new(state as u64);
            u.more.next = more;
        },
        |u| u.moved.val().get() as u32,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(states in prop::collection::vec(any::<(u32, bool)>(), 1..60)) {
        let mut bench = Bench::combinational(CrcStep::new(Target::Generic));
        for (state, more) in states {
            prop_assert_eq!(step(&mut bench, state, more), word(if more { state } else { INITIAL }, 0));
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(CrcStep::new(target)).recording();
        let mut random = numbers(1);
        (0..300).for_each(|_| {
            step(&mut bench, random() as u32, random() & 7 != 0);
        });
        bench
    };
    proves_for_both(record, "crc", &["state", "more", "moved"]);
}
