//! Fixed sessions: every bit of every setting, count and mask on purpose, the long ones last.

mod generator;
mod injector;
mod ladder;
mod laser;
mod lessons;
mod line;
mod long;
mod measure;
mod memories;
mod registers;

use super::session::COMMAND_CYCLES;
use super::{Line, Random, Rows, Step, put, read, write};
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::regs::{Reg, Region, events, generator as gen_regs, injector as inj, laser as laser_regs, link};

/// Of the small pauses between transfers.
const SEED: u64 = 1;
/// Rows of a looped line as short as it can be, without errors.
const CLEAN: Line = Line { delay: 1, errors: 0, weight: 1, mask: 0, dark: 0, bone: 1_000 };
/// What the line's two ends add to its delay, and some more.
const WAY_CYCLES: u64 = 40;

/// The sessions, once.
pub fn directed() -> Box<dyn Iterator<Item = Vec<u128>>> {
    let mut plan = vec![Step::Pause(2 * LOCK_IDLES as u64)];
    for session in [
        registers::settings,
        line::silence,
        line::idles,
        line::control_words,
        line::masks,
        injector::slots,
        injector::rates,
        ladder::thresholds,
        ladder::windows,
        generator::limits,
        generator::lengths,
        generator::schedules,
        measure::losses,
        measure::latencies,
        memories::memories,
        laser::times,
        laser::waits,
        laser::hints,
        registers::addresses,
        generator::bursts,
        measure::bins,
        measure::sums,
        lessons::lessons,
        long::gaps,
    ] {
        plain(&mut plan);
        session(&mut plan);
    }
    let mut rows = Rows::new(SEED, plan);
    Box::new(std::iter::from_fn(move || rows.row()))
}

/// No frames, no errors, light, no limits.
fn plain(plan: &mut Vec<Step>) {
    plan.extend([
        Step::Line(CLEAN),
        write(&gen_regs::COMMAND, 2),
        write(&gen_regs::CONTROL, 8),
        write(&inj::CONTROL, 0),
        write(&laser_regs::MODE, 0),
        write(&link::CONTROL, 2),
        write(&link::SILENCE_SLOTS, 0),
        Step::Pause(300),
    ]);
}

/// So many frames of `words` words, `gap` cycles apart; no limit for 0.
fn frames(count: u64, words: u64, gap: u64) -> [Step; 5] {
    [
        write(&gen_regs::FRAMES, count),
        write(&gen_regs::LENGTH, 8 * words),
        write(&gen_regs::GAP, gap),
        write(&gen_regs::BURST_FRAMES, 0),
        write(&gen_regs::COMMAND, 1),
    ]
}

/// Lets the generator end.
fn stop(plan: &mut Vec<Step>, cycles: u64) {
    plan.extend([write(&gen_regs::COMMAND, 2), Step::Pause(cycles)]);
}

/// Sets the injector's mask.
fn mask(mask: u128) -> [Step; 3] {
    [
        write(&inj::MASK_HIGH, (mask >> 64) as u64),
        write(&inj::MASK_DATA_HIGH, (mask >> 32) as u64 & 0xffff_ffff),
        write(&inj::MASK_DATA_LOW, mask as u64 & 0xffff_ffff),
    ]
}

/// Twice, an odd number of cycles apart: what changes in every cycle differs in one of them.
fn twice(words: impl Iterator<Item = u32> + Clone) -> impl Iterator<Item = Step> {
    words.clone().map(read).chain([Step::Pause(1)]).chain(words.map(read))
}

fn all(regs: &[Reg]) -> impl Iterator<Item = u32> + Clone {
    regs.iter().flat_map(|reg| reg.word..reg.word + reg.words)
}

fn region(region: &Region) -> impl Iterator<Item = u32> + Clone {
    region.word..region.word + region.words
}

/// A snapshot of the event counters, and these of them.
fn snapshot(plan: &mut Vec<Step>, names: &[&str]) {
    plan.extend([write(&link::COMMAND, 2), Step::Pause(COMMAND_CYCLES)]);
    let words = names.iter().map(|name| events::SNAPSHOT.word + 2 * events::bit(name) as u32 + 1);
    plan.extend(words.map(read));
}
