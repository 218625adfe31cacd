//! Frames of Monte Carlo shards through the gateware link: the same bits and the same fate as in the golden receiver.

use crate::link::looped::{Loop, Offer, Seen};
use firstlight_hdl::link::RxSlot;
use firstlight_hdl::word::W;
use firstlight_sim::campaign::shard::{Case, Fate, cases};
use firstlight_sim::campaign::spec::{Point, Spec};
use firstlight_sim::model::fec::codec::{self, Decoded, Flag};
use firstlight_sim::model::fec::frame::Frame;
use firstlight_sim::model::fec::repair::{is_idle, repair};
use firstlight_sim::model::fec::scheme::Rung;
use firstlight_sim::model::framing::receiver::{Beat, Receiver};
use firstlight_spec::slot::{Slot, slot_type};
use std::collections::BTreeMap;

/// Frames of each fate that a point contributes.
const SAMPLE: usize = 12;
/// Frames with errors that are looked through in one shard.
const LOOKED_AT: usize = 3000;
/// Slots after a frame's last one until its verdict and its stored slots are out.
const DRAIN_SLOTS: usize = 16;
/// Slots within which a lost lock is back.
const RELOCK_SLOTS: usize = 400;

/// What a frame did on the line and at the far end.
#[derive(Default)]
struct Passage {
    received: Vec<Slot>,
    beats: Vec<Seen>,
    verdicts: Vec<Seen>,
    stored: Vec<Decoded>,
    stayed_locked: bool,
}

fn stored(slot: RxSlot) -> Decoded {
    let flag = match (slot.bad_even, slot.bad_odd, slot.single) {
        (true, ..) => Flag::BadEven,
        (_, true, _) => Flag::BadOdd,
        (.., true) => Flag::Corrected,
        _ => Flag::Clean,
    };
    Decoded { data: slot.data.get(), kind: slot.kind.get() as u8, flag }
}

/// Sends the case's frame over the link, its masks on its slots.
fn pass(link: &mut Loop, case: &Case) -> Passage {
    let mut passage = Passage { stayed_locked: true, ..Passage::default() };
    let words = &case.frame.words;
    let (mut next, mut at) = (0, None);
    while at.is_none_or(|n| n < case.masks.len() + DRAIN_SLOTS) {
        let offer = words.get(next).map(|data| {
            let last = next + 1 == words.len();
            Offer { data: *data, bytes: if last { case.frame.last_bytes } else { 8 }, last, abort: false }
        });
        let line = link.line();
        if at.is_none() && line.kind != slot_type::CONTROL {
            at = Some(0);
        }
        let mask = at.and_then(|n: usize| case.masks.get(n)).copied().unwrap_or(0);
        passage.received.push(codec::invert(line, mask));
        let seen = link.cycle(offer, mask);
        at = at.map(|n| n + 1);
        next += usize::from(offer.is_some() && seen.ready);
        passage.beats.extend(seen.valid.then_some(seen));
        passage.verdicts.extend(seen.done.then_some(seen));
        passage.stored.extend(seen.slot.valid.then(|| stored(seen.slot)));
        passage.stayed_locked &= link.bench.uut.status.val().locked;
    }
    passage
}

/// The gateware's bits are the golden receiver's: stored slots at L3, beats and verdicts below.
fn compare(passage: &Passage, rung: Rung, context: &str) {
    if rung == Rung::L3 {
        let want: Vec<Decoded> = passage.received.iter().map(|s| codec::decode(*s)).filter(|s| !is_idle(s)).collect();
        assert_eq!(passage.stored, want, "{context}");
        return;
    }
    let mut golden = Receiver::new(rung as u8);
    let want: Vec<_> = passage.received.iter().map(|slot| golden.slot(*slot)).collect();
    let beat = |b: &Seen| Beat { data: b.data, bytes: b.keep.count_ones() as u8, first: b.first, last: b.last };
    assert!(passage.beats.iter().map(beat).eq(want.iter().filter_map(|o| o.beat)), "{context}");
    let verdicts = want.iter().filter_map(|o| o.verdict).map(|v| v.reason);
    assert!(passage.verdicts.iter().map(|v| v.reason).eq(verdicts), "{context}");
}

