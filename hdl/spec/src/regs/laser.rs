//! The laser enable: mode, timing, status. Its counters are events.

use super::{Field, Reg, field};

/// Values of [`MODE`].
pub mod mode {
    pub const ALWAYS_ON: u32 = 0;
    pub const REACTIVE: u32 = 1;
    pub const HINT: u32 = 2;
    pub const TIMEOUT: u32 = 3;
    pub const PAIR_GAP: u32 = 4;
}

pub const MODE: Reg =
    Reg::rw("laser_mode", 0x30, mode::ALWAYS_ON, "0 always on, 1 reactive, 2 hint, 3 timeout, 4 PairGap.").bits(3);
pub const T_ON: Reg = Reg::rw(
    "laser_t_on_cycles",
    0x31,
    80,
    "Enable to first usable slot: driver, laser, receiver, 4 relock slots and 5 cycles of the lock; 12 bits.",
)
.bits(12);
pub const MIN_ON: Reg = Reg::rw("laser_min_on_cycles", 0x32, 0, "Shortest time on; 12 bits.").bits(12);
pub const MIN_OFF: Reg = Reg::rw("laser_min_off_cycles", 0x33, 0, "Shortest time off; 12 bits.").bits(12);
pub const TIMEOUT: Reg =
    Reg::rw("laser_timeout_cycles", 0x34, 81_920, "Idle cycles after which timeout and PairGap turn off; 24 bits.")
        .bits(24);
pub const STALL_LIMIT: Reg = Reg::rw(
    "laser_stall_limit_cycles",
    0x35,
    1024,
    "A client that stalls longer inside a frame has it ended, stomped; 16 bits, 0 = never.",
)
.bits(16);
pub const STATUS: Reg = Reg::ro("laser_status", 0x36, "Now.").with(&[ENABLED, READY, CREDIT]);
pub const ENABLED: Field = field("enabled", 0, 1, "The enable pin is high.");
pub const READY: Field = field("ready", 1, 1, "On for t_on: data may leave.");
pub const CREDIT: Field = field("credit", 8, 8, "Late credit of PairGap.");
pub const HINT: Reg =
    Reg::wo("laser_hint", 0x37, "Host doorbell: a burst not earlier than in this many slots; 16 bits.");

pub const REGS: &[Reg] = &[MODE, T_ON, MIN_ON, MIN_OFF, TIMEOUT, STALL_LIMIT, STATUS, HINT];
