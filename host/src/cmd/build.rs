//! `build`: gateware to bitstream, with a report of timing and area.
use super::Context;
use crate::{Error, Exit, Result, interrupt};
use firstlight_sim::flow::{self, FlowError, Report, Source, Toolchain};
use firstlight_sim::tops;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to build
    #[arg(long, value_enum, default_value_t = Top::CuLoopback)]
    top: Top,
    /// Seeds of placement to try, in parallel; the fastest becomes the bitstream
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1000), value_name = "N")]
    seeds: u64,
    /// Tools: exact versions in an environment of their own, or those on PATH
    #[arg(long, value_enum, default_value_t = Tools::Pinned)]
    tools: Tools,
    /// Folder of all that is written
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Write the bitstream even when no seed is fast enough; the report still says so
    #[arg(long)]
    allow_slow: bool,
    /// Build these parts alone too, for the clock that each reaches; `all` for every part
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    blocks: Vec<String>,
    /// The report as JSON
    #[arg(long)]
    json: bool,
    /// Its figures as tables in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Top {
    /// The line wired back inside: 10 Gb/s and all instruments
    CuLoopback,
    /// The line on eight lanes each way: between boards, or through jumpers
    CuLanes,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Tools {
    Pinned,
    Native,
}

pub fn run(args: &Args, context: &mut Context) -> Result<()> {
    let top = match args.top {
        Top::CuLoopback => tops::cu_loopback(),
        Top::CuLanes => tops::cu_lanes(),
    };
    let source = match args.tools {
        Tools::Pinned => Source::Pinned,
        Tools::Native => Source::Native,
    };
    let loud = !context.global.quiet && std::io::stderr().is_terminal();
    let progress = |text: &str| {
        if loud {
            eprintln!("{text}");
        }
    };
    let every: Vec<&str> =
        top.parts.iter().map(|(name, _)| *name).filter(|name| !tops::UNCLOCKED.contains(name)).collect();
    let alone: Vec<&str> = if args.blocks.iter().any(|b| b == "all") {
        every.clone()
    } else {
        args.blocks.iter().map(String::as_str).collect()
    };
    if let Some(unknown) = alone.iter().find(|name| !every.contains(name)) {
        let what = format!("{} has no part {unknown} with one clock", top.name);
        return Err(Error::usage(what, format!("one of {}", every.join(", ")), "firstlight build --blocks all"));
    }
    let tools = Toolchain::stoppable(source, Some(interrupt::flag()), &progress).map_err(refused)?;
    let folder = args.output.clone().unwrap_or_else(|| PathBuf::from("target/flow").join(top.name));
    let seeds: Vec<u64> = (1..=args.seeds).collect();
    let report = top.build(&tools, &folder, &seeds, (&alone, args.allow_slow), &progress).map_err(refused)?;
    if args.json {
        let text = serde_json::to_string_pretty(&report).expect("a report is plain data");
        return Ok(writeln!(context.out, "{text}")?);
    }
    if args.markdown {
        return Ok(write!(context.out, "{}\n{}", flow::markdown(&report), flow::memories(&report))?);
    }
    table(&report, &folder, &mut context.out)
}

fn table(report: &Report, folder: &std::path::Path, out: &mut dyn Write) -> Result<()> {
    for (tool, version) in &report.tools {
        writeln!(out, "{tool:14} {version}")?;
    }
    writeln!(out, "top            {} for {}, seed {} of {:?}", report.top, report.device, report.seed, report.seeds)?;
    for (name, clock) in &report.clocks {
        let m = clock.mhz;
        let need = if clock.target_mhz > 0.0 { format!(", needs {:.2}", clock.target_mhz) } else { String::new() };
        writeln!(
            out,
            "clock          {name}: {:.1} / {:.1} / {:.1} MHz (min / median / max){need}",
            m.min, m.median, m.max
        )?;
    }
    let u = &report.utilisation;
    for (name, usage) in
        [("logic cells", u.logic_cells), ("LUT4", u.lut4), ("FF", u.ff), ("BRAM", u.bram), ("PLL", u.pll)]
    {
        writeln!(out, "{name:14} {} of {}", usage.used, usage.available)?;
    }
    let slow = report.clocks.values().any(|c| c.target_mhz > 0.0) && !report.timing_met;
    writeln!(out, "timing         {}", if slow { "MISSED: the bitstream is too slow for its clock" } else { "met" })?;
    writeln!(out, "{:14} {:>6} {:>6} {:>5}  MHz alone", "part", "LUT4", "FF", "BRAM")?;
    for (name, part) in &report.blocks {
        let u = &part.utilisation;
        write!(out, "{name:14} {:>6} {:>6} {:>5}", u.lut4.used, u.ff.used, u.bram.used)?;
        match part.clocks.get("clock").map(|c| c.mhz) {
            Some(m) => writeln!(out, "  {:.1} / {:.1} / {:.1}", m.min, m.median, m.max)?,
            None => writeln!(out)?,
        }
    }
    for (file, sum) in &report.sha256 {
        writeln!(out, "{sum}  {}", folder.join(file).display())?;
    }
    Ok(())
}

/// The flow's errors end with their own `next:` line.
fn refused(error: FlowError) -> Error {
    let exit = match error {
        FlowError::Timing { .. } => Exit::Limit,
        FlowError::Interrupted { .. } => Exit::Interrupted,
        _ => Exit::Usage,
    };
    let text = error.to_string();
    let (what, next) = text.rsplit_once("\nnext: ").unwrap_or((&text, "look at the log"));
    Error::new(exit, what, "a build without errors", next)
}
