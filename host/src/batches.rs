//! Frames in batches that the rx memory holds, each repaired from its stored slots: what is lost at L3.
use firstlight_fec::codec::{Decoded, Flag};
use firstlight_fec::frame::{Frame, slots_of, words_of};
use firstlight_fec::repair::{Repaired, repair};
use firstlight_fec::split;
use firstlight_spec::limits::FRAME_MEMORY_WORDS;
use firstlight_spec::regs::{generator, id, memory};
use firstlight_spec::slot::BEAT_BYTES;

use crate::device::Device;
use crate::measure::{self, Outcome, Plan, Traffic, frame_slots};
use crate::replay::stored;
use crate::{Error, Result, interrupt};

/// Room in the rx memory for damaged IDLEs, which it stores too.
const SPARE_SLOTS: usize = 32;
/// Cycles beyond a batch's own until its last verdict is counted.
const DRAIN_CYCLES: u64 = 64;
/// Looks before a batch counts as stuck.
const LOOKS: u32 = 1000;
/// Batches in which the frames are sought as they were sent.
const CLEAN_BATCHES: u32 = 10;

/// What tail repair made of the frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    /// Good by the gateware's verdict.
    pub good: u64,
    /// Whole after repair, good ones included.
    pub whole: u64,
    /// Passed the CRC after repair, and are not what was sent.
    pub wrong: u64,
    /// Slots of all frames, tails included.
    pub slots: u64,
    /// Uncorrectable words of lost frames.
    pub words_left: u64,
    /// Wrong bits in them at least.
    pub bits_left: u64,
}

/// Frames of a batch of this length, or why it cannot be one.
pub fn frames_of(length_bytes: u32) -> Result<u32> {
    // the IDLE of each frame is not stored
    let slots = slots_of(words_of(length_bytes as usize), true) - 1;
    if slots > FRAME_MEMORY_WORDS {
        let most = (FRAME_MEMORY_WORDS - 3) * BEAT_BYTES;
        return Err(Error::usage(
            format!("frames of {length_bytes} bytes at L3 do not fit the rx memory, from which they are repaired"),
            format!("at most {most} bytes"),
            format!("--length {most}, or --rung L2"),
        ));
    }
    Ok((FRAME_MEMORY_WORDS.saturating_sub(SPARE_SLOTS) / slots).max(1) as u32)
}

/// Sends the plan's frames, all of one length and without gaps, and repairs what arrives damaged.
pub fn run(device: &mut Device, plan: &Plan, progress: &mut dyn FnMut(u64)) -> Result<(Outcome, Repairs)> {
    let Traffic::Steady { length_bytes, .. } = plan.traffic else { unreachable!("batches have frames of one length") };
    device.require(&id::MEMORIES)?;
    let batch = Batch { frames: frames_of(length_bytes)?, length_bytes };
    let mut repairs = Repairs::default();
    let outcome = measure::observe(device, plan, |device| {
        let sent = batch.as_sent(device)?;
        let mut next = sent.last().map_or(0, |frame| frame.sequence.wrapping_add(1));
        measure::begin(device, plan)?;
        let (mut done, mut good) = (0, 0);
        while done < plan.frames {
            interrupt::check()?;
            let frames = batch.frames.min(plan.frames - done);
            batch.send(device, frames)?;
            let good_now = device.snapshot()?.get("frames_good");
            repairs.slots += frame_slots(length_bytes, plan.rung) * u64::from(frames);
            if good_now - good < u64::from(frames) {
                repairs.judge(&stored(device)?, &sent[..frames as usize], next);
            } else {
                repairs.whole += u64::from(frames);
            }
            (good, done, next) = (good_now, done + frames, next.wrapping_add(frames as u16));
            progress(u64::from(done));
        }
        repairs.good = good;
        Ok(u64::from(done))
    })?;
    Ok((outcome, repairs))
}

/// What every batch is made of.
struct Batch {
    frames: u32,
    length_bytes: u32,
}

impl Batch {
    /// The frames of a batch, from one in which all arrived: every start plays the same payload.
    fn as_sent(&self, device: &mut Device) -> Result<Vec<Frame>> {
        for _ in 0..CLEAN_BATCHES {
            self.send(device, self.frames)?;
            let slots = stored(device)?;
            let frames: Vec<Frame> =
                split::frames(&slots).into_iter().filter_map(|piece| repair(piece).ok()).map(|r| r.frame).collect();
            let follow = |pair: &[Frame]| pair[1].sequence == pair[0].sequence.wrapping_add(1);
            if frames.len() == self.frames as usize && frames.windows(2).all(follow) {
                return Ok(frames);
            }
        }
        Err(Error::limit(
            format!(
                "in {CLEAN_BATCHES} batches of {} frames, sent before any error is injected, some were lost",
                self.frames
            ),
            "a line on which one batch arrives whole",
            "firstlight ber --rung L2 counts the errors of the line itself",
        ))
    }

