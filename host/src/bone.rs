//! UARTBone client: register bursts over a byte stream.
//!
//! | byte | command |
//! |------|---------|
//! | 0    | 1 write, 2 read at rising addresses; 3 write, 4 read at one address |
//! | 1    | words, 1..=255 |
//! | 2..5 | word address, most significant byte first |
//! | 6..  | the words of a write, likewise |
//!
//! A read is answered by its words, a write by nothing. The board drops a command that is not complete within
//! [`limits::BONE_TIMEOUT_MS`]; it carries no checksum, so connecting writes and reads back a scratch register.
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use firstlight_spec::{budget, limits};

use crate::transport::{LONGEST_SLEEP, Step, Transport};
use crate::{Error, Result, interrupt};

/// Most words of one command.
pub const MAX_WORDS: usize = 255;
const HEADER_BYTES: usize = 6;
const BITS_PER_BYTE: u64 = 10;
/// Tries of a read: no register has a read side effect.
const READ_TRIES: u32 = 2;
/// How long a broken line may stay away, and how often it is looked for.
const AWAY: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(100);
/// Breaks that one read survives.
const BREAKS: u32 = 3;

/// A byte stream to a board.
pub trait Line: Read + Write {
    /// How long one `read` may block.
    fn set_patience(&mut self, patience: Duration) -> io::Result<()>;
    /// Throws away what has arrived unasked.
    fn drop_stale(&mut self) -> io::Result<()>;
    /// Can this line be opened again after it broke?
    fn can_reopen(&self) -> bool {
        false
    }
    /// Opens it again.
    fn reopen(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// The client.
pub struct Bone<L> {
    line: L,
    name: String,
    engine: &'static str,
    baud: Option<u64>,
    patience: Duration,
    /// Word and value that tell whether a board that came back is the one that went.
    pledge: Option<(u32, u32)>,
    /// The line broke in the last command.
    broke: bool,
    /// The last command left whole, as far as is known here.
    left: bool,
    /// Something was written since the last answer: if the line breaks now, nobody knows whether it arrived.
    unconfirmed: bool,
}

impl<L: Line> Bone<L> {
    /// `baud` is the bit rate of a real UART, `None` where bytes travel freely. `patience` is how long an answer
    /// may take beyond its time on the line.
    pub fn new(line: L, name: &str, engine: &'static str, baud: Option<u64>, patience: Duration) -> Self {
        let (broke, left, unconfirmed) = (false, false, false);
        Bone { line, name: name.to_owned(), engine, baud, patience, pledge: None, broke, left, unconfirmed }
    }

    /// Words per write: at most half of the board's deadline for one command.
    fn write_words(&self) -> usize {
        let Some(baud) = self.baud else { return MAX_WORDS };
        let bytes = limits::BONE_TIMEOUT_MS * baud / BITS_PER_BYTE / 2 / 1000;
        (bytes as usize).saturating_sub(HEADER_BYTES).div_euclid(4).clamp(1, MAX_WORDS)
    }

    fn time_on_line(&self, bytes: usize) -> Duration {
        self.baud.map_or(Duration::ZERO, |baud| Duration::from_micros(bytes as u64 * BITS_PER_BYTE * 1_000_000 / baud))
    }

    fn command(&mut self, code: u8, word: u32, count: usize, data: &[u32]) -> Result<()> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + 4 * data.len());
        bytes.push(code);
        bytes.push(count as u8);
        bytes.extend(word.to_be_bytes());
        bytes.extend(data.iter().flat_map(|w| w.to_be_bytes()));
        let sent = self.line.drop_stale().and_then(|()| self.line.write_all(&bytes));
        self.left = sent.is_ok();
        sent.and_then(|()| self.line.flush()).map_err(|error| self.gone(&error))
    }

    /// A write; one that did not leave whole is sent again when the line is back, since the board drops half commands.
    fn send(&mut self, code: u8, word: u32, data: &[u32]) -> Result<()> {
        let mut breaks = BREAKS;
        loop {
            match self.command(code, word, data.len(), data) {
                Err(error) if std::mem::take(&mut self.broke) && breaks > 0 && !self.left => {
                    breaks -= 1;
                    self.come_back(error)?;
                }
                sent => {
                    self.unconfirmed = true;
                    return sent;
                }
            }
        }
    }

    fn read_chunk(&mut self, code: u8, word: u32, count: usize) -> Result<Vec<u32>> {
        let mut breaks = BREAKS;
        loop {
            match self.ask(code, word, count) {
                Err(error) if std::mem::take(&mut self.broke) && breaks > 0 => {
                    breaks -= 1;
                    self.come_back(error)?;
                }
                answer => return answer,
            }
        }
    }

