//! The ladder's thresholds and windows: each bit decides once.

use super::{Step, all, mask, twice, write};
use firstlight_spec::regs::{injector, ladder, link};

/// Thresholds that are never reached.
const NEVER: u64 = 0xffff;

/// What the controller decides by.
#[derive(Clone, Copy)]
struct Bounds {
    up: u64,
    down: u64,
    burst_up: u64,
    hold: u64,
    window: u64,
}

const STILL: Bounds = Bounds { up: NEVER, down: 0, burst_up: NEVER, hold: 1, window: 64 };

/// The rung, then a window: the line's IDLEs tell whether L3 is asked for.
fn decide(plan: &mut Vec<Step>, rung: u64, b: Bounds, cycles: u64) {
    plan.extend([
        write(&link::CONTROL, rung),
        write(&ladder::UP, b.up),
        write(&ladder::DOWN, b.down),
        write(&ladder::BURST_UP, b.burst_up),
        write(&ladder::HOLD, b.hold),
        write(&ladder::WINDOW, b.window),
        write(&link::CONTROL, 8 | rung),
        Step::Pause(cycles),
    ]);
}

/// Inverts these bits once in so many slots, all the time.
fn steady(plan: &mut Vec<Step>, wrong: u128, slots: u64) {
    plan.push(write(&injector::CONTROL, 0));
    plan.extend(mask(wrong));
    plan.extend([write(&injector::SLOT, slots), write(&injector::CONTROL, 3), Step::Pause(100)]);
}

/// Counts one beside the threshold, and thresholds with one bit too many, for corrected and for bad words.
pub fn thresholds(plan: &mut Vec<Step>) {
    let pairs = || (1..16).flat_map(|high| (0..high).map(move |low| 1 << high | 1 << low));
    let uses = [(1, 2, 2), (1, 2, 3), (3, 8, 2)];
    for (wrong, slots, rung) in uses {
        let bounds = |bound: u64, window: u64| match (wrong, rung) {
            (1, 2) => Bounds { up: bound, window, ..STILL },
            (1, _) => Bounds { down: bound, window, ..STILL },
            _ => Bounds { burst_up: bound, window, ..STILL },
        };
        steady(plan, wrong, slots);
        let window = 12 * slots;
        for bound in (8..18).chain(pairs().filter(|b| *b > 16)) {
            decide(plan, rung, bounds(bound, window), window + 30);
        }
        // counts of every size, reached in time and not
        for bit in 3..16 - slots.ilog2() {
            for bound in [1 << bit, (1 << bit) - 1, 0x5555 >> (15 - bit)] {
                decide(plan, rung, bounds(bound, (bound + 2) * slots), (bound + 2) * slots + 30);
                decide(plan, rung, bounds(bound, (bound - 2) * slots), (bound - 2) * slots + 30);
            }
            plan.extend(twice(all(ladder::REGS)));
        }
    }
    plan.push(write(&injector::CONTROL, 0));
}

/// Windows in a row without errors, of every number; windows of every length; steps.
pub fn windows(plan: &mut Vec<Step>) {
    for hold in (0..8).flat_map(|bit| [1 << bit, 1 << bit | 1, 1 << bit | 0x55 >> (7 - bit)]) {
        decide(plan, 3, Bounds { down: 1, hold, window: 16, ..STILL }, 17 * (hold + 3));
    }
    steady(plan, 1, 2);
    for window in (4..24).flat_map(|bit| [1 << bit, 1 << bit | 8, 1 << bit | 0x2a_aaaa >> (23 - bit)]) {
        let cycles = if window < 1 << 14 { 2 * window + 20 } else { 200 };
        decide(plan, 2, Bounds { up: 1, window, ..STILL }, cycles);
        plan.extend(twice([ladder::STATUS.word, ladder::LAST_CORRECTED.word].into_iter()));
    }
    plan.extend([write(&injector::CONTROL, 0), write(&link::CONTROL, 2)]);
    for step in 0..2_100 {
        plan.push(write(&link::CONTROL, step % 2));
        if step % 64 < 2 {
            plan.extend(twice([ladder::STATUS.word].into_iter()));
        }
    }
}
