//! Latency and wait: bins of one cycle, extremes, sums.

use super::{Access, Reg, Region};
use crate::limits::{LATENCY_BINS, OUTLIERS as OUTLIER_COUNT};

pub const BASE: Reg = Reg::rw("lat_base_cycles", 0x50, 0, "Latency of bin 0; 12 bits.").bits(12);
pub const MIN: Reg = Reg::ro("lat_min_cycles", 0x51, "Smallest latency; all ones when none was seen; 12 bits.");
pub const MAX: Reg = Reg::ro("lat_max_cycles", 0x52, "Largest latency; 12 bits.");
pub const COUNT: Reg =
    Reg::ro("lat_count", 0x53, "Frames binned, overflow and underflow included; of the snapshot, 48 bits.").wide();
pub const SUM: Reg = Reg::ro("lat_sum_cycles", 0x55, "Sum of their latencies; of the snapshot, 48 bits.").wide();
pub const OVERFLOW: Reg = Reg::ro(
    "lat_overflow",
    0x57,
    "Frames at or above the last bin's end, or below the first bin; saturating at 65535.",
);
pub const WAIT_MIN: Reg =
    Reg::ro("wait_min_cycles", 0x58, "Shortest offered-to-accepted wait of a first beat; all ones when none; 12 bits.");
pub const WAIT_MAX: Reg = Reg::ro("wait_max_cycles", 0x59, "Longest wait, 4095 = that or more; 12 bits.");
pub const UNMATCHED: Reg =
    Reg::ro("lat_unmatched", 0x5a, "Good frames whose sequence number named no stamp; saturating at 65535.");
pub const OUTLIER_COUNT_REG: Reg =
    Reg::ro("lat_outliers", 0x5b, "Outliers stored: frames outside the bins, the first sixteen.");

pub const REGS: &[Reg] = &[BASE, MIN, MAX, COUNT, SUM, OVERFLOW, WAIT_MIN, WAIT_MAX, UNMATCHED, OUTLIER_COUNT_REG];

pub const BINS: Region = Region {
    name: "latency_bins",
    word: 0x100,
    words: LATENCY_BINS as u32,
    access: Access::Ro,
    doc: "Frames of latency lat_base + index. Stable when no frame is in flight.",
};
pub const WAIT_BINS: Region = Region {
    name: "wait_bins",
    word: 0x200,
    words: LATENCY_BINS as u32,
    access: Access::Ro,
    doc: "Frames whose first beat waited index cycles; the last bin holds all longer waits. 16 bits, saturating.",
};
pub const OUTLIERS: Region = Region {
    name: "outliers",
    word: 0x480,
    words: OUTLIER_COUNT as u32,
    access: Access::Ro,
    doc: "Bits 15..0 sequence number, bits 27..16 latency in cycles.",
};
