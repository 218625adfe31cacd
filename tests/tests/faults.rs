//! Faults at every cycle of a frame: the link recovers without help, no bad frame comes as good, none is counted twice.

use firstlight_spec::regs::events::bit;
use firstlight_spec::slot::{SLOT_BITS, Slot};
use firstlight_tests::pair::{Outside, Pair};
use firstlight_tests::stimulus::Random;

/// From the end of a fault until both directions have delivered a frame that was begun after it: a cold lock, the frame
/// under way, a frame of the far end that says so.
const RECOVERY_SLOTS: u64 = 200;
/// Undisturbed cycles after that, in which every frame must arrive.
const CLEAN_CYCLES: u64 = 60;
/// Cycles from a frame's first word in which the fault begins.
const STARTS: u64 = 20;
/// A frame under way, its verdict and its count.
const DRAIN_CYCLES: u64 = 40;
/// The boards start and lock.
const START_CYCLES: u64 = 300;

/// A fault: so many cycles, and what it does to the boards in each.
struct Fault {
    name: &'static str,
    cycles: u64,
    outside: fn(&Pair, &mut Random, u64) -> [Outside; 2],
    /// Boards and the events that must count it there, whenever it begins.
    tells: &'static [(usize, &'static str)],
    /// Every frame of before and meanwhile arrives.
    harmless: bool,
}

const NONE: Outside = Outside { reset: false, off: false, stopped: false, slot: None, dark: false };

const DARK: Outside = Outside { dark: true, slot: Some(Slot { data: 0, kind: 0, check: 0 }), ..NONE };
const OFF: Outside = Outside { off: true, ..DARK };

/// Events of which at least one counts every fault that costs frames, on one of the boards.
const TELLING: [&str; 8] = [
    "frames_bad_own",
    "null_closed",
    "starts_dropped",
    "ignored_words",
    "orphans",
    "misplaced",
    "lock_losses",
    "silence",
];

/// What arrives at board 1 instead.
fn at_1(pair: &Pair, change: impl FnOnce(u128) -> u128) -> [Outside; 2] {
    let line = change(pair.arriving(1).to_line()) & ((1 << SLOT_BITS) - 1);
    [NONE, Outside { slot: Some(Slot::from_line(line)), ..NONE }]
}

