//! A block on the register bus: one request at a time, as the fabric gives them.

use firstlight_hdl::control::bus::{BusRequest, READ_CYCLES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::*;

/// Sets the request of a block.
pub type SetRequest<U> = fn(&mut U, BusRequest);
/// Looks at the answer of a block.
pub type Answer<U> = fn(&U) -> u64;

/// Writes a word; returns after the time that the fabric grants.
pub fn write<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, word: u32, data: u32) {
    let address = W::new(word as u64);
    let data = W::new(data as u64);
    bench.cycle(|u| set(u, BusRequest { strobe: true, write: true, address, data }), |_| {});
    for _ in 0..READ_CYCLES {
        bench.cycle(|u| set(u, BusRequest { strobe: false, write: true, address, data }), |_| {});
    }
}

/// Reads a word; with it the cycles from the strobe until the answer stood, at most [`READ_CYCLES`].
pub fn read<U: Block>(bench: &mut Bench<U>, set: SetRequest<U>, answer: Answer<U>, word: u32) -> (u32, u64) {
    let address = W::new(word as u64);
    let data = W::new(0xaaaa_5555);
    bench.cycle(|u| set(u, BusRequest { strobe: true, write: false, address, data }), |_| {});
    let seen: Vec<u64> = (0..READ_CYCLES)
        .map(|_| bench.cycle(|u| set(u, BusRequest { strobe: false, write: false, address, data }), answer))
        .collect();
    let last = seen[seen.len() - 1];
    let stable = seen.iter().rev().take_while(|a| **a == last).count() as u64;
    (last as u32, READ_CYCLES + 1 - stable)
}
