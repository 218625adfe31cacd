//! A small top on the board's pins: clock, reset, UART, identity registers, LEDs.

use firstlight_hdl::board::alchitry_cu as pins;
use firstlight_hdl::board::leds::Leds;
use firstlight_hdl::board::reset::Reset;
use firstlight_hdl::control::bit_time::BitTime;
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::control::fabric::Fabric;
use firstlight_hdl::control::id_regs::IdRegs;
use firstlight_hdl::control::settings::Settings;
use firstlight_hdl::control::uart_rx::UartRx;
use firstlight_hdl::control::uart_tx::UartTx;
use firstlight_hdl::phy::pll::Pll;
use firstlight_hdl::word::W;
use firstlight_sim::flow::{self, BuildSpec, FlowError, Report, Toolchain};
use firstlight_sim::tops::Top;
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::limits::UART_BAUD;
use firstlight_spec::regs::id;
use rust_hdl::prelude::*;
use std::path::Path;

/// A clock that it reaches.
pub const MHZ: f64 = 100.0;
const DEADLINE_CYCLES: u64 = 12_000;

#[derive(LogicBlock)]
pub struct Mini {
    pub clock: Signal<In, Clock>,
    pub button_n: Signal<In, Bit>,
    pub uart_rx: Signal<In, Bit>,
    pub uart_tx: Signal<Out, Bit>,
    pub leds: Signal<Out, W<8>>,
    pll: Pll,
    reset: Reset,
    rx: UartRx<7>,
    tx: UartTx<7>,
    bone: Bone,
    fabric: Fabric<2, 0>,
    id: IdRegs,
    settings: Settings,
    lamps: Leds<4>,
    levels: Signal<Local, W<4>>,
}

impl Default for Mini {
    fn default() -> Self {
        Mini {
            clock: pins::clock(),
            button_n: pins::button_n(),
            uart_rx: pins::uart_rx(),
            uart_tx: pins::uart_tx(),
            leds: pins::leds(),
            pll: Default::default(),
            reset: Default::default(),
            rx: UartRx::new(BitTime::of(CLOCK_HZ, UART_BAUD)),
            tx: UartTx::new(BitTime::of(CLOCK_HZ, UART_BAUD)),
            bone: Bone::new(DEADLINE_CYCLES),
            fabric: Default::default(),
            id: IdRegs::new(0, CLOCK_HZ),
            settings: Settings::new(&[id::REGS]),
            lamps: Default::default(),
            levels: Default::default(),
        }
    }
}

impl Logic for Mini {
    #[hdl_gen]
    fn update(&mut self) {
        self.pll.clock_in.next = self.clock.val();
        self.reset.clock.next = self.pll.clock.val();
        self.reset.locked.next = self.pll.locked.val();
        self.reset.button_n.next = self.button_n.val();
        self.rx.clock.next = self.pll.clock.val();
        self.tx.clock.next = self.pll.clock.val();
        self.bone.clock.next = self.pll.clock.val();
        self.fabric.clock.next = self.pll.clock.val();
        self.id.clock.next = self.pll.clock.val();
        self.settings.clock.next = self.pll.clock.val();
        self.lamps.clock.next = self.pll.clock.val();

        self.rx.pin.next = self.uart_rx.val();
        self.bone.rx_data.next = self.rx.data.val();
        self.bone.rx_valid.next = self.rx.valid.val();
        self.bone.rx_error.next = self.rx.error.val();
        self.rx.ready.next = self.bone.rx_ready.val();
        self.tx.data.next = self.bone.tx_data.val();
        self.tx.valid.next = self.bone.tx_valid.val();
        self.bone.tx_ready.next = self.tx.ready.val();
        self.uart_tx.next = self.tx.pin.val();

        self.fabric.cyc.next = self.bone.cyc.val();
        self.fabric.stb.next = self.bone.stb.val();
        self.fabric.we.next = self.bone.we.val();
        self.fabric.adr.next = self.bone.adr.val();
        self.fabric.dat_w.next = self.bone.dat_w.val();
        self.bone.dat_r.next = self.fabric.dat_r.val();
        self.bone.ack.next = self.fabric.ack.val();
        self.id.request.next = self.fabric.request.val();
        self.id.bone_error.next = self.bone.error.val();
        self.fabric.answers[0].next = self.id.bus_read.val();
        self.settings.request.next = self.fabric.request.val();
        self.fabric.answers[1].next = self.settings.bus_read.val();

        self.levels.next = 0.into();
        self.levels.next = self.levels.val().replace_bit(0, self.reset.reset.val());
        self.levels.next = self.levels.val().replace_bit(1, self.bone.active.val());
        self.lamps.levels.next = self.levels.val();
        self.lamps.events.next = self.levels.val();
        self.leds.next = self.lamps.leds.val();
    }
}

/// Builds it into `dir` with one seed; its datapath needs `mhz`.
pub fn build(tools: &Toolchain, dir: &Path, mhz: f64) -> Result<Report, FlowError> {
    let top = Top::of(Mini::default(), "mini", &[], &[("bone", "bone"), ("id", "id"), ("leds", "lamps")]);
    let spec = BuildSpec {
        name: "mini",
        verilog: &top.verilog,
        module: "mini",
        pcf: &top.pcf,
        clocks: &[("datapath", "", mhz)],
        parts: top.parts,
        apart: &["bone"],
        alone: &["leds"],
        seeds: &[1],
        allow_slow: false,
    };
    flow::build(tools, dir, &spec, &|text| eprintln!("{text}"))
}
