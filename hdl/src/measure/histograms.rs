//! The bins: latencies, 32 bits each; waits, 16 bits each, saturating.
//!
//! ```text
//!              +----Histograms----+
//!  Bit, W<8> --| bin_now, bin     |
//!  Bit, W<8> --| wait_now, wait_bin
//!  BusRequest -| bus_request      |--- bus_read  Bit
//!              +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | throughput  | one latency and one wait every [`Histograms::SPACING_CYCLES`] |
//! | bins        | latencies count modulo 2^32, waits stop at 65535 |
//! | clear       | takes [`Histograms::CLEAR_CYCLES`]; what comes meanwhile is not counted |
//! | a read      | of a bin that is counted meanwhile: each half is that of before or after |
//!
//! Both halves of a latency bin are read, registered, added to and written; the upper half follows one cycle behind
//! with the carry, so that no carry chain is longer than 11 bits. Every memory has a twin that is written alike and read
//! by the host.

use super::offset;
use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, latency as map, link};

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct HistogramsState {
    in_link_group: Bit,
    is_written_command: Bit,
    strobe: Bit,
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
    /// What is added to the six lowest bits and to the others: their carry is known before the sum.
    low_carry: Bit,
    carry: Bit,
    high_carry: Bit,
    /// A row is wiped, the upper halves one cycle later.
    wipe: Bit,
    wipe_4: Bit,
    // wait
    wait_1: Bit,
    wait_2: Bit,
    wait_3: Bit,
    wait_row: W<8>,
    wait: W<16>,
    wait_carry: Bit,
    /// Halves of `wait` that are all ones.
    full: W<2>,
    // requests
    is_bins: Bit,
    is_waits: Bit,
    shown: Bit,
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
    pub bus_read: Signal<Out, Bit>,
    lows: Memory<16, 8>,
    highs: Memory<16, 8>,
    waits: Memory<16, 8>,
    low_twin: SerialMemory<16, 8>,
    high_twin: SerialMemory<16, 8>,
    wait_twin: SerialMemory<16, 8>,
    r: DFF<HistogramsState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    bus_row: Signal<Local, W<8>>,
    data: Signal<Local, W<32>>,
    active: Signal<Local, Bit>,
    low_read: Signal<Local, W<16>>,
    high_read: Signal<Local, W<16>>,
    low_now: Signal<Local, W<16>>,
    high_now: Signal<Local, W<16>>,
    wait_now_in: Signal<Local, W<16>>,
    wait_read: Signal<Local, W<16>>,
    full: Signal<Local, W<2>>,
    one: Signal<Local, W<6>>,
    more: Signal<Local, W<10>>,
    wide_more: Signal<Local, W<11>>,
    upper_bits: Signal<Local, W<11>>,
    lower_sum: Signal<Local, W<6>>,
    upper_sum: Signal<Local, W<11>>,
    high_upper_sum: Signal<Local, W<10>>,
    placed: Signal<Local, W<16>>,
    low_sum: Signal<Local, W<16>>,
    step: Signal<Local, W<5>>,
    high_step: Signal<Local, W<5>>,
    high_sum: Signal<Local, W<16>>,
    wait_sum: Signal<Local, W<16>>,
    command: Constant<W<4>>,
    link_group: Constant<W<9>>,
    upper: Constant<W<5>>,
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
            low_twin: Default::default(),
            high_twin: Default::default(),
            wait_twin: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            bus_row: Default::default(),
            data: Default::default(),
            active: Default::default(),
            low_read: Default::default(),
            high_read: Default::default(),
            low_now: Default::default(),
            high_now: Default::default(),
            wait_now_in: Default::default(),
            wait_read: Default::default(),
            full: Default::default(),
            one: Default::default(),
            more: Default::default(),
            wide_more: Default::default(),
            upper_bits: Default::default(),
            lower_sum: Default::default(),
            upper_sum: Default::default(),
            high_upper_sum: Default::default(),
            placed: Default::default(),
            low_sum: Default::default(),
            step: Default::default(),
            high_step: Default::default(),
            high_sum: Default::default(),
            wait_sum: Default::default(),
            command: offset(link::COMMAND.word),
            link_group: Constant::new(W::new((link::COMMAND.word / GROUP_WORDS) as u64)),
            upper: Constant::new(W::new(16)),
            bins_at: Constant::new(W::new((map::BINS.word / 256) as u64)),
            waits_at: Constant::new(W::new((map::WAIT_BINS.word / 256) as u64)),
        }
    }
}

