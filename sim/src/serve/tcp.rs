//! A board on a TCP port: `socket://HOST:PORT` for serial libraries.

use super::pump::{Event, pump};
use super::{ByteBoard, Pace, ServeError};
use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// How often a waiting server looks for a client, and a reading one for the end.
const LOOK: Duration = Duration::from_millis(20);
/// A client that takes no replies for this long has left.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// One client at a time, as on a UART; others wait in the queue.
pub struct TcpServer {
    listener: TcpListener,
    pace: Pace,
}

impl TcpServer {
    /// `address` as `HOST:PORT`; port 0 takes a free one.
    pub fn bind(address: &str, pace: Pace) -> Result<Self, ServeError> {
        let failed = |source| ServeError::Bind { address: address.into(), source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(TcpServer { listener, pace })
    }

    /// Address and port that were bound, where any port was asked for.
    pub fn local_address(&self) -> Result<SocketAddr, ServeError> {
        self.listener.local_addr().map_err(ServeError::Io)
    }

    /// Serves clients one after the other until `stop` is set.
    pub fn serve(&self, board: &mut dyn ByteBoard, stop: &AtomicBool) -> Result<(), ServeError> {
        while !stop.load(Ordering::Relaxed) {
            match self.listener.accept() {
                Ok((stream, _)) => self.serve_client(stream, board, stop)?,
                Err(e) if e.kind() == ErrorKind::WouldBlock => std::thread::sleep(LOOK),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(ServeError::Io(e)),
            }
        }
        Ok(())
    }

    fn serve_client(
        &self,
        mut stream: TcpStream,
        board: &mut dyn ByteBoard,
        stop: &AtomicBool,
    ) -> Result<(), ServeError> {
        let prepare = || {
            stream.set_nonblocking(false)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(LOOK))?;
            stream.set_write_timeout(Some(WRITE_LIMIT))?;
            stream.try_clone()
        };
        // a client that left before it was served is none
        let Ok(reader) = prepare() else { return Ok(()) };
        let (events, received) = channel();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let done = &done;
            scope.spawn(move || read(reader, &events, done));
            let result = pump(board, &received, &mut stream, &self.pace, stop);
            done.store(true, Ordering::Relaxed);
            result
        })
    }
}

fn read(mut stream: TcpStream, events: &Sender<Event>, done: &AtomicBool) {
    let mut buffer = [0; 4096];
    while !done.load(Ordering::Relaxed) {
        let event = match stream.read(&mut buffer) {
            Ok(0) => Event::Closed,
            Ok(n) => Event::Bytes(buffer[..n].to_vec()),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {
                continue;
            }
            Err(_) => Event::Closed,
        };
        let is_end = matches!(event, Event::Closed);
        if events.send(event).is_err() || is_end {
            return;
        }
    }
}
