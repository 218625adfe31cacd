//! Sends one captured frame over the link and takes it out of the frame memory at the far end.
use firstlight_fec::codec::{Decoded, Flag};
use firstlight_fec::frame::Frame;
use firstlight_fec::repair::{Lost, repair};
use firstlight_spec::limits::{FRAME_MEMORY_BYTES, FRAME_MEMORY_WORDS};
use firstlight_spec::regs::{generator, id, injector, latency, link, memory};
use firstlight_spec::slot::{BEAT_BYTES, slot_type};

use crate::device::Device;
use crate::measure::{LineErrors, frame_slots, inject, lock, stop};
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
    /// The bytes that the far end saw, after repair.
    pub data: Vec<u8>,
    /// Whether they are those that were sent, by the far end's word.
    pub fate: Fate,
    /// Cycles from client to client; `None` when the frame was not binned.
    pub latency_cycles: Option<u64>,
}

/// The far end's verdict, or what tail repair made of a bad one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Good as it arrived.
    Good,
    /// At L3: this many words were restored from the parity words, and the CRC agrees.
    Repaired {
        /// Words restored.
        words: u32,
        /// A forwarder had inverted the CRC for line errors.
        was_soft: bool,
    },
    /// Bad, and not to be repaired.
    Bad,
    /// The source gave the frame up.
    Aborted,
}

impl Fate {
    /// May the client have it?
    pub fn is_delivered(self) -> bool {
        matches!(self, Fate::Good | Fate::Repaired { .. })
    }
}

/// How frames are sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// What the receiver does, 0 to 3.
    pub rung: u32,
    /// While a frame is on the line.
    pub errors: LineErrors,
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
pub fn prepare(device: &mut Device, setup: &Setup) -> Result<()> {
    let rung = setup.rung;
    device.require(&id::GENERATOR)?;
    device.require(&id::MEMORIES)?;
    stop(device)?;
    device.set_fields(&link::CONTROL, &[(link::RUNG, rung), (link::TX_PARITY, (rung == 3) as u32)])?;
    device.set(&latency::BASE, 0)?;
    device.set(&generator::FRAMES, 1)?;
    device.set(&generator::GAP, 0)?;
    device.set(&generator::CONTROL, generator::FROM_MEMORY.set(0, 1) as u64)?;
    lock(device)?;
    // loads rate and seed; the injector runs while a frame is on the line only
    inject(device, &setup.errors)?;
    device.set(&injector::CONTROL, 0)
}

/// Sends one frame.
pub fn send(device: &mut Device, setup: &Setup, data: &[u8]) -> Result<Arrival> {
    let words = data.chunks(BEAT_BYTES).flat_map(|chunk| {
        let mut beat = [0; BEAT_BYTES];
        beat[..chunk.len()].copy_from_slice(chunk);
        let word = u64::from_le_bytes(beat);
        [(word >> 32) as u32, word as u32]
    });
    device.fill(&memory::TX, 0, &words.collect::<Vec<_>>())?;
    if setup.errors != LineErrors::None {
        lock(device)?;
    }
    device.clear()?;
    device.set_fields(&memory::RX_CONTROL, &[(memory::ARM, 1)])?;
    device.set(&generator::LENGTH, data.len() as u64)?;
    resume(device, &setup.errors)?;
    device.set_fields(&generator::COMMAND, &[(generator::START, 1)])?;
    wait_sent(device, data.len())?;
    if setup.errors != LineErrors::None {
        device.set(&injector::CONTROL, 0)?;
    }
    let events = device.snapshot()?;
    let binned = device.get(&latency::COUNT)? == 1;
    let latency_cycles = if binned { Some(device.get(&latency::MIN)?) } else { None };
    let (data, fate) = judge(&stored(device)?, setup.rung, events.get("frames_good") == 1);
    Ok(Arrival { data, fate, latency_cycles })
}

/// Turns the injector on again, with the rate and the random state that it has.
fn resume(device: &mut Device, errors: &LineErrors) -> Result<()> {
    match errors {
        LineErrors::Random { .. } => {
            device.set_fields(&injector::CONTROL, &[(injector::MODE_FIELD, injector::mode::RANDOM)])
        }
        other => inject(device, other),
    }
}

