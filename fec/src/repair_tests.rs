//! Which damage a frame at L3 survives.

use super::*;
use crate::codec;
use crate::frame::gap;
use firstlight_spec::control::STOMP_HARD;
use firstlight_spec::slot::Slot;
use proptest::prelude::*;

fn frame(words: usize) -> Frame {
    let words = (0..words as u64).map(|k| (k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    Frame { words, last_bytes: 6, sequence: 4711 }
}

/// Two wrong bits: flagged.
const DOUBLE: u128 = 1 << 40 | 1 << 11;

/// Three wrong bits that alias to a fourth: corrected to a wrong word.
fn aliasing() -> u128 {
    let found = (2..76).find_map(|k| {
        let mask = 1u128 << 3 | 1 << 21 | 1 << k;
        let got = codec::decode(codec::invert(codec::encode(0, 0), mask));
        (got.flag == Flag::Corrected && got.data.count_ones() > 2).then_some(mask)
    });
    found.expect("some triple aliases")
}

fn receive(sent: &[Slot], errors: &[(usize, u128)]) -> Result<Repaired, Lost> {
    let mut slots = sent.to_vec();
    for (at, mask) in errors {
        slots[*at] = codec::invert(slots[*at], *mask);
    }
    slots.insert(0, gap());
    slots.push(gap());
    repair(&slots.into_iter().map(codec::decode).collect::<Vec<_>>())
}

/// Index in the frame of slot `at` of `words` data words + IDLE + END + parity: `None` for the IDLE.
fn class_of(at: usize, words: usize) -> Option<usize> {
    match at {
        _ if at < words => Some(at % 2),
        _ if at == words => None,
        _ if at == words + 1 => Some(words % 2),
        _ => Some(at - words - 2),
    }
}

#[test]
fn every_pair_of_bad_slots_is_repaired_unless_both_are_of_one_class() {
    for words in [1, 2, 3, 6, 7] {
        let sent = frame(words);
        let slots = sent.slots(true);
        for first in [DOUBLE, aliasing()] {
            for second in [DOUBLE, aliasing()] {
                for i in 0..slots.len() {
                    assert_eq!(receive(&slots, &[(i, first)]).unwrap().frame, sent, "{words} words, slot {i}");
                    for j in 0..i {
                        let same = class_of(i, words).is_some() && class_of(i, words) == class_of(j, words);
                        let got = receive(&slots, &[(i, first), (j, second)]);
                        match (same, got) {
                            (false, Ok(repaired)) => assert_eq!(repaired.frame, sent),
                            (true, Err(Lost::Unrepairable)) => {}
                            (same, got) => panic!("{words} words, slots {j} and {i}, same class {same}: {got:?}"),
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn an_idle_lost_beside_one_word_of_each_class_is_no_obstacle() {
    let sent = frame(8);
    let slots = sent.slots(true);
    for i in [0, 2, 4, 6, 9, 10] {
        for j in [1, 3, 5, 7, 11] {
            let got = receive(&slots, &[(8, DOUBLE), (i, DOUBLE), (j, DOUBLE)]);
            assert_eq!(got.map(|r| r.frame), Ok(sent.clone()), "slots {i} and {j}");
        }
    }
}

#[test]
fn a_frame_without_parity_passes_or_is_lost() {
    let sent = frame(5);
    let slots = sent.slots(false);
    assert_eq!(receive(&slots, &[(2, 1 << 5)]).unwrap().restored, 0);
    assert_eq!(receive(&slots, &[(5, DOUBLE)]).unwrap().frame, sent, "only the IDLE is bad");
    assert_eq!(receive(&slots, &[(2, DOUBLE)]), Err(Lost::Unrepairable));
}

fn stomp(slots: &mut [Slot], at: usize, by: Slot) {
    slots[at] = Slot { data: slots[at].data ^ by.data, kind: slots[at].kind, check: slots[at].check ^ by.check };
}

#[test]
fn a_soft_stomp_is_undone_and_a_hard_one_stands() {
    let sent = frame(5);
    let mut soft = sent.slots(true);
    stomp(&mut soft, 6, STOMP_SOFT);
    let got = receive(&soft, &[(2, DOUBLE)]).unwrap();
    assert_eq!((got.frame, got.was_soft), (sent.clone(), true));
    let mut hard = sent.slots(true);
    stomp(&mut hard, 6, STOMP_HARD);
    assert_eq!(receive(&hard, &[]), Err(Lost::Aborted));
    assert_eq!(receive(&hard, &[(1, DOUBLE), (4, aliasing())]), Err(Lost::Aborted));
    assert_eq!(receive(&hard, &[(6, DOUBLE)]).map(|r| r.frame), Ok(sent), "the stomp itself was lost on the line");
}

#[test]
fn without_check_bits_any_word_of_each_class_is_found_and_restored() {
    let sent = frame(6);
    let words = sent.raw_words();
    for i in 0..words.len() {
        for j in 0..i {
            let mut wrong = words.clone();
            wrong[i] ^= 0x8000_0001_0000_0000;
            wrong[j] ^= 0x00ff_ff00_ffff_0001;
            // END has index 6; parity words stand behind it, even first
            let class = |k: usize| if k < 7 { k % 2 } else { k - 7 };
            let got = repair_raw(&wrong).map(|r| r.frame);
            assert_eq!(got, (class(i) != class(j)).then(|| sent.clone()), "words {j} and {i}");
        }
    }
}

proptest! {
    /// Whatever happens on the line: never another frame than the one sent.
    #[test]
    fn damage_never_yields_another_frame(words in 1usize..12, errors in proptest::collection::vec((any::<prop::sample::Index>(), 0u128..1 << 76), 0..6)) {
        let sent = frame(words);
        let slots = sent.slots(true);
        let errors: Vec<_> = errors.into_iter().map(|(at, mask)| (at.index(slots.len()), mask)).collect();
        if let Ok(repaired) = receive(&slots, &errors) {
            prop_assert_eq!(repaired.frame, sent);
        }
    }
}
