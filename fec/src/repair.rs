//! Repairs a frame from its stored slots and two parity words; the CRC decides.
//!
//! A slot whose type cannot be trusted may be a data word, END, or an IDLE that does not belong to the frame. Each
//! such reading is tried, fewest IDLEs first. In one reading, a class (even or odd words with their parity word)
//! with one bad slot is restored by XOR; a class without one, whose parity does not fit, has an unseen wrong word
//! that the CRC locates; a class with two is lost.

use super::codec::{Decoded, Flag};
use super::crc;
use super::frame::{Frame, kind_of, parity_of};
use firstlight_spec::control::{END, EndFlags, Idle, STOMP_HARD, STOMP_SOFT};
use firstlight_spec::crc::{INITIAL, RESIDUE};
use firstlight_spec::slot::slot_type;

/// A frame that passed its CRC, and what that took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    pub frame: Frame,
    /// Words (END included) whose data was changed after correction.
    pub restored: u32,
    /// A forwarder had inverted the CRC for line errors.
    pub was_soft: bool,
}

/// Why a frame is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No END, or none of the readings passed the CRC.
    Unrepairable,
    /// The source aborted it.
    Aborted,
}

/// Is this slot an IDLE beyond doubt?
pub fn is_idle(slot: &Decoded) -> bool {
    !slot.flag.is_bad() && slot.kind == slot_type::CONTROL && Idle::from_data(slot.data).is_some()
}

/// Places of END and of the parity words in the stored slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tail {
    end: usize,
    parity: [Option<usize>; 2],
}

/// Repairs the one frame in `stored`: all slots from before its first word to after its parity words; recognised
/// IDLEs need not be there.
pub fn repair(stored: &[Decoded]) -> Result<Repaired, Lost> {
    let slots: Vec<Decoded> = stored.iter().filter(|s| !is_idle(s)).copied().collect();
    for tail in tails(&slots) {
        let trusted = (0..tail.end).rev().find(|k| slots[*k].kind == slot_type::FIRST && !slots[*k].flag.is_bad());
        let starts = [trusted.unwrap_or(0), 0];
        for start in &starts[..if trusted.is_some_and(|s| s > 0) { 2 } else { 1 }] {
            let members: Vec<usize> = (*start..=tail.end).collect();
            for dropped in readings(&slots, &members) {
                let kept: Vec<usize> = members.iter().copied().filter(|k| !dropped.contains(k)).collect();
                for stomp in stomps(&slots[tail.end]) {
                    let solved = Reading::new(&slots, &kept, tail, stomp).solve();
                    match solved {
                        Some(_) if stomp == Stomp::Hard => return Err(Lost::Aborted),
                        Some(repaired) => return Ok(repaired),
                        None => {}
                    }
                }
            }
        }
    }
    Err(Lost::Unrepairable)
}

/// The same for a link without spare bits: 64-bit words whose places are known, two parity words last.
pub fn repair_raw(words: &[u64]) -> Option<Repaired> {
    let (members, parity) = words.split_at_checked(words.len().checked_sub(2)?)?;
    if members.len() < 2 {
        return None;
    }
    let sums = parity_of(members.iter().copied());
    let count = members.len();
    // no types on the line: none of them can disagree
    let flags = vec![Flag::Corrected; count];
    let residual = [0, 1].map(|class| Some(sums[class] ^ parity[class]));
    Reading { words: members.into(), kinds: vec![0; count], flags, residual, stomp: Stomp::None }.solve()
}

/// Where END and parity may be: surest first.
fn tails(slots: &[Decoded]) -> Vec<Tail> {
    let trusted = |k: usize| slots.get(k).filter(|s| !s.flag.is_bad());
    let is_parity = |k: usize| trusted(k).is_some_and(|s| s.kind == slot_type::PARITY);
    let present = |k: usize| (k < slots.len()).then_some(k);
    let mut tails = vec![];
    for k in 1..slots.len() {
        if is_parity(k) && is_parity(k + 1) {
            tails.push(Tail { end: k - 1, parity: [Some(k), Some(k + 1)] });
        }
    }
    for k in 1..slots.len() {
        if let Some(end) = trusted(k).filter(|s| s.kind == slot_type::CONTROL && s.data as u8 == END) {
            let has_parity = EndFlags::from_byte((end.data >> 8) as u8).parity;
            let parity = if has_parity { [present(k + 1), present(k + 2)] } else { [None; 2] };
            tails.push(Tail { end: k, parity });
        }
    }
    for k in 2..slots.len() {
        if is_parity(k) {
            tails.push(Tail { end: k - 2, parity: [Some(k - 1), Some(k)] });
            tails.push(Tail { end: k - 1, parity: [Some(k), present(k + 1)] });
        }
    }
    let mut unique: Vec<Tail> = vec![];
    tails.retain(|t| t.end > 0 && !unique.contains(t) && (unique.push(*t), true).1);
    tails
}

