//! Sleeping parts and ticking on both edges change the speed of the simulation, nothing else; and they do change it.

use firstlight_hdl::activity;
use firstlight_hdl::control::{fabric, id_regs, ladder, ladder_regs, link_regs, settings};
use firstlight_hdl::core::Core;
use firstlight_hdl::quiet::{Inputs, Quiet};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_hdl::{fec, framing, laser, link, measure};
use firstlight_sim::bench::Bench;
use firstlight_sim::board::Board;
use firstlight_sim::core_board;
use firstlight_sim::trace::{Trace, ports};
use firstlight_sim::wishbone_board::{Transfer, WishboneBoard};
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::regs::{generator, injector, latency, link as link_map};
use rust_hdl::prelude::{Block, Probe};

/// A run with frames, gaps, errors, reads and a second start after long silence.
fn run(bench: Bench<Core>) -> (Trace, Vec<u32>) {
    let mut board = WishboneBoard::new(bench, core_board::ports(), "test");
    board.record(6_000).expect("records");
    let write = |board: &mut WishboneBoard<Core>, reg: firstlight_spec::regs::Reg, value| {
        board.write(reg.word, value).expect("acknowledged");
    };
    board.run(300).expect("runs");
    write(&mut board, generator::LENGTH, 100);
    write(&mut board, generator::FRAMES, 12);
    write(&mut board, generator::CONTROL, generator::CHECK.mask());
    write(&mut board, injector::RATE, 1 << 26);
    write(&mut board, injector::CONTROL, injector::mode::RANDOM);
    write(&mut board, generator::COMMAND, generator::START.mask());
    board.run(700).expect("runs");
    write(&mut board, injector::CONTROL, injector::mode::OFF);
    board.run(1_500).expect("runs");
    write(&mut board, generator::GAP, 77);
    write(&mut board, generator::COMMAND, generator::START.mask());
    board.run(1_500).expect("runs");
    write(&mut board, link_map::COMMAND, link_map::SNAPSHOT.mask());
    board.run(200).expect("runs");
    let words = (0x40..0x70).chain(0x100..0x108).chain(0x400..0x440);
    let registers = words.map(|w| board.read(w).expect("acknowledged")).collect();
    (board.take_trace().expect("recorded"), registers)
}

fn core() -> Core {
    Core::new(Target::Generic, true, CLOCK_HZ)
}

/// A core that RustHDL runs in its own way.
fn sleepless() -> Core {
    activity::build_sleepless(true);
    let core = core();
    activity::build_sleepless(false);
    core
}

#[test]
fn parts_that_sleep_and_ticks_on_both_edges_show_the_same_ports_in_every_cycle() {
    let plain = run(Bench::new(sleepless(), |u| &mut u.clock));
    assert!(plain.1.contains(&24), "24 frames were counted somewhere");
    let sleeping = run(Bench::new(core(), |u| &mut u.clock));
    let fast = run(Bench::new(core(), |u| &mut u.clock).ticking_on_both_edges());
    for (name, (trace, registers)) in [("sleeping", sleeping), ("on both edges", fast)] {
        assert_eq!(registers, plain.1, "{name}");
        for (cycle, (got, want)) in trace.rows.iter().zip(&plain.0.rows).enumerate() {
            assert_eq!(got, want, "{name}, cycle {cycle}");
        }
    }
}

/// The histograms' twins take what the first memories are written with, from those memories' own ports.
#[test]
fn a_port_inside_that_another_part_reads_wakes_the_block_around_it() {
    let bench = |sleepless: bool| {
        activity::build_sleepless(sleepless);
        let part = Quiet::new(measure::histograms::Histograms::default());
        activity::build_sleepless(false);
        Bench::new(part, |u| &mut u.clock)
    };
    let (mut awake, mut sleeping) = (bench(true), bench(false));
    let mut shown = 0;
    for cycle in 0..3_000u64 {
        let random = cycle.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(21).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let look = |bench: &mut Bench<Quiet<measure::histograms::Histograms>>| {
            let drive = |u: &mut Quiet<measure::histograms::Histograms>| {
                u.wait_now.next = cycle % 9 == 0;
                u.wait_bin.next = W::new(random >> 60 & 1);
                u.bin_now.next = cycle % 5 == 0;
                u.bin.next = W::new(random >> 61 & 1);
                let at = if random >> 50 & 1 == 0 { latency::BINS.word } else { latency::WAIT_BINS.word };
                let mut request = u.bus_request.next;
                if cycle % 31 == 0 {
                    request.address = W::new(at as u64);
                    request.step = W::new(random >> 40 & 3);
                }
                u.bus_request.next = request;
            };
            bench.cycle(drive, |u| u.bus_read.val())
        };
        let want = look(&mut awake);
        assert_eq!(look(&mut sleeping), want, "cycle {cycle}");
        shown += want as u32;
    }
    assert!(shown > 500, "bits of bins were read: {shown}");
}

