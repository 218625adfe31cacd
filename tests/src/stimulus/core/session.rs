//! One session: the line, the settings, a run with visits, all that can be read.

mod themes;

use super::{Line, Random, Step, put, read, write};
use firstlight_hdl::measure::event_counters::EventCounters;
use firstlight_spec::limits::{FRAME_MEMORY_WORDS, LATENCY_BINS, OUTLIERS, SCHEDULE_ENTRIES};
use firstlight_spec::regs::{
    GROUPS, REGIONS, Region, SPACE_WORDS, events, generator, injector, ladder, laser, latency, link, memory,
};

/// Long sessions, by number. They run until counters of 16 bits are full: bins, waits and lost slots; frames without
/// their stamp.
const FLOODS: [u64; 2] = [16, 20];
/// Until the ladder's counts are full.
const COUNTS: u64 = 24;
/// Until the predictor has drawn all its numbers.
const LESSONS: u64 = 28;
/// Frames of one word take four slots: 2^16 of them, and some more.
const FLOOD_CYCLES: u64 = 4 << 16;
/// A snapshot or a clear, and the answers to what was asked meanwhile.
pub(super) const COMMAND_CYCLES: u64 = EventCounters::COMMAND_CYCLES + 64;
/// Line out to client, beside the line's delay.
const LATENCY_CYCLES: u64 = 4;
const LESSON_RUNS: u64 = 6;
const LESSON_CYCLES: u64 = 60_000;

/// What a session is about.
#[derive(Clone, Copy, PartialEq)]
enum Theme {
    Anything,
    /// A pattern of gaps that the predictor can learn.
    Gaps,
    /// Frames from memory into memory, at all rungs, with errors.
    Memories,
    /// Masks of the injector.
    Noise,
    /// Windows of errors and quiet ones.
    Ladder,
    /// Frames longer than silence may last.
    Silence,
    /// Frames sent into darkness.
    Losses,
    /// Every length of the laser's times.
    Times,
    Flood(usize),
    Counts,
    Lessons,
}

const THEMES: [Theme; 11] = [
    Theme::Anything,
    Theme::Anything,
    Theme::Anything,
    Theme::Anything,
    Theme::Gaps,
    Theme::Memories,
    Theme::Noise,
    Theme::Ladder,
    Theme::Silence,
    Theme::Losses,
    Theme::Times,
];

/// The session of that number.
pub fn session(random: &mut Random, number: u64) -> Vec<Step> {
    let theme = match FLOODS.iter().position(|n| *n == number) {
        Some(which) => Theme::Flood(which),
        None if number == COUNTS => Theme::Counts,
        None if number == LESSONS => Theme::Lessons,
        None => THEMES[random.below(THEMES.len() as u64) as usize],
    };
    let delay = match (theme, random.below(8)) {
        (Theme::Flood(1), _) => 400,
        (Theme::Flood(_), _) | (_, 0..=2) => 1,
        (_, 3 | 4) => 1 + random.below(9),
        (_, 5) => 1 + random.below(300),
        (_, 6) => 250 + random.below(20),
        _ => random.below(4096),
    };
    let base = match (theme, random.below(4)) {
        (Theme::Flood(_), _) | (_, 0) => delay,
        (_, 1) => 0,
        (_, 2) => (delay + LATENCY_CYCLES).saturating_sub(250 + random.below(8)),
        _ => random.below(4096),
    };
    let alone = !matches!(theme, Theme::Anything | Theme::Gaps | Theme::Memories);
    let clean = alone || random.one_in(2);
    let line = Line {
        delay,
        errors: if clean { 0 } else { [3_000, 400, 60][random.below(3) as usize] },
        weight: 1 + random.below(3),
        mask: 0,
        dark: if random.one_in(6) { random.below(100) } else { 0 },
        bone: [1_000, 1_000, 2][random.below(3) as usize],
    };
    let mut plan = vec![Step::Line(line)];
    if number == 0 {
        // an entry of no length is a frame of 65,536 bytes
        plan.extend((0..SCHEDULE_ENTRIES as u32).map(|k| schedule(k, random.below(60), 1 + random.below(90))));
    }
    settings(random, theme, base, &mut plan);
    match theme {
        Theme::Anything => {}
        Theme::Gaps => gaps(random, &mut plan),
        Theme::Memories => memories(random, &mut plan),
        Theme::Flood(_) => flood(&mut plan),
        Theme::Noise => themes::noise(random, &mut plan),
        Theme::Ladder => themes::ladder(random, &mut plan),
        Theme::Silence => themes::silence(random, &mut plan),
        Theme::Losses => themes::losses(random, line, &mut plan),
        Theme::Times => themes::times(random, &mut plan),
        Theme::Counts => themes::counts(&mut plan),
        Theme::Lessons => (0..LESSON_RUNS).for_each(|_| themes::lesson(random, LESSON_CYCLES, &mut plan)),
    }
    plan.push(Step::Pause(if random.one_in(4) { 0 } else { 200 + 3 * delay }));
    plan.push(write(&generator::COMMAND, 1));
    run(random, theme, line, &mut plan);
    // sometimes everything is read while frames run
    if random.one_in(2) {
        plan.push(write(&generator::COMMAND, 2));
    }
    plan.push(Step::Pause(if random.one_in(8) { 0 } else { 400 + 2 * delay }));
    readout(random, delay.wrapping_sub(base), &mut plan);
    if random.one_in(3) {
        plan.extend([write(&link::COMMAND, 1), Step::Pause(COMMAND_CYCLES)]);
    }
    plan
}

