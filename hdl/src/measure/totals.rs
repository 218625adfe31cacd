//! Number and sum of the latencies, 48 bits each, read from a snapshot.
//!
//! ```text
//!              +-----Totals-----+
//!  Bit, W<12> -| now, latency   |
//!  BusRequest -| bus_request    |--- bus_read  W<32>
//!              +----------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | throughput  | one latency a cycle |
//! | snapshot    | of the cycle 3 after the strobe of the command; count and sum belong together |
//! | range       | 2^48: half a year of frames at full load |
//! | read answer | 2 cycles after the strobe |
//!
//! Three slices of 16 bits each; a slice's carry reaches the next one cycle later, and so does the snapshot.

use super::offset;
use crate::control::bus::BusRequest;
use crate::prelude::*;
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
    kept_count_0: W<16>,
    kept_count_1: W<16>,
    kept_count_2: W<16>,
    kept_sum_0: W<16>,
    kept_sum_1: W<16>,
    kept_sum_2: W<16>,
    commanded: Bit,
    clear: Bit,
    copy_0: Bit,
    copy_1: Bit,
    copy_2: Bit,
    reads: Bit,
    answer: W<32>,
}

/// Accumulators and their snapshot.
#[derive(LogicBlock)]
pub struct Totals {
    pub clock: Signal<In, Clock>,
    pub now: Signal<In, Bit>,
    pub latency: Signal<In, W<12>>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    r: DFF<TotalsState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    add: Signal<Local, W<17>>,
    wide: Signal<Local, W<17>>,
    sum: Signal<Local, W<17>>,
    high: Signal<Local, W<32>>,
    low: Signal<Local, W<32>>,
    command: Constant<W<13>>,
    group: Constant<W<9>>,
    count_at: Constant<W<4>>,
    count_low_at: Constant<W<4>>,
    sum_at: Constant<W<4>>,
    sum_low_at: Constant<W<4>>,
}

const _: () = assert!(link::CLEAR.lsb == 0 && link::SNAPSHOT.lsb == 1 && map::COUNT.words == 2 && map::SUM.words == 2);

impl Default for Totals {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            now: Default::default(),
            latency: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            data: Default::default(),
            add: Default::default(),
            wide: Default::default(),
            sum: Default::default(),
            high: Default::default(),
            low: Default::default(),
            command: Constant::new(W::new(link::COMMAND.word as u64)),
            group: Constant::new(W::new((map::COUNT.word / GROUP_WORDS) as u64)),
            count_at: offset(map::COUNT.word),
            count_low_at: offset(map::COUNT.word + 1),
            sum_at: offset(map::SUM.word),
            sum_low_at: offset(map::SUM.word + 1),
        }
    }
}

crate::inputs!(Totals: now, latency, bus_request; r);

impl Logic for Totals {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;

