//! The drawn process and the stated law are the same.

use super::*;

const CHANNELS: [Channel; 3] = [
    Channel::Bsc(Bsc { ber: 0.02 }),
    Channel::Dfe(Dfe { ber: 0.02, repeat: 0.75 }),
    Channel::GilbertElliott(GilbertElliott { ber: 0.02, mean_bits: 8.0, density: 0.5 }),
];

/// Probability of each pattern of the first eight bits, by the law.
fn patterns(law: &Hidden) -> Vec<f64> {
    (0..256usize)
        .map(|pattern| {
            let mut state = law.start;
            for bit in 0..8 {
                let step = if pattern >> bit & 1 != 0 { law.wrong } else { law.clean };
                state = [0, 1].map(|t| state[0] * step[0][t] + state[1] * step[1][t]);
            }
            state[0] + state[1]
        })
        .collect()
}

/// Chi square per degree of freedom over the patterns that are expected often enough.
fn misfit(law: &[f64], seen: &[u64]) -> (f64, usize) {
    let total: u64 = seen.iter().sum();
    let terms: Vec<f64> = law
        .iter()
        .zip(seen)
        .map(|(p, n)| (p * total as f64, *n as f64))
        .filter(|(want, _)| *want >= 20.0)
        .map(|(want, n)| (n - want).powi(2) / want)
        .collect();
    (terms.iter().sum::<f64>(), terms.len())
}

#[test]
fn a_line_from_its_start_and_far_along_follows_the_law() {
    for channel in CHANNELS {
        let law = channel.hidden().unwrap();
        let all = patterns(&law);
        assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mut line = channel.line(7, 1);
        let (mut fresh, mut along) = (vec![0; 256], vec![0; 256]);
        for _ in 0..200_000 {
            line.restart();
            fresh[line.next_bits(8) as usize] += 1;
        }
        for _ in 0..200_000 {
            // bits apart, so that samples are nearly independent
            line.next_bits(100);
            along[line.next_bits(8) as usize] += 1;
        }
        for (how, seen) in [("start", fresh), ("along", along)] {
            let (chi, n) = misfit(&all, &seen);
            assert!(n >= 9, "{}: only {n} patterns", channel.name());
            // five standard deviations of chi square
            assert!(chi < n as f64 + 5.0 * (2.0 * n as f64).sqrt(), "{} at {how}: {chi} over {n}", channel.name());
        }
    }
}

#[test]
fn the_injector_draws_the_weights_that_it_states() {
    for rate in [Injector::FULL / 10, Injector::FULL / 2, Injector::FULL] {
        let injector = Injector { rate };
        let mut line = Channel::Injector(injector).line(3, 0);
        let (mut seen, mut wrong) = (vec![0u64; 4], 0);
        for _ in 0..300_000 {
            let weight = line.next_slot().count_ones();
            seen[weight as usize] += 1;
            wrong += weight;
        }
        let law = injector.weights();
        assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let mean: f64 = law.iter().enumerate().map(|(w, p)| w as f64 * p).sum();
        assert!((mean / 76.0 / injector.ber() - 1.0).abs() < 1e-9, "stated rate is the mean of the stated weights");
        let (chi, n) = misfit(&law, &seen);
        assert!(chi < n as f64 + 5.0 * (2.0 * n as f64).sqrt(), "rate {rate}: {chi} over {n}");
        assert!((f64::from(wrong) / 76.0 / 300_000.0 / injector.ber() - 1.0).abs() < 0.02);
    }
}

#[test]
fn a_rate_asked_of_the_injector_is_met() {
    for ber in [1e-3, 1e-5, 1e-7] {
        let channel = Channel::Injector(Injector { rate: 0 }).with_ber(ber);
        assert!((channel.ber() / ber - 1.0).abs() < 1e-3, "{ber:e}: {:e}", channel.ber());
    }
}

#[test]
fn equal_seeds_give_equal_lines_and_other_streams_others() {
    for channel in CHANNELS {
        let draw = |seed, stream| {
            let mut line = channel.line(seed, stream);
            (0..100).map(|_| line.next_slot()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }
}

#[test]
fn numbers_out_of_range_are_refused_by_name() {
    let error = Channel::Dfe(Dfe { ber: 1e-3, repeat: 1.5 }).check().unwrap_err();
    assert!(error.contains("repeat") && error.contains("1.5"), "{error}");
    assert!(Channel::Bsc(Bsc { ber: f64::NAN }).check().is_err());
    assert!(CHANNELS.iter().all(|c| c.check().is_ok()));
}

#[test]
fn a_quiet_line_stays_quiet() {
    let mut line = Channel::GilbertElliott(GilbertElliott { ber: 0.0, mean_bits: 8.0, density: 0.5 }).line(1, 1);
    assert!((0..1000).all(|_| line.next_slot() == 0));
    assert!(line.is_clean_for(1000));
}
