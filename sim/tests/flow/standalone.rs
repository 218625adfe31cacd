//! The bench of a release runs with iverilog alone, and finds a wrong gate.

use firstlight_hdl::target::Target;
use firstlight_sim::release;
use firstlight_sim::tools::Tool;
use std::fs;
use std::path::Path;

/// What the bench says in `folder`, by the command that the release's README gives.
fn run(folder: &Path, compile: &Tool, simulate: &Tool, more: &[&str]) -> String {
    let files = ["-g2005", "-s", "bench", "-o", "link.vvp", "bench/firstlight_link_tb.v", "rtl/firstlight_link.v"];
    compile.run(folder, &[&files, more].concat()).unwrap_or_else(|e| panic!("{e}"));
    simulate.run(folder, &["-n", "link.vvp"]).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn the_shipped_bench_runs_with_iverilog_alone() {
    let name = "bench of a release";
    let (Some(compile), Some(simulate)) = (Tool::for_test("iverilog", name), Tool::for_test("vvp", name)) else {
        return;
    };
    for target in [Target::Generic, Target::Ice40] {
        let folder = tempfile::tempdir().expect("a temporary directory");
        for (path, text) in release::files(target) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let mut cells = vec![];
        if target == Target::Ice40 {
            fs::write(folder.path().join("cells.v"), firstlight_hdl::target::SB_LUT4_MODEL).expect("a file");
            cells.push("cells.v");
        }
        let said = run(folder.path(), &compile, &simulate, &cells);
        assert!(said.contains("differences 0 in "), "{said}");
        // one entry of one table, or one gate, the other way round
        let (right, wrong) = match target {
            Target::Ice40 => ("16'h6996", "16'h6997"),
            Target::Generic => ("assign w0 = partial[8] ^ ", "assign w0 = partial[8] | "),
        };
        let path = folder.path().join("rtl/firstlight_link.v");
        let verilog = fs::read_to_string(&path).expect("just written");
        assert!(verilog.contains(right));
        fs::write(&path, verilog.replacen(right, wrong, 1)).expect("a file");
        let said = run(folder.path(), &compile, &simulate, &cells);
        assert!(!said.contains("differences 0 in ") && said.contains("differences "), "{said}");
    }
}
