//! The whole core on its Verilog: registers, generator, link, errors, laser, measurement.

use crate::support::{replays_and_validates, shows};
use firstlight_hdl::core::Core;
use firstlight_sim::bench::Bench;
use firstlight_sim::core_board;
use firstlight_sim::wishbone_board::Transfer;
use firstlight_spec::regs::{Reg, events, generator, id, injector, laser, latency, link};

/// A host on the core's bus.
struct Host {
    bench: Bench<Core>,
}

impl Host {
    fn transfer(&mut self, word: u32, data: Option<u32>) -> u32 {
        let ports = core_board::ports();
        loop {
            let answer = self.bench.cycle(|u| (ports.drive)(u, Some(Transfer { word, data })), ports.acknowledged);
            if let Some(answer) = answer {
                self.run(1);
                return answer;
            }
        }
    }

    fn run(&mut self, cycles: u64) {
        let ports = core_board::ports();
        (0..cycles).for_each(|_| self.bench.cycle(|u| (ports.drive)(u, None), |_| {}));
    }

    fn write(&mut self, reg: Reg, value: u32) {
        self.transfer(reg.word, Some(value));
    }
}

#[test]
fn verilog_replays_the_same_trace() {
    // the bench ticks on both edges for speed; the Verilog knows rising ones only
    let mut host = Host { bench: core_board::bench(true).recording() };
    assert_eq!(host.transfer(id::MAGIC.word, None), id::MAGIC_VALUE);
    host.run(120);
    host.write(generator::LENGTH, 70);
    host.write(generator::FRAMES, 9);
    host.write(generator::GAP, 12);
    host.write(generator::CONTROL, generator::CHECK.mask());
    host.write(injector::RATE, 1 << 27);
    host.write(injector::CONTROL, injector::mode::RANDOM);
    host.write(laser::T_ON, 9);
    host.write(laser::MODE, laser::mode::REACTIVE);
    host.write(generator::COMMAND, generator::START.mask());
    host.run(400);
    host.write(injector::CONTROL, injector::mode::OFF);
    host.write(link::COMMAND, link::SNAPSHOT.mask());
    while host.transfer(link::STATE.word, None) & 1 != 0 {}
    let count = |host: &mut Host, name| host.transfer(events::SNAPSHOT.word + 2 * events::bit(name) as u32 + 1, None);
    let (sent, good) = (count(&mut host, "frames_sent"), count(&mut host, "frames_good"));
    assert!(sent == 9 && good > 0, "{good} of {sent} frames were good");
    let (injected, wake_ups) = (count(&mut host, "injected"), count(&mut host, "wake_ups"));
    assert!(injected > 0 && wake_ups > 0, "{injected} slots injected, {wake_ups} wake-ups");
    assert_eq!(host.transfer(latency::MIN.word, None) as u64, Core::LATENCY);
    shows(&host.bench, "core", &["wb_stb", "wb_ack", "wb_dat_r", "laser_en", "status_locked"]);
    replays_and_validates(&host.bench, "core");
}
