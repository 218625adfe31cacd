//! Limits that gateware, models and host share.

/// Good IDLEs for a cold lock.
pub const LOCK_IDLES: u32 = 64;
/// Good IDLEs that confirm an alignment held through darkness.
pub const RELOCK_IDLES: u32 = 4;
/// Bad slots within [`UNLOCK_WINDOW_SLOTS`] that drop the lock.
pub const UNLOCK_BAD_SLOTS: u32 = 4;
/// Window of the bad-slot count.
pub const UNLOCK_WINDOW_SLOTS: u32 = 16;
/// Frame memory: bytes of payload that it holds, at least one RoCE v2 frame at MTU 4096.
pub const FRAME_MEMORY_BYTES: usize = 4352;
/// The same in words of 64 bits.
pub const FRAME_MEMORY_WORDS: usize = FRAME_MEMORY_BYTES / 8;
/// Schedule memory: (gap, length) pairs.
pub const SCHEDULE_ENTRIES: usize = 256;
/// Latency bins, one cycle each.
pub const LATENCY_BINS: usize = 256;
/// Entries of the ring of tx stamps.
pub const STAMP_RING: usize = 64;
/// Outliers that are kept.
pub const OUTLIERS: usize = 16;
/// Longest frame of the generator.
pub const GENERATOR_MAX_BYTES: usize = 65_535;
/// The deadline of one UARTBone command.
pub const BONE_TIMEOUT_MS: u64 = 100;
/// Bit rate of the control UART.
pub const UART_BAUD: u64 = 4_000_000;