        // a latency is added when it comes; carries reach the next slice one cycle later
        self.add.next = bit_cast_w::<17, 12>(self.latency.val());
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().count_0);
        self.sum.next = self.wide.val() + 1;
        if self.now.val() {
            self.r.d.next.count_0 = self.sum.val().get_bits::<16>(0);
        }
        self.r.d.next.count_carry_0 = self.now.val() & self.sum.val().get_bit(16);
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().sum_0);
        self.sum.next = self.wide.val() + self.add.val();
        if self.now.val() {
            self.r.d.next.sum_0 = self.sum.val().get_bits::<16>(0);
        }
        self.r.d.next.sum_carry_0 = self.now.val() & self.sum.val().get_bit(16);
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().count_1);
        self.sum.next = self.wide.val() + 1;
        if self.r.q.val().count_carry_0 {
            self.r.d.next.count_1 = self.sum.val().get_bits::<16>(0);
        }
        self.r.d.next.count_carry_1 = self.r.q.val().count_carry_0 & self.sum.val().get_bit(16);
        self.wide.next = bit_cast_w::<17, 16>(self.r.q.val().sum_1);
        self.sum.next = self.wide.val() + 1;
        if self.r.q.val().sum_carry_0 {
            self.r.d.next.sum_1 = self.sum.val().get_bits::<16>(0);
        }
        self.r.d.next.sum_carry_1 = self.r.q.val().sum_carry_0 & self.sum.val().get_bit(16);
        if self.r.q.val().count_carry_1 {
            self.r.d.next.count_2 = self.r.q.val().count_2 + 1;
        }
        if self.r.q.val().sum_carry_1 {
            self.r.d.next.sum_2 = self.r.q.val().sum_2 + 1;
        }

        // commands; the copy follows the carries
        self.r.d.next.commanded =
            self.bus_request.val().strobe & self.bus_request.val().write & (self.address.val() == self.command.val());
        self.r.d.next.clear = self.r.q.val().commanded & self.data.val().get_bit(0);
        self.r.d.next.copy_0 = self.r.q.val().commanded & (self.data.val().get_bit(1) | self.data.val().get_bit(0));
        self.r.d.next.copy_1 = self.r.q.val().copy_0;
        self.r.d.next.copy_2 = self.r.q.val().copy_1;
        if self.r.q.val().copy_0 {
            self.r.d.next.kept_count_0 = self.r.q.val().count_0;
            self.r.d.next.kept_sum_0 = self.r.q.val().sum_0;
        }
        if self.r.q.val().copy_1 {
            self.r.d.next.kept_count_1 = self.r.q.val().count_1;
            self.r.d.next.kept_sum_1 = self.r.q.val().sum_1;
        }
        if self.r.q.val().copy_2 {
            self.r.d.next.kept_count_2 = self.r.q.val().count_2;
            self.r.d.next.kept_sum_2 = self.r.q.val().sum_2;
        }
        if self.r.q.val().clear {
            self.r.d.next.count_0 = 0.into();
            self.r.d.next.count_1 = 0.into();
            self.r.d.next.count_2 = 0.into();
            self.r.d.next.sum_0 = 0.into();
            self.r.d.next.sum_1 = 0.into();
            self.r.d.next.sum_2 = 0.into();
            self.r.d.next.count_carry_0 = false;
            self.r.d.next.count_carry_1 = false;
            self.r.d.next.sum_carry_0 = false;
            self.r.d.next.sum_carry_1 = false;
            self.r.d.next.kept_count_0 = 0.into();
            self.r.d.next.kept_sum_0 = 0.into();
        }

        // the answer
        self.r.d.next.reads = self.bus_request.val().strobe
            & !self.bus_request.val().write
            & (self.address.val().get_bits::<9>(4) == self.group.val());
        self.high.next = bit_cast_w::<32, 16>(self.r.q.val().kept_count_1);
        self.high.next = self.high.val() << 16;
        self.low.next = bit_cast_w::<32, 16>(self.r.q.val().kept_count_0);
        if self.index.val() == self.sum_low_at.val() {
            self.high.next = bit_cast_w::<32, 16>(self.r.q.val().kept_sum_1);
            self.high.next = self.high.val() << 16;
            self.low.next = bit_cast_w::<32, 16>(self.r.q.val().kept_sum_0);
        }
        if self.r.q.val().reads {
            self.r.d.next.answer = 0.into();
            if self.index.val() == self.count_at.val() {
                self.r.d.next.answer = bit_cast_w::<32, 16>(self.r.q.val().kept_count_2);
            }
            if self.index.val() == self.sum_at.val() {
                self.r.d.next.answer = bit_cast_w::<32, 16>(self.r.q.val().kept_sum_2);
            }
            if (self.index.val() == self.count_low_at.val()) | (self.index.val() == self.sum_low_at.val()) {
                self.r.d.next.answer = self.high.val() | self.low.val();
            }
        }
        if self.bus_request.val().strobe {
            self.r.d.next.answer = 0.into();
        }
        self.bus_read.next = self.r.q.val().answer;
    }
}
