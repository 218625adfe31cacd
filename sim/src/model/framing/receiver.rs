//! The receiver's states, slot by slot: beats, verdicts, counts. Locked; lock and silence have a model of their own, [`super::lock`].

use crate::model::fec::codec::{self, Flag};
use crate::model::fec::crc::word;
use firstlight_spec::control::{END, EndFlags, IDLE};
use firstlight_spec::crc::{INITIAL, RESIDUE};
use firstlight_spec::slot::{Slot, slot_type};
use firstlight_spec::verdict;

/// A beat at the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Eight bytes, the first in the low bits.
    pub data: u64,
    /// Valid bytes, 0 in a null closing beat.
    pub bytes: u8,
    /// It opens the frame.
    pub first: bool,
    /// It closes the frame.
    pub last: bool,
}

/// The verdict on a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// One of [`verdict`].
    pub reason: u8,
    /// Of the END that gave the verdict.
    pub sequence: Option<u16>,
}

impl Verdict {
    /// The frame arrived as it was sent.
    pub const fn is_good(self) -> bool {
        self.reason == verdict::GOOD
    }
}

/// What a slot causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Handed to the client.
    pub beat: Option<Beat>,
    /// On the frame that ends here.
    pub verdict: Option<Verdict>,
    /// An uncorrectable slot outside frames.
    pub orphan: bool,
    /// A middle word outside frames.
    pub ignored: bool,
    /// A slot that no transmitter sends there.
    pub misplaced: bool,
}

/// A frame from its first word to its verdict.
#[derive(Clone, Debug)]
struct Frame {
    crc: u32,
    flagged: bool,
    /// Bytes of the last word, once it was seen.
    last_bytes: Option<u8>,
    /// A bad slot came after the last word.
    tail_bad: bool,
}

/// Why last words open nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blocked {
    No,
    /// After a bad slot: END, a first word or two IDLEs end it.
    Orphan,
    /// After words of a frame that was not opened: END or a first word ends it.
    UntilEnd,
}

/// The receiver at one rung.
#[derive(Clone, Debug)]
pub struct Receiver {
    corrects: bool,
    frame: Option<Frame>,
    blocked: Blocked,
    idles: u32,
    /// An odd uncorrectable slot outside frames blocks from the second slot after it, unless a word came between.
    odd: [bool; 2],
    /// Slots in which parity words may still come.
    parity: u32,
}

impl Receiver {
    /// Between frames, at rung 0 to 3.
    pub fn new(rung: u8) -> Self {
        Receiver { corrects: rung >= 2, frame: None, blocked: Blocked::No, idles: 0, odd: [false; 2], parity: 0 }
    }