fn lane(residue: u32) -> u128 {
    (0..SLOT_BITS as u32).filter(|p| p % 4 == residue).fold(0, |mask, p| mask | 1 << p)
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "board 0 reset",
        cycles: 1,
        outside: |_, _, _| [Outside { reset: true, ..NONE }, NONE],
        tells: &[(0, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "board 1 reset",
        cycles: 1,
        outside: |_, _, _| [NONE, Outside { reset: true, ..NONE }],
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "board 0 restarted, then board 1",
        cycles: 40,
        outside: |_, _, n| [Outside { reset: n < 20, ..NONE }, Outside { reset: n >= 10, ..NONE }],
        tells: &[(0, "lock_losses"), (1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "board 1 restarted, then board 0",
        cycles: 40,
        outside: |_, _, n| [Outside { reset: n >= 10, ..NONE }, Outside { reset: n < 20, ..NONE }],
        tells: &[(0, "lock_losses"), (1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "both boards reset at once",
        cycles: 1,
        outside: |_, _, _| [Outside { reset: true, ..NONE }; 2],
        tells: &[(0, "lock_losses"), (1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "board 0 without power for 30 cycles, then board 1",
        cycles: 60,
        outside: |_, _, n| [if n < 30 { OFF } else { DARK }, if n < 30 { DARK } else { OFF }],
        tells: &[(1, "silence")],
        harmless: false,
    },
    Fault {
        name: "board 1 without power for 30 cycles, then board 0",
        cycles: 60,
        outside: |_, _, n| [if n < 30 { DARK } else { OFF }, if n < 30 { OFF } else { DARK }],
        tells: &[(0, "silence")],
        harmless: false,
    },
    Fault {
        name: "laser lost for a slot",
        cycles: 1,
        outside: |_, _, _| [NONE, Outside { dark: true, ..NONE }],
        tells: &[(1, "silence")],
        harmless: false,
    },
    Fault {
        name: "laser lost for 100 slots",
        cycles: 100,
        outside: |_, _, _| [NONE, DARK],
        tells: &[(1, "silence")],
        harmless: false,
    },
    Fault {
        name: "line cut, noise on it",
        cycles: 60,
        outside: |pair, random, _| at_1(pair, |_| (random.bits() as u128) << 64 | random.bits() as u128),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "one line position stuck at 0",
        cycles: 150,
        outside: |pair, _, _| at_1(pair, |line| line & !(1 << 33)),
        tells: &[(1, "corrected")],
        harmless: true,
    },
    Fault {
        name: "one line position stuck at 1",
        cycles: 150,
        outside: |pair, _, _| at_1(pair, |line| line | 1 << 70),
        tells: &[(1, "corrected")],
        harmless: true,
    },
    Fault {
        name: "a quarter of the line stuck at 0",
        cycles: 60,
        outside: |pair, _, _| at_1(pair, |line| line & !lane(1)),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "a quarter of the line stuck at 1",
        cycles: 60,
        outside: |pair, _, _| at_1(pair, |line| line | lane(2)),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "the line stuck at 0",
        cycles: 60,
        outside: |pair, _, _| at_1(pair, |_| 0),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "the line stuck at 1",
        cycles: 60,
        outside: |pair, _, _| at_1(pair, |_| !0),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "slots slipped by a bit",
        cycles: 60,
        outside: |pair, _, _| at_1(pair, |line| line << 1 | line >> (SLOT_BITS - 1)),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "slots slipped by half a slot",
        cycles: 60,
        outside: |pair, _, _| at_1(pair, |line| line << (SLOT_BITS / 2) | line >> (SLOT_BITS / 2)),
        tells: &[(1, "lock_losses")],
        harmless: false,
    },
    Fault {
        name: "the clock of board 1 stops for 3 cycles",
        cycles: 3,
        outside: |_, _, _| [NONE, Outside { stopped: true, ..NONE }],
        tells: &[],
        harmless: false,
    },
    Fault {
        name: "the clock of board 1 stops for 100 cycles",
        cycles: 100,
        outside: |_, _, _| [NONE, Outside { stopped: true, ..NONE }],
        tells: &[],
        harmless: false,
    },
];

/// Slots until both directions delivered a frame begun after `since`.
fn recover(pair: &mut Pair, since: u64) -> Result<u64, String> {
    for slots in 0..RECOVERY_SLOTS {
        let delivered = |to: usize| {
            let sent = &pair.sides[1 - to].begun;
            pair.sides[to].good.iter().next_back().is_some_and(|frame| sent[frame] >= since)
        };
        if delivered(0) && delivered(1) {
            return Ok(slots);
        }
        pair.run(1)?;
    }
    let locked = pair.sides.each_ref().map(|s| s.is_locked);
    Err(format!("not recovered within {RECOVERY_SLOTS} slots; locked: {locked:?}"))
}

/// The fault at `start` cycles into a frame of board 0; slots until recovery.
fn strike(pair: &mut Pair, fault: &Fault, start: u64, random: &mut Random) -> Result<u64, String> {
    let mut waited = 0;
    while pair.sides[0].in_frame && waited < 100 {
        pair.run(1)?;
        waited += 1;
    }
    while !pair.sides[0].in_frame && waited < 200 {
        pair.run(1)?;
        waited += 1;
    }
    pair.run(start)?;
    let before = pair.sides.each_ref().map(|s| s.events);
    let (lost, bad) = (undelivered(pair), pair.sides[1].bad);
    for n in 0..fault.cycles {
        let outside = (fault.outside)(pair, random, n);
        pair.cycle(outside)?;
    }
    let slots = recover(pair, pair.cycle)?;
    let bads = pair.sides.each_ref().map(|s| s.bad);
    pair.run(CLEAN_CYCLES)?;
    if pair.sides.each_ref().map(|s| s.bad) != bads {
        return Err("a frame was bad after recovery".into());
    }
    if fault.harmless && (undelivered(pair) > lost + 2 || pair.sides[1].bad != bad) {
        return Err("a correctable fault cost a frame".into());
    }
    for (board, event) in fault.tells {
        if pair.sides[*board].count(event) == before[*board][bit(event)] {
            return Err(format!("the counter {event} of board {board} does not tell"));
        }
    }
    Ok(slots)
}

/// Frames of board 0 that did not arrive as good (yet).
fn undelivered(pair: &Pair) -> u64 {
    (pair.sides[0].begun.len() - pair.sides[1].good.len()) as u64
}

#[test]
fn the_link_recovers_from_a_fault_at_every_cycle_of_a_frame() {
    let mut failures = vec![];
    for fault in FAULTS {
        let mut pair = Pair::default();
        let mut random = Random::new(7);
        pair.run(START_CYCLES).unwrap_or_else(|e| panic!("{e}"));
        let mut slowest = 0;
        for start in 0..STARTS {
            match strike(&mut pair, fault, start, &mut random) {
                Ok(slots) => slowest = slowest.max(slots),
                Err(e) => {
                    failures.push(format!("{}, {start} cycles into a frame: {e}", fault.name));
                    break;
                }
            }
        }
        let told: u64 = TELLING.iter().map(|event| pair.sides.iter().map(|s| s.count(event)).sum::<u64>()).sum();
        assert!(fault.harmless || told >= STARTS / 2, "{}: {told} events tell of {STARTS} faults", fault.name);
        // everything comes out
        pair.sides.iter_mut().for_each(|side| side.talks = false);
        pair.run(DRAIN_CYCLES).unwrap_or_else(|e| panic!("{}: {e}", fault.name));
        for (k, side) in pair.sides.iter().enumerate() {
            let counted = side.count("frames_good") + side.count("frames_bad_own") + side.count("frames_bad_foreign");
            let once = |counted: u64, of: u64| counted <= of && of - counted <= side.power_losses;
            assert!(once(counted, side.verdicts), "{}, board {k}: every verdict is counted once", fault.name);
            assert!(once(side.count("frames_good"), side.verdicts - side.bad), "{}, board {k}", fault.name);
        }
        println!("{}: recovered within {slowest} slots at every of {STARTS} cycles of a frame", fault.name);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn undisturbed_boards_lose_nothing() {
    let mut pair = Pair::default();
    pair.run(4_000).unwrap_or_else(|e| panic!("{e}"));
    assert!(pair.sides.iter().all(|s| s.bad == 0 && s.good.len() > 300), "{}", pair.sides[0].good.len());
    // at most the frames under way
    assert!(undelivered(&pair) <= 3, "{}", undelivered(&pair));
}
