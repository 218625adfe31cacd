//! Every error of weight 1 to 3 and every burst up to 12, counted against what the columns imply.

use super::codec::{self, Flag};
use firstlight_spec::slot::{COLUMNS, SLOT_BITS, Slot};
use std::collections::HashSet;

/// What became of the patterns of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    patterns: u32,
    corrected: u32,
    flagged_even: u32,
    flagged_odd: u32,
    /// Corrected to another word than the one sent.
    miscorrected: u32,
    /// Taken for a code word.
    unseen: u32,
}

/// What the columns say about a pattern: only their sum matters.
fn imply(counts: &mut Counts, mask: u128) {
    let columns: HashSet<u8> = COLUMNS.into_iter().collect();
    let sum = (0..SLOT_BITS).filter(|i| mask >> i & 1 != 0).fold(0, |s, i| s ^ COLUMNS[i]);
    counts.patterns += 1;
    match (sum, mask.count_ones()) {
        (_, 1) => counts.corrected += 1,
        (0, _) => counts.unseen += 1,
        _ if columns.contains(&sum) => counts.miscorrected += 1,
        _ if sum.count_ones() % 2 == 0 => counts.flagged_even += 1,
        _ => counts.flagged_odd += 1,
    }
}

/// What the codec does with a pattern on a given word.
fn observe(counts: &mut Counts, sent: Slot, mask: u128) {
    let got = codec::decode(codec::invert(sent, mask));
    let right = got.data == sent.data && got.kind == sent.kind;
    counts.patterns += 1;
    match got.flag {
        Flag::Clean => counts.unseen += 1,
        Flag::Corrected if right => counts.corrected += 1,
        Flag::Corrected => counts.miscorrected += 1,
        Flag::BadEven => counts.flagged_even += 1,
        Flag::BadOdd => counts.flagged_odd += 1,
    }
}

fn compare(patterns: impl Iterator<Item = u128>) -> Counts {
    let sent = [codec::encode(0, 0), codec::encode(0x0123_4567_89ab_cdef, 1), codec::encode(u64::MAX, 15)];
    let (mut implied, mut seen) = (Counts::default(), [Counts::default(); 3]);
    for mask in patterns {
        imply(&mut implied, mask);
        for (counts, slot) in seen.iter_mut().zip(sent) {
            observe(counts, slot, mask);
        }
    }
    assert_eq!(seen, [implied; 3]);
    implied
}

/// Bursts of exactly `length`: first and last position wrong, anything between.
fn bursts(length: usize) -> impl Iterator<Item = u128> {
    (0..=SLOT_BITS - length).flat_map(move |at| {
        (0..1u128 << length.saturating_sub(2)).map(move |inner| (1 | inner << 1 | 1 << (length - 1)) << at)
    })
}

#[test]
fn all_76_singles_are_corrected() {
    let counts = compare((0..SLOT_BITS).map(|i| 1 << i));
    assert_eq!(counts, Counts { patterns: 76, corrected: 76, ..Counts::default() });
}

#[test]
fn all_2850_doubles_are_flagged() {
    let counts = compare((0..SLOT_BITS).flat_map(|i| (0..i).map(move |j| 1 << i | 1 << j)));
    assert_eq!(counts, Counts { patterns: 2850, flagged_even: 2850, ..Counts::default() });
}

#[test]
fn all_70300_triples_are_seen_and_counted() {
    let triples =
        (0..SLOT_BITS).flat_map(|i| (0..i).flat_map(move |j| (0..j).map(move |k| 1u128 << i | 1 << j | 1 << k)));
    let counts = compare(triples);
    // each code word of weight 4 makes four triples that alias
    assert_eq!(counts, Counts { patterns: 70_300, miscorrected: 4 * 10_388, flagged_odd: 28_748, ..Counts::default() });
}

#[test]
fn bursts_up_to_12_match_the_columns_and_none_of_three_is_miscorrected() {
    let found: Vec<(u32, u32, u32)> = (2..=12)
        .map(|length| {
            let counts = compare(bursts(length));
            (counts.patterns, counts.miscorrected, counts.unseen)
        })
        .collect();
    assert_eq!(found[1], (148, 0, 0), "bursts of 3");
    assert_eq!(found[2], (292, 19, 0), "bursts of 4");
    assert_eq!(found[3], (576, 137, 0), "bursts of 5");
    assert_eq!(found[4].2, 0, "bursts of 6 are all seen by a detector");
    assert_eq!(found.iter().map(|f| f.0).sum::<u32>(), 75 + (3..=12).map(|n| (77 - n) << (n - 2)).sum::<u32>());
}
