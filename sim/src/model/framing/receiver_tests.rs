//! What the receiver promises, slot by slot.

use super::*;
use crate::model::fec::frame::{Frame, gap};
use crate::model::fec::scheme::Rung;

fn frame(words: usize) -> Frame {
    let words = (0..words as u64).map(|k| (k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    Frame { words, last_bytes: 3, sequence: 77 }
}

fn receive(rung: Rung, slots: impl IntoIterator<Item = Slot>) -> (Vec<Beat>, Vec<u8>) {
    let mut receiver = Receiver::new(rung as u8);
    let (mut beats, mut verdicts) = (vec![], vec![]);
    for slot in slots {
        let out = receiver.slot(slot);
        beats.extend(out.beat);
        verdicts.extend(out.verdict.map(|v| v.reason));
    }
    (beats, verdicts)
}

#[test]
fn a_clean_frame_is_good_at_every_rung_and_arrives_as_sent() {
    for words in [1, 2, 9] {
        let sent = frame(words);
        for rung in [Rung::L0, Rung::L1, Rung::L2, Rung::L3] {
            let (beats, verdicts) = receive(rung, sent.slots(rung == Rung::L3));
            assert_eq!(verdicts, [verdict::GOOD]);
            assert_eq!(beats.iter().map(|b| b.data).collect::<Vec<_>>(), sent.words);
            assert!(beats[0].first && beats[words - 1].last && beats[words - 1].bytes == 3);
        }
    }
}

#[test]
fn one_wrong_bit_anywhere_is_corrected_at_l2_and_poisons_at_l0_and_l1() {
    let sent = frame(4);
    let slots = sent.slots(false);
    for at in 0..slots.len() {
        for position in 0..76 {
            let mut wrong = slots.clone();
            wrong[at] = codec::invert(wrong[at], 1 << position);
            let (beats, verdicts) = receive(Rung::L2, wrong.clone());
            assert_eq!(verdicts, [verdict::GOOD], "slot {at} position {position}");
            assert_eq!(beats.iter().map(|b| b.data).collect::<Vec<_>>(), sent.words);
            for rung in [Rung::L0, Rung::L1] {
                let (_, verdicts) = receive(rung, wrong.clone());
                assert!(verdicts.iter().all(|v| *v != verdict::GOOD), "slot {at} position {position}");
            }
        }
    }
}

#[test]
fn two_wrong_bits_anywhere_never_make_a_good_frame() {
    let slots = frame(4).slots(false);
    for at in 0..slots.len() {
        for i in 0..76 {
            for j in 0..i {
                let mut wrong = slots.clone();
                wrong[at] = codec::invert(wrong[at], 1 << i | 1 << j);
                let (_, verdicts) = receive(Rung::L2, wrong);
                assert!(verdicts.iter().all(|v| *v != verdict::GOOD), "slot {at} positions {i} {j}");
            }
        }
    }
}

#[test]
fn a_missing_last_word_closes_with_a_null_beat() {
    let mut slots = frame(4).slots(false);
    slots.remove(3);
    let (beats, verdicts) = receive(Rung::L2, slots);
    let end = frame(4).end(false).data;
    assert_eq!(beats.last(), Some(&Beat { data: end, bytes: 0, first: false, last: true }));
    assert_eq!(verdicts, [verdict::NO_LAST]);
}

#[test]
fn a_missing_end_costs_its_own_frame() {
    let mut slots = frame(4).slots(false);
    slots.pop();
    slots.extend(frame(4).slots(false));
    let (_, verdicts) = receive(Rung::L2, slots);
    assert_eq!(verdicts, [verdict::END_LOST, verdict::GOOD]);
}

#[test]
fn after_a_bad_slot_a_last_word_opens_nothing_until_end_or_two_idles() {
    let bad = codec::invert(gap(), 3);
    let one = frame(1).slots(false);
    let with = |between: &[Slot]| receive(Rung::L2, [&[bad], between, &one].concat()).1;
    assert!(with(&[]).is_empty());
    assert!(with(&[gap()]).is_empty());
    assert_eq!(with(&[gap(), gap()]), [verdict::GOOD]);
    assert_eq!(with(&[one[2]]), [verdict::GOOD], "END ends it");
}

#[test]
fn a_blocked_last_word_behind_a_frame_changes_nothing() {
    let slots = frame(1).slots(false);
    let odd = codec::invert(gap(), 0b111);
    assert_eq!(codec::decode(odd).flag, Flag::BadOdd);
    let idle = codec::invert(gap(), 1 << 19);
    let other = Frame { words: vec![0xa0_0000_0063_7669], last_bytes: 3, sequence: 78 }.slots(false);
    let (beats, verdicts) = receive(Rung::L0, [odd, idle, slots[0], other[0], slots[2]]);
    assert_eq!((beats.len(), verdicts), (1, vec![verdict::GOOD]));
    // nor does its END speak for a frame that lost its own
    let (beats, verdicts) = receive(Rung::L0, [odd, idle, slots[0], other[0], other[2]]);
    assert_eq!((beats.len(), verdicts), (1, vec![verdict::CRC]));
}

#[test]
fn a_stomped_end_is_foreign_and_bad() {
    use firstlight_spec::control::STOMP_SOFT;
    let mut slots = frame(4).slots(false);
    let end = slots.last_mut().unwrap();
    *end = Slot { data: end.data ^ STOMP_SOFT.data, kind: end.kind, check: end.check ^ STOMP_SOFT.check };
    let (_, verdicts) = receive(Rung::L2, slots);
    assert_eq!(verdicts, [verdict::STOMPED_SOFT]);
}
