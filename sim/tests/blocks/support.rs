//! What the tests of all blocks share.

use firstlight_sim::bench::Bench;
use firstlight_sim::tools::Tool;
use firstlight_sim::{replay, verilog};
use rust_hdl::prelude::*;

/// Replays what the bench recorded on the emitted Verilog, and lets yosys check that Verilog.
pub fn replays_and_validates<U: Block>(bench: &Bench<U>, test: &str) {
    let text = verilog::emit(bench.uut.as_ref(), "firstlight_block");
    if Tool::for_test("iverilog", test).is_some()
        && let Err(e) = replay::replay(&text, "firstlight_block", bench.trace())
    {
        panic!("{test}: {e}");
    }
    if let Some(yosys) = Tool::for_test("yosys", test)
        && let Err(e) = verilog::validate(&text, "firstlight_block", &yosys)
    {
        panic!("{test}: {e}");
    }
}

/// A small reproducible source of numbers.
pub fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x
    }
}
