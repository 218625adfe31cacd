//! The laser's registers.

use crate::control::bus::{Words, read_bits, write};
use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::laser::registers::LaserRegisters;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::laser::mode::{ALWAYS_ON, PAIR_GAP, REACTIVE, TIMEOUT};
use firstlight_spec::regs::{Reg, id, laser};

/// The derived values stand two cycles after power-on.
fn bench() -> Bench<LaserRegisters> {
    let mut bench = Bench::new(LaserRegisters::default(), |u| &mut u.clock).recording();
    bench.run(2);
    bench
}

fn set(u: &mut LaserRegisters, request: BusRequest) {
    u.bus_request.next = request;
}

fn answer(u: &LaserRegisters) -> bool {
    u.bus_read.val()
}

fn sees(u: &LaserRegisters, at: &dyn Fn(Reg) -> u64) {
    let (t_on, min_off, mode) = (at(laser::T_ON), at(laser::MIN_OFF), at(laser::MODE) as u32);
    assert_eq!((u.t_on.val().get(), u.min_off.val().get()), (t_on, min_off));
    let timeout = u.timeout_high.val().get() << 14 | u.timeout_low.val().get();
    assert_eq!((u.min_on.val().get(), timeout), (at(laser::MIN_ON), at(laser::TIMEOUT)));
    assert_eq!(u.stall_limit.val().get(), at(laser::STALL_LIMIT));
    assert_eq!((u.hint_margin.val().get(), u.no_min_off.val()), (min_off + 8, min_off < 2));
    assert_eq!(u.sleeps.val(), !u.always_on.val());
    let is = [u.always_on.val(), u.reactive.val(), u.timed.val(), u.predicts.val()];
    let (predicts, timed) = (mode == PAIR_GAP, mode == TIMEOUT || mode == PAIR_GAP);
    assert_eq!(is, [mode == ALWAYS_ON || mode > PAIR_GAP, mode == REACTIVE, timed, predicts]);
}

agrees_with_the_model!(16, |seed| {
    Words { regs: laser::REGS, set, answer: None, sees }.agree(&mut bench(), 40, numbers(seed))
});

#[test]
fn the_status_is_read_and_nothing_else() {
    let mut bench = bench();
    assert_eq!(read_bits(&mut bench, set, answer, id::MAGIC.word), 0);
    assert_eq!(read_bits(&mut bench, set, answer, laser::TIMEOUT.word), 0);
    bench.uut.enabled.next = true;
    bench.uut.credit.next = W::new(77);
    let status = read_bits(&mut bench, set, answer, laser::STATUS.word);
    assert_eq!((laser::ENABLED.get(status), laser::READY.get(status), laser::CREDIT.get(status)), (1, 0, 77));
}

#[test]
fn the_doorbell_rings_once() {
    let mut bench = bench();
    write(&mut bench, set, laser::HINT.word, 0x1_0123);
    let trace = bench.take_trace().expect("recorded");
    let (valid, slots) = (trace.port("doorbell_valid"), trace.port("doorbell_slots"));
    let rings: Vec<u128> = trace.rows.iter().filter(|r| r[valid] != 0).map(|r| r[slots]).collect();
    assert_eq!(rings, [0x123]);
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench();
    let mut random = numbers(2);
    for _ in 0..60 {
        let x = random();
        bench.uut.enabled.next = x & 0x100 != 0;
        bench.uut.ready.next = x & 0x200 != 0;
        bench.uut.credit.next = W::new(x >> 16);
        let word = laser::MODE.word + (x & 15) as u32 % 9;
        if x & 0x80 != 0 {
            write(&mut bench, set, word, random() as u32);
        } else {
            read_bits(&mut bench, set, answer, word);
        }
    }
    proves(&bench, "laser_registers", &["enabled", "ready", "bus_read", "always_on", "reactive", "timed"]);
}
