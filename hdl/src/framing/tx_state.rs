//! Registers of the transmitter, by purpose.

use crate::prelude::*;
use crate::word::W;

/// Where the transmitter is.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Control {
    /// Takes beats for the line; takes beats at all.
    pub take: Bit,
    pub ready: Bit,
    /// Between a first and a last beat: `hold` waits.
    pub in_frame: Bit,
    pub busy: Bit,
    pub swallow: Bit,
    /// The client stalled for too long: unless it offers a beat now or did so a cycle ago, the frame ends.
    pub stalled: Bit,
    pub aborting: Bit,
    /// A last beat was accepted 1 to 4 cycles ago.
    pub last1: Bit,
    pub last2: Bit,
    pub last3: Bit,
    pub last4: Bit,
    /// The words after a last word need the line in this cycle.
    pub tail_ahead: Bit,
    /// The CRC state moves: a word stands in the line register, an abort, or a reset before.
    pub crc_moves: Bit,
    pub first: Bit,
    pub stomp: Bit,
    pub parity: Bit,
    /// Index parity of the next word; class of END.
    pub odd_index: Bit,
    pub end_is_odd: Bit,
    pub add_even: Bit,
    pub add_odd: Bit,
    /// Parity words go to the line register; END beside them is masked; the prepared word stays.
    pub tail: Bit,
    pub mask_end: Bit,
    pub keep_end: Bit,
    pub shift: Bit,
    pub shift_check: Bit,
    pub clear: Bit,
    pub waiting: Bit,
    pub waited: Bit,
    pub limited: Bit,
    pub sent: Bit,
    pub stomped: Bit,
    /// With `crc_moves`: after that word, or after a reset, the CRC starts again.
    pub crc_restarts: Bit,
}

/// The prepared word and what it is made of.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Prepared {
    pub data: W<64>,
    pub check: W<8>,
}

/// Terms of the next prepared word, a cycle ahead: of the data, of END's sequence, of its byte count and stomp flag,
/// and IDLE.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Terms {
    pub data: W<32>,
    pub end: W<40>,
    pub tail: W<15>,
    pub idle: W<64>,
    pub idle_parity: W<8>,
}
