//! Writes constraints/rungs.md: LUT4, FF and MHz of the link at every rung: `rungs [--seeds N] [--native]`.

use firstlight_hdl::target::Target;
use firstlight_sim::flow::{FlowError, Source, Toolchain, block_report};
use firstlight_sim::rungs::{Cost, RUNGS, markdown, verilog};
use std::path::Path;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../constraints/rungs.md");

fn main() {
    if let Err(error) = run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), FlowError> {
    let usage = || FlowError::Usage("usage: rungs [--seeds N] [--native]".into());
    let (mut seeds, mut source) = (5, Source::Pinned);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--native" => source = Source::Native,
            "--seeds" => {
                let number = words.next().and_then(|n| n.parse::<u64>().ok());
                seeds = number.filter(|n| *n > 0).ok_or_else(usage)?;
            }
            _ => return Err(usage()),
        }
    }
    let progress = |text: &str| eprintln!("{text}");
    let tools = Toolchain::new(source, &progress)?;
    let seeds: Vec<u64> = (1..=seeds).collect();
    let mut rows = vec![];
    for rung in RUNGS {
        let dir = Path::new("target/flow").join(rung.name);
        let fit = |dir: &Path, target, seeds: &[u64]| {
            block_report(&tools, dir, &verilog(rung, target), rung.name, seeds, &progress)
        };
        let plain_lut4 = fit(&dir.join("plain"), Target::Generic, &[])?.cells.lut4;
        rows.push(Cost { rung, placed: fit(&dir, Target::Ice40, &seeds)?, plain_lut4 });
    }
    let text = markdown(&rows, &tools.versions, seeds.len());
    std::fs::write(TABLE, &text).map_err(|e| FlowError::Usage(format!("{TABLE}: {e}")))?;
    print!("{text}");
    Ok(())
}
