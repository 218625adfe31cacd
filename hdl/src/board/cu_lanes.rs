//! Top of the Alchitry Cu with the line on eight lanes each way: between two boards, or through jumpers.
//!
//! The link runs at the slot rate, a fifth of the lane clock: 31.25 million slots a second, 2 Gb/s of data.
//! The core is `Parts::LANES`: without the generator's schedule memory.
//! `light_lost` is a receiver module's open-drain output: low means light; for jumpers, tie it low.

use crate::board::alchitry_cu as pins;
use crate::board::reset::Reset;
use crate::board::uart_core::UartCore;
use crate::core::Parts;
use crate::phy::cell::WORDS;
use crate::phy::lane_phy::LanePhy;
use crate::phy::pll::{OUTPUT_HZ, PllPair};
use crate::prelude::*;
use crate::target::Target;
use crate::word::W;

/// Slots a second.
pub const SLOT_HZ: u64 = OUTPUT_HZ / WORDS as u64;

#[derive(LogicBlock)]
pub struct CuLanes {
    /// 100 MHz.
    pub clock: Signal<In, Clock>,
    pub button_n: Signal<In, Bit>,
    pub uart_rx: Signal<In, Bit>,
    pub uart_tx: Signal<Out, Bit>,
    pub leds: Signal<Out, W<8>>,
    pub laser_enable: Signal<Out, Bit>,
    pub light_lost: Signal<In, Bit>,
    pub tx_lanes: Signal<Out, W<8>>,
    pub tx_clock: Signal<Out, W<1>>,
    pub rx_lanes: Signal<In, W<8>>,
    pub rx_clock: Signal<In, Clock>,
    pll: PllPair,
    reset: Reset,
    phy: LanePhy,
    core: UartCore<7, 10>,
    lit_first: DFF<Bit>,
    lit: DFF<Bit>,
}

impl Default for CuLanes {
    fn default() -> Self {
        Self {
            clock: pins::clock(),
            button_n: pins::button_n(),
            uart_rx: pins::uart_rx(),
            uart_tx: pins::uart_tx(),
            leds: pins::leds(),
            laser_enable: pins::laser_enable(),
            light_lost: pins::light_lost(),
            tx_lanes: pins::tx_lanes(),
            tx_clock: pins::tx_clock(),
            rx_lanes: pins::rx_lanes(),
            rx_clock: pins::rx_clock(),
            pll: Default::default(),
            reset: Default::default(),
            phy: Default::default(),
            core: UartCore::new(Target::Ice40, false, SLOT_HZ, Parts::LANES),
            lit_first: Default::default(),
            lit: Default::default(),
        }
    }
}

impl Logic for CuLanes {
    #[hdl_gen]
    fn update(&mut self) {
        self.pll.clock_in.next = self.clock.val();
        self.phy.clock.next = self.pll.clock.val();
        self.phy.late_clock.next = self.pll.late_clock.val();
        self.reset.clock.next = self.phy.slot_clock.val();
        self.reset.locked.next = self.pll.locked.val();
        self.reset.button_n.next = self.button_n.val();
        self.core.clock.next = self.phy.slot_clock.val();
        self.core.reset.next = self.reset.reset.val();
        self.core.uart_rx.next = self.uart_rx.val();
        self.uart_tx.next = self.core.uart_tx.val();
        self.leds.next = self.core.leds.val();
        self.laser_enable.next = self.core.laser_enable.val();

        self.phy.tx_data.next = self.core.line_out_data.val();
        self.phy.tx_tail.next = self.core.line_out_tc.val();
        self.core.line_in_data.next = self.phy.rx_data.val();
        self.core.line_in_tc.next = self.phy.rx_tail.val();
        self.lit_first.clock.next = self.phy.slot_clock.val();
        self.lit.clock.next = self.phy.slot_clock.val();
        self.lit_first.d.next = !self.light_lost.val();
        self.lit.d.next = self.lit_first.q.val();
        self.core.line_in_light.next = self.phy.light.val() & self.lit.q.val();

        self.tx_lanes.next = self.phy.tx_lanes.val();
        self.tx_clock.next = self.phy.tx_clock.val();
        self.phy.rx_lanes.next = self.rx_lanes.val();
        self.phy.rx_clock.next = self.rx_clock.val();
    }
}
