//! Boards with clocks of their own talk over lanes.

use crate::support::numbers;
use firstlight_hdl::phy::cell::WORDS;
use firstlight_hdl::phy::lane_phy::{DARK_SLOTS, JUMPER_CYCLES, MAX_CYCLES, MIN_CYCLES};
use firstlight_sim::lane_pair::{LaneBoards, Received, Wiring};
use firstlight_spec::budget::CYCLE_PS;
use firstlight_spec::control::IDLE;
use firstlight_spec::slot::{Slot, slot_type};
use std::collections::VecDeque;

const SLOT_PS: u64 = CYCLE_PS * WORDS as u64;
const IDLE_SLOT: Slot = Slot::new(IDLE as u64, slot_type::CONTROL);

/// Sends frames of data slots with IDLEs between them, and checks what arrives against it.
struct Traffic {
    random: Box<dyn FnMut() -> u64>,
    left: u64,
    gap: u64,
    /// Data slots on their way, with the time at which the link showed them.
    sent: VecDeque<(Slot, u64)>,
    received: u64,
    wrong: u64,
    latency_ps: (u64, u64),
    doubled: u64,
    dropped: u64,
    emptied: u64,
    is_up: bool,
}

impl Traffic {
    fn new(seed: u64) -> Self {
        Traffic {
            random: Box::new(numbers(seed)),
            left: 0,
            gap: 40,
            sent: VecDeque::new(),
            received: 0,
            wrong: 0,
            latency_ps: (u64::MAX, 0),
            doubled: 0,
            dropped: 0,
            emptied: 0,
            is_up: false,
        }
    }

    /// `longest` slots a frame; nothing is sent before slots come in.
    fn send(&mut self, now: u64, longest: u64) -> Slot {
        if self.gap > 0 || !self.is_up {
            self.gap = self.gap.saturating_sub(1);
            if self.gap == 0 {
                self.left = 1 + (self.random)() % longest;
            }
            return IDLE_SLOT;
        }
        self.left -= 1;
        if self.left == 0 {
            self.gap = 1 + (self.random)() % 4;
        }
        let slot = Slot::new((self.random)(), slot_type::MORE);
        self.sent.push_back((slot, now));
        slot
    }

    fn take(&mut self, now: u64, got: Received) {
        self.doubled += got.doubled as u64;
        self.dropped += got.dropped as u64;
        self.emptied += got.emptied as u64;
        if !got.light || got.slot == IDLE_SLOT {
            return;
        }
        match self.sent.pop_front() {
            Some((slot, at)) if slot == got.slot => {
                self.received += 1;
                let latency = now - at;
                self.latency_ps = (self.latency_ps.0.min(latency), self.latency_ps.1.max(latency));
            }
            _ => self.wrong += 1,
        }
    }
}

/// Each board sends to the next; returns what arrived at each.
fn talk(wiring: &[Wiring], slots: u64, longest: u64) -> Vec<Traffic> {
    let mut boards = LaneBoards::new(wiring);
    let mut traffic: Vec<Traffic> = (0..wiring.len()).map(|i| Traffic::new(i as u64 + 1)).collect();
    let to: Vec<usize> = wiring.iter().map(|w| w.to).collect();
    let from = |i: usize| to.iter().position(|t| *t == i).expect("every board hears one");
    let mut up = vec![false; wiring.len()];
    let mut settled = 0;
    boards.run(slots, |i, now, got| {
        up[i] |= got.light;
        traffic[from(i)].take(now, got);
        settled += u64::from(up.iter().all(|u| *u));
        traffic[i].is_up = settled > 100;
        traffic[i].send(now, longest)
    });
    traffic
}

fn report(name: &str, traffic: &[Traffic]) {
    for t in traffic {
        eprintln!(
            "{name}: {} data slots, latency {:.2} to {:.2} slots ({} to {} ps), doubled {}, dropped {}",
            t.received,
            t.latency_ps.0 as f64 / SLOT_PS as f64,
            t.latency_ps.1 as f64 / SLOT_PS as f64,
            t.latency_ps.0,
            t.latency_ps.1,
            t.doubled,
            t.dropped
        );
    }
}

#[test]
fn one_board_hears_itself_through_jumpers_and_never_slips() {
    for cable_ps in [300, 2_000, 5_000, 9_100] {
        let traffic = talk(&[Wiring { ppm: 0, to: 0, cable_ps }], 4_000, 60);
        report("jumpers", &traffic);
        let t = &traffic[0];
        assert!(t.received > 3_000 && t.wrong == 0 && t.emptied == 0);
        assert_eq!((t.doubled, t.dropped), (0, 0), "one clock, no slips");
        assert_eq!(t.latency_ps, (JUMPER_CYCLES * CYCLE_PS, JUMPER_CYCLES * CYCLE_PS));
    }
}