/// Writes to everything that can be set.
fn settings(random: &mut Random, theme: Theme, base: u64, plan: &mut Vec<Step>) {
    let mut below = |most: u64| random.below(most);
    let (kind, bursts) = (below(4), below(3));
    let rate = 1 << [18, 24, 27, 31][below(4) as usize];
    let length = [8, 9, 24, 64, 64, 64, 300, 300, 300, 300, 1600, 1 << 16][below(12) as usize];
    let times = [4, 30, 30, 30, 100, 100, 1 << 12][below(7) as usize];
    // a started gap is waited for, whatever is set after it
    let long = below(2) << 14 | below(2) << 13 | 1 << 12 | below(8);
    let mode = if theme == Theme::Gaps { 4 } else { below(5) };
    let rung = below(64) & !(if below(4) == 0 { 0 } else { 0x38 });
    plan.extend([
        write(&generator::COMMAND, 2),
        Step::Pause(20 + below(200)),
        write(&link::CONTROL, rung),
        write(&link::SILENCE_SLOTS, if below(4) == 0 { 20 + below(300) } else { 0 }),
        write(&link::IDLE_SEND, below(4)),
        write(&ladder::WINDOW, if below(4) == 0 { below(1 << 24) } else { 1 << (5 + below(6)) }),
        write(&ladder::UP, [below(6), 1 << below(16)][below(2) as usize]),
        write(&ladder::DOWN, [below(4), 1 << below(16)][below(2) as usize]),
        write(&ladder::BURST_UP, [below(4), 1 << below(16)][below(2) as usize]),
        write(&ladder::HOLD, [below(3), 1 << below(8)][below(2) as usize]),
        write(&laser::MODE, mode),
        write(&laser::T_ON, below(times)),
        write(&laser::MIN_ON, below(times)),
        write(&laser::MIN_OFF, below(times)),
        write(&laser::TIMEOUT, if below(4) == 0 { below(1 << 24) } else { below(4 * times) }),
        write(&laser::STALL_LIMIT, [0, 0, 1 + below(9), 1 << below(16)][below(4) as usize]),
        write(&generator::CONTROL, below(2) << 3 | kind | below(2) << 2),
        write(
            &generator::FRAMES,
            [0, 0, below(40), below(200), below(1 << 32), below(1 << 10) << 22 | below(3), 1 << 11 | below(3)]
                [below(7) as usize],
        ),
        write(&generator::LENGTH, 1 + below(length)),
        write(
            &generator::GAP,
            [0, 0, 1, below(20), below(20), below(60), below(200), below(200), long][below(9) as usize],
        ),
        write(&generator::BURST_FRAMES, if bursts == 0 { 1 + below(6) } else { 0 }),
        write(&generator::BURST_GAP, [below(99), below(99), below(400), below(400), long][below(5) as usize]),
        write(&generator::NOTICE, [below(120), below(1 << 16)][below(2) as usize]),
        write(
            &generator::SCHEDULE_COUNT,
            [0, 1 + below(8), 1 + below(8), 1 + below(SCHEDULE_ENTRIES as u64)][below(4) as usize],
        ),
        write(&latency::BASE, base),
        write(&injector::SEED, below(1 << 32)),
        write(&injector::RATE, below(rate)),
        write(&injector::MASK_HIGH, if below(2) == 0 { 0 } else { 1 << below(12) }),
        write(&injector::MASK_DATA_HIGH, if below(2) == 0 { 0 } else { 1 << below(32) }),
        write(&injector::MASK_DATA_LOW, if below(2) == 0 { 0 } else { below(1 << 32) }),
        write(&injector::SLOT, [1 + below(200), 1 + below(200), below(1 << 24)][below(3) as usize]),
        write(&injector::CONTROL, [0, 0, 0, 1, 1, 2, 3][below(7) as usize]),
        write(&memory::RX_CONTROL, below(2)),
    ]);
    for entry in 0..below(12) as u32 {
        let place = if below(4) == 0 { below(SCHEDULE_ENTRIES as u64) as u32 } else { entry };
        plan.push(schedule(place, below(60), 1 + below(90)));
    }
    plan.push(write(&generator::SCHEDULE_FILLED, below(4)));
}

