//! Lock, light, silence, stalls and hold.

use super::looped::{Loop, Offer, Run, frame};
use crate::support::numbers;
use firstlight_hdl::word::W;
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_spec::budget::CLIENT_TO_CLIENT_CYCLES;
use firstlight_spec::control::{IDLE, Idle};
use firstlight_spec::limits::{LOCK_IDLES, RELOCK_IDLES, UNLOCK_BAD_SLOTS};
use firstlight_spec::slot::{Slot, slot_type};
use firstlight_spec::verdict;

fn is_locked(link: &Loop) -> bool {
    link.bench.uut.status.val().locked
}

/// Cycles until the lock comes, at most `limit`.
fn cycles_to_lock(link: &mut Loop, limit: u64) -> Option<u64> {
    (0..limit).find(|_| {
        link.receive(Idle::default().to_slot());
        is_locked(link)
    })
}

#[test]
fn a_cold_lock_takes_64_idles_and_a_bad_slot_starts_them_again() {
    let idle = Idle::default().to_slot();
    let mut link = Loop::new(2);
    (0..LOCK_IDLES - 1).for_each(|_| {
        link.receive(idle);
    });
    link.receive(idle.flipped(3));
    // two slots later the last of them is judged
    (0..LOCK_IDLES - 1).for_each(|_| {
        link.receive(idle);
    });
    let other = Slot::new(0x1234_5678_9abc_def0, slot_type::MORE);
    (0..20).for_each(|_| {
        link.receive(other);
    });
    assert!(!is_locked(&link), "63 IDLEs after a bad slot do not lock, and data words do not count");
    link.receive(idle);
    (0..8).for_each(|_| {
        link.receive(other);
    });
    assert!(is_locked(&link), "the 64th does");
}

#[test]
fn four_bad_slots_in_sixteen_drop_the_lock_and_three_do_not() {
    let idle = Idle::default().to_slot();
    for bads in [UNLOCK_BAD_SLOTS - 1, UNLOCK_BAD_SLOTS] {
        let mut link = Loop::locked(2);
        let mut lost = 0;
        for k in 0..40 {
            let flip = if k < 4 * bads && k % 4 == 0 { 3 } else { 0 };
            let seen = link.receive(idle.flipped(flip));
            lost += seen.events >> firstlight_spec::regs::events::bit("lock_losses") & 1;
        }
        assert_eq!(is_locked(&link), bads < UNLOCK_BAD_SLOTS);
        assert_eq!(lost == 1, bads == UNLOCK_BAD_SLOTS);
    }
}

#[test]
fn darkness_closes_an_open_frame_at_once_and_four_idles_open_again() {
    let mut link = Loop::locked(2);
    let mut random = numbers(1);
    let beats = frame(80, &mut random);
    let mut seen: Vec<_> = beats[..5].iter().map(|b| link.cycle(Some(*b), 0)).collect();
    link.dark = true;
    let dark_from = seen.len();
    seen.extend(beats[5..].iter().map(|b| link.cycle(Some(*b), 0)));
    seen.extend((0..20).map(|_| link.cycle(None, 0)));
    let valid: Vec<usize> = (0..seen.len()).filter(|k| seen[*k].valid).collect();
    // the slot that stood on the line when it went dark is two cycles from the client
    assert_eq!(*valid.last().unwrap(), dark_from + 2);
    let closing = seen[dark_from + 2];
    assert!(closing.last && closing.null && closing.keep == 0);
    let verdicts: Vec<_> = seen.iter().filter(|s| s.done).collect();
    assert!(verdicts.len() == 1 && !verdicts[0].good && verdicts[0].reason == verdict::LINK_DOWN);
    assert!(!is_locked(&link));
    link.dark = false;
    let took = cycles_to_lock(&mut link, 64).expect("the alignment was held");
    assert!((RELOCK_IDLES as u64..RELOCK_IDLES as u64 + 6).contains(&took), "{took}");
}

#[test]
fn silence_shuts_the_client_side_after_its_limit() {
    let mut link = Loop::locked(2);
    link.config.silence_slots = W::new(50);
    (0..8).for_each(|_| {
        link.receive(Idle::default().to_slot());
    });
    let word = Slot::new(0x0123_4567_89ab_cdef, slot_type::MORE);
    let shut = (0..200).find(|_| {
        link.receive(word);
        !is_locked(&link)
    });
    let shut = shut.expect("silence is noticed");
    assert!((50..60).contains(&shut), "{shut}");
    assert!(cycles_to_lock(&mut link, 64).is_some_and(|n| n < 16), "the alignment was held");
}

#[test]
fn relock_needs_a_cold_lock() {
    let mut link = Loop::locked(2);
    link.config.relock = true;
    link.receive(Idle::default().to_slot());
    link.config.relock = false;
    link.receive(Idle::default().to_slot());
    assert!(!is_locked(&link));
    let took = cycles_to_lock(&mut link, 200).expect("it locks again");
    assert!(took >= LOCK_IDLES as u64 - 2, "{took}");
}

