//! Frame memories: frames of a capture go in, slots come out.

use super::{Access, Field, Reg, Region, field};
use crate::limits::FRAME_MEMORY_WORDS;

pub const RX_CONTROL: Reg = Reg::rw("rxm_control", 0x70, 0, "The rx memory.").with(&[ARM]);
pub const ARM: Field =
    field("arm", 0, 1, "Store every slot but IDLE, damaged ones among them, from address 0; writing 1 empties it.");
pub const RX_COUNT: Reg = Reg::ro("rxm_slots", 0x71, "Slots stored since armed.");
pub const RX_LOST: Reg = Reg::ro("rxm_lost", 0x72, "Slots that found the memory full, saturating at 65535.");

pub const REGS: &[Reg] = &[RX_CONTROL, RX_COUNT, RX_LOST];

pub const TX: Region = Region {
    name: "tx_memory",
    word: 0x800,
    words: 2 * FRAME_MEMORY_WORDS as u32,
    access: Access::Wo,
    doc: "Payload words, each as two: data 63..32, then data 31..0.",
};
pub const RX: Region = Region {
    name: "rx_memory",
    word: 0x1000,
    words: 4 * FRAME_MEMORY_WORDS as u32,
    access: Access::Ro,
    doc: "Slots, each as four words: data 63..32, data 31..0, flags, zero. Flags: bits 3..0 type, bit 4 corrected, bit 5 bad even, bit 6 bad odd.",
};
