//! What the flow promises of any design: same bytes twice, a report with its keys, misses and warnings said.

use crate::{mini, tools};
use firstlight_sim::flow::{FlowError, REST, Source, Toolchain};
use std::fs;
use std::path::Path;

fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("the folder was made").flatten();
    let mut names: Vec<String> =
        entries.filter(|e| e.path().is_file()).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn two_builds_give_the_same_bytes_and_a_report_of_the_whole_and_its_parts() {
    let Some(tools) = tools("flow") else { return };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let report = mini::build(&tools, one.path(), mini::MHZ).unwrap_or_else(|e| panic!("{e}"));
    mini::build(&tools, two.path(), mini::MHZ).unwrap_or_else(|e| panic!("{e}"));
    let all = ["mini.asc", "mini.bin", "mini.json", "mini.pcf", "mini.sha256", "mini.v"];
    assert_eq!(files(one.path()), all);
    for file in all {
        let bytes = |dir: &Path| fs::read(dir.join(file)).unwrap();
        assert!(bytes(one.path()) == bytes(two.path()), "{file} differs");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(one.path().join("mini.json")).unwrap()).expect("a report in JSON");
    for key in ["min", "median", "max"] {
        assert!(json["clocks"]["datapath"]["mhz"][key].as_f64() >= Some(mini::MHZ), "{json:#}");
        assert!(json["blocks"]["leds"]["clocks"]["clock"]["mhz"][key].as_f64() >= Some(mini::MHZ), "{json:#}");
    }
    let whole = |kind: &str| json["utilisation"][kind]["used"].as_u64().expect("a count");
    let of_parts = |kind: &str| -> u64 {
        ["bone", "id", "leds", REST]
            .iter()
            .map(|p| json["blocks"][*p]["utilisation"][kind]["used"].as_u64().expect("a count"))
            .sum()
    };
    for kind in ["lut4", "ff", "bram", "pll"] {
        assert_eq!(whole(kind), of_parts(kind), "{kind} of the parts");
        assert!(json["utilisation"][kind]["available"].as_u64() >= Some(2), "{kind}");
    }
    assert!(whole("lut4") > 200 && whole("ff") > 200 && whole("pll") == 1, "{json:#}");
    assert!(json["blocks"]["bone"]["utilisation"]["ff"]["used"].as_u64() > Some(50), "{json:#}");
    assert_eq!((&json["seed"], &json["seeds"]), (&serde_json::json!(1), &serde_json::json!([1])));
    for (part, kind) in ["bone", "id", "leds", REST].iter().flat_map(|p| ["lut4", "ff", "bram", "pll"].map(|k| (p, k)))
    {
        let available = &json["blocks"][*part]["utilisation"][kind]["available"];
        assert_eq!(*available, json["utilisation"][kind]["available"], "{kind} of {part}");
    }
    assert_eq!(json["timing_met"], true);
    for tool in ["yosys", "nextpnr-ice40", "icepack"] {
        assert!(report.tools[tool].contains('.'), "{:?}", report.tools);
    }
    assert_eq!(json["sha256"]["mini.bin"], report.sha256["mini.bin"]);
}

#[test]
fn a_missed_clock_is_an_error_and_leaves_its_report_but_no_bitstream() {
    let Some(tools) = tools("missed clock") else { return };
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mini.bin"), "of an older build").unwrap();
    match mini::build(&tools, dir.path(), 800.0) {
        Err(FlowError::Timing { clock, got, want, .. }) => {
            assert_eq!((clock.as_str(), want), ("datapath", 800.0));
            assert!(got > 50.0 && got < 800.0, "{got}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(files(dir.path()), ["mini.json", "mini.pcf", "mini.sha256", "mini.v"]);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(dir.path().join("mini.json")).unwrap()).unwrap();
    assert_eq!(json["timing_met"], false);
}

#[test]
fn a_wire_without_driver_is_refused_although_yosys_only_warns() {
    let Some(tools) = tools("loose wire") else { return };
    let dir = tempfile::tempdir().unwrap();
    let spec = firstlight_sim::flow::BuildSpec {
        name: "loose",
        verilog: "module loose(input a, output q); wire b; assign q = a & b; endmodule\n",
        module: "loose",
        pcf: "",
        clocks: &[("none", "", 1.0)],
        parts: &[],
        apart: &[],
        alone: &[],
        seeds: &[1],
        allow_slow: false,
    };
    let error = firstlight_sim::flow::build(&tools, dir.path(), &spec, &|_| {}).unwrap_err();
    assert!(matches!(&error, FlowError::Warnings { lines, .. } if lines.contains("has no driver")), "{error}");
    assert!(files(dir.path()).is_empty());
}

#[test]
fn native_tools_say_their_versions_and_build() {
    let needed = ["yosys", "nextpnr-ice40", "icepack"];
    if needed.iter().any(|tool| firstlight_sim::tools::Tool::for_test(tool, "native tools").is_none()) {
        return;
    }
    let native = Toolchain::new(Source::Native, &|_| {}).unwrap_or_else(|e| panic!("{e}"));
    assert!(native.versions["yosys"].starts_with("Yosys 0."), "{:?}", native.versions);
    let dir = tempfile::tempdir().unwrap();
    let report = mini::build(&native, dir.path(), mini::MHZ).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(report.tools["source"], "native");
    assert_eq!(report.size_bytes, fs::metadata(dir.path().join("mini.bin")).unwrap().len());
    assert!(report.size_bytes > 100_000, "{}", report.size_bytes);
}
