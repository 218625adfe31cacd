//! The generator's registers.

use super::{on_bus, read, write};
use crate::control::bus::{SetRequest, Words};
use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::control::bus::BusRequest;
use firstlight_hdl::measure::generator_regs::{GeneratorRegs, GeneratorStrobes};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::{GROUP_WORDS, Reg, generator as map};
use rust_hdl::prelude::*;

on_bus!(bits: GeneratorRegs, Apart);

fn bench() -> Bench<GeneratorRegs> {
    Bench::new(GeneratorRegs::default(), |u| &mut u.clock)
}

fn sees(u: &GeneratorRegs, at: &dyn Fn(Reg) -> u64) {
    let s = u.settings.val();
    assert_eq!(s.notice_inverted.get(), !at(map::NOTICE) & 0xffff);
    let flags = [s.scheduled, s.from_memory, s.hints, s.check];
    assert_eq!(flags, std::array::from_fn(|k| at(map::CONTROL) >> k & 1 != 0));
    let place = u.place.val().get() as u32;
    if let Some(reg) = map::REGS.iter().find(|r| r.word % GROUP_WORDS == place) {
        assert_eq!(u.kept.val().get() & reg.kept() as u64, at(*reg), "{}", reg.name);
    }
}

agrees_with_the_model!(16, |seed| {
    let set: SetRequest<GeneratorRegs> = |u, request| u.bus_request.next = request;
    let mut bench = bench();
    let kept_at = [map::FRAMES, map::LENGTH, map::GAP, map::BURST_FRAMES, map::BURST_GAP, map::NOTICE];
    bench.uut.place.next = W::new((kept_at[seed as usize % 6].word % GROUP_WORDS) as u64);
    bench.run(2);
    Words { regs: map::REGS, set, answer: None, sees }.agree(&mut bench, 50, numbers(seed))
});

#[test]
fn commands_last_one_cycle_and_the_status_is_read() {
    for (reg, field) in [(map::COMMAND, map::START), (map::COMMAND, map::STOP)] {
        let mut bench = Bench::new(Apart::default(), |u| &mut u.clock).recording();
        write(&mut bench, reg.word, field.mask());
        let trace = bench.take_trace().expect("recorded");
        let strobes = trace.port("strobes");
        let seen: Vec<u128> = trace.rows.iter().map(|r| r[strobes]).filter(|s| *s != 0).collect();
        assert_eq!(seen, [field.mask() as u128]);
    }
    let mut bench = bench();
    bench.uut.status.next = W::new(5);
    bench.uut.left.next = W::new(0x1234_5678);
    assert_eq!((read(&mut bench, map::STATUS.word), read(&mut bench, map::LEFT.word)), (5, 0x1234_5678));
}

/// The settings in ports of their own: a wave shows words.
#[derive(LogicBlock, Default)]
struct Apart {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub status: Signal<In, W<3>>,
    pub left: Signal<In, W<32>>,
    pub place: Signal<In, W<4>>,
    pub kept: Signal<Out, W<32>>,
    pub strobes: Signal<Out, GeneratorStrobes>,
    pub notice: Signal<Out, W<16>>,
    pub flags: Signal<Out, W<4>>,
    regs: GeneratorRegs,
    four: Signal<Local, W<4>>,
}

impl Logic for Apart {
    #[hdl_gen]
    fn update(&mut self) {
        self.regs.clock.next = self.clock.val();
        self.regs.bus_request.next = self.bus_request.val();
        self.bus_read.next = self.regs.bus_read.val();
        self.regs.status.next = self.status.val();
        self.regs.left.next = self.left.val();
        self.regs.place.next = self.place.val();
        self.kept.next = self.regs.kept.val();
        self.strobes.next = self.regs.strobes.val();
        self.notice.next = self.regs.settings.val().notice_inverted;
        self.four.next = 0.into();
        self.four.next = self.four.val().replace_bit(0, self.regs.settings.val().scheduled);
        self.four.next = self.four.val().replace_bit(1, self.regs.settings.val().from_memory);
        self.four.next = self.four.val().replace_bit(2, self.regs.settings.val().hints);
        self.four.next = self.four.val().replace_bit(3, self.regs.settings.val().check);
        self.flags.next = self.four.val();
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = Bench::new(Apart::default(), |u| &mut u.clock).recording();
    let mut random = numbers(4);
    for _ in 0..60 {
        let x = random();
        bench.uut.status.next = W::new(x >> 8);
        bench.uut.left.next = W::new(x >> 20);
        bench.uut.place.next = W::new(x >> 52);
        let word = map::CONTROL.word + (x & 31) as u32 % (GROUP_WORDS + 1);
        if x & 0x80 != 0 {
            write(&mut bench, word, random() as u32);
        } else {
            read(&mut bench, word);
        }
    }
    proves(&bench, "generator_regs", &["status", "bus_read", "strobes"]);
}