    /// Sends so many frames into the emptied rx memory.
    fn send(&self, device: &mut Device, frames: u32) -> Result<()> {
        let cycles = frame_slots(self.length_bytes, 3) * u64::from(frames) + DRAIN_CYCLES;
        device.set(&generator::FRAMES, u64::from(frames))?;
        device.set_fields(&memory::RX_CONTROL, &[(memory::ARM, 1)])?;
        device.set_fields(&generator::COMMAND, &[(generator::START, 1)])?;
        device.wait(cycles)?;
        for _ in 0..LOOKS {
            if device.field(&generator::STATUS, &generator::RUNNING)? == 0 {
                device.let_pass(DRAIN_CYCLES)?;
                return device.set(&memory::RX_CONTROL, 0);
            }
            device.wait(cycles)?;
        }
        Err(Error::no_board(
            format!("a batch of {frames} frames was not sent"),
            "a link that is locked, with its laser ready",
            "firstlight info shows the link; firstlight reg get laser_status the laser",
        ))
    }
}

impl Repairs {
    /// Adds one batch, whose first frame has the sequence number `first`.
    fn judge(&mut self, slots: &[Decoded], sent: &[Frame], first: u16) {
        let mut is_whole = vec![false; sent.len()];
        let (mut words_left, mut bits_left) = (0, 0);
        for piece in split::frames(slots) {
            match repair(piece) {
                Ok(Repaired { frame: got, .. }) => {
                    let place = usize::from(got.sequence.wrapping_sub(first));
                    match sent.get(place) {
                        Some(frame) if (&frame.words, frame.last_bytes) == (&got.words, got.last_bytes) => {
                            is_whole[place] = true;
                        }
                        _ => self.wrong += 1,
                    }
                }
                // damaged IDLEs alone are no frame
                Err(_) if piece.iter().all(|slot| slot.flag.is_bad()) => {}
                Err(_) => {
                    let left = |flag| piece.iter().filter(|slot| slot.flag == flag).count() as u64;
                    let (even, odd) = (left(Flag::BadEven), left(Flag::BadOdd));
                    words_left += even + odd;
                    bits_left += 2 * even + 3 * odd;
                }
            }
        }
        let whole = is_whole.into_iter().filter(|whole| *whole).count() as u64;
        // a lost frame without a flagged word has one that was taken for another: three wrong bits or more
        let lost = sent.len() as u64 - whole;
        self.whole += whole;
        // without a lost frame, what could not be repaired was damaged IDLEs only
        if lost > 0 {
            self.words_left += words_left.max(lost);
            self.bits_left += bits_left.max(3 * lost);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_fec::codec;
    use firstlight_spec::slot::Slot;

    const DOUBLE: u128 = 1 << 40 | 1 << 11;

    fn sent() -> Vec<Frame> {
        (0..4)
            .map(|n| Frame { words: (n..n + 6).map(|k| k * 0x0123_4567).collect(), last_bytes: 8, sequence: 0 })
            .collect()
    }

    /// Frames as they are stored, sequence numbers around the highest one, with these slots hit.
    fn judged(hit: &[usize]) -> Repairs {
        let first = u16::MAX - 1;
        let frames = sent();
        let numbered = frames.iter().zip(0..).map(|(f, n)| Frame { sequence: first.wrapping_add(n), ..f.clone() });
        let mut slots: Vec<Slot> = numbered.flat_map(|f| f.slots(true)).collect();
        hit.iter().for_each(|at| slots[*at] = codec::invert(slots[*at], DOUBLE));
        let slots: Vec<Decoded> =
            slots.into_iter().map(codec::decode).filter(|s| !firstlight_fec::repair::is_idle(s)).collect();
        let mut repairs = Repairs::default();
        repairs.judge(&slots, &frames, first);
        repairs
    }

    #[test]
    fn frames_are_whole_repaired_or_lost() {
        assert_eq!(judged(&[]), Repairs { whole: 4, ..Repairs::default() });
        assert_eq!(judged(&[1, 12, 20, 21]), Repairs { whole: 4, ..Repairs::default() });
        let lost = Repairs { whole: 3, words_left: 2, bits_left: 4, ..Repairs::default() };
        assert_eq!(judged(&[11, 13]), lost, "words 1 and 3 of the second frame");
    }

    #[test]
    fn an_idle_that_was_taken_for_another_word_is_no_frame() {
        let stray = codec::decode(codec::encode(0x1234, 5));
        let mut slots: Vec<Decoded> = sent()[0].slots(true).into_iter().map(codec::decode).collect();
        slots.push(stray);
        let mut repairs = Repairs::default();
        repairs.judge(&slots, &sent()[..1], 0);
        assert_eq!(repairs, Repairs { whole: 1, ..Repairs::default() });
    }

    #[test]
    fn a_frame_that_was_not_sent_so_is_wrong_and_not_whole() {
        let mut repairs = Repairs::default();
        let other = Frame { words: vec![1, 2], last_bytes: 8, sequence: 7 };
        let slots: Vec<Decoded> = other.slots(true).into_iter().map(codec::decode).collect();
        repairs.judge(&slots, &sent()[..1], 7);
        assert_eq!((repairs.whole, repairs.wrong), (0, 1));
    }

    #[test]
    fn batches_fit_the_memory_with_room_for_damaged_idles() {
        assert_eq!(frames_of(256).unwrap(), 14);
        assert_eq!(frames_of(4328).unwrap(), 1);
        let error = frames_of(4329).unwrap_err();
        assert!(error.what.contains("4329 bytes") && error.next.contains("--length 4328"), "{error}");
    }
}
