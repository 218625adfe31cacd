//! What the generator must offer.

use super::prbs::Prbs31;

/// Where gap and length come from.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Every frame alike; bursts of `burst_frames` (0 = none) are set apart by `burst_gap`.
    /// Length in bytes, gaps in cycles.
    Fixed { length: u16, gap: u32, burst_frames: u16, burst_gap: u32 },
    /// (gap, length) pairs, played round and round.
    Schedule(Vec<(u16, u16)>),
}

/// One frame as offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Cycles without an offered beat before it.
    pub gap: u32,
    /// Its beats, eight bytes each.
    pub words: Vec<u64>,
    /// Valid bytes of the last word.
    pub last_bytes: u32,
    /// Its gap is announced to the laser.
    pub announced: bool,
}

/// The first frames after start; payload from `memory` if given, otherwise PRBS-31.
pub fn frames(pattern: &Pattern, count: usize, memory: Option<&[u64]>) -> Vec<Frame> {
    let mut prbs = Prbs31::default();
    let mut pointer = 0;
    let mut word = || match memory {
        Some(words) => {
            pointer += 1;
            words[pointer - 1]
        }
        None => prbs.word(),
    };
    (0..count)
        .map(|n| {
            let (gap, length, announced) = match pattern {
                Pattern::Fixed { length, gap, burst_frames, burst_gap } => {
                    let starts = *burst_frames != 0 && n % *burst_frames as usize == 0;
                    let gap = if n == 0 {
                        0
                    } else if starts {
                        *burst_gap
                    } else {
                        *gap
                    };
                    (gap, *length, starts || *burst_frames == 0)
                }
                Pattern::Schedule(entries) => {
                    let (gap, length) = entries[n % entries.len()];
                    (gap as u32, length, true)
                }
            };
            let bytes = if length == 0 { 8 } else { length as u32 };
            let words = (0..bytes.div_ceil(8)).map(|_| word()).collect();
            Frame { gap, words, last_bytes: (bytes + 7) % 8 + 1, announced: announced && gap != 0 }
        })
        .collect()
}
