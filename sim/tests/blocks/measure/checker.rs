//! The checker.

use super::request;
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::measure::checker::Checker;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::checker::{Checker as Model, Counts};
use firstlight_sim::model::measure::prbs::Prbs31;
use firstlight_spec::regs::link;
use rust_hdl::prelude::Block;

/// Last beat to verdict, as on the link.
const VERDICT_CYCLES: usize = 5;
/// Slots between frames.
const TAIL: u64 = 2;

/// A checker with the verdicts that are under way.
struct Rig {
    bench: Bench<Checker>,
    verdicts: [Option<(bool, u16)>; VERDICT_CYCLES],
    check: bool,
    counts: Counts,
    model: Model,
}

impl Rig {
    fn new(check: bool) -> Self {
        let bench = Bench::new(Checker::default(), |u| &mut u.clock);
        Rig { bench, verdicts: [None; VERDICT_CYCLES], check, counts: Counts::default(), model: Model::default() }
    }

    fn cycle(&mut self, beat: Option<(u64, bool, bool)>, verdict: Option<(bool, u16)>) {
        self.verdicts.rotate_right(1);
        let due = std::mem::replace(&mut self.verdicts[0], verdict);
        let check = self.check;
        let (lost, repeated, wrong, bad) = self.bench.cycle(
            |u| {
                u.tvalid.next = beat.is_some();
                u.tdata.next = W::new(beat.map_or(0x1234_5678, |b| b.0));
                u.first.next = beat.is_some_and(|b| b.1);
                u.tlast.next = beat.is_some_and(|b| b.2);
                u.frame_done.next = due.is_some();
                u.frame_good.next = due.is_some_and(|d| d.0);
                u.frame_sequence.next = W::new(due.map_or(0x7777, |d| d.1) as u64);
                u.check.next = check;
                u.bus_request.next.strobe = false;
            },
            |u| (u.lost.val(), u.repeated.val(), u.wrong_frame.val(), u.bad_frame.val()),
        );
        self.counts.lost += lost as u64;
        self.counts.repeated += repeated as u64;
        self.counts.wrong_frames += wrong as u64;
        self.counts.bad_frames += bad as u64;
    }

    fn frame(&mut self, words: &[u64], good: bool, sequence: u16, idle: u64) {
        for (i, word) in words.iter().enumerate() {
            let last = i + 1 == words.len();
            self.cycle(Some((*word, i == 0, last)), last.then_some((good, sequence)));
        }
        for _ in 0..TAIL + idle {
            self.cycle(None, None);
        }
        self.model.frame(words, good.then_some(sequence), self.check);
    }

    fn quiet(&mut self, cycles: u64) {
        for _ in 0..cycles {
            self.cycle(None, None);
        }
    }

    fn clear(&mut self) {
        let wanted = request(link::COMMAND.word, true, link::CLEAR.mask());
        self.bench.cycle(|u| u.bus_request.next = wanted, |_| {});
        self.bench.cycle(|u| u.bus_request.next = BusRequest { strobe: false, ..wanted }, |_| {});
        self.quiet(8);
        self.counts = Counts::default();
        self.model = Model::default();
    }
}

/// Frames of a generator with faults: `(frame, words, good, sequence)`.
fn play(rig: &mut Rig, frames: u16, seed: u64, faults: u64) {
    let mut random = numbers(seed);
    let mut prbs = Prbs31::default();
    for n in 0..frames {
        let mut sequence = n.wrapping_add(65_500);
        let mut words: Vec<u64> = (0..1 + random() % 9).map(|_| prbs.word()).collect();
        let fault = if random() % 100 < faults { random() % 6 } else { 9 };
        match fault {
            // lost on the way
            0 => continue,
            1 => rig.frame(&words, false, random() as u16, random() % 5),
            2 => {
                let at = random() as usize % words.len();
                words[at] ^= 1 << (random() % 64);
                rig.frame(&words, true, sequence, random() % 5);
            }
            // seen once more
            3 => {
                rig.frame(&words, true, sequence, 0);
                sequence = sequence.wrapping_sub(random() as u16 % 3);
                rig.frame(&words, true, sequence, random() % 5);
            }
            4 => {
                words.fill(0);
                rig.frame(&words, true, sequence, 0);
            }
            _ => rig.frame(&words, true, sequence, 0),
        }
    }
    rig.quiet(1000);
}

