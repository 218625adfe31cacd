//! Number and sum of the latencies, 48 bits each, read from a snapshot.
//!
//! ```text
//!              +-----Totals-----+
//!  Bit, W<12> -| now, latency   |
//!  BusRequest -| bus_request    |--- bus_read  Bit
//!              +----------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | throughput  | one latency a cycle |
//! | snapshot    | of the cycle 4 after the strobe of the command; count and sum belong together |
//! | range       | 2^48: half a year of frames at full load |
//!
//! Three slices of 16 bits each; a slice's carry reaches the next one cycle later, and so does the snapshot,
//! which stands in a block memory, a word for each slice of both.

use super::offset;
use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, latency as map, link};

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct TotalsState {
    count_0: W<16>,
    count_1: W<16>,
    count_2: W<16>,
    sum_0: W<16>,
    sum_1: W<16>,
    sum_2: W<16>,
    // of the cycle before
    count_carry_0: Bit,
    count_carry_1: Bit,
    sum_carry_0: Bit,
    sum_carry_1: Bit,
    /// The address, compared in two halves: group, and place in it.
    in_link_group: Bit,
    is_command: Bit,
    is_written_command: Bit,
    strobe: Bit,
    write_now: Bit,
    clear: Bit,
    /// The same: `clear` may stand on a reset network, from which logic is reached late.
    clears: Bit,
    copy: Bit,
    copy_0: Bit,
    copy_1: Bit,
    copy_2: Bit,
    // what is read
    in_group: Bit,
    is_low: Bit,
    is_high: Bit,
    is_upper_1: Bit,
    is_upper_2: Bit,
    shown: Bit,
}

/// Accumulators and their snapshot.
#[derive(LogicBlock)]
pub struct Totals {
    pub clock: Signal<In, Clock>,
    pub now: Signal<In, Bit>,
    pub latency: Signal<In, W<12>>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    kept: SerialMemory<32, 2>,
    r: DFF<TotalsState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    add: Signal<Local, W<17>>,
    wide: Signal<Local, W<17>>,
    sum: Signal<Local, W<17>>,
    step: Signal<Local, W<5>>,
    slice_step: Signal<Local, W<5>>,
    pair: Signal<Local, W<32>>,
    copied: Signal<Local, W<32>>,
    slice: Signal<Local, W<2>>,
    low_word: Signal<Local, Bit>,
    high_word: Signal<Local, Bit>,
    is_sum: Signal<Local, Bit>,
    command: Constant<W<4>>,
    link_group: Constant<W<9>>,
    group: Constant<W<9>>,
    count_at: Constant<W<4>>,
    count_low_at: Constant<W<4>>,
    sum_at: Constant<W<4>>,
    sum_low_at: Constant<W<4>>,
}

const _: () = assert!(link::CLEAR.lsb == 0 && link::SNAPSHOT.lsb == 1 && map::COUNT.words == 2 && map::SUM.words == 2);
// the lowest bit of the address tells the low word
const _: () = assert!(!map::COUNT.word.is_multiple_of(2) && !map::SUM.word.is_multiple_of(2));

impl Default for Totals {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            now: Default::default(),
            latency: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            kept: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            data: Default::default(),
            add: Default::default(),
            wide: Default::default(),
            sum: Default::default(),
            step: Default::default(),
            slice_step: Default::default(),
            pair: Default::default(),
            copied: Default::default(),
            slice: Default::default(),
            low_word: Default::default(),
            high_word: Default::default(),
            is_sum: Default::default(),
            command: offset(link::COMMAND.word),
            link_group: Constant::new(W::new((link::COMMAND.word / GROUP_WORDS) as u64)),
            group: Constant::new(W::new((map::COUNT.word / GROUP_WORDS) as u64)),
            count_at: offset(map::COUNT.word),
            count_low_at: offset(map::COUNT.word + 1),
            sum_at: offset(map::SUM.word),
            sum_low_at: offset(map::SUM.word + 1),
        }
    }
}

crate::inputs!(Totals: now, latency, bus_request; kept, r);

