//! Both directions of the lane PHY, from slots to the bits of double-data-rate pins.
//!
//! ```text
//!  tx_data, tx_tail --> LaneTx --> tx_rise, tx_fall        (this board's clock)
//!  rx_data, rx_tail <-- Elastic <-- LaneRx <-- rx_rise, rx_fall   (the far board's clock)
//! ```
//!
//! Everything towards the link is in the domain of `slot_clock`.

use crate::phy::elastic::Elastic;
use crate::phy::lane_rx::LaneRx;
use crate::phy::lane_tx::LaneTx;
use crate::word::W;
use rust_hdl::prelude::*;

#[derive(LogicBlock, Default)]
pub struct Lanes {
    /// Lane clock of this board.
    pub clock: Signal<In, Clock>,
    /// Forwarded clock of the far board.
    pub rx_clock: Signal<In, Clock>,
    pub slot_clock: Signal<Out, Clock>,
    pub tx_data: Signal<In, W<64>>,
    /// Type in bits 3..0, check in bits 11..4.
    pub tx_tail: Signal<In, W<12>>,
    pub rx_data: Signal<Out, W<64>>,
    pub rx_tail: Signal<Out, W<12>>,
    pub light: Signal<Out, Bit>,
    pub doubled: Signal<Out, Bit>,
    pub dropped: Signal<Out, Bit>,
    pub emptied: Signal<Out, Bit>,
    pub overrun: Signal<Out, Bit>,
    pub tx_rise: Signal<Out, W<8>>,
    pub tx_fall: Signal<Out, W<8>>,
    pub rx_rise: Signal<In, W<8>>,
    pub rx_fall: Signal<In, W<8>>,
    tx: LaneTx,
    rx: LaneRx,
    elastic: Elastic,
}

impl Logic for Lanes {
    #[hdl_gen]
    fn update(&mut self) {
        self.tx.clock.next = self.clock.val();
        self.tx.data.next = self.tx_data.val();
        self.tx.tail.next = self.tx_tail.val();
        self.slot_clock.next = self.tx.slot_clock.val();
        self.tx_rise.next = self.tx.rise.val();
        self.tx_fall.next = self.tx.fall.val();

        self.rx.clock.next = self.rx_clock.val();
        self.rx.rise.next = self.rx_rise.val();
        self.rx.fall.next = self.rx_fall.val();

        self.elastic.write_clock.next = self.rx_clock.val();
        self.elastic.in_data.next = self.rx.data.val();
        self.elastic.in_tail.next = self.rx.tail.val();
        self.elastic.in_idle.next = self.rx.idle.val();
        self.elastic.in_valid.next = self.rx.valid.val();
        self.elastic.clock.next = self.clock.val();
        self.elastic.slot_clock.next = self.tx.slot_clock.val();
        self.elastic.phase.next = self.tx.phase.val();

        self.rx_data.next = self.elastic.out_data.val();
        self.rx_tail.next = self.elastic.out_tail.val();
        self.light.next = self.elastic.running.val();
        self.doubled.next = self.elastic.doubled.val();
        self.dropped.next = self.elastic.dropped.val();
        self.emptied.next = self.elastic.emptied.val();
        self.overrun.next = self.elastic.overrun.val();
    }
}
