//! PRBS-31 bit by bit: x^31 + x^28 + 1.

/// The stream of a generator that was just started.
#[derive(Clone, Debug)]
pub struct Prbs31 {
    /// The last 31 bits, the most recent in bit 0.
    state: u32,
}

impl Default for Prbs31 {
    fn default() -> Self {
        Prbs31 { state: 0x7fff_ffff }
    }
}

impl Prbs31 {
    /// Continues behind a word that was seen.
    pub fn after(word: u64) -> Self {
        Prbs31 { state: (word.reverse_bits() & 0x7fff_ffff) as u32 }
    }
    /// The next 64 bits, the first in bit 0.
    pub fn word(&mut self) -> u64 {
        (0..64).fold(0, |word, i| {
            let bit = (self.state >> 30 ^ self.state >> 27) & 1;
            self.state = (self.state << 1 | bit) & 0x7fff_ffff;
            word | (bit as u64) << i
        })
    }
}
