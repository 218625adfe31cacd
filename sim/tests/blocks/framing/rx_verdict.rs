//! The verdict on each frame, behind the deframer that it judges.

use super::rx_deframer::{self, flags};
use crate::link::agreement::traffic;
use crate::support::proves_for_both;
use firstlight_hdl::framing::rx_verdict::RxVerdict;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::fec::codec::decode;
use firstlight_sim::model::framing::receiver::{Outcome, Receiver, Verdict};
use firstlight_spec::slot::Slot;
use firstlight_spec::verdict;
use proptest::prelude::*;

/// Cycles from a slot at the deframer to its verdict, to its events.
const VERDICT: usize = 3;
const EVENT: usize = 2;

/// Orphan, ignored, misplaced.
type Events = [bool; 3];

/// Reason, good, sequence; and the events beside them.
type Told = (Option<(u8, bool, u16)>, Events);

/// The verdict and the events that stand at the outputs, cycle by cycle.
fn judge(bench: &mut Bench<RxVerdict>, line: &[Slot]) -> Vec<Told> {
    let mut deframer = rx_deframer::bench();
    let idle = Slot::new(0x96, 0);
    let mut before = idle;
    let mut told = vec![];
    for slot in line.iter().chain(&[idle; VERDICT]) {
        let (_, seen) = rx_deframer::cycle(&mut deframer, *slot, before);
        told.push(bench.cycle(
            |u| {
                u.seen.next = seen;
                u.flags.next = flags(before);
                u.crc_data.next = W::new(decode(*slot).data);
                u.below_l2.next = false;
                u.locked.next = true;
            },
            |u| {
                let (verdict, strobes) = (u.verdict.val(), u.strobes.val());
                let done = (verdict.reason.get() as u8, verdict.good, verdict.sequence.get() as u16);
                (verdict.done.then_some(done), [strobes.orphan, strobes.ignored, strobes.misplaced])
            },
        ));
        before = *slot;
    }
    told
}

fn bench(target: Target) -> Bench<RxVerdict> {
    Bench::new(RxVerdict::new(target), |u| &mut u.clock)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn agrees_with_the_model(seed in 1u64..) {
        let line = traffic(400, seed);
        let told = judge(&mut bench(Target::Generic), &line);
        let mut model = Receiver::new(2);
        for (n, slot) in line.iter().enumerate() {
            let Outcome { verdict, orphan, ignored, misplaced, .. } = model.slot(*slot);
            let got = told[n + VERDICT].0;
            // a sequence number is promised only where END was seen
            let sequence = verdict.and_then(|v| v.sequence).and(got.map(|g| g.2));
            prop_assert_eq!(got.map(|g| Verdict { reason: g.0, sequence }), verdict, "slot {}: {:x?}", n, slot);
            prop_assert!(got.is_none_or(|g| g.1 == (g.0 == verdict::GOOD)));
            prop_assert_eq!(told[n + EVENT].1, [orphan, ignored, misplaced], "slot {}: {:x?}", n, slot);
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = bench(target).recording();
        judge(&mut bench, &traffic(600, 6));
        bench
    };
    proves_for_both(record, "rx_verdict", &["flags", "below_l2", "locked", "control", "strobes"]);
}
