//! Moves bytes between a client and a board, and decides how fast the board's time passes.

use super::{ByteBoard, ServeError};
use firstlight_spec::limits::BONE_TIMEOUT_MS;
use std::collections::VecDeque;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How the board's time follows the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// After the last byte, time goes on this long at full speed, so that a polled measurement proceeds.
    pub linger: Duration,
    /// Wall-clock time until the deadline of a stalled command. Longer than on hardware: a busy computer delays the
    /// bytes of a command as well.
    pub deadline: Duration,
    /// Cycles at once while bytes move.
    pub byte_slice_cycles: u64,
    /// Cycles at once while only time passes.
    pub free_slice_cycles: u64,
    /// How often a sleeping server looks whether it shall stop.
    pub nap: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            linger: Duration::from_millis(500),
            deadline: Duration::from_millis(5 * BONE_TIMEOUT_MS),
            byte_slice_cycles: 16,
            free_slice_cycles: 2048,
            nap: Duration::from_millis(200),
        }
    }
}

/// How often a stalled command is looked at.
const STALL: Duration = Duration::from_millis(1);

/// Cycles in `part` when `total` takes `cycles`; at least one.
fn cycles_each(part: Duration, total: Duration, cycles: u64) -> u64 {
    let parts = (total.as_micros() / part.as_micros()).max(1) as u64;
    (cycles / parts).max(1)
}

/// What the reading side of a connection reports.
pub(super) enum Event {
    Bytes(Vec<u8>),
    Closed,
}

/// Serves one connection until the client leaves or `stop` is set.
pub(super) fn pump(
    board: &mut dyn ByteBoard,
    events: &Receiver<Event>,
    client: &mut dyn Write,
    pace: &Pace,
    stop: &AtomicBool,
) -> Result<(), ServeError> {
    let (mut input, mut output) = (VecDeque::new(), Vec::new());
    let mut awake_until = Instant::now();
    let mut moved = false;
    let mut is_closed = false;
    while !stop.load(Ordering::Relaxed) {
        let is_stalled = board.is_active() && input.is_empty() && !moved;
        let is_asleep = !board.is_active() && input.is_empty() && Instant::now() >= awake_until;
        let wait = match (is_stalled, is_asleep) {
            (true, _) => STALL,
            (_, true) => pace.nap,
            _ => Duration::ZERO,
        };
        match events.recv_timeout(wait) {
            Ok(Event::Bytes(bytes)) => input.extend(bytes),
            Ok(Event::Closed) | Err(RecvTimeoutError::Disconnected) => is_closed = true,
            Err(RecvTimeoutError::Timeout) if is_asleep => continue,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if is_closed && input.is_empty() {
            return give_up_command(board);
        }
        let cycles = if !input.is_empty() || moved {
            pace.byte_slice_cycles
        } else if board.is_active() {
            cycles_each(STALL, pace.deadline, board.deadline_cycles())
        } else {
            pace.free_slice_cycles
        };
        let waiting = input.len();
        board.run(cycles, &mut input, &mut output)?;
        moved = input.len() < waiting || !output.is_empty();
        if moved {
            awake_until = Instant::now() + pace.linger;
        }
        if !output.is_empty() {
            // a client that left takes no replies; the reading side reports it
            let left = client.write_all(&output).and_then(|()| client.flush()).is_err();
            is_closed |= left;
            output.clear();
        }
    }
    Ok(())
}

/// A client left: a half command runs into its deadline at full speed, so that the next client begins anew.
fn give_up_command(board: &mut dyn ByteBoard) -> Result<(), ServeError> {
    let (mut input, mut output) = (VecDeque::new(), Vec::new());
    let mut left = 2 * board.deadline_cycles();
    while board.is_active() && left > 0 {
        let cycles = left.min(64);
        board.run(cycles, &mut input, &mut output)?;
        left -= cycles;
    }
    Ok(())
}
