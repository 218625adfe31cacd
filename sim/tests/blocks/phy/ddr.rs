//! Pins at double data rate: the RustHDL leaves against yosys's models of the device's cells.

use crate::support::{numbers, proves};
use firstlight_hdl::phy::ddr::{ClockPin, DdrIn, DdrOut};
use firstlight_hdl::prelude::*;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;

/// Two pins from output to input, and a counter behind a clock pin.
#[derive(LogicBlock, Default)]
struct Wired {
    pub clock: Signal<In, Clock>,
    pub rise: Signal<In, W<2>>,
    pub fall: Signal<In, W<2>>,
    pub rise_out: Signal<Out, W<2>>,
    pub fall_out: Signal<Out, W<2>>,
    pub cycles: Signal<Out, W<4>>,
    ticks: DFF<W<4>>,
    to_rise: DFF<W<2>>,
    to_fall: DFF<W<2>>,
    clock_pin: ClockPin,
    out: DdrOut<2>,
    pins_in: DdrIn<2>,
}

impl Logic for Wired {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, to_rise, to_fall);
        self.to_rise.d.next = self.rise.val();
        self.to_fall.d.next = self.fall.val();
        self.out.clock.next = self.clock.val();
        self.out.rise.next = self.to_rise.q.val();
        self.out.fall.next = self.to_fall.q.val();
        self.clock_pin.pin.next = self.clock.val();
        self.ticks.clock.next = self.clock_pin.clock.val();
        self.ticks.d.next = self.ticks.q.val() + 1;
        self.cycles.next = self.ticks.q.val();
        self.pins_in.clock.next = self.clock.val();
        self.pins_in.pins.next = self.out.pins.val();
        self.rise_out.next = self.pins_in.rise.val();
        self.fall_out.next = self.pins_in.fall.val();
    }
}

/// Words in to words out, of this wrapper: its register, the output, the input. The input's rising edge finds what the
/// pin shows while the clock is low.
const CYCLES: usize = 2;

#[test]
fn two_bits_travel_in_each_cycle() {
    let mut b = Bench::new(Wired::default(), |u| &mut u.clock).recording();
    let mut random = numbers(3);
    let mut sent: Vec<(u64, u64)> = vec![];
    for cycle in 0..300 {
        let (rise, fall) = (random() & 3, random() >> 8 & 3);
        let drive = |u: &mut Wired| {
            u.rise.next = W::new(rise);
            u.fall.next = W::new(fall);
        };
        let got = b.cycle(drive, |u| (u.fall_out.val().get(), u.rise_out.val().get(), u.cycles.val().get()));
        sent.push((rise, fall));
        assert_eq!(got.2, cycle as u64 & 15);
        if cycle > 4 {
            assert_eq!((got.0, got.1), sent[cycle - CYCLES], "cycle {cycle}");
        }
    }
    proves(&b, "ddr", &["rise", "fall", "rise_out", "fall_out"]);
}
