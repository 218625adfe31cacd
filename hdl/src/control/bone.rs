//! LiteX UARTBone: commands as bytes in, Wishbone transfers, read words as bytes out.
//!
//! ```text
//!               +-------Bone-------+
//!  rx_data W<8>-|                  |-- cyc, stb, we
//!  rx_valid ----| bytes   Wishbone |-- adr W<13>, dat_w W<32>
//!  rx_ready ----|          classic |-- dat_r W<32>
//!  tx_data W<8>-|           master |-- ack
//!  tx_valid ----|                  |
//!  tx_ready ----|                  |-- active, error
//!  rx_error ----|                  |
//!               +------------------+
//! ```
//!
//! A command: kind (1 write, 2 read, 3 write, 4 read; 1 and 2 go on to the next address after each word), length in
//! words, word address (4 bytes), for writes the words; most significant byte first. Reads are answered with the
//! words, writes with nothing.
//!
//! | contract      | value |
//! |---------------|-------|
//! | unknown kind  | the six bytes are swallowed, nothing is answered |
//! | length 0      | nothing is read, written or answered |
//! | outside the address space | reads give zeros, writes do nothing |
//! | deadline      | from a command's first byte to its end; then the next byte begins a command and `error` strobes |
//! | latency       | last byte taken to `cyc`: [`READ_LATENCY`], [`WRITE_LATENCY`] |
//! | handshake     | a byte moves in a cycle with `valid` and `ready`; `valid` and data stay until then |
//! | throughput in | one byte in three cycles while a command is taken in |
//! | holds         | 1 word |

use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::limits::BONE_TIMEOUT_MS;

/// Last byte of a read's header to `cyc`.
pub const READ_LATENCY: u64 = 3;
/// Last byte of a write's word to `cyc`.
pub const WRITE_LATENCY: u64 = 2;

/// Bits of the deadline's two counters.
const LOW_BITS: u32 = 12;
const HIGH_BITS: u32 = 14;
/// The upper counter's highest bit is set until the deadline.
const LONGEST: u64 = 1 << (LOW_BITS + HIGH_BITS - 1);

/// The steps of a command; one bit each, so that each drives its enables alone.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Step {
    /// Some step is under way; otherwise the next byte is waited for.
    busy: Bit,
    /// A byte moves in.
    take: Bit,
    /// One moves in or out: `take` or `sent`.
    moves: Bit,
    /// Is the header or the word complete?
    decide: Bit,
    /// The header is complete.
    begin: Bit,
    /// A read transfer.
    read: Bit,
    /// A write transfer.
    write: Bit,
    /// A word is done.
    advance: Bit,
    /// The length is looked at.
    settle: Bit,
    /// Was it the last word?
    check: Bit,
    /// A byte is offered.
    offer: Bit,
    /// It was taken.
    sent: Bit,
}

/// The master of the register bus on the host's behalf.
#[derive(LogicBlock)]
pub struct Bone {
    pub clock: Signal<In, Clock>,
    pub rx_data: Signal<In, W<8>>,
    pub rx_valid: Signal<In, Bit>,
    pub rx_ready: Signal<Out, Bit>,
    /// One strobe for each byte that the source lost.
    pub rx_error: Signal<In, Bit>,
    pub tx_data: Signal<Out, W<8>>,
    pub tx_valid: Signal<Out, Bit>,
    pub tx_ready: Signal<In, Bit>,
    pub cyc: Signal<Out, Bit>,
    pub stb: Signal<Out, Bit>,
    pub we: Signal<Out, Bit>,
    pub adr: Signal<Out, W<13>>,
    pub dat_w: Signal<Out, W<32>>,
    pub dat_r: Signal<In, W<32>>,
    pub ack: Signal<In, Bit>,
    /// A command is under way.
    pub active: Signal<Out, Bit>,
    /// One strobe for each lost byte and each command that ran into the deadline.
    pub error: Signal<Out, Bit>,
    step: DFF<Step>,
    is_active: DFF<Bit>,
    failed: DFF<Bit>,
    in_data: DFF<Bit>,
    bytes: DFF<W<3>>,
    word: DFF<W<32>>,
    length: DFF<W<8>>,
    kind: DFF<W<8>>,
    address: DFF<W<13>>,
    is_high: DFF<Bit>,
    is_outside: DFF<Bit>,
    is_known: DFF<Bit>,
    moves_on: DFF<Bit>,
    is_empty: DFF<Bit>,
    low_count: DFF<W<12>>,
    low_carry: DFF<Bit>,
    high_count: DFF<W<14>>,
    expired: DFF<Bit>,
    abort: DFF<Bit>,
    ended: DFF<Bit>,
    low_start: Constant<W<12>>,
    high_start: Constant<W<14>>,
    is_read: Signal<Local, Bit>,
    is_access: Signal<Local, Bit>,
    shifted: Signal<Local, W<32>>,
    byte_in: Signal<Local, W<32>>,
    one_more: Signal<Local, W<3>>,
    increment: Signal<Local, W<14>>,
    wide_address: Signal<Local, W<14>>,
    next_address: Signal<Local, W<14>>,
}

