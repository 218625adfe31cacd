//! The register bus: one request at a time, answers of all blocks ORed.
//!
//! | contract | value |
//! |----------|-------|
//! | `strobe` | high for one cycle; `write`, `address`, `data` are stable from then until the fabric acknowledges |
//! | answer   | stands at a block's `bus_read` within [`READ_CYCLES`] of the strobe, until the next strobe |
//! | a block that is not read | shows 0 by then |

use crate::word::W;
use rust_hdl::prelude::*;

/// Strobe to answer, at the latest.
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
}