    fn ask(&mut self, code: u8, word: u32, count: usize) -> Result<Vec<u32>> {
        let mut tries = READ_TRIES;
        loop {
            self.command(code, word, count, &[])?;
            let mut bytes = vec![0; 4 * count];
            if self.receive(&mut bytes)? {
                self.unconfirmed = false;
                return Ok(bytes.chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect());
            }
            tries -= 1;
            if tries == 0 {
                return Err(self.silent(word));
            }
            self.let_deadline_pass();
        }
    }

    /// Half a command of somebody else may stand in the board.
    fn let_deadline_pass(&self) {
        std::thread::sleep(Duration::from_millis(limits::BONE_TIMEOUT_MS * 3 / 2));
    }

    /// Waits for a line that broke with `error`, and makes sure that the board behind it kept what it was told.
    fn come_back(&mut self, mut error: Error) -> Result<()> {
        let Some((word, value)) = self.pledge else { return Err(error) };
        if self.unconfirmed {
            error.what += ", and the command before may not have arrived";
            return Err(error);
        }
        let deadline = Instant::now() + AWAY;
        while let Err(reason) = self.line.reopen() {
            interrupt::check()?;
            if Instant::now() > deadline {
                error.what = format!("{}, and it did not come back within {} s: {reason}", error.what, AWAY.as_secs());
                return Err(error);
            }
            std::thread::sleep(LOOK);
        }
        self.let_deadline_pass();
        if self.ask(2, word, 1)? == [value] {
            return Ok(());
        }
        Err(Error::no_board(
            format!("the board at {} came back without its settings: it lost its power, or is another one", self.name),
            "a board that keeps what it counted while the cable is out",
            "run the same command again",
        ))
    }

    /// Fills `bytes`; `false` when the board stays silent.
    fn receive(&mut self, bytes: &mut [u8]) -> Result<bool> {
        let mut deadline = Instant::now() + self.time_on_line(bytes.len()) + self.patience;
        let mut filled = 0;
        while filled < bytes.len() {
            interrupt::check()?;
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            self.line.set_patience(left.min(LONGEST_SLEEP)).map_err(|error| self.gone(&error))?;
            match self.line.read(&mut bytes[filled..]) {
                Ok(0) => return Err(self.gone(&io::Error::from(io::ErrorKind::UnexpectedEof))),
                Ok(n) => {
                    filled += n;
                    deadline = deadline.max(Instant::now() + self.patience);
                }
                Err(error) if is_timeout(&error) => {}
                Err(error) => return Err(self.gone(&error)),
            }
        }
        Ok(true)
    }

    fn gone(&mut self, error: &io::Error) -> Error {
        self.broke = true;
        Error::no_board(
            format!("the connection to {} broke: {}", self.name, error.kind()),
            "a board that stays connected",
            "check cable, power or server, then run the same command again",
        )
    }

