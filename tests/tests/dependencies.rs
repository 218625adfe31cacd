//! Who may depend on whom: spec <- fec, hdl <- sim <- tests, and host on spec and fec alone unless it simulates.
use std::process::Command;

/// Crates that `package` builds, itself included.
fn tree(package: &str, more: &[&str]) -> Vec<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["tree", "--offline", "--prefix", "none", "--format", "{p}", "-e", "normal,build", "-p", package]);
    let done = command.args(more).output().expect("cargo starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8(done.stdout).expect("UTF-8");
    text.lines().filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect()
}

fn has(crates: &[String], name: &str) -> bool {
    crates.iter().any(|found| found == name)
}

#[test]
fn spec_has_no_dependencies() {
    assert_eq!(tree("firstlight-spec", &[]), ["firstlight-spec"]);
    assert_eq!(tree("firstlight-fec", &[]), ["firstlight-fec", "firstlight-spec"]);
}

#[test]
fn gateware_does_not_know_the_simulator() {
    let crates = tree("firstlight-hdl", &[]);
    assert!(has(&crates, "firstlight-spec") && has(&crates, "rust-hdl"));
    assert!(!has(&crates, "firstlight-sim") && !has(&crates, "firstlight"), "{crates:?}");
    assert!(!has(&tree("firstlight-sim", &[]), "firstlight"));
}

#[test]
fn the_host_without_its_simulated_board_builds_no_rusthdl() {
    let alone = tree("firstlight", &["--no-default-features"]);
    assert!(has(&alone, "firstlight-spec"));
    let unwanted: Vec<&String> = alone.iter().filter(|c| c.starts_with("rust-hdl") || *c == "firstlight-sim").collect();
    assert!(unwanted.is_empty(), "{unwanted:?}");
    assert!(has(&tree("firstlight", &[]), "rust-hdl"), "the check sees rust-hdl where it is");
}
