//! LUT4, FF, BRAM and MHz of a Verilog file's block: `fit FILE TOP [--seeds N] [--native]`.

use firstlight_sim::flow::{FlowError, Source, Toolchain, block_report};
use std::path::Path;

fn main() {
    if let Err(error) = run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), FlowError> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let usage = || FlowError::Usage("usage: fit FILE TOP [--seeds N] [--native]".into());
    let native = words.iter().position(|w| w == "--native").map(|i| words.remove(i)).is_some();
    let mut seeds = 1;
    if let Some(i) = words.iter().position(|w| w == "--seeds") {
        let number = words.drain(i..(i + 2).min(words.len())).nth(1).ok_or_else(usage)?;
        seeds = number.parse::<u64>().ok().filter(|n| *n > 0).ok_or_else(usage)?;
    }
    let [file, top] = words.as_slice() else { return Err(usage()) };
    let verilog = std::fs::read_to_string(file).map_err(|e| FlowError::Usage(format!("{file}: {e}")))?;
    let progress = |text: &str| eprintln!("{text}");
    let tools = Toolchain::new(if native { Source::Native } else { Source::Pinned }, &progress)?;
    let dir = Path::new("target/flow").join(format!("fit-{top}"));
    let report = block_report(&tools, &dir, &verilog, top, &(1..=seeds).collect::<Vec<_>>(), &progress)?;
    let c = report.cells;
    println!("{top}: {} LUT4, {} FF, {} BRAM, {} carries", c.lut4, c.ff, c.bram, c.carry);
    if let Some(mhz) = report.mhz {
        println!("{:.1} / {:.1} / {:.1} MHz (min / median / max of {seeds} seeds)", mhz.min, mhz.median, mhz.max);
        println!("slowest path, {} LUT levels:\n{}", report.levels(), report.describe_path());
    }
    Ok(())
}
