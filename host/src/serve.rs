//! Serves a simulated board as bytes: behind a TCP port or a pseudo terminal.
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use firstlight_sim::board::BoardError;
use firstlight_sim::byte_board::ByteBoard;
use firstlight_spec::regs::generator;

use crate::interrupt;

/// Cycles between two looks at the bytes.
const SLICE_CYCLES: u64 = 200;
/// Pause of a slice in which half a command waits for its rest, so that the bone's deadline lasts
/// [`DEADLINE_CYCLES`] / [`SLICE_CYCLES`] of these, about 100 ms.
const PAUSE: Duration = Duration::from_millis(1);
/// Deadline of a command, in simulated cycles.
pub const DEADLINE_CYCLES: u64 = 100 * SLICE_CYCLES;
/// After so long without a byte, time stands still on a board that sends nothing.
const AWAKE: Duration = Duration::from_secs(2);
/// How long a parked board waits for a byte at a time.
const PARKED: Duration = Duration::from_millis(20);
/// A client that does not take its answers for so long is left.
const WRITE_PATIENCE: Duration = Duration::from_secs(2);

/// Where bytes come from and go to.
pub trait Wire {
    /// Takes what has arrived, waiting at most `patience` for the first byte.
    fn receive(&mut self, into: &mut VecDeque<u8>, patience: Duration) -> io::Result<()>;
    /// Bytes that nobody takes are lost, as on a UART.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// Serves until Ctrl-C.
pub fn serve(board: &mut ByteBoard, wire: &mut dyn Wire) -> Result<(), ServeError> {
    let (mut input, mut output) = (VecDeque::new(), vec![]);
    let mut heard = Instant::now();
    while !interrupt::asked() {
        let held = input.len();
        let awake = heard.elapsed() < AWAKE || is_sending(board)?;
        let patience = match (board.is_active(), awake) {
            (true, _) if held == 0 && output.is_empty() => PAUSE,
            (true, _) | (_, true) => Duration::ZERO,
            (false, false) => PARKED,
        };
        wire.receive(&mut input, patience)?;
        if input.len() > held {
            heard = Instant::now();
        }
        output.clear();
        if awake || !input.is_empty() {
            board.run(SLICE_CYCLES, &mut input, &mut output)?;
        }
        if !output.is_empty() {
            wire.send(&output)?;
        }
    }
    Ok(())
}

fn is_sending(board: &mut ByteBoard) -> Result<bool, BoardError> {
    Ok(generator::RUNNING.get(board.board().read(generator::STATUS.word)?) != 0)
}

/// Why serving ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Board(#[from] BoardError),
    #[error("the connection failed: {0}")]
    Wire(#[from] io::Error),
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// One client after the other at a TCP port.
pub struct Tcp {
    listener: TcpListener,
    client: Option<TcpStream>,
}

impl Tcp {
    pub fn bind(address: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Tcp { listener, client: None })
    }
    /// Where it listens; tells the port when 0 was asked for.
    pub fn address(&self) -> io::Result<String> {
        Ok(self.listener.local_addr()?.to_string())
    }
    fn accept(&mut self, patience: Duration) -> io::Result<()> {
        match self.listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(false)?;
                stream.set_nodelay(true)?;
                stream.set_write_timeout(Some(WRITE_PATIENCE))?;
                self.client = Some(stream);
            }
            Err(error) if is_timeout(&error) => std::thread::sleep(patience),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Wire for Tcp {
    fn receive(&mut self, into: &mut VecDeque<u8>, patience: Duration) -> io::Result<()> {
        let Some(client) = &mut self.client else { return self.accept(patience) };
        let mut bytes = [0; 2048];
        client.set_nonblocking(patience.is_zero())?;
        if !patience.is_zero() {
            client.set_read_timeout(Some(patience))?;
        }
        match client.read(&mut bytes) {
            Ok(n) if n > 0 => into.extend(&bytes[..n]),
            Err(error) if is_timeout(&error) => {}
            // it left, in whatever way
            _ => self.client = None,
        }
        Ok(())
    }
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(client) = &mut self.client else { return Ok(()) };
        if client.set_nonblocking(false).and_then(|()| client.write_all(bytes)).is_err() {
            self.client = None;
        }
        Ok(())
    }
}

/// A pseudo terminal, whose device any serial program opens.
#[cfg(unix)]
pub struct Pty {
    master: serialport::TTYPort,
    /// Held open, so that the terminal keeps its raw mode between two clients.
    device: serialport::TTYPort,
}

#[cfg(unix)]
impl Pty {
    pub fn open() -> io::Result<Self> {
        let (master, device) = serialport::TTYPort::pair()?;
        Ok(Pty { master, device })
    }
    /// Path of the device.
    pub fn path(&self) -> String {
        serialport::SerialPort::name(&self.device).unwrap_or_default()
    }
}

#[cfg(unix)]
impl Wire for Pty {
    fn receive(&mut self, into: &mut VecDeque<u8>, patience: Duration) -> io::Result<()> {
        let mut bytes = [0; 2048];
        serialport::SerialPort::set_timeout(&mut self.master, patience)?;
        match self.master.read(&mut bytes) {
            Ok(n) => into.extend(&bytes[..n]),
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        serialport::SerialPort::set_timeout(&mut self.master, WRITE_PATIENCE)?;
        match self.master.write_all(bytes) {
            Err(error) if !is_timeout(&error) => Err(error),
            _ => Ok(()),
        }
    }
}
