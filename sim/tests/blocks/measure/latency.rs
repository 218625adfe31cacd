//! Stamps, extremes, outliers.

use super::{on_bus, read, request, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::{BusRequest, READ_CYCLES};
use firstlight_hdl::measure::latency::Latency;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::latency::{Latency as Model, Measured};
use firstlight_spec::regs::{latency as map, link};
use rust_hdl::prelude::Block;

on_bus!(bits: Latency);

fn bench() -> Bench<Latency> {
    Bench::new(Latency::default(), |u| &mut u.clock)
}

/// What happens in one cycle.
#[derive(Clone, Copy, Default)]
struct Now {
    tx: Option<u16>,
    rx: bool,
    done: Option<(bool, u16)>,
}

/// Frames with random latencies, lengths and verdicts, in order.
fn traffic(frames: u16, longest: u64, seed: u64) -> Vec<Now> {
    let mut random = numbers(seed);
    let mut plan = vec![Now::default(); frames as usize * 60 + 6000];
    let (mut tx, mut rx, mut done) = (10u64, 700u64, 0u64);
    for sequence in 0..frames {
        let words = if random() & 3 == 0 { random() % 40 } else { 0 };
        rx = (rx + 3).max(done.saturating_sub(2)) + if random() & 1 == 0 { random() % 8 } else { 0 };
        done = rx + 5 + words;
        let latency = 3 + if random() & 7 == 0 { random() % longest } else { 0 };
        tx = (tx + 3).max(rx - latency);
        plan[tx as usize].tx = Some(sequence);
        plan[rx as usize].rx = true;
        plan[done as usize].done = Some((random() & 15 != 0, sequence));
    }
    plan.truncate(done as usize + 20);
    plan
}

/// Plays a plan on both; reads of outliers go on meanwhile. Returns what the block measured.
fn play(b: &mut Bench<Latency>, model: &mut Model, plan: &[Now]) -> (Vec<u64>, Vec<Measured>) {
    let (mut got, mut want, mut bins) = (vec![], vec![], vec![]);
    let mut firsts = std::collections::VecDeque::new();
    for (cycle, now) in plan.iter().enumerate() {
        let (latency, bin) = b.cycle(
            |u| {
                u.tx_first_now.next = now.tx.is_some();
                u.tx_sequence.next = W::new(now.tx.unwrap_or(0x5555) as u64);
                u.rx_first_now.next = now.rx;
                u.frame_done.next = now.done.is_some();
                u.frame_good.next = now.done.is_some_and(|d| d.0);
                u.frame_sequence.next = W::new(now.done.map_or(0xaaaa, |d| d.1) as u64);
                u.bus_request.next = BusRequest { strobe: cycle % 13 == 0, ..request(map::OUTLIERS.word, false, 0) };
            },
            |u| (u.latency_now.val().then(|| u.latency.val().get()), u.bin_now.val().then(|| u.bin.val().get())),
        );
        got.extend(latency);
        bins.extend(bin);
        if let Some(sequence) = now.tx {
            model.sent(sequence, cycle as u64);
        }
        if now.rx {
            // `tx_first_now` comes a cycle after acceptance
            firsts.push_back(cycle as u64 + 1);
        }
        if let Some((good, sequence)) = now.done {
            let first = firsts.pop_front().expect("verdicts follow first beats");
            want.extend(good.then(|| model.received(sequence, first)).flatten());
        }
    }
    b.cycle(|u| u.bus_request.next.strobe = false, |_| {});
    b.run(READ_CYCLES);
    let wanted: Vec<u64> = want.iter().map(|m| m.cycles as u64).collect();
    assert_eq!(got, wanted);
    let inside = wanted.iter().map(|c| c.wrapping_sub(model.base as u64)).filter(|c| *c < 256);
    assert_eq!(bins, inside.collect::<Vec<_>>());
    (got, want)
}

fn compare(b: &mut Bench<Latency>, model: &Model) {
    assert_eq!(read(b, map::MIN.word), model.min as u32);
    assert_eq!(read(b, map::MAX.word), model.max as u32);
    assert_eq!(read(b, map::OVERFLOW.word), model.overflow);
    assert_eq!(read(b, map::UNMATCHED.word), model.unmatched);
    assert_eq!(read(b, map::OUTLIER_COUNT_REG.word), model.outliers.len() as u32);
    for (i, outlier) in model.outliers.iter().enumerate() {
        let want = (outlier.cycles as u32) << 16 | outlier.sequence as u32;
        assert_eq!(read(b, map::OUTLIERS.word + i as u32), want, "outlier {i}");
    }
}

#[test]
fn a_latency_is_known_four_cycles_after_the_verdict() {
    let mut b = bench();
    let mut plan = [Now::default(); 20];
    plan[3].tx = Some(9);
    plan[5].rx = true;
    plan[10].done = Some((true, 9));
    let mut seen = vec![];
    for (cycle, now) in plan.iter().enumerate() {
        let latency = b.cycle(
            |u| {
                u.tx_first_now.next = now.tx.is_some();
                u.tx_sequence.next = W::new(9);
                u.rx_first_now.next = now.rx;
                u.frame_done.next = now.done.is_some();
                u.frame_good.next = now.done.is_some();
                u.frame_sequence.next = W::new(9);
            },
            |u| u.latency_now.val().then(|| u.latency.val().get()),
        );
        seen.extend(latency.map(|l| (cycle, l)));
    }
    assert_eq!(seen, [(14, 3)]);
}

fn agree(seed: u64) {
    let (base, longest) = [(0, 2), (3, 150), (50, 120), (0, 280)][seed as usize % 4];
    let mut b = bench();
    write(&mut b, map::BASE.word, base);
    let mut model = Model::new(base as u16);
    let (measured, _) = play(&mut b, &mut model, &traffic(300, longest, seed));
    assert!(measured.len() > 200);
    compare(&mut b, &model);
    write(&mut b, link::COMMAND.word, link::CLEAR.mask());
    compare(&mut b, &Model::new(base as u16));
}

agrees_with_the_model!(10, agree);

#[test]
fn a_frame_without_its_stamp_is_unmatched_and_not_binned() {
    let mut b = bench();
    let mut model = Model::new(0);
    let mut plan = vec![Now::default(); 400];
    // frame 5's stamp is overwritten by frame 69
    plan[0].tx = Some(5);
    plan[3].tx = Some(69);
    plan[100].rx = true;
    plan[105].done = Some((true, 5));
    plan[110].rx = true;
    plan[120].done = Some((true, 69));
    play(&mut b, &mut model, &plan);
    assert_eq!((model.unmatched, model.count), (1, 1));
    compare(&mut b, &model);
}

#[test]
fn a_stamp_meets_its_frame() {
    let mut b = bench().recording();
    let mut plan = vec![Now::default(); 22];
    plan[1].tx = Some(2);
    plan[4].tx = Some(3);
    plan[3].rx = true;
    plan[6].rx = true;
    plan[8].done = Some((true, 2));
    plan[11].done = Some((true, 3));
    play(&mut b, &mut Model::new(0), &plan);
    insta::assert_snapshot!(b.trace().ascii(&[
        "tx_first_now",
        "tx_sequence",
        "rx_first_now",
        "frame_done",
        "frame_sequence",
        "latency_now",
        "latency",
        "bin_now"
    ]));
}

#[test]
fn the_verilog_replays_matches_and_outliers() {
    let mut b = bench().recording();
    write(&mut b, map::BASE.word, 6);
    let mut model = Model::new(6);
    play(&mut b, &mut model, &traffic(60, 200, 8));
    compare(&mut b, &model);
    assert!(model.outliers.len() > 3);
    replays_and_validates(&b, "latency");
}

#[test]
fn the_stamps_fit_their_budget() {
    let mut uut = Latency::default();
    uut.connect_all();
    fits_its_budget(&uut, "latency");
}
