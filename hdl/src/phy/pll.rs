//! The board's clock: 100 MHz in, 156.25 MHz out, with a lock signal.
//!
//! ```text
//!              +---Pll---+
//!  clock_in ---|         |--- clock        156.25 MHz, global
//!              |         |--- late_clock   the same, a quarter period later (two-output form)
//!              |         |--- locked
//!              +---------+
//! ```
//!
//! In simulation the clocks pass through unchanged (the bench owns all time) and lock rises on the 16th falling edge.

use rust_hdl::prelude::*;

/// Input of the PLL on the Alchitry Cu.
pub const INPUT_HZ: u64 = 100_000_000;
const DIVR: u64 = 3;
const DIVF: u64 = 24;
const DIVQ: u64 = 2;
/// For a phase detector at 17 to 26 MHz.
const FILTER_RANGE: u64 = 2;
/// Steps of 150 ps by which the late clock is delayed, less one: a quarter of 6.4 ns.
const LATE_STEPS: u64 = 10;

const DETECTOR_HZ: u64 = INPUT_HZ / (DIVR + 1);
const VCO_HZ: u64 = DETECTOR_HZ * (DIVF + 1);
/// What comes out.
pub const OUTPUT_HZ: u64 = VCO_HZ >> DIVQ;
/// Delay of the late clock.
pub const LATE_PS: u64 = (LATE_STEPS + 1) * 150;

const _: () = {
    assert!(OUTPUT_HZ == firstlight_spec::budget::CLOCK_HZ);
    assert!(VCO_HZ >= 533_000_000 && VCO_HZ <= 1_066_000_000);
    assert!(DETECTOR_HZ >= 17_000_000 && DETECTOR_HZ < 26_000_000);
    let quarter = firstlight_spec::budget::CYCLE_PS / 4;
    assert!(LATE_PS.abs_diff(quarter) < 150);
};

/// Falling edges until the model reports lock, so that it never changes with the clock that looks at it.
const MODEL_LOCK_EDGES: u64 = 16;

fn settings() -> String {
    format!(
        ".FEEDBACK_PATH(\"SIMPLE\"), .DIVR(4'd{DIVR}), .DIVF(7'd{DIVF}), .DIVQ(3'd{DIVQ}), .FILTER_RANGE(3'd{FILTER_RANGE})"
    )
}

/// One output.
#[derive(LogicBlock, Default)]
pub struct Pll {
    pub clock_in: Signal<In, Clock>,
    pub clock: Signal<Out, Clock>,
    pub locked: Signal<Out, Bit>,
    _edges: u64,
}

impl Logic for Pll {
    fn update(&mut self) {
        if self.clock_in.neg_edge() {
            self._edges += 1;
        }
        self.clock.next = self.clock_in.val();
        self.locked.next = self._edges >= MODEL_LOCK_EDGES;
    }
    fn connect(&mut self) {
        self.clock.connect();
        self.locked.connect();
    }
    fn hdl(&self) -> Verilog {
        let code = format!(
            "SB_PLL40_CORE #({}) pll (.REFERENCECLK(clock_in), .RESETB(1'b1), .BYPASS(1'b0), .PLLOUTGLOBAL(clock), .LOCK(locked));\n",
            settings()
        );
        Verilog::Wrapper(Wrapper { code, cores: String::new() })
    }
}

/// Two outputs, the second a quarter period late. In simulation the bench drives the late clock itself.
#[derive(LogicBlock, Default)]
pub struct PllPair {
    pub clock_in: Signal<In, Clock>,
    pub clock: Signal<Out, Clock>,
    pub late_clock: Signal<Out, Clock>,
    pub locked: Signal<Out, Bit>,
    _edges: u64,
}

impl Logic for PllPair {
    fn update(&mut self) {
        if self.clock_in.neg_edge() {
            self._edges += 1;
        }
        self.clock.next = self.clock_in.val();
        self.late_clock.next = self.clock_in.val();
        self.locked.next = self._edges >= MODEL_LOCK_EDGES;
    }
    fn connect(&mut self) {
        self.clock.connect();
        self.late_clock.connect();
        self.locked.connect();
    }
    fn hdl(&self) -> Verilog {
        let code = format!(
            "SB_PLL40_2F_CORE #({}, .PLLOUT_SELECT_PORTA(\"GENCLK\"), .PLLOUT_SELECT_PORTB(\"GENCLK\"), .DELAY_ADJUSTMENT_MODE_RELATIVE(\"FIXED\"), .FDA_RELATIVE(4'd{LATE_STEPS})) pll (.REFERENCECLK(clock_in), .RESETB(1'b1), .BYPASS(1'b0), .PLLOUTGLOBALA(late_clock), .PLLOUTGLOBALB(clock), .LOCK(locked));\n",
            settings()
        );
        Verilog::Wrapper(Wrapper { code, cores: String::new() })
    }
}