impl Bone {
    /// The deadline of a clock, as the specification has it.
    pub const fn deadline_cycles(clock_hz: u64) -> u64 {
        clock_hz / 1000 * BONE_TIMEOUT_MS
    }

    /// Panics when the deadline does not fit the counters.
    pub fn new(deadline_cycles: u64) -> Self {
        assert!(deadline_cycles > 0 && deadline_cycles <= LONGEST, "the deadline is 1 to {LONGEST} cycles");
        let start = 2 * LONGEST - deadline_cycles;
        Self {
            clock: Default::default(),
            rx_data: Default::default(),
            rx_valid: Default::default(),
            rx_ready: Default::default(),
            rx_error: Default::default(),
            tx_data: Default::default(),
            tx_valid: Default::default(),
            tx_ready: Default::default(),
            cyc: Default::default(),
            stb: Default::default(),
            we: Default::default(),
            adr: Default::default(),
            dat_w: Default::default(),
            dat_r: Default::default(),
            ack: Default::default(),
            active: Default::default(),
            error: Default::default(),
            step: Default::default(),
            is_active: Default::default(),
            failed: Default::default(),
            in_data: Default::default(),
            bytes: Default::default(),
            word: Default::default(),
            length: Default::default(),
            kind: Default::default(),
            address: Default::default(),
            is_high: Default::default(),
            is_outside: Default::default(),
            is_known: Default::default(),
            moves_on: Default::default(),
            is_empty: Default::default(),
            low_count: Default::default(),
            low_carry: Default::default(),
            high_count: Default::default(),
            expired: Default::default(),
            abort: Default::default(),
            ended: Default::default(),
            low_start: Constant::new(W::new(start)),
            high_start: Constant::new(W::new(start >> LOW_BITS)),
            is_read: Default::default(),
            is_access: Default::default(),
            shifted: Default::default(),
            byte_in: Default::default(),
            one_more: Default::default(),
            increment: Default::default(),
            wide_address: Default::default(),
            next_address: Default::default(),
        }
    }
}

