//! The matrix of parities.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_hdl::xor::XorMatrix;
use firstlight_sim::bench::Bench;
use proptest::prelude::*;

fn rows(seed: u64) -> Vec<u64> {
    let mut random = numbers(seed);
    (0..9).map(|_| random() & W::<40>::MASK).collect()
}

/// The parities of the rows, in the same cycle.
fn parities(bench: &mut Bench<XorMatrix<40, 9>>, a: u64) -> u64 {
    bench.cycle(|u| u.a.next = W::new(a), |u| u.y.val().get())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(seed in 1u64.., words in prop::collection::vec(0..=W::<40>::MASK, 1..40)) {
        let rows = rows(seed);
        let mut bench = Bench::combinational(XorMatrix::new(&rows, Target::Generic));
        for a in words {
            let want = rows.iter().enumerate().fold(0, |y, (i, r)| y | ((r & a).count_ones() as u64 & 1) << i);
            prop_assert_eq!(parities(&mut bench, a), want);
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(XorMatrix::<40, 9>::new(&rows(3), target)).recording();
        let mut random = numbers(3);
        (0..200).for_each(|_| {
            parities(&mut bench, random() & W::<40>::MASK);
        });
        bench
    };
    proves_for_both(record, "xor", &["a", "y"]);
}
