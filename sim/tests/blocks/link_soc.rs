//! The link for a SoC: registers through Wishbone while the client's frames run.

use crate::link::looped::{Offer, frame};
use crate::support::{fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::fabric::{READ_ACK_CYCLES, WRITE_ACK_CYCLES};
use firstlight_hdl::link_soc::LinkSoc;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::regs::{SPEC_HASH, events, generator, id, laser, link};
use firstlight_spec::slot::Slot;
use proptest::prelude::*;
use std::collections::VecDeque;

/// What the client sees: cycle, data, valid bytes, last.
type Beat = (u64, u64, u32, bool);

/// The link, its line wired back, a client on both sides and a master on the bus.
struct Rig {
    bench: Bench<LinkSoc>,
    offers: VecDeque<Offer>,
    transfers: VecDeque<(u32, Option<u32>)>,
    waiting: u64,
    /// Answers of the transfers, and the cycles that each took.
    answers: Vec<(u32, u64)>,
    sent: Vec<(u64, Offer)>,
    beats: Vec<Beat>,
    /// good, reason
    verdicts: Vec<(bool, u8)>,
    hint: Option<u64>,
    take: bool,
    lit: bool,
}

impl Rig {
    fn new() -> Self {
        Rig {
            bench: Bench::new(LinkSoc::new(Target::Generic, CLOCK_HZ), |u| &mut u.clock),
            offers: VecDeque::new(),
            transfers: VecDeque::new(),
            waiting: 0,
            answers: vec![],
            sent: vec![],
            beats: vec![],
            verdicts: vec![],
            hint: None,
            take: true,
            lit: false,
        }
    }

    fn locked() -> Self {
        let mut rig = Rig::new();
        (0..100).for_each(|_| rig.cycle(0));
        assert!(rig.bench.uut.status_locked.val(), "an undisturbed line locks");
        rig
    }

    /// One cycle; `flip` inverts line positions.
    fn cycle(&mut self, flip: u128) {
        let flips = Slot::from_line(flip);
        let (offer, transfer) = (self.offers.front().copied(), self.transfers.front().copied());
        let (hint, take) = (self.hint.take(), self.take);
        let now = self.bench.cycles();
        let (ready, answer, beat, verdict, lit) = self.bench.cycle(
            |u| {
                u.s_axis_tvalid.next = offer.is_some();
                let beat = offer.unwrap_or_default();
                u.s_axis_tdata.next = W::new(beat.data);
                u.s_axis_tkeep.next = W::new((1 << beat.bytes) - 1);
                u.s_axis_tlast.next = beat.last;
                u.s_axis_tuser.next = beat.abort;
                u.s_hint_valid.next = hint.is_some();
                u.s_hint_slots.next = W::new(hint.unwrap_or(0));
                u.m_axis_tready.next = take;
                u.line_in_data.next = u.line_out_data.val() ^ W::new(flips.data);
                u.line_in_tc.next = u.line_out_tc.val() ^ W::new(flips.kind as u64 | (flips.check as u64) << 4);
                u.line_in_light.next = true;
                u.wb_cyc.next = transfer.is_some();
                u.wb_stb.next = transfer.is_some();
                u.wb_we.next = transfer.is_some_and(|t| t.1.is_some());
                u.wb_adr.next = W::new(transfer.map_or(0, |t| t.0 as u64));
                u.wb_dat_w.next = W::new(transfer.and_then(|t| t.1).unwrap_or(0) as u64);
            },
            |u| {
                let keep = u.m_axis_tkeep.val().get().count_ones();
                let beat = (now, u.m_axis_tdata.val().get(), keep, u.m_axis_tlast.val());
                (
                    u.s_axis_tready.val(),
                    u.wb_ack.val().then(|| u.wb_dat_r.val().get() as u32),
                    u.m_axis_tvalid.val().then_some(beat),
                    u.frame_done.val().then(|| (u.frame_good.val(), u.frame_reason.val().get() as u8)),
                    u.laser_en.val(),
                )
            },
        );
        self.lit = lit;
        self.beats.extend(beat);
        self.verdicts.extend(verdict);
        if ready && let Some(beat) = offer {
            self.sent.push((now, beat));
            self.offers.pop_front();
        }
        self.waiting += transfer.is_some() as u64;
        if let Some(word) = answer {
            self.answers.push((word, self.waiting));
            (self.waiting, _) = (0, self.transfers.pop_front());
        }
    }

    /// Runs until nothing is offered and no transfer is open, then lets the line run empty.
    fn drain(&mut self) {
        while !self.offers.is_empty() || !self.transfers.is_empty() {
            self.cycle(0);
            assert!(self.bench.cycles() < 100_000, "nothing moves");
        }
        (0..24).for_each(|_| self.cycle(0));
    }

    fn write(&mut self, word: u32, data: u32) {
        self.transfers.push_back((word, Some(data)));
        self.drain();
    }

    fn read(&mut self, word: u32) -> u32 {
        self.transfers.push_back((word, None));
        self.drain();
        self.answers.last().expect("a read was answered").0
    }

    /// Counters since the last clear, by name.
    fn counted(&mut self, names: &[&str]) -> Vec<u64> {
        self.write(link::COMMAND.word, link::SNAPSHOT.mask());
        while self.read(link::STATE.word) & 1 != 0 {}
        let word = |name: &&str| events::SNAPSHOT.word + 2 * events::bit(name) as u32;
        names.iter().map(|n| (self.read(word(n)) as u64) << 32 | self.read(word(n) + 1) as u64).collect()
    }

    /// Every accepted beat reached the client three cycles later, and none besides.
    fn assert_three_cycles(&self) {
        let want: Vec<Beat> =
            self.sent.iter().map(|(t, b)| (t + LinkSoc::LATENCY, b.data, b.bytes as u32, b.last)).collect();
        assert!(!want.is_empty());
        assert_eq!(self.beats, want);
    }
}

fn traffic(seed: u64, frames: usize) -> VecDeque<Offer> {
    let mut random = numbers(seed);
    (0..frames).flat_map(|k| frame(1 + (k * 37) % 200, &mut random)).collect()
}

#[test]
fn registers_are_read_and_written_while_every_beat_takes_three_cycles() {
    assert_eq!(LinkSoc::LATENCY, 3);
    let mut rig = Rig::locked();
    rig.offers = traffic(1, 120);
    let scratch = [0xdead_beef, 0x0123_4567, 0];
    rig.transfers.extend([(id::MAGIC.word, None), (id::SPEC_HASH.word, None), (id::FEATURES.word, None)]);
    for value in scratch {
        rig.transfers.extend([(id::SCRATCH.word, Some(value)), (id::SCRATCH.word, None)]);
    }
    // the rung changes under way; a group that is not there reads zero
    for rung in [0, 1, 3, 2] {
        rig.transfers.extend([(link::CONTROL.word, Some(rung)), (link::STATUS.word, None)]);
    }
    rig.transfers.extend([(laser::T_ON.word, None), (generator::LENGTH.word, None), (0x1fff, None)]);
    let wanted = rig.transfers.len();
    rig.drain();
    let words: Vec<u32> = rig.answers.iter().map(|a| a.0).collect();
    assert_eq!(words.len(), wanted);
    assert_eq!(words[..3], [id::MAGIC_VALUE, SPEC_HASH, id::LASER.mask() | id::LANES.mask()]);
    assert_eq!([words[4], words[6], words[8]], scratch);
    for (k, rung) in [0, 1, 3, 2].into_iter().enumerate() {
        let status = words[10 + 2 * k];
        assert_eq!((status & 3, link::RUNG_NOW.get(status)), (3, rung), "locked, in the light, at the rung");
    }
    assert_eq!(words[17..], [laser::T_ON.reset, 0, 0]);
    let taken = [READ_ACK_CYCLES + 1, WRITE_ACK_CYCLES + 1];
    assert!(rig.answers.iter().skip(1).all(|a| taken.contains(&a.1)), "{:?}", rig.answers);
    rig.assert_three_cycles();
    assert_eq!(rig.verdicts, vec![(true, 0); 120]);
}

#[test]
fn counters_say_what_the_client_saw() {
    let mut rig = Rig::locked();
    rig.write(link::COMMAND.word, link::CLEAR.mask());
    while rig.read(link::STATE.word) & 1 != 0 {}
    rig.offers = traffic(2, 60);
    // every line position once; one double; nobody takes two beats of one frame
    let mut position = 0;
    while !rig.offers.is_empty() {
        let cycle = rig.bench.cycles();
        let single = cycle.is_multiple_of(5) && position < 76;
        let flip = if single { 1 << position } else { 0 };
        position += single as u32;
        rig.cycle(flip);
    }
    rig.drain();
    rig.assert_three_cycles();
    assert_eq!((position, rig.verdicts.len()), (76, 60));
    assert!(rig.verdicts.iter().all(|v| v.0));
    let names = ["corrected", "bad_even", "frames_sent", "frames_good", "overruns", "frames_bad_own"];
    assert_eq!(rig.counted(&names), [76, 0, 60, 60, 0, 0]);
    rig.verdicts.clear();
    rig.offers = frame(80, &mut numbers(3)).into_iter().chain(frame(16, &mut numbers(4))).collect();
    while rig.sent.len() as u64 % 1000 != 999 && !rig.offers.is_empty() {
        rig.take = rig.offers.len() != 6 && rig.offers.len() != 5;
        rig.cycle(0);
    }
    rig.take = true;
    rig.drain();
    assert_eq!(rig.verdicts, [(false, 0), (true, 0)], "a beat that is not taken spoils its frame, and no other");
    assert_eq!(rig.counted(&["overruns", "frames_sent"]), [2, 62]);
}

#[test]
fn the_laser_obeys_its_registers_and_the_hints_of_the_client() {
    let mut rig = Rig::locked();
    let t_on = 30;
    rig.write(laser::T_ON.word, t_on);
    rig.write(laser::MODE.word, laser::mode::REACTIVE);
    assert!(!rig.lit, "dark while nothing is offered");
    let waited = |rig: &mut Rig| {
        let offered = rig.bench.cycles();
        rig.offers = frame(64, &mut numbers(5)).into();
        let first = rig.sent.len();
        rig.drain();
        rig.sent[first].0 - offered
    };
    assert!((t_on as u64..t_on as u64 + 6).contains(&waited(&mut rig)));
    rig.write(laser::MODE.word, laser::mode::HINT);
    assert!(!rig.lit);
    let notice = 60;
    rig.hint = Some(notice);
    (0..=notice).for_each(|_| rig.cycle(0));
    assert_eq!(waited(&mut rig), 0, "the light was on in time");
    rig.assert_three_cycles();
    // at rest the host sees that the client would be held
    assert_eq!(link::HOLDING.get(rig.read(link::STATUS.word)), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn agrees_with_the_model(seed in 1u64.., lengths in prop::collection::vec(1usize..200, 1..8), errors in 0u64..4) {
        // the model of a link at L2: whatever single errors, the client gets what the client sent
        let mut rig = Rig::locked();
        let mut random = numbers(seed);
        for length in &lengths {
            rig.offers.extend(frame(*length, &mut random));
            for _ in 0..random() % 40 {
                let x = random();
                rig.cycle(if x % 4 < errors { 1 << ((x >> 8) % 76) } else { 0 });
            }
        }
        rig.drain();
        rig.assert_three_cycles();
        prop_assert_eq!(&rig.verdicts, &vec![(true, 0); lengths.len()]);
    }
}

#[test]
fn a_register_is_read_beside_a_frame() {
    let mut rig = Rig::locked();
    rig.bench.start_recording();
    rig.offers = frame(60, &mut numbers(6)).into();
    rig.transfers.push_back((id::MAGIC.word, None));
    (0..18).for_each(|_| rig.cycle(0));
    let names = [
        "wb_stb",
        "wb_ack",
        "wb_dat_r",
        "s_axis_tvalid",
        "s_axis_tready",
        "s_axis_tlast",
        "line_out_tc",
        "m_axis_tvalid",
        "m_axis_tkeep",
        "m_axis_tlast",
        "m_axis_tuser",
        "frame_done",
        "frame_good",
    ];
    insta::assert_snapshot!(rig.bench.trace().ascii(&names));
}

#[test]
fn verilog_replays_the_same_trace() {
    let mut rig = Rig::new();
    rig.bench.start_recording();
    let mut random = numbers(7);
    for cycle in 0..1600u64 {
        let x = random();
        if rig.offers.len() < 4 && x & 3 == 0 {
            rig.offers.extend(frame(1 + (x >> 8) as usize % 60, &mut random));
        }
        if rig.transfers.is_empty() {
            let words = [id::SCRATCH, id::MAGIC, link::STATUS, laser::STATUS, link::COMMAND, link::IDLE_SEEN];
            let word = if x & 0x30 == 0 {
                events::SNAPSHOT.word + (x >> 16) as u32 % 64
            } else {
                words[(x >> 16) as usize % words.len()].word
            };
            rig.transfers.push_back((word, (x & 0x40 != 0).then_some((x >> 24) as u32 & 0x3)));
        }
        rig.take = x & 0xf00 != 0;
        rig.hint = (x & 0xf000 == 0).then_some(x >> 40 & 63);
        let noisy = cycle % 128 > 100;
        rig.cycle(if noisy { 1 << ((x >> 32) % 76) | ((x >> 48 & 1) as u128) << 7 } else { 0 });
    }
    replays_and_validates(&rig.bench, "link_soc");
    fits_its_budget(rig.bench.uut.as_ref(), "link_soc");
}
