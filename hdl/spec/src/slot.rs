//! The slot on the line: 64 data bits, 4 type bits, 8 check bits.
//!
//! | bits | field | meaning |
//! |------|-------|---------|
//! | 64   | data  | byte 0 in bits 7..0, first on the line |
//! | 4    | type  | [`SlotType`] |
//! | 8    | check | Hsiao SECDED (76,68) over data and type, XORed with [`COSET`] |
//!
//! The code: all 76 columns of H are distinct and of odd weight, so one error is corrected and two are flagged.
//! Columns stand in [`COLUMNS`] by line position; the eight of weight 1 are the check bits, spread over the line so
//! that no burst of three is miscorrected. The other 68 positions carry type bits 0..3, then data bits 0..63.

/// Bits of one slot on the line.
pub const SLOT_BITS: usize = 76;
/// Data bits of one slot.
pub const DATA_BITS: usize = 64;
/// Bytes of one beat.
pub const BEAT_BYTES: usize = DATA_BITS / 8;
/// Type bits of one slot.
pub const TYPE_BITS: usize = 4;
/// Check bits of one slot.
pub const CHECK_BITS: usize = 8;
/// XORed onto the check bits, so that a line stuck at one level or toggling is an uncorrectable word.
pub const COSET: u8 = 0x03;

/// Column of H for every line position (bit b = row b).
pub const COLUMNS: [u8; SLOT_BITS] = [
    0x92, 0x89, 0xe9, 0x86, 0x98, 0xc4, 0x91, 0xb6, 0x80, 0x8a, 0xc1, 0xdc, 0x61, 0x52, 0xe0, 0x4c, 0x6b, 0x51, 0x40,
    0xce, 0x6d, 0xd0, 0x45, 0x46, 0x64, 0x1c, 0x85, 0x04, 0x62, 0x94, 0x49, 0x16, 0x29, 0xa8, 0x58, 0x2a, 0x0d, 0x08,
    0xc8, 0x1a, 0x79, 0x2c, 0x8c, 0x4a, 0x19, 0x34, 0x10, 0x57, 0xb0, 0x38, 0x32, 0x70, 0x31, 0xa4, 0xa2, 0x68, 0x20,
    0x75, 0xa1, 0x0e, 0x15, 0x54, 0x26, 0x9e, 0x13, 0x02, 0xc2, 0x23, 0x9b, 0x07, 0x83, 0x43, 0xb3, 0x0b, 0x25, 0x01,
];

/// What a slot carries. Values 4..=7 are reserved; 8 + n is the last word of a frame with n + 1 valid bytes.
pub mod slot_type {
    /// Control word: byte 0 says which (see [`crate::control`]).
    pub const CONTROL: u8 = 0b0000;
    /// First data word of a frame, full.
    pub const FIRST: u8 = 0b0001;
    /// Further data word, full.
    pub const MORE: u8 = 0b0010;
    /// Tail-parity word, only directly after END: even words, then odd words.
    pub const PARITY: u8 = 0b0011;
    /// Last data word; the low three bits are the number of valid bytes less one.
    pub const LAST: u8 = 0b1000;

    /// Type of a last word with `bytes` valid bytes (1..=8).
    pub const fn last(bytes: usize) -> u8 {
        assert!(bytes >= 1 && bytes <= 8);
        LAST | (bytes as u8 - 1)
    }
    /// A last word, of any length?
    pub const fn is_last(kind: u8) -> bool {
        kind & LAST != 0
    }
    /// A type that no sender uses?
    pub const fn is_reserved(kind: u8) -> bool {
        kind & 0b1100 == 0b0100
    }
}

/// One slot, in the three fields that the gateware carries side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Slot {
    /// Data word, byte 0 in the low bits.
    pub data: u64,
    /// Four type bits.
    pub kind: u8,
    /// Check bits as sent, coset included.
    pub check: u8,
}

/// Line positions of the 68 information bits: type 0..3, then data 0..63.
pub const INFO_POSITIONS: [usize; TYPE_BITS + DATA_BITS] = positions(false);
/// Line positions of check bits 0..7 (row 0..7).
pub const CHECK_POSITIONS: [usize; CHECK_BITS] = check_positions();

