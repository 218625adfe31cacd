//! Corrected slots to client beats.

use crate::link::agreement::traffic;
use crate::support::proves;
use firstlight_hdl::fec::decoder::{Decoded, Flags};
use firstlight_hdl::framing::rx_deframer::{RxDeframer, Seen};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::fec::codec::{Flag, decode};
use firstlight_sim::model::framing::receiver::{Beat, Receiver};
use firstlight_spec::slot::Slot;
use proptest::prelude::*;

pub fn bench() -> Bench<RxDeframer> {
    Bench::new(RxDeframer::default(), |u| &mut u.clock)
}

/// The slot as the decoder shows it at L2.
pub fn decoded(slot: Slot) -> Decoded {
    let out = decode(slot);
    let mut decoded = Decoded::default();
    decoded.data = W::new(out.data);
    decoded.kind = W::new(out.kind as u64);
    decoded.line_kind = decoded.kind;
    decoded.bit0 = out.data & 1 != 0;
    decoded.bad_even = out.flag == Flag::BadEven;
    decoded
}

/// What the decoder says of the same slot one cycle later.
pub fn flags(slot: Slot) -> Flags {
    let flag = decode(slot).flag;
    let even = slot.syndrome().count_ones().is_multiple_of(2);
    Flags { single: flag == Flag::Corrected, wrong: flag != Flag::Clean, even }
}

/// One slot, and the flags of the slot before it: the beat, and what is handed on of the slot before.
pub fn cycle(bench: &mut Bench<RxDeframer>, slot: Slot, before: Slot) -> (Option<Beat>, Seen) {
    bench.cycle(
        |u| {
            u.slot.next = decoded(slot);
            u.flags.next = flags(before);
        },
        |u| {
            let (keep, user) = (u.m_axis_tkeep.val().get(), u.m_axis_tuser.val());
            assert_eq!(user.get_bit(1), u.first_now.val());
            let beat = Beat {
                data: u.m_axis_tdata.val().get(),
                bytes: keep.count_ones() as u8,
                first: u.first_now.val(),
                last: u.m_axis_tlast.val(),
            };
            assert!(!u.m_axis_tvalid.val() || (keep + 1).is_power_of_two() && user.get_bit(0) == (keep == 0));
            (u.m_axis_tvalid.val().then_some(beat), u.seen.val())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn agrees_with_the_model(seed in 1u64..) {
        let (mut bench, mut model) = (bench(), Receiver::new(2));
        let line = traffic(400, seed);
        let mut before = Slot::new(0x96, 0);
        for (n, slot) in line.into_iter().enumerate() {
            // in the same cycle: no register on the way
            let (beat, _) = cycle(&mut bench, slot, before);
            prop_assert_eq!(beat, model.slot(slot).beat, "slot {}: {:x?} after {:x?}", n, slot, before);
            before = slot;
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench().recording();
    let mut before = Slot::new(0x96, 0);
    for slot in traffic(600, 5) {
        cycle(&mut bench, slot, before);
        before = slot;
    }
    let view = ["flags", "m_axis_tvalid", "m_axis_tkeep", "m_axis_tlast", "m_axis_tuser", "is_open"];
    proves(&bench, "rx_deframer", &view);
}
