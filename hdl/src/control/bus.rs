//! The register bus: one request at a time, words are read bit by bit, the answers of all blocks ORed.
//!
//! | contract | value |
//! |----------|-------|
//! | `strobe` | high for one cycle; `write`, `address`, `data` are stable from then until the fabric acknowledges |
//! | `step`   | counts all bits of a word, not before [`SETTLE_CYCLES`] after the strobe of a read |
//! | answer   | the bit that `step` names stands at a block's `bus_read` [`BIT_CYCLES`] later |
//! | a block that is not read | shows 0 |
//!
//! A block may also answer in whole words: then the word stands at its `bus_read` within [`READ_CYCLES`] of the strobe,
//! until the next strobe, and the fabric picks the bits.

use crate::word::W;
use rust_hdl::prelude::*;

/// Strobe of a read to the first step, at least.
pub const SETTLE_CYCLES: u64 = 11;
/// Step to bit.
pub const BIT_CYCLES: u64 = 3;
/// Strobe to a whole word, at the latest.
pub const READ_CYCLES: u64 = 8;
/// Bits of a word address.
pub const ADDRESS_BITS: usize = 13;

const _: () = assert!(firstlight_spec::regs::SPACE_WORDS == 1 << ADDRESS_BITS);

/// What the fabric asks of all blocks.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct BusRequest {
    pub strobe: Bit,
    pub write: Bit,
    pub address: W<13>,
    pub data: W<32>,
    /// The bit of the answer that is asked for.
    pub step: W<5>,
}
