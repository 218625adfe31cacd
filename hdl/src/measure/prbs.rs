//! PRBS-31 (x^31 + x^28 + 1), 64 bits a word, bit 0 first.
//!
//! The last 31 bits of a word, its bits 63..33, determine the next word.

use crate::xor::rows_of;

/// Bits of the state.
pub const STATE_BITS: usize = 31;
/// Lowest bit of the state in a word.
pub const STATE_LSB: usize = 64 - STATE_BITS;

/// The word after a word whose bits 63..33 are `state`.
pub fn next_word(state: u64) -> u64 {
    // a window of the last 31 bits, the most recent on top
    let (mut window, mut word) = (state, 0);
    for i in 0..64 {
        let bit = (window ^ window >> 3) & 1;
        window = window >> 1 | bit << (STATE_BITS - 1);
        word |= bit << i;
    }
    word
}

/// Rows of [`next_word`] as a matrix of parities.
pub fn rows() -> Vec<u64> {
    rows_of(STATE_BITS, 64, next_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_the_next_word_is_one_lut() {
        assert!(rows().iter().all(|row| row.count_ones() <= 4));
    }

    #[test]
    fn each_bit_is_the_sum_of_those_31_and_28_before() {
        let words = [u64::MAX, next_word(u64::MAX >> STATE_LSB)];
        let bit = |i: usize| words[i / 64] >> (i % 64) & 1;
        for i in 64..128 {
            assert_eq!(bit(i), bit(i - 31) ^ bit(i - 28));
        }
    }
}
