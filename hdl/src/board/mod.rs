//! Board tops and what only a board needs: pins, clock, reset, LEDs.

pub mod alchitry_cu;
pub mod cu_lanes;
pub mod cu_loopback;
pub mod leds;
pub mod reset;
pub mod uart_core;
