//! UART transmitter, 8N1: bytes in, a pin out that rests high.
//!
//! ```text
//!          +--UartTx<D>--+
//!  W<8> ---| data    pin |--- Bit
//!  Bit ----| valid       |
//!  Bit ----| ready       |
//!          +-------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | latency     | 1 cycle, byte taken to falling pin |
//! | throughput  | one byte in 10 bits and 1 cycle |
//! | holds       | 1 byte |

use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// A transmitter for bits of up to `2^(D-1)` cycles.
#[derive(LogicBlock)]
pub struct UartTx<const D: usize> {
    pub clock: Signal<In, Clock>,
    pub data: Signal<In, W<8>>,
    pub valid: Signal<In, Bit>,
    pub ready: Signal<Out, Bit>,
    pub pin: Signal<Out, Bit>,
    running: DFF<Bit>,
    count: DFF<W<D>>,
    left: DFF<W<4>>,
    /// Inverted, lowest bit on the pin, so that the pin rests high at power-on.
    bits: DFF<W<9>>,
    tick: Signal<Local, Bit>,
    inverted: Signal<Local, W<8>>,
    wide: Signal<Local, W<9>>,
    loaded: Signal<Local, W<9>>,
    full_bit: Constant<W<D>>,
    sign: Constant<W<D>>,
}

impl<const D: usize> UartTx<D> {
    /// `divisor` cycles a bit; panics when it does not fit `D` bits or is below 4.
    pub fn new(divisor: u64) -> Self {
        assert!(divisor >= 4 && divisor <= 1 << (D - 1), "a bit of {divisor} cycles does not fit {D} bits");
        Self {
            clock: Default::default(),
            data: Default::default(),
            valid: Default::default(),
            ready: Default::default(),
            pin: Default::default(),
            running: Default::default(),
            count: Default::default(),
            left: Default::default(),
            bits: Default::default(),
            tick: Default::default(),
            inverted: Default::default(),
            wide: Default::default(),
            loaded: Default::default(),
            full_bit: Constant::new(W::new(divisor - 2)),
            sign: Constant::new(W::new(1 << (D - 1))),
        }
    }
}

impl<const D: usize> Logic for UartTx<D> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, count, left, bits);

        // the count ends below zero
        self.tick.next = (self.count.q.val() & self.sign.val()).any();
        self.count.d.next = self.count.q.val() - 1;
        if self.tick.val() | !self.running.q.val() {
            self.count.d.next = self.full_bit.val();
        }

        // start bit, eight data bits; zeros move in, which rest the pin as the stop bit
        self.inverted.next = !self.data.val();
        self.wide.next = bit_cast_w::<9, 8>(self.inverted.val());
        self.loaded.next = self.wide.val() << 1;
        if self.tick.val() & self.running.q.val() {
            self.bits.d.next = self.bits.q.val() >> 1;
            self.left.d.next = self.left.q.val() - 1;
            self.running.d.next = self.left.q.val() != 0;
        }
        if !self.running.q.val() {
            self.left.d.next = 9.into();
            if self.valid.val() {
                self.running.d.next = true;
                self.bits.d.next = self.loaded.val().replace_bit(0, true);
            }
        }
        self.ready.next = !self.running.q.val();
        self.pin.next = !self.bits.q.val().get_bit(0);
    }
}