    fn silent(&self, word: u32) -> Error {
        Error::no_board(
            format!("{} does not answer (read of byte address 0x{:04x})", self.name, word * 4),
            format!("a UARTBone answer within {} ms", self.patience.as_millis()),
            "check that this port is the board's UART (of two ports of one USB device, the second), that its bit rate \
             fits, and that the gateware is loaded",
        )
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

impl<L: Line> Transport for Bone<L> {
    fn read(&mut self, word: u32, count: usize, step: Step) -> Result<Vec<u32>> {
        let mut words = Vec::with_capacity(count);
        while words.len() < count {
            let chunk = (count - words.len()).min(MAX_WORDS);
            let (code, at) = match step {
                Step::Incrementing => (2, word + words.len() as u32),
                Step::Fixed => (4, word),
            };
            words.extend(self.read_chunk(code, at, chunk)?);
        }
        Ok(words)
    }

    fn write(&mut self, word: u32, data: &[u32], step: Step) -> Result<()> {
        let mut at = word;
        // no look at Ctrl-C here: a stop command must still get through after it
        for chunk in data.chunks(self.write_words()) {
            match step {
                Step::Incrementing => {
                    self.send(1, at, chunk)?;
                    at += chunk.len() as u32;
                }
                Step::Fixed => self.send(3, at, chunk)?,
            }
        }
        Ok(())
    }

    fn wait(&mut self, cycles: u64) -> Result<()> {
        let time = Duration::from_nanos(cycles.saturating_mul(1_000_000_000 / budget::CLOCK_HZ + 1));
        std::thread::sleep(time.min(LONGEST_SLEEP));
        interrupt::check()
    }

    fn pledge(&mut self, word: u32, value: u32) -> Result<()> {
        if self.line.can_reopen() {
            self.write(word, &[value], Step::Fixed)?;
            self.pledge = Some((word, value));
        }
        Ok(())
    }

    fn engine(&self) -> String {
        self.engine.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// Answers every read of n words with what stands in `answers`, and keeps what was sent.
    #[derive(Default)]
    struct Script {
        sent: Vec<u8>,
        answers: VecDeque<u8>,
        stale: Vec<u8>,
        /// The line is broken, and comes back when it is opened again.
        broken: bool,
    }

    impl Read for Script {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            if self.broken {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            if self.answers.is_empty() {
                std::thread::sleep(Duration::from_millis(1));
                return Err(io::Error::from(io::ErrorKind::TimedOut));
            }
            // one byte at a time: answers may arrive in pieces
            bytes[0] = self.answers.pop_front().unwrap();
            Ok(1)
        }
    }
    impl Write for Script {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.sent.extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    impl Line for Script {
        fn set_patience(&mut self, _: Duration) -> io::Result<()> {
            Ok(())
        }
        fn drop_stale(&mut self) -> io::Result<()> {
            self.stale.clear();
            if self.broken { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
        }
        fn can_reopen(&self) -> bool {
            true
        }
        fn reopen(&mut self) -> io::Result<()> {
            self.broken = false;
            Ok(())
        }
    }

    fn bone(answers: &[u8], baud: Option<u64>) -> Bone<Script> {
        let line = Script { answers: answers.iter().copied().collect(), stale: vec![9], ..Script::default() };
        Bone::new(line, "script", "test", baud, Duration::from_millis(5))
    }

    #[test]
    fn commands_are_those_of_the_table() {
        let mut bone = bone(&[0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4], None);
        bone.write(0x10, &[0xdead_beef, 0x0102_0304], Step::Incrementing).unwrap();
        assert_eq!(bone.line.sent, [1, 2, 0, 0, 0, 0x10, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4]);
        bone.line.sent.clear();
        assert_eq!(bone.read(0x10, 2, Step::Incrementing).unwrap(), [0xdead_beef, 0x0102_0304]);
        assert_eq!(bone.line.sent, [2, 2, 0, 0, 0, 0x10]);
        assert!(bone.line.stale.is_empty(), "input that nobody asked for is dropped first");
    }

    #[test]
    fn long_bursts_are_cut_and_addresses_go_on() {
        let mut bone = bone(&vec![0; 4 * 600], None);
        assert_eq!(bone.read(0x100, 600, Step::Incrementing).unwrap().len(), 600);
        let heads: Vec<&[u8]> = bone.line.sent.chunks(HEADER_BYTES).collect();
        assert_eq!(heads, [[2, 255, 0, 0, 1, 0], [2, 255, 0, 0, 1, 255], [2, 90, 0, 0, 2, 254]]);
        bone.line.sent.clear();
        bone.write(7, &[0; 300], Step::Fixed).unwrap();
        assert_eq!(bone.line.sent[..6], [3, 255, 0, 0, 0, 7]);
        assert_eq!(bone.line.sent[6 + 255 * 4..][..6], [3, 45, 0, 0, 0, 7]);
    }

    #[test]
    fn a_slow_uart_gets_writes_that_fit_half_the_deadline() {
        assert_eq!(bone(&[], Some(115_200)).write_words(), 142);
        assert_eq!(bone(&[], Some(4_000_000)).write_words(), MAX_WORDS);
        assert_eq!(bone(&[], Some(300)).write_words(), 1);
    }

    #[test]
    fn a_write_that_did_not_leave_is_sent_again_when_the_line_is_back() {
        let mut bone = bone(&[0, 0, 0, 7, 0, 0, 0, 7, 0, 0, 0, 9], None);
        bone.pledge(3, 7).unwrap();
        assert_eq!(bone.read(3, 1, Step::Fixed).unwrap(), [7]);
        bone.line.sent.clear();
        bone.line.broken = true;
        bone.write(0x10, &[5], Step::Incrementing).unwrap();
        assert_eq!(bone.line.sent, [2, 1, 0, 0, 0, 3, 1, 1, 0, 0, 0, 0x10, 0, 0, 0, 5], "the pledge, then the write");
        assert_eq!(bone.read(0x10, 1, Step::Fixed).unwrap(), [9]);
    }

    #[test]
    fn a_write_that_may_be_lost_is_said() {
        let mut bone = bone(&[0, 0, 0, 7], None);
        bone.pledge(3, 7).unwrap();
        assert_eq!(bone.read(3, 1, Step::Fixed).unwrap(), [7]);
        bone.write(0x10, &[5], Step::Incrementing).unwrap();
        bone.line.broken = true;
        let error = bone.read(0x10, 1, Step::Incrementing).unwrap_err();
        assert!(error.what.ends_with("and the command before may not have arrived"), "{error}");
    }

    #[test]
    fn silence_is_asked_twice_and_then_said() {
        let mut bone = bone(&[], None);
        let error = bone.read(0, 1, Step::Incrementing).unwrap_err();
        assert_eq!(error.exit, crate::Exit::NoBoard);
        assert!(error.what.contains("script does not answer"), "{error}");
        assert_eq!(bone.line.sent.len(), 2 * HEADER_BYTES);
    }
}
