//! Number and sum of the latencies.

use super::{on_bus, read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::measure::totals::Totals;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{Reg, latency as map, link};
use rust_hdl::prelude::Block;

on_bus!(bits: Totals);

fn bench() -> Bench<Totals> {
    Bench::new(Totals::default(), |u| &mut u.clock)
}

fn add(b: &mut Bench<Totals>, latency: Option<u16>) {
    b.cycle(
        |u| {
            u.now.next = latency.is_some();
            u.latency.next = W::new(latency.unwrap_or(0xabc) as u64);
            u.bus_request.next.strobe = false;
        },
        |_| {},
    );
}

fn wide(b: &mut Bench<Totals>, reg: Reg) -> u64 {
    (read(b, reg.word) as u64) << 32 | read(b, reg.word + 1) as u64
}

fn snapshot(b: &mut Bench<Totals>) -> (u64, u64) {
    write(b, link::COMMAND.word, link::SNAPSHOT.mask());
    (wide(b, map::COUNT), wide(b, map::SUM))
}

fn agree(seed: u64) {
    let mut b = bench();
    let mut random = numbers(seed);
    let (mut count, mut sum) = (0, 0);
    for round in 0..8 {
        for _ in 0..9000 {
            let latency = (random() & 3 != 0).then(|| if round & 1 == 0 { 4095 } else { random() as u16 & 0xfff });
            add(&mut b, latency);
            count += latency.is_some() as u64;
            sum += latency.unwrap_or(0) as u64;
        }
        add(&mut b, None);
        assert_eq!(snapshot(&mut b), (count, sum));
    }
    assert!(count > 1 << 15 && sum > 1 << 24, "across carries");
}

agrees_with_the_model!(3, agree);

#[test]
fn a_snapshot_under_load_holds_a_count_and_its_sum() {
    let mut b = bench();
    for offset in 0..40 {
        for _ in 0..65_536 / 9 + offset {
            add(&mut b, Some(9));
        }
        b.cycle(|u| u.bus_request.next = super::request(link::COMMAND.word, true, link::SNAPSHOT.mask()), |_| {});
        for _ in 0..12 {
            add(&mut b, Some(9));
        }
        add(&mut b, None);
        let (count, sum) = (wide(&mut b, map::COUNT), wide(&mut b, map::SUM));
        assert_eq!(sum, 9 * count);
    }
}

#[test]
fn nothing_changes_between_snapshots_and_a_clear_empties_both() {
    let mut b = bench();
    add(&mut b, Some(5));
    add(&mut b, None);
    assert_eq!(snapshot(&mut b), (1, 5));
    add(&mut b, Some(5));
    add(&mut b, None);
    assert_eq!((wide(&mut b, map::COUNT), wide(&mut b, map::SUM)), (1, 5));
    write(&mut b, link::COMMAND.word, link::CLEAR.mask());
    assert_eq!((wide(&mut b, map::COUNT), wide(&mut b, map::SUM)), (0, 0));
    assert_eq!(snapshot(&mut b), (0, 0));
}

#[test]
fn a_snapshot_is_of_the_cycle_four_after_its_strobe() {
    let mut b = bench().recording();
    b.cycle(|u| u.bus_request.next = super::request(link::COMMAND.word, true, link::SNAPSHOT.mask()), |_| {});
    for _ in 0..8 {
        add(&mut b, Some(1));
    }
    b.cycle(
        |u| {
            u.now.next = false;
            u.bus_request.next = BusRequest::default();
        },
        |_| {},
    );
    let taken = read(&mut b, map::COUNT.word + 1);
    assert_eq!(taken, 2, "latencies of the cycles between the strobe and the copy");
    insta::assert_snapshot!(b.trace().ascii(&["now", "latency", "bus_request", "bus_read"]));
}

#[test]
fn the_verilog_replays_sums_and_snapshots() {
    let mut b = bench().recording();
    let mut random = numbers(4);
    let (mut count, mut sum) = (0, 0);
    for _ in 0..600 {
        let latency = random() as u16 & 0xfff;
        add(&mut b, Some(latency));
        (count, sum) = (count + 1, sum + latency as u64);
    }
    add(&mut b, None);
    assert_eq!(snapshot(&mut b), (count, sum));
    replays_and_validates(&b, "totals");
}

#[test]
fn the_totals_fit_their_budget() {
    let mut uut = Totals::default();
    uut.connect_all();
    fits_its_budget(&uut, "totals");
}
