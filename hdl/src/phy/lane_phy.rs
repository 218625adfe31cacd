//! The lane PHY with its pins: eight lanes and a forwarded clock in each direction.
//!
//! ```text
//!  slots <--> Lanes --> DdrOut --> tx_lanes[8], tx_clock (a quarter period late: in the middle of each bit)
//!                   <-- DdrIn  <-- rx_lanes[8], rx_clock
//! ```
//!
//! | contract   | value, cable excluded |
//! |------------|-------|
//! | throughput | one slot in 5 cycles of the lane clock |
//! | latency    | one board through jumpers of up to 9 ns: [`JUMPER_CYCLES`] lane cycles (5 slots, 160 ns), always the same |
//! |            | two boards up to 400 ppm apart: [`MIN_CYCLES`] to [`MAX_CYCLES`] lane cycles (3.2 to 5.6 slots, 102 to 179 ns), ± the crossing's one cycle |
//! | far clock stops | dark within [`DARK_SLOTS`] slots; every slot sent before and after arrives, once |

use crate::phy::ddr::{ClockPin, DdrIn, DdrOut};
use crate::phy::lanes::Lanes;
use crate::word::W;
use rust_hdl::prelude::*;

/// Slot shown by the link to slot seen by the link, through jumpers, in cycles of the lane clock.
pub const JUMPER_CYCLES: u64 = 25;
/// The same between two boards, at least: with the least in the elastic buffer.
pub const MIN_CYCLES: u64 = 16;
/// And at most: with an IDLE left out next.
pub const MAX_CYCLES: u64 = 28;
/// Slots from the last edge of the far board's clock to darkness.
pub const DARK_SLOTS: u64 = 6;

#[derive(LogicBlock, Default)]
pub struct LanePhy {
    pub clock: Signal<In, Clock>,
    /// `clock`, a quarter period later.
    pub late_clock: Signal<In, Clock>,
    pub slot_clock: Signal<Out, Clock>,
    pub tx_data: Signal<In, W<64>>,
    /// Type in bits 3..0, check in bits 11..4.
    pub tx_tail: Signal<In, W<12>>,
    pub rx_data: Signal<Out, W<64>>,
    pub rx_tail: Signal<Out, W<12>>,
    /// Slots come in.
    pub light: Signal<Out, Bit>,
    pub doubled: Signal<Out, Bit>,
    pub dropped: Signal<Out, Bit>,
    pub emptied: Signal<Out, Bit>,
    pub overrun: Signal<Out, Bit>,
    pub tx_lanes: Signal<Out, W<8>>,
    pub tx_clock: Signal<Out, W<1>>,
    pub rx_lanes: Signal<In, W<8>>,
    pub rx_clock: Signal<In, Clock>,
    lanes: Lanes,
    out: DdrOut<8>,
    clock_out: DdrOut<1>,
    lanes_in: DdrIn<8>,
    clock_in: ClockPin,
}

impl Logic for LanePhy {
    #[hdl_gen]
    fn update(&mut self) {
        self.lanes.clock.next = self.clock.val();
        self.slot_clock.next = self.lanes.slot_clock.val();
        self.lanes.tx_data.next = self.tx_data.val();
        self.lanes.tx_tail.next = self.tx_tail.val();
        self.rx_data.next = self.lanes.rx_data.val();
        self.rx_tail.next = self.lanes.rx_tail.val();
        self.light.next = self.lanes.light.val();
        self.doubled.next = self.lanes.doubled.val();
        self.dropped.next = self.lanes.dropped.val();
        self.emptied.next = self.lanes.emptied.val();
        self.overrun.next = self.lanes.overrun.val();

        self.out.clock.next = self.clock.val();
        self.out.rise.next = self.lanes.tx_rise.val();
        self.out.fall.next = self.lanes.tx_fall.val();
        self.tx_lanes.next = self.out.pins.val();
        self.clock_out.clock.next = self.late_clock.val();
        self.clock_out.rise.next = 1.into();
        self.clock_out.fall.next = 0.into();
        self.tx_clock.next = self.clock_out.pins.val();

        self.clock_in.pin.next = self.rx_clock.val();
        self.lanes.rx_clock.next = self.clock_in.clock.val();
        self.lanes_in.clock.next = self.clock_in.clock.val();
        self.lanes_in.pins.next = self.rx_lanes.val();
        self.lanes.rx_rise.next = self.lanes_in.rise.val();
        self.lanes.rx_fall.next = self.lanes_in.fall.val();
    }
}
