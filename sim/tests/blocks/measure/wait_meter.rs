//! The wait of first beats.

use super::{on_bus, read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::measure::wait_meter::WaitMeter;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::latency::Wait as Model;
use firstlight_spec::regs::{latency as map, link};
use rust_hdl::prelude::Block;

on_bus!(bits: WaitMeter);

fn bench() -> Bench<WaitMeter> {
    Bench::new(WaitMeter::default(), |u| &mut u.clock)
}

/// One cycle; the bin that the block reports.
fn cycle(b: &mut Bench<WaitMeter>, valid: bool, ready: bool, last: bool) -> Option<u64> {
    b.cycle(
        |u| {
            u.tvalid.next = valid;
            u.tready.next = ready;
            u.tlast.next = last;
        },
        |u| u.wait_now.val().then(|| u.wait_bin.val().get()),
    )
}

/// Frames of 1 to 4 beats; each first beat waits, later ones may.
fn play(b: &mut Bench<WaitMeter>, model: &mut Model, frames: usize, longest: u64, seed: u64) {
    let mut random = numbers(seed);
    let (mut got, mut want) = (vec![], vec![]);
    let mut step = |b: &mut Bench<WaitMeter>, v, r, l| {
        got.extend(cycle(b, v, r, l));
        want.extend(model.cycle(v, r, l).map(|w| w.min(255) as u64));
    };
    for _ in 0..frames {
        let words = 1 + random() % 4;
        for word in 0..words {
            for _ in 0..random() % longest {
                step(b, true, false, word + 1 == words);
            }
            step(b, true, true, word + 1 == words);
        }
        for _ in 0..2 + random() % 3 {
            step(b, false, random() & 1 == 0, random() & 1 == 0);
        }
    }
    for _ in 0..3 {
        step(b, false, true, false);
    }
    assert_eq!(got, want);
}

fn compare(b: &mut Bench<WaitMeter>, model: &Model) {
    assert_eq!(read(b, map::WAIT_MIN.word), model.min as u32);
    assert_eq!(read(b, map::WAIT_MAX.word), model.max as u32);
}

fn agree(seed: u64) {
    let longest = [1, 4, 300, 6000][seed as usize % 4];
    let (mut b, mut model) = (bench(), Model::default());
    play(&mut b, &mut model, if longest > 1000 { 3 } else { 40 }, longest, seed);
    compare(&mut b, &model);
    write(&mut b, link::COMMAND.word, link::CLEAR.mask());
    compare(&mut b, &Model::default());
}

agrees_with_the_model!(10, agree);

#[test]
fn a_wait_longer_than_the_range_reads_4095() {
    let mut b = bench();
    for _ in 0..5000 {
        cycle(&mut b, true, false, true);
    }
    cycle(&mut b, true, true, true);
    assert_eq!((cycle(&mut b, false, false, false), cycle(&mut b, false, false, false)), (None, Some(255)));
    assert_eq!((read(&mut b, map::WAIT_MIN.word), read(&mut b, map::WAIT_MAX.word)), (4095, 4095));
}

#[test]
fn a_first_beat_waits_and_later_beats_are_not_counted() {
    let mut b = bench().recording();
    for (v, r, l) in [(1, 0, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 1, 0), (1, 1, 1), (0, 1, 0), (0, 1, 0)]
    {
        cycle(&mut b, v == 1, r == 1, l == 1);
    }
    insta::assert_snapshot!(b.trace().ascii(&["tvalid", "tready", "tlast", "wait_now", "wait_bin"]));
}

#[test]
fn the_verilog_replays_waits() {
    let (mut b, mut model) = (bench().recording(), Model::default());
    play(&mut b, &mut model, 40, 9, 7);
    compare(&mut b, &model);
    replays_and_validates(&b, "wait_meter");
}

#[test]
fn the_wait_meter_fits_its_budget() {
    let mut uut = WaitMeter::default();
    uut.connect_all();
    fits_its_budget(&uut, "wait_meter");
}
