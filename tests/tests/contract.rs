//! The latency contract, on the whole link: three cycles for every beat, whatever the load, length, rung or single error.

use firstlight_hdl::link::Link;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::budget::{CLIENT_TO_CLIENT_CYCLES, FRAME_OVERHEAD_SLOTS};
use firstlight_spec::slot::{BEAT_BYTES, SLOT_BITS, Slot};
use std::collections::VecDeque;

/// Frames and slots that every combination reaches at least.
const FRAMES: u64 = 200;
const SLOTS: u64 = 20_000;

/// One combination.
#[derive(Clone, Copy, Debug)]
struct Case {
    rung: u64,
    bytes: usize,
    /// Cycles without an offered beat after each frame.
    gap: u64,
    /// One wrong bit in every slot, its position walking over all 76.
    errors: bool,
}

/// What a case gave.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    frames: u64,
    beats: u64,
    cycles: u64,
    good: u64,
    done: u64,
}

struct Beat {
    accepted: u64,
    data: u64,
    is_last: bool,
}

fn run(case: Case) -> Seen {
    let mut link = Bench::new(Link::new(Target::Generic), |u| &mut u.clock).ticking_on_both_edges();
    let mut under_way: VecDeque<Beat> = VecDeque::new();
    let (mut seen, mut random, mut position) = (Seen::default(), 0x1234_5678_9abc_def1u64, 0usize);
    let words = case.bytes.div_ceil(BEAT_BYTES);
    let tail = case.bytes - (words - 1) * BEAT_BYTES;
    let (mut beat, mut pause, mut sent, mut drain) = (0usize, 100u64, 0u64, 0u64);
    let mut start = None;
    while drain < 20 {
        let more = sent < FRAMES || start.is_none_or(|s| link.cycles() < s + SLOTS);
        let offer = (more || beat > 0) && pause == 0;
        let is_last = beat + 1 == words;
        let cycle = link.cycles();
        let locked = cycle > 90;
        let (accepted, out, done) = link.cycle(
            |u| {
                let (data, tc) = (u.line_out_data.val().get(), u.line_out_tc.val().get());
                let mut slot = Slot { data, kind: (tc & 15) as u8, check: (tc >> 4) as u8 };
                if case.errors && locked {
                    slot = slot.flipped(1 << position);
                    position = (position + 1) % SLOT_BITS;
                }
                u.line_in_data.next = W::new(slot.data);
                u.line_in_tc.next = W::new(slot.kind as u64 | (slot.check as u64) << 4);
                u.line_in_light.next = true;
                u.tx_hold.next = !locked;
                u.settings.next.rung = W::new(case.rung);
                u.s_axis_tvalid.next = offer;
                u.s_axis_tdata.next = W::new(random);
                u.s_axis_tkeep.next = W::new(if is_last { 0xff >> (BEAT_BYTES - tail) } else { 0xff });
                u.s_axis_tlast.next = is_last;
            },
            |u| {
                let out = u.m_axis_tvalid.val().then(|| (u.m_axis_tdata.val().get(), u.m_axis_tlast.val()));
                let done = u.frame_done.val().then(|| u.frame_good.val());
                (offer && u.s_axis_tready.val(), out, done)
            },
        );
        if accepted {
            start.get_or_insert(cycle);
            under_way.push_back(Beat { accepted: cycle, data: random, is_last });
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            beat += 1;
            if is_last {
                (beat, pause) = (0, case.gap);
                sent += 1;
            }
        } else {
            pause = pause.saturating_sub(1);
        }
        if let Some((data, last)) = out {
            let sent = under_way.pop_front().unwrap_or_else(|| panic!("{case:?}: a beat that nobody sent"));
            assert_eq!(cycle - sent.accepted, CLIENT_TO_CLIENT_CYCLES, "{case:?}, cycle {cycle}");
            assert_eq!(last, sent.is_last, "{case:?}, cycle {cycle}");
            if !case.errors || case.rung >= 2 {
                assert_eq!(data, sent.data, "{case:?}, cycle {cycle}");
            }
            seen.beats += 1;
        }
        if let Some(good) = done {
            seen.done += 1;
            seen.good += good as u64;
        }
        if !more && beat == 0 {
            drain += 1;
        } else {
            seen.cycles = cycle - start.unwrap_or(cycle);
        }
    }
    assert!(under_way.is_empty(), "{case:?}: {} beats were lost", under_way.len());
    seen.frames = sent;
    assert!(seen.frames >= FRAMES && seen.cycles + 30 >= SLOTS, "{case:?}: {seen:?}");
    assert_eq!((seen.done, seen.beats), (seen.frames, seen.frames * words as u64), "{case:?}");
    seen
}

fn all_good(case: Case) -> Seen {
    let seen = run(case);
    let expected = if case.errors && case.rung < 2 { 0 } else { seen.frames };
    assert_eq!(seen.good, expected, "{case:?}: {seen:?}");
    seen
}

#[test]
fn three_cycles_at_every_length_from_1_byte_to_9216_bytes() {
    for rung in 0..3 {
        for bytes in [1, 7, 8, 9, 64, 65, 1518] {
            all_good(Case { rung, bytes, gap: 0, errors: false });
        }
    }
    for (rung, errors) in [(0, false), (1, true), (2, false), (2, true)] {
        all_good(Case { rung, bytes: 9216, gap: 0, errors });
    }
}

#[test]
fn three_cycles_at_every_load_from_1_to_100_percent() {
    for rung in 0..3 {
        // gap after 64-byte frames of 8 beats: 1, 10, 50 and 100 % of the beats that could be offered
        for (gap, errors) in [792, 72, 8, 0].into_iter().flat_map(|gap| [(gap, false), (gap, true)]) {
            all_good(Case { rung, bytes: 64, gap, errors });
        }
    }
}

#[test]
fn three_cycles_with_one_wrong_bit_in_every_slot_and_a_bad_verdict_below_l2() {
    for rung in 0..3 {
        for (bytes, gap) in [(1, 0), (9, 3), (1518, 0), (1518, 192)] {
            all_good(Case { rung, bytes, gap, errors: true });
        }
    }
}

#[test]
fn full_load_costs_two_slots_a_frame() {
    for (bytes, share) in [(64usize, 8.0 / 10.0), (1518, 190.0 / 192.0)] {
        let seen = all_good(Case { rung: 2, bytes, gap: 0, errors: false });
        let slots = seen.frames * (bytes.div_ceil(BEAT_BYTES) as u64 + FRAME_OVERHEAD_SLOTS);
        assert!(seen.cycles.abs_diff(slots) <= 4, "{bytes} bytes: {} cycles for {slots} slots", seen.cycles);
        assert!(seen.beats as f64 / seen.cycles as f64 > share - 0.001, "{bytes} bytes: {seen:?}");
    }
}
