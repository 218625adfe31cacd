//! What one block costs alone: LUT4, FF, BRAM and MHz, between registers.
//!
//! A wrapper with three pins feeds the block from a shift register and shifts its registered outputs out, so that
//! pins limit nothing. Cells are counted in the block, without the wrapper.

use super::place::{PathStep, PlaceOptions};
use super::synth::{self, Synthesis};
use super::{FlowError, Mhz, Progress, Toolchain, seeds};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Cells and speed of one block.
#[derive(Clone, Debug)]
pub struct BlockReport {
    /// Cells after synthesis.
    pub cells: Synthesis,
    /// Frequency over the seeds; `None` for a block without a clock.
    pub mhz: Option<Mhz>,
    /// The frequency of each seed, in the seeds' order.
    pub seeds_mhz: Vec<f64>,
    /// Slowest path of the slowest seed.
    pub path: Vec<PathStep>,
}

/// Names of ports that are clocks.
const CLOCKS: &[&str] = &["clock", "clk"];

/// Synthesises module `top` of `verilog` out of context in `dir`.
pub fn block_report(
    tools: &Toolchain,
    dir: &Path,
    verilog: &str,
    top: &str,
    seeds: &[u64],
    progress: Progress,
) -> Result<BlockReport, FlowError> {
    fs::create_dir_all(dir).map_err(|e| FlowError::file(dir, e))?;
    let write =
        |name: &str, text: &str| fs::write(dir.join(name), text).map_err(|e| FlowError::file(dir.join(name), e));
    write("block.v", verilog)?;
    write("ports.ys", &format!("read_verilog block.v\nhierarchy -top {top}\nproc\nwrite_json ports.json\n"))?;
    tools.run("yosys", &["-q", "-s", "ports.ys"], dir, "ports.log")?;
    let ports = read_ports(&dir.join("ports.json"), top)?;
    write("wrapper.v", &wrapper(top, &ports))?;
    progress(&format!("{top}: synthesis"));
    let cells = synth::synthesise(tools, dir, &["block.v", "wrapper.v"], WRAPPER, Some(top), &[])?;
    progress(&format!("{top}: seeds {seeds:?}"));
    let options = PlaceOptions { target_mhz: 200.0, ..Default::default() };
    let placements = seeds::sweep(tools, dir, seeds, &options, progress)?;
    let clocked = ports.iter().any(|p| CLOCKS.contains(&p.name.as_str()));
    let slowest = placements
        .iter()
        .flat_map(|p| p.mhz.iter().map(move |(net, mhz)| (p, net, *mhz)))
        .min_by(|a, b| a.2.total_cmp(&b.2));
    let Some((placement, net, _)) = slowest.filter(|_| clocked) else {
        return Ok(BlockReport { cells, mhz: None, seeds_mhz: Vec::new(), path: Vec::new() });
    };
    let (mhz, seeds_mhz) = seeds::clock_mhz(&placements, net).unzip();
    let path = placement.paths.get(net).cloned().unwrap_or_default();
    Ok(BlockReport { cells, mhz, seeds_mhz: seeds_mhz.unwrap_or_default(), path })
}

impl BlockReport {
    /// LUTs on the slowest path, the one before the last register included.
    pub fn levels(&self) -> usize {
        self.path.iter().filter(|s| (s.kind == "logic" && !s.is_carry()) || s.kind == "setup").count()
    }
}

/// Longer than one carry bit, shorter than a LUT.
const CARRY_NS: f64 = 0.2;

impl PathStep {
    fn is_carry(&self) -> bool {
        self.kind == "logic" && self.delay_ns < CARRY_NS
    }
}

struct Port {
    name: String,
    width: usize,
    input: bool,
}

fn read_ports(path: &Path, top: &str) -> Result<Vec<Port>, FlowError> {
    let bad = |why: &str| FlowError::output("yosys", format!("ports.json: {why}"));
    let text = fs::read_to_string(path).map_err(|e| FlowError::file(path, e))?;
    let json: Value = serde_json::from_str(&text).map_err(|e| bad(&e.to_string()))?;
    let ports = json["modules"][top]["ports"].as_object().ok_or_else(|| bad(&format!("no module {top}")))?;
    ports
        .iter()
        .map(|(name, port)| {
            let width = port["bits"].as_array().ok_or_else(|| bad("a port without bits"))?.len();
            let input = match port["direction"].as_str() {
                Some("input") => true,
                Some("output") => false,
                other => return Err(bad(&format!("port {name} is {other:?}; only inputs and outputs are supported"))),
            };
            Ok(Port { name: name.clone(), width, input })
        })
        .collect()
}

const WRAPPER: &str = "firstlight_fit";

fn wrapper(top: &str, ports: &[Port]) -> String {
    let mut connections = Vec::new();
    let (mut ins, mut outs) = (0, 0);
    for port in ports {
        let name = &port.name;
        if CLOCKS.contains(&name.as_str()) {
            connections.push(format!(".{name}(clock)"));
        } else if port.input {
            connections.push(format!(".{name}(feed[{ins} +: {}])", port.width));
            ins += port.width;
        } else {
            connections.push(format!(".{name}(out[{outs} +: {}])", port.width));
            outs += port.width;
        }
    }
    let (ins, outs) = (ins.max(1), outs.max(1));
    format!(
        "module {WRAPPER}(input clock, input load, input serial_in, output serial_out);\n\
         \x20 reg [{ins}:0] feed;\n  always @(posedge clock) feed <= {{feed[{ins}-1:0], serial_in}};\n\
         \x20 wire [{outs}-1:0] out;\n  reg [{outs}:0] taken, shifted;\n  reg loading;\n\
         \x20 always @(posedge clock) begin\n    loading <= load;\n    taken <= {{1'b0, out}};\n\
         \x20   shifted <= loading ? taken : {{1'b0, shifted[{outs}:1]}};\n  end\n\
         \x20 assign serial_out = shifted[0];\n\
         \x20 (* keep_hierarchy *) {top} dut({});\nendmodule\n",
        connections.join(", ")
    )
}
