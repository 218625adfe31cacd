//! UART receiver, 8N1: a pin in, bytes out, sampled in the middle of each bit.
//!
//! ```text
//!          +--UartRx<D>--+
//!  Bit ----| pin    data |--- W<8>
//!          |       valid |--- Bit
//!          |       ready |--- Bit
//!          |       error |--- Bit
//!          +-------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | a bit       | whole cycles, or [`BitTime`]'s sixteenths made up over a byte |
//! | latency     | middle of the stop bit to `valid`: 2 cycles of the synchroniser, 2 of the sampler |
//! | throughput  | back-to-back bytes; each is to be taken before the middle of the next start bit |
//! | holds       | 1 byte |
//! | `error`     | one strobe for a byte without stop bit (dropped) and for a byte that was not taken in time |
//! | noise       | a low pulse that ends before the middle of the start bit is no byte |
//! | a break     | one error; the line must rise before the next byte |

use crate::control::bit_time::BitTime;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// A receiver for bits of up to `2^(D-1)` cycles.
#[derive(LogicBlock)]
pub struct UartRx<const D: usize> {
    pub clock: Signal<In, Clock>,
    pub pin: Signal<In, Bit>,
    pub data: Signal<Out, W<8>>,
    pub valid: Signal<Out, Bit>,
    pub ready: Signal<In, Bit>,
    pub error: Signal<Out, Bit>,
    /// The pin inverted, so that it rests at the power-on value.
    low_first: DFF<Bit>,
    low: DFF<Bit>,
    low_before: DFF<Bit>,
    running: DFF<Bit>,
    starting: DFF<Bit>,
    count: DFF<W<D>>,
    /// Sixteenths of a cycle that the samples so far came early.
    early: DFF<W<4>>,
    bits: DFF<W<9>>,
    has_byte: DFF<Bit>,
    failed: DFF<Bit>,
    tick: Signal<Local, Bit>,
    reload: Signal<Local, W<D>>,
    due: Signal<Local, W<5>>,
    is_high: Signal<Local, Bit>,
    moved: Signal<Local, W<9>>,
    half_bit: Constant<W<D>>,
    full_bit: Constant<W<D>>,
    long_bit: Constant<W<D>>,
    sixteenths: Constant<W<5>>,
    sign: Constant<W<D>>,
    marker: Constant<W<9>>,
}

impl<const D: usize> UartRx<D> {
    /// Panics when a bit does not fit `D` bits or has less than 4 cycles.
    pub fn new(bit: BitTime) -> Self {
        bit.check(D);
        Self {
            clock: Default::default(),
            pin: Default::default(),
            data: Default::default(),
            valid: Default::default(),
            ready: Default::default(),
            error: Default::default(),
            low_first: Default::default(),
            low: Default::default(),
            low_before: Default::default(),
            running: Default::default(),
            starting: Default::default(),
            count: Default::default(),
            early: Default::default(),
            bits: Default::default(),
            has_byte: Default::default(),
            failed: Default::default(),
            tick: Default::default(),
            reload: Default::default(),
            due: Default::default(),
            is_high: Default::default(),
            moved: Default::default(),
            half_bit: Constant::new(W::new(bit.half() - 2)),
            full_bit: Constant::new(W::new(bit.cycles - 2)),
            long_bit: Constant::new(W::new(bit.cycles - 1)),
            sixteenths: Constant::new(W::new(bit.sixteenths)),
            sign: Constant::new(W::new(1 << (D - 1))),
            marker: Constant::new(W::new(0x100)),
        }
    }
}

impl<const D: usize> Logic for UartRx<D> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, low_first, low, low_before, running, starting, count, early, bits, has_byte, failed);
        self.low_first.d.next = !self.pin.val();
        self.low.d.next = self.low_first.q.val();
        self.low_before.d.next = self.low.q.val();
        self.is_high.next = !self.low.q.val();

        // the count ends below zero
        self.tick.next = self.running.q.val() & (self.count.q.val() & self.sign.val()).any();
        self.reload.next = self.half_bit.val();
        self.due.next = bit_cast_w::<5, 4>(self.early.q.val());
        self.due.next = self.due.val() + self.sixteenths.val();
        if self.running.q.val() {
            self.reload.next = self.full_bit.val();
            if self.due.val().get_bit(4) {
                self.reload.next = self.long_bit.val();
            }
        }
        self.count.d.next = self.count.q.val() - 1;
        if self.tick.val() | !self.running.q.val() {
            self.count.d.next = self.reload.val();
        }
        if self.tick.val() {
            self.early.d.next = self.due.val().get_bits::<4>(0);
        }
        if !self.running.q.val() {
            self.early.d.next = 0.into();
            self.running.d.next = self.low.q.val() & !self.low_before.q.val();
            self.starting.d.next = true;
        }
        if self.has_byte.q.val() & self.ready.val() {
            self.has_byte.d.next = false;
        }
        self.failed.d.next = false;

        // the marker walks down; when it is out, the stop bit is due
        self.moved.next = self.bits.q.val() >> 1;
        if self.tick.val() {
            self.starting.d.next = false;
            if self.starting.q.val() {
                self.running.d.next = self.low.q.val();
                if self.low.q.val() {
                    self.bits.d.next = self.marker.val();
                    self.failed.d.next = self.has_byte.q.val() & !self.ready.val();
                    self.has_byte.d.next = false;
                }
            } else if self.bits.q.val().get_bit(0) {
                self.running.d.next = false;
                self.has_byte.d.next = !self.low.q.val();
                self.failed.d.next = self.low.q.val();
            }
            if !self.starting.q.val() & !self.bits.q.val().get_bit(0) {
                self.bits.d.next = self.moved.val().replace_bit(8, self.is_high.val());
            }
        }
        self.data.next = self.bits.q.val().get_bits::<8>(1);
        self.valid.next = self.has_byte.q.val();
        self.error.next = self.failed.q.val();
    }
}
