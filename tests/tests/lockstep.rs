//! RustHDL's simulation and the emitted Verilog agree at every port in every cycle.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs::DESIGNS;
use firstlight_tests::lockstep::link_loop;
use std::time::Instant;

/// Cycles in continuous integration, and when all is asked for.
const CYCLES: usize = 500_000;
const CYCLES_ALL: usize = 10_000_000;
const SEED: u64 = 0x51;

#[test]
fn both_engines_agree_in_every_cycle() {
    if Tool::for_test("verilator", "lockstep").is_none() {
        return;
    }
    let cycles = if std::env::var_os("FIRSTLIGHT_ALL").is_some() { CYCLES_ALL } else { CYCLES };
    for design in DESIGNS {
        let (Some(stimulus), Some(lockstep)) = (design.stimulus, design.lockstep) else { continue };
        let start = Instant::now();
        if let Err(e) = lockstep(cycles, stimulus(SEED)) {
            panic!("{} with seed {SEED:#x}: {e}", design.name);
        }
        println!("{}: {cycles} cycles without a difference, seed {SEED:#x}, {:.1?}", design.name, start.elapsed());
    }
}

/// A leaf's model took IDLE's fixed bits from a register that is zero after power-on; its Verilog has them as constants.
#[test]
fn end_builder_sends_idles_fixed_bits_from_the_same_cycle_on() {
    if Tool::for_test("verilator", "lockstep").is_none() {
        return;
    }
    let rows = Box::new(|| vec![0; 11]);
    link_loop(10, rows).unwrap_or_else(|e| panic!("{e}"));
}
