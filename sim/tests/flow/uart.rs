//! UARTBone commands as levels of a serial line, and the levels of the other line as words.

use firstlight_hdl::phy::pll::OUTPUT_HZ;
use firstlight_spec::limits::UART_BAUD;

/// Cycles of a bit.
const BIT: usize = ((OUTPUT_HZ + UART_BAUD / 2) / UART_BAUD) as usize;
/// Cycles of a byte, stop bit included.
const BYTE: usize = 10 * BIT;

/// What the host sends, one level for every cycle.
pub struct Script {
    line: Vec<bool>,
}

impl Script {
    /// Begins with `cycles` of rest.
    pub fn after(cycles: usize) -> Self {
        Script { line: vec![true; cycles] }
    }
    /// The line rests.
    pub fn wait(&mut self, cycles: usize) {
        self.line.extend(std::iter::repeat_n(true, cycles));
    }
    /// Writes words at rising addresses.
    pub fn write(&mut self, word: u32, values: &[u32]) {
        self.command(1, values.len() as u8, word);
        values.iter().flat_map(|value| value.to_be_bytes()).for_each(|byte| self.byte(byte));
        self.wait(BYTE);
    }
    /// Reads words at rising addresses, and leaves the time for the answer.
    pub fn read(&mut self, word: u32, count: u8) {
        self.command(2, count, word);
        self.wait(BYTE * (2 + 4 * count as usize));
    }
    pub fn line(&self) -> &[bool] {
        &self.line
    }

    fn command(&mut self, kind: u8, count: u8, word: u32) {
        [kind, count].into_iter().chain(word.to_be_bytes()).for_each(|byte| self.byte(byte));
    }
    fn byte(&mut self, byte: u8) {
        let bits = std::iter::once(false).chain((0..8).map(|i| byte >> i & 1 != 0)).chain([true]);
        for bit in bits {
            self.line.extend(std::iter::repeat_n(bit, BIT));
        }
    }
}

/// Bytes on a line that rests high, four to a word, most significant first.
pub fn words(line: &[bool]) -> Vec<u32> {
    let mut bytes = Vec::new();
    let mut at = line.iter().position(|level| *level).unwrap_or(line.len());
    while let Some(start) = line[at..].iter().position(|level| !level).map(|n| at + n) {
        let bit = |i: usize| line.get(start + i * BIT + BIT / 2).copied().unwrap_or(true);
        assert!(!bit(0) && bit(9), "a byte without start or stop bit at cycle {start}");
        bytes.push((0..8).fold(0u8, |byte, i| byte | (bit(1 + i) as u8) << i));
        at = (start + 9 * BIT + BIT / 2).min(line.len());
    }
    bytes.chunks(4).map(|word| word.iter().fold(0, |w, byte| w << 8 | *byte as u32)).collect()
}
