//! Frame memories: payload words for the generator, received slots for the host.
//!
//! ```text
//!                  +----FrameMemories----+
//!  tx_address ---- | W<10>       tx_data |-- W<64>     (generator)
//!  slot_* -------- | received slots      |
//!  BusRequest ---- |             bus     |-- W<32>
//!                  +---------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | holds       | 544 words each way (4,352 bytes): 512 in memories of their own, 32 in a tail that both share |
//! | `tx_data`   | [`FrameMemories::TX_LATENCY`] after `tx_address`, one LUT behind the memory: register it |
//! | slots       | one every cycle, stored while armed, from address 0; further ones are counted as lost |
//! | bus answer  | [`FrameMemories::ANSWER_CYCLES`] after the strobe |
//! | sharing     | load while nothing is received, read while nothing is sent: in the tail a received slot beats a bus write, and while `tx_busy` the generator beats a bus read |
//!
//! Seventeen block memories for the bodies, five for the tail.

use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::word::*;
use firstlight_spec::limits::FRAME_MEMORY_WORDS;
use firstlight_spec::regs::{GROUP_WORDS, memory};

const _: () = assert!(FRAME_MEMORY_WORDS == 544);
const _: () = assert!(memory::TX.word == 0x800 && memory::RX.word == 0x1000 && memory::RX_CONTROL.word == 0x70);
const _: () = assert!(memory::RX_COUNT.word == 0x71 && memory::RX_LOST.word == 0x72 && memory::ARM.lsb == 0);

/// The bus on its way into the memories, and the rx pointers.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct MemoryState {
    // bus, stage 1
    write_now: Bit,
    is_read: Bit,
    address: W<13>,
    data: W<32>,
    // what a read shows, stages 2 to 4
    show_rx: W<3>,
    show_tail: W<3>,
    show_control: Bit,
    show_count: Bit,
    show_lost: Bit,
    register: W<32>,
    chosen: W<32>,
    answer: W<32>,
    // tx read
    tx_tail: Bit,
    // received slots, one stage
    slot_valid: Bit,
    slot_data: W<64>,
    slot_flags: W<8>,
    armed: Bit,
    count: W<10>,
    full: Bit,
    lost: W<16>,
    lost_full: Bit,
}

/// Both memories.
#[derive(LogicBlock)]
pub struct FrameMemories {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    pub tx_address: Signal<In, W<10>>,
    pub tx_busy: Signal<In, Bit>,
    pub tx_data: Signal<Out, W<64>>,
    pub slot_valid: Signal<In, Bit>,
    pub slot_data: Signal<In, W<64>>,
    /// Bits 3..0 type, bit 4 corrected, bit 5 bad even, bit 6 bad odd.
    pub slot_flags: Signal<In, W<8>>,
    tx_high: Memory<32, 9>,
    tx_low: Memory<32, 9>,
    rx_high: Memory<32, 9>,
    rx_low: Memory<32, 9>,
    rx_flags: Memory<8, 9>,
    tail_high: Memory<32, 6>,
    tail_low: Memory<32, 6>,
    tail_flags: Memory<8, 6>,
    r: DFF<MemoryState>,
    address: Signal<Local, W<13>>,
    data: Signal<Local, W<32>>,
    in_tx: Signal<Local, Bit>,
    in_rx: Signal<Local, Bit>,
    in_group: Signal<Local, Bit>,
    top: Signal<Local, W<1>>,
    region_tx: Signal<Local, W<2>>,
    group: Signal<Local, W<9>>,
    offset: Signal<Local, W<4>>,
    tx_word: Signal<Local, W<10>>,
    tx_word_tail: Signal<Local, Bit>,
    rx_word: Signal<Local, W<10>>,
    rx_word_tail: Signal<Local, Bit>,
    write_high: Signal<Local, Bit>,
    write_low: Signal<Local, Bit>,
    tx_address_now: Signal<Local, W<10>>,
    tx_in_tail: Signal<Local, Bit>,
    tail_read: Signal<Local, W<6>>,
    tail_write: Signal<Local, W<6>>,
    count: Signal<Local, W<10>>,
    count_up: Signal<Local, W<10>>,
    count_next: Signal<Local, W<10>>,
    lost_up: Signal<Local, W<16>>,
    store_now: Signal<Local, Bit>,
    store_tail: Signal<Local, Bit>,
    store_body: Signal<Local, Bit>,
    received: Signal<Local, W<64>>,
    high: Signal<Local, W<64>>,
    word: Signal<Local, W<64>>,
    shown_rx: Signal<Local, W<3>>,
    shown_tail: Signal<Local, W<3>>,
    flags: Signal<Local, W<8>>,
    armed_word: Signal<Local, W<32>>,
    group_of: Constant<W<9>>,
    limit: Constant<W<10>>,
    one: Constant<W<10>>,
    one_16: Constant<W<16>>,
    rx_half: Constant<W<6>>,
}