const fn positions<const N: usize>(checks: bool) -> [usize; N] {
    let mut out = [0; N];
    let (mut i, mut n) = (0, 0);
    while i < SLOT_BITS {
        if (COLUMNS[i].count_ones() == 1) == checks {
            out[n] = i;
            n += 1;
        }
        i += 1;
    }
    assert!(n == N);
    out
}

const fn check_positions() -> [usize; CHECK_BITS] {
    let found: [usize; CHECK_BITS] = positions(true);
    let mut out = [0; CHECK_BITS];
    let mut i = 0;
    while i < CHECK_BITS {
        out[COLUMNS[found[i]].trailing_zeros() as usize] = found[i];
        i += 1;
    }
    out
}

/// Data bits that enter row r of the check.
pub const DATA_MASKS: [u64; CHECK_BITS] = masks().0;
/// Type bits that enter row r of the check.
pub const TYPE_MASKS: [u8; CHECK_BITS] = masks().1;

const fn masks() -> ([u64; CHECK_BITS], [u8; CHECK_BITS]) {
    let (mut data, mut kind) = ([0u64; CHECK_BITS], [0u8; CHECK_BITS]);
    let mut i = 0;
    while i < INFO_POSITIONS.len() {
        let column = COLUMNS[INFO_POSITIONS[i]];
        let mut row = 0;
        while row < CHECK_BITS {
            if column >> row & 1 != 0 {
                if i < TYPE_BITS {
                    kind[row] |= 1 << i;
                } else {
                    data[row] |= 1 << (i - TYPE_BITS);
                }
            }
            row += 1;
        }
        i += 1;
    }
    (data, kind)
}

/// Check bits of a word without the coset: linear in `data` and `kind`.
pub const fn parity(data: u64, kind: u8) -> u8 {
    let mut check = 0;
    let mut row = 0;
    while row < CHECK_BITS {
        let ones = (data & DATA_MASKS[row]).count_ones() + (kind & TYPE_MASKS[row]).count_ones();
        check |= ((ones & 1) as u8) << row;
        row += 1;
    }
    check
}

/// Check bits as sent.
pub const fn check(data: u64, kind: u8) -> u8 {
    parity(data, kind) ^ COSET
}

impl Slot {
    /// A code word.
    pub const fn new(data: u64, kind: u8) -> Self {
        Slot { data, kind, check: check(data, kind) }
    }
    /// 0 for a code word, the sum of the columns of the wrong positions otherwise.
    pub const fn syndrome(self) -> u8 {
        check(self.data, self.kind) ^ self.check
    }
    /// The slot as 76 line bits, position 0 in bit 0.
    pub const fn to_line(self) -> u128 {
        let mut line = 0u128;
        let mut i = 0;
        while i < INFO_POSITIONS.len() {
            let bit = if i < TYPE_BITS { (self.kind >> i) as u64 & 1 } else { self.data >> (i - TYPE_BITS) & 1 };
            line |= (bit as u128) << INFO_POSITIONS[i];
            i += 1;
        }
        let mut row = 0;
        while row < CHECK_BITS {
            line |= ((self.check >> row & 1) as u128) << CHECK_POSITIONS[row];
            row += 1;
        }
        line
    }
    /// The inverse of [`Slot::to_line`].
    pub const fn from_line(line: u128) -> Self {
        let mut slot = Slot { data: 0, kind: 0, check: 0 };
        let mut i = 0;
        while i < INFO_POSITIONS.len() {
            let bit = (line >> INFO_POSITIONS[i] & 1) as u64;
            if i < TYPE_BITS {
                slot.kind |= (bit as u8) << i;
            } else {
                slot.data |= bit << (i - TYPE_BITS);
            }
            i += 1;
        }
        let mut row = 0;
        while row < CHECK_BITS {
            slot.check |= ((line >> CHECK_POSITIONS[row] & 1) as u8) << row;
            row += 1;
        }
        slot
    }
    /// The slot with its line positions in `mask` inverted.
    pub const fn flipped(self, mask: u128) -> Self {
        Slot::from_line(self.to_line() ^ mask)
    }
}

