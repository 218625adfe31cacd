//! CRC-32C (Castagnoli, reflected, initial value and final XOR all ones) over 64-bit words.
//!
//! A frame's CRC covers every data word as sent (unused bytes of the last word included) and the first four bytes of
//! END; END carries the complement, so that END itself runs through the receiver's unchanged engine to [`RESIDUE`].

/// Reflected polynomial 0x1EDC6F41.
pub const POLYNOMIAL: u32 = 0x82F6_3B78;
/// State before the first word.
pub const INITIAL: u32 = !0;
/// State after a frame and its END, when nothing is wrong.
pub const RESIDUE: u32 = step(0, 0xffff_ffff_0000_0000, 64);

/// Runs `bits` bits of `data` (least significant first) into `state`.
pub const fn step(mut state: u32, data: u64, bits: usize) -> u32 {
    let mut i = 0;
    while i < bits {
        let feedback = (state as u64 ^ data >> i) & 1;
        state >>= 1;
        if feedback != 0 {
            state ^= POLYNOMIAL;
        }
        i += 1;
    }
    state
}

/// One whole word.
pub const fn word(state: u32, data: u64) -> u32 {
    step(state, data, 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_value_of_the_catalogue() {
        let state = b"123456789".iter().fold(INITIAL, |s, b| step(s, *b as u64, 8));
        assert_eq!(!state, 0xe306_9283);
    }

    #[test]
    fn a_word_followed_by_its_own_crc_leaves_the_residue() {
        for lower in [0u32, 1, 0xdead_beef] {
            let state = step(word(INITIAL, 0x0123_4567_89ab_cdef), lower as u64, 32);
            let end = (lower as u64) | ((!state as u64) << 32);
            assert_eq!(word(word(INITIAL, 0x0123_4567_89ab_cdef), end), RESIDUE);
        }
    }
}
