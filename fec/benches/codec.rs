//! Words per second, encoded and decoded, beside public crates on the same words in the same run.
//!
//! `secded` (1.1.0, 2020) does the same work: 68 bits in, 8 check bits, one error corrected, two flagged. `reed-solomon`
//! (0.2.1, 2017) corrects one byte of a (11,9) code over the same 68 bits: a stronger code for byte errors.

use criterion::{Criterion, Throughput, criterion_group};
use firstlight_fec::codec::{self, Decoded};
use firstlight_spec::slot::SLOT_BITS;
use reed_solomon::{Decoder, Encoder};
use secded::{SecDed128, SecDedCodec};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Words of one pass: small enough for the first cache, as in a campaign.
const WORDS: usize = 1024;
/// One word in so many has a wrong bit.
const ERROR_EVERY: usize = 100;
/// Information bits: data and type.
const INFO_BITS: usize = 68;

/// Data, type, and the line position that is hit.
type Word = (u64, u8, Option<usize>);

fn words() -> Vec<Word> {
    let mut x = 1u64;
    let word = |n: usize| {
        x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let hit = n.is_multiple_of(ERROR_EVERY).then_some((x >> 40) as usize % SLOT_BITS);
        (x ^ x >> 29, (x >> 60) as u8, hit)
    };
    (0..WORDS).map(word).collect()
}

/// Table look-ups of this crate.
fn table(words: &[Word]) -> u64 {
    words.iter().fold(0, |sum, (data, kind, hit)| {
        let mut slot = codec::encode(black_box(*data), *kind);
        if let Some(position) = hit {
            slot = codec::invert(slot, 1 << position);
        }
        let Decoded { data, kind, .. } = codec::decode(black_box(slot));
        sum ^ data ^ u64::from(kind)
    })
}

/// `secded`: information bits at the top of 16 bytes, check bits below.
fn secded(words: &[Word], codec: &SecDed128) -> u64 {
    words.iter().fold(0, |sum, (data, kind, hit)| {
        let info = u128::from(black_box(*data)) | u128::from(*kind) << 64;
        let mut bytes = (info << codec.code_size()).to_be_bytes();
        codec.encode(&mut bytes);
        if let Some(position) = hit {
            bytes[15 - position / 8] ^= 1 << (position % 8);
        }
        let bytes = black_box(&mut bytes);
        codec.decode(bytes).expect("one wrong bit is corrected");
        let info = u128::from_be_bytes(*bytes) >> codec.code_size();
        sum ^ info as u64 ^ (info >> 64) as u64
    })
}

/// `reed-solomon`: nine bytes, two check bytes.
fn reed_solomon(words: &[Word], encoder: &Encoder, decoder: &Decoder) -> u64 {
    words.iter().fold(0, |sum, (data, kind, hit)| {
        let mut bytes = [0; 9];
        bytes[..8].copy_from_slice(&black_box(*data).to_le_bytes());
        bytes[8] = *kind;
        let mut sent = encoder.encode(&bytes);
        if let Some(position) = hit {
            sent[position / 8] ^= 1 << (position % 8);
        }
        let got = decoder.correct(black_box(&sent), None).expect("one wrong byte is corrected");
        let data: [u8; 8] = got.data()[..8].try_into().expect("eight of nine bytes");
        sum ^ u64::from_le_bytes(data) ^ u64::from(got.data()[8])
    })
}

fn benches(c: &mut Criterion) {
    let words = words();
    let hamming = SecDed128::new(INFO_BITS);
    assert_eq!(hamming.code_size(), SLOT_BITS - INFO_BITS, "the same number of check bits");
    let (encoder, decoder) = (Encoder::new(2), Decoder::new(2));
    let sum = words.iter().fold(0, |sum, (data, kind, _)| sum ^ data ^ u64::from(*kind));
    assert_eq!([table(&words), secded(&words, &hamming), reed_solomon(&words, &encoder, &decoder)], [sum; 3]);
    let mut group = c.benchmark_group("encode and decode");
    group.throughput(Throughput::Elements(WORDS as u64));
    group.bench_function("firstlight (76,68)", |b| b.iter(|| table(&words)));
    group.bench_function("secded (76,68)", |b| b.iter(|| secded(&words, &hamming)));
    group.bench_function("reed-solomon (11,9) bytes", |b| b.iter(|| reed_solomon(&words, &encoder, &decoder)));
    group.finish();

    // the same by turns, so that a busy machine is busy for all
    let mut best = [Duration::MAX; 3];
    for _ in 0..200 {
        let runs: [&dyn Fn() -> u64; 3] =
            [&|| table(&words), &|| secded(&words, &hamming), &|| reed_solomon(&words, &encoder, &decoder)];
        for (best, run) in best.iter_mut().zip(runs) {
            let start = Instant::now();
            black_box(run());
            *best = (*best).min(start.elapsed());
        }
    }
    let rate = |time: Duration| WORDS as f64 / time.as_secs_f64() / 1e6;
    let ratio = |time: Duration| time.as_secs_f64() / best[0].as_secs_f64();
    println!("by turns, best of 200: {:.1} M words/s encoded and decoded on one core", rate(best[0]));
    println!("  secded       {:.2} M words/s: 1/{:.1}", rate(best[1]), ratio(best[1]));
    println!("  reed-solomon {:.2} M words/s: 1/{:.1}", rate(best[2]), ratio(best[2]));
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = benches
}

fn main() {
    all();
    Criterion::default().configure_from_args().final_summary();
}
