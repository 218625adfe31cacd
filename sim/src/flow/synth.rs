//! yosys: Verilog to an iCE40 netlist, with its cells counted.

use super::{FlowError, Toolchain};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Cells of a netlist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Synthesis {
    /// Look-up tables of four inputs.
    pub lut4: u64,
    /// Flip-flops.
    pub ff: u64,
    /// Block memories of 4 kbit.
    pub bram: u64,
    /// Carry cells.
    pub carry: u64,
    /// Phase-locked loops.
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
/// Arrays that are meant to become registers.
const REGISTER_ARRAYS: &[&str] = &["memory \\counts ", "memory \\group "];

/// What abc9 assumes of a wire, in ps. Its own 250 hides that routing costs twice what a LUT does: it then takes a carry
/// chain for the slowest path and lets all other logic grow to its delay, one or two LUTs deeper than needed.
const WIRE_PS: u32 = 1000;

/// Synthesises `files` (in `dir`) with module `top` into `dir/netlist.json`; counts the cells of `count` (a module
/// that is kept apart until the counting is done) or of the whole. Each of the modules `apart` is mapped on its own:
/// abc9 lets all logic of a module grow to the delay of its slowest path, so that one slow part makes the others slow.
pub fn synthesise(
    tools: &Toolchain,
    dir: &Path,
    files: &[&str],
    top: &str,
    count: Option<&str>,
    apart: &[String],
) -> Result<Synthesis, FlowError> {
    let abc9 = if tools.needs_abc9_flag { "-abc9 " } else { "" };
    let mut script = format!("read_verilog {}\nscratchpad -set synth_ice40.abc9.W {WIRE_PS}\n", files.join(" "));
    let apart = if tools.has_opt_hier { apart } else { &[] };
    if !apart.is_empty() {
        script +=
            &format!("read_verilog -D ICE40_HX -lib -specify +/ice40/cells_sim.v\nhierarchy -check -top {top}\nproc\n");
        script += &format!("setattr -mod -set keep_hierarchy 1 {}\nflatten\n", apart.join(" "));
        script += "opt\nopt_hier\nopt\nopt_hier\nopt\n";
    }
    script += &format!("synth_ice40 -device hx {abc9}-top {top}\n");
    if !apart.is_empty() {
        script += "setattr -mod -unset keep_hierarchy *\nflatten\nopt_clean\n";
    }
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
    let is_fatal = |l: &&str| fatal.iter().any(|f| l.contains(f)) && !REGISTER_ARRAYS.iter().any(|a| l.contains(a));
    let lines: Vec<&str> = text.lines().filter(|l| l.contains("arning:")).filter(is_fatal).take(10).collect();
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
        sum.add(kind, number);
    }
    Ok(sum)
}

impl Synthesis {
    fn add(&mut self, kind: &str, number: u64) {
        match kind {
            "SB_LUT4" => self.lut4 += number,
            "SB_CARRY" => self.carry += number,
            k if k.starts_with("SB_PLL40") => self.pll += number,
            k if k.starts_with("SB_DFF") => self.ff += number,
            k if k.starts_with("SB_RAM40") => self.bram += number,
            _ => {}
        }
    }
}

/// Cells of `netlist.json` in `dir` by the part that they came from: a cell is named after the nets at its pins, and
/// a net after the instances that it stands in. `parts` are (name, path of instances); what is in none is `REST`.
pub fn count_parts(dir: &Path, top: &str, parts: &[(&str, &str)]) -> Result<BTreeMap<String, Synthesis>, FlowError> {
    let path = dir.join("netlist.json");
    let text = fs::read_to_string(&path).map_err(|e| FlowError::file(&path, e))?;
    let bad = |why: &str| FlowError::output("yosys", format!("netlist.json: {why}"));
    let netlist: Value = serde_json::from_str(&text).map_err(|e| bad(&e.to_string()))?;
    let cells = netlist["modules"][top]["cells"].as_object().ok_or_else(|| bad("no cells"))?;
    let mut counts: BTreeMap<String, Synthesis> = BTreeMap::new();
    for (name, cell) in cells {
        let kind = cell["type"].as_str().ok_or_else(|| bad("a cell without a type"))?;
        counts.entry(part_of(name, parts).into()).or_default().add(kind, 1);
    }
    Ok(counts)
}

/// Part of a design that no other part claims.
pub const REST: &str = "rest";

/// The part with the longest path that `cell` begins with.
fn part_of<'a>(cell: &str, parts: &[(&'a str, &str)]) -> &'a str {
    let is_in =
        |path: &str| cell.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '$']));
    parts.iter().filter(|(_, path)| is_in(path)).max_by_key(|(_, path)| path.len()).map_or(REST, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_belongs_to_the_deepest_part_that_its_name_begins_with() {
        let parts = [("core", "core"), ("link", "core.link"), ("regs", "core.link_regs")];
        for (cell, part) in [
            ("core.link$tx_SB_LUT4_I0", "link"),
            ("core.link.tx.r_SB_DFF_Q", "link"),
            ("core.link_regs.rung_SB_LUT4_O", "regs"),
            ("core.linker_SB_DFF_Q", "core"),
            ("corelet_SB_DFF_Q", REST),
        ] {
            assert_eq!(part_of(cell, &parts), part, "{cell}");
        }
    }

    #[test]
    fn only_warnings_that_matter_are_refused() {
        let log = Path::new("yosys.log");
        let refused = |text: &str| refuse_warnings("yosys", text, FATAL, log).is_err();
        assert!(refused("Warning: Latch inferred for signal `\\a.\\b'"));
        assert!(refused("1: Warning: Replacing memory \\words with list of registers. See a.v:1"));
        assert!(!refused("1: Warning: Replacing memory \\counts with list of registers. See a.v:1"));
        assert!(!refused("Latch inferred, says a line that is no warning of its own"));
    }
}
