//! The bins.

use super::{on_bus, read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::measure::histograms::Histograms;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{latency as map, link};
use rust_hdl::prelude::Block;

on_bus!(bits: Histograms);

fn bench() -> Bench<Histograms> {
    Bench::new(Histograms::default(), |u| &mut u.clock)
}

fn hit(b: &mut Bench<Histograms>, bin: Option<u8>, wait: Option<u8>) {
    b.cycle(
        |u| {
            u.bin_now.next = bin.is_some();
            u.bin.next = W::new(bin.unwrap_or(0x99) as u64);
            u.wait_now.next = wait.is_some();
            u.wait_bin.next = W::new(wait.unwrap_or(0x66) as u64);
        },
        |_| {},
    );
}

fn quiet(b: &mut Bench<Histograms>, cycles: u64) {
    for _ in 0..cycles {
        hit(b, None, None);
    }
}

fn compare(b: &mut Bench<Histograms>, bins: &[u32; 256], waits: &[u32; 256]) {
    quiet(b, 5);
    for i in 0..256 {
        assert_eq!(read(b, map::BINS.word + i), bins[i as usize], "bin {i}");
        assert_eq!(read(b, map::WAIT_BINS.word + i), waits[i as usize], "wait {i}");
    }
}

/// Few different bins, hits as close as allowed.
fn random_hits(b: &mut Bench<Histograms>, count: usize, spread: u64, seed: u64) -> ([u32; 256], [u32; 256]) {
    let (mut bins, mut waits) = ([0; 256], [0; 256]);
    let mut random = numbers(seed);
    for _ in 0..count {
        let (x, y, shift) = ((random() % spread) as u8, (255 - random() % spread) as u8, random() % 3);
        for phase in 0..Histograms::SPACING_CYCLES {
            hit(b, (phase == 0).then_some(x), (phase == shift).then_some(y));
        }
        bins[x as usize] += 1;
        waits[y as usize] += 1;
        quiet(b, if random() & 3 == 0 { random() % 4 } else { 2 - shift.min(2) });
        if shift > 0 {
            quiet(b, 2);
        }
    }
    (bins, waits)
}

fn agree(seed: u64) {
    let mut b = bench();
    let (bins, waits) = random_hits(&mut b, 400, [1, 2, 256][seed as usize % 3], seed);
    compare(&mut b, &bins, &waits);
}

agrees_with_the_model!(9, agree);

#[test]
fn a_bin_carries_into_its_upper_half_and_a_wait_stops_at_its_end() {
    let mut b = bench();
    for _ in 0..0x1_0003 {
        hit(&mut b, Some(7), Some(8));
        quiet(&mut b, Histograms::SPACING_CYCLES - 1);
    }
    quiet(&mut b, 4);
    assert_eq!(read(&mut b, map::BINS.word + 7), 0x1_0003);
    assert_eq!(read(&mut b, map::WAIT_BINS.word + 8), 0xffff);
}

#[test]
fn a_clear_empties_every_bin() {
    let mut b = bench();
    random_hits(&mut b, 2000, 256, 5);
    write(&mut b, link::COMMAND.word, link::CLEAR.mask());
    // hits during the clear are dropped
    for _ in 0..(Histograms::CLEAR_CYCLES - 20) / 3 {
        hit(&mut b, Some(3), Some(250));
        quiet(&mut b, 2);
    }
    quiet(&mut b, 20);
    compare(&mut b, &[0; 256], &[0; 256]);
    hit(&mut b, Some(3), Some(250));
    quiet(&mut b, 5);
    assert_eq!((read(&mut b, map::BINS.word + 3), read(&mut b, map::WAIT_BINS.word + 250)), (1, 1));
}

#[test]
fn a_read_is_right_while_other_bins_are_hit() {
    let mut b = bench();
    for _ in 0..50 {
        hit(&mut b, Some(1), Some(1));
        quiet(&mut b, 2);
    }
    quiet(&mut b, 4);
    for start in 0..6 {
        quiet(&mut b, start);
        // the strobe of the next hit stays: one every cycle is more than the bins take, and none is in row 1
        hit(&mut b, Some(200), Some(200));
        assert_eq!(read(&mut b, map::BINS.word + 1), 50);
        quiet(&mut b, 5);
    }
}

#[test]
fn a_hit_is_written_three_cycles_later() {
    let mut b = bench().recording();
    hit(&mut b, Some(5), Some(6));
    quiet(&mut b, 2);
    hit(&mut b, Some(5), None);
    quiet(&mut b, 4);
    read(&mut b, map::BINS.word + 5);
    insta::assert_snapshot!(b.trace().ascii(&["bin_now", "bin", "wait_now", "bus_request", "bus_read"]));
}

#[test]
fn the_verilog_replays_hits_reads_and_a_clear() {
    let mut b = bench().recording();
    let (bins, waits) = random_hits(&mut b, 60, 3, 9);
    for i in [0, 1, 2] {
        assert_eq!(read(&mut b, map::BINS.word + i), bins[i as usize]);
        assert_eq!(read(&mut b, map::WAIT_BINS.word + 255 - i), waits[255 - i as usize]);
    }
    write(&mut b, link::COMMAND.word, link::CLEAR.mask());
    quiet(&mut b, Histograms::CLEAR_CYCLES);
    random_hits(&mut b, 20, 3, 10);
    read(&mut b, map::BINS.word + 1);
    replays_and_validates(&b, "histograms");
}

#[test]
fn the_bins_fit_their_budget() {
    let mut uut = Histograms::default();
    uut.connect_all();
    fits_its_budget(&uut, "histograms");
}
