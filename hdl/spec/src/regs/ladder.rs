//! The adaptive ladder: windows are counted in gateware against thresholds that the host computes.

use super::{Field, Reg, field};

pub const WINDOW: Reg =
    Reg::rw("ladder_window_slots", 0x20, 1 << 20, "Slots of one observation window; 24 bits.").bits(24);
pub const UP: Reg =
    Reg::rw("ladder_up", 0x21, 0xffff, "Corrected words in a window at which the rung steps up; 16 bits.").bits(16);
pub const DOWN: Reg =
    Reg::rw("ladder_down", 0x22, 0, "Corrected words in a window below which the rung may step down; 16 bits.")
        .bits(16);
pub const BURST_UP: Reg = Reg::rw(
    "ladder_burst_up",
    0x23,
    0xffff,
    "Uncorrectable words in a window at which L3 is asked for at once; 16 bits.",
)
.bits(16);
pub const HOLD: Reg =
    Reg::rw("ladder_hold_windows", 0x24, 4, "Quiet windows in a row before a step down; 8 bits.").bits(8);
pub const STATUS: Reg = Reg::ro("ladder_status", 0x25, "Where the controller is and why.").with(&[RUNG, REASON, STEPS]);
pub const RUNG: Field = field("rung", 0, 2, "Rung in use.");
pub const REASON: Field =
    field("reason", 4, 3, "Of the last step: 0 none, 1 errors, 2 bursts, 3 quiet, 4 far end asked, 5 host.");
pub const STEPS: Field = field("steps", 16, 16, "Steps taken.");
pub const LAST_CORRECTED: Reg =
    Reg::ro("ladder_last_corrected", 0x26, "Words with one wrong bit in the last full window.");
pub const LAST_BAD: Reg = Reg::ro("ladder_last_bad", 0x27, "Uncorrectable words in the last full window.");

pub const REGS: &[Reg] = &[WINDOW, UP, DOWN, BURST_UP, HOLD, STATUS, LAST_CORRECTED, LAST_BAD];