#[test]
fn a_gap_is_reported_four_cycles_after_the_verdict() {
    let mut rig = Rig::new(true);
    rig.frame(&[1], true, 7, 20);
    rig.cycle(Some((2, true, true)), Some((true, 9)));
    for _ in 0..VERDICT_CYCLES {
        rig.cycle(None, None);
    }
    // this cycle held the verdict; the strobe is seen four later
    for _ in 0..3 {
        rig.cycle(None, None);
        assert_eq!(rig.counts.lost, 0);
    }
    rig.cycle(None, None);
    assert_eq!(rig.counts.lost, 1);
}

#[test]
fn a_clean_stream_reports_nothing() {
    let mut rig = Rig::new(true);
    play(&mut rig, 400, 3, 0);
    assert_eq!(rig.counts, Counts::default());
}

fn agree(seed: u64, frames: u16, faults: u64) -> Counts {
    let mut rig = Rig::new(true);
    play(&mut rig, frames, seed, faults);
    assert_eq!(rig.counts, rig.model.counts);
    let counts = rig.counts;
    rig.clear();
    play(&mut rig, 50, seed, faults);
    assert_eq!(rig.counts, rig.model.counts);
    counts
}

agrees_with_the_model!(8, |seed| agree(seed, 120, 1 + seed % 95));

#[test]
fn every_fault_is_told_from_the_others() {
    for (seed, faults) in [(1, 5), (2, 30), (3, 90)] {
        let c = agree(seed, 500, faults);
        assert!(c.lost > 0 && c.repeated > 0 && c.wrong_frames > 0 && c.bad_frames > 0, "{c:?}");
    }
}

#[test]
fn one_wrong_bit_of_any_word_spoils_its_frame() {
    let mut prbs = Prbs31::default();
    let mut next = || (0..4).map(|_| prbs.word()).collect::<Vec<u64>>();
    let (before, words, after) = (next(), next(), next());
    for bit in 0..256 {
        let mut rig = Rig::new(true);
        let mut wrong = words.clone();
        wrong[bit / 64] ^= 1 << (bit % 64);
        rig.frame(&before, true, 5, 0);
        rig.frame(&wrong, true, 6, 0);
        rig.quiet(30);
        assert_eq!(rig.counts.wrong_frames, 1, "bit {bit}");
        rig.frame(&after, true, 7, 0);
        rig.quiet(30);
        // the last 31 bits are the state that the next frame continues
        assert_eq!(rig.counts.wrong_frames, 1 + (bit >= 3 * 64 + 33) as u64, "bit {bit}");
        assert_eq!(rig.counts, rig.model.counts);
    }
}

#[test]
fn nothing_is_compared_unless_asked_and_many_losses_are_all_reported() {
    let mut rig = Rig::new(false);
    rig.frame(&[1, 2, 3], true, 10, 0);
    rig.frame(&[1, 2, 3], true, 511, 600);
    assert_eq!(rig.counts, Counts { lost: 500, ..Counts::default() });
}

#[test]
fn a_wrong_frame_is_reported_after_its_verdict() {
    let mut rig = Rig::new(true);
    rig.bench = rig.bench.recording();
    let mut prbs = Prbs31::default();
    let words: Vec<u64> = (0..3).map(|_| prbs.word()).collect();
    rig.frame(&[words[0], words[1] ^ 1, words[2]], true, 5, 12);
    assert_eq!(rig.counts.wrong_frames, 1);
    insta::assert_snapshot!(rig.bench.trace().ascii(&["tvalid", "tlast", "frame_done", "wrong_frame", "lost"]));
}

#[test]
fn the_verilog_replays_faults() {
    let mut rig = Rig::new(true);
    rig.bench = rig.bench.recording();
    play(&mut rig, 100, 5, 60);
    rig.clear();
    play(&mut rig, 30, 6, 60);
    assert_eq!(rig.counts, rig.model.counts);
    replays_and_validates(&rig.bench, "checker");
}

#[test]
fn the_checker_fits_its_budget() {
    let mut uut = Checker::default();
    uut.connect_all();
    fits_its_budget(&uut, "checker");
}