impl Logic for Totals {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, kept);
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;

        // a latency is added when it comes; carries reach the next slice one cycle later
        self.add.next = bit_cast_w::<17, 12>(self.latency.val());
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().count_0);
        self.sum.next = self.wide.val() + 1;
        if self.now.val() | self.r.q.val().clears {
            self.r.d.next.count_0 = self.sum.val().get_bits::<16>(0);
            if self.r.q.val().clear {
                self.r.d.next.count_0 = 0.into();
            }
        }
        self.r.d.next.count_carry_0 = self.now.val() & self.sum.val().get_bit(16);
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().sum_0);
        self.sum.next = self.wide.val() + self.add.val();
        if self.now.val() | self.r.q.val().clears {
            self.r.d.next.sum_0 = self.sum.val().get_bits::<16>(0);
            if self.r.q.val().clear {
                self.r.d.next.sum_0 = 0.into();
            }
        }
        self.r.d.next.sum_carry_0 = self.now.val() & self.sum.val().get_bit(16);
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().count_1);
        self.sum.next = self.wide.val() + 1;
        if self.r.q.val().count_carry_0 | self.r.q.val().clears {
            self.r.d.next.count_1 = self.sum.val().get_bits::<16>(0);
            if self.r.q.val().clear {
                self.r.d.next.count_1 = 0.into();
            }
        }
        self.r.d.next.count_carry_1 = self.r.q.val().count_carry_0 & self.sum.val().get_bit(16);
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().sum_1);
        self.sum.next = self.wide.val() + 1;
        if self.r.q.val().sum_carry_0 | self.r.q.val().clears {
            self.r.d.next.sum_1 = self.sum.val().get_bits::<16>(0);
            if self.r.q.val().clear {
                self.r.d.next.sum_1 = 0.into();
            }
        }
        self.r.d.next.sum_carry_1 = self.r.q.val().sum_carry_0 & self.sum.val().get_bit(16);
        if self.r.q.val().count_carry_1 | self.r.q.val().clears {
            self.r.d.next.count_2 = self.r.q.val().count_2 + 1;
            if self.r.q.val().clear {
                self.r.d.next.count_2 = 0.into();
            }
        }
        if self.r.q.val().sum_carry_1 | self.r.q.val().clears {
            self.r.d.next.sum_2 = self.r.q.val().sum_2 + 1;
            if self.r.q.val().clear {
                self.r.d.next.sum_2 = 0.into();
            }
        }

        // commands; the copy follows a clear and the carries
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
        self.r.d.next.copy = self.r.q.val().in_link_group
            & self.r.q.val().is_command
            & self.r.q.val().write_now
            & (self.data.val().get_bit(1) | self.data.val().get_bit(0));
        self.r.d.next.copy_0 = self.r.q.val().copy;
        self.r.d.next.copy_1 = self.r.q.val().copy_0;
        self.r.d.next.copy_2 = self.r.q.val().copy_1;
        if self.r.q.val().clear {
            self.r.d.next.count_carry_0 = false;
            self.r.d.next.count_carry_1 = false;
            self.r.d.next.sum_carry_0 = false;
            self.r.d.next.sum_carry_1 = false;
        }

        // the snapshot: sums beside counts, slice by slice
        self.step.next = self.bus_request.val().step;
        self.is_sum.next = (self.index.val() == self.sum_at.val()) | (self.index.val() == self.sum_low_at.val());
        self.slice_step.next = self.step.val().replace_bit(4, self.is_sum.val());
        self.pair.next = bit_cast_w::<32, 16>(self.r.q.val().sum_0);
        self.pair.next = self.pair.val() << 16;
        self.copied.next = self.pair.val() | bit_cast_w::<32, 16>(self.r.q.val().count_0);
        if self.r.q.val().copy_1 {
            self.pair.next = bit_cast_w::<32, 16>(self.r.q.val().sum_1);
            self.pair.next = self.pair.val() << 16;
            self.copied.next = self.pair.val() | bit_cast_w::<32, 16>(self.r.q.val().count_1);
        }
        if self.r.q.val().copy_2 {
            self.pair.next = bit_cast_w::<32, 16>(self.r.q.val().sum_2);
            self.pair.next = self.pair.val() << 16;
            self.copied.next = self.pair.val() | bit_cast_w::<32, 16>(self.r.q.val().count_2);
        }
        self.slice.next = 0.into();
        self.kept.write_data.next = self.copied.val();
        self.kept.write_address.next =
            self.slice.val().replace_bit(0, self.r.q.val().copy_1).replace_bit(1, self.r.q.val().copy_2);
        self.kept.write_enable.next = self.r.q.val().copy_0 | self.r.q.val().copy_1 | self.r.q.val().copy_2;
        self.high_word.next = self.index.val().get_bit(0);
        self.low_word.next = !self.high_word.val();
        self.kept.read_address.next = self
            .slice
            .val()
            .replace_bit(0, self.low_word.val() & self.step.val().get_bit(4))
            .replace_bit(1, self.high_word.val());
        self.kept.step.next = self.slice_step.val();

        // the slice that a step is in
        self.r.d.next.in_group = self.address.val().get_bits::<9>(4) == self.group.val();
        self.r.d.next.is_low = self.r.q.val().in_group
            & ((self.index.val() == self.count_low_at.val()) | (self.index.val() == self.sum_low_at.val()));
        self.r.d.next.is_high = self.r.q.val().in_group
            & ((self.index.val() == self.count_at.val()) | (self.index.val() == self.sum_at.val()));
        self.r.d.next.is_upper_1 = self.step.val().get_bit(4);
        self.r.d.next.is_upper_2 = self.r.q.val().is_upper_1;
        self.r.d.next.shown =
            self.kept.out.val() & (self.r.q.val().is_low | (self.r.q.val().is_high & !self.r.q.val().is_upper_2));
        self.bus_read.next = self.r.q.val().shown;
    }
}
