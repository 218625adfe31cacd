//! A serial device: the board's USB UART, or a pty.
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use firstlight_spec::limits::UART_BAUD;
use serialport::{ClearBuffer, SerialPort, SerialPortBuilder};

use crate::bone::{Bone, Line};
use crate::{Error, Result};

/// USB adapters hold bytes back for up to 16 ms.
const PATIENCE: Duration = Duration::from_secs(2);

/// A serial device by its path; closed while it is looked for again.
pub struct Serial {
    path: String,
    port: Option<Box<dyn SerialPort>>,
}

impl Serial {
    fn port(&mut self) -> io::Result<&mut Box<dyn SerialPort>> {
        self.port.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl Read for Serial {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.port()?.read(bytes)
    }
}

impl Write for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.port()?.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.port()?.flush()
    }
}

impl Line for Serial {
    fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        Ok(self.port()?.set_timeout(patience)?)
    }
    fn drop_stale(&mut self) -> io::Result<()> {
        Ok(self.port()?.clear(ClearBuffer::Input)?)
    }
    fn can_reopen(&self) -> bool {
        true
    }
    fn reopen(&mut self) -> io::Result<()> {
        // the old one holds the device until it is closed
        self.port = None;
        self.port = Some(builder(&self.path).open()?);
        Ok(())
    }
}

fn builder(path: &str) -> SerialPortBuilder {
    serialport::new(path, UART_BAUD as u32).timeout(PATIENCE)
}

/// Opens the device, for this process alone.
pub fn open(path: &str) -> Result<Bone<Serial>> {
    if !Path::new(path).exists() {
        return Err(absent(path));
    }
    let port = builder(path).open().map_err(|error| explain(path, &error))?;
    let serial = Serial { path: path.to_owned(), port: Some(port) };
    Ok(Bone::new(serial, path, "serial", Some(UART_BAUD), PATIENCE))
}

fn absent(path: &str) -> Error {
    let found = serialport::available_ports().unwrap_or_default();
    let names: Vec<String> = found.into_iter().map(|port| port.port_name).collect();
    let expected = match names.as_slice() {
        [] => "a serial device; this machine has none".to_owned(),
        names => format!("one of this machine's serial devices: {}", names.join(", ")),
    };
    Error::no_board(
        format!("no device {path}"),
        expected,
        "plug the board in and look for its second USB port, or use --port sim:",
    )
}

/// Tells permission, a busy device and a wrong file apart.
fn explain(path: &str, error: &serialport::Error) -> Error {
    let what = format!("cannot open {path}: {error}");
    if let Some(holder) = holder(path) {
        let next = "end that program, then run the same command again";
        return Error::no_board(what, format!("a device that no other program holds; {holder} has it open"), next);
    }
    if matches!(error.kind, serialport::ErrorKind::Io(io::ErrorKind::PermissionDenied)) {
        let next = "add yourself to the device's group (ls -l shows it), log in again";
        return Error::no_board(what, "the right to read and write the device", next);
    }
    Error::no_board(what, "a serial device or a pty that is free", "check the path: ls -l shows what it is")
}

/// Name and id of another process that has the device open, and is not the one that made the pseudo terminal.
pub(crate) fn holder(path: &str) -> Option<String> {
    let device = fs::canonicalize(path).ok()?;
    let own = std::process::id().to_string();
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let id = process.file_name().to_string_lossy().into_owned();
        let other = id != own && id.bytes().all(|b| b.is_ascii_digit());
        let Ok(files) = fs::read_dir(process.path().join("fd")) else { continue };
        let open: Vec<_> = files.flatten().filter_map(|file| fs::read_link(file.path()).ok()).collect();
        if other && open.contains(&device) && !open.iter().any(|file| file.ends_with("ptmx")) {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {id})", name.trim()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exit;

    #[test]
    fn an_absent_device_and_a_plain_file_are_no_board() {
        let error = open("/dev/no-such-device").err().unwrap();
        assert_eq!(error.exit, Exit::NoBoard);
        assert!(error.what.contains("no device /dev/no-such-device"));
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = open(file.path().to_str().unwrap()).err().unwrap();
        assert_eq!(error.exit, Exit::NoBoard);
        assert!(error.what.contains("cannot open"), "{error}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_process_that_holds_a_file_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let held = fs::File::open(file.path()).unwrap();
        let mut sleeper = std::process::Command::new("sleep").arg("60").stdin(held).spawn().unwrap();
        let found = holder(file.path().to_str().unwrap());
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert_eq!(found, Some(format!("sleep (process {})", sleeper.id())));
    }
}
