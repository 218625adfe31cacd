//! The error injector.

use crate::control::bus::{read, write};
use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::measure::injector::Injector;
use firstlight_hdl::measure::masks::MaskMaker;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::measure::injector::Injector as Model;
use firstlight_spec::regs::injector::*;

const SET: crate::control::bus::SetRequest<Injector> = |u, request| u.bus_request.next = request;
const ANSWER: crate::control::bus::Answer<Injector> = |u| u.bus_read.val().get();

fn bench() -> Bench<Injector> {
    Bench::new(Injector::default(), |u| &mut u.clock).recording()
}

/// One slot: what was changed on the line, and the strobe beside it.
fn slot(b: &mut Bench<Injector>, data: u64) -> (u128, bool) {
    let tc = data >> 50 & 0xfff;
    b.cycle(
        |u| {
            u.data_in.next = W::new(data);
            u.tc_in.next = W::new(tc);
        },
        |u| {
            let changed = (u.data_out.val().get() ^ data) as u128 | ((u.tc_out.val().get() ^ tc) as u128) << 64;
            (changed, u.injected.val())
        },
    )
}

#[test]
fn an_exact_mask_is_applied_once_after_the_stated_number_of_slots() {
    for delay in [0u32, 1, 7, 300] {
        let mut b = bench();
        write(&mut b, SET, MASK_HIGH.word, 0x801);
        write(&mut b, SET, MASK_DATA_HIGH.word, 0x8000_0000);
        write(&mut b, SET, MASK_DATA_LOW.word, 0x0000_0011);
        write(&mut b, SET, SLOT.word, delay);
        let strobe = b.cycles();
        write(&mut b, SET, CONTROL.word, mode::EXACT);
        // the strobe itself and what followed it are in the trace
        let (data_out, data_in) = (b.trace().port("data_out"), b.trace().port("data_in"));
        for _ in 0..delay + 20 {
            slot(&mut b, 0x0123_4567_89ab_cdef);
        }
        let hits: Vec<u64> = (0..b.cycles())
            .filter(|c| b.trace().rows[*c as usize][data_out] != b.trace().rows[*c as usize][data_in])
            .collect();
        assert_eq!(hits, [strobe + Injector::START_CYCLES + delay as u64]);
        let row = &b.trace().rows[hits[0] as usize];
        assert_eq!(row[data_out] ^ row[data_in], 0x8000_0000_0000_0011);
        assert_eq!(row[b.trace().port("tc_out")] ^ row[b.trace().port("tc_in")], 0x801);
    }
}

/// Random errors are those of the model, and periodic ones come with their period.
fn agree(seed_of_run: u64) -> Bench<Injector> {
    let mut b = bench();
    let mut random = numbers(seed_of_run);
    let own = random() as u32;
    for (rate, seed, slots) in [(0, 5, 50), (1 << 27, own, 400), (0x7fff_ffff, 0xdead_beef, 200), (1 << 30, 0, 300)] {
        let mut model = Model::default();
        model.rate = rate;
        write(&mut b, SET, CONTROL.word, mode::RANDOM);
        write(&mut b, SET, RATE.word, rate);
        let strobe = b.cycles();
        write(&mut b, SET, SEED.word, seed);
        model.seed(seed);
        model.control(mode::RANDOM);
        // seed strobe, two registers, the draw, its register, two registers of the masks
        let first = strobe + 4 + MaskMaker::LATENCY;
        while b.cycles() < first {
            slot(&mut b, random());
        }
        for _ in first..b.cycles() {
            model.slot();
        }
        let mut before = 0;
        for n in 0..slots {
            let (changed, injected) = slot(&mut b, random());
            assert_eq!(changed, model.slot(), "slot {n} at rate {rate}");
            if n > 0 {
                assert_eq!(injected, before != 0, "slot {n} at rate {rate}");
            }
            before = changed;
        }
    }
    for period in [2u32, 5, 64] {
        write(&mut b, SET, MASK_DATA_LOW.word, 1);
        write(&mut b, SET, SLOT.word, period);
        write(&mut b, SET, CONTROL.word, mode::PERIODIC);
        let seen: Vec<u64> = (0..5 * period as u64).filter(|_| slot(&mut b, 0).0 != 0).collect();
        assert_eq!(seen.len(), 5, "period {period}");
        assert!(seen.windows(2).all(|w| w[1] - w[0] == period as u64), "period {period}: {seen:?}");
    }
    b
}

agrees_with_the_model!(6, agree);

#[test]
fn verilog_replays_the_same_trace() {
    let b = agree(11);
    shows(&b, "injector", &["bus_request", "tc_in", "tc_out", "injected"]);
    replays_and_validates(&b, "injector");
}

#[test]
fn every_register_reads_back_in_time_and_the_others_show_nothing() {
    let mut b = bench();
    for (reg, value) in [
        (CONTROL, 3),
        (RATE, 0x7654_3210),
        (MASK_HIGH, 0xabc),
        (MASK_DATA_HIGH, 0x89ab_cdef),
        (MASK_DATA_LOW, 0x0123_4567),
        (SLOT, 0xfe_dcba),
    ] {
        write(&mut b, SET, reg.word, value);
        assert_eq!(read(&mut b, SET, ANSWER, reg.word), (value, Injector::ANSWER_CYCLES), "{}", reg.name);
    }
    assert_eq!(read(&mut b, SET, ANSWER, 0x50).0, 0);
}

#[test]
fn it_fits_its_budget() {
    fits_its_budget(bench().uut.as_ref(), "injector");
}
