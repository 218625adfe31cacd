//! yosys: Verilog to an iCE40 netlist, with its cells counted.

use super::{FlowError, Toolchain};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Cells of a netlist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Synthesis {
    pub lut4: u64,
    pub ff: u64,
    pub bram: u64,
    pub carry: u64,
    pub pll: u64,
}

/// Parts of a yosys warning that mean a wrong design.
const FATAL: &[&str] = &[
    "atch inferred",
    "multiple conflicting drivers",
    "is used but has no driver",
    "logic loop",
    "found logic loop",
    "is not part of the design",
    "out of bounds",
    "Replacing memory",
];

/// Synthesises `files` (in `dir`) with module `top` into `dir/netlist.json`; counts the cells of `count` (a module
/// that is kept apart until the counting is done) or of the whole.
pub fn synthesise(
    tools: &Toolchain,
    dir: &Path,
    files: &[&str],
    top: &str,
    count: Option<&str>,
) -> Result<Synthesis, FlowError> {
    let abc9 = if tools.needs_abc9_flag { "-abc9 " } else { "" };
    let mut script = format!("read_verilog {}\nsynth_ice40 -device hx {abc9}-top {top}\n", files.join(" "));
    script += "tee -q -o stat.json stat -json\n";
    if count.is_some() {
        // the wrapper's instance kept it apart until here
        script += "setattr -unset keep_hierarchy t:*\nflatten\nopt_clean\n";
    }
    script += "check -assert\nwrite_json netlist.json\n";
    let path = dir.join("synth.ys");
    fs::write(&path, script).map_err(|e| FlowError::file(path, e))?;
    let log = tools.run("yosys", &["-q", "-l", "yosys.log", "-s", "synth.ys"], dir, "yosys.out")?;
    refuse_warnings("yosys", &log, FATAL, &dir.join("yosys.log"))?;
    let path = dir.join("stat.json");
    let text = fs::read_to_string(&path).map_err(|e| FlowError::file(path, e))?;
    count_cells(&text, count)
}

/// Fails when a warning line contains one of `fatal`.
pub(super) fn refuse_warnings(tool: &str, text: &str, fatal: &[&str], log: &Path) -> Result<(), FlowError> {
    let lines: Vec<&str> =
        text.lines().filter(|l| l.contains("arning") && fatal.iter().any(|f| l.contains(f))).take(10).collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(FlowError::Warnings { tool: tool.into(), lines: lines.join("\n"), log: log.into() })
}

fn count_cells(stat: &str, module: Option<&str>) -> Result<Synthesis, FlowError> {
    let bad = |why: &str| FlowError::output("yosys", format!("stat.json: {why}"));
    // old versions print other text around the object
    let start = stat.find('{').ok_or_else(|| bad("no object"))?;
    let stat: Value = serde_json::Deserializer::from_str(&stat[start..])
        .into_iter()
        .next()
        .ok_or_else(|| bad("empty"))?
        .map_err(|e| bad(&e.to_string()))?;
    let cells = match module {
        Some(name) => &stat["modules"][format!("\\{name}")]["num_cells_by_type"],
        None => &stat["design"]["num_cells_by_type"],
    };
    let cells = cells.as_object().ok_or_else(|| bad("no num_cells_by_type"))?;
    let mut sum = Synthesis::default();
    for (kind, number) in cells {
        let number = number.as_u64().or_else(|| number["count"].as_u64()).ok_or_else(|| bad("no cell count"))?;
        match kind.as_str() {
            "SB_LUT4" => sum.lut4 += number,
            "SB_CARRY" => sum.carry += number,
            "SB_PLL40_CORE" | "SB_PLL40_PAD" => sum.pll += number,
            k if k.starts_with("SB_DFF") => sum.ff += number,
            k if k.starts_with("SB_RAM40") => sum.bram += number,
            _ => {}
        }
    }
    Ok(sum)
}
