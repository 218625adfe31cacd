//! Sends one captured frame over the link and takes it out of the frame memory at the far end.
use firstlight_spec::limits::{FRAME_MEMORY_BYTES, FRAME_MEMORY_WORDS};
use firstlight_spec::regs::{generator, id, latency, link, memory};
use firstlight_spec::slot::{BEAT_BYTES, slot_type};

use crate::device::Device;
use crate::measure::{frame_slots, lock, stop};
use crate::{Error, Result};

/// Cycles beyond a frame's own until its verdict is counted.
const DRAIN_CYCLES: u64 = 64;
/// Looks before a frame counts as stuck.
const LOOKS: u32 = 1000;
/// Words of the rx memory for one slot.
const SLOT_WORDS: usize = 4;

/// What became of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The bytes that the far end saw.
    pub data: Vec<u8>,
    /// The far end's verdict.
    pub is_good: bool,
    /// Cycles from client to client; `None` when the frame was not binned.
    pub latency_cycles: Option<u64>,
}

/// Why a frame cannot be sent: what, expected.
pub fn unfit(data: &[u8]) -> Option<(String, String)> {
    if data.is_empty() {
        return Some(("has no bytes".into(), "at least one captured byte".into()));
    }
    (data.len() > FRAME_MEMORY_BYTES).then(|| {
        (
            format!("has {} bytes", data.len()),
            format!("at most {FRAME_MEMORY_BYTES} bytes, the size of the frame memory"),
        )
    })
}

/// Prepares the board for any number of frames.
pub fn prepare(device: &mut Device, rung: u32) -> Result<()> {
    device.require(&id::GENERATOR)?;
    device.require(&id::MEMORIES)?;
    stop(device)?;
    device.set_fields(&link::CONTROL, &[(link::RUNG, rung), (link::TX_PARITY, (rung == 3) as u32)])?;
    device.set(&latency::BASE, 0)?;
    device.set(&generator::FRAMES, 1)?;
    device.set(&generator::GAP, 0)?;
    device.set(&generator::CONTROL, generator::FROM_MEMORY.set(0, 1) as u64)?;
    lock(device)
}

/// Sends one frame.
pub fn send(device: &mut Device, data: &[u8]) -> Result<Arrival> {
    let words = data.chunks(BEAT_BYTES).flat_map(|chunk| {
        let mut beat = [0; BEAT_BYTES];
        beat[..chunk.len()].copy_from_slice(chunk);
        let word = u64::from_le_bytes(beat);
        [(word >> 32) as u32, word as u32]
    });
    device.fill(&memory::TX, 0, &words.collect::<Vec<_>>())?;
    device.clear()?;
    device.set_fields(&memory::RX_CONTROL, &[(memory::ARM, 1)])?;
    device.set(&generator::LENGTH, data.len() as u64)?;
    device.set_fields(&generator::COMMAND, &[(generator::START, 1)])?;
    wait_sent(device, data.len())?;
    let events = device.snapshot()?;
    let binned = device.get(&latency::COUNT)? == 1;
    let latency_cycles = if binned { Some(device.get(&latency::MIN)?) } else { None };
    let stored = (device.get(&memory::RX_COUNT)? as usize).min(FRAME_MEMORY_WORDS);
    let slots = device.region(&memory::RX, 0, SLOT_WORDS * stored)?;
    Ok(Arrival { data: payload(&slots), is_good: events.get("frames_good") == 1, latency_cycles })
}

fn wait_sent(device: &mut Device, bytes: usize) -> Result<()> {
    let cycles = frame_slots(bytes as u32, 3) + DRAIN_CYCLES;
    device.wait(cycles)?;
    for _ in 0..LOOKS {
        if device.field(&generator::STATUS, &generator::RUNNING)? == 0 {
            return device.let_pass(cycles);
        }
        device.wait(cycles)?;
    }
    Err(Error::no_board(
        "the frame was not sent",
        "a link that is locked, with its laser ready",
        "firstlight info shows the link; firstlight reg get laser_status the laser",
    ))
}

/// Bytes of the data slots, up to the last word.
fn payload(slots: &[u32]) -> Vec<u8> {
    let mut out = vec![];
    for slot in slots.chunks_exact(SLOT_WORDS) {
        let bytes = ((slot[0] as u64) << 32 | slot[1] as u64).to_le_bytes();
        match (slot[2] & 0xf) as u8 {
            slot_type::FIRST | slot_type::MORE => out.extend(bytes),
            kind if slot_type::is_last(kind) => {
                out.extend(&bytes[..(kind & 7) as usize + 1]);
                break;
            }
            _ => {}
        }
    }
    out
}
