//! A RustHDL design with a Wishbone port, as a board: registers and time.

use crate::bench::Bench;
use crate::board::{Board, BoardError};
use crate::trace::Trace;
use rust_hdl::prelude::*;

/// Cycles after which a transfer without acknowledge is a fault.
pub(crate) const ACK_LIMIT_CYCLES: u64 = 256;

/// A transfer: word address, and the word of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Word address.
    pub word: u32,
    /// What is written; none reads.
    pub data: Option<u32>,
}

/// Where a design has its Wishbone slave.
pub struct WishbonePorts<U> {
    /// Drives a transfer, or none.
    pub drive: fn(&mut U, Option<Transfer>),
    /// The word on the bus in the cycle of the acknowledge.
    pub acknowledged: fn(&U) -> Option<u32>,
}

/// A design, its clock and its register bus.
pub struct WishboneBoard<U: Block> {
    bench: Bench<U>,
    ports: WishbonePorts<U>,
    engine: String,
    /// Cycles still to be recorded.
    to_record: u64,
    recorded: Option<Trace>,
}

impl<U: Block> WishboneBoard<U> {
    /// A board of that design; `engine` names what runs it.
    pub fn new(bench: Bench<U>, ports: WishbonePorts<U>, engine: impl Into<String>) -> Self {
        WishboneBoard { bench, ports, engine: engine.into(), to_record: 0, recorded: None }
    }

    fn cycle(&mut self, transfer: Option<Transfer>) -> Option<u32> {
        let (drive, acknowledged) = (self.ports.drive, self.ports.acknowledged);
        let answer = self.bench.cycle(|u| drive(u, transfer), acknowledged);
        if self.to_record > 0 {
            self.to_record -= 1;
            if self.to_record == 0 {
                self.recorded = self.bench.take_trace();
            }
        }
        answer
    }

    fn transfer(&mut self, transfer: Transfer) -> Result<u32, BoardError> {
        for _ in 0..ACK_LIMIT_CYCLES {
            if let Some(answer) = self.cycle(Some(transfer)) {
                // the strobe falls between two transfers
                self.cycle(None);
                return Ok(answer);
            }
        }
        self.cycle(None);
        Err(BoardError::NoAcknowledge { word: transfer.word, cycles: ACK_LIMIT_CYCLES })
    }
}

impl<U: Block + Send> Board for WishboneBoard<U> {
    fn engine(&self) -> String {
        self.engine.clone()
    }
    fn read(&mut self, word: u32) -> Result<u32, BoardError> {
        self.transfer(Transfer { word, data: None })
    }
    fn write(&mut self, word: u32, value: u32) -> Result<(), BoardError> {
        self.transfer(Transfer { word, data: Some(value) }).map(|_| ())
    }
    fn run(&mut self, cycles: u64) -> Result<(), BoardError> {
        let watched = cycles.min(self.to_record.max(1));
        for _ in 0..watched {
            self.cycle(None);
        }
        self.bench.run(cycles - watched);
        Ok(())
    }
    fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
    fn record(&mut self, cycles: u64) -> Result<(), BoardError> {
        self.bench.start_recording();
        self.recorded = None;
        self.to_record = cycles;
        Ok(())
    }
    fn take_trace(&mut self) -> Option<Trace> {
        self.to_record = 0;
        self.recorded.take().or_else(|| self.bench.take_trace())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_hdl::control::fabric::{Fabric, READ_ACK_CYCLES};
    use firstlight_hdl::word::W;

    const ENGINE: &str = "test";

    fn answering() -> WishboneBoard<Fabric<0, 3>> {
        let drive = |u: &mut Fabric<0, 3>, transfer: Option<Transfer>| {
            u.cyc.next = transfer.is_some();
            u.stb.next = transfer.is_some();
            u.we.next = transfer.is_some_and(|t| t.data.is_some());
            u.adr.next = W::new(transfer.map_or(0, |t| t.word as u64));
            u.dat_w.next = W::new(transfer.and_then(|t| t.data).unwrap_or(0) as u64);
            u.words[0].next = W::new(0x0f00_0000);
            u.words[1].next = W::new(u.adr.val().get());
            u.words[2].next = W::new(0);
        };
        let acknowledged = |u: &Fabric<0, 3>| u.ack.val().then(|| u.dat_r.val().get() as u32);
        let bench = Bench::new(Fabric::default(), |u| &mut u.clock);
        WishboneBoard::new(bench, WishbonePorts { drive, acknowledged }, ENGINE)
    }

    #[test]
    fn a_read_gives_the_word_of_the_acknowledge_and_takes_its_cycles() {
        let mut board = answering();
        assert_eq!(board.read(0x123), Ok(0x0f00_0123));
        assert_eq!(board.cycles(), READ_ACK_CYCLES + 2);
        assert_eq!(board.read(0x1fff), Ok(0x0f00_1fff));
        assert_eq!(board.write(5, 6), Ok(()));
        assert_eq!(board.engine(), ENGINE);
    }

    #[test]
    fn a_bus_that_never_acknowledges_is_said() {
        let mut board = answering();
        board.ports.acknowledged = |_| None;
        assert_eq!(board.read(7), Err(BoardError::NoAcknowledge { word: 7, cycles: ACK_LIMIT_CYCLES }));
    }

    #[test]
    fn as_many_cycles_are_recorded_as_were_asked_for() {
        let mut board = answering();
        assert!(board.take_trace().is_none());
        board.record(10).unwrap();
        board.run(25).unwrap();
        assert_eq!(board.take_trace().unwrap().rows.len(), 10);
        board.record(10).unwrap();
        board.run(4).unwrap();
        assert_eq!(board.take_trace().unwrap().rows.len(), 4);
        assert!(board.take_trace().is_none());
    }
}