impl Logic for Bone {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, step, is_active, failed, in_data, bytes, word, length, kind, address);
        dff_setup!(self, clock, is_high, is_outside, is_known, moves_on, is_empty, ended);
        dff_setup!(self, clock, low_count, low_carry, high_count, expired, abort);

        self.is_read.next = !self.kind.q.val().get_bit(0);
        self.moves_on.d.next = (self.kind.q.val() == 1) | (self.kind.q.val() == 2);
        self.is_known.d.next = (self.kind.q.val() != 0) & (self.kind.q.val() < 5);
        self.is_high.d.next = self.word.q.val().get_bits::<19>(13).any();
        self.is_empty.d.next = self.length.q.val() == 0;
        self.abort.d.next = self.expired.q.val() & self.is_active.q.val() & !self.abort.q.val();

        // the step that follows
        self.step.d.next.busy = true;
        self.step.d.next.take = !self.step.q.val().busy & self.rx_valid.val();
        self.step.d.next.moves =
            (!self.step.q.val().busy & self.rx_valid.val()) | (self.step.q.val().offer & self.tx_ready.val());
        self.step.d.next.decide = self.step.q.val().take;
        self.step.d.next.begin = false;
        self.step.d.next.read = self.step.q.val().read & !self.ack.val() & !self.is_outside.q.val();
        self.step.d.next.write = self.step.q.val().write & !self.ended.q.val();
        // not after an acknowledgement in the cycle of the deadline: the command is over
        self.step.d.next.advance = self.ended.q.val() & self.is_active.q.val();
        self.step.d.next.settle = self.step.q.val().advance;
        self.step.d.next.check = false;
        self.step.d.next.offer = false;
        self.step.d.next.sent = false;
        if !self.step.q.val().busy {
            self.step.d.next.busy = self.rx_valid.val();
        }

        // a byte moves in: the header goes on through the word into length and kind
        self.shifted.next = self.word.q.val() << 8;
        self.byte_in.next = bit_cast_w::<32, 8>(self.rx_data.val());
        if self.step.q.val().moves {
            self.word.d.next = self.shifted.val() | self.byte_in.val();
        }
        self.one_more.next = 0.into();
        self.one_more.next = self.one_more.val().replace_bit(0, self.step.q.val().moves);
        self.bytes.d.next = self.bytes.q.val() + self.one_more.val();
        if self.step.q.val().take {
            self.is_active.d.next = true;
        }
        if self.step.q.val().take & !self.in_data.q.val() {
            self.length.d.next = self.word.q.val().get_bits::<8>(24);
            self.kind.d.next = self.length.q.val();
        }
        if self.step.q.val().decide {
            self.step.d.next.busy = false;
            if !self.in_data.q.val() & (self.bytes.q.val() == 6) {
                self.step.d.next.busy = true;
                self.step.d.next.begin = true;
            }
            if self.in_data.q.val() & (self.bytes.q.val() == 4) {
                self.step.d.next.busy = true;
                self.step.d.next.write = true;
            }
        }

        // the header is complete
        self.wide_address.next = bit_cast_w::<14, 13>(self.address.q.val());
        self.increment.next = 0.into();
        self.increment.next = self.increment.val().replace_bit(0, self.moves_on.q.val());
        self.next_address.next = self.wide_address.val() + self.increment.val();
        if self.step.q.val().begin {
            self.bytes.d.next = 0.into();
            self.address.d.next = self.word.q.val().get_bits::<13>(0);
            self.is_outside.d.next = self.is_high.q.val();
            self.step.d.next.busy = false;
            self.in_data.d.next = self.is_known.q.val() & !self.is_empty.q.val() & !self.is_read.val();
            self.is_active.d.next = self.is_known.q.val() & !self.is_empty.q.val();
            if self.is_known.q.val() & !self.is_empty.q.val() & self.is_read.val() {
                self.step.d.next.busy = true;
                self.step.d.next.read = true;
            }
        }

        // a transfer, until the cycle after its acknowledgement; there is none outside of the address space
        self.is_access.next = (self.step.q.val().read | self.step.q.val().write) & !self.ended.q.val();
        self.ended.d.next = self.is_access.val() & (self.ack.val() | self.is_outside.q.val());
        if self.step.q.val().read {
            self.word.d.next = self.dat_r.val();
            if self.is_outside.q.val() {
                self.word.d.next = 0.into();
            }
        }
        if self.step.q.val().advance {
            self.bytes.d.next = 0.into();
            self.length.d.next = self.length.q.val() - 1;
            self.address.d.next = self.next_address.val().get_bits::<13>(0);
            self.is_outside.d.next = self.is_outside.q.val() | self.next_address.val().get_bit(13);
        }
        if self.step.q.val().settle {
            self.step.d.next.offer = self.is_read.val();
            self.step.d.next.check = !self.is_read.val();
        }

        // four bytes out
        if self.step.q.val().offer {
            self.step.d.next.offer = !self.tx_ready.val();
            self.step.d.next.sent = self.tx_ready.val();
        }
        if self.step.q.val().sent {
            self.step.d.next.check = self.bytes.q.val() == 3;
            self.step.d.next.offer = self.bytes.q.val() != 3;
        }
        if self.step.q.val().check {
            self.step.d.next.busy = !self.is_empty.q.val() & self.is_read.val();
            self.step.d.next.read = !self.is_empty.q.val() & self.is_read.val();
            self.in_data.d.next = !self.is_empty.q.val() & !self.is_read.val();
            self.is_active.d.next = !self.is_empty.q.val();
            self.bytes.d.next = 0.into();
        }

        // the deadline
        self.low_carry.d.next = self.low_count.q.val().all();
        self.low_count.d.next = self.low_count.q.val() + 1;
        if self.low_carry.q.val() {
            self.high_count.d.next = self.high_count.q.val() + 1;
        }
        if !self.is_active.q.val() {
            self.low_count.d.next = self.low_start.val();
            self.high_count.d.next = self.high_start.val();
        }
        self.expired.d.next = self.is_active.q.val() & !self.high_count.q.val().get_bit(13);
        if self.abort.q.val() {
            self.step.d.next.busy = false;
            self.step.d.next.take = false;
            self.step.d.next.moves = false;
            self.step.d.next.decide = false;
            self.step.d.next.begin = false;
            self.step.d.next.read = false;
            self.step.d.next.write = false;
            self.step.d.next.advance = false;
            self.step.d.next.settle = false;
            self.step.d.next.check = false;
            self.step.d.next.offer = false;
            self.step.d.next.sent = false;
            self.is_active.d.next = false;
            self.in_data.d.next = false;
            self.bytes.d.next = 0.into();
        }
        self.failed.d.next = self.abort.q.val() | self.rx_error.val();

        self.rx_ready.next = self.step.q.val().take;
        self.tx_valid.next = self.step.q.val().offer;
        self.tx_data.next = self.word.q.val().get_bits::<8>(24);
        self.cyc.next = self.is_access.val() & !self.is_outside.q.val();
        self.stb.next = self.is_access.val() & !self.is_outside.q.val();
        self.we.next = self.step.q.val().write;
        self.adr.next = self.address.q.val();
        self.dat_w.next = self.word.q.val();
        self.active.next = self.is_active.q.val();
        self.error.next = self.failed.q.val();
    }
}
