//! How long a client's first beats wait: offered to accepted.
//!
//! ```text
//!              +----WaitMeter-----+
//!  Bit x 3 ----| tvalid, tready, tlast
//!  BusRequest -| bus_request      |--- wait_now, wait_bin W<8>
//!              |                  |--- bus_read  Bit
//!              +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | `wait_now`  | 2 cycles after the beat was accepted |
//! | `wait_bin`  | the wait in cycles, 255 for longer ones |
//! | range       | 4095 = that or more |
//! | frames      | one in three cycles |
//! | a read      | the word of the cycle after the strobe |

use super::offset;
use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
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
    is_min: Bit,
    is_max: Bit,
    answer: W<12>,
    shown: Bit,
}

/// Times the wait of every frame's first beat.
#[derive(LogicBlock)]
pub struct WaitMeter {
    pub clock: Signal<In, Clock>,
    pub tvalid: Signal<In, Bit>,
    pub tready: Signal<In, Bit>,
    pub tlast: Signal<In, Bit>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub wait_now: Signal<Out, Bit>,
    pub wait_bin: Signal<Out, W<8>>,
    picker: Picker<12>,
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
    command: Constant<W<4>>,
    link_group: Constant<W<9>>,
    group: Constant<W<9>>,
    min_at: Constant<W<4>>,
    max_at: Constant<W<4>>,
}

const _: () = assert!(map::WAIT_MIN.word / GROUP_WORDS == map::WAIT_MAX.word / GROUP_WORDS);

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
            picker: Default::default(),
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
            command: offset(link::COMMAND.word),
            link_group: Constant::new(W::new((link::COMMAND.word / GROUP_WORDS) as u64)),
            group: Constant::new(W::new((map::WAIT_MIN.word / GROUP_WORDS) as u64)),
            min_at: offset(map::WAIT_MIN.word),
            max_at: offset(map::WAIT_MAX.word),
        }
    }
}

crate::inputs!(WaitMeter: tvalid, tready, tlast, bus_request; picker, r);

impl Logic for WaitMeter {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        self.picker.clock.next = self.clock.val();
        self.r.d.next.valid = self.tvalid.val();
        self.r.d.next.ready = self.tready.val();
        self.r.d.next.last = self.tlast.val();

        // first beats: counted while they wait
        self.count.next = self.r.q.val().count;
        self.offered.next = self.r.q.val().valid & !self.r.q.val().in_frame;
        if self.r.q.val().valid & self.r.q.val().ready {
            self.r.d.next.in_frame = !self.r.q.val().last;
        }
        self.r.d.next.count = self.count.val() + 1;
        self.r.d.next.full = self.r.q.val().full | (self.count.val() == 0xffe);
        if !self.offered.val() | self.r.q.val().ready {
            self.r.d.next.count = 0.into();
            self.r.d.next.full = false;
        }
        self.r.d.next.accepted = self.offered.val() & self.r.q.val().ready;
        // it stands until it is compared
        if !self.r.q.val().accepted {
            self.r.d.next.seen_inverted = !self.count.val();
            if self.r.q.val().full {
                self.r.d.next.seen_inverted = 0.into();
            }
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
            self.offered.val() & self.r.q.val().ready & !self.r.q.val().full & (self.count.val() < self.min.val());
        // the sum's first bits carry a one into it: no carry out of it means that the maximum is exceeded
        self.wide_max.next = bit_cast_w::<14, 12>(self.r.q.val().max);
        self.wide_max.next = self.wide_max.val() << 1;
        self.wide_max.next = self.wide_max.val().replace_bit(0, true);
        self.wide_seen.next = bit_cast_w::<14, 12>(self.r.q.val().seen_inverted);
        self.wide_seen.next = self.wide_seen.val() << 1;
        self.wide_seen.next = self.wide_seen.val().replace_bit(0, true);
        self.sum.next = self.wide_max.val() + self.wide_seen.val();
        self.r.d.next.above = self.r.q.val().accepted & !self.sum.val().get_bit(13);
        if self.r.q.val().below | self.r.q.val().clears {
            self.r.d.next.min_inverted = self.r.q.val().seen_inverted;
            if self.r.q.val().clear {
                self.r.d.next.min_inverted = 0.into();
            }
        }
        if self.r.q.val().above | self.r.q.val().clears {
            self.r.d.next.max = self.seen.val();
            if self.r.q.val().clear {
                self.r.d.next.max = 0.into();
            }
        }

        // registers
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
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
        self.r.d.next.in_group = self.address.val().get_bits::<9>(4) == self.group.val();
        self.r.d.next.is_min = self.index.val() == self.min_at.val();
        self.r.d.next.is_max = self.index.val() == self.max_at.val();
        if self.r.q.val().strobe {
            self.r.d.next.answer = 0.into();
            if self.r.q.val().is_min {
                self.r.d.next.answer = self.min.val();
            }
            if self.r.q.val().is_max {
                self.r.d.next.answer = self.r.q.val().max;
            }
        }
        self.picker.word.next = self.r.q.val().answer;
        self.picker.step.next = self.bus_request.val().step;
        self.r.d.next.shown = self.picker.out.val() & self.r.q.val().in_group;
        self.bus_read.next = self.r.q.val().shown;
    }
}
