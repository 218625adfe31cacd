//! Bits flipped on the line.

use super::looped::{Loop, Offer, Run, frame};
use crate::support::numbers;
use firstlight_spec::budget::CLIENT_TO_CLIENT_CYCLES;
use firstlight_spec::control::IDLE;
use firstlight_spec::slot::{SLOT_BITS, Slot, slot_type};
use std::collections::HashMap;

/// Says which frame a slot of the line belongs to and which of its slots it is; sent without pauses.
#[derive(Default)]
struct Place {
    frame: usize,
    slot: usize,
    inside: bool,
}

impl Place {
    fn of(&mut self, slot: Slot) -> Option<(usize, usize)> {
        let control = slot.kind == slot_type::CONTROL;
        if !self.inside && control {
            return None;
        }
        self.inside = true;
        let place = (self.frame, self.slot);
        self.slot += 1;
        if control && slot.data as u8 != IDLE {
            *self = Place { frame: self.frame + 1, slot: 0, inside: false };
        }
        Some(place)
    }
}

/// Beats and verdict that belong to each frame, by the data that was sent.
fn delivered(run: &Run, frames: &[Vec<Offer>]) -> Vec<Vec<Offer>> {
    let owner: HashMap<u64, usize> =
        frames.iter().enumerate().flat_map(|(k, f)| f.iter().map(move |b| (b.data, k))).collect();
    let mut out = vec![vec![]; frames.len()];
    for (_, beat) in &run.beats {
        if let Some(k) = owner.get(&beat.data) {
            out[*k].push(Offer { data: beat.data, bytes: beat.keep.count_ones() as u8, last: beat.last, abort: false });
        }
    }
    out
}

#[test]
fn one_wrong_bit_in_every_slot_is_corrected_at_l2_and_costs_no_cycle() {
    let mut link = Loop::locked(2);
    let mut random = numbers(1);
    let frames: Vec<_> = (0..400).map(|k| frame(1 + k % 400, &mut random)).collect();
    let mut hits = 0;
    let run = Run::of(
        &mut link,
        &frames,
        || 0,
        |cycle, _| {
            hits += 1;
            1 << (cycle % SLOT_BITS as u64)
        },
    );
    assert!(run.sent.len() > 10_000 && run.beats.len() == run.sent.len());
    for ((sent, offer), (seen, beat)) in run.sent.iter().zip(&run.beats) {
        assert_eq!(seen - sent, CLIENT_TO_CLIENT_CYCLES);
        assert_eq!((beat.data, beat.last, beat.keep), (offer.data, offer.last, (1 << offer.bytes) - 1));
    }
    assert!(run.verdicts.len() == frames.len() && run.verdicts.iter().all(|(_, v)| v.good));
    // the strobe comes four cycles after the slot
    assert_eq!(run.count("corrected"), hits - 4);
    assert_eq!((run.count("bad_even"), run.count("bad_odd")), (0, 0));
}

#[test]
fn one_wrong_bit_makes_its_frame_bad_at_l0_and_l1_and_no_other() {
    for rung in [0, 1] {
        let mut link = Loop::locked(rung);
        let mut random = numbers(2);
        // each odd frame is hit once: every position in every slot of a frame of three words
        let slots = 3 + 2;
        let frames: Vec<_> = (0..2 * slots * SLOT_BITS).map(|_| frame(20, &mut random)).collect();
        let mut place = Place::default();
        let run = Run::of(
            &mut link,
            &frames,
            || 0,
            |_, line| match place.of(line) {
                Some((frame, slot)) if frame % 2 == 1 && slot == frame / 2 / SLOT_BITS => 1 << (frame / 2 % SLOT_BITS),
                _ => 0,
            },
        );
        assert_eq!(run.beats.len(), run.sent.len(), "no beat is lost or added");
        for ((sent, _), (seen, _)) in run.sent.iter().zip(&run.beats) {
            assert_eq!(seen - sent, CLIENT_TO_CLIENT_CYCLES);
        }
        assert_eq!(run.verdicts.len(), frames.len());
        for (k, (_, verdict)) in run.verdicts.iter().enumerate() {
            assert_eq!(verdict.good, k % 2 == 0, "rung {rung}, frame {k}: {verdict:?}");
        }
        assert_eq!(run.count("corrected"), frames.len() as u64 / 2);
        assert_eq!(run.count("frames_bad_own"), frames.len() as u64 / 2);
    }
}

