//! Golden model of the frame memories: what went in comes out, and nothing is dropped unseen.

use firstlight_spec::limits::FRAME_MEMORY_WORDS;
use firstlight_spec::regs::memory;

/// A received slot: data, and flags as the host reads them.
pub type StoredSlot = (u64, u8);

/// Both memories.
#[derive(Clone, Debug)]
pub struct FrameMemories {
    tx: Vec<u64>,
    rx: Vec<StoredSlot>,
    armed: bool,
    count: usize,
    lost: u32,
}

impl Default for FrameMemories {
    fn default() -> Self {
        let (tx, rx) = (vec![0; FRAME_MEMORY_WORDS], vec![(0, 0); FRAME_MEMORY_WORDS]);
        FrameMemories { tx, rx, armed: false, count: 0, lost: 0 }
    }
}

impl FrameMemories {
    /// A write from the bus.
    pub fn write(&mut self, word: u32, data: u32) {
        if word == memory::RX_CONTROL.word {
            self.armed = data & 1 != 0;
            if self.armed {
                (self.count, self.lost) = (0, 0);
            }
        }
        if let Some(at) = within(word, memory::TX.word, memory::TX.words) {
            let (index, high) = (at / 2, at % 2 == 0);
            let old = self.tx[index];
            self.tx[index] =
                if high { old & 0xffff_ffff | (data as u64) << 32 } else { old & !0xffff_ffff | data as u64 };
        }
    }

    /// A read from the bus.
    pub fn read(&self, word: u32) -> u32 {
        if let Some(at) = within(word, memory::RX.word, memory::RX.words) {
            let (data, flags) = self.rx[at / 4];
            return [(data >> 32) as u32, data as u32, flags as u32, 0][at % 4];
        }
        match word {
            w if w == memory::RX_CONTROL.word => self.armed as u32,
            w if w == memory::RX_COUNT.word => self.count as u32,
            w if w == memory::RX_LOST.word => self.lost,
            _ => 0,
        }
    }

    /// Payload word for the generator.
    pub fn payload(&self, index: usize) -> u64 {
        self.tx[index]
    }

    /// A slot comes in.
    pub fn store(&mut self, slot: StoredSlot) {
        if !self.armed {
            return;
        }
        if self.count < FRAME_MEMORY_WORDS {
            self.rx[self.count] = slot;
            self.count += 1;
        } else {
            self.lost = (self.lost + 1).min(0xffff);
        }
    }
}

fn within(word: u32, start: u32, words: u32) -> Option<usize> {
    (start..start + words).contains(&word).then(|| (word - start) as usize)
}
