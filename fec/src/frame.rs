//! A frame as the transmitter puts it on the line, and the same without type and check bits.

use super::{codec, crc};
use firstlight_spec::control::{EndFlags, Idle, end};
use firstlight_spec::crc::INITIAL;
use firstlight_spec::slot::{BEAT_BYTES, Slot, slot_type};

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// At least one word; unused bytes of the last travel as they are.
    pub words: Vec<u64>,
    /// Valid bytes of the last word, 1..=8.
    pub last_bytes: u8,
    pub sequence: u16,
}

/// Words that a frame of `bytes` needs.
pub const fn words_of(bytes: usize) -> usize {
    bytes.div_ceil(BEAT_BYTES)
}

/// Slots of a frame of `words` data words, from the first to END or the parity words: data, IDLE, END, parity.
pub const fn slots_of(words: usize, parity: bool) -> usize {
    words + 2 + if parity { 2 } else { 0 }
}

/// Type of data word `index` of `count`.
pub const fn kind_of(index: usize, count: usize, last_bytes: u8) -> u8 {
    if index + 1 == count {
        slot_type::last(last_bytes as usize)
    } else if index == 0 {
        slot_type::FIRST
    } else {
        slot_type::MORE
    }
}

/// XOR of the words of even index, and of those of odd index.
pub fn parity_of(words: impl IntoIterator<Item = u64>) -> [u64; 2] {
    let mut sums = [0; 2];
    for (index, word) in words.into_iter().enumerate() {
        sums[index % 2] ^= word;
    }
    sums
}

impl Frame {
    /// The slots on the line: data, IDLE, END and, at L3, the parity words.
    pub fn slots(&self, parity: bool) -> Vec<Slot> {
        let mut slots = Vec::with_capacity(slots_of(self.words.len(), parity));
        for (index, word) in self.words.iter().enumerate() {
            slots.push(codec::encode(*word, kind_of(index, self.words.len(), self.last_bytes)));
        }
        slots.push(gap());
        let end = self.end(parity);
        slots.push(end);
        if parity {
            let sums = parity_of(self.words.iter().copied().chain([end.data]));
            slots.extend(sums.map(|sum| codec::encode(sum, slot_type::PARITY)));
        }
        slots
    }

    /// The END of this frame.
    pub fn end(&self, parity: bool) -> Slot {
        let flags = EndFlags { parity, last_bytes: self.last_bytes, ..EndFlags::default() };
        end(flags, self.sequence, crc::words(INITIAL, self.words.iter().copied()))
    }

    /// The frame for a link without spare bits: data, END and two parity words of 64 bits, nothing else.
    pub fn raw_words(&self) -> Vec<u64> {
        let mut words = self.words.clone();
        words.push(self.end(true).data);
        let sums = parity_of(words.iter().copied());
        words.extend(sums);
        words
    }
}

/// The IDLE between a frame's last word and its END.
pub fn gap() -> Slot {
    Idle { state: Idle::LOCKED | Idle::LIGHT, ..Idle::default() }.to_slot()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_three_words_has_two_slots_of_overhead_and_four_with_parity() {
        let frame = Frame { words: vec![1, 2, 4], last_bytes: 5, sequence: 9 };
        let slots = frame.slots(true);
        let kinds: Vec<u8> = slots.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [1, 2, 0b1100, 0, 0, 3, 3]);
        assert_eq!(slots.len(), slots_of(3, true));
        assert_eq!(frame.slots(false).len(), slots_of(3, false));
        assert_eq!(slots[5].data, 1 ^ 4, "END has index 3: odd");
        assert_eq!(slots[6].data, 2 ^ slots[4].data);
    }

    #[test]
    fn a_frame_of_one_word_is_last_at_once_and_its_empty_class_sends_no_zero() {
        let frame = Frame { words: vec![7], last_bytes: 8, sequence: 0 };
        let slots = frame.slots(true);
        assert_eq!(slots[0].kind, 0b1111);
        assert_eq!((slots[3].data, slots[4].data), (7, slots[2].data));
    }
}
