//! Statistics of whole-cycle bins: percentiles are exact, or said to lie beyond the bins.

/// A bin of a saturating counter at this value holds so much or more.
const SATURATED: u64 = 65_535;
/// Quantile of the normal distribution at 95 %, one-sided.
const Z95: f64 = 1.644_853_627;
/// The same at 97.5 %: half of a two-sided 95 %.
const Z975: f64 = 1.959_963_985;
/// Up to so many events the Poisson sum is taken as it is.
const FEW: u64 = 100;

/// Counts per cycle, with what the gateware kept beside them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Histogram {
    /// Cycles of the first bin.
    pub base: u64,
    /// Values counted, by cycles from `base` on.
    pub bins: Vec<u64>,
    /// Values beyond the last bin.
    pub beyond: u64,
    /// Least value; none before the first.
    pub min: Option<u64>,
    /// Greatest value, beyond the bins too.
    pub max: Option<u64>,
    /// Sum of all values, when the gateware keeps one.
    pub sum: Option<u64>,
    /// False when bins were saturated and their counts are lower bounds.
    pub exact: bool,
}

impl Histogram {
    /// Bins of 16-bit saturating counters over `total` values, the last bin holding all longer ones too. One
    /// saturated bin is what the others leave of the total.
    pub fn from_saturating(mut bins: Vec<u64>, total: u64) -> Self {
        let full: Vec<usize> = (0..bins.len()).filter(|k| bins[*k] >= SATURATED).collect();
        let counted: u64 = bins.iter().sum();
        if let [k] = full[..] {
            bins[k] += total.saturating_sub(counted);
        }
        let beyond = bins.pop().unwrap_or(0);
        Histogram { base: 0, bins, beyond, min: None, max: None, sum: None, exact: full.len() < 2 }
    }

    /// Values, those beyond the bins included.
    pub fn count(&self) -> u64 {
        self.bins.iter().sum::<u64>() + self.beyond
    }

    /// The smallest value that at least `parts` of `of` values do not exceed (nearest rank). `None` when there are
    /// no values, when it lies beyond the bins, or when bins were saturated.
    pub fn percentile(&self, parts: u64, of: u64) -> Option<u64> {
        let count = self.count();
        if count == 0 || !self.exact {
            return None;
        }
        let rank = (count as u128 * parts as u128).div_ceil(of as u128).max(1);
        let mut seen = 0u128;
        for (k, n) in self.bins.iter().enumerate() {
            seen += *n as u128;
            if seen >= rank {
                return Some(self.base + k as u64);
            }
        }
        None
    }

    /// Mean; `None` without values, or when some lie beyond the bins and no sum was kept.
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        match self.sum {
            _ if count == 0 => None,
            Some(sum) => Some(sum as f64 / count as f64),
            None if self.beyond == 0 => Some(self.binned_sum() / count as f64),
            None => None,
        }
    }

    /// Standard deviation of the population; `None` when values lie beyond the bins.
    pub fn stdev(&self) -> Option<f64> {
        let count = self.count();
        if count == 0 || self.beyond > 0 || !self.exact {
            return None;
        }
        let mean = self.binned_sum() / count as f64;
        let squares: f64 = self.filled().map(|(cycles, n)| n as f64 * (cycles as f64 - mean).powi(2)).sum();
        Some((squares / count as f64).sqrt())
    }

    /// Largest less smallest value; `None` without values, or when they contradict each other.
    pub fn jitter(&self) -> Option<u64> {
        self.max?.checked_sub(self.min?)
    }

    /// Bins that hold something: cycles and count.
    pub fn filled(&self) -> impl Iterator<Item = (u64, u64)> {
        self.bins.iter().enumerate().filter(|(_, n)| **n > 0).map(|(k, n)| (self.base + k as u64, *n))
    }

    fn binned_sum(&self) -> f64 {
        self.filled().map(|(cycles, n)| cycles as f64 * n as f64).sum()
    }
}

/// Upper limit, with 95 % confidence, of the expected number of events when `seen` were seen (Poisson).
pub fn upper_95(seen: u64) -> f64 {
    upper(seen, 0.05, Z95)
}

/// Lower limit, with 95 % confidence, of the expected number of events when `seen` were seen (Poisson).
pub fn lower_95(seen: u64) -> f64 {
    lower(seen, 0.05, Z95)
}

/// Two-sided 95 % interval of the expected number of events when `seen` were seen (Poisson, Garwood).
pub fn interval_95(seen: u64) -> (f64, f64) {
    (lower(seen, 0.025, Z975), upper(seen, 0.025, Z975))
}

/// The mean at which so few events have the probability `tail`; `z` is its normal quantile.
fn upper(seen: u64, tail: f64, z: f64) -> f64 {
    if seen > FEW {
        // Wilson and Hilferty's cube of a normal variable, here within 1e-5
        let k = seen as f64 + 1.0;
        return k * (1.0 - 1.0 / (9.0 * k) + z / (3.0 * k.sqrt())).powi(3);
    }
    mean_of(|mean| at_most(seen, mean) > tail, seen)
}

