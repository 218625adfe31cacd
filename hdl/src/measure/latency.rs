//! Latency of every good frame: tx stamps by sequence number, extremes, frames outside the bins.
//!
//! ```text
//!              +------Latency------+
//!  Bit, W<16> -| tx_first_now, tx_sequence
//!  Bit --------| rx_first_now      |--- latency_now, latency W<12>
//!  verdict ----| frame_done, frame_good, frame_sequence
//!              |                   |--- bin_now, bin W<8>
//!  BusRequest -| bus_request       |--- bus_read  Bit
//!              +-------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | counts from   | acceptance of the first beat (`tx_first_now` one cycle later) to the first beat at the client (`rx_first_now` in that cycle) |
//! | range         | 0 to 4095 cycles, modulo 4096 |
//! | `latency_now` | 4 cycles after `frame_done`; `bin_now` two later |
//! | throughput    | a good frame every three cycles; a bad one may follow after two |
//! | ring          | 64 stamps; a frame whose stamp was overwritten by one 64 frames younger is unmatched |
//! | a read        | of what changes meanwhile: each bit is that of its own cycle |
//!
//! `frame_done` must come once, in order, for every `rx_first_now`.

use super::offset;
use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
use crate::memory::Memory;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::limits::{OUTLIERS, STAMP_RING};
use firstlight_spec::regs::{GROUP_WORDS, latency as map, link};

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct LatencyState {
    now: W<12>,
    rx_first: Bit,
    // two frames may be under way between first beat and verdict
    rx_pick: Bit,
    done_pick: Bit,
    rx_stamp_a: W<12>,
    rx_stamp_b: W<12>,
    // a good frame: its stamp is read
    ask_1: Bit,
    ask_2: Bit,
    /// Number and stamp of the frame are still needed.
    asks: Bit,
    ask_3: Bit,
    sequence_1: W<16>,
    stamp_1: W<12>,
    entry: W<16>,
    // its latency
    matched: Bit,
    unmatched: Bit,
    latency: W<12>,
    sequence_4: W<16>,
    // its place
    binned: Bit,
    below: Bit,
    // compared with the maximum, in halves
    above_high: Bit,
    same_high: Bit,
    above_low: Bit,
    offset: W<13>,
    inside: Bit,
    outside: Bit,
    outliers: W<5>,
    outliers_full: Bit,
    // extremes; the smallest is stored inverted
    base: W<12>,
    min_inverted: W<12>,
    max: W<12>,
    overflow: W<16>,
    unmatched_count: W<16>,
    overflow_full: Bit,
    unmatched_full: Bit,
    // requests
    is_base: Bit,
    /// The address, compared in two halves: group, and place in it.
    in_link_group: Bit,
    is_command: Bit,
    is_written_command: Bit,
    strobe: Bit,
    write_now: Bit,
    clear: Bit,
    /// The same: `clear` may stand on a reset network, from which logic is reached late.
    clears: Bit,
    in_group: Bit,
    in_region: Bit,
    is_min: Bit,
    is_max: Bit,
    is_overflow: Bit,
    is_unmatched: Bit,
    is_outliers: Bit,
    shown: Bit,
}

/// Matches stamps.
#[derive(LogicBlock)]
pub struct Latency {
    pub clock: Signal<In, Clock>,
    pub tx_first_now: Signal<In, Bit>,
    pub tx_sequence: Signal<In, W<16>>,
    pub rx_first_now: Signal<In, Bit>,
    pub frame_done: Signal<In, Bit>,
    pub frame_good: Signal<In, Bit>,
    pub frame_sequence: Signal<In, W<16>>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub latency_now: Signal<Out, Bit>,
    pub latency: Signal<Out, W<12>>,
    pub bin_now: Signal<Out, Bit>,
    pub bin: Signal<Out, W<8>>,
    stamps: Memory<16, 6>,
    outlier_memory: SerialMemory<32, 4>,
    min_picker: Picker<12>,
    max_picker: Picker<12>,
    overflow_picker: Picker<16>,
    unmatched_picker: Picker<16>,
    outliers_picker: Picker<5>,
    r: DFF<LatencyState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    hits: Signal<Local, Bit>,
    now: Signal<Local, W<12>>,
    tx_sequence_now: Signal<Local, W<16>>,
    good: Signal<Local, Bit>,
    sequence_1: Signal<Local, W<16>>,
    entry: Signal<Local, W<16>>,
    wide_latency: Signal<Local, W<13>>,
    wide_base: Signal<Local, W<13>>,
    offset: Signal<Local, W<13>>,
    min: Signal<Local, W<12>>,
    max: Signal<Local, W<12>>,
    seen: Signal<Local, W<12>>,
    above: Signal<Local, Bit>,
    write_word: Signal<Local, W<16>>,
    outlier_index: Signal<Local, W<5>>,
    outlier_word: Signal<Local, W<32>>,
    command: Constant<W<4>>,
    link_group: Constant<W<9>>,
    group: Constant<W<9>>,
    region: Constant<W<9>>,
    base_at: Constant<W<4>>,
    min_at: Constant<W<4>>,
    max_at: Constant<W<4>>,
    overflow_at: Constant<W<4>>,
    unmatched_at: Constant<W<4>>,
    outliers_at: Constant<W<4>>,
}

