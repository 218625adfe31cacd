//! UARTBone commands as levels of a serial line, and the levels of the other line as words.

use firstlight_spec::limits::UART_BAUD;

/// Bits of a byte on the line.
const BYTE_BITS: usize = 10;

/// Half bits of a host at `baud` in cycles, rounded.
fn half_bits(number: usize, clock_hz: u64, baud: u64) -> usize {
    ((number as u64 * clock_hz + baud) / (2 * baud)) as usize
}

/// What the host sends, one level for every cycle.
pub struct Script {
    line: Vec<bool>,
    clock_hz: u64,
    baud: u64,
}

impl Script {
    /// Begins with `cycles` of rest; `clock_hz` is the clock of those cycles.
    pub fn after(cycles: usize, clock_hz: u64) -> Self {
        Script::at_rate(cycles, clock_hz, UART_BAUD)
    }
    /// The same by a host whose line is off its nominal rate.
    pub fn at_rate(cycles: usize, clock_hz: u64, baud: u64) -> Self {
        Script { line: vec![true; cycles], clock_hz, baud }
    }
    /// The clock of the design whose line this is.
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
    /// Level of the line in each cycle.
    pub fn line(&self) -> &[bool] {
        &self.line
    }

    fn command(&mut self, kind: u8, count: u8, word: u32) {
        [kind, count].into_iter().chain(word.to_be_bytes()).for_each(|byte| self.byte(byte));
    }
    fn byte_cycles(&self) -> usize {
        self.end_of(BYTE_BITS - 1) + 1
    }
    /// Cycles from the start of a byte to the end of its bit `n`.
    fn end_of(&self, n: usize) -> usize {
        half_bits(2 * (n + 1), self.clock_hz, self.baud)
    }
    fn byte(&mut self, byte: u8) {
        let start = self.line.len();
        let bits = std::iter::once(false).chain((0..8).map(|i| byte >> i & 1 != 0)).chain([true]);
        for (n, bit) in bits.enumerate() {
            self.line.resize(start + self.end_of(n), bit);
        }
    }
}

/// Bytes on a line that rests high, four to a word, most significant first.
pub fn words(line: &[bool], clock_hz: u64) -> Vec<u32> {
    words_at_rate(line, clock_hz, UART_BAUD)
}

/// The same by a host whose line is off its nominal rate.
pub fn words_at_rate(line: &[bool], clock_hz: u64, baud: u64) -> Vec<u32> {
    let middle = |n: usize| half_bits(2 * n + 1, clock_hz, baud);
    let mut bytes = Vec::new();
    let mut at = line.iter().position(|level| *level).unwrap_or(line.len());
    while let Some(start) = line[at..].iter().position(|level| !level).map(|n| at + n) {
        let bit = |i: usize| line.get(start + middle(i)).copied().unwrap_or(true);
        assert!(!bit(0) && bit(9), "a byte without start or stop bit at cycle {start}");
        bytes.push((0..8).fold(0u8, |byte, i| byte | (bit(1 + i) as u8) << i));
        at = (start + middle(9)).min(line.len());
    }
    bytes.chunks(4).map(|word| word.iter().fold(0, |w, byte| w << 8 | *byte as u32)).collect()
}
