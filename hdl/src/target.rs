//! What the emitted Verilog is for: any simulator and synthesis, or the iCE40 with explicit cells.

use std::fmt::Write;

/// How leaves write their LUTs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Target {
    /// Plain expressions; no device cells.
    #[default]
    Generic,
    /// Explicit `SB_LUT4` cells, so that hand-made levels survive the mapper.
    Ice40,
}

impl Target {
    /// Writes `wire name = f(inputs)` for at most four inputs, as a cell or as an expression.
    pub fn lut(self, name: &str, inputs: &[&str], f: impl Fn(&[bool]) -> bool, out: &mut String) {
        assert!(!inputs.is_empty() && inputs.len() <= 4);
        let table = truth_table(inputs.len(), f);
        match self {
            Target::Ice40 => {
                let pin = |i: usize| inputs.get(i).copied().unwrap_or("1'b0");
                writeln!(
                    out,
                    "wire {name}; SB_LUT4 #(.LUT_INIT(16'h{table:04x})) u_{name} (.O({name}), .I0({}), .I1({}), .I2({}), .I3({}));",
                    pin(0),
                    pin(1),
                    pin(2),
                    pin(3)
                )
                .unwrap();
            }
            Target::Generic => {
                let reversed: Vec<&str> = inputs.iter().rev().copied().collect();
                writeln!(
                    out,
                    "wire {name}; wire [15:0] t_{name} = 16'h{table:04x}; assign {name} = t_{name}[{{{}}}];",
                    reversed.join(", ")
                )
                .unwrap();
            }
        }
    }
}

/// The 16 entries of a LUT4 computing `f`; unused inputs do not matter.
fn truth_table(inputs: usize, f: impl Fn(&[bool]) -> bool) -> u16 {
    (0..16u16).fold(0, |table, i| {
        let bits: Vec<bool> = (0..inputs).map(|k| i >> k & 1 != 0).collect();
        table | (f(&bits) as u16) << i
    })
}

/// A model of the cell for simulators that have none.
pub const SB_LUT4_MODEL: &str = "module SB_LUT4 (output O, input I0, I1, I2, I3);
  parameter [15:0] LUT_INIT = 0;
  assign O = LUT_INIT[{I3, I2, I1, I0}];
endmodule
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_pins_do_not_change_the_output() {
        assert_eq!(truth_table(2, |b| b[0] ^ b[1]), 0x6666);
        assert_eq!(truth_table(4, |b| b[3] & (b[0] ^ b[1] ^ b[2])), 0x9600);
    }
}
