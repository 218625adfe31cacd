//! Gaps of every length: the generator's and the laser's timers meet; in the longest, what needs no frames.

use super::{Step, all, frames, mask, read, snapshot, twice, write};
use firstlight_spec::regs::{generator, injector, ladder, laser, link};

/// Bits of gaps that are waited for with nothing else to do.
const QUIET_BITS: u64 = 20;

fn gap(plan: &mut Vec<Step>, cycles: u64) {
    plan.extend(frames(2, 3, cycles));
    plan.push(Step::Pause(40));
}

/// Rates whose upper half decides by its last bit once in 65,536 draws.
fn draws(plan: &mut Vec<Step>, cycles: u64) {
    for rate in [0x5555_0000, 0x2aaa_8000] {
        plan.extend([write(&injector::RATE, rate), write(&injector::CONTROL, 1), Step::Pause(cycles)]);
        plan.push(write(&injector::CONTROL, 0));
        snapshot(plan, &["injected"]);
    }
    plan.push(Step::Pause(200));
}

/// Counts of a window until they are full.
fn counts(plan: &mut Vec<Step>) {
    for (wrong, slots, window) in [(1, 2, 140_000), (3, 6, 420_000), (1, 2, 1 << 18 | 0x1_5555)] {
        plan.push(write(&injector::CONTROL, 0));
        plan.extend(mask(wrong));
        plan.extend([write(&injector::SLOT, slots), write(&injector::CONTROL, 3), Step::Pause(200)]);
        plan.extend([write(&ladder::WINDOW, window), Step::Pause(window + 60)]);
        plan.extend(twice(all(ladder::REGS)));
    }
    plan.push(write(&injector::CONTROL, 0));
}

pub fn gaps(plan: &mut Vec<Step>) {
    plan.extend([write(&laser::MODE, 3), write(&laser::T_ON, 20), write(&laser::MIN_ON, 2), write(&laser::MIN_OFF, 2)]);
    for bit in 2..=QUIET_BITS {
        let cycles = 1 << bit | (0xa_aaaa >> (20 - bit) & 0x3_ffff);
        plan.push(write(&laser::TIMEOUT, 1 << bit));
        gap(plan, cycles);
        plan.push(Step::Pause(cycles + 100));
    }
    plan.push(write(&laser::TIMEOUT, 1 << 21));
    gap(plan, 1 << 21 | 0x1234);
    draws(plan, 1_000_000);
    plan.extend([Step::Pause(90_000), write(&laser::TIMEOUT, 1 << 22)]);
    gap(plan, 1 << 22 | 0x1888);
    counts(plan);
    draws(plan, 1_200_000);
    // an exact slot far away
    plan.extend([write(&link::CONTROL, 2), write(&injector::SLOT, 1 << 19 | 0x5_5555), write(&injector::CONTROL, 2)]);
    plan.extend([Step::Pause(885_000), read(generator::STATUS.word)]);
    // who forgets the highest bit of these is there at once
    plan.push(write(&laser::TIMEOUT, 1 << 23));
    gap(plan, 1 << 23 | 0x99);
    plan.push(Step::Pause(2_000));
}
