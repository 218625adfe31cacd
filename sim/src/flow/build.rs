//! A whole top: Verilog and pins to bitstream, checksums and report.

use super::place::PlaceOptions;
use super::report::{ClockReport, PartClock, PartReport, PartUtilisation, Report, SCHEMA, Usage, Utilisation};
use super::{DEVICE, FlowError, PACKAGE, Placement, Progress, Synthesis, Toolchain, block_report, seeds, synth};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A design to build.
#[derive(Clone, Debug)]
pub struct BuildSpec<'a> {
    /// Name of the outcome: `<name>.bin`, `<name>.asc`, `<name>.json`.
    pub name: &'a str,
    /// Verilog of the whole design.
    pub verilog: &'a str,
    /// Module name of the top.
    pub module: &'a str,
    /// Pin constraints.
    pub pcf: &'a str,
    /// (name, part of the net's name, MHz needed) of each clock; the first is what nextpnr aims at. An empty part takes the
    /// net that no other clock took.
    pub clocks: &'a [(&'a str, &'a str, f64)],
    /// (name, path of instances) of the parts that are reported one by one.
    pub parts: &'a [(&'a str, &'a str)],
    /// Parts that are mapped to cells on their own: names.
    pub apart: &'a [&'a str],
    /// Modules that are also built alone, for their clock: names of parts.
    pub alone: &'a [&'a str],
    /// Seeds of placement; the best one makes the bitstream.
    pub seeds: &'a [u64],
    /// Write a bitstream even when no seed is fast enough.
    pub allow_slow: bool,
}

/// Folder of all that the tools read and write.
const WORK: &str = "work";

/// Builds into `dir`: the outcome appears there whole, or not at all; logs stay in `dir/work`. A build whose timing is
/// missed leaves its report, but no bitstream.
pub fn build(tools: &Toolchain, dir: &Path, spec: &BuildSpec, progress: Progress) -> Result<Report, FlowError> {
    if spec.seeds.is_empty() || spec.clocks.is_empty() {
        return Err(FlowError::Usage("a build needs at least one seed and one clock".into()));
    }
    let name = |end: &str| format!("{}.{end}", spec.name);
    let (source, pins, asc, bin, list) = (name("v"), name("pcf"), name("asc"), name("bin"), name("sha256"));
    let outcome = [&source, &pins, &asc, &bin, &list, &name("json")];
    let work = dir.join(WORK);
    fs::create_dir_all(&work).map_err(|e| FlowError::file(&work, e))?;
    // no bitstream of an older source stands beside a failure
    for old in outcome.iter().map(|file| dir.join(file)).filter(|old| old.exists()) {
        fs::remove_file(&old).map_err(|e| FlowError::file(&old, e))?;
    }
    let write =
        |name: &str, text: &[u8]| fs::write(work.join(name), text).map_err(|e| FlowError::file(work.join(name), e));
    let show =
        |name: &String| fs::rename(work.join(name), dir.join(name)).map_err(|e| FlowError::file(dir.join(name), e));
    write(&source, spec.verilog.as_bytes())?;
    write(&pins, spec.pcf.as_bytes())?;
    progress("yosys: synthesis");
    let apart = spec.apart.iter().map(|name| module_of(spec, name)).collect::<Result<Vec<_>, _>>()?;
    let cells = synth::synthesise(tools, &work, &[&source], spec.module, None, &apart)?;
    let parts = synth::count_parts(&work, spec.module, spec.parts)?;
    progress(&format!("nextpnr-ice40: seeds {:?}", spec.seeds));
    let options = PlaceOptions { pcf: Some(&pins), target_mhz: spec.clocks[0].2 };
    let placements = seeds::sweep(tools, &work, spec.seeds, &options, progress)?;
    let clocks = name_clocks(spec, &placements)?;
    // the seed whose scarcest clock is the least scarce; of equals the first
    let scarcest = |seed: usize| {
        let ratios = clocks.values().filter(|c| c.target_mhz > 0.0).map(|c| c.seeds_mhz[seed] / c.target_mhz);
        ratios.fold(f64::INFINITY, f64::min)
    };
    let best = (0..placements.len())
        .max_by(|a, b| scarcest(*a).total_cmp(&scarcest(*b)).then(b.cmp(a)))
        .expect("at least one seed");
    let chosen = &placements[best];
    let missed = clocks.iter().find(|(_, clock)| clock.seeds_mhz[best] < clock.target_mhz).map(|(name, clock)| {
        let seeds = spec.seeds.len();
        let (got, want) = (clock.seeds_mhz[best], clock.target_mhz);
        FlowError::Timing { clock: name.clone(), got, want, seeds, more: 2 * seeds.max(5) }
    });
    let mut versions = tools.versions.clone();
    versions.insert("source".into(), format!("{:?}", tools.source).to_lowercase());
    let utilisation = utilisation(&cells, chosen);
    let mut report = Report {
        schema: SCHEMA.into(),
        top: spec.name.into(),
        device: format!("{DEVICE}-{PACKAGE}"),
        seed: chosen.seed,
        seeds: spec.seeds.to_vec(),
        crossings_ns: crossings(&clocks, &placements),
        clocks,
        timing_met: missed.is_none(),
        utilisation,
        blocks: parts.iter().map(|(name, cells)| (name.clone(), part(cells, &utilisation))).collect(),
        tools: versions,
        size_bytes: 0,
        sha256: BTreeMap::new(),
    };
    time_alone(tools, &work, spec, spec.seeds, &mut report, progress)?;
    let is_written = missed.is_none() || spec.allow_slow;
    let mut files = vec![source, pins];
    if is_written {
        progress("icepack: bitstream");
        let from = work.join(format!("seed{}.asc", chosen.seed));
        fs::copy(&from, work.join(&asc)).map_err(|e| FlowError::file(from, e))?;
        tools.run("icepack", &[&asc, &bin], &work, "icepack.log")?;
        files.extend([asc, bin]);
    }
    for file in &files {
        let path = work.join(file);
        let bytes = fs::read(&path).map_err(|e| FlowError::file(path, e))?;
        report.sha256.insert(file.clone(), sha256(&bytes));
        if *file == name("bin") {
            report.size_bytes = bytes.len() as u64;
        }
    }
    let sums: String = report.sha256.iter().map(|(file, sum)| format!("{sum}  {file}\n")).collect();
    write(&list, sums.as_bytes())?;
    let json = serde_json::to_string_pretty(&report).map_err(|e| FlowError::output("report", e))?;
    write(&name("json"), (json + "\n").as_bytes())?;
    files.extend([list, name("json")]);
    files.iter().try_for_each(show)?;
    match missed {
        Some(missed) if !spec.allow_slow => Err(missed),
        _ => Ok(report),
    }
}

