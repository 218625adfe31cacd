//! Combinational proofs by `sat` of yosys: for all inputs, output `holds` of the top is 1.

use crate::formal::Verdict;
use firstlight_sim::tools::{Tool, ToolError};

/// Seconds after which a proof counts as not found.
const TIMEOUT_SECONDS: u32 = 300;

/// Flip-flops as wires: a pipeline without feedback computes what its gates alone compute.
const WIRES: &str = r"
module \$dff (CLK, D, Q);
parameter WIDTH = 1;
parameter CLK_POLARITY = 1;
input CLK;
input [WIDTH-1:0] D;
output [WIDTH-1:0] Q;
assign Q = D;
endmodule
";

/// Searches for inputs that make `holds` 0.
pub fn decide(top: &str, verilog: &str) -> Result<Verdict, ToolError> {
    let yosys = Tool::find("yosys")?;
    let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
    let write =
        |name: &str, text: &str| std::fs::write(dir.path().join(name), text).map_err(|e| ToolError::Io(name.into(), e));
    write("design.sv", verilog)?;
    write("wires.v", WIRES)?;
    let script = format!(
        "read_verilog -sv design.sv; hierarchy -check -top {top}; proc; flatten; techmap -map wires.v; opt -full; \
         sat -timeout {TIMEOUT_SECONDS} -prove holds 1 {top}"
    );
    let said = yosys.run(dir.path(), &["-p", &script])?;
    match (said.contains("no model found: SUCCESS!"), said.contains("model found: FAIL!")) {
        (true, false) => Ok(Verdict::Proven),
        (false, true) => Ok(Verdict::Refuted),
        _ => {
            let tail: Vec<&str> = said.lines().rev().take(8).collect();
            let output = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
            Err(ToolError::Failed { tool: format!("yosys sat ({top})"), output })
        }
    }
}
