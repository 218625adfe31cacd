//! In four states nothing unknown leaves the emitted Verilog: payload without its valid, a bus that nobody asks, memories
//! that nobody wrote.

use firstlight_sim::tools::Tool;
use firstlight_spec::regs::{GROUPS, Reg, generator, laser, latency, link, memory};
use firstlight_tests::designs::find;
use std::fmt::Write;
use std::path::Path;

/// Cycles for the frames of one measurement.
const FRAMES_CYCLES: u32 = 1_500;
/// Cycles of a snapshot or of a clear.
const COMMAND_CYCLES: u32 = 400;

/// Compiles the bench of `four_state/` around a design and runs it; the last line that it printed.
fn run(design: &str, verilog: &str, operations: &str, arguments: &[&str]) -> Option<String> {
    let (iverilog, vvp) = (Tool::for_test("iverilog", "four states")?, Tool::for_test("vvp", "four states")?);
    let dir = tempfile::tempdir().unwrap();
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("four_state/{design}.v"));
    std::fs::write(dir.path().join("design.v"), verilog).unwrap();
    std::fs::write(dir.path().join("operations.vh"), operations).unwrap();
    let bench = bench.display().to_string();
    iverilog
        .run(dir.path(), &["-g2005", "-s", "bench", "-I", ".", "-o", "bench.vvp", &bench, "design.v"])
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
        let Some(said) = run("link_loop", &verilog("link_loop"), "", arguments) else { return };
        assert_eq!(said, "0 unknown, 232 beats, 59 good frames, lock 1", "{arguments:?}");
    }
}

#[test]
fn the_bench_sees_what_is_unknown() {
    // a client that is unknown at a clock edge is seen on the line and, when the reset is short, long after it
    let Some(said) = run("link_loop", &verilog("link_loop"), "", &["+unknown=1", "+reset=4"]) else { return };
    assert!(!said.starts_with("0 unknown"), "{said}");
    // and so is payload without its valid, where a gate that masks it is missing
    let masked = verilog("link_loop");
    let unmasked = masked.replace("= (client & (", "= (1'b1 & (");
    assert_ne!(masked, unmasked);
    let Some(said) = run("link_loop", &unmasked, "", &["+reset=4"]) else { return };
    assert!(!said.starts_with("0 unknown"), "{said}");
}

fn write(text: &mut String, reg: &Reg, value: u32) {
    writeln!(text, "    transfer(13'd{}, 1'b1, 32'd{value});", reg.word).unwrap();
}

fn wait(text: &mut String, cycles: u32) {
    writeln!(text, "    repeat ({cycles}) @(posedge clock);\n    #0.1;").unwrap();
}

/// Measurements at two rungs and in two laser modes, with every register read afterwards.
fn operations() -> String {
    let mut text = String::new();
    for (k, (link_control, mode)) in [(2, 0), (7, 4)].into_iter().enumerate() {
        for (reg, value) in [
            (&link::CONTROL, link_control),
            (&laser::MODE, mode),
            (&laser::T_ON, 20),
            (&generator::CONTROL, 8),
            (&generator::FRAMES, 20),
            (&generator::LENGTH, 77),
            (&generator::GAP, 30),
            (&link::COMMAND, 1),
        ] {
            write(&mut text, reg, value);
        }
        wait(&mut text, COMMAND_CYCLES);
        write(&mut text, &memory::RX_CONTROL, k as u32);
        write(&mut text, &generator::COMMAND, 1);
        wait(&mut text, FRAMES_CYCLES);
        write(&mut text, &link::COMMAND, 2);
        wait(&mut text, COMMAND_CYCLES);
        let words = GROUPS.iter().flat_map(|(_, regs)| regs.iter()).flat_map(|r| r.word..r.word + r.words);
        let bins = latency::BINS.word..latency::BINS.word + 8;
        for word in words.chain(bins) {
            writeln!(text, "    transfer(13'd{word}, 1'b0, 32'd0);").unwrap();
        }
    }
    text
}

/// Frame memories, schedule and the laser's tables start at anything.
fn with_unknown_memories(verilog: &str) -> (String, usize) {
    let (mut text, mut unknown) = (String::new(), 0);
    for (n, module) in verilog.split("\nmodule ").enumerate() {
        let is_data = ["core$memories$", "core$generator$schedule"].iter().any(|name| module.starts_with(name));
        let zeros = "words[i] = 0;";
        if n > 0 {
            text += "\nmodule ";
        }
        if is_data && module.contains(zeros) {
            unknown += 1;
            text += &module.replace(zeros, "words[i] = 'bx;");
        } else {
            text += module;
        }
    }
    (text, unknown)
}

#[test]
fn bus_lines_that_are_not_qualified_and_memories_reach_no_output_of_the_core() {
    let (verilog, operations) = (verilog("core"), operations());
    let Some(said) = run("core", &verilog, &operations, &[]) else { return };
    assert!(said.starts_with("0 unknown, ") && said.ends_with(" 40 good frames, lock 1"), "{said}");
    let (verilog, unknown) = with_unknown_memories(&verilog);
    assert!(unknown > 3, "frame memories and schedule, found {unknown}");
    let Some(said) = run("core", &verilog, &operations, &[]) else { return };
    assert!(said.starts_with("0 unknown, ") && said.ends_with(" 40 good frames, lock 1"), "{said}");
}