/// The fate of the frame, from what the gateware shows.
fn fate(passage: &Passage, case: &Case, rung: Rung, sequence: u16) -> Fate {
    let sent = Frame { sequence, ..case.frame.clone() };
    if rung == Rung::L3 {
        return match repair(&passage.stored) {
            Err(_) => Fate::Lost,
            Ok(r) if r.frame != sent => Fate::Silent,
            Ok(r) if r.restored > 0 => Fate::Repaired,
            Ok(_) => Fate::Delivered,
        };
    }
    let good = passage.verdicts.iter().any(|v| v.good);
    let words: Vec<u64> = passage.beats.iter().map(|b| b.data).collect();
    let whole = words == sent.words
        && passage.beats.iter().enumerate().all(|(n, b)| (b.first, b.last) == (n == 0, n + 1 == words.len()))
        && passage.beats.last().is_some_and(|b| b.keep.count_ones() == u32::from(sent.last_bytes));
    match (good, whole) {
        (true, true) => Fate::Delivered,
        (true, false) => Fate::Silent,
        (false, _) => Fate::Lost,
    }
}

/// A few frames of every fate from a point's shards.
fn sample(spec: &Spec, point_index: usize) -> (Point, Vec<(Case, Fate)>) {
    let plan = spec.plan().unwrap();
    let point = plan.points[point_index];
    let mut chosen: Vec<(Case, Fate)> = vec![];
    let full = |chosen: &[(Case, Fate)], fate: Fate| chosen.iter().filter(|c| c.1 == fate).count() >= SAMPLE;
    for (index, _) in plan.shards.iter().enumerate().filter(|(_, s)| s.point == point_index).take(4) {
        for case in cases(spec, &plan, index as u64).unwrap().take(LOOKED_AT) {
            let fate = case.fate(&point);
            if !full(&chosen, fate) {
                chosen.push((case, fate));
            }
            if chosen.len() >= 3 * SAMPLE {
                return (point, chosen);
            }
        }
    }
    (point, chosen)
}

#[test]
fn sampled_frames_of_the_campaign_are_the_same_in_the_gateware() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/campaigns/ladder.toml");
    let spec = Spec::read(std::path::Path::new(file)).unwrap();
    let points = spec.plan().unwrap().points.len();
    let mut tally = BTreeMap::new();
    for index in 0..points {
        let (point, chosen) = sample(&spec, index);
        let Some(rung) = point.scheme.rung() else { continue };
        let mut link = Loop::locked(rung as u64);
        link.config.tx_parity = point.scheme.sends_parity();
        link.config.rung = W::new(rung as u64);
        for (sequence, (case, want)) in (0u16..).zip(&chosen) {
            let context = format!("{} {:e} {rung:?} frame {}", point.channel.name(), point.channel.ber(), case.number);
            let passage = pass(&mut link, case);
            if passage.stayed_locked {
                compare(&passage, rung, &context);
            } else {
                *tally.entry((rung, "lock lost".to_string())).or_insert(0u32) += 1;
            }
            assert_eq!(fate(&passage, case, rung, sequence), *want, "{context}");
            *tally.entry((rung, format!("{want:?}"))).or_insert(0) += 1;
            let back = (0..RELOCK_SLOTS).any(|_| {
                link.cycle(None, 0);
                link.bench.uut.status.val().locked
            });
            assert!(back, "{context}: the link locks again");
            (0..DRAIN_SLOTS).for_each(|_| _ = link.cycle(None, 0));
        }
    }
    eprintln!("{tally:?}");
    for rung in [Rung::L0, Rung::L2, Rung::L3] {
        assert!(tally[&(rung, "Lost".into())] >= 3 * SAMPLE as u32, "{tally:?}");
        assert!(tally[&(rung, "Delivered".into())] >= SAMPLE as u32, "{tally:?}");
    }
    assert!(tally[&(Rung::L3, "Repaired".into())] >= 3 * SAMPLE as u32, "{tally:?}");
}
