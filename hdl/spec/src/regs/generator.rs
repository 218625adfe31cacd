//! The frame generator and the checker at the far end.

use super::{Access, Field, Reg, Region, field};
use crate::limits::SCHEDULE_ENTRIES;

pub const CONTROL: Reg = Reg::rw("gen_control", 0x40, 0, "What is sent.").with(&[SCHEDULED, FROM_MEMORY, HINTS, CHECK]);
pub const SCHEDULED: Field =
    field("scheduled", 0, 1, "Gap and length come from the schedule memory; otherwise from gen_gap and gen_length.");
pub const FROM_MEMORY: Field = field(
    "from_memory",
    1,
    1,
    "Payload comes from the tx frame memory (each frame starts at the next word); otherwise PRBS-31.",
);
pub const HINTS: Field = field("hints", 2, 1, "Announce each burst to the laser, gen_notice cycles ahead.");
pub const CHECK: Field = field("check", 3, 1, "The checker compares received payload with PRBS-31.");
pub const COMMAND: Reg = Reg::wo("gen_command", 0x41, "Acts on the write.").with(&[START, STOP]);
pub const START: Field = field(
    "start",
    0,
    1,
    "Start with the first frame, once a frame in hand has ended; PRBS, sequence of payload and pointers restart.",
);
pub const STOP: Field = field("stop", 1, 1, "Stop after the frame in hand.");
pub const FRAMES: Reg = Reg::rw("gen_frames", 0x42, 0, "Frames to send, 0 = until stopped; taken at start.");
pub const LENGTH: Reg =
    Reg::rw("gen_length_bytes", 0x43, 64, "Bytes of each frame, 1 to 65535; 16 bits; taken at start.").bits(16);
pub const GAP: Reg =
    Reg::rw("gen_gap_cycles", 0x44, 0, "Cycles without an offered beat after each frame; 24 bits.").bits(24);
pub const BURST_FRAMES: Reg =
    Reg::rw("gen_burst_frames", 0x45, 0, "Frames of a burst, 0 = no bursts; 16 bits.").bits(16);
pub const BURST_GAP: Reg = Reg::rw(
    "gen_burst_gap_cycles",
    0x46,
    0,
    "Cycles without an offered beat after each burst, instead of gen_gap; 24 bits.",
)
.bits(24);
pub const NOTICE: Reg =
    Reg::rw("gen_notice_cycles", 0x47, 0xffff, "How far ahead a burst is announced; 16 bits.").bits(16);
pub const STATUS: Reg = Reg::ro("gen_status", 0x48, "Now.").with(&[RUNNING, HALF, UNDERRUN]);
pub const RUNNING: Field = field("running", 0, 1, "Frames are still to be sent.");
pub const HALF: Field = field("half", 1, 1, "Half of the schedule memory that is being played.");
pub const UNDERRUN: Field =
    field("underrun", 2, 1, "A half was needed before the host had filled it; sticky until start.");
pub const LEFT: Reg = Reg::ro(
    "gen_left",
    0x49,
    "Frames still to begin: gen_frames at start, one less with each; below zero (modulo 2^32) when that was 0.",
);
pub const SCHEDULE_COUNT: Reg = Reg::rw(
    "gen_schedule_entries",
    0x4a,
    0,
    "Entries of the schedule to play before it starts again at entry 0, 1 to 256; 0 = endless halves that the host refills (gen_schedule_filled).",
).bits(9);
pub const SCHEDULE_FILLED: Reg =
    Reg::wo("gen_schedule_filled", 0x4b, "Bit 0: lower half filled, bit 1: upper half filled.");

/// Frames begun since start, the one in hand included, from [`FRAMES`] at start and [`LEFT`].
pub const fn sent(frames: u32, left: u32) -> u32 {
    frames.wrapping_sub(left)
}

pub const REGS: &[Reg] = &[
    CONTROL,
    COMMAND,
    FRAMES,
    LENGTH,
    GAP,
    BURST_FRAMES,
    BURST_GAP,
    NOTICE,
    STATUS,
    LEFT,
    SCHEDULE_COUNT,
    SCHEDULE_FILLED,
];

/// Entry of the schedule: bits 15..0 length in bytes, bits 31..16 gap in cycles before the frame.
pub const SCHEDULE: Region = Region {
    name: "schedule",
    word: 0x300,
    words: SCHEDULE_ENTRIES as u32,
    access: Access::Rw,
    doc: "(gap, length) pairs: bits 15..0 length in bytes, bits 31..16 cycles without an offered beat before the frame. Reads give zero.",
};
