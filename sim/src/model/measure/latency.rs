//! What the latency instruments must show.

use firstlight_spec::limits::{LATENCY_BINS, OUTLIERS, STAMP_RING};

/// One frame's latency, with the number of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Number of the frame.
    pub sequence: u16,
    /// First beat accepted to first beat delivered.
    pub cycles: u16,
}

/// Stamps and everything that is made of them.
#[derive(Clone, Debug)]
pub struct Latency {
    /// Cycles of bin 0.
    pub base: u16,
    /// Number and 12-bit stamp of the frame that wrote each entry; a number is known by ten bits.
    ring: [(u16, u64); STAMP_RING],
    /// Frames of each latency from `base` on.
    pub bins: [u32; LATENCY_BINS],
    /// Shortest latency in cycles, 0xfff before the first frame.
    pub min: u16,
    /// Longest latency in cycles.
    pub max: u16,
    /// Frames that were measured.
    pub count: u64,
    /// Cycles of all of them.
    pub sum: u64,
    /// Frames outside of the bins.
    pub overflow: u32,
    /// Frames whose stamp was overwritten or never made.
    pub unmatched: u32,
    /// The first frames outside of the bins.
    pub outliers: Vec<Measured>,
}

impl Latency {
    /// Nothing measured; bin 0 is `base` cycles.
    pub fn new(base: u16) -> Self {
        Latency {
            base,
            ring: [(0, 0); STAMP_RING],
            bins: [0; LATENCY_BINS],
            min: 0xfff,
            max: 0,
            count: 0,
            sum: 0,
            overflow: 0,
            unmatched: 0,
            outliers: vec![],
        }
    }
    /// A first beat was accepted.
    pub fn sent(&mut self, sequence: u16, cycle: u64) {
        self.ring[sequence as usize % STAMP_RING] = (sequence, cycle);
    }
    /// A good frame whose first beat was seen at `cycle`.
    pub fn received(&mut self, sequence: u16, cycle: u64) -> Option<Measured> {
        let (owner, stamp) = self.ring[sequence as usize % STAMP_RING];
        if (owner ^ sequence) & 0x3ff != 0 {
            self.unmatched += 1;
            return None;
        }
        let cycles = (cycle.wrapping_sub(stamp) & 0xfff) as u16;
        self.min = self.min.min(cycles);
        self.max = self.max.max(cycles);
        self.count += 1;
        self.sum += cycles as u64;
        match cycles.checked_sub(self.base) {
            Some(bin) if (bin as usize) < LATENCY_BINS => self.bins[bin as usize] += 1,
            _ => {
                self.overflow += 1;
                if self.outliers.len() < OUTLIERS {
                    self.outliers.push(Measured { sequence, cycles });
                }
            }
        }
        Some(Measured { sequence, cycles })
    }
}

/// Waits of first beats.
#[derive(Clone, Debug)]
pub struct Wait {
    in_frame: bool,
    count: u16,
    /// First beats by cycles waited; the last bin takes all longer waits.
    pub bins: [u32; LATENCY_BINS],
    /// Shortest wait in cycles, 0xfff before the first beat.
    pub min: u16,
    /// Longest wait in cycles.
    pub max: u16,
}

impl Default for Wait {
    fn default() -> Self {
        Wait { in_frame: false, count: 0, bins: [0; LATENCY_BINS], min: 0xfff, max: 0 }
    }
}

impl Wait {
    /// One cycle; the wait of a first beat that is accepted in it.
    pub fn cycle(&mut self, valid: bool, ready: bool, last: bool) -> Option<u16> {
        let mut accepted = None;
        if valid && !self.in_frame && ready {
            accepted = Some(self.count);
            let bin = (self.count as usize).min(LATENCY_BINS - 1);
            self.bins[bin] = (self.bins[bin] + 1).min(0xffff);
            self.min = self.min.min(self.count);
            self.max = self.max.max(self.count);
        }
        self.count = if valid && !self.in_frame && !ready { (self.count + 1).min(4095) } else { 0 };
        if valid && ready {
            self.in_frame = !last;
        }
        accepted
    }
}
