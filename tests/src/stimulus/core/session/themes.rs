//! What single parts of the core need to show themselves: masks, windows, silence, the laser's times, lessons.

use super::{COMMAND_CYCLES, Line, Random, Step, read, schedule, write};
use firstlight_spec::limits::SCHEDULE_ENTRIES;
use firstlight_spec::regs::{events, generator, injector, ladder, laser, link};

/// Frames that never end, of `words` words, `gap` cycles apart.
fn frames(words: u64, gap: u64) -> [Step; 6] {
    [
        write(&generator::CONTROL, 8),
        write(&generator::FRAMES, 0),
        write(&generator::LENGTH, 8 * words),
        write(&generator::GAP, gap),
        write(&generator::BURST_FRAMES, 0),
        write(&generator::COMMAND, 1),
    ]
}

/// Inverts these bits of a slot once in so many.
fn masked(mask: u128, slots: u64) -> [Step; 6] {
    [
        // not the new mask at the old distance
        write(&injector::CONTROL, 0),
        write(&injector::MASK_HIGH, (mask >> 64) as u64 & 0xfff),
        write(&injector::MASK_DATA_HIGH, (mask >> 32) as u64 & 0xffff_ffff),
        write(&injector::MASK_DATA_LOW, mask as u64 & 0xffff_ffff),
        write(&injector::SLOT, slots),
        write(&injector::CONTROL, 3),
    ]
}

/// The random source runs, stands still and runs on; masks of any bits; then a bad word in every frame for a while.
pub fn noise(random: &mut Random, plan: &mut Vec<Step>) {
    plan.extend([write(&laser::MODE, 0), write(&link::CONTROL, 2), write(&link::SILENCE_SLOTS, 0)]);
    for _ in 0..3 {
        plan.extend([
            write(&injector::RATE, random.below(1 << 31) >> random.below(5)),
            write(&injector::CONTROL, 1),
            Step::Pause(1 + random.below(600)),
            write(&injector::CONTROL, 0),
            Step::Pause(1 + random.below(9)),
        ]);
    }
    for _ in 0..4 {
        let mask = (random.bits() as u128) << 64 | random.bits() as u128;
        plan.extend(masked(mask, 2 + random.below(30)));
        plan.push(Step::Pause(100));
        plan.extend(injector::REGS.iter().map(|reg| read(reg.word)));
    }
    // the mask once, after slots of every length: one that forgets a bit of it comes early
    for _ in 0..6 {
        plan.extend([
            write(&injector::SLOT, 1 << (8 + random.below(16)) | random.below(200)),
            write(&injector::CONTROL, 2 + random.below(2)),
            Step::Pause(300),
        ]);
    }
    plan.extend([write(&injector::CONTROL, 0), Step::Pause(400)]);
    let slots = 10 + random.below(8);
    plan.extend(frames(slots + 3, 0));
    plan.push(Step::Pause(100 + random.below(100)));
    // two bits: not to be corrected, and seldom enough for the lock; the checker counts 255 bad frames
    plan.extend(masked(1 << random.below(32) | 1 << (32 + random.below(32)), slots));
    let bad_frames = if random.one_in(3) { 400 } else { 50 + random.below(100) };
    plan.extend([Step::Pause((slots + 5) * bad_frames), write(&injector::CONTROL, 0)]);
    // while the others are reported as lost, commands that clear and some that do not
    for _ in 0..3 {
        plan.push(Step::Pause(random.below(60)));
        plan.push(if random.one_in(2) { read(link::COMMAND.word) } else { write(&link::COMMAND, 2) });
    }
    plan.extend(told_by_checker());
}

