//! The core after synthesis: its netlist of device cells replays what RustHDL did, bit for bit.

use crate::is_nightly;
use firstlight_hdl::core::Core;
use firstlight_sim::cells;
use firstlight_sim::core_board;
use firstlight_sim::tools::{Tool, ToolError};
use firstlight_sim::trace::Trace;
use firstlight_sim::{board::Board, replay, verilog, wishbone_board::WishboneBoard};
use firstlight_spec::regs::{generator, latency, link};
use std::fs;

const TOP: &str = "firstlight_core";
const FRAMES: u32 = 24;

/// A measurement from power-on, every port recorded.
fn recorded() -> Trace {
    let mut board: WishboneBoard<Core> = WishboneBoard::new(core_board::bench(true), core_board::ports(), "rusthdl");
    board.record(u64::MAX).expect("RustHDL records");
    let mut write = |word: u32, value: u32| board.write(word, value).unwrap_or_else(|e| panic!("{e}"));
    write(link::COMMAND.word, link::CLEAR.set(0, 1));
    for (register, value) in [(generator::FRAMES, FRAMES), (generator::LENGTH, 100), (generator::GAP, 2)] {
        write(register.word, value);
    }
    board.run(400).expect("time passes");
    board.write(generator::COMMAND.word, generator::START.set(0, 1)).expect("acknowledged");
    board.run(40 * FRAMES as u64).expect("time passes");
    board.write(link::COMMAND.word, link::SNAPSHOT.set(0, 1)).expect("acknowledged");
    board.run(200).expect("time passes");
    assert_eq!(board.read(latency::COUNT.word + 1), Ok(FRAMES));
    assert_eq!(board.read(latency::MAX.word), Ok(3));
    board.take_trace().expect("recorded")
}

/// The netlist of device cells that yosys makes, with the cells' models.
fn synthesised(yosys: &Tool, source: &str) -> Result<String, ToolError> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let io = |e| ToolError::Io("a temporary file".into(), e);
    fs::write(dir.path().join("core.v"), source).map_err(io)?;
    let script =
        format!("read_verilog core.v; synth_ice40 -device hx -abc9 -top {TOP}; write_verilog -noattr netlist.v");
    yosys.run(dir.path(), &["-q", "-p", &script])?;
    // what a memory gives before its first clock shifts through wb_dat_r while nobody reads: the trace says zero there
    let (unknown, zero) = ("reg  [15:0] RDATA_I;", "reg  [15:0] RDATA_I = 0;");
    let models = cells::models()?;
    assert!(models.contains(unknown), "the model of a block memory has its output register");
    Ok(fs::read_to_string(dir.path().join("netlist.v")).map_err(io)? + &models.replace(unknown, zero))
}

#[test]
fn the_netlist_of_the_core_replays_the_recorded_measurement() {
    let name = "netlist of the core";
    if !is_nightly(name) || Tool::for_test("iverilog", name).is_none() {
        return;
    }
    let Some(yosys) = Tool::for_test("yosys", name) else { return };
    let source = verilog::emit(core_board::bench(true).uut.as_ref(), TOP);
    let netlist = synthesised(&yosys, &source).unwrap_or_else(|e| panic!("{e}"));
    assert!(netlist.matches("SB_LUT4 #(").count() > 3_000);
    let cycles = replay::replay(&netlist, TOP, &recorded()).unwrap_or_else(|e| panic!("{e}"));
    eprintln!("0 differences in {cycles} cycles");
    assert!(cycles > 1_000);
}
