//! Rungs and latency: three cycles whatever happens, and no frame lost when the ladder moves under load.

use crate::link::looped::{Loop, Offer, Run, Seen, frame};
use crate::support::numbers;
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::control::ladder::Ladder;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::budget::CLIENT_TO_CLIENT_CYCLES;
use firstlight_spec::regs::{events, ladder};
use firstlight_spec::slot::{SLOT_BITS, slot_type};
use std::collections::{BTreeSet, VecDeque};

/// Cycles after the last beat in which everything comes out.
const DRAIN_CYCLES: u32 = 40;

/// Cycles of every beat from acceptance to the client; panics when a beat is missing.
fn latencies(run: &Run) -> Vec<u64> {
    assert_eq!(run.sent.len(), run.beats.len());
    run.sent.iter().zip(&run.beats).map(|(s, b)| b.0 - s.0).collect()
}

#[test]
fn every_beat_takes_three_cycles_at_every_rung_with_and_without_single_errors() {
    for rung in 0..4 {
        for errors in [false, true] {
            let mut random = numbers(40 + rung);
            let mut link = Loop::locked(rung);
            link.config.tx_parity = rung == 3;
            let frames: Vec<Vec<Offer>> = (0..60).map(|n| frame(1 + n * 7 % 300, &mut random)).collect();
            let mut position = 0;
            let run = Run::of(
                &mut link,
                &frames,
                || 0,
                |_, _| {
                    position = (position + 1) % SLOT_BITS;
                    if errors { 1 << position } else { 0 }
                },
            );
            assert!(latencies(&run).iter().all(|l| *l == CLIENT_TO_CLIENT_CYCLES), "rung {rung}, errors {errors}");
            let good = run.verdicts.iter().filter(|v| v.1.good).count();
            assert_eq!(run.verdicts.len(), frames.len());
            // below L2 a single error poisons its frame
            assert_eq!(good, if errors && rung < 2 { 0 } else { frames.len() }, "rung {rung}, errors {errors}");
            if errors {
                assert!(run.count("corrected") > 1000);
            }
        }
    }
}

fn write(bench: &mut Bench<Ladder>, word: u32, data: u32) {
    for n in 0..9 {
        let request = BusRequest {
            strobe: n == 0,
            write: true,
            address: W::new(u64::from(word)),
            data: W::new(u64::from(data)),
            ..Default::default()
        };
        bench.cycle(|u| u.request.next = request, |_| {});
    }
}

/// The link with the ladder beside it, wired as in the core.
struct Adaptive {
    link: Loop,
    ladder: Bench<Ladder>,
    rungs: Vec<u64>,
}

/// What came of a run under load.
#[derive(Default)]
struct Loaded {
    latencies: Vec<u64>,
    good: usize,
    bad: usize,
    parity_words: usize,
}

impl Adaptive {
    fn new(rung: u64) -> Self {
        let mut ladder = Bench::new(Ladder::default(), |u| &mut u.clock);
        ladder.uut.host_rung.next = W::new(rung);
        ladder.run(4);
        Adaptive { link: Loop::locked(rung), ladder, rungs: vec![] }
    }

    fn cycle(&mut self, offer: Option<Offer>, flip: u128) -> Seen {
        let seen = self.link.cycle(offer, flip);
        let status = self.link.bench.uut.status.val();
        let happened = |name: &str| seen.events >> events::bit(name) & 1 != 0;
        let (slot, corrected) = (happened("slots"), happened("corrected"));
        let bad = happened("bad_even") || happened("bad_odd");
        let outputs = self.ladder.cycle(
            |u| {
                u.slot.next = slot;
                u.corrected.next = corrected;
                u.bad.next = bad;
                u.rx_in_frame.next = status.rx_in_frame;
                u.seen_request.next = status.seen_request;
            },
            |u| (u.rung.val(), u.tx_parity.val(), u.idle_request.val()),
        );
        (self.link.config.rung, self.link.config.tx_parity, self.link.config.request) = outputs;
        if self.rungs.last() != Some(&outputs.0.get()) {
            self.rungs.push(outputs.0.get());
        }
        seen
    }

