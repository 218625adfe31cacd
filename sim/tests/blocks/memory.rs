//! The block memory.

use crate::support::{agrees_with_the_model, fits_its_budget, memory_cycles, replays_and_validates, shows};
use firstlight_hdl::memory::Memory;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::Block;

/// A word is read one cycle after its address, and a collision reads the old one.
fn agree(seed: u64) -> Bench<Memory<16, 4>> {
    let mut b = Bench::new(Memory::new(&[7, 8, 9]), |u| &mut u.clock).recording();
    for c in memory_cycles(&[7, 8, 9], true, seed) {
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
fn verilog_replays_the_same_trace() {
    let b = agree(1);
    shows(&b, "memory", &["write_address", "write_data", "write_enable", "read_address", "read_data"]);
    replays_and_validates(&b, "memory");
}

#[test]
fn a_deep_memory_is_one_block_memory_and_nothing_else() {
    let mut uut: Memory<16, 8> = Memory::default();
    uut.connect_all();
    fits_its_budget(&uut, "memory");
}
