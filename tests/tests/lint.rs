//! The exported Verilog passes verilator's lint; what is waived stands in one file with its reason.

use firstlight_hdl::target::Target;
use firstlight_sim::designs::Design;
use firstlight_sim::tools::{Tool, ToolError};
use std::path::Path;

fn lint(verilator: &Tool, design: Design, waivers: &[&str]) -> Result<String, ToolError> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(dir.path().join(design.file()), design.verilog(Target::Generic)).expect("a temporary file");
    let mut arguments = vec!["--lint-only", "-Wall", "--top-module", design.module()];
    arguments.extend(waivers);
    arguments.push(design.file());
    verilator.run(dir.path(), &arguments)
}

#[test]
fn every_design_passes_verilators_lint_with_the_written_waivers_only() {
    let Some(verilator) = Tool::for_test("verilator", "lint of the exported designs") else { return };
    let waivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../constraints/verilator-waivers.vlt");
    let waivers = waivers.to_str().expect("a path in UTF-8");
    for design in Design::ALL {
        if let Err(e) = lint(&verilator, design, &[waivers]) {
            panic!("{}: {e}", design.module());
        }
    }
    // without the waivers the core does not pass: the lint really looks
    assert!(lint(&verilator, Design::Core, &[]).is_err());
}
