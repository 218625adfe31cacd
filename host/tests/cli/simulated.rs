//! The command on the simulated board: the real gateware, in this process and behind its UARTBone.
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use firstlight::capture::{self, Capture, Frame};
use serde_json::Value;

use crate::run::{command, firstlight};
use crate::schema;

const CYCLES: u64 = 3;

fn measure(more: &[&str]) -> Value {
    let out = firstlight(&[&["measure", "--json", "--frames", "200"], more].concat()).succeeds();
    serde_json::from_str(&out).expect("one JSON object")
}

/// Every frame arrived, each after exactly three cycles.
#[track_caller]
fn is_constant(report: &Value, frames: u64) {
    assert_eq!(report["latency_cycles"]["bins"], serde_json::json!([[CYCLES, frames]]), "{report}");
    for key in ["min", "p50", "p99", "max"] {
        assert_eq!(report["latency_cycles"][key], CYCLES, "{key}");
    }
    assert_eq!(report["frames"]["sent"], frames);
    assert_eq!(report["frames"]["received"], frames);
    for key in ["lost", "bad", "stomped", "repeated", "unmatched"] {
        assert_eq!(report["frames"][key], 0, "{key}");
    }
    assert_eq!(report["events"]["payload_wrong_frames"], 0);
}

#[test]
fn every_frame_takes_three_cycles_at_full_load() {
    let report = measure(&[]);
    is_constant(&report, 200);
    assert_eq!(report["wait_cycles"]["max"], 2, "the tail of the frame before");
    assert_eq!(report["bits"]["corrected"], 0);
}

#[test]
fn the_report_of_the_gateware_is_what_the_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schedule.csv");
    std::fs::write(&path, "0,64\n7,65\n").unwrap();
    let runs: [&[&str]; 4] = [
        &[],
        &["--errors", "1e-4", "--seed", "5", "--set", "laser_mode=1"],
        &["--flip", "3", "--max-ns", "20"],
        &["--schedule", path.to_str().unwrap()],
    ];
    schema::check(schema::MEASURE, &runs.map(measure));
}

#[test]
fn single_bit_errors_are_corrected_without_a_cycle() {
    let report = measure(&["--flip", "17", "--every", "7"]);
    is_constant(&report, 200);
    assert!(report["bits"]["corrected"].as_u64() > Some(200), "{report}");
    assert_eq!(report["bits"]["uncorrected"], 0);
}

#[test]
fn double_errors_are_never_delivered_as_good() {
    let report = measure(&["--flip", "17,60", "--every", "35"]);
    let (sent, bad) = (&report["frames"]["sent"], report["frames"]["bad"].as_u64().unwrap());
    assert_eq!(sent, 200);
    assert!(bad > 0 && report["bits"]["uncorrected"].as_u64() > Some(0), "{report}");
    assert_eq!(report["events"]["payload_wrong_frames"], 0, "nothing wrong in frames of good verdict");
    assert_eq!(report["latency_cycles"]["min"], CYCLES);
    assert_eq!(report["latency_cycles"]["max"], CYCLES);
}

#[test]
fn a_schedule_mixes_lengths_and_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schedule.csv");
    std::fs::write(&path, "0,64\n5,1\n100,1518\n0,9\n").unwrap();
    is_constant(&measure(&["--schedule", path.to_str().unwrap()]), 200);
}

#[test]
fn limits_are_kept_on_the_gateware() {
    firstlight(&["measure", "-n", "50", "--max-ns", "19.2", "--max-jitter-cycles", "0"]).succeeds();
    firstlight(&["measure", "-n", "50", "--max-ns", "19.1"]).fails(1, "19.20 ns (3 cycles)");
}

#[test]
fn waves_come_with_a_view() {
    let folder = tempfile::tempdir().unwrap();
    let vcd = folder.path().join("waves.vcd");
    firstlight(&["measure", "-n", "10", "--vcd", vcd.to_str().unwrap()]).succeeds();
    let text = std::fs::read_to_string(&vcd).unwrap();
    assert!(text.contains("$timescale") && text.contains("$enddefinitions"));
    let view = std::fs::read_to_string(folder.path().join("waves.gtkw")).unwrap();
    assert!(view.contains("waves.vcd"), "{view}");
}

fn captured(lengths: &[usize]) -> Capture {
    let frame = |(n, bytes): (usize, &usize)| Frame {
        time_ns: 2_000 * n as u64,
        data: (0..*bytes).map(|k| (k * 13 + n * 7) as u8).collect(),
        wire_bytes: *bytes as u32,
    };
    Capture { link_type: 1, frames: lengths.iter().enumerate().map(frame).collect() }
}

