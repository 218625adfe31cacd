//! The frame generator.

use super::{on_bus, read, write};
use crate::support::{fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::measure::generator::Generator;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::generator::{Frame, Pattern, frames};
use firstlight_spec::regs::generator as map;
use proptest::prelude::*;
use rust_hdl::prelude::Block;

on_bus!(bits: Generator);

fn bench() -> Bench<Generator> {
    Bench::new(Generator::default(), |u| &mut u.clock)
}

/// What the generator is attached to.
struct Sink {
    memory: Vec<u64>,
    /// Word that the memory answers next.
    answer: u64,
    /// Cycles in which no beat is taken after a last one, as on the link.
    tail_cycles: u32,
    /// Out of 256, how often a beat is not taken.
    stalls: u64,
    busy: u32,
    frames: Vec<Frame>,
    words: Vec<u64>,
    /// Cycles without an offered beat since the last one was taken.
    gap: u32,
    gap_of_frame: u32,
    hint: Option<(u64, u64)>,
    hints: usize,
    /// Slots that the last hint named.
    notice: u64,
    random: Box<dyn FnMut() -> u64>,
}

impl Sink {
    fn new(tail_cycles: u32, stalls: u64) -> Self {
        Sink {
            memory: vec![],
            answer: 0,
            tail_cycles,
            stalls,
            busy: 0,
            frames: vec![],
            words: vec![],
            gap: 0,
            gap_of_frame: 0,
            hint: None,
            hints: 0,
            notice: 0,
            random: Box::new(numbers(77)),
        }
    }

    fn cycle(&mut self, b: &mut Bench<Generator>) {
        let ready = self.busy == 0 && (self.random)() & 255 >= self.stalls;
        self.busy = self.busy.saturating_sub(1);
        let now = b.cycles();
        let answer = self.answer;
        let (valid, data, keep, last, address, hint) = b.cycle(
            |u| {
                u.bus_request.next.strobe = false;
                u.tready.next = ready;
                u.memory_word.next = W::new(answer);
            },
            |u| {
                let hint = u.hint_valid.val().then(|| u.hint_slots.val().get());
                (
                    u.tvalid.val(),
                    u.tdata.val().get(),
                    u.tkeep.val().get(),
                    u.tlast.val(),
                    u.memory_address.val().index(),
                    hint,
                )
            },
        );
        self.answer = self.memory.get(address).copied().unwrap_or(0);
        if let Some(slots) = hint {
            assert!(self.hint.is_none(), "two hints for one gap");
            self.hint = Some((now, slots));
            self.hints += 1;
            self.notice = slots;
        }
        if !valid {
            self.gap += 1;
            return;
        }
        if self.words.is_empty() {
            self.gap_of_frame = self.gap;
            if let Some((at, slots)) = self.hint.take() {
                let on_time = if self.stalls == 0 { at + slots == now } else { at + slots <= now };
                assert!(on_time, "announced at {at} for {slots} later, offered at {now}");
            }
        }
        if !ready {
            return;
        }
        self.gap = 0;
        self.words.push(data);
        if last {
            let last_bytes = keep.count_ones();
            assert_eq!(keep, (1u64 << last_bytes) - 1);
            let gap = self.gap_of_frame;
            self.frames.push(Frame { gap, words: std::mem::take(&mut self.words), last_bytes, announced: false });
            self.busy = self.tail_cycles;
        } else {
            assert_eq!(keep, 0xff);
        }
    }
}

/// Sets the registers and starts; the frame before the first has no gap to compare.
fn set_up(b: &mut Bench<Generator>, pattern: &Pattern, count: u32, flags: u32, notice: u32) {
    write(b, map::FRAMES.word, count);
    write(b, map::NOTICE.word, notice);
    let mut control = flags;
    match pattern {
        Pattern::Fixed { length, gap, burst_frames, burst_gap } => {
            write(b, map::LENGTH.word, *length as u32);
            write(b, map::GAP.word, *gap);
            write(b, map::BURST_FRAMES.word, *burst_frames as u32);
            write(b, map::BURST_GAP.word, *burst_gap);
        }
        Pattern::Schedule(entries) => {
            control |= map::SCHEDULED.mask();
            for (i, (gap, length)) in entries.iter().enumerate() {
                write(b, map::SCHEDULE.word + i as u32, (*gap as u32) << 16 | *length as u32);
            }
            write(b, map::SCHEDULE_COUNT.word, entries.len() as u32);
        }
    }
    write(b, map::CONTROL.word, control);
    start(b);
}

/// Starts; the sink sees every cycle after the strobe.
fn start(b: &mut Bench<Generator>) {
    b.cycle(|u| u.bus_request.next = super::request(map::COMMAND.word, true, map::START.mask()), |_| {});
}

fn begins_burst(pattern: &Pattern, n: usize) -> bool {
    matches!(pattern, Pattern::Fixed { burst_frames, .. } if *burst_frames != 0 && n.is_multiple_of(*burst_frames as usize))
}

/// Plays and compares; gaps are compared when the sink never stalls beyond the link's two slots.
fn plays(b: &mut Bench<Generator>, pattern: &Pattern, count: usize, sink: &mut Sink, compare_gaps: bool) {
    let memory = (!sink.memory.is_empty()).then(|| sink.memory.clone());
    let want = frames(pattern, count, memory.as_deref());
    let cycles: usize = want.iter().map(|f| f.words.len() * 3 + f.gap as usize + 8).sum();
    // a stalled beat takes 256 / (256 - stalls) cycles on average
    let slower = if sink.stalls == 0 { 1 } else { 8 };
    for _ in 0..slower * cycles + 40 {
        sink.cycle(b);
    }
    assert_eq!(sink.frames.len(), count);
    let frames = &want;
    for (n, (got, want)) in sink.frames.iter().zip(&want).enumerate() {
        assert_eq!((&got.words, got.last_bytes), (&want.words, want.last_bytes), "frame {n}");
        if compare_gaps && n > 0 {
            // the next frame takes three cycles to prepare, the one after a burst's first five
            let least = if begins_burst(pattern, n - 1) { 5u32 } else { 3 };
            let before = &frames[n - 1];
            let late = least.saturating_sub(before.words.len() as u32 + before.gap);
            assert!((want.gap..=want.gap + late).contains(&got.gap), "gap before frame {n}: {} {}", got.gap, want.gap);
        }
    }
    assert_eq!(map::sent(count as u32, read(b, map::LEFT.word)), count as u32);
    assert_eq!(read(b, map::STATUS.word) & map::RUNNING.mask(), 0);
}

#[test]
fn a_gap_of_zero_offers_the_next_frame_in_the_cycle_after_the_last_beat() {
    for length in [1, 8, 9, 64, 1500] {
        let pattern = Pattern::Fixed { length, gap: 0, burst_frames: 0, burst_gap: 0 };
        let mut b = bench();
        set_up(&mut b, &pattern, 20, 0, 0);
        let mut sink = Sink::new(2, 0);
        let first = b.cycles();
        plays(&mut b, &pattern, 20, &mut sink, true);
        // with the two reads at the end
        assert!(b.cycles() - first < 20 * (length as u64 * 3 / 8 + 14) + 60 + 80);
    }
}

#[test]
fn frames_leave_with_their_gap() {
    let mut b = bench();
    set_up(&mut b, &Pattern::Fixed { length: 13, gap: 3, burst_frames: 0, burst_gap: 0 }, 3, 0, 0);
    let mut b = Bench::recording(b);
    let mut sink = Sink::new(2, 0);
    for _ in 0..24 {
        sink.cycle(&mut b);
    }
    insta::assert_snapshot!(b.trace().ascii(&["tready", "tvalid", "tlast", "tkeep", "memory_address"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(
        lengths in prop::collection::vec((0u16..12, 1u16..80), 1..20),
        fixed in any::<bool>(),
        gap in 0u32..6,
        burst_frames in 0u16..4,
        burst_gap in 1u32..40,
        stalls in prop_oneof![Just(0u64), 0u64..200],
        notice in 1u32..50,
        from_memory in any::<bool>(),
    ) {
        let pattern = match fixed {
            true => Pattern::Fixed { length: lengths[0].1, gap, burst_frames, burst_gap },
            false => Pattern::Schedule(lengths),
        };
        let mut sink = Sink::new(2, stalls);
        let mut flags = if stalls == 0 { map::HINTS.mask() } else { 0 };
        if from_memory {
            flags |= map::FROM_MEMORY.mask();
            let mut random = numbers(3);
            sink.memory = (0..1024).map(|_| random()).collect();
        }
        let mut b = bench();
        set_up(&mut b, &pattern, 17, flags, notice);
        plays(&mut b, &pattern, 17, &mut sink, stalls == 0);
        if stalls == 0 {
            // a hint takes two cycles of its gap, and of its notice; a beat that waits gives it more
            let frames = frames(&pattern, 17, None);
            let announced = |least| frames.iter().filter(|f| f.announced && f.gap >= least).count();
            let sure = if notice >= 3 { announced(2) } else { 0 };
            let most = if flags & map::HINTS.mask() != 0 { announced(1) } else { 0 };
            prop_assert!((sure..=most).contains(&sink.hints), "{} hints, {sure} to {most}", sink.hints);
        }
    }
}

#[test]
fn a_long_gap_is_exact_and_announced() {
    for (burst_gap, notice) in [(4096, 100), (8193, 8200), (70_000, 66)] {
        let pattern = Pattern::Fixed { length: 24, gap: 1, burst_frames: 2, burst_gap };
        let mut b = bench();
        set_up(&mut b, &pattern, 4, map::HINTS.mask(), notice);
        let mut sink = Sink::new(2, 0);
        plays(&mut b, &pattern, 4, &mut sink, true);
        assert_eq!(sink.hints, 1);
    }
}

#[test]
fn every_notice_is_two_cycles_shorter_at_the_hint() {
    for notice in 4..70 {
        let pattern = Pattern::Fixed { length: 24, gap: 200, burst_frames: 0, burst_gap: 0 };
        let mut b = bench();
        set_up(&mut b, &pattern, 3, map::HINTS.mask(), notice);
        let mut sink = Sink::new(2, 0);
        plays(&mut b, &pattern, 3, &mut sink, true);
        assert_eq!((sink.hints, sink.notice), (2, notice as u64 - 2), "notice {notice}");
    }
}

#[test]
fn a_long_frame_has_all_its_words() {
    let pattern = Pattern::Fixed { length: 65_535, gap: 0, burst_frames: 0, burst_gap: 0 };
    let mut b = bench();
    set_up(&mut b, &pattern, 1, 0, 0);
    plays(&mut b, &pattern, 1, &mut Sink::new(2, 0), true);
}

#[test]
fn halves_are_refilled_while_they_play_and_a_missing_one_is_reported() {
    let mut b = bench();
    let entries: Vec<(u16, u16)> = (0..256).map(|i| (i as u16 % 5, 1 + i as u16 % 30)).collect();
    set_up(&mut b, &Pattern::Schedule(entries.clone()), 0, 0, 0);
    write(&mut b, map::COMMAND.word, map::STOP.mask());
    b.cycle(|u| u.tready.next = true, |_| {});
    b.run(60);
    b.cycle(|u| u.tready.next = false, |_| {});
    write(&mut b, map::SCHEDULE_COUNT.word, 0);
    write(&mut b, map::SCHEDULE_FILLED.word, 3);
    start(&mut b);
    let mut sink = Sink::new(2, 0);
    for _ in 0..3000 {
        sink.cycle(&mut b);
    }
    assert_eq!(sink.frames.len(), 256, "both halves, then it waits");
    assert_eq!(read(&mut b, map::STATUS.word), map::UNDERRUN.mask() | map::RUNNING.mask());
    b.cycle(|u| u.bus_request.next = super::request(map::SCHEDULE_FILLED.word, true, 1), |_| {});
    for _ in 0..1500 {
        sink.cycle(&mut b);
    }
    let want = frames(&Pattern::Schedule(entries), 384, None);
    assert_eq!(sink.frames.len(), 384);
    for (n, (got, want)) in sink.frames.iter().zip(&want).enumerate() {
        assert_eq!(got.words, want.words, "frame {n}");
    }
    assert_ne!(read(&mut b, map::STATUS.word) & map::HALF.mask(), 0, "the upper half is wanted");
}

#[test]
fn a_stop_ends_after_the_frame_in_hand() {
    let mut b = bench();
    set_up(&mut b, &Pattern::Fixed { length: 200, gap: 0, burst_frames: 0, burst_gap: 0 }, 0, 0, 0);
    let mut sink = Sink::new(2, 0);
    for _ in 0..72 {
        sink.cycle(&mut b);
    }
    b.cycle(|u| u.bus_request.next = super::request(map::COMMAND.word, true, map::STOP.mask()), |_| {});
    // that cycle took a beat as well
    let mut rest = Sink::new(2, 0);
    b.cycle(|u| u.bus_request.next.strobe = false, |_| {});
    for _ in 0..200 {
        rest.cycle(&mut b);
    }
    assert!(sink.frames.len() == 2 && rest.frames.len() == 1);
    assert_eq!(read(&mut b, map::STATUS.word), 0);
}

#[test]
fn a_start_leaves_the_beat_that_waits_as_it_is() {
    let pattern = Pattern::Fixed { length: 20, gap: 0, burst_frames: 0, burst_gap: 0 };
    for waits in [0, 5, 40] {
        let mut b = bench();
        set_up(&mut b, &pattern, 0, 0, 0);
        let mut before = Sink::new(2, 0);
        while before.frames.len() < 2 {
            before.cycle(&mut b);
        }
        b.cycle(|u| u.tready.next = false, |_| {});
        b.run(4);
        let offered = |u: &Generator| (u.tvalid.val(), u.tdata.val(), u.tkeep.val(), u.tlast.val());
        let seen = b.cycle(|_| {}, offered);
        assert!(seen.0);
        start(&mut b);
        for _ in 0..waits {
            let now = b.cycle(|u| u.bus_request.next.strobe = false, offered);
            assert_eq!(now, seen);
        }
        let mut after = Sink::new(2, 0);
        for _ in 0..80 {
            after.cycle(&mut b);
        }
        // the frames in hand, which go on where they were, then the first frames again
        let played = frames(&pattern, 4, None);
        assert_eq!(after.frames[0].words, played[2].words);
        let again = if after.frames[1].words == played[3].words { 2 } else { 1 };
        assert_eq!([&after.frames[again].words, &after.frames[again + 1].words], [&played[0].words, &played[1].words]);
    }
}

#[test]
fn the_verilog_replays_schedule_bursts_and_hints() {
    let mut b = bench().recording();
    set_up(&mut b, &Pattern::Schedule(vec![(9, 13), (0, 70), (2, 8)]), 7, map::HINTS.mask(), 6);
    let mut sink = Sink::new(2, 40);
    for _ in 0..200 {
        sink.cycle(&mut b);
    }
    b.cycle(|u| u.tready.next = false, |_| {});
    set_up(&mut b, &Pattern::Fixed { length: 21, gap: 1, burst_frames: 2, burst_gap: 12 }, 6, 7 - 1, 5);
    sink.memory = (0..100).map(|i| i * 0x0101_0101_0101_0101).collect();
    for _ in 0..200 {
        sink.cycle(&mut b);
    }
    read(&mut b, map::STATUS.word);
    assert_eq!(sink.frames.len(), 13);
    replays_and_validates(&b, "generator");
}

#[test]
fn the_generator_fits_its_budget() {
    let mut uut = Generator::default();
    uut.connect_all();
    fits_its_budget(&uut, "generator");
}
