//! The error injector on the line.
//!
//! Random mode, per slot: three independent draws; each hits with probability `inj_rate` / 2^31 and then inverts one
//! of 128 places drawn evenly, of which places 76..127 are off the slot (no error). Two draws on one place cancel.

use super::{Field, Reg, field};

/// Values of [`MODE_FIELD`].
pub mod mode {
    pub const OFF: u32 = 0;
    pub const RANDOM: u32 = 1;
    pub const EXACT: u32 = 2;
    pub const PERIODIC: u32 = 3;
}

pub const CONTROL: Reg = Reg::rw("inj_control", 0x60, 0, "What is injected.").with(&[MODE_FIELD]);
pub const MODE_FIELD: Field =
    field("mode", 0, 2, "0 nothing, 1 random, 2 the mask once at slot inj_slot, 3 the mask every inj_slot slots.");
pub const RATE: Reg =
    Reg::rw("inj_rate", 0x61, 0, "Hit probability of each of the three draws, in units of 2^-31; 31 bits.").bits(31);
pub const MASK_HIGH: Reg =
    Reg::rw("inj_mask_check_type", 0x62, 0, "Bits 3..0 type bits, bits 11..4 check bits to invert.").bits(12);
pub const MASK_DATA_HIGH: Reg = Reg::rw("inj_mask_data_high", 0x63, 0, "Data bits 63..32 to invert.");
pub const MASK_DATA_LOW: Reg = Reg::rw("inj_mask_data_low", 0x64, 0, "Data bits 31..0 to invert.");
pub const SLOT: Reg = Reg::rw(
    "inj_slot",
    0x65,
    0,
    "Exact mode: slots after the write to inj_control; periodic mode: period in slots, at least 2; 24 bits.",
)
.bits(24);
pub const SEED: Reg = Reg::rw("inj_seed", 0x66, 1, "Loads the random source on the write; 0 counts as 1.");

pub const REGS: &[Reg] = &[CONTROL, RATE, MASK_HIGH, MASK_DATA_HIGH, MASK_DATA_LOW, SLOT, SEED];
