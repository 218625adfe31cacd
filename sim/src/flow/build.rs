//! A whole top: Verilog and pins to bitstream, checksums and report.

use super::place::PlaceOptions;
use super::report::{ClockReport, Report, SCHEMA, Usage, Utilisation};
use super::{DEVICE, FlowError, PACKAGE, Placement, Progress, Synthesis, Toolchain, seeds, synth};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A design to build.
#[derive(Clone, Debug)]
pub struct BuildSpec<'a> {
    /// Name of the outcome: `<name>.bin`, `<name>.asc`, `<name>.json`.
    pub name: &'a str,
    pub verilog: &'a str,
    /// Module name of the top.
    pub module: &'a str,
    pub pcf: &'a str,
    /// (name, part of the net's name, MHz needed) of each clock; the first is the one that ranks the seeds. An empty
    /// part takes the net that no other clock took.
    pub clocks: &'a [(&'a str, &'a str, f64)],
    pub seeds: &'a [u64],
    /// Write a bitstream even when no seed is fast enough.
    pub allow_slow: bool,
}

/// Builds into `dir`.
pub fn build(tools: &Toolchain, dir: &Path, spec: &BuildSpec, progress: Progress) -> Result<Report, FlowError> {
    if spec.seeds.is_empty() || spec.clocks.is_empty() {
        return Err(FlowError::Usage("a build needs at least one seed and one clock".into()));
    }
    fs::create_dir_all(dir).map_err(|e| FlowError::file(dir, e))?;
    let write =
        |name: &str, text: &[u8]| fs::write(dir.join(name), text).map_err(|e| FlowError::file(dir.join(name), e));
    let (source, pins) = (format!("{}.v", spec.name), format!("{}.pcf", spec.name));
    write(&source, spec.verilog.as_bytes())?;
    write(&pins, spec.pcf.as_bytes())?;
    progress("yosys: synthesis");
    let cells = synth::synthesise(tools, dir, &[&source], spec.module, None)?;
    progress(&format!("nextpnr-ice40: {} seeds", spec.seeds.len()));
    let options = PlaceOptions { pcf: Some(&pins), target_mhz: spec.clocks[0].2, extra: &[] };
    let placements = seeds::sweep(tools, dir, spec.seeds, &options, progress)?;
    let clocks = name_clocks(spec, &placements)?;
    let ranking = &clocks[spec.clocks[0].0];
    let best = (0..placements.len())
        .max_by(|a, b| ranking.seeds_mhz[*a].total_cmp(&ranking.seeds_mhz[*b]).then(b.cmp(a)))
        .expect("at least one seed");
    if !spec.allow_slow {
        for (name, clock) in &clocks {
            let got = clock.seeds_mhz[best];
            if got < clock.target_mhz {
                let (clock, want, seeds) = (name.clone(), clock.target_mhz, spec.seeds.len());
                return Err(FlowError::Timing { clock, got, want, seeds, more: 2 * seeds.max(5) });
            }
        }
    }
    progress("icepack: bitstream");
    let chosen = &placements[best];
    let (asc, bin) = (format!("{}.asc", spec.name), format!("{}.bin", spec.name));
    let from = dir.join(format!("seed{}.asc", chosen.seed));
    fs::copy(&from, dir.join(&asc)).map_err(|e| FlowError::file(from, e))?;
    tools.run("icepack", &[&asc, &bin], dir, "icepack.log")?;
    let mut sums = BTreeMap::new();
    for file in [&source, &asc, &bin] {
        let path = dir.join(file);
        let bytes = fs::read(&path).map_err(|e| FlowError::file(path, e))?;
        sums.insert(file.clone(), sha256(&bytes));
    }
    let mut versions = tools.versions.clone();
    versions.insert("source".into(), format!("{:?}", tools.source).to_lowercase());
    let report = Report {
        schema: SCHEMA.into(),
        top: spec.name.into(),
        device: format!("{DEVICE}-{PACKAGE}"),
        seed: chosen.seed,
        seeds: spec.seeds.to_vec(),
        clocks,
        utilisation: utilisation(&cells, chosen),
        tools: versions,
        sha256: sums,
    };
    let list: String = report.sha256.iter().map(|(file, sum)| format!("{sum}  {file}\n")).collect();
    write("SHA256SUMS", list.as_bytes())?;
    let json = serde_json::to_string_pretty(&report).map_err(|e| FlowError::output("report", e))?;
    write(&format!("{}.json", spec.name), (json + "\n").as_bytes())?;
    Ok(report)
}

/// Gives every clock net its name: those with a part of the net's name first, then the one without takes the net left.
fn name_clocks(spec: &BuildSpec, placements: &[Placement]) -> Result<BTreeMap<String, ClockReport>, FlowError> {
    let mut left: Vec<&String> = placements[0].mhz.keys().collect();
    let mut clocks = BTreeMap::new();
    let (rest, by_part): (Vec<_>, Vec<_>) = spec.clocks.iter().partition(|(_, part, _)| part.is_empty());
    for &(name, part, target) in by_part.into_iter().chain(rest) {
        let found: Vec<&String> = left.iter().copied().filter(|net| net.contains(part)).collect();
        let [net] = found.as_slice() else {
            let what = format!("clock {name}: not exactly one net like \"{part}\" in {left:?}");
            return Err(FlowError::output("nextpnr-ice40", what));
        };
        let (mhz, seeds_mhz) = seeds::clock_mhz(placements, net)
            .filter(|(_, values)| values.len() == placements.len())
            .ok_or_else(|| FlowError::output("nextpnr-ice40", format!("clock {net} is missing from a seed")))?;
        clocks.insert(name.to_string(), ClockReport { net: net.to_string(), mhz, seeds_mhz, target_mhz: target });
        left.retain(|other| other != net);
    }
    Ok(clocks)
}

/// Cells of yosys against the device as nextpnr knows it.
fn utilisation(cells: &Synthesis, placement: &Placement) -> Utilisation {
    let of = |kind: &str| placement.cells.get(kind).copied().unwrap_or_default();
    let (lc, lc_available) = of("ICESTORM_LC");
    let usage = |used, available| Usage { used, available };
    Utilisation {
        lut4: usage(cells.lut4, lc_available),
        ff: usage(cells.ff, lc_available),
        bram: usage(cells.bram, of("ICESTORM_RAM").1),
        pll: usage(cells.pll, of("ICESTORM_PLL").1),
        logic_cells: usage(lc, lc_available),
    }
}

/// SHA-256 in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
