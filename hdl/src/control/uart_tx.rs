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
//! | a bit       | whole cycles, or [`BitTime`]'s sixteenths made up over a byte |
//! | latency     | 1 cycle, byte taken to falling pin |
//! | throughput  | one byte in 10 bits and 1 cycle |
//! | holds       | 1 byte |

use crate::control::bit_time::BitTime;
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
    /// Sixteenths of a cycle that the bits so far ended early.
    early: DFF<W<4>>,
    left: DFF<W<4>>,
    /// Inverted, lowest bit on the pin, so that the pin rests high at power-on.
    bits: DFF<W<9>>,
    tick: Signal<Local, Bit>,
    due: Signal<Local, W<5>>,
    inverted: Signal<Local, W<8>>,
    wide: Signal<Local, W<9>>,
    loaded: Signal<Local, W<9>>,
    full_bit: Constant<W<D>>,
    long_bit: Constant<W<D>>,
    sixteenths: Constant<W<5>>,
    sign: Constant<W<D>>,
}

impl<const D: usize> UartTx<D> {
    /// Panics when a bit does not fit `D` bits or has less than 4 cycles.
    pub fn new(bit: BitTime) -> Self {
        bit.check(D);
        Self {
            clock: Default::default(),
            data: Default::default(),
            valid: Default::default(),
            ready: Default::default(),
            pin: Default::default(),
            running: Default::default(),
            count: Default::default(),
            early: Default::default(),
            left: Default::default(),
            bits: Default::default(),
            tick: Default::default(),
            due: Default::default(),
            inverted: Default::default(),
            wide: Default::default(),
            loaded: Default::default(),
            full_bit: Constant::new(W::new(bit.cycles - 2)),
            long_bit: Constant::new(W::new(bit.cycles - 1)),
            sixteenths: Constant::new(W::new(bit.sixteenths)),
            sign: Constant::new(W::new(1 << (D - 1))),
        }
    }
}

impl<const D: usize> Logic for UartTx<D> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, running, count, early, left, bits);

        // the count ends below zero
        self.tick.next = (self.count.q.val() & self.sign.val()).any();
        self.count.d.next = self.count.q.val() - 1;
        self.due.next = bit_cast_w::<5, 4>(self.early.q.val());
        self.due.next = self.due.val() + self.sixteenths.val();
        if self.tick.val() {
            self.early.d.next = self.due.val().get_bits::<4>(0);
        }
        if self.tick.val() | !self.running.q.val() {
            self.count.d.next = self.full_bit.val();
            if self.running.q.val() & self.due.val().get_bit(4) {
                self.count.d.next = self.long_bit.val();
            }
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
            self.early.d.next = self.sixteenths.val().get_bits::<4>(0);
            if self.valid.val() {
                self.running.d.next = true;
                self.bits.d.next = self.loaded.val().replace_bit(0, true);
            }
        }
        self.ready.next = !self.running.q.val();
        self.pin.next = !self.bits.q.val().get_bit(0);
    }
}
