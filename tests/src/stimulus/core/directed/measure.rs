//! Latencies of every size, bins that fill, sums that carry, losses told one by one.

use super::{CLEAN, Line, Step, WAY_CYCLES, all, frames, region, snapshot, stop, twice, write};
use crate::stimulus::core::Transfer;
use crate::stimulus::core::session::COMMAND_CYCLES;
use firstlight_spec::limits::LATENCY_BINS;
use firstlight_spec::regs::{events, generator, laser, latency, link};

const CHECKED: [&str; 5] =
    ["payload_lost", "payload_repeated", "payload_wrong_frames", "payload_wrong_bad", "frames_good"];

fn clear(plan: &mut Vec<Step>) {
    plan.extend([write(&link::COMMAND, 1), Step::Pause(COMMAND_CYCLES)]);
}

/// Bins around this latency; of one below the base those that it fell into without a sign.
fn near(cycles: u64, base: u64) -> impl Iterator<Item = u32> + Clone {
    (0..9)
        .map(move |k| (cycles + k).wrapping_sub(base) & 0xfff)
        .filter(|bin| *bin < LATENCY_BINS as u64)
        .map(|bin| latency::BINS.word + bin as u32)
}

/// Lines of each length, first bins of each latency.
pub fn latencies(plan: &mut Vec<Step>) {
    for (delay, base) in (0..12).flat_map(|bit| {
        let delay = 1 << bit | 0x555 >> (11 - bit);
        [
            (1 << bit, 0),
            (delay, delay & !0x7f),
            (300, 1 << bit),
            (1 << bit, (1 << bit) - 1),
            (delay, 0xaaa),
            (1 << bit, 0xfff),
        ]
    }) {
        plan.extend([Step::Line(Line { delay, ..CLEAN }), write(&latency::BASE, base), Step::Pause(delay + 100)]);
        clear(plan);
        plan.extend(frames(3, 2, 5));
        plan.push(Step::Pause(delay + WAY_CYCLES));
        snapshot(plan, &[]);
        plan.extend(twice(all(latency::REGS)));
        plan.extend(near(delay, base).map(super::read));
        plan.extend((0..4).map(|k| super::read(latency::OUTLIERS.word + k)));
    }
}

/// Bins that fill to each bit and one more, read in odd and in even cycles.
pub fn bins(plan: &mut Vec<Step>) {
    plan.push(write(&latency::BASE, 0));
    clear(plan);
    // a fault that turns with every count is gone after every second one
    for count in (0..17).flat_map(|bit| [1 << bit, 1]) {
        plan.extend(frames(count, 1, 0));
        plan.push(Step::Pause(3 * count + WAY_CYCLES));
        plan.extend(twice(near(1, 0).chain((0..3).map(|k| latency::WAIT_BINS.word + k))));
        plan.extend([write(&link::COMMAND, 2), Step::Pause(12)]);
        plan.extend(twice(all(latency::REGS)));
    }
    plan.extend(twice(region(&latency::WAIT_BINS)));
}

/// Long latencies until the sum's upper parts count.
pub fn sums(plan: &mut Vec<Step>) {
    let delay = 4_000;
    plan.extend([Step::Line(Line { delay, ..CLEAN }), Step::Pause(2 * delay)]);
    clear(plan);
    // no more frames on their way than there are stamps
    for bit in 0..13 {
        plan.extend(frames(1 << bit | 1, 1, 67));
        plan.extend([Step::Pause(72 * (1 << bit) + delay + WAY_CYCLES), write(&link::COMMAND, 2), Step::Pause(12)]);
        plan.extend(twice(all(latency::REGS)));
    }
    snapshot(plan, &[]);
    plan.extend(twice(region(&events::SNAPSHOT)));
}

/// Frames go on into darkness of each length; meanwhile commands that clear, and reads that look like one.
pub fn losses(plan: &mut Vec<Step>) {
    let look = |word| Step::Transfer(Transfer { word, is_write: false, data: 0xffff_ffff, pause: 0 });
    plan.extend([write(&laser::MODE, 3), write(&laser::T_ON, 20), write(&laser::TIMEOUT, 1 << 20)]);
    for bit in 3..13 {
        for other in [look(link::COMMAND.word), look(generator::COMMAND.word), write(&link::COMMAND, 1)] {
            plan.extend(frames(0, 1, 8));
            plan.extend([Step::Pause(200), write(&link::COMMAND, 1), Step::Pause(COMMAND_CYCLES)]);
            plan.extend([Step::Line(Line { dark: 11 << bit, ..CLEAN }), Step::Pause((11 << bit) + 30)]);
            plan.extend([other, Step::Pause(1 << bit)]);
            snapshot(plan, &CHECKED);
            stop(plan, 50);
        }
    }
    for bit in 0..32 {
        plan.extend([look(link::COMMAND.word ^ bit), look(link::CONTROL.word)]);
    }
}