crate::inputs!(Histograms: bin_now, bin, wait_now, wait_bin, bus_request; lows, highs, waits, low_twin, high_twin, wait_twin, r);

impl Logic for Histograms {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, lows, highs, waits, low_twin, high_twin, wait_twin);

        // commands and reads
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.bus_row.next = self.address.val().get_bits::<8>(0);
        self.data.next = self.bus_request.val().data;
        self.r.d.next.in_link_group = self.address.val().get_bits::<9>(4) == self.link_group.val();
        self.r.d.next.is_written_command = (self.index.val() == self.command.val()) & self.bus_request.val().write;
        self.r.d.next.strobe = self.bus_request.val().strobe;
        self.r.d.next.clear = self.r.q.val().in_link_group
            & self.r.q.val().is_written_command
            & self.r.q.val().strobe
            & self.data.val().get_bit(0);
        self.r.d.next.clearing = self.r.q.val().clear | (self.r.q.val().clearing & (self.r.q.val().clear_row != 255));
        self.r.d.next.clear_row = 0.into();
        if self.r.q.val().clearing {
            self.r.d.next.clear_row = self.r.q.val().clear_row + 1;
        }
        self.active.next = !self.r.q.val().clear & !self.r.q.val().clearing;

        // latency: both halves are read one after the other; a clear walks through the same registers
        self.r.d.next.op_1 = self.bin_now.val() & self.active.val();
        self.r.d.next.op_2 = self.r.q.val().op_1 & self.active.val();
        self.r.d.next.op_3 = self.r.q.val().op_2 & self.active.val();
        self.r.d.next.op_4 = self.r.q.val().op_3 & self.active.val();
        if self.bin_now.val() {
            self.r.d.next.row = self.bin.val();
        }
        if self.r.q.val().clearing {
            self.r.d.next.row = self.r.q.val().clear_row;
        }
        self.r.d.next.row_4 = self.r.q.val().row;
        self.lows.read_address.next = self.r.q.val().row;
        self.highs.read_address.next = self.r.q.val().row;
        self.low_read.next = self.lows.read_data.val();
        self.high_read.next = self.highs.read_data.val();
        self.r.d.next.low = self.low_read.val();
        self.r.d.next.high = self.high_read.val();
        if self.r.q.val().clearing {
            self.r.d.next.low = 0.into();
        }
        if self.r.q.val().wipe {
            self.r.d.next.high = 0.into();
        }
        self.r.d.next.low_carry = self.r.q.val().op_2 & self.low_read.val().get_bits::<6>(0).all();
        self.low_now.next = self.r.q.val().low;
        self.one.next = 0.into();
        self.one.next = self.one.val().replace_bit(0, self.r.q.val().op_3);
        self.wide_more.next = 0.into();
        self.wide_more.next = self.wide_more.val().replace_bit(0, self.r.q.val().low_carry);
        self.lower_sum.next = self.low_now.val().get_bits::<6>(0) + self.one.val();
        self.upper_bits.next = bit_cast_w::<11, 10>(self.low_now.val().get_bits::<10>(6));
        self.upper_sum.next = self.upper_bits.val() + self.wide_more.val();
        self.placed.next = bit_cast_w::<16, 11>(self.upper_sum.val());
        self.placed.next = self.placed.val() << 6;
        self.low_sum.next = self.placed.val() | bit_cast_w::<16, 6>(self.lower_sum.val());
        self.r.d.next.carry = self.upper_sum.val().get_bit(10);
        self.r.d.next.high_carry = self.upper_sum.val().get_bit(10) & self.high_read.val().get_bits::<6>(0).all();
        self.high_now.next = self.r.q.val().high;
        self.one.next = 0.into();
        self.one.next = self.one.val().replace_bit(0, self.r.q.val().carry);
        self.more.next = 0.into();
        self.more.next = self.more.val().replace_bit(0, self.r.q.val().high_carry);
        self.lower_sum.next = self.high_now.val().get_bits::<6>(0) + self.one.val();
        self.high_upper_sum.next = self.high_now.val().get_bits::<10>(6) + self.more.val();
        self.placed.next = bit_cast_w::<16, 10>(self.high_upper_sum.val());
        self.placed.next = self.placed.val() << 6;
        self.high_sum.next = self.placed.val() | bit_cast_w::<16, 6>(self.lower_sum.val());
        self.r.d.next.wipe = self.r.q.val().clearing;
        self.r.d.next.wipe_4 = self.r.q.val().wipe;
        self.lows.write_data.next = self.low_sum.val();
        self.lows.write_enable.next = self.r.q.val().op_3 | self.r.q.val().wipe;
        self.lows.write_address.next = self.r.q.val().row;
        self.highs.write_data.next = self.high_sum.val();
        self.highs.write_enable.next = self.r.q.val().op_4 | self.r.q.val().wipe_4;
        self.highs.write_address.next = self.r.q.val().row_4;

        // waits
        self.r.d.next.wait_1 = self.wait_now.val() & self.active.val();
        self.r.d.next.wait_2 = self.r.q.val().wait_1 & self.active.val();
        self.r.d.next.wait_3 = self.r.q.val().wait_2 & self.active.val();
        if self.wait_now.val() {
            self.r.d.next.wait_row = self.wait_bin.val();
        }
        if self.r.q.val().clearing {
            self.r.d.next.wait_row = self.r.q.val().clear_row;
        }
        self.waits.read_address.next = self.r.q.val().wait_row;
        self.wait_read.next = self.waits.read_data.val();
        self.r.d.next.wait = self.wait_read.val();
        self.full.next = 0.into();
        self.full.next = self
            .full
            .val()
            .replace_bit(0, self.wait_read.val().get_bits::<8>(0).all())
            .replace_bit(1, self.wait_read.val().get_bits::<8>(8).all());
        self.r.d.next.full = self.full.val();
        if self.r.q.val().clearing {
            self.r.d.next.wait = 0.into();
        }
        self.r.d.next.wait_carry = self.r.q.val().wait_2 & self.wait_read.val().get_bits::<6>(0).all();
        self.wait_now_in.next = self.r.q.val().wait;
        self.one.next = 0.into();
        self.one.next = self.one.val().replace_bit(0, self.r.q.val().wait_3);
        self.more.next = 0.into();
        self.more.next = self.more.val().replace_bit(0, self.r.q.val().wait_carry);
        self.lower_sum.next = self.wait_now_in.val().get_bits::<6>(0) + self.one.val();
        self.high_upper_sum.next = self.wait_now_in.val().get_bits::<10>(6) + self.more.val();
        self.placed.next = bit_cast_w::<16, 10>(self.high_upper_sum.val());
        self.placed.next = self.placed.val() << 6;
        self.wait_sum.next = self.placed.val() | bit_cast_w::<16, 6>(self.lower_sum.val());
        self.waits.write_data.next = self.wait_sum.val();
        self.waits.write_enable.next = (self.r.q.val().wait_3 & !self.r.q.val().full.all()) | self.r.q.val().wipe;
        self.waits.write_address.next = self.r.q.val().wait_row;

        // the host reads the twins
        self.step.next = self.bus_request.val().step;
        self.low_twin.write_address.next = self.lows.write_address.val();
        self.low_twin.write_data.next = self.lows.write_data.val();
        self.low_twin.write_enable.next = self.lows.write_enable.val();
        self.low_twin.read_address.next = self.bus_row.val();
        self.low_twin.step.next = self.step.val();
        self.high_twin.write_address.next = self.highs.write_address.val();
        self.high_twin.write_data.next = self.highs.write_data.val();
        self.high_twin.write_enable.next = self.highs.write_enable.val();
        self.high_twin.read_address.next = self.bus_row.val();
        // the upper half answers for bits 31..16
        self.high_step.next = self.step.val() ^ self.upper.val();
        self.high_twin.step.next = self.high_step.val();
        self.wait_twin.write_address.next = self.waits.write_address.val();
        self.wait_twin.write_data.next = self.waits.write_data.val();
        self.wait_twin.write_enable.next = self.waits.write_enable.val();
        self.wait_twin.read_address.next = self.bus_row.val();
        self.wait_twin.step.next = self.step.val();
        self.r.d.next.is_bins = self.address.val().get_bits::<5>(8) == self.bins_at.val();
        self.r.d.next.is_waits = self.address.val().get_bits::<5>(8) == self.waits_at.val();
        self.r.d.next.shown = ((self.low_twin.out.val() | self.high_twin.out.val()) & self.r.q.val().is_bins)
            | (self.wait_twin.out.val() & self.r.q.val().is_waits);
        self.bus_read.next = self.r.q.val().shown;
    }
}
