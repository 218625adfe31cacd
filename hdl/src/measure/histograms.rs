//! The bins: latencies, 32 bits each; waits, 16 bits each, saturating.
//!
//! ```text
//!              +----Histograms----+
//!  Bit, W<8> --| bin_now, bin     |
//!  Bit, W<8> --| wait_now, wait_bin
//!  BusRequest -| bus_request      |--- bus_read  W<32>
//!              +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | throughput  | one latency and one wait every [`Histograms::SPACING_CYCLES`] |
//! | bins        | latencies count modulo 2^32, waits stop at 65535 |
//! | clear       | takes [`Histograms::CLEAR_CYCLES`]; what comes meanwhile is not counted |
//! | read answer | within 6 cycles of the strobe; a count on its way to memory is shown or not |
//!
//! Both halves of a latency bin are read, registered, added to and written; the upper half follows one cycle behind
//! with the carry, so that no carry chain is longer than 16 bits.

use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::word::*;
use firstlight_spec::regs::{latency as map, link};

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct HistogramsState {
    commanded: Bit,
    clear: Bit,
    clearing: Bit,
    clear_row: W<8>,
    // latency: read, answered, registered, upper half written
    op_1: Bit,
    op_2: Bit,
    op_3: Bit,
    op_4: Bit,
    row: W<8>,
    row_4: W<8>,
    low: W<16>,
    high: W<16>,
    carry: Bit,
    // wait
    wait_1: Bit,
    wait_2: Bit,
    wait_3: Bit,
    wait_row: W<8>,
    wait: W<16>,
    // requests
    wants_low: Bit,
    wants_high: Bit,
    wants_wait: Bit,
    got_low: Bit,
    got_high: Bit,
    got_wait: Bit,
    answer_low: W<16>,
    answer_high: W<16>,
}

/// Both histograms.
#[derive(LogicBlock)]
pub struct Histograms {
    pub clock: Signal<In, Clock>,
    pub bin_now: Signal<In, Bit>,
    pub bin: Signal<In, W<8>>,
    pub wait_now: Signal<In, Bit>,
    pub wait_bin: Signal<In, W<8>>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    lows: Memory<16, 8>,
    highs: Memory<16, 8>,
    waits: Memory<16, 8>,
    r: DFF<HistogramsState>,
    address: Signal<Local, W<13>>,
    bus_row: Signal<Local, W<8>>,
    data: Signal<Local, W<32>>,
    reads: Signal<Local, Bit>,
    active: Signal<Local, Bit>,
    one: Signal<Local, W<16>>,
    carry: Signal<Local, W<16>>,
    wait_one: Signal<Local, W<16>>,
    low: Signal<Local, W<16>>,
    sum: Signal<Local, W<16>>,
    high_sum: Signal<Local, W<16>>,
    wait_sum: Signal<Local, W<16>>,
    answer: Signal<Local, W<32>>,
    command: Constant<W<13>>,
    bins_at: Constant<W<5>>,
    waits_at: Constant<W<5>>,
}

const _: () = assert!(
    map::BINS.word.is_multiple_of(256)
        && map::BINS.words == 256
        && map::WAIT_BINS.word.is_multiple_of(256)
        && map::WAIT_BINS.words == 256
);

impl Histograms {
    /// Least distance of two latencies, of two waits.
    pub const SPACING_CYCLES: u64 = 3;
    /// From the strobe of the command.
    pub const CLEAR_CYCLES: u64 = 260;
}

impl Default for Histograms {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            bin_now: Default::default(),
            bin: Default::default(),
            wait_now: Default::default(),
            wait_bin: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            lows: Default::default(),
            highs: Default::default(),
            waits: Default::default(),
            r: Default::default(),
            address: Default::default(),
            bus_row: Default::default(),
            data: Default::default(),
            reads: Default::default(),
            active: Default::default(),
            one: Default::default(),
            carry: Default::default(),
            wait_one: Default::default(),
            low: Default::default(),
            sum: Default::default(),
            high_sum: Default::default(),
            wait_sum: Default::default(),
            answer: Default::default(),
            command: Constant::new(W::new(link::COMMAND.word as u64)),
            bins_at: Constant::new(W::new((map::BINS.word / 256) as u64)),
            waits_at: Constant::new(W::new((map::WAIT_BINS.word / 256) as u64)),
        }
    }
}

crate::inputs!(Histograms: bin_now, bin, wait_now, wait_bin, bus_request; lows, highs, waits, r);

