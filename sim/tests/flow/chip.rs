//! A bitstream as a chip: unpacked into a netlist by icebox_vlog, with the device's cell models, in iverilog.
//!
//! The netlist is cut at the PLL: its model passes the input clock on and reports lock, so that one cycle at the clock
//! pin is one of the datapath. Everything else is what the device is told.

use crate::uart::{Script, words};
use firstlight_sim::tools::{Tool, ToolError};
use std::fs;
use std::path::Path;

/// Programs that it takes.
pub const TOOLS: [&str; 4] = ["icebox_vlog", "iverilog", "vvp", "yosys"];

/// What the chip answers to `script` on its UART pin.
pub fn answers(asc: &Path, pcf: &Path, script: &Script) -> Result<Vec<u32>, ToolError> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let write =
        |name: &str, text: &str| fs::write(dir.path().join(name), text).map_err(|e| ToolError::Io(name.into(), e));
    let (asc, pcf) = (asc.display().to_string(), pcf.display().to_string());
    let netlist =
        Tool::find("icebox_vlog")?.run(dir.path(), &["-s", "-c", "-d", "cb132", "-n", "chip", "-p", &pcf, &asc])?;
    let at = netlist.find("module chip").expect("icebox_vlog wrote a module");
    write("chip.v", &netlist[at..])?;
    write("cells.v", &(cell_models()? + PLL_MODEL))?;
    write("line.txt", &script.line().iter().map(|level| if *level { "1\n" } else { "0\n" }).collect::<String>())?;
    write("bench.v", &BENCH.replace("CYCLES", &script.line().len().to_string()))?;
    let files = ["-g2005", "-s", "bench", "-o", "bench.vvp", "bench.v", "chip.v", "cells.v"];
    Tool::find("iverilog")?.run(dir.path(), &files)?;
    let said = Tool::find("vvp")?.run(dir.path(), &["-n", "bench.vvp"])?;
    let levels = said.lines().find_map(|line| line.strip_prefix("uart_tx "));
    let levels = levels.ok_or_else(|| ToolError::Finding(format!("the bench said: {said}")))?;
    Ok(words(&levels.chars().map(|level| level == '1').collect::<Vec<_>>()))
}

/// Plays `line.txt` on the UART pin, one level a cycle, and prints the level of the other pin just before each edge.
const BENCH: &str = "`timescale 1ns/1ps
module bench;
  reg clock = 0, uart_rx = 1; wire uart_tx; integer i; reg line [0:CYCLES-1];
  chip chip (.clock(clock), .button_n(1'b1), .uart_rx(uart_rx), .uart_tx(uart_tx));
  initial begin
    $readmemb(\"line.txt\", line);
    $write(\"uart_tx \");
    for (i = 0; i < CYCLES; i = i + 1) begin
      uart_rx = line[i];
      #3 $write(\"%b\", uart_tx);
      #0.2 clock = 1; #3.2 clock = 0;
    end
    $display(\"\"); $finish;
  end
endmodule
";

/// yosys's models of the device's cells, all but the PLL's, which has no behaviour.
pub fn cell_models() -> Result<String, ToolError> {
    let yosys = Tool::find("yosys")?;
    let path = yosys.path.with_file_name("../share/yosys/ice40/cells_sim.v");
    let text = fs::read_to_string(&path).map_err(|e| ToolError::Io(path.display().to_string(), e))?;
    let mut models = String::from("`define NO_ICE40_DEFAULT_ASSIGNMENTS\n");
    let mut rest = text.as_str();
    let (head, end) = ("module SB_PLL40_CORE", "endmodule");
    while let Some(at) = rest.find(head) {
        let after = at + rest[at..].find(end).expect("every module ends") + end.len();
        // the attribute in front of it stays, and marks nothing
        models += rest[..at].trim_end().trim_end_matches("(* blackbox *)");
        rest = &rest[after..];
    }
    Ok(models + rest)
}

/// Cut at the PLL: its output is its input, and it is locked.
const PLL_MODEL: &str = "
module SB_PLL40_CORE(input REFERENCECLK, output PLLOUTCORE, output PLLOUTGLOBAL, input EXTFEEDBACK,
  input [7:0] DYNAMICDELAY, output LOCK, input BYPASS, RESETB, LATCHINPUTVALUE, output SDO, input SDI, SCLK);
parameter FEEDBACK_PATH = 0, DELAY_ADJUSTMENT_MODE_FEEDBACK = 0, DELAY_ADJUSTMENT_MODE_RELATIVE = 0, PLLOUT_SELECT = 0,
  SHIFTREG_DIV_MODE = 0, FDA_FEEDBACK = 0, FDA_RELATIVE = 0, DIVR = 0, DIVF = 0, DIVQ = 0, FILTER_RANGE = 0,
  ENABLE_ICEGATE = 0, TEST_MODE = 0;
assign PLLOUTCORE = REFERENCECLK;
assign PLLOUTGLOBAL = REFERENCECLK;
assign LOCK = 1'b1;
assign SDO = 1'b0;
endmodule
";
