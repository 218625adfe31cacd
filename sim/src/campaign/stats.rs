//! Confidence intervals and tests for counted events.

use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF, Normal};

/// Two-sided confidence of every interval that is printed.
pub const CONFIDENCE: f64 = 0.95;

/// Exact Poisson (Garwood) interval of the mean of `events`.
pub fn garwood(events: u64, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    let quantile = |degrees: u64, p: f64| {
        ChiSquared::new(degrees as f64).map_or(f64::NAN, |chi| refine(&chi, chi.inverse_cdf(p), p)) / 2.0
    };
    let low = if events == 0 { 0.0 } else { quantile(2 * events, tail) };
    (low, quantile(2 * events + 2, 1.0 - tail))
}

/// Newton steps from a first guess of a quantile.
fn refine(chi: &ChiSquared, mut x: f64, p: f64) -> f64 {
    use statrs::distribution::Continuous;
    for _ in 0..4 {
        let density = chi.pdf(x);
        if density > 0.0 {
            x = (x - (chi.cdf(x) - p) / density).max(x / 2.0);
        }
    }
    x
}

/// Upper bound of the mean of `events` that holds with `confidence`, one-sided: the rule of three for no events.
pub fn upper_bound(events: u64, confidence: f64) -> f64 {
    garwood(events, 2.0 * confidence - 1.0).1
}

/// Wilson's interval of a proportion.
pub fn wilson(events: u64, trials: u64, confidence: f64) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let z = Normal::standard().inverse_cdf(0.5 + confidence / 2.0);
    let (n, p) = (trials as f64, events as f64 / trials as f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let low = if events == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if events == trials { 1.0 } else { (middle + half).min(1.0) };
    (low, high)
}

/// Exact two-sided p-value of `events` in `trials` of probability `p`: twice the smaller tail.
pub fn binomial_p_value(events: u64, trials: u64, p: f64) -> f64 {
    let Ok(law) = Binomial::new(p, trials) else { return f64::NAN };
    let below = law.cdf(events);
    let above = if events == 0 { 1.0 } else { law.sf(events - 1) };
    (2.0 * below.min(above)).min(1.0)
}

/// Two-sided p-value of a normal deviate.
pub fn normal_p_value(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}

/// Holm's joint test: which hypotheses fall at a family-wise error of `alpha`.
pub fn holm(p_values: &[f64], alpha: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut rejected = vec![false; p_values.len()];
    for (rank, index) in order.into_iter().enumerate() {
        if p_values[index] > alpha / (p_values.len() - rank) as f64 {
            break;
        }
        rejected[index] = true;
    }
    rejected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-4 * want.max(1e-300), "{got} against {want}");
    }

    #[test]
    fn garwood_matches_the_tables() {
        // Garwood 1936 / NIST: 95 %
        for (events, low, high) in
            [(0, 0.0, 3.6889), (1, 0.025318, 5.5716), (10, 4.7954, 18.390), (100, 81.364, 121.63)]
        {
            let got = garwood(events, 0.95);
            near(got.0, low);
            near(got.1, high);
        }
        near(upper_bound(0, 0.95), 2.99573);
        let (low, high) = garwood(1_000_000, 0.95);
        assert!((low - 998_041.0).abs() < 3.0 && (high - 1_001_962.0).abs() < 3.0, "{low} {high}");
    }

    #[test]
    fn wilson_matches_the_textbook() {
        let (low, high) = wilson(10, 100, 0.95);
        near(low, 0.0552291);
        near(high, 0.1743657);
        assert_eq!(wilson(0, 50, 0.95).0, 0.0);
        assert_eq!(wilson(50, 50, 0.95).1, 1.0);
    }

    #[test]
    fn the_exact_test_is_the_sum_of_the_tail() {
        // 2 or fewer of 10 at 1/2: 56/1024
        near(binomial_p_value(2, 10, 0.5), 2.0 * 56.0 / 1024.0);
        near(binomial_p_value(8, 10, 0.5), 2.0 * 56.0 / 1024.0);
        assert_eq!(binomial_p_value(5, 10, 0.5), 1.0);
        // far out on a large count: against the normal approximation
        let p = binomial_p_value(100_000_000 / 100 + 4 * 995, 100_000_000, 0.01);
        assert!((p / normal_p_value(4.0) - 1.0).abs() < 0.02, "{p:e}");
        near(normal_p_value(1.959964), 0.05);
    }

    #[test]
    fn holm_stops_at_the_first_that_stands() {
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005], 0.05), [true, false, false, true]);
        assert_eq!(holm(&[0.9, 0.5], 0.05), [false, false]);
        assert_eq!(holm(&[], 0.05), Vec::<bool>::new());
    }
}
