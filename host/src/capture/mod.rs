//! Captured frames: reads pcap and pcapng, plain or gzipped; writes pcap.
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::{Error, Result};

mod pcap;
mod pcapng;
pub mod roce;

pub use pcap::write;

/// Largest capture, unpacked: all of it is held in memory.
pub const MAX_BYTES: u64 = 1 << 30;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Link types that are replayed: number, name.
pub const LINK_TYPES: [(u32, &str); 3] = [(1, "Ethernet"), (197, "ERF"), (247, "InfiniBand")];

/// One captured frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Nanoseconds since 1970.
    pub time_ns: u64,
    /// Its bytes, from the first of the link header.
    pub data: Vec<u8>,
    /// Its length on the wire; the capture may hold less.
    pub wire_bytes: u32,
}

/// A capture of one link type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// As pcap numbers it: 1 is Ethernet.
    pub link_type: u32,
    /// In the order of the file.
    pub frames: Vec<Frame>,
}

impl Capture {
    /// Name of the link type.
    pub fn link_name(&self) -> &'static str {
        LINK_TYPES.iter().find(|(number, _)| *number == self.link_type).map_or("unknown", |(_, name)| name)
    }
}

/// What is wrong with a capture: what, expected.
struct Fault(String, String);

impl Fault {
    fn new(what: impl Into<String>, expected: impl Into<String>) -> Self {
        Fault(what.into(), expected.into())
    }
    /// The file ends too early.
    fn cut(place: &str) -> Self {
        Fault::new(format!("the file ends within {place}"), "a capture that was closed properly")
    }
}

/// Reads a whole capture; what cannot be replayed as a whole is refused.
pub fn read(path: &Path) -> Result<Capture> {
    let name = path.display().to_string();
    parse(&name, load(path).map_err(|error| unreadable(&name, &error))?)
}

/// The same of a file's bytes; `name` is how errors call it.
pub fn parse(name: &str, bytes: Vec<u8>) -> Result<Capture> {
    let bytes = unpack(bytes).map_err(|error| unreadable(name, &error))?;
    frames(&bytes).map_err(|fault| refused(name, fault))
}

fn refused(name: &str, Fault(what, expected): Fault) -> Error {
    let next = "tshark -r FILE shows what it holds; editcap -F pcap IN OUT rewrites it";
    Error::usage(format!("{name}: {what}"), expected, next)
}

fn unreadable(name: &str, error: &std::io::Error) -> Error {
    let reason = if error.get_ref().is_some() { error.to_string() } else { error.kind().to_string() };
    refused(name, Fault::new(format!("cannot be read: {reason}"), "a readable pcap or pcapng file, plain or gzipped"))
}

fn load(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![];
    BufReader::new(File::open(path)?).take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unpack(bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut unpacked = vec![];
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(MAX_BYTES + 1).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

fn frames(bytes: &[u8]) -> Result<Capture, Fault> {
    if bytes.is_empty() {
        return Err(Fault::new("the file is empty", "a capture with at least one frame"));
    }
    if bytes.len() as u64 > MAX_BYTES {
        let what = format!("it holds more than {} MiB", MAX_BYTES >> 20);
        return Err(Fault::new(what, "a capture that fits; editcap -c cuts one into pieces"));
    }
    let capture = if pcapng::is_one(bytes) { pcapng::read(bytes)? } else { pcap::read(bytes)? };
    if capture.frames.is_empty() {
        return Err(Fault::new("it holds no frames", "a capture with at least one frame"));
    }
    Ok(capture)
}

/// Refuses a link type whose frames we would not understand.
fn known_link_type(number: u32) -> Result<u32, Fault> {
    if LINK_TYPES.iter().any(|(known, _)| *known == number) {
        return Ok(number);
    }
    let names: Vec<String> = LINK_TYPES.iter().map(|(number, name)| format!("{name} ({number})")).collect();
    Err(Fault::new(format!("unknown link type {number}"), names.join(", ")))
}

/// Byte order of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: &[u8]) -> u16 {
        let two = [bytes[0], bytes[1]];
        if self == Order::Little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) }
    }
    fn u32(self, bytes: &[u8]) -> u32 {
        let four = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self == Order::Little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }
    }
}

/// The next `n` bytes, or a fault that names `place`.
fn take<'a>(bytes: &mut &'a [u8], n: usize, place: &str) -> Result<&'a [u8], Fault> {
    let (head, tail) = bytes.split_at_checked(n).ok_or_else(|| Fault::cut(place))?;
    *bytes = tail;
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn fault(bytes: &[u8]) -> String {
        read(file(bytes).path()).unwrap_err().what
    }

    fn sample() -> Capture {
        let frame = |n: u8, bytes: usize| Frame { time_ns: n as u64 * 1_001, data: vec![n; bytes], wire_bytes: 2000 };
        Capture { link_type: 1, frames: vec![frame(1, 60), frame(2, 1), frame(3, 1518)] }
    }

    #[test]
    fn what_is_written_is_read_again_gzipped_too() {
        let plain = write(&sample());
        assert_eq!(read(file(&plain).path()).unwrap(), sample());
        let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        let mut gzip = gzip.finish().unwrap();
        assert_eq!(read(file(&gzip).path()).unwrap(), sample());
        gzip.truncate(gzip.len() / 2);
        assert!(fault(&gzip).contains("cannot be read"), "{}", fault(&gzip));
    }

    #[test]
    fn bad_files_are_named_and_never_panic() {
        assert!(fault(b"").contains("the file is empty"));
        assert!(fault(b"hello, this is no capture").contains("neither pcap nor pcapng"));
        assert!(fault(&write(&Capture { frames: vec![], ..sample() })).contains("holds no frames"));
        assert!(fault(&write(&Capture { link_type: 113, ..sample() })).contains("unknown link type 113"));
        let whole = write(&sample());
        for length in 1..whole.len() {
            // cut at the end of a frame it is a shorter capture, anywhere else it is refused
            match read(file(&whole[..length]).path()) {
                Ok(capture) => assert!(write(&capture) == whole[..length]),
                Err(error) => assert_eq!(error.exit, crate::Exit::Usage),
            }
        }
        assert!(read(Path::new("/no/such.pcap")).unwrap_err().what.contains("not found"));
    }
}
