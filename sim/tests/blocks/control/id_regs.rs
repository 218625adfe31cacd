//! The registers that tell who is there.

use super::bus::{read_bits, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::control::id_regs::IdRegs;
use firstlight_sim::bench::Bench;
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::regs::{SPACE_WORDS, SPEC_HASH, id};

const FEATURES: u32 = 0x7;

fn bench() -> Bench<IdRegs> {
    Bench::new(IdRegs::new(FEATURES, CLOCK_HZ), |u| &mut u.clock).recording()
}

fn set(u: &mut IdRegs, request: BusRequest) {
    u.request.next = request;
}

fn answer(u: &IdRegs) -> bool {
    u.bus_read.val()
}

fn get(b: &mut Bench<IdRegs>, word: u32) -> u32 {
    read_bits(b, set, answer, word)
}

#[test]
fn every_word_of_the_space_is_a_constant_or_zero_and_none_can_be_written() {
    let mut b = bench();
    let expected = |word: u32| match word {
        w if w == id::MAGIC.word => id::MAGIC_VALUE,
        w if w == id::SPEC_HASH.word => SPEC_HASH,
        w if w == id::FEATURES.word => FEATURES,
        w if w == id::CLOCK_HZ.word => CLOCK_HZ as u32,
        w if (id::IDENT.word..id::IDENT.word + id::IDENT.words).contains(&w) => {
            id::IDENT_TEXT.as_bytes().get((w - id::IDENT.word) as usize).map_or(0, |b| *b as u32)
        }
        _ => 0,
    };
    let places = || (0..0x60).chain(0x4e0..0x560).chain((0x60..SPACE_WORDS).step_by(61));
    for word in places() {
        write(&mut b, set, word, 0xffff_ffff);
    }
    for word in places() {
        assert_eq!(get(&mut b, word), expected(word), "word {word:#x}");
    }
}

#[test]
fn the_magic_word_bit_by_bit() {
    let mut b = bench();
    assert_eq!(get(&mut b, id::MAGIC.word), id::MAGIC_VALUE);
    insta::assert_snapshot!(b.trace().ascii(&["request", "bus_read"]));
}

/// Every error is counted, whatever is written.
fn agree(seed: u64) -> Bench<IdRegs> {
    let (mut b, mut random) = (bench(), numbers(seed));
    for n in 0..60u32 {
        let x = random() as u32;
        write(&mut b, set, id::SCRATCH.word + (x & 1), x);
        b.cycle(|u| u.bone_error.next = true, |_| {});
        b.cycle(|u| u.bone_error.next = false, |_| {});
        assert_eq!(get(&mut b, id::BONE_ERRORS.word), n + 1);
        assert_eq!(get(&mut b, id::CLOCK_HZ.word), CLOCK_HZ as u32);
    }
    b
}

agrees_with_the_model!(6, agree);

#[test]
fn verilog_replays_the_same_trace() {
    replays_and_validates(&agree(9), "id_regs");
}

#[test]
fn errors_are_counted_modulo_65536() {
    let mut b = Bench::new(IdRegs::new(0, 1), |u| &mut u.clock);
    b.uut.bone_error.next = true;
    b.run(70_000);
    b.uut.bone_error.next = false;
    assert_eq!(get(&mut b, id::BONE_ERRORS.word), 70_000 % 0x1_0000);
}

#[test]
fn fits() {
    fits_its_budget(bench().uut.as_ref(), "id_regs");
}
