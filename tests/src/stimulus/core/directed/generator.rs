//! The generator's limits, lengths, bursts and schedule, at every bit.

use super::{Step, all, frames, put, read, stop, twice, write};
use firstlight_spec::limits::SCHEDULE_ENTRIES;
use firstlight_spec::regs::generator;

/// Cycles of a frame of one word.
const SHORTEST: u64 = 3;

/// Limits of each bit and little more: short ones to their end.
pub fn limits(plan: &mut Vec<Step>) {
    for count in (0..32).flat_map(|bit| [1 << bit, 1 << bit | 1, 1 << bit | 2]) {
        plan.extend(frames(count, 1, 0));
        plan.push(Step::Pause(if count < 1 << 12 { SHORTEST * count + 40 } else { 60 }));
        plan.extend(twice([generator::LEFT.word, generator::STATUS.word].into_iter()));
        stop(plan, 10);
        plan.extend(twice([generator::LEFT.word].into_iter()));
    }
}

/// Frames of each length, from the random source and from memory.
pub fn lengths(plan: &mut Vec<Step>) {
    for bytes in (0..16).flat_map(|bit| [1 << bit, 1 << bit | 0x5555 >> (15 - bit)]) {
        plan.extend(frames(2, 1, 3));
        plan.extend([write(&generator::LENGTH, bytes), write(&generator::COMMAND, 1), Step::Pause(bytes / 4 + 60)]);
    }
    plan.push(write(&generator::CONTROL, 8 | generator::FROM_MEMORY.mask() as u64));
    plan.extend(frames(9, 70, 0));
    plan.push(Step::Pause(900));
}

/// Bursts of each number of frames, and gaps after them.
pub fn bursts(plan: &mut Vec<Step>) {
    for burst in (0..16).flat_map(|bit| [1 << bit | 1, 0xaaaa >> (15 - bit)]) {
        plan.extend(frames(0, 1, 0));
        plan.extend([write(&generator::BURST_FRAMES, burst), write(&generator::BURST_GAP, 30)]);
        plan.extend([write(&generator::COMMAND, 1), Step::Pause(SHORTEST * (burst + 20) + 100)]);
        stop(plan, 60);
    }
    for gap in (0..15).map(|bit| 1 << bit | 0x2aab >> (15 - bit)) {
        plan.extend(frames(0, 2, 1));
        plan.extend([write(&generator::BURST_FRAMES, 2), write(&generator::BURST_GAP, gap)]);
        plan.extend([write(&generator::COMMAND, 1), Step::Pause(gap + 60)]);
        stop(plan, 2 * gap + 40);
    }
}

/// Schedules of each number of entries, entries of each gap and length, halves that are filled in time and not.
pub fn schedules(plan: &mut Vec<Step>) {
    let entry = |place: u64, gap: u64, bytes: u64| put(generator::SCHEDULE.word + place as u32, gap << 16 | bytes);
    let entries = SCHEDULE_ENTRIES as u64;
    plan.extend((0..entries).map(|k| entry(k, 3 + k % 7, 8 + k % 24)));
    plan.push(write(&generator::CONTROL, 9));
    for count in (0..9).flat_map(|bit| [1 << bit, (1 << bit | 0x55 >> (8 - bit)).min(entries)]) {
        plan.push(write(&generator::SCHEDULE_COUNT, count));
        plan.extend(frames(count + 3, 1, 0));
        plan.push(Step::Pause(14 * (count + 4)));
    }
    plan.push(write(&generator::SCHEDULE_COUNT, 0));
    plan.extend(frames(0, 1, 0));
    for filled in [1, 2, 3, 0, 2, 1, 3] {
        plan.extend([write(&generator::SCHEDULE_FILLED, filled), Step::Pause(7 * entries)]);
        plan.extend(twice(all(generator::REGS)));
    }
    stop(plan, 100);
    for bit in 0..16 {
        plan.extend([entry(0, 1 << bit, 8), entry(1, 4, 1 << bit), write(&generator::SCHEDULE_COUNT, 2)]);
        plan.extend(frames(3, 1, 0));
        plan.extend([Step::Pause(2 * (1 << bit) + (1 << bit) / 8 + 80), read(generator::LEFT.word)]);
    }
}
