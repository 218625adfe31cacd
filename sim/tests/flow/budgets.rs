//! Whole builds keep to their budgets, and the committed tables are one.

use crate::{is_all, tools};
use firstlight_sim::flow::ceiling;
use firstlight_sim::tops::{self, Top};
use std::fs;
use std::path::Path;

/// Seeds of a run of the nightly size.
const SEEDS: u64 = 5;

fn keeps_to_its_budget(top: Top, parts_alone: bool) {
    let Some(tools) = tools(top.name) else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    let seeds: Vec<u64> = (1..=if is_all() { SEEDS } else { 1 }).collect();
    let report = top.build(&tools, dir.path(), &seeds, (&[], true), &|text| eprintln!("{text}"));
    let mut report = report.unwrap_or_else(|e| panic!("{e}"));
    if parts_alone {
        let timed = top.time_parts(&tools, dir.path(), &mut report, &|text| eprintln!("{text}"));
        timed.unwrap_or_else(|e| panic!("{e}"));
    }
    let beyond = ceiling(top.name).unwrap_or_else(|e| panic!("{e}")).exceeded(&report);
    assert!(beyond.is_empty(), "{}", beyond.join("\n"));
}

#[test]
fn cu_loopback_and_each_of_its_parts_alone_keep_to_their_budgets() {
    keeps_to_its_budget(tops::cu_loopback(), true);
}

#[test]
fn cu_lanes_keeps_to_its_budget() {
    keeps_to_its_budget(tops::cu_lanes(), false);
}

#[test]
fn the_readme_has_the_committed_table() {
    let read = |file: &str| {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).expect("part of the repository")
    };
    let table = read("constraints/area.md");
    assert!(table.contains("`cu_loopback` on ") && table.contains("`cu_lanes` on "), "{table}");
    assert!(
        read("README.md").contains(&table),
        "write both with: cargo run --release -p firstlight-sim --example area"
    );
}
