//! The registers of the ladder.

use super::bus::{Words, read, write};
use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::control::ladder_regs::{LadderRegs, READ_LATENCY, Told};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{Reg, ladder, link};

fn bench() -> Bench<LadderRegs> {
    Bench::new(LadderRegs::default(), |u| &mut u.clock)
}

fn set(u: &mut LadderRegs, request: BusRequest) {
    u.request.next = request;
}

fn answer(u: &LadderRegs) -> u64 {
    u.bus_read.val().get()
}

fn sees(u: &LadderRegs, at: &dyn Fn(Reg) -> u64) {
    let t = u.thresholds.val();
    let told = [t.window.get(), t.up.get(), t.down.get(), t.burst_up.get(), t.hold.get()];
    assert_eq!(told, [ladder::WINDOW, ladder::UP, ladder::DOWN, ladder::BURST_UP, ladder::HOLD].map(at));
}

agrees_with_the_model!(16, |seed| {
    Words { regs: ladder::REGS, set, answer: Some(answer), sees }.agree(&mut bench(), 40, numbers(seed))
});

#[test]
fn an_answer_stands_after_its_latency() {
    let mut bench = bench();
    read(&mut bench, set, answer, link::CONTROL.word);
    let (value, latency) = read(&mut bench, set, answer, ladder::WINDOW.word);
    assert_eq!((value, latency), (ladder::WINDOW.reset, READ_LATENCY));
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench().recording();
    let mut random = numbers(4);
    for _ in 0..60 {
        let x = random();
        bench.uut.told.next = Told {
            rung: W::new(x >> 8),
            reason: W::new(x >> 12),
            steps: W::new(x >> 16),
            last_corrected: W::new(x >> 32),
            last_bad: W::new(x >> 48),
        };
        let word = ladder::WINDOW.word + (x & 15) as u32 % 9;
        if x & 0x80 != 0 {
            write(&mut bench, set, word, random() as u32);
        } else {
            read(&mut bench, set, answer, word);
        }
    }
    proves(&bench, "ladder_regs", &["request", "bus_read", "restart"]);
}