fn schedule(place: u32, gap: u64, length: u64) -> Step {
    put(generator::SCHEDULE.word + place, gap << 16 | length)
}

/// A few gaps of two kinds, again and again; the laser sleeps in the long ones once it knows them.
fn gaps(random: &mut Random, plan: &mut Vec<Step>) {
    let (entries, t_on) = (1 + random.below(4), 5 + random.below(30));
    for entry in 0..entries {
        let longest = [300, 300, 300, 1_500][random.below(4) as usize];
        let gap = if random.one_in(2) { 3 + random.below(3 * t_on) } else { 100 + random.below(longest) };
        plan.push(schedule(entry as u32, gap, 140 + random.below(300)));
    }
    plan.extend([
        write(&laser::MODE, if random.one_in(6) { 2 } else { 4 }),
        write(&laser::T_ON, t_on),
        write(&laser::MIN_ON, random.below(30)),
        write(&laser::MIN_OFF, random.below(30)),
        write(&laser::TIMEOUT, [60, 700, 80_000][random.below(3) as usize]),
        write(&link::CONTROL, 2),
        write(&injector::CONTROL, 0),
        write(&generator::SCHEDULE_COUNT, entries),
        write(&generator::CONTROL, 9 | random.below(2) << 2),
        write(&generator::FRAMES, 0),
    ]);
}

/// Words into the tx memory, frames from there, the rx memory armed.
fn memories(random: &mut Random, plan: &mut Vec<Step>) {
    let last = 2 * FRAME_MEMORY_WORDS as u64 - 40;
    // frames of the whole memory, its tail filled
    let whole = random.one_in(4);
    let first = if random.one_in(2) && !whole { 0 } else { random.below(last) as u32 };
    let first = if whole { last as u32 - random.below(30) as u32 } else { first };
    for word in first..first + 40 {
        plan.push(put(memory::TX.word + word, random.below(1 << 32)));
    }
    plan.extend([
        write(&laser::MODE, 0),
        write(&link::CONTROL, random.below(8)),
        write(&generator::CONTROL, [8, 10][random.below(2) as usize]),
        write(&generator::LENGTH, 1 + if whole { 8 * FRAME_MEMORY_WORDS as u64 } else { random.below(600) }),
        write(&generator::FRAMES, if whole { 2 } else { random.below(80) }),
        write(&generator::GAP, random.below(9)),
        write(&memory::RX_CONTROL, 1),
    ]);
}

/// The shortest frames, back to back, each slot of them lost to a full memory.
fn flood(plan: &mut Vec<Step>) {
    plan.extend([
        write(&laser::MODE, 0),
        write(&link::CONTROL, 2),
        write(&injector::CONTROL, 0),
        write(&generator::CONTROL, 8),
        write(&generator::LENGTH, 8),
        write(&generator::FRAMES, 0),
        write(&generator::GAP, 0),
        // half of all that a burst may have, and some more
        write(&generator::BURST_FRAMES, 1 << 15 | 0x1a35),
        write(&generator::BURST_GAP, 9),
        write(&memory::RX_CONTROL, 1),
    ]);
}

