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
    Ok(fs::read_to_string(dir.path().join("netlist.v")).map_err(io)? + &cells::models()?)
}

/// The register in which an answer is gathered is `wb_dat_r`, so that between answers it shows what memories give
/// before their first clock or while they are written. It counts in the cycle of a read's `wb_ack`, and is zero in all
/// others of the trace; how many reads there are.
fn only_answers(trace: &mut Trace) -> usize {
    let [data, ack, we] = ["wb_dat_r", "wb_ack", "wb_we"].map(|name| trace.port(name));
    let mut reads = 0;
    for row in &mut trace.rows {
        if row[ack] == 1 && row[we] == 0 {
            reads += 1;
        } else {
            row[data] = 0;
        }
    }
    reads
}

/// The same of the netlist: a module around it.
fn with_only_answers(netlist: &str, trace: &Trace) -> String {
    let inner = format!("{TOP}_of_cells");
    let (mut ports, mut pins) = (vec![format!("input {}", trace.clock)], vec![format!(".{0}({0})", trace.clock)]);
    for port in &trace.ports {
        let (name, direction) = (&port.name, if port.is_input { "input" } else { "output" });
        ports.push(format!("{direction} [{}:0] {name}", port.width - 1));
        pins.push(if name == "wb_dat_r" { ".wb_dat_r(answer)".into() } else { format!(".{name}({name})") });
    }
    let (ports, pins) = (ports.join(", "), pins.join(", "));
    let netlist = netlist.replacen(&format!("module {TOP}("), &format!("module {inner}("), 1);
    format!(
        "{netlist}\nmodule {TOP}({ports});\n  wire [31:0] answer;\n  {inner} cells ({pins});\n  \
         assign wb_dat_r = wb_ack & ~wb_we ? answer : 32'd0;\nendmodule\n"
    )
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
    let mut trace = recorded();
    assert_eq!(only_answers(&mut trace), 2);
    let netlist = with_only_answers(&netlist, &trace);
    let cycles = replay::replay(&netlist, TOP, &trace).unwrap_or_else(|e| panic!("{e}"));
    eprintln!("0 differences in {cycles} cycles");
    assert!(cycles > 1_000);
}
