//! Every block of the gateware has its tests: a module, waves, Verilog, budget.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Blocks whose tests stand elsewhere, or that have none of a kind, and why.
const ELSEWHERE: [(&str, &str); 7] = [
    // the same pins and registers from three sides
    ("board/cu_lanes", "board/tops"),
    ("board/cu_loopback", "board/tops"),
    ("board/uart_core", "board/tops"),
    // both ends of one wire
    ("control/uart_rx", "control/uart"),
    ("control/uart_tx", "control/uart"),
    // the tables mean nothing without their predictor
    ("laser/gap_tables", "laser/pair_gap"),
    // many tests: a folder
    ("link", "link/verilog"),
];

/// Designs whose budget is that of a whole build: a core has that of the tops that hold it.
const BUILT: [(&str, &str); 4] = [
    ("core", "cu_loopback"),
    ("board/uart_core", "cu_loopback"),
    ("board/cu_loopback", "cu_loopback"),
    ("board/cu_lanes", "cu_lanes"),
];

/// Names of budget and snapshot that are not the file's.
const NAMES: [(&str, &str); 4] = [
    ("laser/enable", "laser_enable"),
    ("laser/gap_tables", "pair_gap"),
    ("laser/registers", "laser_registers"),
    ("link", "link"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Files below `folder` that hold a block, without their ending.
fn blocks(folder: &Path, at: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("a readable folder").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let below = if at.is_empty() { name } else { format!("{at}/{name}") };
        if path.is_dir() {
            blocks(&path, &below, found);
        } else {
            let text = std::fs::read_to_string(&path).expect("a text");
            if ["\n#[derive(LogicBlock", "\ncrate::leaf!("].iter().any(|of_blocks| text.contains(of_blocks)) {
                found.insert(below);
            }
        }
    }
}

fn lookup<'a>(table: &[(&'a str, &'a str)], block: &'a str) -> Option<&'a str> {
    table.iter().find(|(from, _)| *from == block).map(|(_, to)| *to)
}

#[test]
fn every_block_has_its_tests() {
    let mut found = BTreeSet::new();
    blocks(&root().join("hdl/src"), "", &mut found);
    assert!(found.len() > 40, "{found:?}");
    let tests = root().join("sim/tests/blocks");
    let budget = std::fs::read_to_string(root().join("constraints/budget.toml")).expect("part of the repository");
    let mut missing = vec![];
    for block in &found {
        let folder = block.split('/').next().filter(|f| *f != block);
        if let Some(whole) = folder.and_then(|f| lookup(&ELSEWHERE, f)) {
            if !tests.join(whole).exists() && !tests.join(format!("{whole}.rs")).exists() {
                missing.push(format!("{block}: tests of {whole}"));
            }
            continue;
        }
        let module = lookup(&ELSEWHERE, block).unwrap_or(block);
        let name = lookup(&NAMES, block).unwrap_or_else(|| block.rsplit('/').next().expect("a name"));
        match std::fs::read_to_string(tests.join(format!("{module}.rs"))) {
            Err(_) => missing.push(format!("{block}: sim/tests/blocks/{module}.rs")),
            Ok(text) => {
                let uses = [
                    "replays_and_validates(",
                    "wires_and_validates(",
                    "proves(",
                    "proves_for_both(",
                    "replay::replay(",
                ];
                if !uses.iter().any(|u| text.contains(u)) {
                    missing.push(format!("{block}: replay in {module}.rs"));
                }
            }
        }
        if !tests.join(format!("verilog/{name}.snap")).exists() {
            missing.push(format!("{block}: reviewed Verilog verilog/{name}.snap"));
        }
        let section = lookup(&BUILT, block).map_or(format!("[block.{name}]"), |top| format!("[top.{top}]"));
        if !budget.contains(&format!("{section}\n")) {
            missing.push(format!("{block}: {section} in constraints/budget.toml"));
        }
    }
    assert!(missing.is_empty(), "blocks without tests:\n{}", missing.join("\n"));
}