const _: () = assert!(STAMP_RING == 64 && OUTLIERS == 16 && link::CLEAR.lsb == 0);

impl Default for Latency {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            tx_first_now: Default::default(),
            tx_sequence: Default::default(),
            rx_first_now: Default::default(),
            frame_done: Default::default(),
            frame_good: Default::default(),
            frame_sequence: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            latency_now: Default::default(),
            latency: Default::default(),
            bin_now: Default::default(),
            bin: Default::default(),
            stamps: Default::default(),
            outlier_memory: Default::default(),
            min_picker: Default::default(),
            max_picker: Default::default(),
            overflow_picker: Default::default(),
            unmatched_picker: Default::default(),
            outliers_picker: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            data: Default::default(),
            hits: Default::default(),
            now: Default::default(),
            tx_sequence_now: Default::default(),
            good: Default::default(),
            sequence_1: Default::default(),
            entry: Default::default(),
            wide_latency: Default::default(),
            wide_base: Default::default(),
            offset: Default::default(),
            min: Default::default(),
            max: Default::default(),
            seen: Default::default(),
            above: Default::default(),
            write_word: Default::default(),
            outlier_index: Default::default(),
            outlier_word: Default::default(),
            command: offset(link::COMMAND.word),
            link_group: Constant::new(W::new((link::COMMAND.word / GROUP_WORDS) as u64)),
            group: Constant::new(W::new((map::BASE.word / GROUP_WORDS) as u64)),
            region: Constant::new(W::new((map::OUTLIERS.word / 16) as u64)),
            base_at: offset(map::BASE.word),
            min_at: offset(map::MIN.word),
            max_at: offset(map::MAX.word),
            overflow_at: offset(map::OVERFLOW.word),
            unmatched_at: offset(map::UNMATCHED.word),
            outliers_at: offset(map::OUTLIER_COUNT_REG.word),
        }
    }
}

crate::inputs!(Latency: tx_first_now, tx_sequence, rx_first_now, frame_done, frame_good, frame_sequence, bus_request; stamps, outlier_memory, min_picker, max_picker, overflow_picker, unmatched_picker, outliers_picker, r);

