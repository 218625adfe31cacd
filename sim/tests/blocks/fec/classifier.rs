//! The table of correctable syndromes.

use crate::support::proves_for_both;
use firstlight_hdl::fec::classifier::Classifier;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::slot::{Reading, read_syndrome};

#[test]
fn agrees_with_the_model_for_every_syndrome_within_its_budget() {
    let record = |target: Target| {
        let mut bench = Bench::combinational(Classifier::new(target)).recording();
        for syndrome in 0..=255u8 {
            let single = bench.cycle(|u| u.syndrome.next = W::new(syndrome as u64), |u| u.single.val());
            assert_eq!(single, matches!(read_syndrome(syndrome), Reading::Single(_)), "{syndrome:#x}");
        }
        bench
    };
    proves_for_both(record, "classifier", &["syndrome", "single"]);
}
