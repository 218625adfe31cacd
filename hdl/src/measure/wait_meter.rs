//! How long a client's first beats wait: offered to accepted.
//!
//! ```text
//!              +----WaitMeter-----+
//!  Bit x 3 ----| tvalid, tready, tlast
//!  BusRequest -| bus_request      |--- wait_now, wait_bin W<8>
//!              |                  |--- bus_read  W<32>
//!              +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | `wait_now`  | 2 cycles after the beat was accepted |
//! | `wait_bin`  | the wait in cycles, 255 for longer ones |
//! | range       | 4095 = that or more |
//! | frames      | one in three cycles |
//! | read answer | 2 cycles after the strobe |

use super::offset;
use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, latency as map, link};

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct WaitState {
    valid: Bit,
    ready: Bit,
    last: Bit,
    in_frame: Bit,
    count: W<12>,
    full: Bit,
    accepted: Bit,
    /// Inverted, so that sums compare.
    seen_inverted: W<12>,
    below: Bit,
    above: Bit,
    min_inverted: W<12>,
    max: W<12>,
    commanded: Bit,
    clear: Bit,
    reads: Bit,
    answer: W<12>,
}

/// Times the wait of every frame's first beat.
#[derive(LogicBlock)]
pub struct WaitMeter {
    pub clock: Signal<In, Clock>,
    pub tvalid: Signal<In, Bit>,
    pub tready: Signal<In, Bit>,
    pub tlast: Signal<In, Bit>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    pub wait_now: Signal<Out, Bit>,
    pub wait_bin: Signal<Out, W<8>>,
    r: DFF<WaitState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    count: Signal<Local, W<12>>,
    seen: Signal<Local, W<12>>,
    wide_max: Signal<Local, W<14>>,
    wide_seen: Signal<Local, W<14>>,
    sum: Signal<Local, W<14>>,
    min: Signal<Local, W<12>>,
    offered: Signal<Local, Bit>,
    bin: Signal<Local, W<8>>,
    last_bin: Constant<W<8>>,
    command: Constant<W<13>>,
    group: Constant<W<9>>,
    min_at: Constant<W<4>>,
    max_at: Constant<W<4>>,
}

impl Default for WaitMeter {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            tvalid: Default::default(),
            tready: Default::default(),
            tlast: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            wait_now: Default::default(),
            wait_bin: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            data: Default::default(),
            count: Default::default(),
            seen: Default::default(),
            wide_max: Default::default(),
            wide_seen: Default::default(),
            sum: Default::default(),
            min: Default::default(),
            offered: Default::default(),
            bin: Default::default(),
            last_bin: Constant::new(W::new(255)),
            command: Constant::new(W::new(link::COMMAND.word as u64)),
            group: Constant::new(W::new((map::BASE.word / GROUP_WORDS) as u64)),
            min_at: offset(map::WAIT_MIN.word),
            max_at: offset(map::WAIT_MAX.word),
        }
    }
}

crate::inputs!(WaitMeter: tvalid, tready, tlast, bus_request; r);

impl Logic for WaitMeter {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        self.r.d.next.valid = self.tvalid.val();
        self.r.d.next.ready = self.tready.val();
        self.r.d.next.last = self.tlast.val();

        // first beats: counted while they wait
        self.count.next = self.r.q.val().count;
        self.offered.next = self.r.q.val().valid & !self.r.q.val().in_frame;
        if self.r.q.val().valid & self.r.q.val().ready {
            self.r.d.next.in_frame = !self.r.q.val().last;
        }
        if !self.r.q.val().full {
            self.r.d.next.count = self.count.val() + 1;
        }
        self.r.d.next.full = self.r.q.val().full | (self.count.val() == 0xffe);
        if !self.offered.val() | self.r.q.val().ready {
            self.r.d.next.count = 0.into();
            self.r.d.next.full = false;
        }
        self.r.d.next.accepted = self.offered.val() & self.r.q.val().ready;
        if self.offered.val() & self.r.q.val().ready {
            self.r.d.next.seen_inverted = !self.count.val();
        }

        // the bin and the extremes; the smallest is stored inverted
        self.seen.next = !self.r.q.val().seen_inverted;
        self.bin.next = self.seen.val().get_bits::<8>(0);
        if self.seen.val().get_bits::<4>(8) != 0 {
            self.bin.next = self.last_bin.val();
        }
        self.wait_now.next = self.r.q.val().accepted;
        self.wait_bin.next = self.bin.val();
        self.min.next = !self.r.q.val().min_inverted;
        self.r.d.next.below =
            self.r.q.val().valid & self.r.q.val().ready & self.offered.val() & (self.count.val() < self.min.val());
        // the sum's first bits carry a one into it: no carry out of it means that the maximum is exceeded
        self.wide_max.next = bit_cast_w::<14, 12>(self.r.q.val().max);
        self.wide_max.next = self.wide_max.val() << 1;
        self.wide_max.next = self.wide_max.val().replace_bit(0, true);
        self.wide_seen.next = bit_cast_w::<14, 12>(self.r.q.val().seen_inverted);
        self.wide_seen.next = self.wide_seen.val() << 1;
        self.wide_seen.next = self.wide_seen.val().replace_bit(0, true);
        self.sum.next = self.wide_max.val() + self.wide_seen.val();
        self.r.d.next.above = self.r.q.val().accepted & !self.sum.val().get_bit(13);
        if self.r.q.val().below {
            self.r.d.next.min_inverted = self.r.q.val().seen_inverted;
        }
        if self.r.q.val().above {
            self.r.d.next.max = self.seen.val();
        }

        // registers
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
        self.r.d.next.commanded =
            self.bus_request.val().strobe & self.bus_request.val().write & (self.address.val() == self.command.val());
        self.r.d.next.clear = self.r.q.val().commanded & self.data.val().get_bit(0);
        if self.r.q.val().clear {
            self.r.d.next.min_inverted = 0.into();
            self.r.d.next.max = 0.into();
        }
        self.r.d.next.reads = self.bus_request.val().strobe
            & !self.bus_request.val().write
            & (self.address.val().get_bits::<9>(4) == self.group.val());
        if self.r.q.val().reads & (self.index.val() == self.min_at.val()) {
            self.r.d.next.answer = self.min.val();
        }
        if self.r.q.val().reads & (self.index.val() == self.max_at.val()) {
            self.r.d.next.answer = self.r.q.val().max;
        }
        if self.bus_request.val().strobe {
            self.r.d.next.answer = 0.into();
        }
        self.bus_read.next = bit_cast_w::<32, 12>(self.r.q.val().answer);
    }
}
