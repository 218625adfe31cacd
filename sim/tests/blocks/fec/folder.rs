//! The folded part of the syndrome.

use crate::support::{damaged, numbers, proves_for_both, tail};
use firstlight_hdl::fec::folder::Folder;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::slot::{COSET, Slot};
use proptest::prelude::*;

/// The partial sums of a slot, in the cycle in which it stands at the input.
fn fold(bench: &mut Bench<Folder>, slot: Slot) -> u64 {
    bench.cycle(
        |u| {
            u.data.next = W::new(slot.data);
            u.tc.next = tail(slot);
        },
        |u| u.partial.val().get(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(slots in prop::collection::vec(any::<(u64, u64)>(), 1..60)) {
        let mut bench = Bench::combinational(Folder::new(Target::Generic));
        for (data, random) in slots {
            let slot = damaged(data, random);
            let partial = fold(&mut bench, slot);
            prop_assert_eq!((partial ^ partial >> 8) as u8, slot.syndrome() ^ COSET);
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(Folder::new(target)).recording();
        let mut random = numbers(1);
        (0..300).for_each(|_| {
            fold(&mut bench, damaged(random(), random()));
        });
        bench
    };
    proves_for_both(record, "folder", &["tc", "partial"]);
}