/// Frames run; now and then somebody looks, or something happens.
fn run(random: &mut Random, theme: Theme, line: Line, plan: &mut Vec<Step>) {
    let (visits, longest) = match theme {
        Theme::Gaps => (80, 900),
        Theme::Flood(_) => (64, 0),
        Theme::Counts | Theme::Lessons | Theme::Times => (0, 0),
        _ => (30 + random.below(50), 60),
    };
    for _ in 0..visits {
        let step = match (theme, random.below(60)) {
            (Theme::Flood(_), _) => Step::Pause(FLOOD_CYCLES / visits),
            (_, 0) => Step::Line(Line { delay: 1 + random.below(40), ..line }),
            (_, 1) => Step::Line(line),
            (_, 2) => Step::Line(Line { dark: random.below(80), ..line }),
            (_, 3) if random.one_in(2) => Step::Reset,
            _ => visit(random),
        };
        plan.push(step);
        if random.one_in(3) && longest > 0 {
            plan.push(Step::Pause(1 + random.below(longest)));
        }
    }
}

/// One look or one write while frames run.
fn visit(random: &mut Random) -> Step {
    let group = GROUPS[random.below(GROUPS.len() as u64) as usize].1;
    let reg = &group[random.below(group.len() as u64) as usize];
    match random.below(40) {
        0..=1 => write(&link::COMMAND, 2),
        2 => write(&link::COMMAND, random.below(8)),
        3..=5 => write(&laser::HINT, random.below(200)),
        6 => write(&laser::HINT, random.below(1 << 16)),
        7..=8 => write(&generator::SCHEDULE_FILLED, random.below(4)),
        9 => write(&link::CONTROL, 2 | random.below(8)),
        // a gap of seconds would be waited for
        10 if [generator::GAP.word, generator::BURST_GAP.word].contains(&reg.word) => write(reg, random.below(99)),
        10 => write(reg, random.below(1 << 32)),
        11 => read(random.below(SPACE_WORDS as u64) as u32),
        12..=30 => read(reg.word + reg.words - 1),
        _ => {
            let region = &REGIONS[random.below(REGIONS.len() as u64) as usize];
            let most = if random.one_in(3) { region.words as u64 } else { 24.min(region.words as u64) };
            read(region.word + random.below(most) as u32)
        }
    }
}

/// A snapshot, and everything that can be read; of the large memories a part.
fn readout(random: &mut Random, first_bin: u64, plan: &mut Vec<Step>) {
    plan.extend([write(&link::COMMAND, 2), Step::Pause(COMMAND_CYCLES)]);
    for (_, group) in GROUPS.iter().filter(|_| random.one_in(2)) {
        plan.extend(group.iter().flat_map(|reg| (0..reg.words).map(|k| read(reg.word + k))));
    }
    let all = |region: &Region| (region.word..region.word + region.words).map(read);
    if !random.one_in(4) {
        plan.extend(all(&events::SNAPSHOT));
    }
    if random.one_in(2) {
        plan.extend((0..OUTLIERS as u32).map(|k| read(latency::OUTLIERS.word + k)));
    }
    if random.one_in(8) {
        plan.extend(all(&latency::BINS).chain(all(&latency::WAIT_BINS)));
    } else {
        // around the bin that the line's delay says, and where waits are short
        let near = (0..2 * LATENCY_CYCLES).map(|k| first_bin.wrapping_add(k)).filter(|bin| *bin < LATENCY_BINS as u64);
        plan.extend(near.map(|bin| read(latency::BINS.word + bin as u32)));
        plan.extend((0..8).chain([255]).map(|bin| read(latency::WAIT_BINS.word + bin)));
        for region in [&latency::BINS, &latency::WAIT_BINS] {
            plan.extend((0..6).map(|_| read(region.word + random.below(region.words as u64) as u32)));
        }
    }
    if random.one_in(2) {
        return;
    }
    let last = FRAME_MEMORY_WORDS as u64 - 12;
    let slot = [0, random.below(last), last - random.below(40)][random.below(3) as usize] as u32;
    plan.extend((4 * slot..4 * (slot + 12)).map(|word| read(memory::RX.word + word)));
}
