//! A damaged frame at L3: two bad slots of different classes are always repaired, and whatever is given back stood in the
//! memory, its END with the CRC included, but for the words that are said to be restored.
//!
//! Input: words and bytes of the last word, then damage, four bytes or twelve each: what, where, and more.

use super::Bytes;
use firstlight_fec::codec;
use firstlight_fec::frame::{Frame, gap};
use firstlight_fec::repair::{Lost, Repaired, repair};
use firstlight_spec::control::STOMP_SOFT;
use firstlight_spec::slot::{SLOT_BITS, Slot};

fn frame(words: usize, last_bytes: u8) -> Frame {
    let words = (1..=words as u64).map(|k| k.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    Frame { words, last_bytes, sequence: 4711 }
}

/// Words of the repaired frame, END included, that were not stored.
fn foreign(repaired: &Repaired, stored: &[codec::Decoded]) -> usize {
    let was_stored = |word: u64| stored.iter().any(|s| s.data == word);
    let stomp = if repaired.was_soft { STOMP_SOFT.data } else { 0 };
    let has_end = [false, true].iter().any(|parity| was_stored(repaired.frame.end(*parity).data ^ stomp));
    repaired.frame.words.iter().filter(|w| !was_stored(**w)).count() + usize::from(!has_end)
}

fn decoded(slots: &[Slot]) -> Vec<codec::Decoded> {
    slots.iter().copied().map(codec::decode).collect()
}

/// A frame and what happened to it.
pub fn run(bytes: &[u8]) -> Result<(), String> {
    let mut input = Bytes(bytes);
    let (words, last_bytes) = (1 + (input.byte() & 15) as usize, 1 + (input.byte() & 7));
    let sent = frame(words, last_bytes);
    let mut slots = sent.slots(true);
    // classes of the slots that were hit by two bits each; IDLE is of none
    let class_of = |at: usize| match at {
        _ if at < words => Some(at % 2),
        _ if at == words => None,
        _ if at == words + 1 => Some(words % 2),
        _ => Some(at - words - 2),
    };
    let (mut hit, mut is_promised): (Vec<Option<usize>>, bool) = (vec![], true);
    for _ in 0..8 {
        if input.is_empty() || slots.is_empty() {
            break;
        }
        let (what, at) = (input.byte(), input.byte() as usize % slots.len());
        match what % 5 {
            0 => {
                let (a, b) = (input.byte() as usize % SLOT_BITS, input.byte() as usize % SLOT_BITS);
                is_promised &= a != b && !hit.contains(&class_of(at)) && hit.len() < 2;
                hit.push(class_of(at));
                slots[at] = codec::invert(slots[at], 1 << a ^ 1 << b);
            }
            1 => {
                is_promised = false;
                slots[at] = Slot { data: input.long(), kind: input.byte() & 15, check: input.byte() };
            }
            2 => {
                is_promised = false;
                slots[at] = codec::encode(input.long(), input.byte() & 15);
            }
            3 => {
                is_promised = false;
                slots.remove(at);
            }
            _ => {
                is_promised = false;
                slots.insert(at, if input.byte() & 1 == 0 { gap() } else { slots[at] });
            }
        }
    }
    let stored = [&[gap()], slots.as_slice(), &[gap()]].concat();
    let stored = decoded(&stored);
    match repair(&stored) {
        Ok(repaired) if foreign(&repaired, &stored) > repaired.restored as usize => {
            Err(format!("{repaired:x?} holds words that nobody sent"))
        }
        Ok(repaired) if is_promised && repaired.frame != sent => Err(format!("{repaired:x?}, sent {sent:x?}")),
        Err(lost) if is_promised => Err(format!("{lost:?} with bad slots of the classes {hit:?}")),
        Ok(_) | Err(Lost::Unrepairable | Lost::Aborted) => Ok(()),
    }
}
