//! What becomes of one slot, exactly, for every channel.

use super::{Matrix, add, advance};
use crate::channel::{Channel, Hidden, Injector};
use crate::model::fec::codec::{self, Flag};
use crate::model::fec::frame::gap;
use firstlight_spec::control::IDLE_FIXED_MASK;
use firstlight_spec::slot::{COLUMNS, INFO_POSITIONS, SLOT_BITS, TYPE_BITS};
use std::sync::OnceLock;

/// Outcomes of one slot; `right` and `wrong` of a pair are the whole.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcomes {
    /// No error at all.
    pub clean: Pair,
    /// Data and type right after correction of one bit: at most one error.
    pub corrected: Pair,
    /// Data right and no flag: what tail repair need not restore.
    pub intact: Pair,
    /// An IDLE that is still one, with no sign of an error.
    pub idle_silent: Pair,
    /// An IDLE that is still one after correction.
    pub idle_corrected: Pair,
}

/// An outcome and its complement, each summed from its own terms.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pair {
    pub right: Matrix,
    pub wrong: Matrix,
}

impl Pair {
    fn put(&mut self, right: bool, by: Matrix) {
        let side = if right { &mut self.right } else { &mut self.wrong };
        *side = add(*side, by);
    }
}

/// Line positions that must be right for data, and for an IDLE to be one (type and fixed bits).
fn data_positions() -> [bool; SLOT_BITS] {
    places(|bit| bit >= TYPE_BITS)
}

fn idle_positions() -> [bool; SLOT_BITS] {
    places(|bit| bit < TYPE_BITS || IDLE_FIXED_MASK >> (bit - TYPE_BITS) & 1 != 0)
}

fn places(holds: impl Fn(usize) -> bool) -> [bool; SLOT_BITS] {
    let mut places = [false; SLOT_BITS];
    for (bit, position) in INFO_POSITIONS.into_iter().enumerate() {
        places[position] = holds(bit);
    }
    places
}

impl Outcomes {
    pub fn of(channel: &Channel) -> Self {
        match (channel, channel.hidden()) {
            (Channel::Injector(injector), _) => Self::of_injector(injector),
            (_, Some(law)) => Self::of_chain(&law),
            (_, None) => unreachable!("every channel but the injector has a law per bit"),
        }
    }

    fn of_chain(law: &Hidden) -> Self {
        let mut all = Outcomes::default();
        let unit = |s: usize| if s == 0 { [1.0, 0.0] } else { [0.0, 1.0] };
        for s in [0, 1] {
            let row = |state: [f64; 2]| if s == 0 { [state, [0.0; 2]] } else { [[0.0; 2], state] };
            let by_weight = weights(law, unit(s));
            for (weight, state) in by_weight.into_iter().enumerate() {
                all.clean.put(weight == 0, row(state));
                all.corrected.put(weight <= 1, row(state));
            }
            for (must, is_idle) in [(data_positions(), false), (idle_positions(), true)] {
                let sums = Sums::of(law, unit(s), &must);
                for (syndrome, state) in sums.untouched.iter().enumerate() {
                    let position = COLUMNS.iter().position(|c| usize::from(*c) == syndrome);
                    let right = syndrome == 0 || position.is_some_and(|p| !must[p]);
                    if is_idle {
                        all.idle_corrected.put(right, row(*state));
                        all.idle_silent.put(syndrome == 0, row(*state));
                    } else {
                        all.intact.put(right, row(*state));
                    }
                }
                for (rest, state) in sums.touched_once.iter().enumerate() {
                    // the syndrome names the touched position, so correction undoes it
                    let right = rest == 0;
                    if is_idle {
                        all.idle_corrected.put(right, row(*state));
                        all.idle_silent.put(false, row(*state));
                    } else {
                        all.intact.put(right, row(*state));
                    }
                }
                if is_idle {
                    all.idle_corrected.put(false, row(sums.touched_more));
                    all.idle_silent.put(false, row(sums.touched_more));
                } else {
                    all.intact.put(false, row(sums.touched_more));
                }
            }
        }
        all
    }

