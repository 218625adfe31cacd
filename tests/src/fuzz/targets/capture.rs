//! A capture is refused, or read and written back with the same frames.

use firstlight::capture::{self, Capture};

/// pcap, pcapng, plain or gzipped, of any link type.
pub fn run(bytes: &[u8]) -> Result<(), String> {
    let Ok(read) = capture::parse("input", bytes.to_vec()) else { return Ok(()) };
    let again = capture::parse("written", capture::write(&read)).map_err(|e| format!("what was written: {e}"))?;
    let frames = |c: &Capture| c.frames.iter().map(|f| (f.data.clone(), f.wire_bytes)).collect::<Vec<_>>();
    if again.link_type == read.link_type && frames(&again) == frames(&read) {
        return Ok(());
    }
    Err("frames changed when written back".into())
}