/// Which single position a syndrome names: `Some(line position)`, or `None` for 0 and for uncorrectable ones.
pub const fn position_of(syndrome: u8) -> Option<usize> {
    let mut i = 0;
    while i < SLOT_BITS {
        if COLUMNS[i] == syndrome {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// How a receiver reads a syndrome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A code word.
    Clean,
    /// One wrong bit, at this line position.
    Single(usize),
    /// Even and not zero: two wrong bits (or four ...). Known with the word.
    BadEven,
    /// Odd, but no column: three wrong bits (or five ...). Known up to two cycles later.
    BadOdd,
}

/// Reads a syndrome.
pub const fn read_syndrome(syndrome: u8) -> Reading {
    if syndrome == 0 {
        return Reading::Clean;
    }
    if syndrome.count_ones().is_multiple_of(2) {
        return Reading::BadEven;
    }
    match position_of(syndrome) {
        Some(position) => Reading::Single(position),
        None => Reading::BadOdd,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_distinct_and_odd_and_carry_236_ones() {
        let mut seen = [false; 256];
        for column in COLUMNS {
            assert!(column.count_ones() % 2 == 1 && !seen[column as usize]);
            seen[column as usize] = true;
        }
        assert_eq!(COLUMNS.iter().map(|c| c.count_ones()).sum::<u32>(), 236);
        assert_eq!(CHECK_POSITIONS.iter().map(|p| COLUMNS[*p]).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32, 64, 128]);
    }

    #[test]
    fn row_masks_are_those_of_the_published_table() {
        // design table of the (76,68) code: type mask, data mask
        let rows: [(u8, u64); 8] = [
            (0b0110, 0xff458851229158a4),
            (0b1001, 0x7ff2224891222918),
            (0b1000, 0x843e9066215f644a),
            (0b0110, 0x4222411ffe886c51),
            (0b0001, 0x226c8ff18948914d),
            (0b0100, 0xa111ffa316244a88),
            (0b0100, 0x1088c44948a7ffe2),
            (0b1111, 0x2aa130844450a27f),
        ];
        for (row, (kind, data)) in rows.into_iter().enumerate() {
            assert_eq!((TYPE_MASKS[row], DATA_MASKS[row]), (kind, data), "row {row}");
        }
    }

    #[test]
    fn check_bits_match_the_published_vectors() {
        for (kind, data, want) in [
            (0b0000, 0, 0x03),
            (0b0001, 1, 0x09),
            (0b0010, 0x8000000000000000, 0xaf),
            (0b0001, 0x0123456789abcdef, 0xb6),
            (0b0010, u64::MAX, 0xa7),
            (0b1011, 0xdeadbeefcafef00d, 0x2a),
            (0b0011, 0x5555555555555555, 0xdb),
        ] {
            assert_eq!(check(data, kind), want);
        }
    }

    #[test]
    fn a_slot_survives_the_way_over_the_line() {
        let mut x = 1u64;
        for _ in 0..1000 {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let slot = Slot { data: x, kind: (x >> 7) as u8 & 15, check: (x >> 23) as u8 };
            assert_eq!(Slot::from_line(slot.to_line()), slot);
        }
    }

    #[test]
    fn a_flipped_position_shows_its_own_column() {
        let slot = Slot::new(0x0123456789abcdef, slot_type::FIRST);
        for (position, column) in COLUMNS.into_iter().enumerate() {
            assert_eq!(slot.flipped(1 << position).syndrome(), column);
            assert_eq!(read_syndrome(column), Reading::Single(position));
        }
    }

    #[test]
    fn a_stuck_or_toggling_line_is_never_accepted() {
        let ones = (1u128 << SLOT_BITS) - 1;
        for line in [0, ones, ones / 3, ones / 3 * 2] {
            let syndrome = Slot::from_line(line & ones).syndrome();
            assert!(matches!(read_syndrome(syndrome), Reading::BadEven | Reading::BadOdd), "{line:x}: {syndrome:02x}");
        }
    }
}
