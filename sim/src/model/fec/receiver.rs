//! The frame receiver at L0, L1 and L2: slots in, beats and one verdict per opened frame out.
//!
//! Type bits are corrected at every rung; data only at L2. The verdict counts all that happened between a frame's
//! first word and its END.

use super::codec::{self, Flag};
use super::crc;
use firstlight_spec::control::{END, EndFlags, Idle};
use firstlight_spec::crc::{INITIAL, RESIDUE};
use firstlight_spec::slot::{Slot, slot_type};
use serde::{Deserialize, Serialize};

/// What the receiver does with a wrong word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rung {
    /// Forwards data as it is.
    L0,
    /// Poisons.
    L1,
    /// Corrects one bit.
    L2,
    /// L2, and repairs at the end of the frame.
    L3,
}

/// A beat at the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    pub data: u64,
    /// Valid bytes; 0 in a null closing beat.
    pub bytes: u8,
    pub first: bool,
    pub last: bool,
}

/// Why a frame is bad; empty = good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// A word that this rung must not let pass.
    pub flagged: bool,
    /// CRC residue.
    pub crc: bool,
    /// END's count of bytes against the last word's type.
    pub count: bool,
    /// END came without a last word, or a first word inside the frame.
    pub cut: bool,
    /// A slot that does not belong inside a frame.
    pub misplaced: bool,
    /// Stomped upstream.
    pub stomped: bool,
}

impl Reasons {
    pub fn is_good(self) -> bool {
        self == Reasons::default()
    }
}

/// What one slot causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub beat: Option<Beat>,
    pub verdict: Option<Reasons>,
}

/// Between frames: what may open one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// `skipping`: remains of a frame whose start was not seen; last words open nothing until END or two IDLEs.
    Closed {
        skipping: bool,
        idles: u8,
    },
    Open {
        crc: u32,
        reasons: Reasons,
        last_bytes: Option<u8>,
    },
}

const CLOSED: State = State::Closed { skipping: false, idles: 0 };
const SKIPPING: State = State::Closed { skipping: true, idles: 0 };

/// A receiver that is locked.
#[derive(Clone, Debug)]
pub struct Receiver {
    rung: Rung,
    state: State,
}

impl Receiver {
    /// L3 takes the beats and verdicts of L2; repair is [`super::repair`]'s.
    pub fn new(rung: Rung) -> Self {
        Receiver { rung, state: CLOSED }
    }

    /// Takes the next slot of the line.
    pub fn slot(&mut self, slot: Slot) -> Outcome {
        let decoded = codec::decode(slot);
        let corrects = self.rung >= Rung::L2;
        let data = if corrects { decoded.data } else { slot.data };
        let flagged = if corrects { decoded.flag.is_bad() } else { decoded.flag != Flag::Clean };
        match self.state {
            State::Closed { skipping, idles } => self.closed(skipping, idles, data, decoded.kind, decoded.flag),
            State::Open { crc, mut reasons, last_bytes } => {
                reasons.flagged |= flagged;
                self.open(crc, reasons, last_bytes, data, decoded.kind, decoded.flag)
            }
        }
    }

    fn closed(&mut self, skipping: bool, idles: u8, data: u64, kind: u8, flag: Flag) -> Outcome {
        let mut out = Outcome::default();
        if flag == Flag::BadEven {
            self.state = SKIPPING;
            return out;
        }
        // a bad odd syndrome is known too late to stop a start: the frame opens and ends bad
        let opens = kind == slot_type::FIRST || slot_type::is_last(kind) && !skipping;
        if opens {
            let last = slot_type::is_last(kind);
            let bytes = if last { (kind & 7) + 1 } else { 8 };
            out.beat = Some(Beat { data, bytes, first: true, last });
            let own = self.flags_word(flag);
            let reasons = Reasons { flagged: own, ..Reasons::default() };
            self.state = State::Open { crc: crc::word(INITIAL, data), reasons, last_bytes: last.then_some(bytes) };
            return out;
        }
        self.state = match kind {
            slot_type::CONTROL if flag == Flag::BadOdd => SKIPPING,
            slot_type::CONTROL if data as u8 == END => CLOSED,
            slot_type::CONTROL if Idle::from_data(data).is_some() => {
                if skipping && idles == 0 {
                    State::Closed { skipping, idles: 1 }
                } else {
                    CLOSED
                }
            }
            slot_type::MORE => SKIPPING,
            _ => State::Closed { skipping, idles: 0 },
        };
        out
    }

    /// Does this rung poison a frame for a word with this flag?
    fn flags_word(&self, flag: Flag) -> bool {
        if self.rung >= Rung::L2 { flag.is_bad() } else { flag != Flag::Clean }
    }

    fn open(
        &mut self,
        crc: u32,
        mut reasons: Reasons,
        last_bytes: Option<u8>,
        data: u64,
        kind: u8,
        flag: Flag,
    ) -> Outcome {
        let mut out = Outcome::default();
        let mut next = (crc, last_bytes);
        if flag == Flag::BadEven || kind == slot_type::MORE {
            // an untrusted type: a full beat
            reasons.misplaced |= last_bytes.is_some();
            out.beat = Some(Beat { data, bytes: 8, first: false, last: false });
            next.0 = crc::word(crc, data);
        } else if slot_type::is_last(kind) {
            reasons.misplaced |= last_bytes.is_some();
            let bytes = (kind & 7) + 1;
            out.beat = Some(Beat { data, bytes, first: false, last: true });
            next = (crc::word(crc, data), Some(bytes));
        } else if kind == slot_type::FIRST {
            reasons.cut = true;
            out.beat = closing(last_bytes);
            out.verdict = Some(reasons);
            self.state = SKIPPING;
            return out;
        } else if kind == slot_type::CONTROL && data as u8 == END {
            let end = EndFlags::from_byte((data >> 8) as u8);
            reasons.crc = crc::word(crc, data) != RESIDUE;
            reasons.count = last_bytes.is_some_and(|bytes| bytes != end.last_bytes);
            reasons.cut |= last_bytes.is_none();
            reasons.stomped = end.stomp;
            out.beat = closing(last_bytes);
            out.verdict = Some(reasons);
            self.state = CLOSED;
            return out;
        } else if !(kind == slot_type::CONTROL && Idle::from_data(data).is_some()) {
            reasons.misplaced = true;
        }
        self.state = State::Open { crc: next.0, reasons, last_bytes: next.1 };
        out
    }
}

/// The null beat that closes a frame without a last word.
fn closing(last_bytes: Option<u8>) -> Option<Beat> {
    last_bytes.is_none().then_some(Beat { data: 0, bytes: 0, first: false, last: true })
}

#[cfg(test)]
#[path = "receiver_tests.rs"]
mod tests;