#[test]
fn every_double_is_flagged_and_spoils_its_own_frame_only() {
    let pairs: Vec<u128> = (0..SLOT_BITS).flat_map(|i| (0..i).map(move |j| 1 << i | 1 << j)).collect();
    assert_eq!(pairs.len(), 2850);
    // first, further and last word, IDLE, END
    for hit in 0..5 {
        let mut link = Loop::locked(2);
        let mut random = numbers(3 + hit as u64);
        let frames: Vec<_> = (0..2 * pairs.len()).map(|_| frame(20, &mut random)).collect();
        let mut place = Place::default();
        let run = Run::of(
            &mut link,
            &frames,
            || 0,
            |_, line| match place.of(line) {
                Some((frame, slot)) if frame % 2 == 1 && slot == hit => pairs[frame / 2],
                _ => 0,
            },
        );
        assert_eq!(run.count("bad_even"), pairs.len() as u64, "slot {hit}: each is flagged once");
        assert_eq!(run.count("bad_odd") + run.count("corrected"), 0);
        let mut verdicts = vec![vec![]; frames.len()];
        for (_, verdict) in &run.verdicts {
            // without its END a frame is judged when the next one begins; only a good verdict names its frame surely
            if verdict.good {
                verdicts[verdict.sequence as usize].push(true);
            }
        }
        for (k, verdicts) in verdicts.iter().enumerate() {
            let expected: &[bool] = if k % 2 == 0 { &[true] } else { &[] };
            assert_eq!(verdicts, expected, "slot {hit}, frame {k}");
        }
        // a frame whose first word is lost is never opened; every other one is judged exactly once
        let bad = run.verdicts.iter().filter(|(_, v)| !v.good).count();
        assert_eq!(bad, if hit == 0 { 0 } else { pairs.len() }, "slot {hit}");
        for (k, got) in delivered(&run, &frames).iter().enumerate().step_by(2) {
            assert_eq!(got, &frames[k], "slot {hit}: the frame beside a damaged one arrives whole");
        }
        // no beat follows a last one without a first one
        let mut open = false;
        for (_, beat) in &run.beats {
            assert_eq!(beat.first, !open);
            open = !beat.last;
        }
    }
}

#[test]
fn a_double_in_a_frame_of_one_word_never_makes_a_good_frame_of_wrong_data() {
    let mut random = numbers(5);
    for hit in 0..3 {
        let mut link = Loop::locked(2);
        let frames: Vec<_> = (0..2 * 2850 / 5).map(|k| frame(1 + k % 8, &mut random)).collect();
        let mut place = Place::default();
        let mut picks = numbers(6);
        let run = Run::of(
            &mut link,
            &frames,
            || 0,
            |_, line| match place.of(line) {
                Some((frame, slot)) if frame % 2 == 1 && slot == hit => {
                    let (i, j) = (picks() % 76, picks() % 75);
                    1 << i | 1 << if j < i { j } else { j + 1 }
                }
                _ => 0,
            },
        );
        let mut beats = run.beats.iter();
        for (_, verdict) in run.verdicts.iter().filter(|(_, v)| v.good) {
            let sent = &frames[verdict.sequence as usize][0];
            assert!(verdict.sequence % 2 == 0, "slot {hit}");
            assert!(beats.any(|(_, b)| b.data == sent.data && b.keep == (1 << sent.bytes) - 1 && b.first && b.last));
        }
    }
}