fn replay(folder: &Path, port: &str, capture: &Capture) -> String {
    let (from, to) = (folder.join("in.pcap"), folder.join("out.pcap"));
    std::fs::write(&from, capture::write(capture)).unwrap();
    let args = ["replay", "--port", port, from.to_str().unwrap(), "-o", to.to_str().unwrap()];
    let out = firstlight(&args).succeeds();
    assert_eq!(&capture::read(&to).unwrap(), capture);
    out
}

#[test]
fn captured_frames_of_all_lengths_go_through_bit_exact() {
    let folder = tempfile::tempdir().unwrap();
    let out = replay(folder.path(), "sim:", &captured(&[1, 7, 8, 9, 64, 1518, 4352]));
    assert!(out.contains("7 of 7 frames bit-exact") && out.contains("every one 3 cycles"), "{out}");
}

/// Two or more wrong bits in a word: its frame is lost at L2, and whole at L3, where the host repairs it from the
/// stored slots.
#[test]
fn damaged_frames_are_repaired_at_l3_and_lost_at_l2() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("in.pcap"), folder.path().join("out.pcap"));
    let [from, to] = [&from, &to].map(|path| path.to_str().unwrap());
    let capture = captured(&[64, 300, 9, 600, 450, 1, 128, 512, 333, 256, 77, 600]);
    std::fs::write(from, capture::write(&capture)).unwrap();
    let damaged = ["replay", from, "--errors", "1.5e-3", "--seed", "3"];
    let out = firstlight(&[&damaged[..], &["--rung", "L3", "-o", to]].concat()).succeeds();
    // which words are hit depends on the cycle in which the registers were written
    assert!(out.contains("12 of 12 frames bit-exact (") && out.contains(" after repair)"), "{out}");
    assert!(out.contains(" repaired\n"), "{out}");
    assert_eq!(capture::read(Path::new(to)).unwrap(), capture);
    let at_l2 = firstlight(&[&damaged[..], &["--json"]].concat());
    at_l2.fails(1, "frames did not arrive as they were sent");
    let report: Value = serde_json::from_str(&at_l2.out).unwrap();
    let frames = report["frames"].as_array().unwrap();
    assert!(frames.iter().any(|f| f["good"] == false) && frames.iter().all(|f| f["repaired_words"].is_null()));

    // over TCP the board runs between commands: which words are hit is not known, but never is a wrong frame delivered
    let served = Served::start(&["--tcp", "127.0.0.1:0"]);
    let args = ["replay", from, "--errors", "5e-3", "--rung", "L3", "--json", "--port", &served.1];
    let report: Value = serde_json::from_str(&firstlight(&args).out).unwrap();
    let frames = report["frames"].as_array().unwrap();
    assert!(frames.iter().any(|f| f["repaired_words"].as_u64() > Some(0)), "{report}");
    let delivered = |f: &&Value| f["good"] == true || f["repaired_words"].is_u64();
    assert!(frames.iter().filter(delivered).all(|f| f["bit_exact"] == true), "{report}");
}

/// `firstlight sim`, ended with the test.
pub struct Served(Child, pub String);

impl Served {
    pub fn start(args: &[&str]) -> Self {
        let mut child = command().arg("sim").args(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split(" at ").nth(1).and_then(|rest| rest.split(';').next()).expect(&line).to_owned();
        Served(child, port)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // it may have ended by itself; the test has said why by now
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn every_verb_works_over_tcp_and_over_a_pseudo_terminal() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["--tcp", "127.0.0.1:0"][..], &["--pty"]] {
        let served = Served::start(args);
        let port = served.1.as_str();
        assert!(firstlight(&["info", "--port", port]).succeeds().contains("locked yes"));
        let out = firstlight(&["reg", "--port", port, "set", "id_scratch", "42"]).succeeds();
        assert_eq!(out, "id_scratch 0x0000002a 42\n");
        is_constant(&measure(&["--port", port]), 200);
        replay(folder.path(), port, &captured(&[64, 9]));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_device_that_somebody_else_uses_is_said() {
    let served = Served::start(&["--pty"]);
    let port = served.1.as_str();
    let mut holder = command();
    holder.args(["measure", "--port", port, "--frames", "100000000"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut holder = holder.spawn().unwrap();
    // its report begins once it has the device
    let mut line = String::new();
    BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let busy = firstlight(&["info", "--port", port]);
    holder.kill().unwrap();
    holder.wait().unwrap();
    busy.fails(3, &format!("cannot open {port}"));
    assert!(busy.err.contains(&format!("(process {}) has it open", holder.id())), "{}", busy.err);
}

#[test]
fn an_address_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    firstlight(&["sim", "--tcp", &address]).fails(2, &format!("cannot serve on {address}"));
    firstlight(&["sim", "--tcp", "nonsense"]).fails(2, "cannot serve on nonsense");
    firstlight(&["sim"]).refused("required");
    firstlight(&["sim", "--pty", "--tcp", "127.0.0.1:0"]).refused("cannot be used with");
}
