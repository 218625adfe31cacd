//! A traffic as entries of the generator's schedule memory, and what the model makes of the same entries.
//!
//! A run is framed by bursts of its own: a head that brings a predictor into a known state while the light is always
//! on, and whose last burst is long enough to change the mode in it, and a long last burst in which the counters are
//! read. So the counts of a board and of the model are of the same cycles.

use crate::model::laser::policy::{Outcome, Policy, Setting};
use crate::model::laser::score::Score;
use crate::traffic::Burst;

/// Cycles after a frame's last word in which its tail still keeps the light; the generator counts them to the gap.
const TAIL: u32 = 3;
/// Slots between two frames without a gap: IDLE and END.
const BETWEEN: u32 = 2;
/// Longest gap and longest frame of an entry, in idle cycles and words.
pub const LONGEST_GAP: u32 = 0xffff - TAIL;
const LONGEST_WORDS: u32 = 0xffff / 8;
/// Shortest gap that is played: a shorter one would not count as the end of a burst.
pub const SHORTEST_GAP: u32 = 16;

/// Entries, and the bursts that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// (gap, length) as the memory takes them.
    pub entries: Vec<u32>,
    /// The head's bursts.
    pub head: Vec<Burst>,
    /// Entry at which the head's last burst starts.
    pub head_last: usize,
    /// The traffic's bursts as they are played, and the last one.
    pub played: Vec<Burst>,
    /// Entry at which the last burst starts.
    pub tail: usize,
}

/// Bursts to be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// (gap, length) as the memory takes them.
    pub entries: Vec<u32>,
    /// The same as bursts.
    pub played: Vec<Burst>,
}

/// A gap that no entry can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Its cycles.
    pub gap: u32,
}

/// A burst as the generator plays it.
fn as_played(burst: &Burst) -> Result<Burst, TooLong> {
    if burst.gap > LONGEST_GAP {
        return Err(TooLong { gap: burst.gap });
    }
    Ok(Burst { gap: burst.gap.max(SHORTEST_GAP), busy: burst.busy.max(TAIL + 1), class: burst.class })
}

/// The entries of a burst: frames without a gap between them when it is too long for one.
fn entries(burst: &Burst) -> impl Iterator<Item = u32> + use<> {
    let slots = burst.busy - TAIL + BETWEEN;
    let frames = slots.div_ceil(LONGEST_WORDS + BETWEEN);
    let words = slots - BETWEEN * frames;
    let (gap, each, more) = (burst.gap, words / frames, words % frames);
    (0..frames).map(move |k| {
        let gap = if k == 0 { gap + TAIL } else { 0 };
        (gap << 16) | (8 * (each + (k < more) as u32))
    })
}

impl Schedule {
    /// Plays `bursts` once; head and last burst last `frame_cycles` or more.
    pub fn framed(bursts: &[Burst], setting: &Setting, frame_cycles: u32) -> Result<Self, TooLong> {
        let t_on = setting.t_on as u32;
        let burst = |gap, busy| Burst { gap, busy, class: u16::MAX };
        let (short, long) = (2 * t_on + 200, 8 * t_on + 800);
        let head = vec![
            burst(SHORTEST_GAP, 64),
            burst(short, 64),
            burst(long, 64),
            burst(short, 64),
            burst(long, 64),
            burst(short, frame_cycles),
        ];
        let mut played = bursts.iter().map(as_played).collect::<Result<Vec<_>, _>>()?;
        played.push(burst(played[0].gap, frame_cycles));
        let of = |bursts: &[Burst]| bursts.iter().flat_map(entries).collect::<Vec<u32>>();
        let (last, end) = (head.len() - 1, played.len() - 1);
        let head_last = of(&head[..last]).len();
        let tail = of(&head).len() + of(&played[..end]).len();
        Ok(Schedule { entries: [of(&head), of(&played)].concat(), head, head_last, played, tail })
    }

    /// Cycles of the traffic, holds not counted.
    pub fn cycles(&self) -> u64 {
        self.played.iter().map(|b| u64::from(b.gap) + u64::from(b.busy)).sum()
    }

    /// The model's score of the same bursts, the last one included.
    pub fn score(&self, policy: &mut dyn Policy, setting: &Setting) -> Score {
        // the first burst ends the time since power-on, for which there was a lookup in empty tables
        policy.plan(setting, 0, 10_000);
        policy.learn(setting, &Outcome { gap: 10_000, ..Outcome::default() });
        for pair in self.head.windows(2) {
            let gap = u64::from(pair[1].gap);
            policy.plan(setting, u64::from(pair[0].busy), gap);
            policy.learn(setting, &Outcome { gap, ..Outcome::default() });
        }
        let last = self.head[self.head.len() - 1];
        let bursts: Vec<Burst> = std::iter::once(last).chain(self.played.iter().copied()).collect();
        Score::of(policy, setting, &bursts)
    }
}

impl Ring {
    /// The first bursts that a memory of `room` entries holds.
    pub fn of(bursts: &[Burst], room: usize) -> Result<Self, TooLong> {
        let mut ring = Ring { entries: vec![], played: vec![] };
        for burst in bursts {
            let burst = as_played(burst)?;
            let more: Vec<u32> = entries(&burst).collect();
            if ring.entries.len() + more.len() > room {
                break;
            }
            ring.entries.extend(more);
            ring.played.push(burst);
        }
        Ok(ring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_bursts_become_frames_without_gaps_and_short_gaps_are_stretched() {
        let bursts = [Burst { gap: 3, busy: 20_000, class: 0 }, Burst { gap: 700, busy: 1, class: 0 }];
        let Ring { entries: list, played } = Ring::of(&bursts, 256).expect("they fit");
        assert_eq!((played[0].gap, played[1].busy), (SHORTEST_GAP, TAIL + 1));
        let words: u32 = list.iter().map(|e| (e & 0xffff) / 8).sum();
        assert_eq!((list.len(), words), (4, 20_000 - 2 * BETWEEN - TAIL + 1));
        assert_eq!(list.iter().map(|e| e >> 16).collect::<Vec<_>>(), [19, 0, 0, 703]);
    }

    #[test]
    fn a_gap_beyond_an_entry_is_refused() {
        let burst = |gap| [Burst { gap, busy: 9, class: 0 }; 2];
        assert!(Ring::of(&burst(LONGEST_GAP), 256).is_ok());
        assert_eq!(Ring::of(&burst(LONGEST_GAP + 1), 256), Err(TooLong { gap: LONGEST_GAP + 1 }));
    }

    #[test]
    fn a_ring_ends_with_a_whole_burst() {
        let bursts = [Burst { gap: 20, busy: 20_000, class: 0 }; 9];
        let Ring { entries: list, played } = Ring::of(&bursts, 8).expect("they fit");
        assert_eq!((list.len(), played.len()), (6, 2));
    }
}