impl Logic for Histograms {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, lows, highs, waits);

        // commands and reads
        self.address.next = self.bus_request.val().address;
        self.bus_row.next = self.address.val().get_bits::<8>(0);
        self.data.next = self.bus_request.val().data;
        self.r.d.next.commanded =
            self.bus_request.val().strobe & self.bus_request.val().write & (self.address.val() == self.command.val());
        self.r.d.next.clear = self.r.q.val().commanded & self.data.val().get_bit(0);
        self.r.d.next.clearing = self.r.q.val().clear | (self.r.q.val().clearing & (self.r.q.val().clear_row != 255));
        self.r.d.next.clear_row = 0.into();
        if self.r.q.val().clearing {
            self.r.d.next.clear_row = self.r.q.val().clear_row + 1;
        }
        self.active.next = !self.r.q.val().clear & !self.r.q.val().clearing;

        // latency: both halves are read one after the other
        self.r.d.next.op_1 = self.bin_now.val() & self.active.val();
        self.r.d.next.op_2 = self.r.q.val().op_1 & self.active.val();
        self.r.d.next.op_3 = self.r.q.val().op_2 & self.active.val();
        self.r.d.next.op_4 = self.r.q.val().op_3 & self.active.val();
        if self.bin_now.val() {
            self.r.d.next.row = self.bin.val();
        }
        self.r.d.next.row_4 = self.r.q.val().row;
        self.lows.read_address.next = self.bus_row.val();
        if self.r.q.val().op_1 {
            self.lows.read_address.next = self.r.q.val().row;
        }
        self.highs.read_address.next = self.bus_row.val();
        if self.r.q.val().op_2 {
            self.highs.read_address.next = self.r.q.val().row;
        }
        self.r.d.next.low = self.lows.read_data.val();
        self.r.d.next.high = self.highs.read_data.val();
        self.low.next = self.r.q.val().low;
        self.r.d.next.carry = self.low.val().all() & self.r.q.val().op_3;
        if !self.active.val() {
            self.r.d.next.low = 0.into();
            self.r.d.next.high = 0.into();
            self.r.d.next.carry = false;
        }
        self.one.next = 0.into();
        self.one.next = self.one.val().replace_bit(0, self.r.q.val().op_3);
        self.sum.next = self.low.val() + self.one.val();
        self.carry.next = 0.into();
        self.carry.next = self.carry.val().replace_bit(0, self.r.q.val().carry);
        self.high_sum.next = self.r.q.val().high + self.carry.val();
        self.lows.write_data.next = self.sum.val();
        self.lows.write_enable.next = self.r.q.val().op_3 | self.r.q.val().clearing;
        self.lows.write_address.next = self.r.q.val().row;
        self.highs.write_data.next = self.high_sum.val();
        self.highs.write_enable.next = self.r.q.val().op_4 | self.r.q.val().clearing;
        self.highs.write_address.next = self.r.q.val().row_4;

        // waits
        self.r.d.next.wait_1 = self.wait_now.val() & self.active.val();
        self.r.d.next.wait_2 = self.r.q.val().wait_1 & self.active.val();
        self.r.d.next.wait_3 = self.r.q.val().wait_2 & self.active.val() & !self.waits.read_data.val().all();
        if self.wait_now.val() {
            self.r.d.next.wait_row = self.wait_bin.val();
        }
        self.waits.read_address.next = self.bus_row.val();
        if self.r.q.val().wait_1 {
            self.waits.read_address.next = self.r.q.val().wait_row;
        }
        self.r.d.next.wait = self.waits.read_data.val();
        if !self.active.val() {
            self.r.d.next.wait = 0.into();
        }
        self.wait_one.next = 0.into();
        self.wait_one.next = self.wait_one.val().replace_bit(0, self.r.q.val().wait_3);
        self.wait_sum.next = self.r.q.val().wait + self.wait_one.val();
        self.waits.write_data.next = self.wait_sum.val();
        self.waits.write_enable.next = self.r.q.val().wait_3 | self.r.q.val().clearing;
        self.waits.write_address.next = self.r.q.val().wait_row;
        if self.r.q.val().clearing {
            self.lows.write_address.next = self.r.q.val().clear_row;
            self.highs.write_address.next = self.r.q.val().clear_row;
            self.waits.write_address.next = self.r.q.val().clear_row;
        }

        // a read takes the cycles that counting leaves
        self.reads.next = self.bus_request.val().strobe & !self.bus_request.val().write;
        self.r.d.next.wants_low = (self.reads.val() & (self.address.val().get_bits::<5>(8) == self.bins_at.val()))
            | (self.r.q.val().wants_low & self.r.q.val().op_1);
        self.r.d.next.wants_high = (self.reads.val() & (self.address.val().get_bits::<5>(8) == self.bins_at.val()))
            | (self.r.q.val().wants_high & self.r.q.val().op_2);
        self.r.d.next.wants_wait = (self.reads.val() & (self.address.val().get_bits::<5>(8) == self.waits_at.val()))
            | (self.r.q.val().wants_wait & self.r.q.val().wait_1);
        self.r.d.next.got_low = self.r.q.val().wants_low & !self.r.q.val().op_1;
        self.r.d.next.got_high = self.r.q.val().wants_high & !self.r.q.val().op_2;
        self.r.d.next.got_wait = self.r.q.val().wants_wait & !self.r.q.val().wait_1;
        if self.r.q.val().got_low {
            self.r.d.next.answer_low = self.lows.read_data.val();
        }
        if self.r.q.val().got_wait {
            self.r.d.next.answer_low = self.waits.read_data.val();
        }
        if self.r.q.val().got_high {
            self.r.d.next.answer_high = self.highs.read_data.val();
        }
        if self.bus_request.val().strobe {
            self.r.d.next.answer_low = 0.into();
            self.r.d.next.answer_high = 0.into();
        }
        self.answer.next = bit_cast_w::<32, 16>(self.r.q.val().answer_high);
        self.answer.next = self.answer.val() << 16;
        self.bus_read.next = self.answer.val() | bit_cast_w::<32, 16>(self.r.q.val().answer_low);
    }
}
