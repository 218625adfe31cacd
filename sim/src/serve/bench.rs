//! A RustHDL design with a byte stream each way, as a board.

use super::ByteBoard;
use crate::bench::Bench;
use crate::board::BoardError;
use rust_hdl::prelude::*;
use std::collections::VecDeque;

/// What is looked at in each cycle.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The byte that is offered moves in.
    pub takes: bool,
    /// A byte moves out; the outside is always ready.
    pub sends: Option<u8>,
    /// A command is under way.
    pub is_active: bool,
}

/// Where a design has its bytes.
pub struct BytePorts<U> {
    /// Offers a byte, or none; `tx_ready` is to be set.
    pub offer: fn(&mut U, Option<u8>),
    /// What stands at the byte ports.
    pub look: fn(&U) -> Seen,
}

/// A design, its clock and its bytes.
pub struct ByteBench<U: Block> {
    /// The design on its clock.
    pub bench: Bench<U>,
    ports: BytePorts<U>,
    deadline_cycles: u64,
    is_active: bool,
}

impl<U: Block> ByteBench<U> {
    /// A host that is silent within a command for `deadline_cycles` has given up.
    pub fn new(bench: Bench<U>, ports: BytePorts<U>, deadline_cycles: u64) -> Self {
        ByteBench { bench, ports, deadline_cycles, is_active: false }
    }
}

impl<U: Block + Send> ByteBoard for ByteBench<U> {
    fn run(&mut self, cycles: u64, input: &mut VecDeque<u8>, output: &mut Vec<u8>) -> Result<(), BoardError> {
        for _ in 0..cycles {
            let byte = input.front().copied();
            let seen = self.bench.cycle(|u| (self.ports.offer)(u, byte), self.ports.look);
            if seen.takes && byte.is_some() {
                input.pop_front();
            }
            output.extend(seen.sends);
            self.is_active = seen.is_active;
        }
        Ok(())
    }

    fn is_active(&self) -> bool {
        self.is_active
    }

    fn deadline_cycles(&self) -> u64 {
        self.deadline_cycles
    }
}
