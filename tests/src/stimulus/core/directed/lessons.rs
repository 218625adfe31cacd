//! Lessons for the laser's predictor: gaps and bursts of every size, the same again and again, or never the same.

use super::{Random, Step, put, read, stop, write};
use firstlight_spec::limits::SCHEDULE_ENTRIES;
use firstlight_spec::regs::{generator, laser};

const T_ON: u64 = 9;
/// Slots that a frame has beside its words, and what a hold may add.
const OVERHEAD: u64 = 3 + T_ON;

/// Plays gaps and bursts (cycles, words) so often.
fn play(plan: &mut Vec<Step>, entries: &[(u64, u64)], times: u64) {
    plan.extend([write(&laser::MODE, 0), Step::Pause(60)]);
    for (k, (gap, words)) in entries.iter().enumerate() {
        plan.push(put(generator::SCHEDULE.word + k as u32, (gap << 16) | (8 * words)));
    }
    let cycles: u64 = entries.iter().map(|(gap, words)| gap + words + OVERHEAD).sum();
    plan.extend([
        write(&laser::MODE, 4),
        write(&generator::SCHEDULE_COUNT, entries.len() as u64),
        write(&generator::CONTROL, 9),
        write(&generator::FRAMES, times * entries.len() as u64),
        write(&generator::BURST_FRAMES, 0),
        write(&generator::COMMAND, 1),
        Step::Pause(times * cycles),
        read(laser::STATUS.word),
    ]);
    let longest = entries.iter().map(|(gap, words)| gap + words).max().unwrap_or(0);
    stop(plan, longest + 100);
}

pub fn lessons(plan: &mut Vec<Step>) {
    plan.extend([
        write(&laser::T_ON, T_ON),
        write(&laser::MIN_ON, 2),
        write(&laser::MIN_OFF, 2),
        write(&laser::TIMEOUT, 1 << 20),
    ]);
    // short gaps want all credit
    play(plan, &[(90, 24)], 250);
    for octave in 5..16 {
        let times = if octave < 12 { 16 } else { 8 };
        for gap in [5 << (octave - 2), 7 << (octave - 2)] {
            play(plan, &[(gap + T_ON, 20 + octave)], times);
        }
    }
    // bursts tell the gap that follows
    for octave in 4..13 {
        play(plan, &[(80, 5 << (octave - 2)), (400, 7 << (octave - 2))], 12);
    }
    play(plan, &[(60, 20), (200, 40), (900, 80), (3_000, 20), (120, 160)], 40);
    // never the same: the lowest one is kept, and rises once in 511
    let mut random = Random::new(1);
    for (base, bursts, times) in [(50, 1, 16), (50, 24, 8), (110, 1, 4), (110, 24, 4), (500, 24, 3), (2_000, 24, 1)] {
        let mut entry = |_| (base + random.below(base / 4), 20 + random.below(bursts));
        let entries: Vec<_> = (0..SCHEDULE_ENTRIES).map(&mut entry).collect();
        play(plan, &entries, times);
    }
}
