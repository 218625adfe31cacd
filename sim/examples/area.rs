//! Writes what the tops take: constraints/area.md, the README's section and `[top.*]` of the budgets:
//! `area [--seeds N] [--parts]`; with `--parts` every part of `cu_loopback` is placed alone too, for its own clock.

use firstlight_sim::flow::{Ceiling, FlowError, Source, Toolchain, ceiling, markdown, memories, rewritten};
use firstlight_sim::tops;
use std::collections::BTreeMap;
use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Between these lines of the README stands the table.
const BEGIN: &str = "<!-- area: written by the example `area` -->\n";
const END: &str = "<!-- /area -->";
/// A third of the device stays free of `cu_loopback`.
const LOOPBACK_CELLS: u64 = 5_120;
/// A path between lane clock and slot clock has two lane cycles.
const CROSSING_NS: f64 = 12.8;

fn main() {
    if let Err(error) = run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

fn run() -> Result<(), FlowError> {
    let usage = || FlowError::Usage("usage: area [--seeds N] [--parts]".into());
    let (mut seeds, mut times_parts) = (5, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--parts" => times_parts = true,
            "--seeds" => {
                let number = words.next().and_then(|n| n.parse::<u64>().ok());
                seeds = number.filter(|n| *n > 0).ok_or_else(usage)?;
            }
            _ => return Err(usage()),
        }
    }
    let progress = |text: &str| eprintln!("{text}");
    let tools = Toolchain::new(Source::Pinned, &progress)?;
    let seeds: Vec<u64> = (1..=seeds).collect();
    let crossings = ["datapath -> lanes", "lanes -> datapath"].map(|path| (path.to_string(), CROSSING_NS));
    let (mut tables, mut ceilings) = (vec![], BTreeMap::new());
    for (top, crossings) in [(tops::cu_loopback(), BTreeMap::new()), (tops::cu_lanes(), BTreeMap::from(crossings))] {
        let dir = Path::new("target/flow").join(top.name);
        let mut report = top.build(&tools, &dir, &seeds, (&[], true), &progress)?;
        // the lanes' parts are the same, but for what they lack
        if times_parts && top.name == "cu_loopback" {
            top.time_parts(&tools, &dir, &mut report, &progress)?;
        }
        let mut limit = Ceiling::around(&report, &crossings, ceiling(top.name).ok().as_ref());
        if top.name == "cu_loopback" {
            limit.logic_cells = limit.logic_cells.min(LOOPBACK_CELLS);
        }
        ceilings.insert(top.name.to_string(), limit);
        tables.push(format!("{}\n{}", markdown(&report).trim_end(), format_args!("\n{}", memories(&report))));
    }
    let table = tables.join("\n");
    let budgets = rewritten(&read("constraints/budget.toml")?, &ceilings)?;
    let readme = read("README.md")?;
    let parts = readme.split_once(BEGIN).and_then(|(head, rest)| Some((head, rest.split_once(END)?.1)));
    let (head, tail) = parts.ok_or_else(|| FlowError::Usage(format!("README.md: no lines {BEGIN} and {END}")))?;
    write("constraints/budget.toml", &budgets)?;
    write("constraints/area.md", &table)?;
    write("README.md", &format!("{head}{BEGIN}{table}{END}{tail}"))?;
    print!("{table}");
    Ok(())
}

fn read(file: &str) -> Result<String, FlowError> {
    std::fs::read_to_string(Path::new(ROOT).join(file)).map_err(|e| FlowError::Usage(format!("{file}: {e}")))
}

fn write(file: &str, text: &str) -> Result<(), FlowError> {
    std::fs::write(Path::new(ROOT).join(file), text).map_err(|e| FlowError::Usage(format!("{file}: {e}")))
}
