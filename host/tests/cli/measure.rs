//! `measure` against a board whose counts are known.
use serde_json::Value;

use crate::fake::{Faults, serve};
use crate::run::firstlight;
use crate::schema;

fn json(port: &str, more: &[&str]) -> Value {
    let out = firstlight(&[&["measure", "--json", "--port", port], more].concat()).succeeds();
    serde_json::from_str(&out).expect("one JSON object")
}

#[test]
fn every_frame_takes_three_cycles() {
    let port = serve(Faults::default());
    let out = firstlight(&["measure", "--port", &port, "-n", "100000"]).succeeds();
    let row = out.lines().find(|l| l.trim_start().starts_with("64 ")).expect("a row of 64 bytes");
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(cells, ["64", "100000", "19.20", "19.20", "19.20", "19.20", "0.00", "19.20", "19.20", "19.20"], "{out}");
    assert!(out.contains("BER        0 bad bits in 7.60e7: below 3.94e-8 with 95 % confidence"), "{out}");
    assert!(out.contains("wait_cycles  min 0  p99 2  max 2 "), "{out}");
}

#[test]
fn json_counts_are_those_of_the_board() {
    let port = serve(Faults {
        latency: |n| if n % 100 == 99 { 300 } else { 3 + n % 2 },
        loses_one_of: 7,
        ..Faults::default()
    });
    let report = json(&port, &["-n", "1000"]);
    let lost = (0..1000).filter(|n| n % 7 == 0).count();
    let kept: Vec<u64> =
        (0..1000u64).filter(|n| n % 7 != 0).map(|n| if n % 100 == 99 { 300 } else { 3 + n % 2 }).collect();
    let beyond = kept.iter().filter(|l| **l == 300).count();
    assert_eq!(report["latency_ns"]["min"], 19.2, "no rounding of a product");
    assert_eq!(report["frames"]["sent"], 1000);
    assert_eq!(report["frames"]["lost"], lost);
    assert_eq!(report["frames"]["received"], 1000 - lost);
    assert_eq!(report["latency_cycles"]["beyond_bins"], beyond);
    assert_eq!((&report["latency_cycles"]["min"], &report["latency_cycles"]["max"]), (&3.into(), &300.into()));
    assert_eq!(report["latency_cycles"]["p99"], Value::Null, "beyond the bins, so not invented");
    let mut sorted = kept.clone();
    sorted.sort();
    assert_eq!(report["latency_cycles"]["p50"], sorted[kept.len().div_ceil(2) - 1]);
    assert_eq!(report["latency_cycles"]["mean"], kept.iter().sum::<u64>() as f64 / kept.len() as f64);
}

#[test]
fn the_report_is_what_the_schema_says() {
    let port = serve(Faults::default());
    let reports = [&[][..], &["--errors", "1e-4"], &["--flip", "3", "--max-ns", "20"]].map(|more| json(&port, more));
    schema::check(schema::MEASURE, &reports);
}

#[test]
fn limits_decide_the_exit_code_and_leave_the_report() {
    let port = serve(Faults { latency: |n| 3 + n % 2, ..Faults::default() });
    let base = ["measure", "-n", "100", "--port", &port];
    firstlight(&[&base[..], &["--max-ns", "25.6", "--max-jitter-cycles", "1"]].concat()).succeeds();
    let done = firstlight(&[&base[..], &["--max-ns", "25.5"]].concat());
    done.fails(1, "25.60 ns (4 cycles)");
    assert!(done.out.contains("#iterations"));
    firstlight(&[&base[..], &["--max-jitter-cycles", "0"]].concat()).fails(1, "varies by 1 cycles");
    let port = serve(Faults { loses_one_of: 1, ..Faults::default() });
    firstlight(&["measure", "-n", "10", "--port", &port]).fails(1, "none of 10 frames arrived");
}

#[test]
fn lengths_and_loads_make_one_row_each() {
    let port = serve(Faults::default());
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("table.csv");
    let args = ["measure", "-n", "10", "--length", "1,64,9216", "--loads", "1,100", "--port", &port];
    firstlight(&[&args[..], &["--csv", csv.to_str().unwrap()]].concat()).succeeds();
    let table = std::fs::read_to_string(csv).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|r| r.len() == rows[0].len()), "{table}");
    let plans: Vec<(&str, &str)> = rows[1..].iter().map(|r| (r[1], r[3])).collect();
    let wanted = [("1", "299"), ("1", "0"), ("64", "992"), ("64", "0"), ("9216", "114248"), ("9216", "0")];
    assert_eq!(plans, wanted);
}
