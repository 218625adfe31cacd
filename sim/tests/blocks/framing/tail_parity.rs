//! The two parity words after END.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::tail_parity::{SentSlot, TailParity};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_spec::slot::Slot;
use proptest::prelude::*;

/// What the transmitter does in one cycle.
#[derive(Clone, Copy, Default)]
struct Now {
    sent: Slot,
    add_even: bool,
    add_odd: bool,
    shift_check: bool,
    shift: bool,
    clear: bool,
    end_here: bool,
    end_check: u8,
}

fn cycle(bench: &mut Bench<TailParity>, now: Now) -> (u64, u8) {
    bench.cycle(
        |u| {
            u.sent.next = SentSlot {
                data: W::new(now.sent.data),
                kind: W::new(now.sent.kind as u64),
                check: W::new(now.sent.check as u64),
            };
            u.add_even.next = now.add_even;
            u.add_odd.next = now.add_odd;
            u.shift_check.next = now.shift_check;
            u.shift.next = now.shift;
            u.clear.next = now.clear;
            u.end_here.next = now.end_here;
            u.end_check.next = W::new(now.end_check as u64);
        },
        |u| (u.word.val().get(), u.check.val().get() as u8),
    )
}

/// A frame as the transmitter takes it through the block; the two words as they go out, END added by the caller.
fn tail(bench: &mut Bench<TailParity>, words: &[Slot], end: Slot) -> [(u64, u8); 2] {
    for (n, sent) in words.iter().enumerate() {
        cycle(bench, Now { sent: *sent, add_even: n % 2 == 0, add_odd: n % 2 == 1, ..Now::default() });
    }
    let end_is_even = words.len().is_multiple_of(2);
    let idle = Now { end_check: end.check, ..Now::default() };
    cycle(bench, Now { shift_check: true, end_here: end_is_even, ..idle });
    let even = cycle(bench, Now { shift: true, end_here: !end_is_even, ..idle });
    let odd = cycle(bench, Now { clear: true, ..idle });
    [even, odd]
}

fn sent(data: &[u64], bytes: u8) -> Vec<Slot> {
    slots(data, bytes, 7, true, Ending::Last)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(frames in prop::collection::vec((prop::collection::vec(any::<u64>(), 1..20), 1u8..9), 1..6)) {
        let mut bench = Bench::new(TailParity::new(Target::Generic), |u| &mut u.clock);
        for (data, bytes) in frames {
            let slots = sent(&data, bytes);
            let (words, end) = (&slots[..data.len()], slots[data.len()]);
            for (class, (word, check)) in tail(&mut bench, words, end).into_iter().enumerate() {
                let with_end = if data.len() % 2 == class { end.data } else { 0 };
                let want = slots[data.len() + 1 + class];
                prop_assert_eq!((word ^ with_end, check), (want.data, want.check), "class {}", class);
            }
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::new(TailParity::new(target), |u| &mut u.clock).recording();
        let mut random = numbers(4);
        for n in 0..60 {
            let data: Vec<u64> = (0..1 + n % 7).map(|_| random()).collect();
            let slots = sent(&data, 1 + n as u8 % 8);
            tail(&mut bench, &slots[..data.len()], slots[data.len()]);
        }
        bench
    };
    proves_for_both(
        record,
        "tail_parity",
        &["add_even", "add_odd", "shift_check", "shift", "clear", "end_here", "check"],
    );
}
