//! The memory between two clocks, here on one: what a crossing reads was written long before.

use crate::support::{agrees_with_the_model, fits_its_budget, memory_cycles, replays_and_validates, shows};
use firstlight_hdl::phy::two_clock_memory::TwoClockMemory;
use firstlight_hdl::prelude::*;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;

#[derive(LogicBlock, Default)]
struct OneClock {
    pub clock: Signal<In, Clock>,
    pub write_address: Signal<In, W<8>>,
    pub write_data: Signal<In, W<16>>,
    pub write_enable: Signal<In, Bit>,
    pub read_address: Signal<In, W<8>>,
    pub read_data: Signal<Out, W<16>>,
    memory: TwoClockMemory<16, 8>,
    /// What is read before the first edge is unknown.
    begun: DFF<Bit>,
}

impl Logic for OneClock {
    #[hdl_gen]
    fn update(&mut self) {
        self.memory.write_clock.next = self.clock.val();
        self.memory.read_clock.next = self.clock.val();
        self.memory.write_address.next = self.write_address.val();
        self.memory.write_data.next = self.write_data.val();
        self.memory.write_enable.next = self.write_enable.val();
        self.memory.read_address.next = self.read_address.val();
        self.begun.clock.next = self.clock.val();
        self.begun.d.next = true;
        self.read_data.next = 0.into();
        if self.begun.q.val() {
            self.read_data.next = self.memory.read_data.val();
        }
    }
}

/// A word is read one cycle after its address; both sides keep apart, as pointers do.
fn agree(seed: u64) -> Bench<OneClock> {
    let mut b = Bench::new(OneClock::default(), |u| &mut u.clock).recording();
    for c in memory_cycles(&[], false, seed) {
        let got = b.cycle(
            |u| {
                u.write_address.next = W::new(c.write);
                u.write_data.next = W::new(c.data);
                u.write_enable.next = c.enable;
                u.read_address.next = W::new(c.read);
            },
            |u| u.read_data.val().get(),
        );
        assert_eq!(got, c.shows);
    }
    b
}

agrees_with_the_model!(8, agree);

#[test]
fn verilog_replays_the_same_trace_and_is_one_block_memory() {
    let b = agree(1);
    shows(&b, "two_clock_memory", &["write_address", "write_data", "write_enable", "read_address", "read_data"]);
    replays_and_validates(&b, "two_clock_memory");
    let mut uut: TwoClockMemory<16, 8> = TwoClockMemory::default();
    uut.connect_all();
    fits_its_budget(&uut, "two_clock_memory");
}
