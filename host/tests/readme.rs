//! Every command in the README runs: `firstlight` verbs here, the others as parts of `tests/run`.
#![cfg(feature = "sim")]

use std::path::{Path, PathBuf};
use std::process::Command;

const CLI: &str = "cargo run --release -- ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("host lies in the workspace").to_path_buf()
}

/// The lines of all `sh` blocks, comments cut off.
fn commands(readme: &str) -> Vec<String> {
    let mut out = vec![];
    let mut inside = false;
    for line in readme.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            text if inside => {
                let command = text.split(" #").next().unwrap_or("").trim();
                if !command.is_empty() {
                    out.push(command.to_string());
                }
            }
            _ => {}
        }
    }
    out
}

#[test]
fn every_command_of_the_readme_runs() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    let parts = std::fs::read_to_string(root().join("tests/run")).expect("tests/run");
    let ci = std::fs::read_to_string(root().join(".ci/run")).expect(".ci/run");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let found = commands(&readme);
    assert!(found.iter().any(|c| c.starts_with(CLI)), "the README runs the main job");
    for command in found {
        if let Some(arguments) = command.strip_prefix(CLI) {
            // paths in the README are seen from the root of the repository; what is written goes to the scratch folder
            let arguments: Vec<String> = arguments
                .split_whitespace()
                .map(|a| {
                    if a.contains('/') && root().join(a).exists() {
                        root().join(a).display().to_string()
                    } else {
                        a.to_string()
                    }
                })
                .collect();
            let out = Command::new(env!("CARGO_BIN_EXE_firstlight"))
                .current_dir(dir.path())
                .args(&arguments)
                .output()
                .expect("the built command");
            assert!(out.status.success(), "{command}\n{}", String::from_utf8_lossy(&out.stderr));
        } else if command == "tests/run --setup" {
            assert!(ci.contains("tests/run\" --setup"), "continuous integration calls {command}");
        } else {
            assert!(parts.contains(&command), "{command} is neither a firstlight verb nor a part of tests/run");
        }
    }
}
