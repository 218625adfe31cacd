//! A board on a pseudo terminal: a serial device for programs that open one.

use super::pump::{Event, pump};
use super::{ByteBoard, Pace, ServeError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// How often the reading side looks for the end.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// How often it looks for a client.
const NO_CLIENT: Duration = Duration::from_millis(50);

/// Clients come and go; the device stays.
pub struct PtyServer {
    master: File,
    path: PathBuf,
    pace: Pace,
}

impl PtyServer {
    /// A new terminal; [`Pace`] says how fast its bytes go.
    pub fn open(pace: Pace) -> Result<Self, ServeError> {
        let failed = |e: Errno| ServeError::Pty(e.into());
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).map_err(failed)?;
        grantpt(&master).map_err(failed)?;
        unlockpt(&master).map_err(failed)?;
        let mut settings = tcgetattr(&master).map_err(failed)?;
        settings.make_raw();
        tcsetattr(&master, OptionalActions::Now, &settings).map_err(failed)?;
        ioctl_fionbio(&master, true).map_err(failed)?;
        let path = ptsname(&master, Vec::new()).map_err(failed)?;
        let path = PathBuf::from(path.to_string_lossy().into_owned());
        Ok(PtyServer { master: File::from(master), path, pace })
    }

    /// The serial device that clients open.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Serves until `stop` is set.
    pub fn serve(&self, board: &mut dyn ByteBoard, stop: &AtomicBool) -> Result<(), ServeError> {
        let (events, received) = channel();
        let done = AtomicBool::new(false);
        let reader = self.master.try_clone().map_err(ServeError::Pty)?;
        let mut writer = Line(self.master.try_clone().map_err(ServeError::Pty)?);
        std::thread::scope(|scope| {
            let done = &done;
            scope.spawn(move || read(reader, &events, done));
            let result = pump(board, &received, &mut writer, &self.pace, stop);
            done.store(true, Ordering::Relaxed);
            result
        })
    }
}

/// The sending side: what nobody reads is lost, as on a UART.
struct Line(File);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                if matches!(poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], Some(&LOOK)), Ok(0)) {
                    return Ok(bytes.len());
                }
                Err(ErrorKind::Interrupted.into())
            }
            Err(e) if e.kind() != ErrorKind::Interrupted => Ok(bytes.len()),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read(mut master: File, events: &Sender<Event>, done: &AtomicBool) {
    let mut buffer = [0; 4096];
    while !done.load(Ordering::Relaxed) {
        let waited = poll(&mut [PollFd::new(&master, PollFlags::IN)], Some(&LOOK));
        if matches!(waited, Ok(0)) {
            continue;
        }
        match master.read(&mut buffer) {
            Ok(n) if n > 0 => {
                if events.send(Event::Bytes(buffer[..n].to_vec())).is_err() {
                    return;
                }
            }
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            // nobody has the device open
            _ => std::thread::sleep(NO_CLIENT),
        }
    }
}
