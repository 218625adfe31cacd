//! Serialiser, aligner and elastic buffer on one clock, replayed on their Verilog.

use crate::support::{fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::phy::lanes::Lanes;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::slot::{Slot, slot_type};
use rust_hdl::prelude::*;

/// The lanes of a board onto itself, both directions on one clock.
#[derive(LogicBlock, Default)]
struct Jumpered {
    pub clock: Signal<In, Clock>,
    pub tx_data: Signal<In, W<64>>,
    pub tx_tail: Signal<In, W<12>>,
    /// Inverts bits on the lanes.
    pub flip: Signal<In, W<8>>,
    pub rx_data: Signal<Out, W<64>>,
    pub rx_tail: Signal<Out, W<12>>,
    pub light: Signal<Out, Bit>,
    pub events: Signal<Out, W<4>>,
    lanes: Lanes,
    rise: DFF<W<8>>,
    seen: Signal<Local, W<4>>,
}

impl Logic for Jumpered {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, rise);
        self.lanes.clock.next = self.clock.val();
        self.lanes.rx_clock.next = self.clock.val();
        self.lanes.tx_data.next = self.tx_data.val();
        self.lanes.tx_tail.next = self.tx_tail.val();
        self.rise.d.next = self.lanes.tx_rise.val() ^ self.flip.val();
        self.lanes.rx_rise.next = self.rise.q.val();
        self.lanes.rx_fall.next = self.lanes.tx_fall.val();
        self.rx_data.next = self.lanes.rx_data.val();
        self.rx_tail.next = self.lanes.rx_tail.val();
        self.light.next = self.lanes.light.val();
        self.seen.next = 0.into();
        self.seen.next = self.seen.val().replace_bit(0, self.lanes.doubled.val());
        self.seen.next = self.seen.val().replace_bit(1, self.lanes.dropped.val());
        self.seen.next = self.seen.val().replace_bit(2, self.lanes.emptied.val());
        self.seen.next = self.seen.val().replace_bit(3, self.lanes.overrun.val());
        self.events.next = self.seen.val();
    }
}

fn drive(u: &mut Jumpered, slot: Slot, flip: u64) {
    u.tx_data.next = W::new(slot.data);
    u.tx_tail.next = W::new(slot.kind as u64 | (slot.check as u64) << 4);
    u.flip.next = W::new(flip);
}

#[test]
fn lanes_replay_on_their_verilog() {
    let mut b = Bench::new(Jumpered::default(), |u| &mut u.clock).recording();
    let mut random = numbers(5);
    let mut lit = 0;
    for cycle in 0..3_000u64 {
        // one slot stands for five cycles; the stream is cut in the middle and comes back
        let slot = if cycle % 5 == 0 { Some(Slot::new(random(), slot_type::MORE)) } else { None };
        let flip = if (1_000..1_200).contains(&cycle) { random() & 0x80 } else { 0 };
        lit += u64::from(b.cycle(
            |u| {
                if let Some(slot) = slot {
                    drive(u, slot, flip);
                }
            },
            |u| u.light.val(),
        ));
    }
    assert!(lit > 2_000 && lit < 2_900, "lit for {lit} cycles of 3000");
    replays_and_validates(&b, "lanes");
}

#[test]
fn lanes_fit_their_budget() {
    let mut uut = Lanes::default();
    uut.connect_all();
    fits_its_budget(&uut, "lanes");
}