/// Short windows: errors step up, quiet ones down.
pub fn ladder(random: &mut Random, plan: &mut Vec<Step>) {
    let (window, hold) = (8 + random.below(12), 1 + random.below(40));
    plan.extend([
        write(&laser::MODE, 0),
        write(&ladder::WINDOW, window),
        write(&ladder::UP, 1 + random.below(4)),
        write(&ladder::DOWN, 1 + random.below(3)),
        write(&ladder::BURST_UP, if random.one_in(2) { 1 + random.below(2) } else { 0xffff }),
        write(&ladder::HOLD, hold),
        write(&injector::CONTROL, 0),
        write(&link::CONTROL, 8 | random.below(4)),
    ]);
    plan.extend(frames(1 + random.below(9), random.below(30)));
    for _ in 0..3 {
        let second = if random.one_in(3) { 1 << random.below(64) } else { 0 };
        plan.extend(masked(second | 1 << random.below(64), 9 + random.below(9)));
        plan.extend([Step::Pause(4 * window), write(&injector::CONTROL, 0)]);
        for _ in 0..4 {
            plan.push(Step::Pause(1 + random.below((window + 1) * (hold + 2))));
            plan.extend(ladder::REGS.iter().map(|reg| read(reg.word)));
        }
    }
    // at the bottom for long; moved up by hand it comes down in the next window
    plan.push(Step::Pause((window + 1) * (4 * hold + 9)));
    plan.extend([write(&link::CONTROL, 3), write(&link::CONTROL, 8 | 3)]);
    for _ in 0..3 {
        plan.extend([Step::Pause(window), read(ladder::STATUS.word)]);
    }
}

/// Counts of a window, and steps, beyond their lower halves.
pub fn counts(plan: &mut Vec<Step>) {
    // twice, in odd and in even cycles
    let told = || {
        let all = || ladder::REGS.iter().map(|reg| read(reg.word));
        all().chain([Step::Pause(1)]).chain(all())
    };
    plan.extend([write(&laser::MODE, 0), write(&link::CONTROL, 2), write(&link::SILENCE_SLOTS, 0)]);
    // every second word corrected until the count is full; then words that cannot be
    for (mask, slots, window) in [(1, 2, 140_000), (1, 2, 100), (3, 11, 100_000), (3, 11, 14_000)] {
        plan.extend(masked(mask, slots));
        plan.extend([Step::Pause(200), write(&ladder::WINDOW, window), Step::Pause(window + 100)]);
        plan.extend(told());
    }
    plan.push(write(&injector::CONTROL, 0));
    for step in 0..4_200 {
        plan.push(write(&link::CONTROL, step % 2));
    }
    plan.extend(told());
    // rates of which every bit decides once in so many draws
    for rate in [0x5555_0000_u64, 0x6aaa_8000] {
        plan.extend([write(&injector::RATE, rate), write(&injector::CONTROL, 1), Step::Pause(100_000)]);
    }
    // a period that is loaded again
    plan.extend(masked(1, 40_000));
    plan.extend([Step::Pause(85_000), write(&injector::CONTROL, 0)]);
}

/// What the checker has told since the last clear.
fn told_by_checker() -> impl Iterator<Item = Step> {
    let events = ["payload_lost", "payload_repeated", "payload_wrong_bad"];
    let low_words = events.map(|name| read(events::SNAPSHOT.word + 2 * events::bit(name) as u32 + 1));
    [Step::Pause(400), write(&link::COMMAND, 2), Step::Pause(COMMAND_CYCLES)].into_iter().chain(low_words)
}

/// Frames between whose ENDs more slots pass than silence may last, and shorter ones.
pub fn silence(random: &mut Random, plan: &mut Vec<Step>) {
    let limit = 9 + random.below(60);
    plan.extend([
        write(&laser::MODE, 0),
        write(&injector::CONTROL, 0),
        write(&link::CONTROL, 2),
        write(&link::SILENCE_SLOTS, limit),
    ]);
    for more in 0..8 {
        plan.extend(frames(limit - 4 + more, 70 + random.below(20)));
        plan.extend([Step::Pause(3 * limit + 200), write(&generator::COMMAND, 2), Step::Pause(limit + 50)]);
    }
}

