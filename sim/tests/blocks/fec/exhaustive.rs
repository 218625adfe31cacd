//! Every error of weight 1 to 3 and every burst up to 12 through the decoder, in RustHDL and in its Verilog.

use crate::support::numbers;
use firstlight_hdl::fec::decoder::Decoder;
use firstlight_hdl::fec::encoder::Encoder;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::engine::Verilated;
use firstlight_sim::model::fec::codec::{self, Flag};
use firstlight_sim::tools::Tool;
use firstlight_spec::slot::{COLUMNS, SLOT_BITS, Slot};
use rust_hdl::prelude::{Block, simulate};
use std::collections::BTreeMap;

type Counts = BTreeMap<(&'static str, &'static str), u32>;

fn triples() -> impl Iterator<Item = u128> {
    (0..SLOT_BITS).flat_map(|i| (0..i).flat_map(move |j| (0..j).map(move |k| 1 << i | 1 << j | 1 << k)))
}

fn patterns() -> impl Iterator<Item = (&'static str, u128)> {
    let singles = (0..SLOT_BITS).map(|i| 1 << i);
    let doubles = (0..SLOT_BITS).flat_map(|i| (0..i).map(move |j| 1 << i | 1 << j));
    let bursts = (4..=12).flat_map(|length: usize| {
        (0..=SLOT_BITS - length)
            .flat_map(move |at| (0..1u128 << (length - 2)).map(move |inner| (1 | inner << 1 | 1 << (length - 1)) << at))
    });
    let three = (0..=SLOT_BITS - 3).flat_map(|at| [0b101u128 << at, 0b111 << at]);
    let named = |name: &'static str| move |mask: u128| (name, mask);
    [("clean", 0)]
        .into_iter()
        .chain(singles.map(named("single")))
        .chain(doubles.map(named("double")))
        .chain(triples().map(named("triple")))
        .chain(three.map(named("burst of 3")))
        .chain(bursts.map(named("burst of 4 to 12")))
}

/// One pattern on one word.
struct Case {
    name: &'static str,
    mask: u128,
    sent: Slot,
}

impl Case {
    /// All patterns, each on a word of its own.
    fn all(seed: u64) -> Vec<Case> {
        let mut random = numbers(seed);
        let word = |(name, mask)| Case { name, mask, sent: codec::encode(random(), random() as u8 & 15) };
        patterns().map(word).collect()
    }

    fn received(&self) -> Slot {
        codec::invert(self.sent, self.mask)
    }

    /// What the columns of H alone say about the pattern.
    fn implied(&self) -> &'static str {
        let sum = (0..SLOT_BITS).filter(|i| self.mask >> i & 1 != 0).fold(0, |s, i| s ^ COLUMNS[i]);
        match self.mask.count_ones() {
            0 => "clean",
            1 => "corrected",
            _ if sum == 0 => "unseen",
            _ if COLUMNS.contains(&sum) => "miscorrected",
            _ => "flagged",
        }
    }

    fn outcome(&self, said: Said) -> &'static str {
        let right = (said.data, said.kind) == (self.sent.data, self.sent.kind);
        match said.flag {
            Flag::Clean if right => "clean",
            Flag::Clean => "unseen",
            Flag::Corrected if right => "corrected",
            Flag::Corrected => "miscorrected",
            _ => "flagged",
        }
    }
}

/// What the decoder says of one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    data: u64,
    kind: u8,
    flag: Flag,
}

impl Said {
    fn of(slot: Slot) -> Self {
        let want = codec::decode(slot);
        Said { data: want.data, kind: want.kind, flag: want.flag }
    }
}

/// Ports of the decoder in one cycle: the fields of `out`, then of `flags`.
#[derive(Clone, Copy)]
struct Ports {
    data: u64,
    kind: u8,
    line_kind: u8,
    bad_even: bool,
    single: bool,
    wrong: bool,
    even: bool,
}

/// Cycles from a slot at the input to its word, and to its flags.
const WORD: usize = 2;
const FLAGS: usize = 3;

/// Joins words with their flags.
fn join(seen: &[Ports]) -> Vec<Said> {
    let join = |n: usize| {
        let (word, late) = (seen[n + WORD], seen[n + FLAGS]);
        let flag = match (late.wrong, late.single, late.even) {
            (false, false, true) => Flag::Clean,
            (true, true, false) => Flag::Corrected,
            (true, false, true) => Flag::BadEven,
            (true, false, false) => Flag::BadOdd,
            other => panic!("slot {n}: flags contradict each other: {other:?}"),
        };
        assert_eq!(word.bad_even, flag == Flag::BadEven, "slot {n}: bad_even leaves with the word");
        assert_eq!(word.kind, word.line_kind);
        Said { data: word.data, kind: word.kind, flag }
    };
    (0..seen.len() - FLAGS).map(join).collect()
}

fn tc(slot: &Slot) -> u64 {
    u64::from(slot.kind) | u64::from(slot.check) << 4
}

fn drain(slots: &[Slot]) -> impl Iterator<Item = Slot> {
    slots.iter().copied().chain([Slot::new(0, 0); FLAGS])
}

