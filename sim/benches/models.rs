//! Words per second of the golden models: code, CRC, transmitter, receiver, repair, payload.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use firstlight_sim::model::fec::{codec, crc, repair};
use firstlight_sim::model::framing::receiver::Receiver;
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_sim::model::measure::prbs::Prbs31;
use firstlight_spec::crc::INITIAL;
use firstlight_spec::slot::{Slot, slot_type};
use std::hint::black_box;
use std::time::Duration;

/// Words of a sample, whole frames of 64 bytes.
const WORDS: usize = 8_192;
const FRAME_WORDS: usize = 8;

fn words() -> Vec<u64> {
    let next = |x: &u64| Some(x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    std::iter::successors(Some(1), next).take(WORDS).collect()
}

fn models(c: &mut Criterion) {
    let words = words();
    let frames = || words.chunks(FRAME_WORDS).zip(0u16..);
    let line = |parity| -> Vec<Slot> {
        frames().flat_map(|(words, number)| slots(words, 8, number, parity, Ending::Last)).collect()
    };
    let mut group = c.benchmark_group("models");
    group.throughput(Throughput::Elements(WORDS as u64));

    group.bench_function("encode", |b| {
        b.iter(|| words.iter().fold(0, |sum, word| sum ^ codec::encode(black_box(*word), slot_type::MORE).check))
    });
    let hit: Vec<Slot> = (0..)
        .zip(&words)
        .map(|(n, word)| codec::invert(codec::encode(*word, slot_type::MORE), 1 << (n % 76)))
        .collect();
    assert!(hit.iter().zip(&words).all(|(slot, word)| codec::decode(*slot).data == *word), "every word is corrected");
    group.bench_function("decode_and_correct", |b| {
        b.iter(|| hit.iter().fold(0, |sum, slot| sum ^ codec::decode(black_box(*slot)).data))
    });
    group.bench_function("crc", |b| b.iter(|| crc::words(INITIAL, black_box(&words).iter().copied())));
    group.bench_function("transmitter", |b| {
        b.iter(|| {
            frames().map(|(words, number)| slots(black_box(words), 8, number, false, Ending::Last).len()).sum::<usize>()
        })
    });
    let sent = line(false);
    let receive = || {
        let mut receiver = Receiver::new(2);
        let verdicts = sent.iter().filter_map(|slot| receiver.slot(black_box(*slot)).verdict);
        verdicts.filter(|verdict| verdict.is_good()).count()
    };
    assert_eq!(receive(), WORDS / FRAME_WORDS, "every frame is good");
    group.bench_function("receiver", |b| b.iter(receive));
    let damaged: Vec<Vec<codec::Decoded>> = line(true)
        .chunks(FRAME_WORDS + 3)
        .map(|frame| {
            let hit = |(n, slot): (usize, &Slot)| codec::invert(*slot, if n == 3 { 0b11 } else { 0 });
            frame.iter().enumerate().map(hit).map(codec::decode).collect()
        })
        .collect();
    assert!(damaged.iter().all(|frame| repair::repair(frame).is_ok()), "every frame is repaired");
    group.bench_function("repair", |b| {
        b.iter(|| damaged.iter().filter(|frame| repair::repair(black_box(frame)).is_ok()).count())
    });
    let mut prbs = Prbs31::after(u64::MAX);
    group.bench_function("payload", |b| b.iter(|| (0..WORDS).fold(0, |sum, _| sum ^ prbs.word())));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
    targets = models
}
criterion_main!(benches);