impl Logic for Latency {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, stamps, outlier_memory);
        clock!(self, clock, min_picker, max_picker, overflow_picker, unmatched_picker, outliers_picker);

        // tx: a stamp goes to the ring
        self.now.next = self.r.q.val().now;
        self.r.d.next.now = self.now.val() + 1;
        self.tx_sequence_now.next = self.tx_sequence.val();

        self.stamps.write_address.next = self.tx_sequence_now.val().get_bits::<6>(0);
        self.write_word.next = bit_cast_w::<16, 4>(self.tx_sequence_now.val().get_bits::<4>(6));
        self.write_word.next = self.write_word.val() << 12;
        self.write_word.next = self.write_word.val() | bit_cast_w::<16, 12>(self.now.val());
        self.stamps.write_data.next = self.write_word.val();
        self.stamps.write_enable.next = self.tx_first_now.val();

        // rx: the stamp of a first beat is held
        self.r.d.next.rx_first = self.rx_first_now.val();
        if self.r.q.val().rx_first {
            self.r.d.next.rx_pick = !self.r.q.val().rx_pick;
            if self.r.q.val().rx_pick {
                self.r.d.next.rx_stamp_b = self.now.val();
            } else {
                self.r.d.next.rx_stamp_a = self.now.val();
            }
        }

        // the verdict: a good frame asks for the stamp of its number
        self.good.next = self.frame_done.val() & self.frame_good.val();
        self.r.d.next.done_pick = self.r.q.val().done_pick ^ self.frame_done.val();
        self.r.d.next.ask_1 = self.good.val();
        self.r.d.next.ask_2 = self.r.q.val().ask_1;
        self.r.d.next.ask_3 = self.r.q.val().ask_2;
        self.r.d.next.asks = self.good.val() | self.r.q.val().ask_1;
        // they follow the frames until one is good
        if !self.r.q.val().asks {
            self.r.d.next.sequence_1 = self.frame_sequence.val();
            self.r.d.next.stamp_1 = self.r.q.val().rx_stamp_a;
            if self.r.q.val().done_pick {
                self.r.d.next.stamp_1 = self.r.q.val().rx_stamp_b;
            }
        }
        self.sequence_1.next = self.r.q.val().sequence_1;
        self.stamps.read_address.next = self.sequence_1.val().get_bits::<6>(0);
        self.r.d.next.entry = self.stamps.read_data.val();

        // the difference
        self.entry.next = self.r.q.val().entry;
        self.r.d.next.matched =
            self.r.q.val().ask_3 & (self.entry.val().get_bits::<4>(12) == self.sequence_1.val().get_bits::<4>(6));
        self.r.d.next.unmatched =
            self.r.q.val().ask_3 & (self.entry.val().get_bits::<4>(12) != self.sequence_1.val().get_bits::<4>(6));
        if self.r.q.val().ask_3 {
            self.r.d.next.latency = self.r.q.val().stamp_1 - self.entry.val().get_bits::<12>(0);
            self.r.d.next.sequence_4 = self.sequence_1.val();
        }
        self.latency_now.next = self.r.q.val().matched;
        self.latency.next = self.r.q.val().latency;

        // its bin, or an outlier; the extremes
        self.wide_latency.next = bit_cast_w::<13, 12>(self.r.q.val().latency);
        self.wide_base.next = bit_cast_w::<13, 12>(self.r.q.val().base);
        self.r.d.next.offset = self.wide_latency.val() - self.wide_base.val();
        self.r.d.next.binned = self.r.q.val().matched;
        self.min.next = !self.r.q.val().min_inverted;
        self.r.d.next.below = self.r.q.val().matched & (self.r.q.val().latency < self.min.val());
        self.max.next = self.r.q.val().max;
        self.seen.next = self.r.q.val().latency;
        self.r.d.next.above_high =
            self.r.q.val().matched & (self.seen.val().get_bits::<6>(6) > self.max.val().get_bits::<6>(6));
        self.r.d.next.same_high =
            self.r.q.val().matched & (self.seen.val().get_bits::<6>(6) == self.max.val().get_bits::<6>(6));
        self.r.d.next.above_low = self.seen.val().get_bits::<6>(0) > self.max.val().get_bits::<6>(0);
        self.above.next = self.r.q.val().above_high | (self.r.q.val().same_high & self.r.q.val().above_low);
        if self.r.q.val().below | self.r.q.val().clears {
            self.r.d.next.min_inverted = !self.r.q.val().latency;
            if self.r.q.val().clear {
                self.r.d.next.min_inverted = 0.into();
            }
        }
        if self.above.val() | self.r.q.val().clears {
            self.r.d.next.max = self.r.q.val().latency;
            if self.r.q.val().clear {
                self.r.d.next.max = 0.into();
            }
        }
        self.offset.next = self.r.q.val().offset;
        self.r.d.next.outside = self.r.q.val().binned & (self.offset.val().get_bits::<5>(8) != 0);
        self.r.d.next.inside = self.r.q.val().binned & (self.offset.val().get_bits::<5>(8) == 0);
        self.bin_now.next = self.r.q.val().inside;
        self.bin.next = self.offset.val().get_bits::<8>(0);
        self.r.d.next.overflow_full = self.r.q.val().overflow == 0xffff;
        self.r.d.next.unmatched_full = self.r.q.val().unmatched_count == 0xffff;
        if (self.r.q.val().outside & !self.r.q.val().overflow_full) | self.r.q.val().clears {
            self.r.d.next.overflow = self.r.q.val().overflow + 1;
            if self.r.q.val().clear {
                self.r.d.next.overflow = 0.into();
            }
        }
        if (self.r.q.val().unmatched & !self.r.q.val().unmatched_full) | self.r.q.val().clears {
            self.r.d.next.unmatched_count = self.r.q.val().unmatched_count + 1;
            if self.r.q.val().clear {
                self.r.d.next.unmatched_count = 0.into();
            }
        }

        // the first sixteen outliers are kept
        self.outlier_index.next = self.r.q.val().outliers;
        self.outlier_word.next = bit_cast_w::<32, 12>(self.r.q.val().latency);
        self.outlier_word.next = self.outlier_word.val() << 16;
        self.outlier_word.next = self.outlier_word.val() | bit_cast_w::<32, 16>(self.r.q.val().sequence_4);
        self.outlier_memory.write_address.next = self.outlier_index.val().get_bits::<4>(0);
        self.outlier_memory.write_data.next = self.outlier_word.val();
        self.outlier_memory.write_enable.next = self.r.q.val().outside & !self.outlier_index.val().get_bit(4);
        self.r.d.next.outliers_full = self.outlier_index.val().get_bit(4);
        if (self.r.q.val().outside & !self.r.q.val().outliers_full) | self.r.q.val().clears {
            self.r.d.next.outliers = self.outlier_index.val() + 1;
            if self.r.q.val().clear {
                self.r.d.next.outliers = 0.into();
            }
        }

        // requests
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
        self.hits.next = self.address.val().get_bits::<9>(4) == self.group.val();
        self.r.d.next.in_group = self.hits.val();
        self.r.d.next.is_base = self.index.val() == self.base_at.val();
        self.r.d.next.in_link_group = self.address.val().get_bits::<9>(4) == self.link_group.val();
        self.r.d.next.is_command = self.index.val() == self.command.val();
        self.r.d.next.is_written_command = (self.index.val() == self.command.val()) & self.bus_request.val().write;
        self.r.d.next.strobe = self.bus_request.val().strobe;
        self.r.d.next.write_now = self.bus_request.val().strobe & self.bus_request.val().write;
        self.r.d.next.clear = self.r.q.val().in_link_group
            & self.r.q.val().is_command
            & self.r.q.val().write_now
            & self.data.val().get_bit(0);
        self.r.d.next.clears = self.r.q.val().in_link_group
            & self.r.q.val().is_written_command
            & self.r.q.val().strobe
            & self.data.val().get_bit(0);
        if self.r.q.val().write_now & self.r.q.val().in_group & self.r.q.val().is_base {
            self.r.d.next.base = self.data.val().get_bits::<12>(0);
        }
        self.outlier_memory.read_address.next = self.index.val();
        self.outlier_memory.step.next = self.bus_request.val().step;
        self.r.d.next.in_region = self.address.val().get_bits::<9>(4) == self.region.val();
        self.min_picker.word.next = self.min.val();
        self.min_picker.step.next = self.bus_request.val().step;
        self.r.d.next.is_min = self.r.q.val().in_group & (self.index.val() == self.min_at.val());
        self.max_picker.word.next = self.r.q.val().max;
        self.max_picker.step.next = self.bus_request.val().step;
        self.r.d.next.is_max = self.r.q.val().in_group & (self.index.val() == self.max_at.val());
        self.overflow_picker.word.next = self.r.q.val().overflow;
        self.overflow_picker.step.next = self.bus_request.val().step;
        self.r.d.next.is_overflow = self.r.q.val().in_group & (self.index.val() == self.overflow_at.val());
        self.unmatched_picker.word.next = self.r.q.val().unmatched_count;
        self.unmatched_picker.step.next = self.bus_request.val().step;
        self.r.d.next.is_unmatched = self.r.q.val().in_group & (self.index.val() == self.unmatched_at.val());
        self.outliers_picker.word.next = self.outlier_index.val();
        self.outliers_picker.step.next = self.bus_request.val().step;
        self.r.d.next.is_outliers = self.r.q.val().in_group & (self.index.val() == self.outliers_at.val());
        self.r.d.next.shown = (self.outlier_memory.out.val() & self.r.q.val().in_region)
            | (self.min_picker.out.val() & self.r.q.val().is_min)
            | (self.max_picker.out.val() & self.r.q.val().is_max)
            | (self.overflow_picker.out.val() & self.r.q.val().is_overflow)
            | (self.unmatched_picker.out.val() & self.r.q.val().is_unmatched)
            | (self.outliers_picker.out.val() & self.r.q.val().is_outliers);
        self.bus_read.next = self.r.q.val().shown;
    }
}