    /// Slots are independent and all patterns of one weight equally likely: shares by counting.
    fn of_injector(injector: &Injector) -> Self {
        let mut all = Outcomes::default();
        for (shares, p) in shares().iter().zip(injector.weights()) {
            let part = |share: f64| [[p * share, 0.0], [0.0; 2]];
            let pairs =
                [&mut all.clean, &mut all.corrected, &mut all.intact, &mut all.idle_silent, &mut all.idle_corrected];
            for (pair, share) in pairs.into_iter().zip(shares) {
                pair.put(true, part(*share));
                pair.put(false, part(1.0 - share));
            }
        }
        all
    }
}

/// State distribution after a slot with 0, 1, and 2 or more errors.
fn weights(law: &Hidden, start: [f64; 2]) -> [[f64; 2]; 3] {
    let mut states = [start, [0.0; 2], [0.0; 2]];
    for _ in 0..SLOT_BITS {
        let [none, one, more] = states;
        let sum = |a: [f64; 2], b: [f64; 2]| [a[0] + b[0], a[1] + b[1]];
        states = [
            advance(none, &law.clean),
            sum(advance(one, &law.clean), advance(none, &law.wrong)),
            sum(advance(more, &add(law.clean, law.wrong)), advance(one, &law.wrong)),
        ];
    }
    states
}

/// State distributions by syndrome.
struct Sums {
    /// No error at a position that matters.
    untouched: Vec<[f64; 2]>,
    /// One such error; the index is the syndrome without that position's column.
    touched_once: Vec<[f64; 2]>,
    touched_more: [f64; 2],
}

impl Sums {
    fn of(law: &Hidden, start: [f64; 2], matters: &[bool; SLOT_BITS]) -> Self {
        let empty = || vec![[0.0; 2]; 256];
        let mut now = Sums { untouched: empty(), touched_once: empty(), touched_more: [0.0; 2] };
        now.untouched[0] = start;
        for (position, column) in COLUMNS.into_iter().enumerate() {
            let column = usize::from(column);
            let mut next = Sums { untouched: empty(), touched_once: empty(), touched_more: [0.0; 2] };
            let put = |to: &mut [f64; 2], by: [f64; 2]| *to = [to[0] + by[0], to[1] + by[1]];
            for sum in 0..256 {
                let (zero, one) = (now.untouched[sum], now.touched_once[sum]);
                put(&mut next.untouched[sum], advance(zero, &law.clean));
                put(&mut next.touched_once[sum], advance(one, &law.clean));
                if matters[position] {
                    put(&mut next.touched_once[sum], advance(zero, &law.wrong));
                    put(&mut next.touched_more, advance(one, &law.wrong));
                } else {
                    put(&mut next.untouched[sum ^ column], advance(zero, &law.wrong));
                    put(&mut next.touched_once[sum ^ column], advance(one, &law.wrong));
                }
            }
            put(&mut next.touched_more, advance(now.touched_more, &add(law.clean, law.wrong)));
            now = next;
        }
        now
    }
}

/// Share of the patterns of weight 0..=3 with each outcome, in the order of [`Outcomes`].
fn shares() -> &'static [[f64; 5]; 4] {
    static SHARES: OnceLock<[[f64; 5]; 4]> = OnceLock::new();
    SHARES.get_or_init(|| {
        let mut counts = [[0u32; 5]; 4];
        let mut patterns = [0u32; 4];
        for mask in up_to_three() {
            let weight = mask.count_ones() as usize;
            patterns[weight] += 1;
            for (count, holds) in counts[weight].iter_mut().zip(outcome(mask)) {
                *count += u32::from(holds);
            }
        }
        [0, 1, 2, 3].map(|w| counts[w].map(|n| f64::from(n) / f64::from(patterns[w])))
    })
}

fn up_to_three() -> impl Iterator<Item = u128> {
    let bit = |k: usize| if k == SLOT_BITS { 0 } else { 1u128 << k };
    // position 76 stands for no error
    let pairs = (0..=SLOT_BITS).flat_map(move |i| (0..=i).map(move |j| (i, j)));
    pairs
        .flat_map(move |(i, j)| (0..=j).map(move |k| (i, j, k)))
        .filter(|(i, j, k)| (i != j || *i == SLOT_BITS) && (j != k || *j == SLOT_BITS))
        .map(move |(i, j, k)| bit(i) | bit(j) | bit(k))
}

