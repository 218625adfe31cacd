//! IDLE and the linear part of its check bits.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::idle_builder::IdleBuilder;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::control::{IDLE, Idle};
use firstlight_spec::slot::{COSET, parity};
use proptest::prelude::*;

fn of(random: u64) -> Idle {
    Idle {
        state: random as u8 & 7,
        request: (random >> 8) as u8 & 3,
        hint: (random >> 16) as u16,
        prbs: (random >> 32) as u16,
    }
}

/// Word and parity in the same cycle.
fn build(bench: &mut Bench<IdleBuilder>, idle: Idle) -> (u64, u8) {
    bench.cycle(
        |u| {
            u.state.next = W::new(idle.state as u64);
            u.request.next = W::new(idle.request as u64);
            u.hint.next = W::new(idle.hint as u64);
            u.prbs.next = W::new(idle.prbs as u64);
        },
        |u| (u.word.val().get(), u.parity.val().get() as u8),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(fields in prop::collection::vec(any::<u64>(), 1..60)) {
        let mut bench = Bench::combinational(IdleBuilder::new(Target::Generic));
        for idle in fields.into_iter().map(of) {
            let (word, fields_parity) = build(&mut bench, idle);
            let slot = idle.to_slot();
            prop_assert_eq!(word, slot.data);
            prop_assert_eq!(fields_parity ^ parity(IDLE as u64, 0) ^ COSET, slot.check);
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(IdleBuilder::new(target)).recording();
        let mut random = numbers(2);
        (0..300).for_each(|_| {
            build(&mut bench, of(random()));
        });
        bench
    };
    proves_for_both(record, "idle_builder", &["state", "request", "hint", "prbs", "parity"]);
}
