//! Cycles of a bit on the UART's line: a whole number, or sixteenths made up over a byte.

/// Length of a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitTime {
    /// Cycles of every bit.
    pub cycles: u64,
    /// So many of 16 bits last a cycle longer, evenly spread; a byte begins anew.
    pub sixteenths: u64,
}

/// A whole number of cycles serves where it is off by less than one part in so many.
const NEAR_ENOUGH: u64 = 200;

impl BitTime {
    /// The bit of `baud` at `clock_hz`: whole where that is within 0.5 %, in sixteenths otherwise.
    pub const fn of(clock_hz: u64, baud: u64) -> Self {
        let whole = (clock_hz + baud / 2) / baud;
        if (whole * baud).abs_diff(clock_hz) * NEAR_ENOUGH < clock_hz {
            return BitTime::whole(whole);
        }
        let sixteenths = (16 * clock_hz + baud / 2) / baud;
        BitTime { cycles: sixteenths / 16, sixteenths: sixteenths % 16 }
    }

    /// Every bit lasts so many cycles.
    pub const fn whole(cycles: u64) -> Self {
        BitTime { cycles, sixteenths: 0 }
    }

    /// Cycles from the start of a byte to the end of its bit `n`.
    pub const fn end_of(self, n: u64) -> u64 {
        (n + 1) * self.cycles + (n + 1) * self.sixteenths / 16
    }

    /// Cycles from the start of a bit to its middle.
    pub const fn half(self) -> u64 {
        (self.cycles + self.sixteenths.div_ceil(16)) / 2
    }

    /// Panics when counters of `bits` bits do not hold it.
    pub(crate) fn check(self, bits: usize) {
        let most = self.cycles + self.sixteenths.div_ceil(16);
        assert!(
            self.cycles >= 4 && self.sixteenths < 16 && most <= 1 << (bits - 1),
            "{self:?} does not fit {bits} bits"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_whole_where_that_is_near_enough() {
        assert_eq!(BitTime::of(156_250_000, 4_000_000), BitTime::whole(39));
        assert_eq!(BitTime::of(31_250_000, 4_000_000), BitTime { cycles: 7, sixteenths: 13 });
        assert_eq!(BitTime::of(40_000_000, 4_000_000), BitTime::whole(10));
    }

    #[test]
    fn sixteen_bits_make_up_for_the_fraction() {
        let bit = BitTime::of(31_250_000, 4_000_000);
        assert_eq!([bit.end_of(0), bit.end_of(1), bit.end_of(9), bit.end_of(15), bit.half()], [7, 15, 78, 125, 4]);
    }
}