/// The mean at which so many events have the probability `tail`.
fn lower(seen: u64, tail: f64, z: f64) -> f64 {
    match seen {
        0 => 0.0,
        1..=FEW => mean_of(|mean| 1.0 - at_most(seen - 1, mean) < tail, seen),
        _ => {
            let k = seen as f64;
            k * (1.0 - 1.0 / (9.0 * k) - z / (3.0 * k.sqrt())).powi(3)
        }
    }
}

/// Where `is_below` turns false, for means around `seen`.
fn mean_of(is_below: impl Fn(f64) -> bool, seen: u64) -> f64 {
    let (mut low, mut high) = (0.0, 2.0 * seen as f64 + 10.0);
    for _ in 0..60 {
        let mean = (low + high) / 2.0;
        if is_below(mean) { low = mean } else { high = mean }
    }
    high
}

/// Probability of at most `seen` events at this mean.
fn at_most(seen: u64, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for k in 1..=seen {
        term *= mean / k as f64;
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[u64]) -> Histogram {
        let mut bins = vec![0; 16];
        let beyond = values.iter().filter(|v| **v >= 16).count() as u64;
        values.iter().filter(|v| **v < 16).for_each(|v| bins[*v as usize] += 1);
        let (min, max) = (values.iter().min().copied(), values.iter().max().copied());
        Histogram { base: 0, bins, beyond, min, max, sum: Some(values.iter().sum()), exact: true }
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_values() {
        let mut x = 7u64;
        for size in [1usize, 2, 3, 10, 99, 100, 101, 1000] {
            let mut values: Vec<u64> = (0..size)
                .map(|_| {
                    x = x.wrapping_mul(6364136223846793005).wrapping_add(1);
                    x >> 60
                })
                .collect();
            let histogram = of(&values);
            values.sort();
            for (parts, whole) in [(1, 100), (50, 100), (99, 100), (999, 1000), (9999, 10_000), (1, 1)] {
                let rank = (size as u64 * parts).div_ceil(whole).max(1) as usize;
                assert_eq!(histogram.percentile(parts, whole), Some(values[rank - 1]), "{parts}/{whole} of {size}");
            }
        }
    }

    #[test]
    fn a_percentile_beyond_the_bins_is_not_invented() {
        let histogram = of(&[3, 3, 3, 40]);
        assert_eq!((histogram.percentile(50, 100), histogram.percentile(99, 100)), (Some(3), None));
        assert_eq!((histogram.stdev(), histogram.mean(), histogram.jitter()), (None, Some(12.25), Some(37)));
        assert_eq!(Histogram::default().percentile(50, 100), None);
    }

    #[test]
    fn deviation_of_a_constant_is_zero_and_of_a_pair_is_half_the_distance() {
        assert_eq!((of(&[3; 50]).stdev(), of(&[3; 50]).jitter()), (Some(0.0), Some(0)));
        assert_eq!(of(&[2, 6]).stdev(), Some(2.0));
    }

    #[test]
    fn one_saturated_bin_is_what_the_others_leave() {
        let mut bins = vec![0; 256];
        (bins[0], bins[2]) = (1, SATURATED);
        let histogram = Histogram::from_saturating(bins.clone(), 100_000);
        assert_eq!((histogram.count(), histogram.bins[2], histogram.percentile(99, 100)), (100_000, 99_999, Some(2)));
        bins[3] = SATURATED;
        let histogram = Histogram::from_saturating(bins, 200_000);
        assert_eq!((histogram.exact, histogram.percentile(99, 100)), (false, None));
    }

    #[test]
    fn the_bound_agrees_with_the_poisson_tables() {
        for (seen, want) in [(0, 2.9957), (1, 4.7439), (2, 6.2958), (10, 16.962), (100, 118.08), (101, 119.16)] {
            let got = upper_95(seen);
            assert!((got / want - 1.0).abs() < 1e-4, "{seen}: {got} for {want}");
        }
    }

    #[test]
    fn intervals_agree_with_the_poisson_tables() {
        for (seen, low, high) in [(0, 0.0, 3.6889), (1, 0.025318, 5.5716), (10, 4.7954, 18.390), (100, 81.364, 121.63)]
        {
            let got = interval_95(seen);
            assert!((got.0 - low).abs() <= 1e-3 * low && (got.1 / high - 1.0).abs() < 1e-3, "{seen}: {got:?}");
        }
        for (seen, want) in [(1, 0.051293), (10, 5.4254), (100, 84.139), (101, 85.057)] {
            assert!((lower_95(seen) / want - 1.0).abs() < 1e-3, "{seen}: {}", lower_95(seen));
        }
    }
}