/// Which members may be IDLEs: none, one or two of the bad ones, or the unflagged one that stands where the sender
/// puts its IDLE.
fn readings(slots: &[Decoded], members: &[usize]) -> Vec<Vec<usize>> {
    /// Bad slots beyond this many cannot be two data words and a few IDLEs.
    const MOST_BAD: usize = 6;
    let before_end = &members[..members.len() - 1];
    let bad: Vec<usize> = before_end.iter().copied().filter(|k| slots[*k].flag.is_bad()).collect();
    if bad.len() > MOST_BAD {
        return vec![];
    }
    let mut readings = vec![vec![]];
    readings.extend(bad.iter().map(|k| vec![*k]));
    let gap = before_end.last().copied().filter(|k| !slots[*k].flag.is_bad());
    readings.extend(gap.map(|k| vec![k]));
    for (n, k) in bad.iter().enumerate() {
        readings.extend(bad[..n].iter().map(|j| vec![*j, *k]));
        readings.extend(gap.map(|j| vec![*k, j]));
    }
    readings.retain(|dropped| dropped.len() + 1 < members.len());
    readings
}

/// What a forwarder XORed onto END.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stomp {
    None,
    Soft,
    Hard,
}

/// What may have been XORed onto this END: by its flags, or nothing and the flags are wrong.
fn stomps(end: &Decoded) -> impl Iterator<Item = Stomp> + use<> {
    let flags = EndFlags::from_byte((end.data >> 8) as u8);
    let stomped = !end.flag.is_bad() && end.data as u8 == END && flags.stomp;
    let by_flags = if flags.soft { Stomp::Soft } else { Stomp::Hard };
    stomped.then_some(by_flags).into_iter().chain([Stomp::None])
}

/// One reading of the slots: data words, then END.
struct Reading {
    words: Vec<u64>,
    kinds: Vec<u8>,
    flags: Vec<Flag>,
    /// What is wrong in each class, when its parity word can be used.
    residual: [Option<u64>; 2],
    stomp: Stomp,
}

impl Reading {
    fn new(slots: &[Decoded], kept: &[usize], tail: Tail, stomp: Stomp) -> Self {
        let mut words: Vec<u64> = kept.iter().map(|k| slots[*k].data).collect();
        let end = words.len() - 1;
        words[end] ^= match stomp {
            Stomp::None => 0,
            Stomp::Soft => STOMP_SOFT.data,
            Stomp::Hard => STOMP_HARD.data,
        };
        let sums = parity_of(words.iter().copied());
        let residual = [0, 1].map(|class| {
            let parity = tail.parity[class].map(|k| slots[k]).filter(|s| !s.flag.is_bad())?;
            Some(sums[class] ^ parity.data)
        });
        let kinds = kept.iter().map(|k| slots[*k].kind).collect();
        let flags = kept.iter().map(|k| slots[*k].flag).collect();
        Reading { words, kinds, flags, residual, stomp }
    }

    /// Changes of one class that may make the frame right: (place or none, effect on the CRC state).
    fn changes(&self, class: usize) -> Vec<(Option<usize>, u32)> {
        let members = || (class..self.words.len()).step_by(2);
        let bad: Vec<usize> = members().filter(|k| self.flags[*k].is_bad()).collect();
        let unchanged = (None, 0);
        match (bad.len(), self.residual[class]) {
            (0, None | Some(0)) => vec![unchanged],
            (1, Some(delta)) => {
                let behind = self.words.len() - 1 - bad[0];
                vec![(Some(bad[0]), crc::effects(delta, behind + 1)[behind])]
            }
            (0, Some(delta)) => {
                let effects = crc::effects(delta, self.words.len());
                let effect = |k: usize| effects[self.words.len() - 1 - k];
                let mut places: Vec<usize> = members().collect();
                places.sort_by_key(|k| self.flags[*k] != Flag::Corrected);
                std::iter::once(unchanged).chain(places.into_iter().map(|k| (Some(k), effect(k)))).collect()
            }
            _ => vec![],
        }
    }

    fn solve(&self) -> Option<Repaired> {
        let state = crc::words(INITIAL, self.words.iter().copied());
        let odd = self.changes(1);
        for (even_place, even_effect) in self.changes(0) {
            for (odd_place, odd_effect) in &odd {
                if state ^ even_effect ^ odd_effect != RESIDUE {
                    continue;
                }
                if let Some(done) = self.finish([even_place, *odd_place]) {
                    return Some(done);
                }
            }
        }
        None
    }

    /// The frame with these words restored, when END agrees with what is known.
    fn finish(&self, places: [Option<usize>; 2]) -> Option<Repaired> {
        let mut words = self.words.clone();
        let mut restored = 0;
        for (class, place) in places.into_iter().enumerate() {
            if let (Some(place), Some(delta)) = (place, self.residual[class]) {
                words[place] ^= delta;
                restored += u32::from(delta != 0);
            }
        }
        let end = words.pop()?;
        let flags = EndFlags::from_byte((end >> 8) as u8);
        let count = words.len();
        let last = kind_of(count - 1, count, flags.last_bytes);
        let doubted = self.flags[count - 1] != Flag::Clean || places.contains(&Some(count - 1));
        let agrees = doubted || self.kinds[count - 1] == last;
        (end as u8 == END && !flags.stomp && agrees).then(|| Repaired {
            frame: Frame { words, last_bytes: flags.last_bytes, sequence: (end >> 16) as u16 },
            restored,
            was_soft: self.stomp == Stomp::Soft,
        })
    }
}

#[cfg(test)]
#[path = "repair_tests.rs"]
mod tests;
