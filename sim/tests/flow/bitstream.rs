//! The bitstream itself, driven through its UART pin, and the gateware beside it.

use crate::{chip, is_nightly, mini, tools};
use firstlight_hdl::board::cu_loopback::CuLoopback;
use firstlight_sim::bench::Bench;
use firstlight_sim::tools::Tool;
use firstlight_sim::tops;
use firstlight_sim::uart::{Script, words};
use firstlight_spec::budget::{CLIENT_TO_CLIENT_CYCLES, CLOCK_HZ};
use firstlight_spec::regs::{SPEC_HASH, generator, id, latency, link};
use rust_hdl::prelude::*;

/// Cycles until the PLL's model locks and the reset is released, with room.
const START_CYCLES: usize = 200;

/// What a top of RustHDL answers to `script`.
fn gateware<U: Block>(mut bench: Bench<U>, script: &Script, drive: fn(&mut U, bool), tx: fn(&U) -> bool) -> Vec<u32> {
    let level = |rx: &bool| bench.cycle(|u| drive(u, *rx), tx);
    words(&script.line().iter().map(level).collect::<Vec<bool>>(), CLOCK_HZ)
}

#[test]
fn a_small_bitstream_answers_through_its_uart_pin_as_its_gateware_does() {
    let name = "small bitstream";
    if chip::TOOLS.iter().any(|tool| Tool::for_test(tool, name).is_none()) {
        return;
    }
    let Some(tools) = tools(name) else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    mini::build(&tools, dir.path(), mini::MHZ).unwrap_or_else(|e| panic!("{e}"));
    let mut script = Script::after(START_CYCLES, CLOCK_HZ);
    script.read(id::MAGIC.word, 2);
    script.write(id::SCRATCH.word, &[0xdead_beef]);
    script.read(id::SCRATCH.word, 1);
    let chip = chip::answers(&dir.path().join("mini.asc"), &dir.path().join("mini.pcf"), &script);
    let chip = chip.unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(chip, [id::MAGIC_VALUE, SPEC_HASH, 0xdead_beef]);
    let bench = Bench::new(mini::Mini::default(), |u| &mut u.clock);
    let drive = |u: &mut mini::Mini, rx| {
        u.uart_rx.next = rx;
        u.button_n.next = true;
    };
    assert_eq!(gateware(bench, &script, drive, |u| u.uart_tx.val()), chip);
}

const FRAMES: u32 = 64;
const FRAME_BYTES: u32 = 64;
const GAP_SLOTS: u32 = 3;

/// Bursts of registers that are read at the end.
const QUESTIONS: [(u32, u8); 5] = [
    (id::MAGIC.word, 2),
    (generator::LEFT.word, 1),
    (latency::COUNT.word, 2),
    (latency::MIN.word, 2),
    (latency::BINS.word + CLIENT_TO_CLIENT_CYCLES as u32 - 1, 3),
];
const _: () = assert!(latency::MAX.word == latency::MIN.word + 1);

/// A measurement of 64 frames, then the questions.
fn measurement() -> Script {
    let mut script = Script::after(1_000, CLOCK_HZ);
    script.write(link::COMMAND.word, &[link::CLEAR.set(0, 1)]);
    for (register, value) in
        [(generator::FRAMES, FRAMES), (generator::LENGTH, FRAME_BYTES), (generator::GAP, GAP_SLOTS)]
    {
        script.write(register.word, &[value]);
    }
    script.write(generator::COMMAND.word, &[generator::START.set(0, 1)]);
    script.wait(2 * (FRAMES * (FRAME_BYTES / 8 + 2 + GAP_SLOTS)) as usize);
    script.write(link::COMMAND.word, &[link::SNAPSHOT.set(0, 1)]);
    QUESTIONS.iter().for_each(|(word, count)| script.read(*word, *count));
    script
}

#[test]
fn the_bitstream_measures_the_contracts_cycles_through_its_uart_pin() {
    let name = "bitstream of cu_loopback";
    if !is_nightly(name) || chip::TOOLS.iter().any(|tool| Tool::for_test(tool, name).is_none()) {
        return;
    }
    let Some(tools) = tools(name) else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    // what its cells do does not depend on their delays: whether it is quick enough is asked elsewhere
    let report = tops::cu_loopback().build(&tools, dir.path(), &[1], (&[], true), &|text| eprintln!("{text}"));
    let report = report.unwrap_or_else(|e| panic!("{e}"));
    eprintln!("timing met: {}, {:?}", report.timing_met, report.clocks);
    let script = measurement();
    let path = |end: &str| dir.path().join(format!("cu_loopback.{end}"));
    let chip = chip::answers(&path("asc"), &path("pcf"), &script).unwrap_or_else(|e| panic!("{e}"));
    let mut answers = chip.iter().copied();
    for (word, count) in QUESTIONS {
        eprintln!("0x{:04x}: {:x?}", 4 * word, answers.by_ref().take(count as usize).collect::<Vec<_>>());
    }
    let cycles = CLIENT_TO_CLIENT_CYCLES as u32;
    assert_eq!(chip, [id::MAGIC_VALUE, SPEC_HASH, 0, 0, FRAMES, cycles, cycles, 0, FRAMES, 0]);
    let bench = Bench::new(CuLoopback::default(), |u| &mut u.clock);
    let drive = |u: &mut CuLoopback, rx| {
        u.uart_rx.next = rx;
        u.button_n.next = true;
    };
    assert_eq!(gateware(bench, &script, drive, |u| u.uart_tx.val()), chip);
    assert_eq!(CLOCK_HZ, firstlight_hdl::phy::pll::OUTPUT_HZ);
}
