//! The code bit by bit, with the table of columns as an argument, and the promises that it must keep.

use super::codec::Flag;
use firstlight_spec::slot::{CHECK_POSITIONS, COSET, INFO_POSITIONS, SLOT_BITS};

/// A code given by its columns; which positions are check bits is fixed by the slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub columns: [u8; SLOT_BITS],
}

impl Reference {
    /// Sum of the columns at the positions set in `line`.
    pub fn sum(&self, line: u128) -> u8 {
        (0..SLOT_BITS).filter(|i| line >> i & 1 != 0).fold(0, |sum, i| sum ^ self.columns[i])
    }

    /// Information bits (type 0..3, then data 0..63) to line bits.
    pub fn encode(&self, info: u128) -> u128 {
        let mut line = 0;
        for (bit, position) in INFO_POSITIONS.into_iter().enumerate() {
            line |= (info >> bit & 1) << position;
        }
        let check = self.sum(line) ^ COSET;
        for (row, position) in CHECK_POSITIONS.into_iter().enumerate() {
            line |= u128::from(check >> row & 1) << position;
        }
        line
    }

    /// Line bits after correction, and what is known about them.
    pub fn decode(&self, line: u128) -> (u128, Flag) {
        let syndrome = self.sum(line) ^ COSET;
        if syndrome == 0 {
            return (line, Flag::Clean);
        }
        if syndrome.count_ones().is_multiple_of(2) {
            return (line, Flag::BadEven);
        }
        match self.columns.iter().position(|column| *column == syndrome) {
            Some(position) => (line ^ 1 << position, Flag::Corrected),
            None => (line, Flag::BadOdd),
        }
    }

    /// Checks what the link relies on: a sent word is clean, each single error is corrected, each double is flagged.
    pub fn keeps_its_promises(&self) -> Result<(), String> {
        let words = (0..INFO_POSITIONS.len()).map(|bit| 1u128 << bit).chain([0, (1 << INFO_POSITIONS.len()) - 1]);
        for info in words {
            let sent = self.encode(info);
            if self.decode(sent) != (sent, Flag::Clean) {
                return Err(format!("information {info:x} is sent as a word that is not clean"));
            }
        }
        let sent = self.encode(0);
        for i in 0..SLOT_BITS {
            if self.decode(sent ^ 1 << i) != (sent, Flag::Corrected) {
                return Err(format!("a single error at position {i} is not corrected"));
            }
            for j in 0..i {
                let received = sent ^ 1 << i ^ 1 << j;
                if !self.decode(received).1.is_bad() {
                    return Err(format!("a double error at positions {j} and {i} is not flagged"));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;
    use firstlight_spec::slot::{COLUMNS, Slot, TYPE_BITS};
    use proptest::prelude::*;

    #[test]
    fn the_published_table_keeps_its_promises_and_none_of_its_608_mutants_does() {
        assert_eq!(Reference { columns: COLUMNS }.keeps_its_promises(), Ok(()));
        let mut caught = 0;
        for position in 0..SLOT_BITS {
            for row in 0..8 {
                let mut columns = COLUMNS;
                columns[position] ^= 1 << row;
                let verdict = Reference { columns }.keeps_its_promises();
                assert!(verdict.is_err(), "column {position} row {row} inverted, and nothing noticed");
                caught += 1;
            }
        }
        assert_eq!(caught, 608);
    }

    proptest! {
        #[test]
        fn the_tables_decode_as_the_reference_does(data: u64, kind in 0u8..16, mask in 0u128..1 << SLOT_BITS, sparse: bool) {
            let reference = Reference { columns: COLUMNS };
            let mask = if sparse { mask & mask >> 1 & mask >> 5 & mask >> 11 & mask >> 17 } else { mask };
            let sent = reference.encode(u128::from(kind) | u128::from(data) << TYPE_BITS);
            prop_assert_eq!(sent, codec::encode(data, kind).to_line());
            let (line, flag) = reference.decode(sent ^ mask);
            let got = codec::decode(Slot::from_line(sent ^ mask));
            let want = Slot::from_line(line);
            prop_assert_eq!((got.data, got.kind, got.flag), (want.data, want.kind, flag));
        }
    }
}
