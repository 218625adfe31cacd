//! Cuts a run of stored slots into frames with parity words.

use super::codec::Decoded;
use super::repair::is_idle;
use firstlight_spec::control::{END, EndFlags};
use firstlight_spec::slot::slot_type;

/// Pieces of one frame each, as [`repair`](super::repair::repair) takes them: damaged slots between two frames stand
/// before the second. Where a cut cannot be told, two frames stay in one piece.
pub fn frames(slots: &[Decoded]) -> Vec<&[Decoded]> {
    let (mut pieces, mut start) = (vec![], 0);
    for k in 0..slots.len() {
        if k < start {
            continue;
        }
        // a first word behind anything known, or any data behind a parity word, belongs to the next frame
        let known = |k: usize| (!slots[k].flag.is_bad() && !is_idle(&slots[k])).then_some(slots[k].kind);
        let mut before = (start..k).filter_map(known);
        let opens = match known(k) {
            Some(slot_type::FIRST) => before.next().is_some(),
            Some(kind) => kind != slot_type::CONTROL && kind != slot_type::PARITY && before.any(is_parity),
            None => false,
        };
        if opens {
            pieces.push(&slots[start..k]);
            start = k;
        } else if let Some(end) = behind(slots, start, k) {
            pieces.push(&slots[start..end]);
            start = end;
        }
    }
    if start < slots.len() {
        pieces.push(&slots[start..]);
    }
    pieces
}

fn is_parity(kind: u8) -> bool {
    kind == slot_type::PARITY
}

/// Where the frame ends whose second parity word, or else whose END, is slot `k`.
fn behind(slots: &[Decoded], start: usize, k: usize) -> Option<usize> {
    let parity = |k: usize| !slots[k].flag.is_bad() && is_parity(slots[k].kind);
    let slot = slots[k];
    if k > start && parity(k) && parity(k - 1) {
        return Some(k + 1);
    }
    let is_end = !slot.flag.is_bad() && slot.kind == slot_type::CONTROL && slot.data as u8 == END;
    let parity = EndFlags::from_byte((slot.data >> 8) as u8).parity;
    is_end.then(|| (k + if parity { 3 } else { 1 }).min(slots.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;
    use crate::frame::{Frame, gap};
    use crate::repair::repair;

    /// Two wrong bits: flagged.
    const DOUBLE: u128 = 1 << 40 | 1 << 11;

    fn frame(n: u64) -> Frame {
        let words = (0..1 + n * 3 % 5).map(|k| (n << 8 | k).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        Frame { words, last_bytes: 6, sequence: n as u16 }
    }

    /// Frames back to back, the IDLE of some gaps damaged, and what the memory stores of them.
    fn stored(count: u64, hit: &[usize]) -> Vec<Decoded> {
        let sent = (0..count).flat_map(|n| {
            let damaged = (n % 2 == 1).then(|| codec::invert(gap(), DOUBLE));
            damaged.into_iter().chain(frame(n).slots(true))
        });
        let received = sent.enumerate().map(|(k, s)| if hit.contains(&k) { codec::invert(s, DOUBLE) } else { s });
        received.map(codec::decode).filter(|s| !is_idle(s)).collect()
    }

    fn repaired(slots: &[Decoded]) -> Vec<Option<Frame>> {
        frames(slots).into_iter().map(|piece| repair(piece).ok().map(|r| r.frame)).collect()
    }

    #[test]
    fn every_frame_is_whole_wherever_one_or_two_neighbouring_slots_are_damaged() {
        let want: Vec<Option<Frame>> = (0..6).map(|n| Some(frame(n))).collect();
        assert_eq!(repaired(&stored(6, &[])), want);
        let owners: Vec<u64> = (0..6).flat_map(|n| vec![n; frame(n).slots(true).len() + n as usize % 2]).collect();
        for (k, owner) in owners.iter().enumerate() {
            assert_eq!(repaired(&stored(6, &[k])), want, "slot {k}");
            let got = repaired(&stored(6, &[k, k + 1]));
            // END and the parity word of its own class: the one pair of neighbours that no parity repairs
            let is_end = owners[k..].iter().take_while(|n| *n == owner).count() == 3;
            let hopeless = is_end && frame(*owner).words.len().is_multiple_of(2);
            let want = want.iter().enumerate().map(|(n, f)| f.clone().filter(|_| !hopeless || n as u64 != *owner));
            assert_eq!(got, want.collect::<Vec<_>>(), "slots {k} and {}", k + 1);
        }
    }

    #[test]
    fn a_lost_frame_does_not_take_its_neighbours_along() {
        // words 0 and 2 of frame 3, of one class
        let at: usize = (0..3).map(|n| frame(n).slots(true).len() + n as usize % 2).sum::<usize>() + 1;
        let got = repaired(&stored(6, &[at, at + 2]));
        assert_eq!(frame(3).words.len(), 5);
        assert_eq!(got.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, false, true, true]);
    }

    #[test]
    fn nothing_is_no_frame() {
        assert!(frames(&[]).is_empty());
    }
}
