//! `laser`: policies over traffics on the model, the simulated board and a board; parts; bad input.
use std::process::Stdio;
use std::time::{Duration, Instant};

use firstlight_sim::tools::Tool;
use serde_json::Value;

use crate::run::{Done, command, done, firstlight};
use crate::schema;
use crate::simulated::Served;

const MODEL: [&str; 5] = ["laser", "--bursts", "400", "--traffic", "ring-30"];

fn laser(more: &[&str]) -> Done {
    firstlight(&[&["laser"], more].concat())
}

fn json(more: &[&str]) -> Value {
    serde_json::from_str(&laser(&[&["--json"], more].concat()).succeeds()).expect("one JSON object")
}

#[test]
fn both_settings_and_the_plain_timeout_stand_in_every_table() {
    let out = firstlight(&MODEL).succeeds();
    for line in [
        "setting reference: cycle 10 ns, t_on 52 cycles (520 ns), notice 6 cycles (60 ns) given by the source",
        "setting product: cycle 6.4 ns, t_on 80 cycles (512 ns), notice 0 cycles (0 ns);",
        "note: light saved is power of laser and driver only, below 22 %",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    assert_eq!(out.matches("\nring-30  timeout-1024 ").count(), 2, "{out}");
    assert!(out.contains("seeds 101 102 103 104 105"), "the judged seeds");
    assert_eq!(out.matches("\nring-30  quantile ").count() + out.matches("\nring-30  oracle ").count(), 4);
}

#[test]
fn the_predictor_is_never_shown_without_a_plain_timeout() {
    let policies = |asked: &str| {
        let report = json(&[&MODEL[1..], &["--setting", "product", "--policy", asked]].concat());
        let rows = report["settings"][0]["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["policy"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(policies("pair-gap,oracle"), ["pair-gap", "timeout-1024", "oracle"]);
    assert_eq!(policies("timeout-16,pair-gap"), ["timeout-16", "pair-gap"]);
    assert_eq!(policies("oracle"), ["oracle"]);
}

#[test]
fn help_and_list_name_engines_settings_policies_and_sources() {
    let help = laser(&["--help"]).succeeds();
    for word in ["model, sim, board", "reference, product", "--trace <FILE>", "--compress <TIMES>", "--html <FILE>"] {
        assert!(help.contains(word), "{word}\n{help}");
    }
    let list = laser(&["--list"]).succeeds();
    for word in ["traffic  halving-doubling", "policy   pair-gap", "part     burst-driver", "MAX3656 data sheet"] {
        assert!(list.contains(word), "{word}\n{list}");
    }
}

#[test]
fn the_simulated_board_counts_what_the_model_says() {
    // more bursts than the schedule memory holds: the host refills it while it plays
    let refilled = ["--on", "sim", "--traffic", "ring-126", "--bursts", "280", "--policy", "timeout-1,pair-gap"];
    let other = ["--on", "sim", "--traffic", "moe,poisson", "--bursts", "40", "--policy", "timeout-4,pair-gap"];
    for (args, bursts, count) in [(&refilled, 281, 2), (&other, 41, 4)] {
        for setting in json(args)["settings"].as_array().unwrap() {
            assert_eq!(setting["rows_unlike_model"], serde_json::json!([]), "{setting}");
            assert!(setting["engine"].as_str().unwrap().starts_with("rusthdl"));
            let rows = setting["rows"].as_array().unwrap();
            // the last burst ends the run and counts
            assert!(rows.len() == count && rows.iter().all(|r| r["bursts"] == bursts), "{rows:?}");
            assert!(rows.iter().any(|r| r["late"].as_u64() > Some(30)), "{rows:?}");
            let learned = rows.iter().any(|r| r["policy"] == "pair-gap" && r["wake_ups"].as_u64() > Some(20));
            assert!(learned || bursts < 100, "{rows:?}");
        }
    }
    let text = laser(&["--on", "sim", "--traffic", "ring-30", "--bursts", "20", "--setting", "product"]).succeeds();
    assert!(text.contains("4 of 4 rows equal the model's"), "{text}");
}

#[test]
fn the_compiled_verilog_counts_the_same() {
    if Tool::for_test("verilator", "laser --port sim:verilator").is_none() {
        return;
    }
    let args = [
        "--on",
        "sim",
        "--traffic",
        "ring-126",
        "--bursts",
        "400",
        "--setting",
        "product",
        "--policy",
        "timeout-16,pair-gap",
    ];
    let [rusthdl, verilator] = ["sim:", "sim:verilator"].map(|port| json(&[&args[..], &["--port", port]].concat()));
    assert_eq!(rusthdl["settings"][0]["rows"], verilator["settings"][0]["rows"]);
    assert_eq!(verilator["settings"][0]["rows_unlike_model"], serde_json::json!([]));
    assert!(verilator["settings"][0]["engine"].as_str().unwrap().contains("verilator"));
}

#[test]
fn a_board_that_runs_by_itself_plays_a_ring() {
    let served = Served::start(&["--tcp", "127.0.0.1:0"]);
    let args =
        ["--on", "board", "--port", &served.1, "--traffic", "ring-126", "--bursts", "300", "--setting", "product"];
    let report = json(&[&args[..], &["--policy", "always-on,reactive"]].concat());
    let rows = report["settings"][0]["rows"].as_array().unwrap();
    assert!(rows[0]["traffic"].as_str().unwrap().starts_with("ring-126 (512 bursts in a ring of 256"), "{rows:?}");
    let number = |row: usize, key: &str| rows[row][key].as_f64().unwrap();
    assert_eq!((number(0, "late"), number(1, "late"), number(1, "bursts")), (0.0, 512.0, 512.0));
    assert!(number(0, "duty") > 0.99 && number(1, "duty") < 0.5 && number(1, "held_cycles_mean") == 80.0, "{rows:?}");
}

fn trace(lines: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.csv");
    std::fs::write(&path, lines).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn a_trace_goes_into_the_schedule_memory_and_says_how_fast() {
    let rows: String = (0..300).map(|k| format!("{},{},allreduce,1,\n", k * 90_000 + k % 7 * 900, 8_000)).collect();
    let (_folder, path) = trace(&format!("start_ns,dur_ns,kind,stream,bytes\n{rows}"));
    let sim = ["--on", "sim", "--setting", "reference", "--policy", "reactive,timeout-16", "--trace", &path];
    let out = laser(&[&sim[..], &["--compress", "20"]].concat()).succeeds();
    assert!(
        out.contains("note: everything is played 20 times faster than it is, in whole cycles, at least one"),
        "{out}"
    );
    assert!(out.contains("2 of 2 rows equal the model's") && out.contains("\ntrace    reactive"), "{out}");
    assert!(out.contains("chosen with the V100 trace in view"), "{out}");
    // gaps that an entry cannot hold are refused with the factor that helps
    let (_folder, slow) = trace("start_ns,dur_ns\n0,1000\n70000000,1000\n140000000,1000\n");
    let slow = |compress: &str| {
        laser(&[
            "--on",
            "sim",
            "--setting",
            "reference",
            "--policy",
            "reactive",
            "--trace",
            &slow,
            "--compress",
            compress,
        ])
    };
    slow("2").fails(2, "a gap of 3499950 cycles does not fit");
    assert!(slow("2").err.contains("--compress 107 or more"), "{}", slow("2").err);
    assert!(slow("107").succeeds().contains("1 of 1 rows equal"));
    // the model takes them as they are; a short trace has no half of its own
    let out = laser(&["--trace", &path]).succeeds();
    assert!(out.contains("\ntrace    timeout-1024") && !out.contains("trace, 2nd half"), "{out}");
    assert!(!out.contains("seeds"), "a trace has none: {out}");
}

#[test]
fn a_long_trace_is_judged_by_its_second_half_too() {
    let rows: String = (0..1200).map(|k| format!("{},{}\n", k * 30_000, if k < 600 { 900 } else { 9_000 })).collect();
    let (_folder, path) = trace(&format!("start_ns,dur_ns\n{rows}"));
    let report = json(&["--trace", &path, "--setting", "reference", "--policy", "pair-gap,oracle"]);
    let rows = report["settings"][0]["rows"].as_array().unwrap();
    let duty = |n: usize| rows[n]["duty"].as_f64().unwrap();
    assert!(rows.len() == 6 && rows[3]["traffic"] == "trace, 2nd half" && rows[3]["bursts"] == 599, "{rows:?}");
    assert!((duty(5) - 0.3).abs() < 0.02 && duty(2) < 0.2, "{rows:?}");
}

#[test]
fn frames_go_through_the_light_of_a_part() {
    let args =
        ["--part", "gpon", "--traffic", "moe", "--bursts", "200", "--setting", "product", "--policy", "reactive"];
    let out = laser(&args).succeeds();
    assert!(out.contains("t_on 33 cycles") && out.contains("light of gpon: 200 of 200 frames arrive"), "{out}");
    let short = laser(&[&args[..], &["--t-on", "32"]].concat());
    short.fails(1, "200 of 200 frames were lost in the light with a t_on of 32 cycles");
    assert!(short.out.contains("light of gpon: 0 of 200 frames"), "{}", short.out);
    laser(&["--part", "epon", "--cycle-ns", "0.1"]).fails(2, "part epon at cycles of 0.1 ns");
}

#[test]
fn the_report_is_what_the_schema_says() {
    let quick = ["--traffic", "moe", "--bursts", "50", "--policy", "reactive"];
    let with = |more: &[&str]| json(&[&quick[..], more].concat());
    schema::check(schema::LASER, &[with(&[]), with(&["--part", "burst-driver"]), with(&["--on", "sim"])]);
}

#[test]
fn wrong_requests_are_refused_before_a_board_is_asked() {
    laser(&["--traffics", "moe"]).refused("unexpected argument '--traffics'");
    laser(&["--on", "boards"]).refused("possible values: model, sim, board");
    laser(&["--setting", "fast"]).refused("possible values: reference, product");
    laser(&["--t-on", "3"]).refused("3 is not in 4..=4095");
    laser(&["--bursts", "1"]).refused("1 is not in 2..=1000000");
    laser(&["--traffic", "rings"]).fails(2, "--traffic rings");
    laser(&["--policy", "timeout-"]).fails(2, "--policy timeout-");
    laser(&["--policy", "timeout-0"]).fails(2, "--policy timeout-0");
    laser(&["--policy", "timeout-18446744073709551615"]).fails(2, "--policy timeout-18446744073709551615");
    assert!(laser(&["--policy", "best"]).err.contains("one of: always-on reactive ski-rental"));
    laser(&["--part", "led"]).fails(2, "--part led");
    laser(&["--notice", "53", "--setting", "reference"]).fails(2, "--notice 53 with a t_on of 52");
    laser(&["--cycle-ns", "0"]).fails(2, "--cycle-ns 0");
    laser(&["--cycle-ns", "NaN"]).fails(2, "--cycle-ns NaN");
    laser(&["--compress=-1"]).fails(2, "--compress -1");
    laser(&["--compress", "1e-9", "--traffic", "moe"]).fails(2, "moe: a gap or burst of 2^32 cycles or more");
    laser(&["--on", "sim", "--policy", "oracle"]).fails(2, "--policy oracle on a board");
    laser(&["--on", "sim", "--seed", "1,2"]).fails(2, "2 seeds on a board");
    laser(&["--on", "sim", "--port", "tcp:127.0.0.1:1"]).fails(2, "--on sim --port tcp:127.0.0.1:1");
    laser(&["--on", "board"]).fails(2, "--on board --port sim:");
    laser(&["--port", "tcp:127.0.0.1:1"]).fails(2, "--port tcp:127.0.0.1:1 without a board");
    laser(&["--on", "board", "--port", "tcp:127.0.0.1:1"]).fails(3, "nobody listens at tcp:127.0.0.1:1");
    laser(&["--on", "sim", "--traffic", "search"]).fails(2, "search: a gap of");
}

#[test]
fn traces_that_cannot_be_read_are_refused_with_their_line() {
    laser(&["--trace", "/no/such/trace.csv"]).fails(2, "cannot read the trace /no/such/trace.csv");
    laser(&["--trace", env!("CARGO_MANIFEST_DIR")]).fails(2, "cannot be read");
    #[cfg(target_os = "linux")]
    laser(&["--trace", "/dev/zero"]).fails(2, "/dev/zero: line 1: more than 4096 bytes");
    for (text, what) in [
        ("", "the trace is empty"),
        ("a,b\n1,2\n", "line 1 is \"a,b\""),
        ("start_ns,dur_ns\n", "0 burst(s)"),
        ("start_ns,dur_ns\n5,6\n", "1 burst(s)"),
        ("start_ns,dur_ns\n0,6\n9\n", "line 3: dur_ns is \"\""),
        ("start_ns,dur_ns\n0,6\n-9,1\n", "line 3: start_ns is \"-9\""),
        ("start_ns,dur_ns\n0,6\n18446744073709551615,1\n", "does not fit 64 bits"),
        ("start_ns,dur_ns\n0,6\n90000000000000000,1\n", "a gap or burst of 2^32 cycles or more"),
    ] {
        let (_folder, path) = trace(text);
        laser(&["--trace", &path]).fails(2, what);
    }
}

#[test]
fn the_page_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    let page = ["--html", path.to_str().unwrap()];
    firstlight(&[&MODEL[..], &page].concat()).succeeds();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>\n"));
    assert_eq!((text.matches("<svg").count(), text.matches("</svg>").count()), (4, 4), "two plots a setting");
    assert!(text.contains("power of laser and driver only") && !text.contains("NaN"));
    std::fs::remove_file(&path).unwrap();
    firstlight(&[&MODEL[..], &["--html", "/dev/full"]].concat()).fails(2, "cannot write /dev/full: no storage space");
    laser(&["--html", "/no/such/page.html"]).fails(2, "cannot write /no/such/page.html");
    laser(&[&page[..], &["--traffic", "rings"]].concat()).fails(2, "--traffic rings");
    laser(&[&page[..], &["--on", "board", "--port", "tcp:127.0.0.1:1"]].concat()).fails(3, "nobody listens");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn ctrl_c_ends_a_long_run_without_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    for on in ["sim", "model"] {
        let mut child = command();
        child
            .args(["laser", "--on", on, "--seed", "1", "--traffic", "moe,ring-62,tree", "--bursts", "300000", "--html"])
            .arg(&path);
        let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        // the hidden file shows that it is under way
        while std::fs::read_dir(folder.path()).unwrap().count() == 0 {
            assert!(start.elapsed() < Duration::from_secs(60), "it never started");
            std::thread::sleep(Duration::from_millis(5));
        }
        let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(kill.expect("kill").success());
        done(child.wait_with_output().unwrap()).fails(130, "interrupted");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
