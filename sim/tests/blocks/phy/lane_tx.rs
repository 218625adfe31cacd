//! Slots onto lanes, and the slot clock.

use super::{carried, mark};
use crate::support::{numbers, proves, tail};
use firstlight_hdl::phy::cell::WORDS;
use firstlight_hdl::phy::lane_tx::{LOAD_CYCLES, LaneTx};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::control::IDLE;
use firstlight_spec::slot::{Slot, slot_type};

/// One cycle: lanes and whether the slot clock is high.
fn cycle(b: &mut Bench<LaneTx>, slot: Slot) -> (u64, u64, bool) {
    let drive = |u: &mut LaneTx| {
        u.data.next = W::new(slot.data);
        u.tail.next = tail(slot);
    };
    b.cycle(drive, |u| (u.rise.val().get(), u.fall.val().get(), u.slot_clock.val().clk))
}

#[test]
fn the_first_word_stands_load_cycles_after_the_slot_clocks_edge() {
    let mut b = Bench::new(LaneTx::default(), |u| &mut u.clock).recording();
    let mut random = numbers(11);
    let mut next = || match random() & 3 {
        0 => Slot::new(IDLE as u64 | random() & !0xff, slot_type::CONTROL),
        1 => Slot::new(random() & !0xff | 1, slot_type::CONTROL),
        _ => Slot::new(random(), random() as u8 & 15),
    };
    let (mut slot, mut was_high, mut edges) = (next(), false, vec![]);
    let (mut slots, mut seen) = (vec![], vec![]);
    for at in 0..500usize {
        let (rise, fall, is_high) = cycle(&mut b, slot);
        seen.push((rise, fall));
        if is_high && !was_high {
            // what stands at the edge is not what is taken: the link shows the next one from here on
            slot = next();
            edges.push(at);
            slots.push(slot);
            b.uut.data.next = W::new(slot.data);
            b.uut.tail.next = tail(slot);
        }
        was_high = is_high;
    }
    assert!(edges.windows(2).all(|e| e[1] - e[0] == WORDS), "a slot clock of {WORDS} cycles");
    assert!(slots.len() > 90);
    for (n, (edge, slot)) in edges.iter().zip(&slots).enumerate().take(slots.len() - 2) {
        let is_idle = slot.kind == slot_type::CONTROL && slot.data as u8 == IDLE;
        for (k, (rise, fall)) in carried(*slot, mark(n as u64, is_idle)).into_iter().enumerate() {
            let at = edge + LOAD_CYCLES as usize + k;
            assert_eq!((seen[at].0, seen[at + 1].1), (rise, fall), "slot {n}, word {k}");
        }
    }
    proves(&b, "lane_tx", &["phase", "data", "rise", "fall"]);
}