/// Slots through the RustHDL block, one a cycle.
fn decode(target: Target, slots: &[Slot], correct_data: bool) -> Vec<Said> {
    let mut bench = Bench::new(Decoder::new(target), |u| &mut u.clock);
    let look = |u: &Decoder| {
        let (out, flags) = (u.out.val(), u.flags.val());
        Ports {
            data: out.data.get(),
            kind: out.kind.get() as u8,
            line_kind: out.line_kind.get() as u8,
            bad_even: out.bad_even,
            single: flags.single,
            wrong: flags.wrong,
            even: flags.even,
        }
    };
    let cycle = |slot: Slot| {
        bench.cycle(
            |u| {
                u.line_in_data.next = W::new(slot.data);
                u.line_in_tc.next = W::new(tc(&slot));
                u.correct_data.next = correct_data;
            },
            look,
        )
    };
    join(&drain(slots).map(cycle).collect::<Vec<_>>())
}

/// The same through its Verilog.
fn decode_verilog(target: Target, slots: &[Slot], correct_data: bool) -> Vec<Said> {
    let mut decoder = Decoder::new(target);
    decoder.connect_all();
    let mut verilated = Verilated::of(&decoder, "firstlight_decoder").unwrap_or_else(|e| panic!("{target:?}: {e}"));
    let inputs: Vec<&str> = verilated.ports.iter().filter(|p| p.is_input).map(|p| p.name.as_str()).collect();
    assert_eq!(inputs, ["line_in_data", "line_in_tc", "shut", "correct_data"]);
    let row = |slot: Slot| vec![slot.data.into(), tc(&slot).into(), 0, u128::from(correct_data)];
    let rows: Vec<Vec<u128>> = drain(slots).map(row).collect();
    let (out, flags) = (verilated.output("out"), verilated.output("flags"));
    let samples = verilated.replay(&rows).expect("the verilated decoder answers");
    let ports = samples.iter().map(|sample| {
        let (word, late) = (sample.0[out], sample.0[flags]);
        Ports {
            data: word as u64,
            kind: (word >> 64) as u8 & 15,
            line_kind: (word >> 68) as u8 & 15,
            bad_even: word >> 73 & 1 != 0,
            single: late & 1 != 0,
            wrong: late >> 1 & 1 != 0,
            even: late >> 2 & 1 != 0,
        }
    });
    join(&ports.collect::<Vec<_>>())
}

/// Every case read as the golden codec reads it, and counted.
fn count(cases: &[Case], said: &[Said]) -> Counts {
    let mut counts = Counts::new();
    for (case, said) in cases.iter().zip(said) {
        assert_eq!(*said, Said::of(case.received()), "{} {:x}", case.name, case.mask);
        *counts.entry((case.name, case.outcome(*said))).or_default() += 1;
    }
    counts
}

/// The counts of the table: what H implies, and the numbers themselves.
fn check(counts: &Counts, cases: &[Case]) {
    let mut implied = Counts::new();
    cases.iter().for_each(|case| *implied.entry((case.name, case.implied())).or_default() += 1);
    assert_eq!(*counts, implied);
    assert_eq!(counts[&("single", "corrected")], 76);
    assert_eq!(counts[&("double", "flagged")], 2850);
    assert_eq!((counts[&("triple", "miscorrected")], counts[&("triple", "flagged")]), (41_552, 28_748));
    assert_eq!((counts[&("burst of 3", "flagged")], counts.get(&("burst of 3", "miscorrected"))), (148, None));
}

#[test]
fn the_decoder_reads_every_pattern_as_the_columns_imply() {
    let cases = Case::all(76);
    let slots: Vec<Slot> = cases.iter().map(Case::received).collect();
    let counts = count(&cases, &decode(Target::Generic, &slots, true));
    check(&counts, &cases);
    eprintln!("{counts:?}");
}

#[test]
fn the_emitted_verilog_reads_every_pattern_as_the_columns_imply() {
    if Tool::for_test("verilator", "exhaustive decoder").is_none() {
        return;
    }
    let cases = Case::all(77);
    let slots: Vec<Slot> = cases.iter().map(Case::received).collect();
    for target in [Target::Generic, Target::Ice40] {
        check(&count(&cases, &decode_verilog(target, &slots, true)), &cases);
    }
}

#[test]
fn below_l2_types_are_corrected_and_data_left() {
    let cases: Vec<Case> = Case::all(78).into_iter().filter(|c| ["single", "double"].contains(&c.name)).collect();
    let slots: Vec<Slot> = cases.iter().map(Case::received).collect();
    for (slot, got) in slots.iter().zip(decode(Target::Ice40, &slots, false)) {
        assert_eq!(got, Said { data: slot.data, ..Said::of(*slot) });
    }
}

#[test]
fn the_encoder_gives_the_check_bits_of_the_golden_codec() {
    let mut random = numbers(79);
    // linear in the data: all unit words; and random ones
    let words: Vec<u64> = (0..64).map(|bit| 1 << bit).chain([0, !0]).chain((0..200).map(|_| random())).collect();
    for target in [Target::Generic, Target::Ice40] {
        let mut encoder = Encoder::new(target);
        encoder.connect_all();
        for (n, data) in words.iter().enumerate() {
            let lasts = (1..=8).map(|bytes| (bytes, true, n % 2 == 0));
            for (bytes, last, first) in lasts.chain([(8, false, true), (8, false, false)]) {
                encoder.data.next = W::new(*data);
                encoder.keep.next = W::new((1 << bytes) - 1);
                (encoder.last.next, encoder.opened.next, encoder.client.next) = (last, !first, true);
                assert!(simulate(&mut encoder, 10));
                let kind = match (last, first) {
                    (true, _) => 7 + bytes,
                    (false, true) => 1,
                    (false, false) => 2,
                };
                assert_eq!(encoder.kind.val().get(), kind);
                assert_eq!(encoder.check.val().get() as u8, codec::check(*data, kind as u8), "{data:x} {kind}");
            }
        }
    }
}
