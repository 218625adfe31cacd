//! What the transmitter puts on the line for a frame, END's content included.

use firstlight_spec::control::{EndFlags, end};
use firstlight_spec::crc::{INITIAL, word};
use firstlight_spec::slot::{Slot, slot_type};

/// How a frame ends at its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its last word.
    Last,
    /// The client aborted with the last word.
    Aborted,
    /// The client stalled: no last word; the CRC counts one word of zeros, the byte count is that of one byte.
    Stalled,
}

/// The slots of a frame without the IDLEs between them: data, END, parity words.
pub fn slots(words: &[u64], last_bytes: u8, sequence: u16, parity: bool, ending: Ending) -> Vec<Slot> {
    let mut slots = vec![];
    for (k, data) in words.iter().enumerate() {
        let is_last = k + 1 == words.len() && ending != Ending::Stalled;
        let kind = match (is_last, k) {
            (true, _) => slot_type::last(last_bytes as usize),
            (false, 0) => slot_type::FIRST,
            (false, _) => slot_type::MORE,
        };
        slots.push(Slot::new(*data, kind));
    }
    let mut state = words.iter().fold(INITIAL, |state, data| word(state, *data));
    if ending == Ending::Stalled {
        state = word(state, 0);
    }
    let last_bytes = if ending == Ending::Stalled { 1 } else { last_bytes };
    let flags = EndFlags { stomp: ending != Ending::Last, soft: false, parity, last_bytes };
    slots.push(end(flags, sequence, state));
    if parity {
        let mut sums = [0; 2];
        slots.iter().enumerate().for_each(|(k, slot)| sums[k % 2] ^= slot.data);
        slots.extend(sums.map(|sum| Slot::new(sum, slot_type::PARITY)));
    }
    slots
}
