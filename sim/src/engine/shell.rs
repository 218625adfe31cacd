//! Writes the Verilog around a design that makes one evaluation a whole cycle.
//!
//! ```text
//!  inputs --take--> held ---> design ---> outputs
//!  tick --XOR--> its clock      |
//!          +------ done <-------+
//! ```
//!
//! Verilator follows the inputs through all logic behind them in every evaluation, and a clock needs two of them. Here
//! the inputs are held in registers that move when `take` changes, and each change of `tick` is one pulse of the
//! clock: a cycle with the inputs of the one before is one evaluation, and none of it follows the inputs.

use crate::trace::Port;
use std::fmt::Write;

/// Module that Verilator takes for the top.
pub const TOP: &str = "firstlight_shell";
/// Changes for a rising edge of the clock.
pub const TICK: &str = "firstlight_tick";
/// Changes to hand the inputs to the design.
pub const TAKE: &str = "firstlight_take";

/// The shell of module `top`; `ports` without the clock.
pub fn verilog(top: &str, ports: &[Port], clock: &str) -> String {
    let names: String = ports.iter().map(|p| format!(", {}", p.name)).collect();
    let (mut nets, mut takes, mut pins) = (String::new(), String::new(), String::new());
    for (index, Port { name, width, is_input, .. }) in ports.iter().enumerate() {
        let range = format!("[{}:0]", width - 1);
        if *is_input {
            writeln!(nets, "  input {range} {name}; reg {range} firstlight_held_{index} = 0;").unwrap();
            writeln!(takes, "    firstlight_held_{index} <= {name};").unwrap();
            write!(pins, ", .{name}(firstlight_held_{index})").unwrap();
        } else {
            writeln!(nets, "  output {range} {name};").unwrap();
            write!(pins, ", .{name}({name})").unwrap();
        }
    }
    format!(
        "module {TOP}({TICK}, {TAKE}{names});
  input {TICK}, {TAKE};
{nets}  reg firstlight_done = 0;
  wire firstlight_clock = {TICK} ^ firstlight_done;
  always @(posedge firstlight_clock) firstlight_done <= ~firstlight_done;
  always @(posedge {TAKE} or negedge {TAKE}) begin
{takes}  end
  {top} firstlight_design(.{clock}(firstlight_clock){pins});
endmodule
"
    )
}
