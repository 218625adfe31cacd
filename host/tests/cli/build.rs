//! `build` with tools that only pretend: its report, its exit codes, its ends.
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::run::{Done, command, done};

/// Folder of pretended tools, and of what is built.
struct Bench {
    folder: tempfile::TempDir,
}

const YOSYS: &str = r#"case "$1" in
  -V) echo "Yosys 9.99 (git sha1 0)"; exit ;;
  -p) exit ;;
esac
echo '{"design": {"num_cells_by_type": {"SB_LUT4": 5, "SB_DFF": 3, "SB_PLL40_CORE": 1}}}' > stat.json
echo '{"modules": {"cu_loopback": {"cells": {"core.core.link.a": {"type": "SB_LUT4"}, "b": {"type": "SB_DFF"}}}}}' > netlist.json
"#;
const NEXTPNR: &str = r#"case "$1" in --version) echo 'next -- Version 9.9 (git)'; exit ;; esac
while [ $# -gt 0 ]; do
  case "$1" in --seed) seed=$2 ;; --asc) asc=$2 ;; --report) report=$2 ;; esac
  shift
done
echo "bitstream of seed $seed" > $asc
echo "{\"fmax\": {\"clk\": {\"achieved\": 15$seed.5}}, \"utilization\": {\"ICESTORM_LC\": {\"used\": 9, \"available\": 7680}}}" > $report
"#;
const ICEPACK: &str = r#"printf '\377\000\000\377\176\252\231\176' > $2; cat $1 >> $2
"#;

impl Bench {
    fn new() -> Self {
        let bench = Bench { folder: tempfile::tempdir().unwrap() };
        bench.tool("yosys", YOSYS);
        bench.tool("nextpnr-ice40", NEXTPNR);
        bench.tool("icepack", ICEPACK);
        bench
    }
    fn tool(&self, name: &str, script: &str) {
        fs::create_dir_all(self.folder.path().join("bin")).unwrap();
        let path = self.folder.path().join("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
    fn command(&self, more: &[&str]) -> std::process::Command {
        let mut build = command();
        let path = format!("{}:/usr/bin:/bin", self.folder.path().join("bin").display());
        build.env("PATH", path).args(["build", "-o"]).arg(self.out()).args(more);
        build
    }
    fn native(&self, more: &[&str]) -> std::process::Command {
        self.command(&[&["--tools", "native"], more].concat())
    }
    fn build(&self, more: &[&str]) -> Done {
        done(self.native(more).output().unwrap())
    }
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.out()).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names.retain(|name| name != "work");
        names
    }
}

