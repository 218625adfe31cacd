//! Replays a recorded trace on the emitted Verilog in iverilog: every port, every cycle.

use crate::cells;
use crate::tools::{Tool, ToolError};
use crate::trace::Trace;
use firstlight_hdl::target::SB_LUT4_MODEL;
use std::fmt::Write;

/// Runs the trace; `Ok(cycles)` when no port differed, otherwise the first differences.
pub fn replay(verilog: &str, top: &str, trace: &Trace) -> Result<usize, ToolError> {
    let (iverilog, vvp) = (Tool::find("iverilog")?, Tool::find("vvp")?);
    let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
    let write =
        |name: &str, text: &str| std::fs::write(dir.path().join(name), text).map_err(|e| ToolError::Io(name.into(), e));
    write("design.v", verilog)?;
    write("bench.v", &testbench(trace, top, "vectors.txt"))?;
    write("vectors.txt", &vectors(trace))?;
    let mut arguments = vec!["-g2005", "-s", "bench", "-o", "bench.vvp", "design.v", "bench.v"];
    let is_used = |cell: &&str| verilog.contains(*cell) && !verilog.contains(&format!("module {cell}"));
    if cells::OF_DEVICE.iter().any(is_used) {
        write("cells.v", &cells::models()?)?;
        arguments.push("cells.v");
    } else if verilog.contains("SB_LUT4") && !verilog.contains("module SB_LUT4") {
        write("cells.v", SB_LUT4_MODEL)?;
        arguments.push("cells.v");
    }
    iverilog.run(dir.path(), &arguments)?;
    let said = vvp.run(dir.path(), &["-n", "bench.vvp"])?;
    let verdict = format!("differences 0 in {} cycles", trace.rows.len());
    if said.lines().any(|l| l.trim() == verdict) { Ok(trace.rows.len()) } else { Err(ToolError::Finding(said)) }
}

/// One line of bits for every cycle, first port leftmost.
pub fn vectors(trace: &Trace) -> String {
    let mut out = String::new();
    for row in &trace.rows {
        for (port, value) in trace.ports.iter().zip(row) {
            write!(out, "{value:0width$b}", width = port.width).unwrap();
        }
        out.push('\n');
    }
    out
}

/// A self-checking bench: drives the inputs, compares every output just before the rising edge.
pub fn testbench(trace: &Trace, top: &str, vectors: &str) -> String {
    let total: usize = trace.ports.iter().map(|p| p.width).sum();
    let (mut declare, mut drive, mut compare) = (String::new(), String::new(), String::new());
    let mut connect = vec![];
    if !trace.clock.is_empty() {
        connect.push(format!(".{}(clock)", trace.clock));
    }
    let mut high = total;
    for port in &trace.ports {
        let (name, low) = (&port.name, high - port.width);
        let range = format!("[{}:{low}]", high - 1);
        writeln!(declare, "  {} [{}:0] p_{name};", if port.is_input { "reg" } else { "wire" }, port.width - 1).unwrap();
        connect.push(format!(".{name}(p_{name})"));
        if port.is_input {
            writeln!(drive, "      p_{name} = vector{range};").unwrap();
        } else {
            writeln!(
                compare,
                "      if (p_{name} !== vector{range}) begin differences = differences + 1; if (differences < 10) \
                 $display(\"cycle %0d {name}: Verilog %h, Rust %h\", i, p_{name}, vector{range}); end"
            )
            .unwrap();
        }
        high = low;
    }
    let cycles = trace.rows.len();
    format!(
        "`timescale 1ns/1ps\nmodule bench;\n  reg clock = 0; integer i; integer differences = 0;\n  reg [{}:0] vectors [0:{}]; reg [{}:0] vector;\n{declare}  \
         {top} dut({});\n  initial begin\n    $readmemb(\"{vectors}\", vectors);\n    for (i = 0; i < {cycles}; i = i + 1) begin\n      \
         vector = vectors[i];\n{drive}      #1;\n{compare}      #4 clock = 1; #5 clock = 0;\n    end\n    \
         $display(\"differences %0d in {cycles} cycles\", differences); $finish;\n  end\nendmodule\n",
        total - 1,
        cycles - 1,
        total - 1,
        connect.join(", ")
    )
}
