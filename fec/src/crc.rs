//! CRC-32C by table, eight bytes a step; and the effect of one wrong word at the end of a frame.

use firstlight_spec::crc::step;

static TABLE: [[u32; 256]; 8] = table();

const fn table() -> [[u32; 256]; 8] {
    let mut table = [[0; 256]; 8];
    let mut v = 0;
    while v < 256 {
        let mut k = 0;
        while k < 8 {
            // byte k of a word is followed by 7 - k more
            table[k][v] = step(0, (v as u64) << (8 * k), 64);
            k += 1;
        }
        v += 1;
    }
    table
}

/// One whole word into `state`.
#[inline]
pub fn word(state: u32, data: u64) -> u32 {
    let bytes = (data ^ u64::from(state)).to_le_bytes();
    TABLE.iter().zip(bytes).fold(0, |sum, (table, byte)| sum ^ table[byte as usize])
}

/// All words of a frame, END last.
pub fn words(state: u32, data: impl IntoIterator<Item = u64>) -> u32 {
    data.into_iter().fold(state, word)
}

/// How a difference `delta` in one word moves the final state, for every place: result `k` is for the word that `k`
/// others follow.
pub fn effects(delta: u64, places: usize) -> Vec<u32> {
    std::iter::successors(Some(word(0, delta)), |effect| Some(word(*effect, 0))).take(places).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_spec::crc;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_table_steps_as_the_bits_do(state: u32, data: u64) {
            prop_assert_eq!(word(state, data), crc::word(state, data));
        }

        #[test]
        fn an_effect_is_the_difference_at_the_end(data in proptest::collection::vec(any::<u64>(), 1..9), delta: u64, at: prop::sample::Index) {
            let at = at.index(data.len());
            let mut wrong = data.clone();
            wrong[at] ^= delta;
            let difference = words(crc::INITIAL, data.clone()) ^ words(crc::INITIAL, wrong);
            prop_assert_eq!(effects(delta, data.len())[data.len() - 1 - at], difference);
        }
    }
}
