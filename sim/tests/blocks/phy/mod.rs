//! The lane PHY.

mod cell;
mod ddr;
mod elastic;
mod lane_boards;
mod lane_phy;
mod lane_rx;
mod lane_tx;
mod lanes;
mod pll;
mod two_clock_memory;

use firstlight_hdl::phy::cell::{MARK_BITS, WORDS};
use firstlight_spec::slot::{SLOT_BITS, Slot};

/// What lanes carry, by the text of the cell's contract: lane l has cell bits 10 l .. 10 l + 9, two each cycle, the first
/// on the rising edge. Gives (rise, fall) of each cycle.
fn carried(slot: Slot, mark: u128) -> [(u64, u64); WORDS] {
    assert!(mark < 1 << MARK_BITS);
    let cell = slot.to_line() | mark << SLOT_BITS;
    let edge = |time: usize| (0..8).fold(0, |bits, lane| bits | ((cell >> (10 * lane + time) & 1) as u64) << lane);
    std::array::from_fn(|k| (edge(2 * k), edge(2 * k + 1)))
}

/// The mark of the `n`th cell.
fn mark(n: u64, is_idle: bool) -> u128 {
    match (n % 2 == 1, is_idle) {
        (true, true) => 3,
        (true, false) => 5,
        (false, true) => 12,
        (false, false) => 10,
    }
}
