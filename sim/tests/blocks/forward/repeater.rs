//! The repeater between a transmitter and a receiver.

use crate::link::looped::{Loop, Offer, Seen, frame};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::forward::repeater::Repeater;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::fec::codec;
use firstlight_sim::model::fec::frame::Frame;
use firstlight_sim::model::fec::repair::{Lost, Repaired, is_idle, repair};
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_spec::budget::{CLIENT_TO_CLIENT_CYCLES, WIRE_TO_WIRE_CYCLES};
use firstlight_spec::control::{IDLE, Idle};
use firstlight_spec::regs::events::bit;
use firstlight_spec::slot::{SLOT_BITS, Slot, slot_type};
use firstlight_spec::verdict;
use std::collections::VecDeque;

fn bench(target: Target) -> Bench<Repeater> {
    Bench::new(Repeater::new(target), |u| &mut u.clock)
}

/// One cycle: `slot` goes in, what the line register holds comes out.
fn pass(repeater: &mut Bench<Repeater>, slot: Slot) -> Slot {
    repeater.cycle(
        |u| {
            u.line_in_data.next = W::new(slot.data);
            u.line_in_tc.next = W::new(slot.kind as u64 | (slot.check as u64) << 4);
        },
        |u| {
            let tc = u.line_out_tc.val().get();
            Slot { data: u.line_out_data.val().get(), kind: tc as u8 & 15, check: (tc >> 4) as u8 }
        },
    )
}

/// Sends frames through link, first line, repeater, second line, link; `flip` gives what is inverted on the first
/// and on the second line, by cycle and by the slot that the transmitter sends.
fn run(frames: &[Vec<Offer>], mut flip: impl FnMut(u64, Slot) -> (u128, u128)) -> (Vec<(u64, Seen)>, Vec<u64>) {
    let (mut link, mut repeater) = (Loop::new(2), bench(Target::Generic));
    let mut beats: VecDeque<Offer> = frames.iter().flatten().copied().collect();
    let (mut seen, mut accepted) = (vec![], vec![]);
    let mut far = Idle::default().to_slot();
    let mut drain = 40;
    for cycle in 0.. {
        let started = cycle > 100;
        let line = link.line();
        let (first, second) = if started { flip(cycle, line) } else { (0, 0) };
        let offer = beats.front().copied().filter(|_| started);
        // both line registers hold what was clocked last
        let sent = link.cycle_with(offer, far.flipped(second));
        pass(&mut repeater, line.flipped(first));
        far = Slot {
            data: repeater.uut.line_out_data.val().get(),
            kind: repeater.uut.line_out_tc.val().get() as u8 & 15,
            check: (repeater.uut.line_out_tc.val().get() >> 4) as u8,
        };
        if offer.is_some() && sent.ready {
            beats.pop_front();
            accepted.push(cycle);
        }
        seen.push((cycle, sent));
        drain -= beats.is_empty() as u64;
        if drain == 0 {
            break;
        }
    }
    (seen, accepted)
}

#[test]
fn a_slot_leaves_after_two_cycles_and_single_errors_are_corrected() {
    let mut repeater = bench(Target::Generic);
    let mut random = numbers(1);
    let mut in_flight = VecDeque::new();
    for k in 0..4000u64 {
        let slot = Slot::new(random(), if k % 7 == 0 { slot_type::FIRST } else { slot_type::MORE });
        in_flight.push_back(slot);
        let out = pass(&mut repeater, slot.flipped(1 << (k % SLOT_BITS as u64)));
        if k >= WIRE_TO_WIRE_CYCLES {
            assert_eq!(Some(out), in_flight.pop_front());
        }
    }
}

/// Two hops with single errors in every slot cost five cycles and no frame.
fn agree(seed: u64) {
    let mut random = numbers(seed);
    let frames: Vec<_> = (0..90).map(|k| frame(1 + k % 90, &mut random)).collect();
    let flip = |cycle: u64, _| (1 << ((cycle + seed % 76) % 76), 1 << ((cycle * 7 + seed % 31) % 76));
    let (seen, accepted) = run(&frames, flip);
    let beats: Vec<_> = seen.iter().filter(|(_, s)| s.valid).collect();
    let want: Vec<_> = frames.iter().flatten().map(|b| (b.data, (1u64 << b.bytes) - 1, b.last)).collect();
    assert_eq!(beats.iter().map(|(_, b)| (b.data, b.keep, b.last)).collect::<Vec<_>>(), want);
    for ((seen, _), sent) in beats.iter().zip(&accepted) {
        assert_eq!(seen - sent, CLIENT_TO_CLIENT_CYCLES + WIRE_TO_WIRE_CYCLES);
    }
    let verdicts: Vec<_> = seen.iter().filter(|(_, s)| s.done).collect();
    assert!(verdicts.len() == frames.len() && verdicts.iter().all(|(_, v)| v.good));
}

agrees_with_the_model!(3, agree);

