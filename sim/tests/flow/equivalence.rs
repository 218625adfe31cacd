//! The link for any tool and the link in iCE40 cells are the same circuit: proven by yosys.

use firstlight_hdl::target::{SB_LUT4_MODEL, Target};
use firstlight_sim::designs::Design;
use firstlight_sim::tools::{Tool, ToolError};
use std::fs;

/// Proves every register and output of `gate` equal to that of `gold`; returns how many were proven.
fn prove(yosys: &Tool, gold: &str, gate: &str, top: &str) -> Result<u64, ToolError> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in [("gold.v", gold), ("gate.v", gate), ("cells.v", SB_LUT4_MODEL)] {
        fs::write(dir.path().join(name), text).map_err(|e| ToolError::Io(name.into(), e))?;
    }
    let read = |name: &str, files: &str| {
        format!(
            "read_verilog {files}\nprep -flatten -top {top}\nmemory\nopt -full\nrename {top} {name}\ndesign -stash {name}\n"
        )
    };
    let script = read("gold", "gold.v")
        + &read("gate", "gate.v cells.v")
        + "design -copy-from gold -as gold gold\ndesign -copy-from gate -as gate gate\n\
           equiv_make gold gate both\nhierarchy -top both\nequiv_struct\nequiv_simple\nequiv_induct\nequiv_status -assert\n";
    fs::write(dir.path().join("prove.ys"), script).map_err(|e| ToolError::Io("prove.ys".into(), e))?;
    let said = yosys.run(dir.path(), &["prove.ys"])?;
    // "Of those cells N are proven and 0 are unproven."
    let proven = said.lines().filter_map(|line| line.trim().strip_prefix("Of those cells ")).next_back();
    proven
        .and_then(|line| line.split(' ').next()?.parse().ok())
        .ok_or_else(|| ToolError::Finding("yosys says nothing of proven cells".into()))
}

#[test]
fn both_targets_of_the_link_are_one_circuit() {
    let Some(yosys) = Tool::for_test("yosys", "equivalence") else { return };
    let (generic, ice40) = (Design::Link.verilog(Target::Generic), Design::Link.verilog(Target::Ice40));
    let proven = prove(&yosys, &generic, &ice40, Design::Link.module()).unwrap_or_else(|e| panic!("{e}"));
    eprintln!("{proven} signals proven equal");
    assert!(proven > 2_000, "{proven}");
}

#[test]
fn one_wrong_cell_is_found() {
    let Some(yosys) = Tool::for_test("yosys", "equivalence") else { return };
    let text = |table: &str| {
        format!(
            "module t(input clock, input [3:0] a, output reg q); wire x; SB_LUT4 #(.LUT_INIT(16'h{table})) u_x (.O(x), \
             .I0(a[0]), .I1(a[1]), .I2(a[2]), .I3(a[3])); always @(posedge clock) q <= x; endmodule\n"
        )
    };
    let gold = "module t(input clock, input [3:0] a, output reg q); always @(posedge clock) q <= ^a; endmodule\n";
    assert!(prove(&yosys, gold, &text("6996"), "t").is_ok());
    assert!(prove(&yosys, gold, &text("6997"), "t").is_err());
}
