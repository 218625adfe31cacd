//! The memory that is read bit by bit.

use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::serial_memory::SerialMemory;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::Block;

/// A bit is read two cycles after its address, a collision reads the old one, and there is none beyond the word.
fn agree<const D: usize>(seed: u64) -> Bench<SerialMemory<D, 4>> {
    let first = [7, 0x4008, 9];
    let mut b = Bench::new(SerialMemory::new(&first), |u| &mut u.clock).recording();
    let mut model = [0u64; 16];
    model[..3].copy_from_slice(&first.map(u64::from));
    let mut random = numbers(seed);
    let mut want = [false; 2];
    for _ in 0..500 {
        let (x, y) = (random(), random());
        let (place, read, data, enable) = (x as usize & 15, y as usize & 15, x >> 20 & W::<D>::MASK, y & 32 != 0);
        let step = y >> 40 & 31;
        let got = b.cycle(
            |u| {
                u.write_address.next = W::new(place as u64);
                u.read_address.next = W::new(read as u64);
                u.step.next = W::new(step);
                u.write_data.next = W::new(data);
                u.write_enable.next = enable;
            },
            |u| u.out.val(),
        );
        assert_eq!(got, want[1]);
        want = [model[read] >> step & 1 != 0, want[0]];
        if enable {
            model[place] = data;
        }
    }
    b
}

agrees_with_the_model!(8, agree::<16>);

#[test]
fn words_of_other_widths_agree() {
    agree::<32>(2);
    agree::<21>(3);
}

#[test]
fn verilog_replays_the_same_trace() {
    let b = agree::<32>(1);
    shows(&b, "serial_memory", &["write_address", "write_data", "write_enable", "read_address", "step", "out"]);
    replays_and_validates(&b, "serial_memory");
}

#[test]
fn words_of_32_bits_are_two_block_memories_and_a_multiplexer_of_four() {
    let mut uut: SerialMemory<32, 8> = SerialMemory::default();
    uut.connect_all();
    fits_its_budget(&uut, "serial_memory");
}
