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
            Target::Generic => writeln!(out, "wire {name}; assign {name} = {};", expression(inputs, table)).unwrap(),
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

/// `f` in gates: parities, products and the splits between them, so that an input that does not matter in a state
/// may be unknown there.
fn expression(inputs: &[&str], table: u16) -> String {
    let Some((last, rest)) = inputs.split_last() else { return format!("1'b{}", table & 1) };
    let half = 1 << rest.len();
    let ones = ((1u32 << half) - 1) as u16;
    let (low, high) = (table & ones, table >> half & ones);
    let sub = |table: u16| expression(rest, table);
    match (low, high) {
        _ if low == high => sub(low),
        (0, _) if high == ones => (*last).to_string(),
        (_, 0) if low == ones => format!("~{last}"),
        _ if low == high ^ ones => format!("{last} ^ ({})", sub(low)),
        (0, _) => format!("{last} & ({})", sub(high)),
        (_, 0) => format!("~{last} & ({})", sub(low)),
        (_, _) if high == ones => format!("{last} | ({})", sub(low)),
        (_, _) if low == ones => format!("~{last} | ({})", sub(high)),
        _ => format!("{last} ? ({}) : ({})", sub(high), sub(low)),
    }
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

    /// Value of an expression over a, b, c, d.
    fn value(text: &str, bits: &[bool]) -> bool {
        let text = text.trim();
        let level = |op: char| {
            let mut depth = 0;
            text.char_indices().find(|(_, c)| {
                depth += (*c == '(') as i32 - (*c == ')') as i32;
                depth == 0 && *c == op
            })
        };
        if let (Some((at, _)), Some((or, _))) = (level('?'), level(':')) {
            let branch = if value(&text[..at], bits) { &text[at + 1..or] } else { &text[or + 1..] };
            return value(branch, bits);
        }
        if let Some((at, op)) = ['|', '^', '&'].into_iter().find_map(level) {
            let (left, right) = (value(&text[..at], bits), value(&text[at + 1..], bits));
            return match op {
                '|' => left | right,
                '^' => left ^ right,
                _ => left & right,
            };
        }
        match text.strip_prefix('~') {
            Some(rest) => !value(rest, bits),
            None if text.starts_with('(') => value(&text[1..text.len() - 1], bits),
            None if text.starts_with("1'b") => text == "1'b1",
            None => bits["abcd".find(text).expect("an input")],
        }
    }

    #[test]
    fn functions_of_four_inputs_are_their_expressions() {
        for table in (0..=u16::MAX).step_by(5) {
            let text = expression(&["a", "b", "c", "d"], table);
            for i in 0..16 {
                let bits: Vec<bool> = (0..4).map(|k| i >> k & 1 != 0).collect();
                assert_eq!(value(&text, &bits), table >> i & 1 != 0, "{table:04x}: {text}");
            }
        }
    }

    #[test]
    fn unused_pins_do_not_change_the_output() {
        assert_eq!(truth_table(2, |b| b[0] ^ b[1]), 0x6666);
        assert_eq!(truth_table(4, |b| b[3] & (b[0] ^ b[1] ^ b[2])), 0x9600);
    }
}
