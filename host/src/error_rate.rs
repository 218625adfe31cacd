//! Error rates of one run, each with its interval; never a bare zero.
use firstlight_spec::slot::SLOT_BITS;

use crate::batches::Repairs;
use crate::measure::{LineErrors, Outcome};
use crate::stats::{interval_95, lower_95, upper_95};
use crate::{Error, Result};

/// Pairs of bits in a slot: how often two of independent errors meet.
const PAIRS: f64 = (SLOT_BITS * (SLOT_BITS - 1) / 2) as f64;
/// The injector makes two thirds of these pairs: its three draws a slot meet in three ways, 76 times 75 places each.
const INJECTED_PAIRS: f64 = PAIRS * 2.0 / 3.0;
/// More uncorrectable words than independent errors make, by this factor, are bursts.
const BURSTY: f64 = 10.0;

/// Wrong bits in words that were counted; the interval is that of the words.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Words with a wrong bit.
    pub words: u64,
    /// At least so many: an even syndrome is two or more, an odd one three or more.
    pub bits: u64,
    /// Bits among which they were counted.
    pub of: u64,
}

impl Rate {
    fn per_word(&self) -> f64 {
        if self.words == 0 { 1.0 } else { self.bits as f64 / self.words as f64 }
    }
    /// Wrong bits per bit.
    pub fn value(&self) -> f64 {
        self.bits as f64 / self.of as f64
    }
    /// Two-sided 95 % interval of the rate.
    pub fn interval(&self) -> (f64, f64) {
        let (low, high) = interval_95(self.words);
        let scale = self.per_word() / self.of as f64;
        (low * scale, high * scale)
    }
    /// One-sided upper 95 % limit of the rate.
    pub fn upper(&self) -> f64 {
        upper_95(self.words) * self.per_word() / self.of as f64
    }
    /// One-sided lower 95 % limit of the rate.
    pub fn lower(&self) -> f64 {
        lower_95(self.words) * self.per_word() / self.of as f64
    }
    /// The rate with its bounds; never "0".
    pub fn text(&self) -> String {
        if self.words == 0 {
            return format!("no wrong bit in {:.2e}: below {:.2e} with 95 % confidence", self.of as f64, self.upper());
        }
        let (low, high) = self.interval();
        format!(
            "{:.3e}, 95 % {low:.2e} .. {high:.2e}; {} wrong bits in {:.2e}",
            self.value(),
            self.bits,
            self.of as f64
        )
    }
}

/// What one run says.
pub struct Findings {
    /// As the line delivers them.
    pub line: Rate,
    /// As they are left after correction.
    pub after: Rate,
    /// Words with two wrong bits or more.
    pub uncorrectable: u64,
    /// Uncorrectable words that independent errors of this rate, or the injector's, make.
    pub expected_uncorrectable: f64,
    /// Frames sent.
    pub sent: u64,
    /// Without a good verdict, or at L3 not whole after repair.
    pub lost: u64,
    /// At L3.
    pub repairs: Option<Repairs>,
}

impl Findings {
    /// From what a run counted, and what its repairs found.
    pub fn of(o: &Outcome, repairs: Option<Repairs>) -> Result<Self> {
        let [one, even, odd] = ["corrected", "bad_even", "bad_odd"].map(|name| o.events.get(name));
        let of = o.bits();
        if of == 0 {
            return Err(Error::no_board(
                "not one slot was counted",
                "a locked link while frames are sent",
                "firstlight info shows light and lock",
            ));
        }
        let line = Rate { words: one + even + odd, bits: o.wrong_bits(), of };
        let in_line = Rate { words: o.uncorrected(), bits: o.wrong_bits() - o.corrected(), of };
        let after = |r: Repairs| Rate { words: r.words_left, bits: r.bits_left, of: r.slots * SLOT_BITS as u64 };
        let p = line.value();
        let pairs = if o.plan.errors == LineErrors::None { PAIRS } else { INJECTED_PAIRS };
        Ok(Findings {
            line,
            after: repairs.map_or(in_line, after),
            uncorrectable: even + odd,
            expected_uncorrectable: pairs * p * p * (of / SLOT_BITS as u64) as f64,
            sent: o.sent,
            lost: o.sent.saturating_sub(repairs.map_or(o.events.get("frames_good"), |r| r.whole)),
            repairs,
        })
    }

    /// Did clearly more words go wrong beyond repair than independent errors explain?
    pub fn is_bursty(&self) -> bool {
        lower_95(self.uncorrectable) > BURSTY * self.expected_uncorrectable
    }
}

/// Bits without an error that certify a rate, and their time on the line.
pub fn certification(target: f64, clock_hz: u64) -> (f64, f64) {
    let bits = upper_95(0) / target;
    (bits, bits / (clock_hz as f64 * SLOT_BITS as f64))
}

/// A time in the unit that reads best.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.1} us", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.1} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_seen_is_a_bound_and_not_a_zero() {
        let none = Rate { words: 0, bits: 0, of: 1_000_000 };
        assert_eq!(none.text(), "no wrong bit in 1.00e6: below 3.00e-6 with 95 % confidence");
        let some = Rate { words: 10, bits: 20, of: 1_000_000 };
        assert_eq!(some.text(), "2.000e-5, 95 % 9.59e-6 .. 3.68e-5; 20 wrong bits in 1.00e6");
    }

    #[test]
    fn a_target_takes_three_over_it_in_bits() {
        let (bits, seconds) = certification(1e-12, 156_250_000);
        assert!((bits - 2.9957e12).abs() < 1e9);
        assert_eq!(duration(seconds), "4.2 min");
    }
}
