//! The slot's code by table: eight look-ups a word to encode, nine to decode.

use firstlight_spec::slot::{
    CHECK_POSITIONS, COLUMNS, COSET, DATA_BITS, INFO_POSITIONS, Reading, Slot, TYPE_BITS, read_syndrome,
};

/// What a receiver knows about a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    Clean,
    /// One position was inverted.
    Corrected,
    /// Uncorrectable, even syndrome.
    BadEven,
    /// Uncorrectable, odd syndrome.
    BadOdd,
}

impl Flag {
    /// Uncorrectable?
    pub const fn is_bad(self) -> bool {
        matches!(self, Flag::BadEven | Flag::BadOdd)
    }
}

/// A word after correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub data: u64,
    pub kind: u8,
    pub flag: Flag,
}

/// What to invert for one syndrome.
#[derive(Clone, Copy)]
struct Action {
    data: u64,
    kind: u8,
    flag: Flag,
}

/// Check bits that byte k with value v contributes: `BYTES[k][v]`.
static BYTES: [[u8; 256]; 8] = byte_table();
/// Check bits of the four type bits, coset included.
static KINDS: [u8; 16] = kind_table();
static ACTIONS: [Action; 256] = action_table();

/// XOR of the columns of those information bits, counted from `first`, that are set in `value`.
const fn columns_of(value: u64, first: usize) -> u8 {
    let (mut sum, mut bit) = (0, 0);
    while bit < DATA_BITS && first + bit < INFO_POSITIONS.len() {
        if value >> bit & 1 != 0 {
            sum ^= COLUMNS[INFO_POSITIONS[first + bit]];
        }
        bit += 1;
    }
    sum
}

const fn byte_table() -> [[u8; 256]; 8] {
    let mut table = [[0; 256]; 8];
    let mut k = 0;
    while k < 8 {
        let mut v = 0;
        while v < 256 {
            table[k][v] = columns_of(v as u64, TYPE_BITS + 8 * k);
            v += 1;
        }
        k += 1;
    }
    table
}

const fn kind_table() -> [u8; 16] {
    let mut table = [COSET; 16];
    let mut v = 0;
    while v < 16 {
        table[v] ^= columns_of(v as u64, 0);
        v += 1;
    }
    table
}

const fn action_table() -> [Action; 256] {
    let mut table = [Action { data: 0, kind: 0, flag: Flag::Clean }; 256];
    let mut syndrome = 0;
    while syndrome < 256 {
        table[syndrome].flag = match read_syndrome(syndrome as u8) {
            Reading::Clean => Flag::Clean,
            Reading::Single(_) => Flag::Corrected,
            Reading::BadEven => Flag::BadEven,
            Reading::BadOdd => Flag::BadOdd,
        };
        syndrome += 1;
    }
    let mut i = 0;
    while i < INFO_POSITIONS.len() {
        let syndrome = COLUMNS[INFO_POSITIONS[i]] as usize;
        if i < TYPE_BITS {
            table[syndrome].kind = 1 << i;
        } else {
            table[syndrome].data = 1 << (i - TYPE_BITS);
        }
        i += 1;
    }
    table
}

/// Check bits as sent.
#[inline(always)]
pub fn check(data: u64, kind: u8) -> u8 {
    let bytes = data.to_le_bytes();
    let mut sum = KINDS[(kind & 15) as usize];
    for (table, byte) in BYTES.iter().zip(bytes) {
        sum ^= table[byte as usize];
    }
    sum
}

/// A code word.
#[inline(always)]
pub fn encode(data: u64, kind: u8) -> Slot {
    Slot { data, kind, check: check(data, kind) }
}

/// Corrects one wrong bit, flags two.
#[inline(always)]
pub fn decode(slot: Slot) -> Decoded {
    let action = &ACTIONS[(check(slot.data, slot.kind) ^ slot.check) as usize];
    Decoded { data: slot.data ^ action.data, kind: slot.kind ^ action.kind, flag: action.flag }
}

/// Scatters line positions into the slot's fields: `INVERT[k][v]` for byte k of the mask.
static INVERT: [[Slot; 256]; 10] = invert_table();

const fn invert_table() -> [[Slot; 256]; 10] {
    let mut table = [[Slot { data: 0, kind: 0, check: 0 }; 256]; 10];
    let mut k = 0;
    while k < 10 {
        let mut v = 0;
        while v < 256 {
            let mut row = 0;
            while row < CHECK_POSITIONS.len() {
                let p = CHECK_POSITIONS[row];
                if p / 8 == k && v >> (p % 8) & 1 != 0 {
                    table[k][v].check |= 1 << row;
                }
                row += 1;
            }
            let mut i = 0;
            while i < INFO_POSITIONS.len() {
                let p = INFO_POSITIONS[i];
                if p / 8 == k && v >> (p % 8) & 1 != 0 {
                    if i < TYPE_BITS {
                        table[k][v].kind |= 1 << i;
                    } else {
                        table[k][v].data |= 1 << (i - TYPE_BITS);
                    }
                }
                i += 1;
            }
            v += 1;
        }
        k += 1;
    }
    table
}

/// The slot with its line positions in `mask` inverted, as the line would.
pub fn invert(slot: Slot, mask: u128) -> Slot {
    let mut out = slot;
    for (table, byte) in INVERT.iter().zip(mask.to_le_bytes()) {
        let Slot { data, kind, check } = table[byte as usize];
        out = Slot { data: out.data ^ data, kind: out.kind ^ kind, check: out.check ^ check };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_spec::slot::SLOT_BITS;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tables_give_what_the_row_masks_give(data: u64, kind in 0u8..16, mask in 0u128..1 << SLOT_BITS) {
            let slot = encode(data, kind);
            prop_assert_eq!(slot, Slot::new(data, kind));
            prop_assert_eq!(invert(slot, mask), slot.flipped(mask));
        }
    }
}
