//! In four states nothing unknown leaves the emitted Verilog of the link while payload without its valid is unknown.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs::find;
use std::path::Path;

/// Compiles the bench of `four_state/` around a design and runs it; the last line that it printed.
fn run(design: &str, verilog: &str, arguments: &[&str]) -> Option<String> {
    let (iverilog, vvp) = (Tool::for_test("iverilog", "four states")?, Tool::for_test("vvp", "four states")?);
    let dir = tempfile::tempdir().unwrap();
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("four_state/{design}.v"));
    std::fs::write(dir.path().join("design.v"), verilog).unwrap();
    let bench = bench.display().to_string();
    iverilog
        .run(dir.path(), &["-g2005", "-s", "bench", "-o", "bench.vvp", &bench, "design.v"])
        .unwrap_or_else(|e| panic!("{e}"));
    let said = vvp.run(dir.path(), &[&["bench.vvp"], arguments].concat()).unwrap_or_else(|e| panic!("{e}"));
    println!("{said}");
    Some(said.lines().rfind(|l| l.contains("unknown, ")).unwrap_or("the bench did not end").to_owned())
}

fn verilog(design: &str) -> String {
    find(design).unwrap_or_else(|e| panic!("{e}")).emit().verilog
}

#[test]
fn payload_that_is_not_qualified_reaches_no_output_of_the_link() {
    // registers have their initial values: with known valid, hold and settings no reset is needed
    for arguments in [&["+reset=0"][..], &["+reset=1"], &["+reset=4"]] {
        let Some(said) = run("link_loop", &verilog("link_loop"), arguments) else { return };
        assert_eq!(said, "0 unknown, 232 beats, 59 good frames, lock 1", "{arguments:?}");
    }
}

#[test]
fn the_bench_sees_what_is_unknown() {
    // a client that is unknown at a clock edge is seen on the line and, when the reset is short, long after it
    let Some(said) = run("link_loop", &verilog("link_loop"), &["+unknown=1", "+reset=4"]) else { return };
    assert!(!said.starts_with("0 unknown"), "{said}");
    // and so is payload without its valid, where a gate that masks it is missing
    let masked = verilog("link_loop");
    let unmasked = masked.replace("= (client & (", "= (1'b1 & (");
    assert_ne!(masked, unmasked);
    let Some(said) = run("link_loop", &unmasked, &["+reset=4"]) else { return };
    assert!(!said.starts_with("0 unknown"), "{said}");
}
