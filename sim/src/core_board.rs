//! The simulated board: the whole core in RustHDL, its line looped inside.

use crate::bench::Bench;
use crate::engine::VerilatedBoard;
use crate::tools::ToolError;
use crate::wishbone_board::{Transfer, WishboneBoard, WishbonePorts};
use firstlight_hdl::core::Core;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;

/// Where the core has its Wishbone slave.
pub fn ports() -> WishbonePorts<Core> {
    WishbonePorts {
        drive: |u, transfer: Option<Transfer>| {
            u.wb_cyc.next = transfer.is_some();
            u.wb_stb.next = transfer.is_some();
            u.wb_we.next = transfer.is_some_and(|t| t.data.is_some());
            u.wb_adr.next = W::new(transfer.map_or(0, |t| t.word as u64));
            u.wb_dat_w.next = W::new(transfer.and_then(|t| t.data).unwrap_or(0) as u64);
        },
        acknowledged: |u| u.wb_ack.val().then(|| u.wb_dat_r.val().get() as u32),
    }
}

/// The core on a bench.
pub fn bench(looped: bool) -> Bench<Core> {
    let core = Core::new(Target::Generic, looped, firstlight_spec::budget::CLOCK_HZ);
    Bench::new(core, |u| &mut u.clock).ticking_on_both_edges()
}

/// What `sim:` runs.
pub fn looped() -> WishboneBoard<Core> {
    WishboneBoard::new(bench(true), ports(), concat!("rusthdl 0.46, firstlight ", env!("CARGO_PKG_VERSION")))
}

/// What `sim:verilator` runs: the same core's Verilog, compiled.
pub fn verilated() -> Result<VerilatedBoard, ToolError> {
    VerilatedBoard::of(&bench(true), "firstlight_core")
}