/// LUT4 that a part alone may have beyond twice those that it has in the whole.
const OTHER_LUT4: u64 = 100;

/// The clock of each part that is to be built alone.
pub fn time_alone(
    tools: &Toolchain,
    work: &Path,
    spec: &BuildSpec,
    seeds: &[u64],
    report: &mut Report,
    progress: Progress,
) -> Result<(), FlowError> {
    for name in spec.alone {
        let module = module_of(spec, name)?;
        // a part that became no cells at all has no clock
        let Some(part) = report.blocks.get_mut(*name) else { continue };
        let (lut4, ff, bram) = (part.utilisation.lut4.used, part.utilisation.ff.used, part.utilisation.bram.used);
        if lut4 + ff + bram == 0 {
            continue;
        }
        let alone = block_report(tools, &work.join(name), spec.verilog, &module, seeds, progress)?;
        // of a part that the whole does not use, most is gone there: alone it is another circuit
        if alone.cells.lut4 > 2 * lut4 + OTHER_LUT4 {
            continue;
        }
        if let Some(mhz) = alone.mhz {
            part.clocks.insert("clock".into(), PartClock { mhz, seeds_mhz: alone.seeds_mhz });
        }
    }
    Ok(())
}

/// The module of a part.
fn module_of(spec: &BuildSpec, part: &str) -> Result<String, FlowError> {
    let (_, path) = spec
        .parts
        .iter()
        .find(|(name, _)| *name == part)
        .ok_or_else(|| FlowError::Usage(format!("{} has no part {part}", spec.name)))?;
    Ok(format!("{}${}", spec.module, path.replace('.', "$")))
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

/// The slowest path between any two clocks, by their names.
fn crossings(clocks: &BTreeMap<String, ClockReport>, placements: &[Placement]) -> BTreeMap<String, f64> {
    let name = |net: &String| clocks.iter().find(|(_, clock)| clock.net == *net).map(|(name, _)| name.as_str());
    let mut slowest = BTreeMap::new();
    for ((from, to), ns) in placements.iter().flat_map(|p| &p.crossings) {
        if let (Some(from), Some(to)) = (name(from), name(to)) {
            let worst: &mut f64 = slowest.entry(format!("{from} -> {to}")).or_default();
            *worst = worst.max((ns * 100.0).round() / 100.0);
        }
    }
    slowest
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

fn part(cells: &Synthesis, whole: &Utilisation) -> PartReport {
    let usage = |used, of: Usage| Usage { used, available: of.available };
    let utilisation = PartUtilisation {
        lut4: usage(cells.lut4, whole.lut4),
        ff: usage(cells.ff, whole.ff),
        bram: usage(cells.bram, whole.bram),
        pll: usage(cells.pll, whole.pll),
    };
    PartReport { utilisation, clocks: BTreeMap::new() }
}

/// SHA-256 in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
