//! Frame error rate: a walk over a frame's slots with the channel's state and the damage so far.

use super::slot::{Outcomes, Pair};
use super::{Matrix, add, advance};
use crate::channel::Channel;
use crate::model::fec::scheme::Scheme;
use firstlight_spec::slot::DATA_BITS;

/// Where a slot counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Data word, END or parity word of the even (0) or odd (1) class.
    Class(usize),
    /// The IDLE before END.
    Gap,
}

/// The slots of a frame in line order.
fn places(words: usize, scheme: Scheme) -> Vec<Place> {
    let mut places: Vec<Place> = (0..words).map(|k| Place::Class(k % 2)).collect();
    if scheme != Scheme::RawParity {
        places.push(Place::Gap);
    }
    places.push(Place::Class(words % 2));
    if scheme.sends_parity() {
        places.extend([Place::Class(0), Place::Class(1)]);
    }
    places
}

/// Exact probability that a frame of `words` data words is lost.
///
/// The raw scheme needs a channel with a law per bit: the injector works on slots only.
pub fn frame_error_rate(channel: &Channel, scheme: Scheme, words: usize) -> Result<f64, String> {
    channel.check()?;
    if words == 0 {
        return Err("a frame has at least one word".into());
    }
    let start = channel.hidden().map_or([1.0, 0.0], |law| law.start);
    let repairs = scheme.sends_parity();
    let (word, gap) = match scheme {
        Scheme::RawParity => {
            let law = channel.hidden().ok_or("the injector spoils slots; raw words have none")?;
            (raw_word(&law.clean, &law.wrong), Pair::default())
        }
        _ => {
            let outcomes = Outcomes::of(channel);
            match scheme {
                Scheme::L0 | Scheme::L1 => (outcomes.clean, outcomes.idle_silent),
                Scheme::L2 => (outcomes.corrected, outcomes.idle_corrected),
                _ => (
                    outcomes.intact,
                    Pair { right: add(outcomes.intact.right, outcomes.intact.wrong), ..Pair::default() },
                ),
            }
        }
    };
    // states[even][odd]: words to restore so far in each class
    let mut states = [[[0.0; 2]; 2]; 2];
    states[0][0] = start;
    let mut lost = 0.0;
    for place in places(words, scheme) {
        let mut next = [[[0.0; 2]; 2]; 2];
        for even in [0, 1] {
            for odd in [0, 1] {
                let state = states[even][odd];
                let pair = if place == Place::Gap { &gap } else { &word };
                put(&mut next[even][odd], advance(state, &pair.right));
                let hit = advance(state, &pair.wrong);
                match place {
                    Place::Class(0) if repairs && even == 0 => put(&mut next[1][odd], hit),
                    Place::Class(1) if repairs && odd == 0 => put(&mut next[even][1], hit),
                    _ => lost += hit[0] + hit[1],
                }
            }
        }
        states = next;
    }
    Ok(lost)
}

fn put(to: &mut [f64; 2], by: [f64; 2]) {
    *to = [to[0] + by[0], to[1] + by[1]];
}

/// A word of 64 bits: without an error, or with any.
fn raw_word(clean: &Matrix, wrong: &Matrix) -> Pair {
    let mut pair = Pair::default();
    for s in [0, 1] {
        let mut states = [[0.0; 2]; 2];
        states[0][s] = 1.0;
        for _ in 0..DATA_BITS {
            let mut hit = advance(states[1], &add(*clean, *wrong));
            put(&mut hit, advance(states[0], wrong));
            states = [advance(states[0], clean), hit];
        }
        (pair.right[s], pair.wrong[s]) = (states[0], states[1]);
    }
    pair
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Bsc, Dfe, Injector};

    const WORDS: usize = 32;

    fn bsc(ber: f64, scheme: Scheme) -> f64 {
        frame_error_rate(&Channel::Bsc(Bsc { ber }), scheme, WORDS).unwrap()
    }

    fn dfe(ber: f64, scheme: Scheme) -> f64 {
        frame_error_rate(&Channel::Dfe(Dfe { ber, repeat: 0.75 }), scheme, WORDS).unwrap()
    }

    #[test]
    fn independent_errors_match_the_closed_forms() {
        for ber in [1e-3, 1e-4, 1e-5] {
            let one = Outcomes::of(&Channel::Bsc(Bsc { ber }));
            let total = |m: Matrix| m[0][0] + m[0][1];
            let l0 = 1.0 - total(one.clean.right).powi(33) * total(one.idle_silent.right);
            assert!((bsc(ber, Scheme::L0) / l0 - 1.0).abs() < 1e-9);
            let words = (1.0f64 - ber).powi(76) + 76.0 * ber * (1.0 - ber).powi(75);
            let l2 = 1.0 - words.powi(33) * total(one.idle_corrected.right);
            assert!((bsc(ber, Scheme::L2) / l2 - 1.0).abs() < 1e-6, "{:e} {l2:e}", bsc(ber, Scheme::L2));
            // 16 data words, END and a parity word; 16 data words and a parity word
            let hit = total(one.intact.wrong);
            let two = |n: i32| 1.0 - (1.0 - hit).powi(n) - f64::from(n) * hit * (1.0 - hit).powi(n - 1);
            let l3 = 1.0 - (1.0 - two(18)) * (1.0 - two(17));
            if l3 > 1e-9 {
                assert!((bsc(ber, Scheme::L3) / l3 - 1.0).abs() < 1e-5, "{:e} {l3:e}", bsc(ber, Scheme::L3));
            }
        }
    }

    #[test]
    fn few_errors_match_the_leading_terms() {
        let p = 1e-7;
        let ratio = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-2, "{got:e} against {want:e}");
        ratio(bsc(p, Scheme::L2), 34.0 * 2850.0 * p * p);
        ratio(bsc(p, Scheme::L3), (18.0 * 17.0 / 2.0 + 17.0 * 16.0 / 2.0) * (2850.0 * p * p).powi(2));
        ratio(bsc(p, Scheme::RawParity), (18.0 * 17.0 / 2.0 + 17.0 * 16.0 / 2.0) * (64.0 * p).powi(2));
        // a burst starts at a quarter of the bit error rate
        ratio(dfe(p, Scheme::L0), 34.0 * 76.0 * p / 4.0);
    }

    #[test]
    fn the_ladder_gains_what_the_design_asks() {
        let random = bsc(1e-4, Scheme::L2) / bsc(1e-4, Scheme::L3);
        let bursts = dfe(1e-5, Scheme::L0) / dfe(1e-5, Scheme::L3);
        assert!(random >= 1000.0 && bursts >= 500.0, "{random} and {bursts}");
    }

    #[test]
    fn the_injector_has_a_law_for_slots_only() {
        let injector = Channel::Injector(Injector { rate: 1 << 24 });
        let l2 = frame_error_rate(&injector, Scheme::L2, WORDS).unwrap();
        let hits = injector.ber() * 76.0;
        assert!((l2 / (34.0 * hits * hits / 3.0 * (1.0 - 1.0 / 76.0)) - 1.0).abs() < 0.1, "{l2:e}");
        assert!(frame_error_rate(&injector, Scheme::RawParity, WORDS).is_err());
        assert!(frame_error_rate(&injector, Scheme::L2, 0).is_err());
    }
}
