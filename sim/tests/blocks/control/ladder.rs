//! The adaptive ladder.

use super::bus::{read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::control::ladder::{DECISION_LATENCY, Ladder};
use firstlight_hdl::control::ladder_regs::READ_LATENCY;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::control::ladder::{Ladder as Model, Thresholds};
use firstlight_spec::regs::{SPACE_WORDS, ladder};

fn bench() -> Bench<Ladder> {
    Bench::new(Ladder::default(), |u| &mut u.clock).recording()
}

fn set(u: &mut Ladder, request: BusRequest) {
    u.request.next = request;
}

fn answer(u: &Ladder) -> u64 {
    u.bus_read.val().get()
}

fn get(b: &mut Bench<Ladder>, word: u32) -> u32 {
    read(b, set, answer, word).0
}

fn arm(b: &mut Bench<Ladder>, t: Thresholds) {
    for (reg, value) in [
        (ladder::UP, t.up),
        (ladder::DOWN, t.down),
        (ladder::BURST_UP, t.burst_up),
        (ladder::HOLD, t.hold_windows),
        (ladder::WINDOW, t.window_slots),
    ] {
        write(b, set, reg.word, value);
    }
}

/// `slots` slots of which the first ones carry the events.
fn pass(b: &mut Bench<Ladder>, slots: u32, corrected: u32, bad: u32) {
    for n in 0..slots {
        b.cycle(
            |u| {
                u.slot.next = true;
                u.corrected.next = n < corrected;
                u.bad.next = n < bad;
            },
            |_| {},
        );
    }
    b.cycle(
        |u| {
            u.slot.next = false;
            u.corrected.next = false;
            u.bad.next = false;
        },
        |_| {},
    );
}

#[test]
fn registers_hold_what_is_written_and_others_are_left_alone() {
    let mut b = bench();
    for reg in ladder::REGS {
        let want = if reg.name == "ladder_status" { 0 } else { reg.reset };
        assert_eq!(read(&mut b, set, answer, reg.word).0, want, "{}", reg.name);
    }
    assert_eq!(get(&mut b, 0x1000), 0);
    assert_eq!(read(&mut b, set, answer, ladder::WINDOW.word), (ladder::WINDOW.reset, READ_LATENCY));
    for (reg, bits) in
        [(ladder::WINDOW, 24), (ladder::UP, 16), (ladder::DOWN, 16), (ladder::BURST_UP, 16), (ladder::HOLD, 8)]
    {
        let value = 0xa5c3_96e1 & ((1u64 << bits) - 1) as u32;
        write(&mut b, set, reg.word, 0xa5c3_96e1);
        assert_eq!(get(&mut b, reg.word), value, "{}", reg.name);
    }
    let before: Vec<u32> = ladder::REGS.iter().map(|r| get(&mut b, r.word)).collect();
    let group = ladder::WINDOW.word..ladder::WINDOW.word + 8;
    for word in (0..0x40).chain((0x40..SPACE_WORDS).step_by(61)).filter(|w| !group.contains(w)) {
        write(&mut b, set, word, 0xffff_ffff);
        assert_eq!(get(&mut b, word), 0, "word {word:#x}");
    }
    assert_eq!(before, ladder::REGS.iter().map(|r| get(&mut b, r.word)).collect::<Vec<_>>());
}

#[test]
fn a_noisy_window_steps_up_a_fixed_time_after_its_last_slot() {
    let mut b = Bench::new(Ladder::default(), |u| &mut u.clock);
    b.uut.adaptive.next = true;
    arm(&mut b, Thresholds { window_slots: 16, up: 3, down: 0, burst_up: 0xffff, hold_windows: 1 });
    let mut b = b.recording();
    // the first window has one slot more
    for (slots, rung) in [(17, 1), (16, 2)] {
        for n in 1..slots {
            b.cycle(|u| (u.slot.next, u.corrected.next) = (true, n <= 3), |_| {});
        }
        assert_eq!(b.uut.rung.val().get(), rung - 1);
        b.cycle(|u| (u.slot.next, u.corrected.next) = (true, false), |_| {});
        b.uut.slot.next = false;
        assert_eq!(b.until(20, |u| u.rung.val().get() == rung).map(|n| n + 1), Ok(DECISION_LATENCY));
    }
    insta::assert_snapshot!(b.trace().ascii(&["slot", "corrected", "bad", "rung", "idle_request"]));
}

#[test]
fn the_rung_waits_for_the_end_of_the_frame_and_parity_does_not() {
    let mut b = bench();
    b.uut.rx_in_frame.next = true;
    b.uut.host_rung.next = W::new(2);
    b.uut.seen_request.next = W::new(3);
    b.run(20);
    assert_eq!((b.uut.rung.val().get(), b.uut.tx_parity.val()), (0, true));
    b.uut.rx_in_frame.next = false;
    b.run(2);
    assert_eq!(b.uut.rung.val().get(), 2);
}

#[test]
fn at_the_top_l3_is_asked_of_the_far_end() {
    let mut b = bench();
    b.uut.adaptive.next = true;
    arm(&mut b, Thresholds { window_slots: 20, up: 100, down: 0, burst_up: 2, hold_windows: 1 });
    pass(&mut b, 21, 0, 2);
    b.run(DECISION_LATENCY);
    assert_eq!((b.uut.rung.val().get(), b.uut.idle_request.val().get()), (3, 3));
    let status = get(&mut b, ladder::STATUS.word);
    assert_eq!((ladder::REASON.get(status), ladder::STEPS.get(status)), (2, 1));
}

fn agree(seed: u64) -> Bench<Ladder> {
    let (mut b, mut random) = (bench(), numbers(seed));
    let mut model = Model::default();
    let (mut adaptive, mut asked) = (false, false);
    for round in 0..120 {
        if round % 15 == 0 {
            let x = random();
            model.thresholds = Thresholds {
                window_slots: 8 + (x & 31) as u32,
                up: 1 + (x >> 8 & 7) as u32,
                down: (x >> 16 & 3) as u32,
                burst_up: 1 + (x >> 24 & 7) as u32,
                hold_windows: (x >> 32 & 3) as u32,
            };
            // a rung written together with `adaptive` is where the ladder starts
            let takes_host = !adaptive;
            adaptive = x >> 40 & 3 != 0;
            let host = x >> 44 & 3;
            b.uut.adaptive.next = adaptive;
            b.uut.host_rung.next = W::new(host);
            arm(&mut b, model.thresholds);
            model.restarted();
            if takes_host || !adaptive {
                model.host(host as u8);
            }
        }
        let x = random();
        let now = x >> 50 & 7 == 0;
        if now && !asked {
            model.asked();
        }
        asked = now;
        b.uut.seen_request.next = W::new(if asked { 3 } else { 0 });
        let slots = model.thresholds.window_slots + u32::from(round % 15 == 0);
        let (corrected, bad) = ((x & 15) as u32 % 9 * (x >> 20 & 1) as u32, (x >> 8 & 7) as u32 * (x >> 16 & 1) as u32);
        pass(&mut b, slots, corrected.min(slots), bad.min(slots));
        b.run(DECISION_LATENCY + 2);
        model.window(corrected.min(slots), bad.min(slots), adaptive);
        let status = get(&mut b, ladder::STATUS.word);
        let got = (ladder::RUNG.get(status), ladder::REASON.get(status), ladder::STEPS.get(status));
        assert_eq!(got, (u32::from(model.rung), model.reason as u32, u32::from(model.steps)), "round {round}");
        assert_eq!(get(&mut b, ladder::LAST_CORRECTED.word), corrected.min(slots));
        assert_eq!(get(&mut b, ladder::LAST_BAD.word), bad.min(slots));
    }
    b
}

agrees_with_the_model!(6, agree);

#[test]
fn verilog_replays_the_same_trace() {
    replays_and_validates(&agree(9), "ladder");
}

#[test]
fn counts_saturate() {
    let mut b = Bench::new(Ladder::default(), |u| &mut u.clock);
    arm(&mut b, Thresholds { window_slots: 70_000, up: 1, down: 0, burst_up: 1, hold_windows: 1 });
    pass(&mut b, 70_001, 70_001, 65_535);
    b.run(DECISION_LATENCY);
    assert_eq!((get(&mut b, ladder::LAST_CORRECTED.word), get(&mut b, ladder::LAST_BAD.word)), (65_535, 65_535));
}

#[test]
fn fits() {
    fits_its_budget(bench().uut.as_ref(), "ladder");
}
