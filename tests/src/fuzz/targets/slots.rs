//! Any slots into the gateware's receiver, between and inside of frames: beats, verdicts and counts are the model's.
//!
//! Input: settings, then steps of a looped link. A step is a byte, what and how often, and what it needs.

use super::Bytes;
use crate::golden::{Golden, input};
use crate::link_loop::LinkLoop;
use crate::lockstep::{drive, link_bench, look};
use firstlight_sim::bench::Bench;
use firstlight_sim::engine::Model;
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::slot::{SLOT_BITS, Slot};
use std::cell::RefCell;

/// Cycles of reset before each input, and those behind it in which its consequences come.
const RESET_CYCLES: u32 = 24;
const DRAIN_CYCLES: u32 = 40;
/// From reset to lock.
const LOCK_CYCLES: u32 = LOCK_IDLES + 24;
/// Longest run of an input.
const MOST_CYCLES: u32 = 1_500;
/// Slots of the line that a step can send again.
const PAST: usize = 64;

/// What the line is to carry instead of what it does.
enum Line {
    AsSent,
    Slot(Slot),
    Flipped(u128),
}

/// A looped link and its model. They go on from input to input, through a reset: checking a design takes longer than most
/// inputs, and the numbers of frames survive a reset.
struct Pair {
    bench: Bench<LinkLoop>,
    golden: Golden,
}

/// One input on its way.
struct Run<'a> {
    pair: &'a mut Pair,
    settings: u64,
    past: Vec<Slot>,
    cycles: u32,
}

fn line_of(u: &LinkLoop) -> Slot {
    let (data, tc) = (u.line_data.val().get(), u.line_tc.val().get());
    Slot { data, kind: tc as u8 & 15, check: (tc >> 4) as u8 }
}

impl Run<'_> {
    /// One cycle: a beat of so many bytes, last or not, or none.
    fn cycle(&mut self, beat: Option<(u64, u32, bool)>, line: Line) -> Result<(), String> {
        let sent = line_of(&self.pair.bench.uut);
        let mask = match line {
            Line::AsSent => 0,
            Line::Slot(slot) => slot.to_line() ^ sent.to_line(),
            Line::Flipped(mask) => mask,
        };
        let mask = Slot::from_line(mask);
        let mut row = vec![0; input::LIGHT + 1];
        if let Some((data, bytes, is_last)) = beat {
            row[input::TDATA] = data.into();
            row[input::TKEEP] = (1 << bytes) - 1;
            row[input::TVALID] = 1;
            row[input::TLAST] = is_last.into();
        }
        row[input::SETTINGS] = self.settings.into();
        row[input::MASK_DATA] = mask.data.into();
        row[input::MASK_TC] = (mask.check as u128) << 4 | mask.kind as u128;
        row[input::LIGHT] = 1;
        row[input::RESET] = (self.cycles < RESET_CYCLES).into();
        self.past.push(sent);
        self.cycles += 1;
        let outputs = self.pair.bench.cycle(|u| drive(u, &row), look);
        self.pair.golden.cycle(&row, &outputs).map_err(|e| format!("cycle {}: {e}", self.cycles))
    }

    fn idle(&mut self, cycles: u32) -> Result<(), String> {
        (0..cycles).try_for_each(|_| self.cycle(None, Line::AsSent))
    }

    fn step(&mut self, steps: &mut Bytes) -> Result<(), String> {
        let step = steps.byte();
        let times = (step >> 3) as u32;
        match step & 7 {
            0 => self.idle(times + 1),
            1 => (0..times).try_for_each(|n| self.cycle(Some((0x0101 * n as u64, 8, false)), Line::AsSent)),
            2 => self.cycle(Some((0x1234_5678_9abc_def0, 1 + (times & 7), true)), Line::AsSent),
            3 => {
                let slot = Slot { data: steps.long(), kind: times as u8 & 15, check: steps.byte() };
                self.cycle(None, Line::Slot(slot))
            }
            4 => {
                let slot = Slot::new(steps.long(), times as u8 & 15);
                self.cycle(None, Line::Slot(slot))
            }
            5 => {
                let back = 1 + times as usize % PAST.min(self.past.len());
                let slot = self.past[self.past.len() - back];
                self.cycle(None, Line::Slot(slot))
            }
            6 => {
                let flips = 1u128 << (steps.byte() as usize % SLOT_BITS);
                let more = if times & 1 != 0 { 1 << (steps.byte() as usize % SLOT_BITS) } else { 0 };
                let beat = (times & 2 != 0).then_some((0xa5 << times, 8, times & 4 != 0));
                self.cycle(beat, Line::Flipped(flips ^ more))
            }
            _ => self.cycle(Some((steps.long(), 8, times & 1 != 0)), Line::AsSent),
        }
    }
}

thread_local! {
    static PAIR: RefCell<Option<Pair>> = const { RefCell::new(None) };
}

/// Steps of a link.
pub fn run(bytes: &[u8]) -> Result<(), String> {
    // a pair that differs is not used again
    let mut pair = PAIR.take().unwrap_or_else(|| Pair { bench: link_bench(), golden: Golden::default() });
    let mut steps = Bytes(bytes);
    // rung and tail parity
    let settings = (steps.byte() & 7) as u64;
    let mut run = Run { pair: &mut pair, settings, past: vec![], cycles: 0 };
    run.idle(RESET_CYCLES + LOCK_CYCLES)?;
    // after an END the model knows the receiver's state
    run.cycle(Some((7, 8, true)), Line::AsSent)?;
    run.idle(8)?;
    while !steps.is_empty() && run.cycles < MOST_CYCLES {
        run.step(&mut steps)?;
    }
    run.idle(DRAIN_CYCLES)?;
    PAIR.set(Some(pair));
    Ok(())
}
