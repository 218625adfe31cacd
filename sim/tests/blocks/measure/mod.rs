//! Measurement.

mod checker;
mod event_counters;
mod frame_memory;
mod generator;
mod generator_regs;
mod histograms;
mod injector;
mod latency;
mod masks;
mod noise;
mod prescalers;
mod totals;
mod wait_meter;

use crate::control::bus::read_bits;
use firstlight_hdl::control::bus::{BusRequest, READ_CYCLES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::*;

/// A block with registers.
trait OnBus: Block {
    fn request(&mut self) -> &mut Signal<In, BusRequest>;
    /// The whole word, or its bit.
    fn answer(&self) -> u32;
    /// Answers bit by bit.
    const IN_BITS: bool;
}

/// Implements [`OnBus`] for blocks whose ports have the usual names, with how they answer.
macro_rules! on_bus {
    (words: $($block:ty),+) => { on_bus!(false, |answer| answer.get() as u32; $($block),+); };
    (bits: $($block:ty),+) => { on_bus!(true, |answer| u32::from(answer); $($block),+); };
    ($in_bits:literal, |$answer:ident| $word:expr; $($block:ty),+) => {$(
        impl super::OnBus for $block {
            fn request(&mut self) -> &mut rust_hdl::prelude::Signal<rust_hdl::prelude::In, firstlight_hdl::control::bus::BusRequest> {
                &mut self.bus_request
            }
            fn answer(&self) -> u32 {
                let $answer = self.bus_read.val();
                $word
            }
            const IN_BITS: bool = $in_bits;
        }
    )+};
}
use on_bus;

fn request(word: u32, write: bool, data: u32) -> BusRequest {
    BusRequest { strobe: true, write, address: W::new(word as u64), data: W::new(data as u64), ..Default::default() }
}

/// Writes a register; returns when the fabric would acknowledge.
fn write<U: OnBus>(bench: &mut Bench<U>, word: u32, data: u32) {
    let wanted = request(word, true, data);
    bench.cycle(|u| u.request().next = wanted, |_| {});
    for _ in 0..READ_CYCLES {
        bench.cycle(|u| u.request().next = BusRequest { strobe: false, ..wanted }, |_| {});
    }
}

/// Reads a register when its answer must stand.
fn read<U: OnBus>(bench: &mut Bench<U>, word: u32) -> u32 {
    if U::IN_BITS {
        return read_bits(bench, |u, request| u.request().next = request, |u| u.answer() != 0, word);
    }
    let wanted = request(word, false, 0);
    bench.cycle(|u| u.request().next = wanted, |_| {});
    let mut answer = 0;
    for _ in 0..READ_CYCLES {
        answer = bench.cycle(|u| u.request().next = BusRequest { strobe: false, ..wanted }, |u| u.answer());
    }
    answer
}
