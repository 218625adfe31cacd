//! UARTBone commands as levels of a serial line, and the levels of the other line as words.

use firstlight_spec::limits::UART_BAUD;

/// Bits of a byte on the line.
const BYTE_BITS: usize = 10;

/// Cycles of a bit.
fn bit_cycles(clock_hz: u64) -> usize {
    ((clock_hz + UART_BAUD / 2) / UART_BAUD) as usize
}

/// What the host sends, one level for every cycle.
pub struct Script {
    line: Vec<bool>,
    clock_hz: u64,
}

impl Script {
    /// Begins with `cycles` of rest; `clock_hz` is the clock of those cycles.
    pub fn after(cycles: usize, clock_hz: u64) -> Self {
        Script { line: vec![true; cycles], clock_hz }
    }
    pub fn clock_hz(&self) -> u64 {
        self.clock_hz
    }
    /// The line rests.
    pub fn wait(&mut self, cycles: usize) {
        self.line.extend(std::iter::repeat_n(true, cycles));
    }
    /// Writes words at rising addresses.
    pub fn write(&mut self, word: u32, values: &[u32]) {
        self.command(1, values.len() as u8, word);
        values.iter().flat_map(|value| value.to_be_bytes()).for_each(|byte| self.byte(byte));
        self.wait(self.byte_cycles());
    }
    /// Reads words at rising addresses, and leaves the time for the answer.
    pub fn read(&mut self, word: u32, count: u8) {
        self.command(2, count, word);
        self.wait(self.byte_cycles() * (2 + 4 * count as usize));
    }
    pub fn line(&self) -> &[bool] {
        &self.line
    }

    fn command(&mut self, kind: u8, count: u8, word: u32) {
        [kind, count].into_iter().chain(word.to_be_bytes()).for_each(|byte| self.byte(byte));
    }
    fn byte_cycles(&self) -> usize {
        BYTE_BITS * bit_cycles(self.clock_hz)
    }
    fn byte(&mut self, byte: u8) {
        let cycles = bit_cycles(self.clock_hz);
        let bits = std::iter::once(false).chain((0..8).map(|i| byte >> i & 1 != 0)).chain([true]);
        for bit in bits {
            self.line.extend(std::iter::repeat_n(bit, cycles));
        }
    }
}

/// Bytes on a line that rests high, four to a word, most significant first.
pub fn words(line: &[bool], clock_hz: u64) -> Vec<u32> {
    let cycles = bit_cycles(clock_hz);
    let mut bytes = Vec::new();
    let mut at = line.iter().position(|level| *level).unwrap_or(line.len());
    while let Some(start) = line[at..].iter().position(|level| !level).map(|n| at + n) {
        let bit = |i: usize| line.get(start + i * cycles + cycles / 2).copied().unwrap_or(true);
        assert!(!bit(0) && bit(9), "a byte without start or stop bit at cycle {start}");
        bytes.push((0..8).fold(0u8, |byte, i| byte | (bit(1 + i) as u8) << i));
        at = (start + 9 * cycles + cycles / 2).min(line.len());
    }
    bytes.chunks(4).map(|word| word.iter().fold(0, |w, byte| w << 8 | *byte as u32)).collect()
}
