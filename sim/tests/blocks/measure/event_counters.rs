//! The event counters.

use super::{on_bus, read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::measure::event_counters::EventCounters;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::event_counters::EventCounters as Model;
use firstlight_spec::regs::{events, link};
use rust_hdl::prelude::*;

on_bus!(bits: EventCounters);

/// More cycles than a prescaler may wait.
const VISIT_CYCLES: u64 = 64;

fn bench(start: &[u64]) -> Bench<EventCounters> {
    Bench::new(EventCounters::starting_at(start), |u| &mut u.clock)
}

fn command(b: &mut Bench<EventCounters>, field: firstlight_spec::regs::Field) -> u64 {
    write(b, link::COMMAND.word, field.mask());
    b.until(EventCounters::COMMAND_CYCLES, |u| !u.busy.val()).expect("the command ends in time")
}

fn count(b: &mut Bench<EventCounters>, model: &mut Model, events: u32) {
    b.cycle(|u| u.events.next = W::new(events as u64), |_| {});
    model.count(events);
}

/// Lets the walker take in what was counted, then compares a snapshot with the model.
fn compare(b: &mut Bench<EventCounters>, model: &mut Model) {
    b.cycle(|u| u.events.next = W::new(0), |_| {});
    b.run(VISIT_CYCLES);
    command(b, link::SNAPSHOT);
    model.copy();
    for word in 0..64 {
        assert_eq!(read(b, events::SNAPSHOT.word + word), model.word(word as usize), "word {word}");
    }
}

#[test]
fn a_snapshot_is_read_bit_by_bit() {
    let mut b = bench(&[0x0123_4567_89ab_cdc0]).recording();
    command(&mut b, link::SNAPSHOT);
    b.start_recording();
    assert_eq!(read(&mut b, events::SNAPSHOT.word), 0x0123_4567);
    insta::assert_snapshot!(b.trace().ascii(&["bus_request", "bus_read", "busy"]));
}

/// Every event is counted in every cycle.
fn agree(seed: u64) {
    let mut b = bench(&[]);
    let mut model = Model::default();
    let mut random = numbers(seed);
    for density in [0, 1, 2] {
        for _ in 0..1000 {
            let dense = random() as u32 | random() as u32;
            let events = [dense, dense & random() as u32 & random() as u32, !0][density];
            count(&mut b, &mut model, events);
        }
        compare(&mut b, &mut model);
    }
}

agrees_with_the_model!(4, agree);

#[test]
fn carries_reach_every_chunk() {
    let starts = [0xffc0, 0xffff_ffc0, 0xffff_ffff_ffc0, 0x7fff_ffff_ffff_0040, 0x7fc0, 0x0001_0000_0000];
    let mut b = bench(&starts);
    let mut model = Model::default();
    model.live[..starts.len()].copy_from_slice(&starts);
    for _ in 0..200 {
        count(&mut b, &mut model, 0b111111);
    }
    compare(&mut b, &mut model);
    // carries while a snapshot is taken keep each counter consistent
    let start = [0xff_ffc0u64; 32];
    let mut b = bench(&start);
    b.cycle(|u| u.events.next = W::new(0xffff_ffff), |_| {});
    let before = b.cycles();
    command(&mut b, link::SNAPSHOT);
    let cycles = b.cycles() - before;
    for event in 0..32 {
        let low = read(&mut b, events::SNAPSHOT.word + 2 * event + 1) as u64;
        let high = read(&mut b, events::SNAPSHOT.word + 2 * event) as u64;
        let gained = (high << 32 | low) - start[0];
        assert!(gained <= cycles, "event {event} gained {gained} in {cycles} cycles");
    }
}

#[test]
fn a_clear_zeroes_everything_and_all_counters_start_together() {
    let mut b = bench(&[0x1234_5678_9abc_dec0; 32]);
    let mut model = Model::default();
    b.cycle(|u| u.events.next = W::new(0xffff_ffff), |_| {});
    command(&mut b, link::CLEAR);
    // the last busy cycle, and the one in which `busy` was seen low
    model.count(!0);
    model.count(!0);
    for _ in 0..100 {
        count(&mut b, &mut model, !0);
    }
    compare(&mut b, &mut model);
}

#[test]
fn the_verilog_replays_snapshots_and_reads() {
    let mut b = bench(&[0xffc0, 0x7fff_ffc0]).recording();
    let mut model = Model { live: [0; 32], snapshot: [0; 32] };
    (model.live[0], model.live[1]) = (0xffc0, 0x7fff_ffc0);
    let mut random = numbers(9);
    for _ in 0..1500 {
        count(&mut b, &mut model, random() as u32 | 3);
    }
    compare(&mut b, &mut model);
    command(&mut b, link::CLEAR);
    for _ in 0..300 {
        b.cycle(|u| u.events.next = W::new(random() & 0xffff_ffff), |_| {});
    }
    replays_and_validates(&b, "event_counters");
}

#[test]
fn the_event_counters_fit_their_budget() {
    let mut uut = EventCounters::default();
    uut.connect_all();
    fits_its_budget(&uut, "event_counters");
}

#[test]
#[should_panic(expected = "word 1")]
fn a_lost_count_is_noticed() {
    let mut b = bench(&[]);
    let mut model = Model::default();
    count(&mut b, &mut model, 1);
    b.cycle(|u| u.events.next = W::new(1), |_| {});
    compare(&mut b, &mut model);
}
