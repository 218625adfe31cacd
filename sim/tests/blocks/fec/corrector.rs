//! The one-cycle correction.

use crate::support::{damaged, numbers, proves_for_both};
use firstlight_hdl::fec::corrector::Corrector;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::fec::codec::{Flag, decode};
use firstlight_spec::slot::{COLUMNS, COSET, INFO_POSITIONS, SLOT_BITS, Slot, TYPE_BITS};
use proptest::prelude::*;

/// What stands at the outputs: the corrected slot, copies, syndrome, `bad_even`, `wrong`, `hit8`.
type Seen = (Slot, (u8, bool), u8, [bool; 3]);

/// Corrects a slot in one cycle; `split` is how the partial sums share the syndrome.
fn correct(bench: &mut Bench<Corrector>, slot: Slot, split: u8, correct_data: bool) -> Seen {
    let sum = slot.syndrome() ^ COSET;
    bench.cycle(
        |u| {
            u.data.next = W::new(slot.data);
            u.kind.next = W::new(slot.kind as u64);
            u.check.next = W::new(slot.check as u64);
            u.partial.next = W::new((sum ^ split) as u64 | (split as u64) << 8);
            u.correct_data.next = correct_data;
        },
        |u| {
            let (kind, check) = (u.fixed_kind.val().get() as u8, u.fixed_check.val().get() as u8);
            (
                Slot { data: u.fixed_data.val().get(), kind, check },
                (u.same_kind.val().get() as u8, u.same_bit0.val()),
                u.syndrome.val().get() as u8,
                [u.bad_even.val(), u.wrong.val(), u.hit8.val()],
            )
        },
    )
}

fn expected(slot: Slot, correct_data: bool) -> Seen {
    let (decoded, syndrome) = (decode(slot), slot.syndrome());
    let data = if correct_data { decoded.data } else { slot.data };
    let check = if syndrome.is_power_of_two() { slot.check ^ syndrome } else { slot.check };
    let hit8 = syndrome == COLUMNS[INFO_POSITIONS[TYPE_BITS + 8]];
    let flags = [decoded.flag == Flag::BadEven, decoded.flag != Flag::Clean, hit8];
    (Slot { data, kind: decoded.kind, check }, (decoded.kind, data & 1 != 0), syndrome, flags)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(slots in prop::collection::vec(any::<(u64, u64, u8, bool)>(), 1..60)) {
        let mut bench = Bench::combinational(Corrector::new(Target::Generic));
        for (data, random, split, correct_data) in slots {
            let slot = damaged(data, random);
            prop_assert_eq!(correct(&mut bench, slot, split, correct_data), expected(slot, correct_data));
        }
    }
}

#[test]
fn every_single_error_is_corrected() {
    let mut bench = Bench::combinational(Corrector::new(Target::Generic));
    let sent = Slot::new(0x0123_4567_89ab_cdef, 9);
    for position in 0..SLOT_BITS {
        let seen = correct(&mut bench, sent.flipped(1 << position), position as u8, true);
        assert_eq!((seen.0, seen.3[0]), (sent, false), "position {position}");
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(Corrector::new(target)).recording();
        let mut random = numbers(2);
        for _ in 0..400 {
            let x = random();
            correct(&mut bench, damaged(random(), x), (x >> 48) as u8, x >> 60 & 1 != 0);
        }
        bench
    };
    let view = ["kind", "check", "partial", "correct_data", "fixed_kind", "fixed_check", "syndrome", "bad_even"];
    proves_for_both(record, "corrector", &view);
}
