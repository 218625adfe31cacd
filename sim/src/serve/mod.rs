//! Serves a simulated board to programs that expect a UART: bytes over TCP or a pseudo terminal.
//!
//! The board joins behind its UART, at the bytes of UARTBone. Time passes as fast as the simulation goes while bytes
//! move and for [`Pace::linger`] after the last one; after that the server sleeps. While a command is incomplete,
//! time passes slowly, so that its deadline takes [`Pace::deadline`] by the wall clock.

mod bench;
mod bridge;
mod error;
#[cfg(unix)]
mod pty;
mod pump;
mod tcp;

pub use bench::{ByteBench, BytePorts, Seen};
pub use bridge::Bridge;
pub use error::ServeError;
#[cfg(unix)]
pub use pty::PtyServer;
pub use pump::Pace;
pub use tcp::TcpServer;

use crate::board::BoardError;
use std::collections::VecDeque;

/// The deadline of a command that a simulated board shall have: a burst of 255 words fits many times, and waiting for
/// it costs a fraction of a second.
pub const DEADLINE_CYCLES: u64 = 50_000;

/// A simulated board as seen from its UART: bytes and time.
pub trait ByteBoard: Send {
    /// Lets `cycles` pass. Takes bytes from `input` as the gateware takes them, appends what it sends to `output`.
    fn run(&mut self, cycles: u64, input: &mut VecDeque<u8>, output: &mut Vec<u8>) -> Result<(), BoardError>;
    /// A command is under way.
    fn is_active(&self) -> bool;
    /// The deadline of a command in cycles of this board, for instance [`DEADLINE_CYCLES`].
    fn deadline_cycles(&self) -> u64;
}
