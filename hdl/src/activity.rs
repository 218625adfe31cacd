//! What the models of all leaves share: when a clock ticks, and whether that changed any state.
//!
//! A leaf that holds state takes [`ticks`] for its edge and calls [`note`] when it changed, so that parts which stand
//! still can be skipped. This exists in simulation only.

use rust_hdl::prelude::{Clock, In, Signal};
use std::cell::Cell;

thread_local! {
    static CHANGES: Cell<u64> = const { Cell::new(0) };
    static RUNS: Cell<u64> = const { Cell::new(0) };
    static SLEEPLESS: Cell<bool> = const { Cell::new(false) };
    static BOTH_EDGES: Cell<bool> = const { Cell::new(false) };
}

/// Counts both edges as ticks on this thread: a design with one clock then settles once a cycle, not twice.
pub fn tick_on_both_edges(on: bool) {
    BOTH_EDGES.with(|b| b.set(on));
}

/// Is this pass the clock's tick?
#[inline]
pub fn ticks(clock: &Signal<In, Clock>) -> bool {
    clock.changed && (clock.pos_edge() || BOTH_EDGES.with(Cell::get))
}

/// Is an edge to this level a tick?
#[inline]
pub fn is_tick(level: Clock) -> bool {
    level.clk || BOTH_EDGES.with(Cell::get)
}

/// State has changed.
#[inline]
pub fn note() {
    CHANGES.with(|c| c.set(c.get() + 1));
}

/// Changes so far on this thread; only differences mean anything.
#[inline]
pub fn changes() -> u64 {
    CHANGES.with(Cell::get)
}

/// A part that may sleep runs its logic.
#[inline]
pub(crate) fn note_run() {
    RUNS.with(|r| r.set(r.get() + 1));
}

/// Runs so far on this thread; only differences mean anything. Unlike the time they take, they are the same everywhere.
pub fn runs() -> u64 {
    RUNS.with(Cell::get)
}

/// Parts that this thread builds from now on never sleep: they run in every pass, as RustHDL runs them.
pub fn build_sleepless(on: bool) {
    SLEEPLESS.with(|s| s.set(on));
}

pub(crate) fn is_sleepless() -> bool {
    SLEEPLESS.with(Cell::get)
}