/// What the stored slots hold: at L3 the CRC decides, below the far end's verdict.
fn judge(slots: &[Decoded], rung: u32, is_good: bool) -> (Vec<u8>, Fate) {
    let verdict = if is_good { Fate::Good } else { Fate::Bad };
    if rung < 3 {
        return (payload(slots), verdict);
    }
    match repair(slots) {
        Ok(r) if is_good => (bytes(&r.frame), Fate::Good),
        Ok(r) => (bytes(&r.frame), Fate::Repaired { words: r.restored, was_soft: r.was_soft }),
        Err(Lost::Aborted) => (payload(slots), Fate::Aborted),
        Err(Lost::Unrepairable) => (payload(slots), verdict),
    }
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

/// All slots that the rx memory holds.
pub(crate) fn stored(device: &mut Device) -> Result<Vec<Decoded>> {
    let count = (device.get(&memory::RX_COUNT)? as usize).min(FRAME_MEMORY_WORDS);
    Ok(decoded(&device.region(&memory::RX, 0, SLOT_WORDS * count)?))
}

/// Slots as the rx memory stores them.
fn decoded(words: &[u32]) -> Vec<Decoded> {
    let slot = |slot: &[u32]| {
        let flags = slot[2];
        let flag = match (flags >> 5 & 1 != 0, flags >> 6 & 1 != 0, flags >> 4 & 1 != 0) {
            (true, ..) => Flag::BadEven,
            (_, true, _) => Flag::BadOdd,
            (.., true) => Flag::Corrected,
            _ => Flag::Clean,
        };
        Decoded { data: (slot[0] as u64) << 32 | slot[1] as u64, kind: (flags & 0xf) as u8, flag }
    };
    words.chunks_exact(SLOT_WORDS).map(slot).collect()
}

fn bytes(frame: &Frame) -> Vec<u8> {
    let mut out: Vec<u8> = frame.words.iter().flat_map(|w| w.to_le_bytes()).collect();
    out.truncate(out.len() + frame.last_bytes as usize - BEAT_BYTES);
    out
}

/// Bytes of the data slots as they arrived, from the first word that can be trusted up to the last word.
fn payload(slots: &[Decoded]) -> Vec<u8> {
    let mut out = vec![];
    for slot in slots.iter().filter(|s| !s.flag.is_bad()) {
        let bytes = slot.data.to_le_bytes();
        match slot.kind {
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

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_fec::codec;
    use firstlight_spec::control::{STOMP_HARD, STOMP_SOFT};
    use firstlight_spec::slot::Slot;

    fn frame() -> Frame {
        Frame { words: (1..=7).map(|k| k * 0x0123_4567_89ab_cdef).collect(), last_bytes: 3, sequence: 9 }
    }

    /// Index of END in the slots of the frame above.
    const END_AT: usize = 8;

    /// The frame with parity words through a line that hits two bits of each of these slots.
    fn judged(hit: &[usize], stomp: Option<Slot>) -> (Vec<u8>, Fate) {
        let mut slots = frame().slots(true);
        if let Some(by) = stomp {
            let end = slots[END_AT];
            slots[END_AT] = Slot { data: end.data ^ by.data, kind: end.kind, check: end.check ^ by.check };
        }
        hit.iter().for_each(|at| slots[*at] = codec::invert(slots[*at], 1 << 40 | 1 << 11));
        let slots: Vec<Decoded> = slots.into_iter().map(codec::decode).collect();
        judge(&slots, 3, hit.is_empty() && stomp.is_none())
    }

    #[test]
    fn one_bad_word_of_each_class_is_repaired_and_two_of_one_are_not() {
        let sent = bytes(&frame());
        assert_eq!(sent.len(), 51);
        assert_eq!(judged(&[], None), (sent.clone(), Fate::Good));
        for hit in [&[0][..], &[6], &[END_AT], &[0, 3], &[2, END_AT]] {
            let words = hit.len() as u32;
            assert_eq!(judged(hit, None), (sent.clone(), Fate::Repaired { words, was_soft: false }), "{hit:?}");
        }
        assert_eq!(judged(&[1, 3], None).1, Fate::Bad);
    }

    #[test]
    fn soft_poison_is_undone_and_a_hard_abort_stands() {
        let sent = bytes(&frame());
        assert_eq!(judged(&[4], Some(STOMP_SOFT)), (sent, Fate::Repaired { words: 1, was_soft: true }));
        assert_eq!(judged(&[4], Some(STOMP_HARD)).1, Fate::Aborted);
    }
}
