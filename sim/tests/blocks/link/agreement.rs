//! Transmitter and receiver against their golden models.

use super::looped::{Loop, Offer, Run, frame};
use crate::support::{agrees_with_the_model, numbers};
use firstlight_sim::model::framing::receiver::{Beat, Outcome, Receiver, Verdict};
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_spec::control::{IDLE, Idle};
use firstlight_spec::limits::{UNLOCK_BAD_SLOTS, UNLOCK_WINDOW_SLOTS};
use firstlight_spec::regs::events::bit;
use firstlight_spec::slot::{Reading, SLOT_BITS, Slot, read_syndrome, slot_type};
use firstlight_spec::verdict;

/// Slot on the line to beat, to verdict, to counted event.
const BEAT: usize = 2;
const VERDICT: usize = 5;
const EVENT: usize = 4;

fn is_idle(slot: &Slot) -> bool {
    slot.kind == slot_type::CONTROL && slot.data as u8 == IDLE
}

/// Frames as they should be, with slots dropped, doubled, replaced and damaged among them.
pub fn traffic(count: usize, seed: u64) -> Vec<Slot> {
    let mut random = numbers(seed);
    let mut line: Vec<Slot> = vec![];
    let mut sequence = 0;
    while line.len() < count {
        let x = random();
        let words: Vec<u64> = (0..1 + x % 5).map(|_| random()).collect();
        let idle = Idle { state: 3, prbs: x as u16, ..Idle::default() }.to_slot();
        let ending =
            [Ending::Last, Ending::Last, Ending::Last, Ending::Aborted, Ending::Stalled][(x >> 8) as usize % 5];
        let mut frame = slots(&words, 1 + (x >> 16) as u8 % 8, sequence, x >> 20 & 3 == 0, ending);
        frame.insert(words.len(), idle);
        frame.extend(vec![idle; (x >> 24) as usize % 4]);
        sequence += 1;
        let rough = x >> 60 & 1 != 0;
        for slot in frame {
            let y = random();
            match y % 24 {
                0 if rough => {}
                1 if rough => line.extend([slot, slot]),
                2 if rough => line.push(Slot::new(random(), (y >> 8) as u8 & 15)),
                3 if rough => line.push(Slot::new(random() & !0xff | (y >> 16 & 0xff), slot_type::CONTROL)),
                4..8 => {
                    let mut flips = 0u128;
                    (0..1 + (y >> 32) % 3).for_each(|k| flips ^= 1 << ((y >> (8 + 8 * k)) as usize % SLOT_BITS));
                    line.push(slot.flipped(flips));
                }
                _ => line.push(slot),
            }
        }
    }
    keep_locked(line)
}

/// Repairs bad slots that would drop the lock.
fn keep_locked(mut line: Vec<Slot>) -> Vec<Slot> {
    let is_bad = |slot: Slot| matches!(read_syndrome(slot.syndrome()), Reading::BadEven | Reading::BadOdd);
    for k in 0..line.len() {
        let window = &line[k.saturating_sub(UNLOCK_WINDOW_SLOTS as usize)..=k];
        if window.iter().filter(|s| is_bad(**s)).count() >= UNLOCK_BAD_SLOTS as usize {
            line[k] = Slot::new(line[k].data, line[k].kind);
        }
    }
    line
}

/// Plays damaged traffic to receiver and model; verdicts by reason.
fn agree(seed: u64, rung: u64, slots: usize) -> [u32; 10] {
    let line = traffic(slots, seed);
    let mut model = Receiver::new(rung as u8);
    let want: Vec<Outcome> = line.iter().map(|slot| model.slot(*slot)).collect();
    let mut link = Loop::locked(rung);
    let idle = Idle::default().to_slot();
    let seen: Vec<_> = line.iter().chain(&[idle; 8]).map(|slot| link.receive(*slot)).collect();
    let mut reasons = [0; 10];
    for (k, want) in want.iter().enumerate() {
        let context = || format!("rung {rung}, slot {k}: {:x?}", &line[k.saturating_sub(5)..=k]);
        let beat = seen[k + BEAT];
        let got = beat.valid.then_some(Beat {
            data: beat.data,
            bytes: beat.keep.count_ones() as u8,
            first: beat.first,
            last: beat.last,
        });
        assert_eq!(got, want.beat, "{}", context());
        assert!(!beat.valid || (beat.keep + 1).is_power_of_two() && beat.null == (beat.keep == 0));
        let done = seen[k + VERDICT];
        let sequence = want.verdict.and_then(|v| v.sequence.map(|_| done.sequence));
        let got = done.done.then_some(Verdict { reason: done.reason, sequence });
        assert_eq!(got, want.verdict, "{}", context());
        assert!(!done.done || done.good == (done.reason == verdict::GOOD));
        if let Some(verdict) = want.verdict {
            reasons[verdict.reason as usize] += 1;
        }
        let events = seen[k + EVENT].events;
        for (name, want) in [("orphans", want.orphan), ("ignored_words", want.ignored), ("misplaced", want.misplaced)] {
            assert_eq!(events >> bit(name) & 1 != 0, want, "{name}: {}", context());
        }
    }
    reasons
}