#[test]
fn a_client_that_stalls_too_long_is_cut_off_and_its_rest_swallowed() {
    for (parity, stall, aborted) in [(false, 20, false), (false, 30, true), (true, 30, true)] {
        let mut link = Loop::locked(2);
        link.config.stall_limit = W::new(24);
        link.config.tx_parity = parity;
        let mut random = numbers(3);
        let frames: Vec<_> = (0..9).map(|_| frame(40, &mut random)).collect();
        let mut beats = 0;
        // the third beat of each third frame comes late
        let run = Run::of(
            &mut link,
            &frames,
            || {
                beats += 1;
                if beats % 15 == 3 { stall } else { 0 }
            },
            |_, _| 0,
        );
        let stalled = |k: usize| aborted && k.is_multiple_of(3);
        assert_eq!(run.verdicts.len(), frames.len());
        for (k, (_, v)) in run.verdicts.iter().enumerate() {
            let reason = if stalled(k) { verdict::STOMPED_HARD } else { verdict::GOOD };
            assert_eq!((v.reason, v.sequence as usize), (reason, k), "stall {stall}");
        }
        let want = frames.iter().enumerate().flat_map(|(k, frame)| {
            let words: Vec<u64> = frame.iter().map(|b| b.data).collect();
            match stalled(k) {
                true => slots(&words[..2], 8, k as u16, parity, Ending::Stalled),
                false => slots(&words, 8, k as u16, parity, Ending::Last),
            }
        });
        let got = run.line.iter().filter(|s| !(s.kind == 0 && s.data as u8 == IDLE)).copied();
        assert!(got.eq(want), "stall {stall} parity {parity}");
        let nulls = run.beats.iter().filter(|(_, b)| b.null).count();
        assert_eq!(nulls, if aborted { 3 } else { 0 });
        assert_eq!(run.count("frames_aborted"), if aborted { 3 } else { 0 });
    }
}

#[test]
fn hold_keeps_new_frames_back_and_lets_an_open_one_finish() {
    let mut link = Loop::locked(2);
    let mut random = numbers(4);
    let beats = frame(40, &mut random);
    assert!(link.cycle(Some(beats[0]), 0).ready);
    link.hold = true;
    for beat in &beats[1..] {
        assert!(link.cycle(Some(*beat), 0).ready, "the frame under way is not held");
    }
    let next = Offer { last: true, ..beats[0] };
    for _ in 0..20 {
        let seen = link.cycle(Some(next), 0);
        assert!(!seen.ready);
    }
    assert_eq!(Idle::from_data(link.line().data).map(|i| i.state & Idle::HOLDING), Some(Idle::HOLDING));
    link.hold = false;
    assert!(link.cycle(Some(next), 0).ready, "released in the same cycle");
    let after: Vec<_> = (0..CLIENT_TO_CLIENT_CYCLES).map(|_| link.cycle(None, 0)).collect();
    assert!(after.last().unwrap().valid);
}

#[test]
fn idle_fields_arrive() {
    let mut link = Loop::locked(2);
    link.config.request = W::new(3);
    link.config.hint = W::new(0xbeef);
    (0..10).for_each(|_| {
        link.cycle(None, 0);
    });
    let status = link.bench.uut.status.val();
    assert_eq!((status.seen_request.get(), status.seen_hint.get()), (3, 0xbeef));
    assert_eq!(status.seen_state.get() as u8, Idle::LOCKED | Idle::LIGHT);
}

#[test]
fn the_frame_memory_sees_every_slot_of_a_frame_with_its_flags() {
    let mut link = Loop::locked(3);
    link.config.tx_parity = true;
    let mut random = numbers(6);
    let frames: Vec<_> = (0..40).map(|_| frame(35, &mut random)).collect();
    let mut slots_seen = vec![];
    let mut beats = frames.iter().flatten().copied().collect::<std::collections::VecDeque<_>>();
    let mut wrong = 0;
    for cycle in 0..600u64 {
        let line = link.line();
        // a double in the third word of every frame
        let flip = if line.data == frames[wrong.min(39)][2].data && line.kind == slot_type::MORE {
            wrong += 1;
            3 << (cycle % 70)
        } else {
            0
        };
        let offer = beats.front().copied();
        let seen = link.cycle(offer, flip);
        if offer.is_some() && seen.ready {
            beats.pop_front();
        }
        if seen.slot.valid {
            slots_seen.push(seen.slot);
        }
    }
    assert_eq!(wrong, 40);
    assert_eq!(slots_seen.len(), 40 * (5 + 1 + 2));
    for (k, got) in slots_seen.chunks(8).enumerate() {
        let words: Vec<u64> = frames[k].iter().map(|b| b.data).collect();
        let want = slots(&words, 3, k as u16, true, Ending::Last);
        for (i, (got, want)) in got.iter().zip(&want).enumerate() {
            assert_eq!(got.first, i == 0);
            assert_eq!(got.bad_even, i == 2);
            assert!(!got.bad_odd && !got.single);
            if i != 2 {
                assert_eq!((got.data.get(), got.kind.get() as u8), (want.data, want.kind));
            }
        }
        // the even parity word repairs it
        let even = got.iter().step_by(2).enumerate().filter(|(n, _)| *n != 1 && *n < 3);
        let sum = even.fold(got[6].data.get(), |sum, (_, slot)| sum ^ slot.data.get());
        assert_eq!(sum, words[2]);
    }
}