#[test]
fn two_boards_400_ppm_apart_lose_no_slot() {
    const CABLE_PS: u64 = 1_500;
    let wiring = [Wiring { ppm: 200, to: 1, cable_ps: CABLE_PS }, Wiring { ppm: -200, to: 0, cable_ps: CABLE_PS }];
    let traffic = talk(&wiring, 40_000, 1_200);
    report("two boards", &traffic);
    for t in &traffic {
        assert!(t.received > 30_000 && t.wrong == 0 && t.emptied == 0, "{} {} {}", t.received, t.wrong, t.emptied);
    }
    let least = traffic.iter().map(|t| t.latency_ps.0).min().expect("two boards") - CABLE_PS;
    let most = traffic.iter().map(|t| t.latency_ps.1).max().expect("two boards") - CABLE_PS;
    // the crossing takes the far edge in this cycle or in the next
    assert!(least.abs_diff(MIN_CYCLES * CYCLE_PS) <= CYCLE_PS, "{least} ps");
    assert!(most.abs_diff(MAX_CYCLES * CYCLE_PS) <= CYCLE_PS, "{most} ps");
    assert!(traffic[0].dropped >= 10 && traffic[0].doubled == 0, "the slow board drops IDLEs");
    assert!(traffic[1].doubled >= 10 && traffic[1].dropped == 0, "the fast board doubles them");
}

#[test]
fn a_cut_cable_goes_dark_and_comes_back_by_itself() {
    let mut boards = LaneBoards::new(&[Wiring { ppm: 0, to: 0, cable_ps: 2_000 }]);
    let slot = Slot::new(0x0123_4567_89ab_cdef, slot_type::MORE);
    // slots until light, and what was seen from then on
    let light = |boards: &mut LaneBoards, wanted: bool| {
        let (mut after, mut seen, mut shown) = (None, 0, Slot::default());
        boards.run(400, |_, _, got| {
            seen += 1;
            if got.light == wanted && after.is_none() {
                after = Some(seen);
            }
            shown = got.slot;
            slot
        });
        (after.expect("the light changes"), shown)
    };
    let (up, shown) = light(&mut boards, true);
    assert!(up <= 100 && shown == slot, "up after {up} slots");
    boards.cut(0);
    let (down, shown) = light(&mut boards, false);
    assert!(down <= 10 && shown == Slot::default(), "dark after {down} slots");
    boards.mend(0);
    let (up, shown) = light(&mut boards, true);
    assert!(up <= 100 && shown == slot, "up again after {up} slots");
    eprintln!("dark after {down} slots, light after {up}");
}

#[test]
fn a_stopped_clock_goes_dark_at_the_far_board_and_loses_no_slot() {
    let wiring = [Wiring { ppm: 200, to: 1, cable_ps: 1_500 }, Wiring { ppm: -200, to: 0, cable_ps: 1_500 }];
    let mut boards = LaneBoards::new(&wiring);
    // board 1 counts up from the moment board 0 sees light, an IDLE between any two numbers
    let (mut sent, mut heard, mut is_up, mut is_data) = (0, 0, false, false);
    let mut run = |boards: &mut LaneBoards, slots: u64| {
        let mut seen = vec![];
        boards.run(slots, |board, _, got| {
            if board == 0 {
                is_up |= got.light;
                seen.push(got.light);
                if got.light && got.slot.kind == slot_type::MORE {
                    heard += 1;
                    assert_eq!(got.slot, Slot::new(heard, slot_type::MORE), "each once, in order");
                } else {
                    // the buffer that has just run empty shows it as a slot of zeros
                    assert!(got.slot == Slot::default() || got.light && got.slot == IDLE_SLOT, "{got:?}");
                }
                return IDLE_SLOT;
            }
            is_data = is_up && !is_data;
            sent += u64::from(is_data);
            if is_data { Slot::new(sent, slot_type::MORE) } else { IDLE_SLOT }
        });
        (seen, heard)
    };
    let (seen, before) = run(&mut boards, 300);
    assert!(seen.last() == Some(&true) && before > 80, "{before} slots");
    for _ in 0..3 {
        boards.stop_clock(1);
        let (seen, stopped) = run(&mut boards, 100);
        let dark = seen.iter().position(|light| !light).expect("dark") as u64;
        assert!(dark <= DARK_SLOTS && seen[dark as usize..].iter().all(|light| !light), "dark after {dark} slots");
        boards.start_clock(1);
        let (seen, again) = run(&mut boards, 100);
        let light = seen.iter().position(|light| *light).expect("light") as u64;
        assert!(light <= DARK_SLOTS && seen[light as usize..].iter().all(|light| *light), "light after {light} slots");
        assert!(again >= stopped + 40, "{again} slots");
    }
}
