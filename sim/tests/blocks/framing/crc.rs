//! The step of the receiver's CRC.

use crate::support::{numbers, proves};
use firstlight_hdl::framing::crc::{CrcStep, RxBasis};
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
        let (mut bench, basis) = (Bench::combinational(CrcStep::default()), RxBasis::default());
        for (crc, more) in states {
            let moved = step(&mut bench, basis.stored(crc), more);
            prop_assert_eq!(moved, basis.stored(word(if more { crc } else { INITIAL }, 0)));
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = Bench::combinational(CrcStep::default()).recording();
    let mut random = numbers(1);
    (0..300).for_each(|_| {
        step(&mut bench, random() as u32, random() & 7 != 0);
    });
    proves(&bench, "crc", &["state", "more", "moved"]);
}

#[test]
fn every_state_is_stored_in_its_own_way() {
    // the basis is linear: no CRC but zero is stored as zero
    let basis = RxBasis::default();
    let mut span: Vec<u32> = vec![];
    for bit in 0..32 {
        let reduced = span.iter().fold(basis.stored(1 << bit), |x, v| x.min(x ^ v));
        assert_ne!(reduced, 0, "bit {bit}");
        span.push(reduced);
        span.sort_unstable_by(|a, b| b.cmp(a));
    }
}
