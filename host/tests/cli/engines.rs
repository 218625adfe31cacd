//! `sim:` and `sim:verilator` say the same: the same registers, latencies, errors and frames.
use std::path::Path;

use firstlight_sim::tools::Tool;
use serde_json::Value;

use crate::run::{Done, command, done, firstlight};

/// What the command prints on an engine, without the words that name the engine and how fast it was.
fn said(port: &str, args: &[&str], folder: &Path) -> String {
    let out = folder.join("out.pcap");
    let with_output: Vec<&str> = args.iter().map(|a| if *a == "OUT" { out.to_str().unwrap() } else { a }).collect();
    let text = firstlight(&[&with_output[..], &["--port", port]].concat()).succeeds();
    let Ok(mut report) = serde_json::from_str::<Value>(&text) else { return text };
    let fields = report.as_object_mut().expect("a report is an object");
    for name in ["engine", "port", "wall_seconds"] {
        fields.remove(name);
    }
    format!("{report:#}")
}

#[test]
fn every_verb_says_the_same_on_both_engines() {
    if Tool::for_test("verilator", "sim:verilator").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let capture = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/roce.pcap");
    for args in [
        &["reg", "dump"][..],
        &["measure", "--json", "-n", "200", "--length", "300"],
        &["measure", "--json", "-n", "100", "--errors", "1e-4", "--rung", "L2"],
        &["ber", "--json", "-n", "200", "--errors", "1e-3"],
        &["replay", "--json", capture, "-o", "OUT"],
    ] {
        let [rusthdl, verilator] = ["sim:", "sim:verilator"].map(|port| said(port, args, folder.path()));
        assert_eq!(rusthdl, verilator, "{args:?}");
        assert!(rusthdl.len() > 200, "{args:?} says something: {rusthdl}");
    }
}

#[test]
fn a_missing_verilator_is_said() {
    let nowhere = |args: &[&str]| -> Done { done(command().args(args).env("PATH", "").output().expect("starts")) };
    nowhere(&["info", "--port", "sim:verilator"]).fails(3, "verilator is not on the search path");
    nowhere(&["info", "--port", "sim:"]).succeeds();
}