impl FrameMemories {
    /// `tx_address` to `tx_data`.
    pub const TX_LATENCY: u64 = 1;
    /// Strobe to answer.
    pub const ANSWER_CYCLES: u64 = 4;
}

impl Default for FrameMemories {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            tx_address: Default::default(),
            tx_busy: Default::default(),
            tx_data: Default::default(),
            slot_valid: Default::default(),
            slot_data: Default::default(),
            slot_flags: Default::default(),
            tx_high: Default::default(),
            tx_low: Default::default(),
            rx_high: Default::default(),
            rx_low: Default::default(),
            rx_flags: Default::default(),
            tail_high: Default::default(),
            tail_low: Default::default(),
            tail_flags: Default::default(),
            r: Default::default(),
            address: Default::default(),
            data: Default::default(),
            in_tx: Default::default(),
            in_rx: Default::default(),
            in_group: Default::default(),
            top: Default::default(),
            region_tx: Default::default(),
            group: Default::default(),
            offset: Default::default(),
            tx_word: Default::default(),
            tx_word_tail: Default::default(),
            rx_word: Default::default(),
            rx_word_tail: Default::default(),
            write_high: Default::default(),
            write_low: Default::default(),
            tx_address_now: Default::default(),
            tx_in_tail: Default::default(),
            tail_read: Default::default(),
            tail_write: Default::default(),
            count: Default::default(),
            count_up: Default::default(),
            count_next: Default::default(),
            lost_up: Default::default(),
            store_now: Default::default(),
            store_tail: Default::default(),
            store_body: Default::default(),
            received: Default::default(),
            high: Default::default(),
            word: Default::default(),
            shown_rx: Default::default(),
            shown_tail: Default::default(),
            flags: Default::default(),
            armed_word: Default::default(),
            group_of: Constant::new(W::new((memory::RX_CONTROL.word / GROUP_WORDS) as u64)),
            limit: Constant::new(W::new(FRAME_MEMORY_WORDS as u64)),
            one: Constant::new(W::new(1)),
            one_16: Constant::new(W::new(1)),
            rx_half: Constant::new(W::new(32)),
        }
    }
}

crate::inputs!(FrameMemories: bus_request, tx_address, tx_busy, slot_valid, slot_data, slot_flags; tx_high, tx_low, rx_high, rx_low, rx_flags, tail_high, tail_low, tail_flags, r);