/// What the codec makes of one pattern, in the order of [`Outcomes`].
fn outcome(mask: u128) -> [bool; 5] {
    let sent = codec::encode(0x0123_4567_89ab_cdef, 2);
    let got = codec::decode(codec::invert(sent, mask));
    let idle = codec::decode(codec::invert(gap(), mask));
    let reads_idle = crate::model::fec::repair::is_idle(&idle);
    [
        mask == 0,
        !got.flag.is_bad() && (got.data, got.kind) == (sent.data, sent.kind),
        !got.flag.is_bad() && got.data == sent.data,
        reads_idle && idle.flag == Flag::Clean,
        reads_idle,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Bsc, Dfe, GilbertElliott};

    fn pairs(o: &Outcomes) -> [Pair; 5] {
        [o.clean, o.corrected, o.intact, o.idle_silent, o.idle_corrected]
    }

    #[test]
    fn every_pattern_of_up_to_three_errors_is_listed_once() {
        let all: std::collections::HashSet<u128> = up_to_three().collect();
        assert_eq!(all.len(), 1 + 76 + 2850 + 70_300);
        assert_eq!(up_to_three().count(), all.len());
    }

    #[test]
    fn the_chain_agrees_with_the_codec_on_all_patterns_of_up_to_three_errors() {
        let p: f64 = 1e-4;
        let exact = Outcomes::of(&Channel::Bsc(Bsc { ber: p }));
        let mut wrong = [0.0; 5];
        for mask in up_to_three() {
            let weight = mask.count_ones() as i32;
            let probability = p.powi(weight) * (1.0 - p).powi(SLOT_BITS as i32 - weight);
            for (sum, holds) in wrong.iter_mut().zip(outcome(mask)) {
                *sum += if holds { 0.0 } else { probability };
            }
        }
        for (pair, want) in pairs(&exact).iter().zip(wrong) {
            let got = pair.wrong[0][0] + pair.wrong[0][1];
            // patterns of four errors are left out: 1.3e6 p^4 against at least 2850 p^2
            assert!((got / want - 1.0).abs() < 1e-5, "{got:e} against {want:e}");
        }
    }

    #[test]
    fn sampled_slots_agree_on_bursty_channels_too() {
        for channel in [
            Channel::Dfe(Dfe { ber: 0.01, repeat: 0.75 }),
            Channel::GilbertElliott(GilbertElliott { ber: 0.01, mean_bits: 8.0, density: 0.5 }),
            Channel::Injector(Injector { rate: 1 << 27 }),
        ] {
            let exact = Outcomes::of(&channel);
            let start = channel.hidden().map_or([1.0, 0.0], |law| law.start);
            let mut line = channel.line(11, 0);
            let frames = 200_000;
            let mut seen = [0u32; 5];
            for _ in 0..frames {
                line.restart();
                let mask = crate::channel::LineErrors::next_slot(&mut line);
                for (n, holds) in seen.iter_mut().zip(outcome(mask)) {
                    *n += u32::from(!holds);
                }
            }
            for (pair, n) in pairs(&exact).iter().zip(seen) {
                let state = advance(start, &pair.wrong);
                let want = (state[0] + state[1]) * f64::from(frames);
                assert!(
                    (f64::from(n) - want).abs() < 5.0 * want.sqrt() + 1.0,
                    "{}: {n} against {want}",
                    channel.name()
                );
            }
        }
    }

    #[test]
    fn right_and_wrong_are_the_whole() {
        for channel in [Channel::Dfe(Dfe { ber: 1e-3, repeat: 0.75 }), Channel::Injector(Injector { rate: 1 << 20 })] {
            for pair in pairs(&Outcomes::of(&channel)) {
                let whole = add(pair.right, pair.wrong);
                assert!((whole[0][0] + whole[0][1] - 1.0).abs() < 1e-12);
            }
        }
    }
}