/// What is inside a block.
#[derive(Default)]
struct Inside {
    depth: usize,
    found: Vec<String>,
}

impl Probe for Inside {
    fn visit_start_scope(&mut self, name: &str, _: &dyn Block) {
        if self.depth == 1 {
            self.found.push(name.to_owned());
        }
        self.depth += 1;
    }
    fn visit_end_scope(&mut self, _: &str, _: &dyn Block) {
        self.depth -= 1;
    }
}

/// The listed inputs are the input ports, and everything inside is listed.
fn check<T: Inputs>(part: T) {
    let found: Vec<String> = ports(&part).into_iter().filter(|p| p.is_input && !p.is_clock).map(|p| p.name).collect();
    // RustHDL names the elements of an array port `name$0`, `name$1` ...
    let mut names: Vec<&str> = found.iter().map(|n| n.split('$').next().unwrap_or(n)).collect();
    names.dedup();
    let mut listed = T::INPUTS.to_vec();
    names.sort_unstable();
    listed.sort_unstable();
    assert_eq!(names, listed, "{}", std::any::type_name::<T>());
    let mut inside = Inside::default();
    part.accept("part", &mut inside);
    let mut listed = T::INSIDE.to_vec();
    inside.found.sort_unstable();
    listed.sort_unstable();
    assert_eq!(inside.found, listed, "inside {}", std::any::type_name::<T>());
}

#[test]
fn every_sleeping_part_lists_all_its_inputs() {
    check(fabric::Fabric::<3, 2>::default());
    check(id_regs::IdRegs::new(0, CLOCK_HZ));
    check(settings::Settings::new(&[]));
    check(link_regs::LinkRegs::default());
    check(ladder::Ladder::default());
    check(ladder_regs::LadderRegs::default());
    check(laser::enable::LaserEnable::default());
    check(laser::registers::LaserRegisters::default());
    check(laser::switch::LaserSwitch::default());
    check(laser::pair_gap::PairGap::default());
    check(measure::generator_regs::GeneratorRegs::default());
    check(framing::tail_parity::TailParity::new(Target::Generic));
    check(link::Link::new(Target::Generic));
    check(framing::tx_framer::TxFramer::new(Target::Generic));
    check(framing::rx_deframer::RxDeframer::default());
    check(framing::rx_verdict::RxVerdict::new(Target::Generic));
    check(framing::lock::Lock::default());
    check(fec::decoder::Decoder::new(Target::Generic));
    check(measure::generator::Generator::default());
    check(measure::checker::Checker::default());
    check(measure::latency::Latency::default());
    check(measure::totals::Totals::default());
    check(measure::wait_meter::WaitMeter::default());
    check(measure::histograms::Histograms::default());
    check(measure::event_counters::EventCounters::default());
    check(measure::injector::Injector::default());
    check(measure::frame_memory::FrameMemories::default());
}

/// Passes over the design, and runs of parts that may sleep, per thousand cycles.
fn cost<U: Block>(bench: &mut Bench<U>, mut cycle: impl FnMut(&mut Bench<U>)) -> (u64, u64) {
    let (passes, runs) = (bench.passes(), activity::runs());
    (0..1_000).for_each(|_| cycle(bench));
    (bench.passes() - passes, activity::runs() - runs)
}

/// A core at full load with 64-byte frames.
fn loaded() -> Bench<Core> {
    let mut bench = core_board::bench(true);
    bench.run(500);
    let ports = core_board::ports();
    let start = Transfer { word: generator::COMMAND.word, data: Some(generator::START.mask()) };
    while bench.cycle(|u| (ports.drive)(u, Some(start)), ports.acknowledged).is_none() {}
    bench.cycle(|u| (ports.drive)(u, None), |_| {});
    bench.run(500);
    bench
}

#[test]
fn a_loaded_core_takes_few_passes_a_cycle_and_lets_parts_sleep() {
    let (passes, runs) = cost(&mut loaded(), |b| b.run(1));
    assert!(passes <= 4_000, "{passes} passes in 1,000 cycles");
    assert!(runs <= 47_000, "{runs} runs of parts in 1,000 cycles");
}

#[test]
fn an_idle_core_lets_more_parts_sleep() {
    let mut bench = core_board::bench(true);
    bench.run(500);
    let (passes, runs) = cost(&mut bench, |b| b.run(1));
    assert!(passes <= 4_000, "{passes} passes in 1,000 cycles");
    assert!(runs <= 36_000, "{runs} runs of parts in 1,000 cycles");
}
