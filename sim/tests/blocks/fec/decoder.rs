//! Capture register, correction, output register.

use crate::support::{damaged, numbers, proves_for_both, tail};
use firstlight_hdl::fec::decoder::Decoder;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::fec::codec::{Flag, decode};
use firstlight_spec::slot::Slot;
use proptest::prelude::*;

/// Cycles to `cut`, `out` and `flags`.
const CUT: usize = 1;
const OUT: usize = 2;
const FLAGS: usize = 3;

/// A slot on the line; what stands at `shut` and `correct_data` in the same cycle.
type Step = (Slot, bool, bool);

/// Data, kind, kind of the line, bit 0, `bad_even`, `shut`.
type Word = (u64, u8, u8, bool, bool, bool);

struct Seen {
    cut: Slot,
    out: Word,
    flags: [bool; 3],
}

fn step(bench: &mut Bench<Decoder>, (slot, shut, correct): Step) -> Seen {
    bench.cycle(
        |u| {
            u.line_in_data.next = W::new(slot.data);
            u.line_in_tc.next = tail(slot);
            u.shut.next = shut;
            u.correct_data.next = correct;
        },
        |u| {
            let (cut, out, flags) = (u.cut.val(), u.out.val(), u.flags.val());
            let tc = cut.tc.get();
            Seen {
                cut: Slot { data: cut.data.get(), kind: tc as u8 & 15, check: (tc >> 4) as u8 },
                out: (
                    out.data.get(),
                    out.kind.get() as u8,
                    out.line_kind.get() as u8,
                    out.bit0,
                    out.bad_even,
                    out.shut,
                ),
                flags: [flags.single, flags.wrong, flags.even],
            }
        },
    )
}

/// What must stand at `out`: the slot, and `shut` and `correct_data` of the cycle in which it was captured.
fn word(slot: Slot, shut: bool, correct: bool) -> Word {
    let decoded = decode(slot);
    let data = if correct { decoded.data } else { slot.data };
    let kind = if shut { 0 } else { decoded.kind };
    (data, kind, decoded.kind, data & 1 != 0 || shut, decoded.flag == Flag::BadEven && !shut, shut)
}

fn flags(slot: Slot) -> [bool; 3] {
    let flag = decode(slot).flag;
    let even = slot.syndrome().count_ones().is_multiple_of(2);
    [flag == Flag::Corrected, flag != Flag::Clean, even]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(inputs in prop::collection::vec(any::<(u64, u64)>(), 4..60)) {
        let steps: Vec<Step> =
            inputs.iter().map(|(d, r)| (damaged(*d, *r), r >> 50 & 7 == 0, r >> 60 & 1 != 0)).collect();
        let mut bench = Bench::new(Decoder::new(Target::Generic), |u| &mut u.clock);
        for (n, now) in steps.iter().enumerate() {
            let seen = step(&mut bench, *now);
            if n >= CUT {
                prop_assert_eq!(seen.cut, steps[n - CUT].0);
            }
            if n >= OUT {
                let (_, shut, correct) = steps[n - OUT + CUT];
                prop_assert_eq!(seen.out, word(steps[n - OUT].0, shut, correct), "cycle {}", n);
            }
            if n >= FLAGS {
                prop_assert_eq!(seen.flags, flags(steps[n - FLAGS].0), "cycle {}", n);
            }
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::new(Decoder::new(target), |u| &mut u.clock).recording();
        let mut random = numbers(4);
        for _ in 0..400 {
            let x = random();
            step(&mut bench, (damaged(random(), x), x >> 50 & 7 == 0, x >> 60 & 1 != 0));
        }
        bench
    };
    proves_for_both(record, "decoder", &["line_in_tc", "shut", "correct_data", "flags"]);
}
