//! The core's Verilog passes verilator's lint; what is waived stands in one file with its reason.

use firstlight_sim::core_board;
use firstlight_sim::tools::Tool;
use firstlight_sim::verilog;
use std::path::Path;

const TOP: &str = "firstlight_core";

#[test]
fn the_core_passes_verilators_lint_with_the_written_waivers_only() {
    let Some(verilator) = Tool::for_test("verilator", "lint of the core") else { return };
    let waivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../constraints/verilator-waivers.vlt");
    let waivers = waivers.to_str().expect("a path in UTF-8");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let text = verilog::emit(core_board::bench(true).uut.as_ref(), TOP);
    std::fs::write(dir.path().join("firstlight_core.v"), text).expect("a temporary file");
    let lint = |extra: &[&str]| {
        let mut arguments = vec!["--lint-only", "-Wall", "--top-module", TOP];
        arguments.extend(extra);
        arguments.push("firstlight_core.v");
        verilator.run(dir.path(), &arguments)
    };
    if let Err(e) = lint(&[waivers]) {
        panic!("{e}");
    }
    // without the waivers it does not pass: the lint really looks
    assert!(lint(&[]).is_err());
}