#[test]
fn a_frame_with_a_double_error_is_stomped_soft_and_counted_foreign() {
    let pairs: Vec<u128> = (0..76).flat_map(|i| (0..i).map(move |j| 1u128 << i | 1 << j)).collect();
    let mut random = numbers(3);
    let mut frames: Vec<_> = (0..2 * pairs.len()).map(|_| frame(30, &mut random)).collect();
    // some frames are aborted by their source: a repeater must not undo that
    frames.iter_mut().step_by(10).for_each(|f| f.last_mut().unwrap().abort = true);
    let hit: std::collections::HashMap<u64, usize> =
        frames.iter().enumerate().filter(|(k, _)| k % 2 == 1 || k % 20 == 0).map(|(k, f)| (f[1].data, k)).collect();
    let mut ends = 0;
    // a single error walks over END on the way
    let (seen, _) = run(&frames, |_, line| {
        if line.kind == slot_type::MORE
            && let Some(k) = hit.get(&line.data)
        {
            return (pairs[k / 2], 0);
        }
        if line.kind == slot_type::CONTROL && line.data as u8 != IDLE {
            ends += 1;
            return (1 << (ends / 2 % 76), 0);
        }
        (0, 0)
    });
    let verdicts: Vec<_> = seen.iter().filter(|(_, s)| s.done).map(|(_, s)| *s).collect();
    assert_eq!(verdicts.len(), frames.len());
    for (k, v) in verdicts.iter().enumerate() {
        let want = match (k % 10 == 0, k % 2 == 1) {
            (true, _) => verdict::STOMPED_HARD,
            (false, true) => verdict::STOMPED_SOFT,
            (false, false) => verdict::GOOD,
        };
        assert_eq!((v.reason, v.sequence as usize), (want, k));
    }
    let count = |name: &str| seen.iter().filter(|(_, s)| s.events >> bit(name) & 1 != 0).count();
    assert_eq!(count("bad_even"), hit.len(), "an uncorrectable word stays one");
    assert_eq!(count("frames_bad_own"), 0);
    assert_eq!(count("corrected"), 0, "single errors end at the repeater");
}

/// A frame with parity words and a double error in one word, behind a repeater that stomps its END.
#[test]
fn soft_poison_behind_a_repeater_is_repaired_and_a_hard_abort_is_not() {
    let words: Vec<u64> = (1..9u64).map(|k| k.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    let sent = Frame { words: words.clone(), last_bytes: 5, sequence: 77 };
    let idle = Idle { state: Idle::LOCKED | Idle::LIGHT, ..Idle::default() }.to_slot();
    for (ending, want) in [
        (Ending::Last, Ok(Repaired { frame: sent, restored: 1, was_soft: true })),
        (Ending::Aborted, Err(Lost::Aborted)),
    ] {
        let mut line = slots(&words, 5, 77, true, ending);
        line.insert(words.len(), idle);
        line[3] = line[3].flipped(1 << 11 | 1 << 40);
        let mut repeater = bench(Target::Generic);
        let before = [idle; 100];
        let after = [idle; 6];
        let out: Vec<_> =
            before.iter().chain(&line).chain(&after).map(|slot| pass(&mut repeater, *slot)).skip(90).collect();
        let stored: Vec<_> = out.into_iter().map(codec::decode).filter(|s| !is_idle(s)).collect();
        assert_eq!(stored.len(), line.len() - 1);
        assert_eq!(repair(&stored), want);
    }
}

#[test]
fn a_repeater_replays_and_fits() {
    for (target, name) in [(Target::Generic, "repeater"), (Target::Ice40, "repeater_ice40")] {
        let mut repeater = bench(target).recording();
        let mut random = numbers(4);
        let frames = [slot_type::FIRST, slot_type::MORE, slot_type::MORE, slot_type::last(3), 0, 0];
        let mut state = firstlight_spec::crc::INITIAL;
        for k in 0..2000 {
            let x = random();
            let slot = match k % 6 {
                4 => Idle { prbs: x as u16, ..Idle::default() }.to_slot(),
                5 => firstlight_spec::control::end(
                    firstlight_spec::control::EndFlags { last_bytes: 4, stomp: x & 7 == 0, ..Default::default() },
                    k as u16,
                    state,
                ),
                n => Slot::new(x, frames[n]),
            };
            state = firstlight_spec::crc::word(state, slot.data);
            let mut flip = 0u128;
            (0..[0, 0, 1, 1, 2, 3][(x >> 20) as usize % 6]).for_each(|n| flip |= 1 << ((x >> (24 + 8 * n)) % 76));
            pass(&mut repeater, slot.flipped(flip));
        }
        shows(&repeater, name, &["line_in_tc", "line_out_tc", "corrected", "bad"]);
        replays_and_validates(&repeater, name);
        if target == Target::Ice40 {
            fits_its_budget(repeater.uut.as_ref(), "repeater");
        }
    }
}
