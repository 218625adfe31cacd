//! The laser's times and hints, at every bit.

use super::{Step, all, frames, stop, twice, write};
use crate::stimulus::core::session::COMMAND_CYCLES;
use firstlight_spec::regs::{generator, laser, latency, link};

/// T_on, shortest times on and off, one long at a time, between frames whose gaps are a little longer and shorter.
pub fn times(plan: &mut Vec<Step>) {
    let regs = [&laser::T_ON, &laser::MIN_ON, &laser::MIN_OFF];
    for (k, reg) in regs.into_iter().enumerate() {
        for time in (0..12).flat_map(|bit| [1 << bit, 1 << bit | 0x555 >> (11 - bit)]) {
            plan.extend(regs.map(|reg| write(reg, 3)));
            plan.extend([write(reg, time), write(&laser::TIMEOUT, 5), write(&laser::MODE, 1 + 2 * (k as u64 % 2))]);
            for gap in [time + 30, time / 2 + 9] {
                plan.extend(frames(2, 12, gap));
                plan.push(Step::Pause(2 * (gap + time) + 100));
            }
            // who is held waits so long
            plan.extend(twice([latency::WAIT_MIN.word, latency::WAIT_MAX.word].into_iter()));
        }
        plan.extend(twice(all(laser::REGS)));
    }
}

/// Waits that are hardly shorter than the last one, by a bit of each place, and hardly longer.
pub fn waits(plan: &mut Vec<Step>) {
    plan.extend([write(&laser::MODE, 1), write(&laser::MIN_ON, 2), write(&laser::MIN_OFF, 2)]);
    for bit in 2..12 {
        for low in [0, 0x555 >> (11 - bit), 0x2aa >> (11 - bit), (1 << (bit - 1)) - 2] {
            let wait = 1 << bit | low;
            plan.extend([write(&link::COMMAND, 1), Step::Pause(COMMAND_CYCLES)]);
            for t_on in [wait + 1, wait, wait + 2] {
                plan.push(write(&laser::T_ON, t_on));
                plan.extend(frames(1, 2, 0));
                plan.push(Step::Pause(wait + 60));
                plan.extend(twice([latency::WAIT_MIN.word, latency::WAIT_MAX.word].into_iter()));
            }
        }
    }
}

/// Bursts announced by the generator and by the host, as far ahead as can be said.
pub fn hints(plan: &mut Vec<Step>) {
    plan.extend([write(&laser::MODE, 2), write(&laser::T_ON, 30), write(&laser::MIN_ON, 2), write(&laser::MIN_OFF, 4)]);
    plan.push(write(&generator::CONTROL, 8 | generator::HINTS.mask() as u64));
    for slots in (2..16).flat_map(|bit| [1 << bit, 1 << bit | 0x5555 >> (15 - bit)]) {
        plan.push(write(&generator::NOTICE, slots));
        plan.extend(frames(2, 4, slots + 70));
        plan.push(Step::Pause(slots + 200));
        // the host's, which the first frame meets or comes before
        plan.extend([write(&laser::HINT, slots), Step::Pause(slots / 2), write(&laser::HINT, slots / 2)]);
        plan.push(Step::Pause(slots / 2 + slots % 3));
        plan.extend(frames(1, 4, 0));
        plan.push(Step::Pause(120));
        plan.extend(twice([link::IDLE_SEEN.word].into_iter()));
    }
    // turned on as far ahead as t_on can be
    for t_on in (0..12).map(|bit| 1 << bit | 0x2aa >> (11 - bit)) {
        plan.extend([write(&laser::T_ON, t_on), write(&laser::HINT, 5_000), Step::Pause(5_000)]);
        plan.extend(frames(1, 4, 0));
        plan.push(Step::Pause(t_on + 60));
    }
    stop(plan, 100);
}
