//! What the event counters must show.

/// Live counters and their snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventCounters {
    /// Counted so far, by event.
    pub live: [u64; 32],
    /// As they stood at the last copy.
    pub snapshot: [u64; 32],
}

impl EventCounters {
    /// One cycle's events.
    pub fn count(&mut self, events: u32) {
        for (event, counter) in self.live.iter_mut().enumerate() {
            *counter += (events >> event & 1) as u64;
        }
    }
    /// A snapshot in a quiet moment.
    pub fn copy(&mut self) {
        self.snapshot = self.live;
    }
    /// Clears both.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
    /// The word at `index` of the region: most significant half first.
    pub fn word(&self, index: usize) -> u32 {
        (self.snapshot[index / 2] >> if index.is_multiple_of(2) { 32 } else { 0 }) as u32
    }
}
