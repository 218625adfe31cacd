//! A bitstream as a chip: unpacked into a netlist by icebox_vlog, with the device's cell models, in iverilog.
//!
//! The netlist is cut at the PLL: its model passes the input clock on and locks after 16 edges, so that one cycle at the clock
//! pin is one of the datapath. Everything else is what the device is told.

use firstlight_sim::cells;
use firstlight_sim::tools::{Tool, ToolError};
use firstlight_sim::uart::{Script, words};
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
    write("cells.v", &cells::models()?)?;
    write("line.txt", &script.line().iter().map(|level| if *level { "1\n" } else { "0\n" }).collect::<String>())?;
    write("bench.v", &BENCH.replace("CYCLES", &script.line().len().to_string()))?;
    let files = ["-g2005", "-s", "bench", "-o", "bench.vvp", "bench.v", "chip.v", "cells.v"];
    Tool::find("iverilog")?.run(dir.path(), &files)?;
    let said = Tool::find("vvp")?.run(dir.path(), &["-n", "bench.vvp"])?;
    let levels = said.lines().find_map(|line| line.strip_prefix("uart_tx "));
    let levels = levels.ok_or_else(|| ToolError::Finding(format!("the bench said: {said}")))?;
    Ok(words(&levels.chars().map(|level| level == '1').collect::<Vec<_>>(), script.clock_hz()))
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
