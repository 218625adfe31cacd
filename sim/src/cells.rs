//! Models of the device's cells for simulators: those of yosys, and PLLs that pass their clock on.

use crate::tools::{Tool, ToolError};
use std::fs;

/// Cells that only these models make a simulator understand.
pub const OF_DEVICE: [&str; 4] = ["SB_IO ", "SB_GB_IO ", "SB_PLL40_CORE ", "SB_PLL40_2F_CORE "];

/// Every cell. A PLL is cut: its outputs are its input, and it locks after as many edges as RustHDL's model.
pub fn models() -> Result<String, ToolError> {
    let yosys = Tool::find("yosys")?;
    let path = yosys.path.with_file_name("../share/yosys/ice40/cells_sim.v");
    let mut text = fs::read_to_string(&path).map_err(|e| ToolError::Io(path.display().to_string(), e))?;
    for module in ["SB_PLL40_CORE", "SB_PLL40_2F_CORE"] {
        text = without(&text, module);
    }
    // the device's pin registers are zero after power-on, and so is what a bitstream does not set of its memories
    for (unknown, zero) in [
        ("reg din_q_0, din_q_1;", "reg din_q_0 = 0, din_q_1 = 0;"),
        ("reg dout_q_0, dout_q_1;", "reg dout_q_0 = 0, dout_q_1 = 0;"),
        ("reg outclk_delayed_1;", "reg outclk_delayed_1 = 0;"),
        ("reg outclk_delayed_2;", "reg outclk_delayed_2 = 0;"),
        ("reg [15:0] memory [0:255];", MEMORY),
        ("= INIT_", "= known(INIT_"),
        ("[16*i +: 16];", "[16*i +: 16]);"),
    ] {
        if !text.contains(unknown) {
            return Err(ToolError::Finding(format!("{}: no \"{unknown}\" in the cells", path.display())));
        }
        text = text.replace(unknown, zero);
    }
    Ok(format!("`define NO_ICE40_DEFAULT_ASSIGNMENTS\n{text}{PLL}{PLL_2F}"))
}

/// The text without one module; the attribute in front of it goes too.
fn without(text: &str, module: &str) -> String {
    let head = format!("module {module} ");
    let Some(at) = text.find(&head) else { return text.into() };
    let end = "endmodule";
    let after = at + text[at..].find(end).expect("every module ends") + end.len();
    text[..at].trim_end().trim_end_matches("(* blackbox *)").to_string() + &text[after..]
}

const MEMORY: &str = "reg [15:0] memory [0:255];
  function [15:0] known(input [15:0] word);
    integer k;
    for (k = 0; k < 16; k = k + 1) known[k] = word[k] === 1'b1;
  endfunction";

const PLL: &str = "
module SB_PLL40_CORE(input REFERENCECLK, output PLLOUTCORE, output PLLOUTGLOBAL, input EXTFEEDBACK,
  input [7:0] DYNAMICDELAY, output LOCK, input BYPASS, RESETB, LATCHINPUTVALUE, output SDO, input SDI, SCLK);
parameter FEEDBACK_PATH = 0, DELAY_ADJUSTMENT_MODE_FEEDBACK = 0, DELAY_ADJUSTMENT_MODE_RELATIVE = 0, PLLOUT_SELECT = 0,
  SHIFTREG_DIV_MODE = 0, FDA_FEEDBACK = 0, FDA_RELATIVE = 0, DIVR = 0, DIVF = 0, DIVQ = 0, FILTER_RANGE = 0,
  ENABLE_ICEGATE = 0, TEST_MODE = 0;
reg [4:0] edges = 0;
reg begun = 0;
always @(posedge REFERENCECLK) begun <= 1;
always @(negedge REFERENCECLK) if (begun && !edges[4]) edges <= edges + 1;
assign PLLOUTCORE = REFERENCECLK;
assign PLLOUTGLOBAL = REFERENCECLK;
assign LOCK = edges[4];
assign SDO = 1'b0;
endmodule
";
const PLL_2F: &str = "
module SB_PLL40_2F_CORE(input REFERENCECLK, output PLLOUTCOREA, PLLOUTGLOBALA, PLLOUTCOREB, PLLOUTGLOBALB,
  input EXTFEEDBACK, input [7:0] DYNAMICDELAY, output LOCK, input BYPASS, RESETB, LATCHINPUTVALUE, output SDO,
  input SDI, SCLK);
parameter FEEDBACK_PATH = 0, DELAY_ADJUSTMENT_MODE_FEEDBACK = 0, DELAY_ADJUSTMENT_MODE_RELATIVE = 0,
  SHIFTREG_DIV_MODE = 0, FDA_FEEDBACK = 0, FDA_RELATIVE = 0, PLLOUT_SELECT_PORTA = 0, PLLOUT_SELECT_PORTB = 0, DIVR = 0,
  DIVF = 0, DIVQ = 0, FILTER_RANGE = 0, ENABLE_ICEGATE_PORTA = 0, ENABLE_ICEGATE_PORTB = 0, TEST_MODE = 0,
  EXTERNAL_DIVIDE_FACTOR = 1;
reg [4:0] edges = 0;
reg begun = 0;
always @(posedge REFERENCECLK) begun <= 1;
always @(negedge REFERENCECLK) if (begun && !edges[4]) edges <= edges + 1;
assign PLLOUTCOREA = REFERENCECLK;
assign PLLOUTGLOBALA = REFERENCECLK;
assign PLLOUTCOREB = REFERENCECLK;
assign PLLOUTGLOBALB = REFERENCECLK;
assign LOCK = edges[4];
assign SDO = 1'b0;
endmodule
";

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn one_module_leaves_with_its_attribute() {
        let text = "module a (x); endmodule\n(* blackbox *)\nmodule b (y);\nendmodule\nmodule c (z); endmodule\n";
        assert_eq!(without(text, "b"), "module a (x); endmodule\n\nmodule c (z); endmodule\n");
        assert_eq!(without(text, "d"), text);
    }
}