agrees_with_the_model!(8, |seed| agree(seed, seed % 4, 1500));

#[test]
fn the_receiver_agrees_with_its_model_for_every_reason() {
    for rung in [0, 1, 2, 3] {
        let reasons = agree(11 + rung, rung, 12_000);
        eprintln!("rung {rung}: verdicts by reason {reasons:?}");
        let expected = 0..verdict::LINK_DOWN as usize;
        assert!(reasons[expected].iter().all(|n| *n > 0), "every reason but a lost link occurs: {reasons:?}");
    }
}

#[test]
fn the_line_carries_what_the_model_says() {
    for parity in [false, true] {
        let mut link = Loop::locked(2);
        link.config.tx_parity = parity;
        let mut random = numbers(7);
        let mut frames: Vec<Vec<Offer>> = (1..120).map(|bytes| frame(bytes, &mut random)).collect();
        frames.iter_mut().step_by(5).for_each(|f| f.last_mut().unwrap().abort = true);
        let mut stalls = numbers(8);
        let run = Run::of(&mut link, &frames, || (stalls() % 8).saturating_sub(5), |_, _| 0);
        let want = frames.iter().enumerate().flat_map(|(k, frame)| {
            let words: Vec<u64> = frame.iter().map(|b| b.data).collect();
            let last = frame.last().unwrap();
            let ending = if last.abort { Ending::Aborted } else { Ending::Last };
            slots(&words, last.bytes, k as u16, parity, ending)
        });
        let got = run.line.iter().filter(|slot| !is_idle(slot)).copied();
        assert!(got.eq(want), "parity {parity}");
        let idles = run.line.iter().filter(|slot| is_idle(slot));
        assert!(idles.clone().all(|slot| Idle::from_data(slot.data).is_some() && slot.syndrome() == 0));
        assert_eq!(run.count("frames_sent"), frames.len() as u64);
        assert_eq!(run.count("frames_aborted"), frames.len().div_ceil(5) as u64);
        assert_eq!(run.count("frames_bad_foreign"), frames.len().div_ceil(5) as u64);
        assert_eq!(run.count("misplaced"), 0);
    }
}

#[test]
fn parity_words_follow_end_at_once_and_cost_two_more_slots() {
    for (parity, overhead) in [
        (false, firstlight_spec::budget::FRAME_OVERHEAD_SLOTS),
        (true, firstlight_spec::budget::FRAME_OVERHEAD_PARITY_SLOTS),
    ] {
        let mut link = Loop::locked(3);
        link.config.tx_parity = parity;
        let mut random = numbers(9);
        let frames: Vec<Vec<Offer>> = (0..50).map(|k| frame(1 + 8 * (k % 10), &mut random)).collect();
        let run = Run::of(&mut link, &frames, || 0, |_, _| 0);
        let words: u64 = frames.iter().map(|f| f.len() as u64).sum();
        let first = run.sent[0].0;
        let last = run.sent.last().unwrap().0;
        assert_eq!(last - first + 1, words + overhead * (frames.len() as u64 - 1));
        for pair in run.line.windows(3) {
            if pair[1].kind == slot_type::PARITY {
                assert!(pair[0].kind == slot_type::PARITY || !is_idle(&pair[0]));
                assert!(pair[0].kind != slot_type::PARITY || pair[2].kind != slot_type::PARITY);
            }
        }
        let parities = run.line.iter().filter(|s| s.kind == slot_type::PARITY).count();
        assert_eq!(parities, if parity { 2 * frames.len() } else { 0 });
        assert!(run.verdicts.iter().all(|(_, v)| v.good) && run.verdicts.len() == frames.len());
    }
}
