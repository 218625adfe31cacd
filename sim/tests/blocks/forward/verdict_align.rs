//! Beats that wait for their verdict.

use crate::link::looped::{Loop, Offer, Seen, frame};
use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::forward::verdict_align::VerdictAlign;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::budget::VERDICT_CYCLES;
use std::collections::VecDeque;

fn bench() -> Bench<VerdictAlign> {
    Bench::new(VerdictAlign::default(), |u| &mut u.clock).recording()
}

/// One cycle; the beat that leaves: data, keep, last, bad.
fn pass(align: &mut Bench<VerdictAlign>, seen: &Seen) -> Option<(u64, u64, bool, bool)> {
    align.cycle(
        |u| {
            u.s_axis_tdata.next = W::new(seen.data);
            u.s_axis_tkeep.next = W::new(seen.keep);
            u.s_axis_tvalid.next = seen.valid;
            u.s_axis_tlast.next = seen.last;
            u.done.next = seen.done;
            u.good.next = seen.good;
        },
        |u| {
            u.m_axis_tvalid.val().then(|| {
                let keep = u.m_axis_tkeep.val().get();
                (u.m_axis_tdata.val().get(), keep, u.m_axis_tlast.val(), u.m_axis_tuser.val())
            })
        },
    )
}

/// Every beat leaves five cycles later with its verdict.
fn agree(seed: u64) -> Bench<VerdictAlign> {
    let (mut link, mut align) = (Loop::locked(2), bench());
    let mut random = numbers(seed);
    let frames: Vec<_> = (0..300).map(|k| frame(1 + k % 40, &mut random)).collect();
    let mut beats: VecDeque<Offer> = frames.iter().flatten().copied().collect();
    let mut waiting: VecDeque<Option<Seen>> = vec![None; VERDICT_CYCLES as usize].into();
    let (mut verdicts, mut bad) = (vec![], vec![]);
    for cycle in 0..4000u64 {
        let offer = beats.front().copied();
        // a double every now and then, not too often for the lock
        let flip = if cycle % 37 == 5 { 3 << (cycle % 70) } else { 0 };
        let seen = link.cycle(offer, flip);
        if offer.is_some() && seen.ready {
            beats.pop_front();
        }
        let out = pass(&mut align, &seen);
        waiting.push_back(seen.valid.then_some(seen));
        let before = waiting.pop_front().unwrap();
        assert_eq!(out.map(|o| (o.0, o.1, o.2)), before.map(|b| (b.data, b.keep, b.last)));
        if let Some((_, _, last, is_bad)) = out {
            assert!(last || !is_bad);
            if last {
                bad.push(is_bad);
            }
        }
        if seen.done {
            verdicts.push(!seen.good);
        }
    }
    assert!(beats.is_empty() && verdicts.len() == bad.len());
    assert!(verdicts.iter().filter(|b| **b).count() > 20, "some frames were bad");
    // a frame whose END was lost is judged late: it leaves as bad, as its verdict says too
    assert_eq!(bad, verdicts);
    align
}

agrees_with_the_model!(4, agree);

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    proves(
        &agree(1),
        "verdict_align",
        &["s_axis_tvalid", "s_axis_tlast", "done", "good", "m_axis_tvalid", "m_axis_tlast"],
    );
}

#[test]
fn a_verdict_that_comes_too_late_makes_its_frame_bad_and_no_other() {
    let mut align = bench();
    let beat = |first| Seen { valid: true, last: true, first, keep: 255, ..Seen::default() };
    let idle = Seen::default();
    let verdict = Seen { done: true, good: true, ..Seen::default() };
    let mut bad = vec![];
    // one cycle late, then in time
    let cycles = [beat(true), idle, idle, idle, idle, idle, verdict, beat(true), idle, idle, idle, idle, verdict];
    for seen in cycles.iter().chain(&[idle; 8]) {
        if let Some((_, _, true, is_bad)) = pass(&mut align, seen) {
            bad.push(is_bad);
        }
    }
    assert_eq!(bad, [true, false]);
}
