//! Any simulated board as its UART sees it: the gateware's UARTBone in front of its registers.
//!
//! ```text
//!  bytes --> Bone (RustHDL) --Wishbone--> Board (any engine)
//!  bytes <--                <------------
//! ```

use super::ByteBoard;
use crate::bench::Bench;
use crate::board::{Board, BoardError};
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::word::W;
use firstlight_spec::regs::id;
use std::collections::VecDeque;

/// A board behind its UARTBone.
pub struct Bridge {
    bone: Bench<Bone>,
    board: Box<dyn Board>,
    deadline_cycles: u64,
    /// Answer of the transfer that is acknowledged in the next cycle.
    answer: Option<u32>,
    is_active: bool,
    errors: u32,
}

/// What the bone shows in a cycle.
struct Seen {
    taken: bool,
    sent: Option<u8>,
    transfer: Option<(u32, Option<u32>)>,
    error: bool,
    active: bool,
}

impl Bridge {
    /// A command that is not complete within `deadline_cycles` is dropped.
    pub fn new(board: Box<dyn Board>, deadline_cycles: u64) -> Self {
        let bone = Bench::new(Bone::new(deadline_cycles), |u| &mut u.clock);
        Bridge { bone, board, deadline_cycles, answer: None, is_active: false, errors: 0 }
    }

    /// The board itself.
    pub fn board(&mut self) -> &mut dyn Board {
        self.board.as_mut()
    }

    fn cycle(&mut self, input: &mut VecDeque<u8>, output: &mut Vec<u8>) -> Result<(), BoardError> {
        let (byte, answer) = (input.front().copied(), self.answer.take());
        let seen = self.bone.cycle(
            |u| {
                u.rx_valid.next = byte.is_some();
                u.rx_data.next = W::new(byte.unwrap_or(0) as u64);
                u.tx_ready.next = true;
                u.ack.next = answer.is_some();
                u.dat_r.next = W::new(answer.unwrap_or(0) as u64);
            },
            |u| Seen {
                taken: u.rx_valid.val() && u.rx_ready.val(),
                sent: u.tx_valid.val().then(|| u.tx_data.val().get() as u8),
                transfer: (u.cyc.val() && u.stb.val())
                    .then(|| (u.adr.val().get() as u32, u.we.val().then(|| u.dat_w.val().get() as u32))),
                error: u.error.val(),
                active: u.active.val(),
            },
        );
        if seen.taken {
            input.pop_front();
        }
        output.extend(seen.sent);
        self.errors += seen.error as u32;
        self.is_active = seen.active || seen.taken;
        if answer.is_none()
            && let Some(transfer) = seen.transfer
        {
            self.answer = Some(self.access(transfer)?);
        }
        Ok(())
    }

    fn access(&mut self, (word, data): (u32, Option<u32>)) -> Result<u32, BoardError> {
        match data {
            Some(data) => self.board.write(word, data).map(|()| 0),
            // counted where the bone stands, which is here
            None if word == id::BONE_ERRORS.word => Ok(self.errors),
            None => self.board.read(word),
        }
    }
}

impl ByteBoard for Bridge {
    fn run(&mut self, cycles: u64, input: &mut VecDeque<u8>, output: &mut Vec<u8>) -> Result<(), BoardError> {
        let start = self.board.cycles();
        if self.is_active || !input.is_empty() {
            for _ in 0..cycles {
                self.cycle(input, output)?;
            }
        }
        // accesses took some of the time
        let passed = self.board.cycles() - start;
        self.board.run(cycles.saturating_sub(passed))
    }

    fn is_active(&self) -> bool {
        self.is_active
    }

    fn deadline_cycles(&self) -> u64 {
        self.deadline_cycles
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;
    use std::collections::HashMap;

    const DEADLINE_CYCLES: u64 = 5000;

    /// Registers without gateware.
    #[derive(Default)]
    struct Words {
        words: HashMap<u32, u32>,
        cycles: u64,
    }

    impl Board for Words {
        fn engine(&self) -> String {
            "words".into()
        }
        fn read(&mut self, word: u32) -> Result<u32, BoardError> {
            self.cycles += 11;
            Ok(self.words.get(&word).copied().unwrap_or(0))
        }
        fn write(&mut self, word: u32, value: u32) -> Result<(), BoardError> {
            self.cycles += 11;
            self.words.insert(word, value);
            Ok(())
        }
        fn run(&mut self, cycles: u64) -> Result<(), BoardError> {
            self.cycles += cycles;
            Ok(())
        }
        fn cycles(&self) -> u64 {
            self.cycles
        }
        fn record(&mut self, _: u64) -> Result<(), BoardError> {
            Ok(())
        }
        fn take_trace(&mut self) -> Option<Trace> {
            None
        }
    }

    fn exchange(board: &mut Bridge, bytes: &[u8]) -> Vec<u8> {
        let (mut input, mut output) = (bytes.iter().copied().collect(), vec![]);
        board.run(3000, &mut input, &mut output).unwrap();
        assert!(input.is_empty());
        output
    }

    #[test]
    fn words_are_written_and_read_back() {
        let mut board = Bridge::new(Box::new(Words::default()), DEADLINE_CYCLES);
        assert_eq!(exchange(&mut board, &[1, 2, 0, 0, 0, 0x10, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4]), [0u8; 0]);
        assert_eq!(exchange(&mut board, &[2, 2, 0, 0, 0, 0x10]), [0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4]);
        assert_eq!(exchange(&mut board, &[4, 2, 0, 0, 0, 0x11]), [1, 2, 3, 4, 1, 2, 3, 4]);
        assert!(!board.is_active());
    }

    #[test]
    fn half_a_command_is_dropped_and_counted_and_the_next_one_works() {
        let mut board = Bridge::new(Box::new(Words::default()), DEADLINE_CYCLES);
        assert_eq!(exchange(&mut board, &[1, 255, 0, 0, 0, 0x10, 7]), [0u8; 0]);
        assert!(board.is_active());
        assert_eq!(exchange(&mut board, &[]), [0u8; 0]);
        assert!(!board.is_active(), "the deadline has passed");
        assert_eq!(exchange(&mut board, &[2, 1, 0, 0, 0, id::BONE_ERRORS.word as u8]), [0, 0, 0, 1]);
    }

    #[test]
    fn time_passes_on_the_board_as_asked() {
        let mut board = Bridge::new(Box::new(Words::default()), DEADLINE_CYCLES);
        board.run(1000, &mut VecDeque::new(), &mut vec![]).unwrap();
        assert_eq!(board.board().cycles(), 1000);
        exchange(&mut board, &[2, 2, 0, 0, 0, 0x10]);
        assert_eq!(board.board().cycles(), 4000, "accesses included");
    }
}
