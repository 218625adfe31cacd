//! The core behind the board's UART: bits of the control line in, register transfers in the core.
//!
//! ```text
//!  uart_rx --> UartRx --> Bone <--> Core <--> line_*, laser_enable
//!  uart_tx <-- UartTx <--           |
//!                                  Leds --> leds
//! ```
//!
//! | LED | shows |
//! |-----|-------|
//! | 0   | locked |
//! | 1   | light seen |
//! | 2   | laser enabled |
//! | 3   | the host's command is under way |
//! | 4   | a good frame arrived |
//! | 5   | an error that was not corrected |
//! | 6   | a byte from the host |
//! | 7   | a damaged byte or command on the control line |
//!
//! `D`: bits of the UART's divider. `T`: how long an event stays on its LED (`crate::board::leds`).

use crate::board::leds::Leds;
use crate::control::bit_time::BitTime;
use crate::control::bone::Bone;
use crate::control::uart_rx::UartRx;
use crate::control::uart_tx::UartTx;
use crate::core::{Core, Parts};
use crate::prelude::*;
use crate::target::Target;
use crate::word::W;
use firstlight_spec::limits::{BONE_TIMEOUT_MS, UART_BAUD};

#[derive(LogicBlock)]
pub struct UartCore<const D: usize, const T: usize> {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub uart_rx: Signal<In, Bit>,
    pub uart_tx: Signal<Out, Bit>,
    pub line_out_data: Signal<Out, W<64>>,
    pub line_out_tc: Signal<Out, W<12>>,
    pub line_in_data: Signal<In, W<64>>,
    pub line_in_tc: Signal<In, W<12>>,
    pub line_in_light: Signal<In, Bit>,
    pub laser_enable: Signal<Out, Bit>,
    pub leds: Signal<Out, W<8>>,
    core: Core,
    bone: Bone,
    rx: UartRx<D>,
    tx: UartTx<D>,
    lamps: Leds<T>,
    levels: Signal<Local, W<4>>,
    events: Signal<Local, W<4>>,
}

impl<const D: usize, const T: usize> UartCore<D, T> {
    /// `looped`: the line is wired back inside the core. `clock_hz` is the frequency of `clock`.
    pub fn new(target: Target, looped: bool, clock_hz: u64, parts: Parts) -> Self {
        let bit = BitTime::of(clock_hz, UART_BAUD);
        Self {
            clock: Default::default(),
            reset: Default::default(),
            uart_rx: Default::default(),
            uart_tx: Default::default(),
            line_out_data: Default::default(),
            line_out_tc: Default::default(),
            line_in_data: Default::default(),
            line_in_tc: Default::default(),
            line_in_light: Default::default(),
            laser_enable: Default::default(),
            leds: Default::default(),
            core: Core::with(target, looped, clock_hz, parts),
            bone: Bone::new(clock_hz / 1000 * BONE_TIMEOUT_MS),
            rx: UartRx::new(bit),
            tx: UartTx::new(bit),
            lamps: Default::default(),
            levels: Default::default(),
            events: Default::default(),
        }
    }
}

impl<const D: usize, const T: usize> Logic for UartCore<D, T> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, core, bone, rx, tx, lamps);
        self.core.reset.next = self.reset.val();
        // bits, bytes, transfers
        self.rx.pin.next = self.uart_rx.val();
        self.bone.rx_data.next = self.rx.data.val();
        self.bone.rx_valid.next = self.rx.valid.val();
        self.bone.rx_error.next = self.rx.error.val();
        self.rx.ready.next = self.bone.rx_ready.val();
        self.tx.data.next = self.bone.tx_data.val();
        self.tx.valid.next = self.bone.tx_valid.val();
        self.bone.tx_ready.next = self.tx.ready.val();
        self.uart_tx.next = self.tx.pin.val();
        self.core.wb_cyc.next = self.bone.cyc.val();
        self.core.wb_stb.next = self.bone.stb.val();
        self.core.wb_we.next = self.bone.we.val();
        self.core.wb_adr.next = self.bone.adr.val();
        self.core.wb_dat_w.next = self.bone.dat_w.val();
        self.bone.dat_r.next = self.core.wb_dat_r.val();
        self.bone.ack.next = self.core.wb_ack.val();
        self.core.bone_error.next = self.bone.error.val();
        // the line
        self.line_out_data.next = self.core.line_out_data.val();
        self.line_out_tc.next = self.core.line_out_tc.val();
        self.core.line_in_data.next = self.line_in_data.val();
        self.core.line_in_tc.next = self.line_in_tc.val();
        self.core.line_in_light.next = self.line_in_light.val();
        self.laser_enable.next = self.core.laser_en.val();
        // what one can see
        self.levels.next = 0.into();
        self.levels.next = self.levels.val().replace_bit(0, self.core.status_locked.val());
        self.levels.next = self.levels.val().replace_bit(1, self.core.status_light.val());
        self.levels.next = self.levels.val().replace_bit(2, self.core.laser_en.val());
        self.levels.next = self.levels.val().replace_bit(3, self.bone.active.val());
        self.events.next = 0.into();
        self.events.next = self.events.val().replace_bit(0, self.core.frame_good_now.val());
        self.events.next = self.events.val().replace_bit(1, self.core.error_now.val());
        self.events.next = self.events.val().replace_bit(2, self.rx.valid.val());
        self.events.next = self.events.val().replace_bit(3, self.bone.error.val());
        self.lamps.levels.next = self.levels.val();
        self.lamps.events.next = self.events.val();
        self.leds.next = self.lamps.leds.val();
    }
}
