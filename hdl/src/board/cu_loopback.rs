//! Top of the Alchitry Cu with the line wired back inside: 10 Gb/s, measured.
//!
//! The core is `Parts::SMALL`, because the whole one takes more logic cells than the device has. One clock of 156.25 MHz; nothing but the control UART, the laser enable and the LEDs leaves the device.

use crate::board::alchitry_cu as pins;
use crate::board::reset::Reset;
use crate::board::uart_core::UartCore;
use crate::core::Parts;
use crate::phy::pll::{OUTPUT_HZ, Pll};
use crate::prelude::*;
use crate::target::Target;
use crate::word::W;

#[derive(LogicBlock)]
pub struct CuLoopback {
    /// 100 MHz.
    pub clock: Signal<In, Clock>,
    pub button_n: Signal<In, Bit>,
    pub uart_rx: Signal<In, Bit>,
    pub uart_tx: Signal<Out, Bit>,
    pub leds: Signal<Out, W<8>>,
    pub laser_enable: Signal<Out, Bit>,
    pll: Pll,
    reset: Reset,
    core: UartCore<7, 12>,
}

impl Default for CuLoopback {
    fn default() -> Self {
        Self {
            clock: pins::clock(),
            button_n: pins::button_n(),
            uart_rx: pins::uart_rx(),
            uart_tx: pins::uart_tx(),
            leds: pins::leds(),
            laser_enable: pins::laser_enable(),
            pll: Default::default(),
            reset: Default::default(),
            core: UartCore::new(Target::Ice40, true, OUTPUT_HZ, Parts::SMALL),
        }
    }
}

impl Logic for CuLoopback {
    #[hdl_gen]
    fn update(&mut self) {
        self.pll.clock_in.next = self.clock.val();
        self.reset.clock.next = self.pll.clock.val();
        self.reset.locked.next = self.pll.locked.val();
        self.reset.button_n.next = self.button_n.val();
        self.core.clock.next = self.pll.clock.val();
        self.core.reset.next = self.reset.reset.val();
        self.core.uart_rx.next = self.uart_rx.val();
        self.core.line_in_data.next = self.core.line_out_data.val();
        self.core.line_in_tc.next = self.core.line_out_tc.val();
        self.core.line_in_light.next = true;
        self.uart_tx.next = self.core.uart_tx.val();
        self.leds.next = self.core.leds.val();
        self.laser_enable.next = self.core.laser_enable.val();
    }
}