#[test]
fn the_best_of_the_seeds_becomes_the_bitstream() {
    let bench = Bench::new();
    let out = bench.build(&["--seeds", "8", "--json"]).succeeds();
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["seed"], 8);
    assert_eq!(report["clocks"]["datapath"]["mhz"], serde_json::json!({"min": 151.5, "median": 154.5, "max": 158.5}));
    assert_eq!(report["utilisation"]["lut4"], serde_json::json!({"used": 5, "available": 7680}));
    assert_eq!(report["blocks"]["link"]["utilisation"]["lut4"]["used"], 1);
    assert_eq!(report["tools"]["yosys"], "Yosys 9.99");
    assert_eq!(fs::read_to_string(bench.out().join("cu_loopback.asc")).unwrap(), "bitstream of seed 8\n");
    let kept = fs::read_to_string(bench.out().join("cu_loopback.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&kept).unwrap(), report);
    let sums = fs::read_to_string(bench.out().join("cu_loopback.sha256")).unwrap();
    assert!(sums.contains(report["sha256"]["cu_loopback.bin"].as_str().unwrap()), "{sums}");
    assert!(bench.build(&["--seeds", "8"]).succeeds().contains("timing         met\n"));
}

#[test]
fn a_missed_clock_is_exit_code_1_and_no_bitstream() {
    let bench = Bench::new();
    bench.build(&["--seeds", "7"]).succeeds();
    let missed = bench.build(&["--seeds", "5"]);
    missed.fails(1, "clock datapath reaches 155.5 MHz with the best of 5 seeds, 156.25 MHz needed");
    assert!(missed.err.contains("--seeds 10"), "{}", missed.err);
    assert_eq!(bench.files(), ["cu_loopback.json", "cu_loopback.pcf", "cu_loopback.sha256", "cu_loopback.v"]);
    let slow = bench.build(&["--allow-slow"]).succeeds();
    assert!(slow.contains("MISSED") && bench.files().contains(&"cu_loopback.bin".into()), "{slow}");
}

#[test]
fn missing_and_failing_tools_are_named() {
    let bench = Bench::new();
    bench.tool("icepack", "echo broken pack; exit 3\n");
    let failed = bench.build(&["--allow-slow"]);
    failed.fails_at_length(2, &["icepack failed (exit status: 3)", "broken pack", "icepack.log"]);
    assert!(!bench.files().iter().any(|name| name.ends_with(".bin")), "{:?}", bench.files());
    bench.tool("icepack", ICEPACK);
    bench.tool(
        "nextpnr-ice40",
        "case \"$1\" in --version) echo 'Version 9.9'; exit ;; esac\necho no place left; exit 7\n",
    );
    let failed = bench.build(&["--allow-slow"]);
    failed.fails_at_length(2, &["nextpnr-ice40 failed (exit status: 7)", "no place left", "seed1.log"]);
    assert!(bench.files().is_empty(), "{:?}", bench.files());
    bench.tool(
        "yosys",
        "case $1 in -V) echo 'Yosys 9.99 (g)'; exit ;; esac\necho 'Warning: wire a is used but has no driver.'\n",
    );
    bench.build(&[]).fails_at_length(2, &["yosys warned of something that must not be ignored", "has no driver"]);
    let mut alone = bench.native(&[]);
    let alone = done(alone.env("PATH", bench.folder.path().join("none")).output().unwrap());
    alone.fails(2, "yosys is not on PATH");
    assert!(alone.err.contains("--tools pinned"), "{}", alone.err);
}

#[test]
fn without_network_the_pinned_tools_say_what_pip_said() {
    let bench = Bench::new();
    // a python whose environment has a pip that cannot reach anybody
    let python = "mkdir -p \"$3/bin\"; printf '#!/bin/sh\\necho no route to host; exit 1\\n' > \"$3/bin/python\"; chmod +x \"$3/bin/python\"\n";
    bench.tool("python3", python);
    let mut build = bench.command(&["--top", "cu-loopback"]);
    build.env("FIRSTLIGHT_TOOLS_DIR", bench.folder.path().join("tools"));
    let offline = done(build.output().unwrap());
    offline.fails_at_length(2, &["cannot prepare the pinned tools", "no route to host", "check the network"]);
    bench.tool("python3", "echo no module named venv; exit 1\n");
    let mut build = bench.command(&["--tools", "pinned"]);
    let bare = done(build.env("FIRSTLIGHT_TOOLS_DIR", bench.folder.path().join("other")).output().unwrap());
    bare.fails_at_length(2, &["no module named venv", "python3-venv"]);
}

#[test]
fn a_full_disk_is_said_and_leaves_no_bitstream() {
    let bench = Bench::new();
    // files may have 512 bytes, as on a disk without space; the signal is ignored, so that the write fails
    let full = bench.native(&["--allow-slow"]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]).arg(full.get_program()).args(full.get_args());
    shell.envs(full.get_envs().filter_map(|(key, value)| Some((key, value?))));
    let full = done(shell.output().unwrap());
    full.fails(2, "cu_loopback.v: ");
    assert!(full.err.contains("free some space"), "{}", full.err);
    assert!(bench.files().is_empty(), "{:?}", bench.files());
}

#[test]
fn wrong_seeds_and_a_folder_that_cannot_be_written_are_refused() {
    let bench = Bench::new();
    for seeds in ["0", "1001", "-1", "many"] {
        bench.build(&[&format!("--seeds={seeds}")]).refused(&format!("invalid value '{seeds}' for '--seeds <N>'"));
    }
    fs::write(bench.out(), "a file where the folder should be").unwrap();
    let failed = bench.build(&[]);
    failed.fails(2, &bench.out().display().to_string());
    assert_eq!(fs::read_to_string(bench.out()).unwrap(), "a file where the folder should be");
}

#[test]
fn ctrl_c_and_a_request_to_end_stop_the_tool_and_the_build() {
    ["-INT", "-TERM"].iter().for_each(|signal| interrupted_by(signal));
}

fn interrupted_by(signal: &str) {
    let bench = Bench::new();
    bench.tool(
        "nextpnr-ice40",
        "case \"$1\" in --version) echo 'Version 9.9'; exit ;; esac\necho $$ > started; exec sleep 60\n",
    );
    let mut running = bench.native(&[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started = bench.out().join("work/started");
    let deadline = Instant::now() + Duration::from_secs(60);
    let tool = loop {
        match fs::read_to_string(&started) {
            Ok(id) if id.ends_with('\n') => break id.trim().to_owned(),
            _ if Instant::now() > deadline => panic!("nextpnr was never started"),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let signal = std::process::Command::new("kill").args([signal, &running.id().to_string()]).status().unwrap();
    assert!(signal.success());
    running.wait().unwrap();
    let ended = done(running.wait_with_output().unwrap());
    ended.fails(130, "interrupted while nextpnr-ice40 was running");
    assert!(!Path::new("/proc").join(&tool).exists(), "the tool goes on");
    assert!(bench.files().is_empty(), "{:?}", bench.files());
}

#[test]
fn unknown_blocks_are_refused_before_anything_runs() {
    let bench = Bench::new();
    bench.build(&["--blocks", "nothing"]).fails(2, "cu_loopback has no part nothing");
    assert!(bench.files().is_empty());
}
