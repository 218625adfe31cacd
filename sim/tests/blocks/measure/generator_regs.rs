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
    assert_eq!([s.frames.get(), s.length.get(), s.gap.get()], [map::FRAMES, map::LENGTH, map::GAP].map(at));
    assert_eq!([s.burst_frames.get(), s.burst_gap.get()], [map::BURST_FRAMES, map::BURST_GAP].map(at));
    assert_eq!([s.notice.get(), s.entries.get()], [map::NOTICE, map::SCHEDULE_COUNT].map(at));
    let flags = [s.scheduled, s.from_memory, s.hints, s.check];
    assert_eq!(flags, std::array::from_fn(|k| at(map::CONTROL) >> k & 1 != 0));
}

agrees_with_the_model!(16, |seed| {
    let set: SetRequest<GeneratorRegs> = |u, request| u.bus_request.next = request;
    Words { regs: map::REGS, set, answer: None, sees }.agree(&mut bench(), 50, numbers(seed))
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
    bench.uut.sent.next = W::new(0x1234_5678);
    assert_eq!((read(&mut bench, map::STATUS.word), read(&mut bench, map::SENT.word)), (5, 0x1234_5678));
}

/// The settings in ports of their own: a trace keeps at most 128 bits a port.
#[derive(LogicBlock, Default)]
struct Apart {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub status: Signal<In, W<3>>,
    pub sent: Signal<In, W<32>>,
    pub strobes: Signal<Out, GeneratorStrobes>,
    pub frames: Signal<Out, W<32>>,
    pub length: Signal<Out, W<16>>,
    pub gap: Signal<Out, W<24>>,
    pub burst_frames: Signal<Out, W<16>>,
    pub burst_gap: Signal<Out, W<24>>,
    pub notice: Signal<Out, W<16>>,
    pub entries: Signal<Out, W<9>>,
    pub flags: Signal<Out, W<4>>,
    regs: GeneratorRegs,
    kept: Signal<Local, W<4>>,
}

impl Logic for Apart {
    #[hdl_gen]
    fn update(&mut self) {
        self.regs.clock.next = self.clock.val();
        self.regs.bus_request.next = self.bus_request.val();
        self.bus_read.next = self.regs.bus_read.val();
        self.regs.status.next = self.status.val();
        self.regs.sent.next = self.sent.val();
        self.strobes.next = self.regs.strobes.val();
        self.frames.next = self.regs.settings.val().frames;
        self.length.next = self.regs.settings.val().length;
        self.gap.next = self.regs.settings.val().gap;
        self.burst_frames.next = self.regs.settings.val().burst_frames;
        self.burst_gap.next = self.regs.settings.val().burst_gap;
        self.notice.next = self.regs.settings.val().notice;
        self.entries.next = self.regs.settings.val().entries;
        self.kept.next = 0.into();
        self.kept.next = self.kept.val().replace_bit(0, self.regs.settings.val().scheduled);
        self.kept.next = self.kept.val().replace_bit(1, self.regs.settings.val().from_memory);
        self.kept.next = self.kept.val().replace_bit(2, self.regs.settings.val().hints);
        self.kept.next = self.kept.val().replace_bit(3, self.regs.settings.val().check);
        self.flags.next = self.kept.val();
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = Bench::new(Apart::default(), |u| &mut u.clock).recording();
    let mut random = numbers(4);
    for _ in 0..60 {
        let x = random();
        bench.uut.status.next = W::new(x >> 8);
        bench.uut.sent.next = W::new(x >> 20);
        let word = map::CONTROL.word + (x & 31) as u32 % (GROUP_WORDS + 1);
        if x & 0x80 != 0 {
            write(&mut bench, word, random() as u32);
        } else {
            read(&mut bench, word);
        }
    }
    proves(&bench, "generator_regs", &["status", "bus_read", "strobes"]);
}
