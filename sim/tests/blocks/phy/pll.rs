//! The board's clock: its model, and the settings in its Verilog.

use crate::support::proves;
use firstlight_hdl::phy::pll::{INPUT_HZ, OUTPUT_HZ, Pll, PllPair};
use firstlight_hdl::prelude::*;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::verilog;

/// Counts cycles of every output.
#[derive(LogicBlock, Default)]
struct Counted {
    pub clock: Signal<In, Clock>,
    pub locked: Signal<Out, Bit>,
    pub both_locked: Signal<Out, Bit>,
    pub cycles: Signal<Out, W<8>>,
    pub pair_cycles: Signal<Out, W<8>>,
    pub late_cycles: Signal<Out, W<8>>,
    one: Pll,
    pair: PllPair,
    count: DFF<W<8>>,
    pair_count: DFF<W<8>>,
    late_count: DFF<W<8>>,
}

impl Logic for Counted {
    #[hdl_gen]
    fn update(&mut self) {
        self.one.clock_in.next = self.clock.val();
        self.pair.clock_in.next = self.clock.val();
        self.count.clock.next = self.one.clock.val();
        self.pair_count.clock.next = self.pair.clock.val();
        self.late_count.clock.next = self.pair.late_clock.val();
        self.count.d.next = self.count.q.val() + 1;
        self.pair_count.d.next = self.pair_count.q.val() + 1;
        self.late_count.d.next = self.late_count.q.val() + 1;
        self.cycles.next = self.count.q.val();
        self.pair_cycles.next = self.pair_count.q.val();
        self.late_cycles.next = self.late_count.q.val();
        self.locked.next = self.one.locked.val();
        self.both_locked.next = self.pair.locked.val();
    }
}

/// Edges until the models lock.
const LOCK_EDGES: u64 = 16;

#[test]
fn clocks_pass_through_and_lock_rises_once() {
    let mut b = Bench::new(Counted::default(), |u| &mut u.clock).recording();
    for cycle in 0..40u64 {
        let seen = b.cycle(
            |_| {},
            |u| {
                let cycles = [&u.cycles, &u.pair_cycles, &u.late_cycles].map(|c| c.val().get());
                (cycles, u.locked.val(), u.both_locked.val())
            },
        );
        assert_eq!(seen, ([cycle; 3], cycle >= LOCK_EDGES, cycle >= LOCK_EDGES), "cycle {cycle}");
    }
    proves(&b, "pll", &["cycles", "locked", "both_locked"]);
}

/// The number behind `name` in the parameters of the device's cell.
fn setting(verilog: &str, name: &str) -> u64 {
    let (_, after) = verilog.split_once(&format!(".{name}(")).unwrap_or_else(|| panic!("no {name}"));
    let (value, _) = after.split_once(')').expect("parameters are closed");
    value.split_once("'d").expect("a decimal number").1.parse().expect("a number")
}

#[test]
fn the_settings_in_the_verilog_give_the_datapaths_clock() {
    let mut one = Pll::default();
    one.connect_all();
    let text = verilog::emit(&one, "pll");
    let vco_hz = INPUT_HZ / (setting(&text, "DIVR") + 1) * (setting(&text, "DIVF") + 1);
    assert_eq!((vco_hz >> setting(&text, "DIVQ"), OUTPUT_HZ), (156_250_000, 156_250_000));
}
