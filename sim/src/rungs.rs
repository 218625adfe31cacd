//! The link with its rung fixed, for synthesis: what each rung costs in gates and in clock.

use crate::flow::BlockReport;
use crate::trace::ports;
use crate::verilog;
use firstlight_hdl::link::Link;
use firstlight_hdl::target::Target;
use rust_hdl::prelude::Block;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A link whose rung and tail parity are constants, or settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedRung {
    /// Module name.
    pub name: &'static str,
    /// What the rung does.
    pub says: &'static str,
    /// Rung, and whether parity words are sent; `None` leaves both to the settings.
    pub fixed: Option<(u8, bool)>,
}

/// L0 and L1 are the same gates: both leave data as it is, correct types, and give a bad verdict.
pub const RUNGS: [FixedRung; 4] = [
    FixedRung { name: "link_l1", says: "L0, L1: forwards or poisons, types corrected", fixed: Some((1, false)) },
    FixedRung { name: "link_l2", says: "L2: corrects one bit a word", fixed: Some((2, false)) },
    FixedRung { name: "link_l3", says: "L3: L2, and sends two tail-parity words", fixed: Some((3, true)) },
    FixedRung { name: "link_all", says: "all rungs, switched while running", fixed: None },
];

/// The link, and around it a module that fixes the rung.
pub fn verilog(rung: FixedRung, target: Target) -> String {
    const LINK: &str = "firstlight_link";
    let mut link = Link::new(target);
    link.connect_all();
    let (mut declare, mut connect) = (vec![], vec![]);
    for port in ports(&link) {
        let direction = if port.is_input { "input" } else { "output" };
        declare.push(format!("{direction} [{}:0] {}", port.width - 1, port.name));
        let value = match rung.fixed {
            Some((rung, parity)) if port.name == "settings" => {
                format!("{{settings[{}:3], 1'b{}, 2'd{rung}}}", port.width - 1, u8::from(parity))
            }
            _ => port.name.clone(),
        };
        connect.push(format!(".{}({value})", port.name));
    }
    let text = verilog::emit(&link, LINK);
    format!("{text}module {}({});\n  {LINK} link({});\nendmodule\n", rung.name, declare.join(", "), connect.join(", "))
}

/// What synthesis made of one rung.
pub struct Cost {
    /// Which one.
    pub rung: FixedRung,
    /// Cells and clock after place and route.
    pub placed: BlockReport,
    /// LUT4 when the source is not mapped by hand, so that synthesis may remove what the rung does not use.
    pub plain_lut4: u64,
}

/// The generated table.
pub fn markdown(rows: &[Cost], tools: &BTreeMap<String, String>, seeds: usize) -> String {
    let version = |tool: &str| tools.get(tool).map_or("unknown", String::as_str);
    let mut text = format!(
        "The link, both directions, on HX8K-CB132 between registers, {seeds} seeds; {}, nextpnr-ice40 {}.\n\
         Written by `cargo run --release -p firstlight-sim --example rungs`. Gates mapped by hand stay when the rung is\n\
         fixed; the last column shows what goes when all mapping is left to synthesis (slower).\n\n\
         | rung | LUT4 | FF | MHz min | MHz median | MHz max | LUT4, not mapped by hand |\n|---|---|---|---|---|---|---|\n",
        version("yosys"),
        version("nextpnr-ice40"),
    );
    for Cost { rung, placed, plain_lut4 } in rows {
        let mhz = placed.mhz.map_or("| |".into(), |m| format!("{:.1} | {:.1} | {:.1}", m.min, m.median, m.max));
        let (lut4, ff) = (placed.cells.lut4, placed.cells.ff);
        writeln!(text, "| {} | {lut4} | {ff} | {mhz} | {plain_lut4} |", rung.says).expect("into a string");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::Tool;

    #[test]
    fn the_rung_is_a_constant_and_the_rest_of_the_settings_is_not() {
        let texts = RUNGS.map(|rung| verilog(rung, Target::Ice40));
        assert!(texts[0].contains(".settings({settings[54:3], 1'b0, 2'd1})"));
        assert!(texts[2].contains(".settings({settings[54:3], 1'b1, 2'd3})"));
        assert!(texts[3].contains(".settings(settings)"));
        let Some(yosys) = Tool::for_test("yosys", "the_rung_is_a_constant") else { return };
        verilog::validate(&texts[2], RUNGS[2].name, &yosys).unwrap_or_else(|e| panic!("{e}"));
    }

    #[test]
    fn the_shipped_table_has_every_rung() {
        let shipped = include_str!("../../constraints/rungs.md");
        let rows: Vec<&str> = shipped.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| rung")).collect();
        assert_eq!(rows.len(), RUNGS.len());
        for (row, rung) in rows.iter().zip(RUNGS) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert_eq!(cells[0], rung.says);
            let numbers: Vec<f64> = cells[1..].iter().map(|c| c.parse().expect("a number")).collect();
            assert_eq!(numbers.len(), 6, "LUT4, FF, MHz min, median, max, LUT4 not mapped by hand: {row}");
            assert!(numbers[2] <= numbers[3] && numbers[3] <= numbers[4], "{row}");
        }
    }
}
