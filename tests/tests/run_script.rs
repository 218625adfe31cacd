//! `tests/run` says what is missing instead of running half of itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the script itself needs.
const ITS_OWN: [&str; 10] = ["bash", "env", "dirname", "basename", "awk", "sed", "tr", "cmp", "mkdir", "cat"];

/// Runs the script with a search path on which only these programs are.
fn run(programs: &[&str], args: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    for program in programs {
        let path = find(program).unwrap_or_else(|| panic!("{program} is part of every system"));
        std::os::unix::fs::symlink(path, folder.path().join(program)).expect("a link");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("run");
    let bash = find("bash").expect("bash is part of every system");
    let Output { status, stdout, stderr } =
        Command::new(bash).arg(script).args(args).env("PATH", folder.path()).output().expect("the script starts");
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|p| p.is_file())
}

#[test]
fn a_machine_without_tools_is_told_what_to_install() {
    let (code, said) = run(&ITS_OWN, &["format"]);
    assert_eq!(code, Some(1), "{said}");
    for line in
        ["iverilog (Debian package iverilog)", "icepack (Debian package fpga-icestorm)", "cargo-fmt (rustup component)"]
    {
        assert!(said.contains(line), "{line} is not in:\n{said}");
    }
    assert!(said.contains("install it all with: tests/run --setup"), "{said}");
    assert!(!said.contains("== format"), "nothing ran:\n{said}");
}

#[test]
fn parts_that_do_not_exist_are_refused() {
    let (code, said) = run(&ITS_OWN, &["fromat"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("unknown part or option fromat") && said.contains("Parts: format lint"), "{said}");
    let (code, said) = run(&ITS_OWN, &["--list"]);
    assert_eq!(code, Some(0));
    assert!(said.lines().any(|l| l == "litex"), "{said}");
}
