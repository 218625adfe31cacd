//! Golden model of the error injector: its law, one slot a call.

use firstlight_spec::regs::injector::mode;

/// Length of the random source and places it moves on in a slot.
const LENGTH: u32 = 127;
const STEP: u32 = 114;
const FILL: u128 = 0x5bd1_e995_93c4_67e3_7db0_c7a4;
/// Places that stand for line bits.
const PLACES: u64 = 76;

/// The injector with its settings.
#[derive(Clone, Debug)]
pub struct Injector {
    state: u128,
    /// `inj_control`.
    pub mode: u32,
    /// `inj_rate`.
    pub rate: u32,
    /// `inj_mask_*`: 64 data bits, then 4 type, then 8 check bits.
    pub mask: u128,
    /// `inj_slot`.
    pub slot: u32,
    countdown: Option<u32>,
}

impl Default for Injector {
    fn default() -> Self {
        let mut injector = Injector { state: 0, mode: mode::OFF, rate: 0, mask: 0, slot: 0, countdown: None };
        injector.seed(1);
        injector
    }
}

impl Injector {
    /// A write to `inj_seed`.
    pub fn seed(&mut self, seed: u32) {
        self.state = (seed as u128 | FILL << 32) & ((1 << LENGTH) - 1);
    }

    /// A write to `inj_control`.
    pub fn control(&mut self, mode: u32) {
        self.mode = mode;
        self.countdown = (mode == mode::EXACT || mode == mode::PERIODIC).then_some(self.slot);
    }

    /// Places to invert in this slot: bit p for place p.
    pub fn slot(&mut self) -> u128 {
        let mut mask = 0;
        if self.mode == mode::RANDOM {
            for k in 0..3 {
                let bits = (self.state >> (38 * k)) as u64;
                let (level, place) = (bits & 0x7fff_ffff, bits >> 31 & 127);
                if level < self.rate as u64 && place < PLACES {
                    mask ^= 1 << place;
                }
            }
            for _ in 0..STEP {
                let bit = (self.state ^ self.state >> 63) & 1;
                self.state = self.state >> 1 | bit << (LENGTH - 1);
            }
        }
        match self.countdown {
            Some(0) => {
                mask ^= self.mask;
                self.countdown = (self.mode == mode::PERIODIC).then(|| self.slot - 1);
            }
            Some(n) => self.countdown = Some(n - 1),
            None => {}
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_is_kept_within_five_standard_deviations() {
        // one draw in eight hits
        let mut injector = Injector { rate: 1 << 28, ..Injector::default() };
        injector.control(mode::RANDOM);
        let slots = 40_000u32;
        let mut hits = 0u32;
        let mut places = [0u32; 76];
        for _ in 0..slots {
            let mask = injector.slot();
            hits += mask.count_ones();
            (0..76).filter(|p| mask >> p & 1 != 0).for_each(|p| places[p] += 1);
        }
        // a place is inverted when an odd number of the three draws hits it
        let q: f64 = 0.125 / 128.0;
        let odd = 3.0 * q * (1.0 - q) * (1.0 - q) + q * q * q;
        let expected = slots as f64 * odd;
        for (p, n) in places.iter().enumerate() {
            assert!((*n as f64 - expected).abs() < 5.0 * expected.sqrt(), "place {p}: {n}, expected {expected:.1}");
        }
        let total = 76.0 * expected;
        assert!((hits as f64 - total).abs() < 5.0 * total.sqrt(), "{hits} hits, expected {total:.0}");
    }
}
