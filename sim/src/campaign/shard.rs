//! One shard: draws errors, runs the complete receiver on every frame that has any, counts.

use super::spec::{Plan, Point, Spec};
use crate::channel::{Errors, LineErrors};
use crate::model::fec::codec;
use crate::model::fec::frame::Frame;
use crate::model::fec::repair::{repair, repair_raw};
use crate::model::fec::scheme::Rung;
use crate::model::framing::receiver::Receiver;
use anyhow::{Result, ensure};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a shard found; one JSON line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Hash of the spec.
    pub spec: String,
    /// Number of the shard in the plan.
    pub index: u64,
    /// Its point, by number in the plan.
    pub point: usize,
    /// Frames that it stands for.
    pub frames: u64,
    /// Frames not delivered whole with a good verdict.
    pub lost: u64,
    /// Of those, frames delivered wrong with a good verdict.
    pub silent: u64,
    /// Frames that tail repair saved.
    pub repaired: u64,
    /// Lost frames by number of wrong bits.
    pub lost_by_errors: BTreeMap<u32, u64>,
}

/// A frame and what the line does to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Number of the frame among those of its point.
    pub number: u64,
    /// The frame as it is sent.
    pub frame: Frame,
    /// Wrong positions of every slot (or raw word).
    pub masks: Vec<u128>,
}

/// What the receiver made of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Good as it arrived.
    Delivered,
    /// Made whole from its parity words.
    Repaired,
    /// Not delivered.
    Lost,
    /// Wrong content under a good verdict.
    Silent,
}

/// The frames of a shard that have an error; the first frame is among them in any case.
pub struct Cases {
    point: Point,
    line: Errors,
    seed: u64,
    next: u64,
    first: u64,
    end: u64,
}

/// Frames of shard `index`.
pub fn cases(spec: &Spec, plan: &Plan, index: u64) -> Result<Cases> {
    let total = plan.shards.len();
    let shard = plan.shards.get(index as usize).copied();
    ensure!(shard.is_some(), "there is no shard {index}: the campaign has {total}, numbered from 0");
    let shard = shard.unwrap_or_else(|| unreachable!("checked above"));
    let point = plan.points[shard.point];
    Ok(Cases {
        point,
        line: point.drawn().line(spec.seed, index),
        seed: spec.seed ^ (shard.point as u64) << 48,
        next: shard.first_frame,
        first: shard.first_frame,
        end: shard.first_frame + shard.frames,
    })
}

impl Iterator for Cases {
    type Item = Case;

    fn next(&mut self) -> Option<Case> {
        let (slots, bits) = self.point.line();
        while self.next < self.end {
            let number = self.next;
            self.next += 1;
            self.line.restart();
            let clean = self.line.is_clean_for(slots);
            if clean && number != self.first {
                continue;
            }
            let mut mask = || if bits == 64 { self.line.next_bits(64) } else { self.line.next_slot() };
            let masks: Vec<u128> = (0..slots).map(|_| mask()).collect();
            if number == self.first || masks.iter().any(|m| *m != 0) {
                return Some(Case { number, frame: payload(&self.point, self.seed, number), masks });
            }
        }
        None
    }
}

/// The frame of a given number: every frame has its own generator, so that clean ones need not be drawn.
fn payload(point: &Point, seed: u64, number: u64) -> Frame {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Frame {
        words: (0..point.words()).map(|_| rng.next_u64()).collect(),
        last_bytes: ((point.frame_bytes - 1) % 8 + 1) as u8,
        sequence: number as u16,
    }
}

impl Case {
    /// Runs the receiver of the point's scheme on this frame.
    pub fn fate(&self, point: &Point) -> Fate {
        match point.scheme.rung() {
            None => {
                let words: Vec<u64> =
                    self.frame.raw_words().into_iter().zip(&self.masks).map(|(w, m)| w ^ *m as u64).collect();
                self.judge(repair_raw(&words).map(|r| (r.frame, r.restored)))
            }
            Some(rung) => {
                let slots = self.frame.slots(point.scheme.sends_parity());
                let received = slots.into_iter().zip(&self.masks).map(|(slot, mask)| codec::invert(slot, *mask));
                if rung == Rung::L3 {
                    let stored: Vec<_> = received.map(codec::decode).collect();
                    self.judge(repair(&stored).ok().map(|r| (r.frame, r.restored)))
                } else {
                    self.stream(rung, received)
                }
            }
        }
    }

    fn judge(&self, got: Option<(Frame, u32)>) -> Fate {
        match got {
            None => Fate::Lost,
            Some((frame, _)) if frame != self.frame => Fate::Silent,
            Some((_, 0)) => Fate::Delivered,
            Some(_) => Fate::Repaired,
        }
    }

    fn stream(&self, rung: Rung, received: impl Iterator<Item = firstlight_spec::slot::Slot>) -> Fate {
        let mut receiver = Receiver::new(rung as u8);
        let words = &self.frame.words;
        let (mut beats, mut right, mut good) = (0, true, false);
        for slot in received {
            let out = receiver.slot(slot);
            if let Some(beat) = out.beat {
                let last = beats + 1 == words.len();
                let bytes = if last { self.frame.last_bytes } else { 8 };
                right &= words.get(beats) == Some(&beat.data);
                right &= (beat.first, beat.last, beat.bytes) == (beats == 0, last, bytes);
                beats += 1;
            }
            good |= out.verdict.is_some_and(|v| v.is_good());
        }
        match (good, right && beats == words.len()) {
            (true, true) => Fate::Delivered,
            (true, false) => Fate::Silent,
            (false, _) => Fate::Lost,
        }
    }
}

/// Runs shard `index`.
pub fn run(spec: &Spec, plan: &Plan, index: u64) -> Result<Counts> {
    let cases = cases(spec, plan, index)?;
    let shard = plan.shards[index as usize];
    let point = plan.points[shard.point];
    let mut counts = Counts {
        spec: spec.hash(),
        index,
        point: shard.point,
        frames: shard.frames,
        lost: 0,
        silent: 0,
        repaired: 0,
        lost_by_errors: BTreeMap::new(),
    };
    for case in cases {
        let fate = case.fate(&point);
        counts.repaired += u64::from(fate == Fate::Repaired);
        counts.silent += u64::from(fate == Fate::Silent);
        if matches!(fate, Fate::Lost | Fate::Silent) {
            counts.lost += 1;
            let errors = case.masks.iter().map(|m| m.count_ones()).sum();
            *counts.lost_by_errors.entry(errors).or_default() += 1;
        }
    }
    Ok(counts)
}