    /// Takes the next slot.
    pub fn slot(&mut self, slot: Slot) -> Outcome {
        let codec::Decoded { data, kind, flag } = codec::decode(slot);
        let data = if self.corrects { data } else { slot.data };
        let even = flag == Flag::BadEven;
        let uncorrectable = flag.is_bad();
        let poisons = if self.corrects { uncorrectable } else { flag != Flag::Clean };
        let control = !even && kind == slot_type::CONTROL;
        let (is_end, is_idle) = (control && data & 1 != 0, control && data & 1 == 0);
        let is_first = !even && kind == slot_type::FIRST;
        let is_more = !even && kind == slot_type::MORE;
        let is_last = !even && slot_type::is_last(kind);
        let is_parity = !even && kind == slot_type::PARITY;
        let is_reserved = !even && slot_type::is_reserved(kind);

        let mut out = Outcome::default();
        let is_open = self.frame.as_ref().is_some_and(|f| f.last_bytes.is_none());
        let was_blocked = self.blocked;
        let opens = !is_open && (is_first || is_last && was_blocked == Blocked::No);
        let unknown_kind = flag == Flag::Clean && (is_end && data as u8 != END || is_idle && data as u8 != IDLE);
        let stray_parity = is_parity && self.parity == 0 && was_blocked == Blocked::No;
        out.ignored = !is_open && is_more;
        out.orphan = uncorrectable && !is_open && !opens;
        out.misplaced =
            unknown_kind || stray_parity || is_reserved || is_end && self.frame.is_none() && was_blocked == Blocked::No;
        let bad = poisons || unknown_kind || stray_parity || is_reserved || out.ignored;

        // the frame that is under way
        if let Some(frame) = &mut self.frame
            && !opens
        {
            let in_tail = frame.last_bytes.is_some();
            frame.flagged |= bad;
            let two_idles = is_idle && self.idles > 0 && frame.tail_bad;
            frame.tail_bad |= in_tail && bad;
            let null = Some(Beat { data, bytes: 0, first: false, last: true });
            if is_end {
                let end = EndFlags::from_byte((data >> 8) as u8);
                // a damaged END's flags say nothing
                let reason = if end.stomp && !bad {
                    if end.soft { verdict::STOMPED_SOFT } else { verdict::STOMPED_HARD }
                } else if !in_tail {
                    verdict::NO_LAST
                } else if frame.flagged {
                    verdict::FLAGGED
                } else if frame.last_bytes != Some(end.last_bytes) {
                    verdict::COUNT
                } else if word(frame.crc, data) != RESIDUE {
                    verdict::CRC
                } else {
                    verdict::GOOD
                };
                out.verdict = Some(Verdict { reason, sequence: Some((data >> 16) as u16) });
                out.beat = null.filter(|_| !in_tail);
                self.frame = None;
            } else if is_open && is_first {
                out.verdict = Some(Verdict { reason: verdict::FIRST_INSIDE, sequence: None });
                out.beat = null;
                self.frame = None;
            } else if is_open && (even || is_last || is_reserved || is_more) {
                let bytes = if is_last { (kind & 7) + 1 } else { 8 };
                out.beat = Some(Beat { data, bytes, first: false, last: is_last });
                frame.last_bytes = is_last.then_some(bytes);
                frame.crc = word(frame.crc, data);
            } else if in_tail && two_idles {
                out.verdict = Some(Verdict { reason: verdict::END_LOST, sequence: None });
                self.frame = None;
            }
        }
        if opens {
            if self.frame.is_some() {
                out.verdict = Some(Verdict { reason: verdict::END_LOST, sequence: None });
            }
            let bytes = if is_last { (kind & 7) + 1 } else { 8 };
            out.beat = Some(Beat { data, bytes, first: true, last: is_last });
            let last_bytes = is_last.then_some(bytes);
            self.frame = Some(Frame { crc: word(INITIAL, data), flagged: bad, last_bytes, tail_bad: false });
        }
        self.block(is_open, is_first, is_end, is_idle, is_more, even);
        self.odd = [flag == Flag::BadOdd && !is_open && !opens, self.odd[0] && !is_end && !is_first && !is_last];
        self.idles = if is_idle { self.idles + 1 } else { 0 };
        let announces = is_end && EndFlags::from_byte((data >> 8) as u8).parity;
        self.parity = if announces { 2 } else { self.parity.saturating_sub(1) };
        out
    }

    fn block(&mut self, is_open: bool, is_first: bool, is_end: bool, is_idle: bool, is_more: bool, even: bool) {
        self.blocked = match (is_open, self.blocked) {
            (true, _) if is_first => Blocked::UntilEnd,
            (true, _) => Blocked::No,
            (false, _) if is_end || is_first => Blocked::No,
            (false, Blocked::No) if is_more => Blocked::UntilEnd,
            (false, Blocked::No) if even || self.odd[1] => Blocked::Orphan,
            (false, Blocked::Orphan) if is_idle && self.idles > 0 && !self.odd[1] => Blocked::No,
            (false, blocked) => blocked,
        };
    }
}

#[cfg(test)]
#[path = "receiver_tests.rs"]
mod tests;