/// Frames go on into darkness; what is lost is told while no transfer runs.
pub fn losses(random: &mut Random, line: Line, plan: &mut Vec<Step>) {
    plan.extend([
        write(&laser::MODE, 3),
        write(&laser::T_ON, 20),
        write(&laser::TIMEOUT, 1 << 20),
        write(&injector::CONTROL, 0),
        write(&link::CONTROL, 2),
        write(&link::SILENCE_SLOTS, 0),
    ]);
    plan.extend(frames(1 + random.below(3), 6 + random.below(9)));
    plan.push(Step::Pause(300));
    plan.push(write(&link::COMMAND, 1 + random.below(2)));
    plan.push(Step::Pause(COMMAND_CYCLES));
    for _ in 0..3 {
        plan.push(Step::Line(Line { dark: 20 + random.below(1_500), ..line }));
        plan.push(Step::Pause(1_600 + random.below(400)));
    }
    plan.extend(told_by_checker());
}

/// Times of every size, and gaps that end around what they add up to.
pub fn times(random: &mut Random, plan: &mut Vec<Step>) {
    plan.extend([write(&link::CONTROL, 2), write(&injector::CONTROL, 0), write(&link::SILENCE_SLOTS, 0)]);
    plan.push(write(&generator::COMMAND, 2));
    for _ in 0..3 {
        let mut time = || {
            let most = 2 << random.below(11);
            random.below(most)
        };
        let (t_on, min_on, min_off, timeout) = (time() / 4, time(), time(), time());
        let mode = 1 + random.below(4);
        let sum = t_on + min_on + min_off + timeout;
        let gap = 16 + random.below(sum + 64);
        plan.extend([
            Step::Pause(200),
            write(&laser::MODE, mode),
            write(&laser::T_ON, t_on),
            write(&laser::MIN_ON, min_on),
            write(&laser::MIN_OFF, min_off),
            write(&laser::TIMEOUT, timeout),
            write(&generator::NOTICE, random.below(2 * (t_on + min_off) + 99)),
        ]);
        plan.extend(frames(1 + random.below(20), gap));
        plan.push(write(&generator::CONTROL, 8 | random.below(2) << 2));
        if random.one_in(2) {
            plan.push(write(&generator::CONTROL, 8 | generator::HINTS.mask() as u64));
            plan.extend([write(&generator::GAP, 1_000 + random.below(3_200)), write(&generator::NOTICE, 1 << 12)]);
            plan.extend([write(&laser::T_ON, 900 + random.below(3_000)), Step::Pause(9_000)]);
        }
        for _ in 0..4 {
            plan.push(Step::Pause(1 + random.below(gap + t_on)));
            if mode == 2 {
                plan.push(write(&laser::HINT, random.below(2 * (t_on + min_off) + 99)));
            }
        }
        plan.extend([Step::Pause(gap + t_on), write(&generator::COMMAND, 2), Step::Pause(t_on + 99)]);
    }
}

/// Similar gaps for long enough that the laser sleeps in them on its own: a pattern, or any order; bursts of one length
/// or of any.
pub fn lesson(random: &mut Random, cycles: u64, plan: &mut Vec<Step>) {
    let entries = if random.one_in(2) { 1 + random.below(6) } else { SCHEDULE_ENTRIES as u64 };
    let t_on = 5 + random.below(12);
    let base = t_on + [12, 40, 150, 700][random.below(4) as usize];
    let longest = 8 << random.below(12);
    let (length, is_one) = (8 + random.below(longest), random.one_in(2));
    plan.extend([write(&generator::COMMAND, 2), write(&laser::MODE, 0), Step::Pause(100 + 2 * base)]);
    for entry in 0..entries {
        let gap = base + random.below(base / 2 + 1);
        plan.push(schedule(entry as u32, gap, if is_one { length } else { 8 + random.below(longest) }));
    }
    plan.extend([
        write(&laser::MODE, 4),
        write(&laser::T_ON, t_on),
        write(&laser::MIN_ON, random.below(9)),
        write(&laser::MIN_OFF, random.below(9)),
        write(&laser::TIMEOUT, 80_000),
        write(&link::CONTROL, 2),
        write(&link::SILENCE_SLOTS, 0),
        write(&injector::CONTROL, 0),
        write(&generator::SCHEDULE_COUNT, entries),
        write(&generator::CONTROL, 9),
        write(&generator::FRAMES, 0),
        write(&generator::BURST_FRAMES, 0),
        write(&generator::COMMAND, 1),
        Step::Pause(cycles),
        write(&link::COMMAND, 2),
    ]);
}
