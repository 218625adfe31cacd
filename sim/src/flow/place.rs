//! nextpnr-ice40: one seed of placement, routing and timing.

use super::{DEVICE, FlowError, PACKAGE, Toolchain};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Outcome of one seed.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Seed of placement.
    pub seed: u64,
    /// Net name of each clock to its highest frequency.
    pub mhz: BTreeMap<String, f64>,
    /// Kind of resource to (used, available).
    pub cells: BTreeMap<String, (u64, u64)>,
    /// Net name of each clock to its slowest path.
    pub paths: BTreeMap<String, Vec<PathStep>>,
    /// Net names of two clocks to the delay in ns of the slowest path from the first to the second.
    pub crossings: BTreeMap<(String, String), f64>,
}

/// One hop of a critical path.
#[derive(Clone, Debug)]
pub struct PathStep {
    /// `clk-to-q`, `routing`, `logic`, `setup` ...
    pub kind: String,
    /// Its nanoseconds.
    pub delay_ns: f64,
}

/// How much more the placer cares for slow paths than for the rest; of its own 2, 4 and 6, 4 gave the best median clock
/// of `cu_loopback`.
const CRITICALITY_EXPONENT: &str = "4";

/// What nextpnr is told beside the netlist.
#[derive(Clone, Debug, Default)]
pub struct PlaceOptions<'a> {
    /// Constraint file in the directory; without one, pins go anywhere.
    pub pcf: Option<&'a str>,
    pub target_mhz: f64,
}

/// Places and routes `netlist.json` in `dir`; leaves `seed<N>.asc` and `seed<N>.json` there.
pub fn place(tools: &Toolchain, dir: &Path, seed: u64, options: &PlaceOptions) -> Result<Placement, FlowError> {
    let (device, freq, number) = (format!("--{DEVICE}"), options.target_mhz.to_string(), seed.to_string());
    let (asc, report) = (format!("seed{seed}.asc"), format!("seed{seed}.json"));
    let mut args = vec![device.as_str(), "--package", PACKAGE, "--json", "netlist.json", "--timing-allow-fail"];
    args.extend(["--freq", &freq, "--seed", &number, "--asc", &asc, "--report", &report]);
    args.extend(["--placer-heap-critexp", CRITICALITY_EXPONENT]);
    match options.pcf {
        Some(pcf) => args.extend(["--pcf", pcf]),
        None => args.push("--pcf-allow-unconstrained"),
    }
    let log = format!("seed{seed}.log");
    let text = tools.run("nextpnr-ice40", &args, dir, &log)?;
    super::synth::refuse_warnings(
        "nextpnr-ice40",
        &text,
        &["ombinational loop", "nmatched constraint"],
        &dir.join(log),
    )?;
    let path = dir.join(report);
    let text = fs::read_to_string(&path).map_err(|e| FlowError::file(path, e))?;
    parse(seed, &text)
}

fn parse(seed: u64, text: &str) -> Result<Placement, FlowError> {
    let bad = |why: &str| FlowError::output("nextpnr-ice40", format!("report of seed {seed}: {why}"));
    let report: Value = serde_json::from_str(text).map_err(|e| bad(&e.to_string()))?;
    let object = |name: &str| report[name].as_object().cloned().ok_or_else(|| bad(&format!("no {name}")));
    let mhz = object("fmax")?.iter().filter_map(|(net, f)| Some((net.clone(), f["achieved"].as_f64()?))).collect();
    let pair = |v: &Value| Some((v["used"].as_u64()?, v["available"].as_u64()?));
    let cells = object("utilization")?.iter().filter_map(|(kind, v)| Some((kind.clone(), pair(v)?))).collect();
    let (mut paths, mut crossings) = (BTreeMap::new(), BTreeMap::new());
    for path in report["critical_paths"].as_array().unwrap_or(&Vec::new()) {
        let edge = |end: &str| path[end].as_str().and_then(|s| s.strip_prefix("posedge ")).map(String::from);
        let (Some(from), Some(to)) = (edge("from"), edge("to")) else { continue };
        let steps: Vec<PathStep> = path["path"].as_array().into_iter().flatten().map(step).collect();
        if from == to {
            paths.insert(from, steps);
        } else {
            crossings.insert((from, to), steps.iter().map(|s| s.delay_ns).sum());
        }
    }
    Ok(Placement { seed, mhz, cells, paths, crossings })
}

fn step(hop: &Value) -> PathStep {
    PathStep {
        kind: hop["type"].as_str().unwrap_or_default().to_string(),
        delay_ns: hop["delay"].as_f64().unwrap_or_default(),
    }
}
