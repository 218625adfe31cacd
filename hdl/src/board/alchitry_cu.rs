//! Pins of the Alchitry Cu: clock, button, USB UART, LEDs and bank A.
//!
//! Bank A's pins are named as on the board and mapped by the BSP. The lanes stand on the device's left edge, next to
//! one another, and the received clock on one of its global-buffer pads.

use crate::word::W;
use rust_hdl::prelude::*;
use rust_hdl_bsp_alchitry_cu::pins::map_alchitry_pin_to_cu_pad as bank_a;

/// Reset button, low while pressed.
const BUTTON: &str = "P8";
/// From the host (FT2232H channel B).
const UART_RX: &str = "P14";
/// To the host.
const UART_TX: &str = "M9";
const LASER_ENABLE: &str = "A2";
const LIGHT_LOST: &str = "A3";
const TX_LANES: [&str; 8] = ["A11", "A12", "A14", "A15", "A17", "A18", "A33", "A34"];
const TX_CLOCK: &str = "A45";
const RX_LANES: [&str; 8] = ["A5", "A6", "A8", "A9", "A36", "A37", "A39", "A40"];
const RX_CLOCK: &str = "A42";

fn at<D: rust_hdl::core::direction::Direction, T: Synth>(pads: &[&str]) -> Signal<D, T> {
    let mut signal = Signal::default();
    for (bit, pad) in pads.iter().enumerate() {
        signal.add_location(bit, pad);
    }
    signal
}

fn input<T: Synth>(pads: &[&str]) -> Signal<In, T> {
    let mut signal = at(pads);
    signal.connect();
    signal
}

pub fn clock() -> Signal<In, Clock> {
    rust_hdl_bsp_alchitry_cu::pins::clock()
}
pub fn button_n() -> Signal<In, Bit> {
    input(&[BUTTON])
}
pub fn uart_rx() -> Signal<In, Bit> {
    input(&[UART_RX])
}
pub fn uart_tx() -> Signal<Out, Bit> {
    at(&[UART_TX])
}
pub fn leds() -> Signal<Out, W<8>> {
    let pads: Vec<String> = rust_hdl_bsp_alchitry_cu::pins::leds().constraints().iter().map(location).collect();
    at(&pads.iter().map(String::as_str).collect::<Vec<_>>())
}
/// Drives the laser driver's enable.
pub fn laser_enable() -> Signal<Out, Bit> {
    at(&[bank_a(LASER_ENABLE)])
}
/// The receiver's loss-of-light output; high means dark.
pub fn light_lost() -> Signal<In, Bit> {
    input(&[bank_a(LIGHT_LOST)])
}
pub fn tx_lanes() -> Signal<Out, W<8>> {
    at(&TX_LANES.map(bank_a))
}
pub fn tx_clock() -> Signal<Out, W<1>> {
    at(&[bank_a(TX_CLOCK)])
}
pub fn rx_lanes() -> Signal<In, W<8>> {
    input(&RX_LANES.map(bank_a))
}
pub fn rx_clock() -> Signal<In, Clock> {
    input(&[bank_a(RX_CLOCK)])
}

fn location(pin: &PinConstraint) -> String {
    match &pin.constraint {
        Constraint::Location(pad) => pad.clone(),
        other => panic!("the board support crate places a pin by {other:?}, not by its pad"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pad_is_used_twice() {
        let mut pads: Vec<String> = [BUTTON, UART_RX, UART_TX, "P7"].map(String::from).to_vec();
        let bank = [LASER_ENABLE, LIGHT_LOST, TX_CLOCK, RX_CLOCK];
        pads.extend(bank.iter().chain(&TX_LANES).chain(&RX_LANES).map(|pin| bank_a(pin).to_string()));
        pads.extend(leds().constraints().iter().map(location));
        let number = pads.len();
        pads.sort();
        pads.dedup();
        assert_eq!((pads.len(), number), (32, 32));
    }
}
