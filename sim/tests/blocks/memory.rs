//! The block memory.

use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::memory::Memory;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::Block;

fn bench() -> Bench<Memory<16, 4>> {
    Bench::new(Memory::new(&[7, 8, 9]), |u| &mut u.clock).recording()
}

/// A word is read one cycle after its address, and a collision reads the old one.
fn agree(seed: u64) -> Bench<Memory<16, 4>> {
    let mut b = bench();
    let mut model = [7u64, 8, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let mut random = numbers(seed);
    let mut expected = 0;
    for _ in 0..500 {
        let (x, y) = (random(), random());
        let (write, read, data, enable) = (x as usize & 15, y as usize & 15, x >> 20 & 0xffff, y & 32 != 0);
        let got = b.cycle(
            |u| {
                u.write_address.next = W::new(write as u64);
                u.read_address.next = W::new(read as u64);
                u.write_data.next = W::new(data);
                u.write_enable.next = enable;
            },
            |u| u.read_data.val().get(),
        );
        assert_eq!(got, expected);
        expected = model[read];
        if enable {
            model[write] = data;
        }
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