    /// All frames back to back; `each` sees the cycle, the share of beats sent, the ladder, and says what to flip.
    fn load(&mut self, frames: &[Vec<Offer>], mut each: impl FnMut(u64, f64, &mut Ladder) -> u128) -> Loaded {
        let mut loaded = Loaded::default();
        let mut beats: VecDeque<Offer> = frames.iter().flatten().copied().collect();
        let (total, mut sent, mut drain) = (beats.len(), VecDeque::new(), DRAIN_CYCLES);
        for cycle in 0.. {
            let share = 1.0 - beats.len() as f64 / total as f64;
            let flip = each(cycle, share, &mut self.ladder.uut);
            let offer = beats.front().copied();
            loaded.parity_words += usize::from(self.link.line().kind == slot_type::PARITY);
            let seen = self.cycle(offer, flip);
            if offer.is_some() && seen.ready {
                sent.extend(beats.pop_front().map(|beat| (cycle, beat)));
            }
            if seen.valid {
                let (at, beat) = sent.pop_front().expect("a beat that was sent");
                assert_eq!(seen.data, beat.data);
                loaded.latencies.push(cycle - at);
            }
            loaded.good += usize::from(seen.done && seen.good);
            loaded.bad += usize::from(seen.done && !seen.good);
            drain -= u32::from(beats.is_empty());
            if drain == 0 {
                break;
            }
        }
        assert_eq!(loaded.latencies.len(), total, "every beat arrived");
        assert!(loaded.latencies.iter().all(|l| *l == CLIENT_TO_CLIENT_CYCLES), "no cycle more or less");
        assert_eq!((loaded.good, loaded.bad), (frames.len(), 0), "rungs {:?}", self.rungs);
        loaded
    }
}

#[test]
fn the_ladder_climbs_and_descends_under_load_without_losing_a_frame_or_a_cycle() {
    let mut a = Adaptive::new(2);
    a.ladder.uut.adaptive.next = true;
    for (reg, value) in
        [(ladder::UP, 4), (ladder::DOWN, 2), (ladder::BURST_UP, 100), (ladder::HOLD, 3), (ladder::WINDOW, 500)]
    {
        write(&mut a.ladder, reg.word, value);
    }
    let mut random = numbers(5);
    let frames: Vec<Vec<Offer>> = (0..700).map(|n| frame(8 + n * 13 % 256, &mut random)).collect();
    // noise in the first half, then quiet: up to L3, and down when nothing needs correcting any more
    let loaded = a.load(
        &frames,
        |cycle, share, _| {
            if share < 0.5 && cycle % 40 == 0 { 1 << (cycle / 40 % SLOT_BITS as u64) } else { 0 }
        },
    );
    assert_eq!(a.rungs, [2, 3, 2, 1, 0], "up for errors, down for quiet");
    let parity_words = loaded.parity_words;
    assert!(parity_words > 20 && parity_words.is_multiple_of(2), "L3 was asked for in IDLE and given: {parity_words}");
}

#[test]
fn the_host_moves_through_all_rungs_under_load_without_losing_a_frame_or_a_cycle() {
    let mut a = Adaptive::new(0);
    let mut random = numbers(6);
    let frames: Vec<Vec<Offer>> = (0..400).map(|n| frame(1 + n * 29 % 200, &mut random)).collect();
    let loaded = a.load(&frames, |cycle, _, ladder| {
        let rung = cycle / 97 % 4;
        ladder.host_rung.next = W::new(rung);
        ladder.host_tx_parity.next = rung == 3;
        0
    });
    let moves: BTreeSet<(u64, u64)> = a.rungs.windows(2).map(|pair| (pair[0], pair[1])).collect();
    assert!(moves.is_superset(&BTreeSet::from([(0, 1), (1, 2), (2, 3), (3, 0)])), "{moves:?}");
    let parity_words = loaded.parity_words;
    assert!(parity_words > 40 && parity_words < 2 * frames.len() && parity_words.is_multiple_of(2), "{parity_words}");
}