impl Logic for FrameMemories {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, tx_high, tx_low, rx_high, rx_low, rx_flags, tail_high, tail_low, tail_flags);

        // the bus, one stage before it is decoded
        self.r.d.next.write_now = self.bus_request.val().strobe & self.bus_request.val().write;
        self.r.d.next.is_read = !self.bus_request.val().write;
        self.r.d.next.address = self.bus_request.val().address;
        self.r.d.next.data = self.bus_request.val().data;
        self.address.next = self.r.q.val().address;
        self.data.next = self.r.q.val().data;
        self.top.next = self.address.val().get_bits::<1>(12);
        self.region_tx.next = self.address.val().get_bits::<2>(11);
        self.in_rx.next = self.top.val().any();
        self.in_tx.next = self.region_tx.val() == 1;
        self.group.next = self.address.val().get_bits::<9>(4);
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.in_group.next = self.group.val() == self.group_of.val();

        // writes of payload: even words are the upper halves
        self.tx_word.next = self.address.val().get_bits::<10>(1);
        self.tx_word_tail.next = self.tx_word.val().get_bit(9);
        self.write_high.next = self.r.q.val().write_now & self.in_tx.val() & !self.address.val().get_bit(0);
        self.write_low.next = self.r.q.val().write_now & self.in_tx.val() & self.address.val().get_bit(0);
        self.tx_high.write_address.next = self.tx_word.val().get_bits::<9>(0);
        self.tx_low.write_address.next = self.tx_word.val().get_bits::<9>(0);
        self.tx_high.write_data.next = self.data.val();
        self.tx_low.write_data.next = self.data.val();
        self.tx_high.write_enable.next = self.write_high.val() & !self.tx_word_tail.val();
        self.tx_low.write_enable.next = self.write_low.val() & !self.tx_word_tail.val();

        // payload for the generator
        self.tx_address_now.next = self.tx_address.val();
        self.tx_in_tail.next = self.tx_address_now.val().get_bit(9);
        self.tx_high.read_address.next = self.tx_address_now.val().get_bits::<9>(0);
        self.tx_low.read_address.next = self.tx_address_now.val().get_bits::<9>(0);
        self.r.d.next.tx_tail = self.tx_in_tail.val();
        self.word.next = bit_cast_w::<64, 32>(self.tx_low.read_data.val());
        self.high.next = bit_cast_w::<64, 32>(self.tx_high.read_data.val());
        if self.r.q.val().tx_tail {
            self.word.next = bit_cast_w::<64, 32>(self.tail_low.read_data.val());
            self.high.next = bit_cast_w::<64, 32>(self.tail_high.read_data.val());
        }
        self.high.next = self.high.val() << 32;
        self.tx_data.next = self.high.val() | self.word.val();

        // received slots, one stage, then stored
        self.r.d.next.slot_valid = self.slot_valid.val() & self.r.q.val().armed;
        self.r.d.next.slot_data = self.slot_data.val();
        self.r.d.next.slot_flags = self.slot_flags.val();
        self.count.next = self.r.q.val().count;
        self.store_now.next = self.r.q.val().slot_valid & !self.r.q.val().full;
        self.store_tail.next = self.store_now.val() & self.count.val().get_bit(9);
        self.store_body.next = self.store_now.val() & !self.count.val().get_bit(9);
        self.received.next = self.r.q.val().slot_data >> 32;
        self.rx_high.write_data.next = bit_cast_w::<32, 64>(self.received.val());
        self.received.next = self.r.q.val().slot_data;
        self.rx_low.write_data.next = bit_cast_w::<32, 64>(self.received.val());
        self.rx_flags.write_data.next = self.r.q.val().slot_flags;
        self.rx_high.write_address.next = self.count.val().get_bits::<9>(0);
        self.rx_low.write_address.next = self.count.val().get_bits::<9>(0);
        self.rx_flags.write_address.next = self.count.val().get_bits::<9>(0);
        self.rx_high.write_enable.next = self.store_body.val();
        self.rx_low.write_enable.next = self.store_body.val();
        self.rx_flags.write_enable.next = self.store_body.val();
        self.count_up.next = self.count.val() + self.one.val();
        self.count_next.next = self.count.val();
        if self.store_now.val() {
            self.count_next.next = self.count_up.val();
        }
        self.lost_up.next = self.r.q.val().lost + self.one_16.val();
        if self.r.q.val().slot_valid & self.r.q.val().full & !self.r.q.val().lost_full {
            self.r.d.next.lost = self.lost_up.val();
        }
        self.r.d.next.lost_full = self.r.q.val().lost.all();
        if self.r.q.val().write_now & self.in_group.val() & (self.offset.val() == 0) {
            self.r.d.next.armed = self.data.val().get_bit(0);
            if self.data.val().get_bit(0) {
                self.count_next.next = 0.into();
                self.r.d.next.lost = 0.into();
                self.r.d.next.lost_full = false;
            }
        }
        self.r.d.next.count = self.count_next.val();
        self.r.d.next.full = self.count_next.val() == self.limit.val();

        // the shared tail: rows 0..31 of the tx side, 32..63 of the rx side
        self.tail_write.next = bit_cast_w::<6, 10>(self.tx_word.val());
        if self.store_tail.val() {
            self.tail_write.next = bit_cast_w::<6, 10>(self.count.val()) | self.rx_half.val();
        }
        self.tail_high.write_address.next = self.tail_write.val();
        self.tail_low.write_address.next = self.tail_write.val();
        self.tail_flags.write_address.next = self.tail_write.val();
        self.tail_high.write_data.next = self.data.val();
        self.tail_low.write_data.next = self.data.val();
        self.tail_flags.write_data.next = self.r.q.val().slot_flags;
        if self.store_tail.val() {
            self.tail_high.write_data.next = self.rx_high.write_data.val();
            self.tail_low.write_data.next = self.rx_low.write_data.val();
        }
        self.tail_high.write_enable.next = self.store_tail.val() | (self.write_high.val() & self.tx_word_tail.val());
        self.tail_low.write_enable.next = self.store_tail.val() | (self.write_low.val() & self.tx_word_tail.val());
        self.tail_flags.write_enable.next = self.store_tail.val();
        self.rx_word.next = self.address.val().get_bits::<10>(2);
        self.rx_word_tail.next = self.rx_word.val().get_bit(9);
        self.tail_read.next = bit_cast_w::<6, 10>(self.rx_word.val()) | self.rx_half.val();
        if self.tx_busy.val() {
            self.tail_read.next = bit_cast_w::<6, 10>(self.tx_address_now.val());
        }
        self.tail_high.read_address.next = self.tail_read.val();
        self.tail_low.read_address.next = self.tail_read.val();
        self.tail_flags.read_address.next = self.tail_read.val();

        // what a read shows: one of six words of memory, or a register
        self.rx_high.read_address.next = self.rx_word.val().get_bits::<9>(0);
        self.rx_low.read_address.next = self.rx_word.val().get_bits::<9>(0);
        self.rx_flags.read_address.next = self.rx_word.val().get_bits::<9>(0);
        self.shown_rx.next = 0.into();
        self.shown_tail.next = 0.into();
        if self.in_rx.val() & self.r.q.val().is_read {
            if self.rx_word_tail.val() {
                self.shown_tail.next = self.shown_tail.val().replace_bit(0, self.address.val().get_bits::<2>(0) == 0);
                self.shown_tail.next = self.shown_tail.val().replace_bit(1, self.address.val().get_bits::<2>(0) == 1);
                self.shown_tail.next = self.shown_tail.val().replace_bit(2, self.address.val().get_bits::<2>(0) == 2);
            } else {
                self.shown_rx.next = self.shown_rx.val().replace_bit(0, self.address.val().get_bits::<2>(0) == 0);
                self.shown_rx.next = self.shown_rx.val().replace_bit(1, self.address.val().get_bits::<2>(0) == 1);
                self.shown_rx.next = self.shown_rx.val().replace_bit(2, self.address.val().get_bits::<2>(0) == 2);
            }
        }
        self.r.d.next.show_rx = self.shown_rx.val();
        self.r.d.next.show_tail = self.shown_tail.val();
        self.r.d.next.show_control = self.in_group.val() & self.r.q.val().is_read & (self.offset.val() == 0);
        self.r.d.next.show_count = self.in_group.val() & self.r.q.val().is_read & (self.offset.val() == 1);
        self.r.d.next.show_lost = self.in_group.val() & self.r.q.val().is_read & (self.offset.val() == 2);
        self.armed_word.next = 0.into();
        self.armed_word.next = self.armed_word.val().replace_bit(0, self.r.q.val().armed);
        self.r.d.next.register = 0.into();
        if self.r.q.val().show_control {
            self.r.d.next.register = self.armed_word.val();
        }
        if self.r.q.val().show_count {
            self.r.d.next.register = bit_cast_w::<32, 10>(self.count.val());
        }
        if self.r.q.val().show_lost {
            self.r.d.next.register = bit_cast_w::<32, 16>(self.r.q.val().lost);
        }
        self.shown_rx.next = self.r.q.val().show_rx;
        self.shown_tail.next = self.r.q.val().show_tail;
        self.r.d.next.chosen = 0.into();
        self.flags.next = self.rx_flags.read_data.val();
        if self.shown_rx.val().get_bit(0) {
            self.r.d.next.chosen = self.rx_high.read_data.val();
        }
        if self.shown_rx.val().get_bit(1) {
            self.r.d.next.chosen = self.rx_low.read_data.val();
        }
        if self.shown_rx.val().get_bit(2) {
            self.r.d.next.chosen = bit_cast_w::<32, 8>(self.flags.val());
        }
        if self.shown_tail.val().get_bit(0) {
            self.r.d.next.chosen = self.tail_high.read_data.val();
        }
        if self.shown_tail.val().get_bit(1) {
            self.r.d.next.chosen = self.tail_low.read_data.val();
        }
        self.flags.next = self.tail_flags.read_data.val();
        if self.shown_tail.val().get_bit(2) {
            self.r.d.next.chosen = bit_cast_w::<32, 8>(self.flags.val());
        }
        self.r.d.next.answer = self.r.q.val().chosen | self.r.q.val().register;
        self.bus_read.next = self.r.q.val().answer;
    }
}
