//! What the checker must count.

use super::prbs::Prbs31;

/// Sums of what is reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Good frames that never came, by the gaps in their numbers.
    pub lost: u64,
    /// Good frames whose number was there before.
    pub repeated: u64,
    /// Good frames whose payload is not the sequence that was sent.
    pub wrong_frames: u64,
    /// Frames with a bad verdict.
    pub bad_frames: u64,
}

/// Frames in the order of their verdicts.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    /// The last word that was seen, of any frame.
    before: u64,
    /// The number expected next, once a good frame was seen.
    next: Option<u16>,
    bads: u64,
    /// What has been reported.
    pub counts: Counts,
}

impl Checker {
    /// A whole frame with its verdict: the number of a good one.
    pub fn frame(&mut self, words: &[u64], good: Option<u16>, check: bool) {
        let wrong: Vec<bool> = words
            .iter()
            .map(|word| {
                let state = std::mem::replace(&mut self.before, *word) >> 33;
                state == 0 || Prbs31::after(state << 33).word() != *word
            })
            .collect();
        let Some(sequence) = good else {
            self.bads += 1;
            self.counts.bad_frames += 1;
            return;
        };
        let ahead = self.next.map(|next| sequence.wrapping_sub(next));
        if check {
            let later = wrong[1..].contains(&true);
            let first = wrong[0] && ahead == Some(0) && self.bads == 0;
            self.counts.wrong_frames += (later || first) as u64;
        }
        match ahead {
            Some(ahead) if ahead >= 1 << 15 => {
                self.counts.repeated += 1;
                return;
            }
            Some(ahead) => self.counts.lost += (ahead as u64).saturating_sub(self.bads),
            None => {}
        }
        self.next = Some(sequence.wrapping_add(1));
        self.bads = 0;
    }
}
