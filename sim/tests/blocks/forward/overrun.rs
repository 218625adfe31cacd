//! A client that is not always ready.

use crate::link::looped::{Loop, Offer, frame};
use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::forward::overrun::Overrun;
use firstlight_sim::bench::Bench;
use std::collections::VecDeque;

/// A beat that is not taken spoils its own frame only.
fn agree(seed: u64) -> Bench<Overrun> {
    let mut link = Loop::locked(2);
    let mut stage = Bench::new(Overrun::default(), |u| &mut u.clock).recording();
    let mut random = numbers(seed);
    let frames: Vec<_> = (0..300).map(|k| frame(1 + k % 50, &mut random)).collect();
    let mut beats: VecDeque<Offer> = frames.iter().flatten().copied().collect();
    let (mut spoilt, mut verdicts, mut missed, mut lost) = (vec![], vec![], 0, 0);
    for _ in 0..4000 {
        let offer = beats.front().copied();
        let seen = link.cycle(offer, 0);
        if offer.is_some() && seen.ready {
            beats.pop_front();
        }
        let ready = !random().is_multiple_of(16);
        let (good, was_lost) = stage.cycle(
            |u| {
                u.valid.next = seen.valid;
                u.first.next = seen.first;
                u.ready.next = ready;
                u.done.next = seen.done;
                u.good_in.next = seen.good;
            },
            |u| (u.good.val(), u.lost.val()),
        );
        lost += was_lost as u64;
        if seen.valid {
            if seen.first {
                spoilt.push(false);
            }
            missed += !ready as u64;
            *spoilt.last_mut().unwrap() |= !ready;
        }
        if seen.done {
            verdicts.push(!good);
        }
    }
    assert!(beats.is_empty() && spoilt.iter().filter(|s| **s).count() > 20);
    assert_eq!(verdicts, spoilt);
    assert_eq!(lost, missed, "each lost beat is counted");
    stage
}

agrees_with_the_model!(4, agree);

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    proves(&agree(1), "overrun", &["valid", "first", "ready", "done", "good_in", "good", "lost"]);
}
