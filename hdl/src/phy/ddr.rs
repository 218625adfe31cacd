//! Double-data-rate pins: two bits per pin and clock cycle.
//!
//! | leaf        | pins | timing |
//! |-------------|------|--------|
//! | [`DdrOut`]  | out  | bits taken at an edge; `rise` on the pin while the clock is high, `fall` while it is low |
//! | [`DdrIn`]   | in   | `rise` sampled at the rising, `fall` at the falling edge before the next one |
//! | [`ClockPin`]| in   | a clock, straight onto a global net |

use crate::word::W;
use rust_hdl::prelude::*;

/// How Verilog names bit `i` of `N`: a port of one bit has no index.
fn bit<const N: usize>(i: usize) -> String {
    if N == 1 { String::new() } else { format!("[{i}]") }
}

/// `N` outputs.
#[derive(LogicBlock, Default)]
pub struct DdrOut<const N: usize> {
    pub clock: Signal<In, Clock>,
    pub rise: Signal<In, W<N>>,
    pub fall: Signal<In, W<N>>,
    pub pins: Signal<Out, W<N>>,
    _held: (W<N>, W<N>),
}

impl<const N: usize> Logic for DdrOut<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self._held.0 = self.rise.val();
        }
        if self.clock.neg_edge() {
            self._held.1 = self.fall.val();
        }
        self.pins.next = if self.clock.val().clk { self._held.0 } else { self._held.1 };
    }
    fn connect(&mut self) {
        self.pins.connect();
    }
    fn hdl(&self) -> Verilog {
        let code = (0..N)
            .map(|i| (i, bit::<N>(i)))
            .map(|(i, at)| format!("SB_IO #(.PIN_TYPE(6'b010000)) pin_{i} (.PACKAGE_PIN(pins{at}), .OUTPUT_CLK(clock), .D_OUT_0(rise{at}), .D_OUT_1(fall{at}));\n"))
            .collect();
        Verilog::Wrapper(Wrapper { code, cores: String::new() })
    }
}

/// `N` inputs.
#[derive(LogicBlock, Default)]
pub struct DdrIn<const N: usize> {
    pub clock: Signal<In, Clock>,
    pub pins: Signal<In, W<N>>,
    pub rise: Signal<Out, W<N>>,
    pub fall: Signal<Out, W<N>>,
}

impl<const N: usize> Logic for DdrIn<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.rise.next = self.pins.val();
        }
        if self.clock.neg_edge() {
            self.fall.next = self.pins.val();
        }
    }
    fn connect(&mut self) {
        self.rise.connect();
        self.fall.connect();
    }
    fn hdl(&self) -> Verilog {
        let code = (0..N)
            .map(|i| (i, bit::<N>(i)))
            .map(|(i, at)| format!("SB_IO #(.PIN_TYPE(6'b000000)) pin_{i} (.PACKAGE_PIN(pins{at}), .INPUT_CLK(clock), .D_IN_0(rise{at}), .D_IN_1(fall{at}));\n"))
            .collect();
        Verilog::Wrapper(Wrapper { code, cores: String::new() })
    }
}

/// A clock input on a pin that drives a global net.
#[derive(LogicBlock, Default)]
pub struct ClockPin {
    pub pin: Signal<In, Clock>,
    pub clock: Signal<Out, Clock>,
}

impl Logic for ClockPin {
    fn update(&mut self) {
        self.clock.next = self.pin.val();
    }
    fn connect(&mut self) {
        self.clock.connect();
    }
    fn hdl(&self) -> Verilog {
        let code = "SB_GB_IO #(.PIN_TYPE(6'b000001)) pin_0 (.PACKAGE_PIN(pin), .GLOBAL_BUFFER_OUTPUT(clock));\n".into();
        Verilog::Wrapper(Wrapper { code, cores: String::new() })
    }
}
