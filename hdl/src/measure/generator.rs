//! The frame generator: fixed frames, bursts, a schedule, PRBS-31 or frames of a memory.
//!
//! ```text
//!              +-----Generator-----+
//!  BusRequest -| bus_request       |--- tdata W<64>, tkeep W<8>, tvalid, tlast
//!  Bit --------| tready            |--- hint_valid, hint_slots W<16>
//!  W<64> ------| memory_word       |--- memory_address W<10>, memory_busy
//!              |                   |--- check
//!              |          bus_read |--- Bit  
//!              +-------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | gap           | exactly that many cycles without an offered beat; 0 offers the next frame in the cycle after the last beat |
//! | one-word frames | one in three cycles: what two slots of overhead leave |
//! | hint          | `hint_slots` cycles after `hint_valid` the burst is offered (later only while the beat before waits) |
//! | memory        | `memory_word` is the word at `memory_address` of the cycle before |
//! | a length of 0 | counts as 8 |
//! | holds         | 1 word |
//! | comb. paths   | `tready` to `memory_address` |
//!
//! The next frame's length and gap are prepared while the present one is sent; a stop lets the frame in hand end, and
//! a frame whose gap runs is in hand.

use super::generator_regs::*;
use super::generator_state::GeneratorState;
use super::prbs;
use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::target::Target;
use crate::word::*;
use crate::xor::XorMatrix;
use firstlight_spec::regs::generator as map;

/// Offers frames to a link.
#[derive(LogicBlock)]
pub struct Generator {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub tready: Signal<In, Bit>,
    pub tdata: Signal<Out, W<64>>,
    pub tkeep: Signal<Out, W<8>>,
    pub tvalid: Signal<Out, Bit>,
    pub tlast: Signal<Out, Bit>,
    pub memory_address: Signal<Out, W<10>>,
    pub memory_word: Signal<In, W<64>>,
    /// Frames from the memory are being sent.
    pub memory_busy: Signal<Out, Bit>,
    pub hint_valid: Signal<Out, Bit>,
    pub hint_slots: Signal<Out, W<16>>,
    /// The host asked for a check of received payload.
    pub check: Signal<Out, Bit>,
    regs: Quiet<GeneratorRegs>,
    schedule: Memory<32, 8>,
    prbs: XorMatrix<31, 64>,
    r: DFF<GeneratorState>,
    address: Signal<Local, W<13>>,
    advance: Signal<Local, Bit>,
    moves: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    ticks: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    idle_takes: Signal<Local, Bit>,
    end_takes: Signal<Local, Bit>,
    loads: Signal<Local, Bit>,
    permitted: Signal<Local, Bit>,
    scheduled: Signal<Local, Bit>,
    more: Signal<Local, Bit>,
    fires: Signal<Local, Bit>,
    length: Signal<Local, W<16>>,
    entry: Signal<Local, W<32>>,
    fixed_gap: Signal<Local, W<24>>,
    index: Signal<Local, W<8>>,
    index_word: Signal<Local, W<9>>,
    next_gap: Signal<Local, W<24>>,
    frames: Signal<Local, W<32>>,
    gap: Signal<Local, W<24>>,
    sent: Signal<Local, W<32>>,
    word: Signal<Local, W<64>>,
    pointer_after: Signal<Local, W<10>>,
    status: Signal<Local, W<3>>,
    has_memory: Constant<Bit>,
    region: Constant<W<5>>,
    all_ones: Constant<W<64>>,
}

const _: () = assert!(map::SCHEDULE.words == 256 && map::SCHEDULE.word.is_multiple_of(256));

impl Default for Generator {
    fn default() -> Self {
        Self::new(true)
    }
}

impl Generator {
    /// Without a memory all payload is PRBS-31.
    pub fn new(has_memory: bool) -> Self {
        Self {
            has_memory: Constant::new(has_memory),
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            tready: Default::default(),
            tdata: Default::default(),
            tkeep: Default::default(),
            tvalid: Default::default(),
            tlast: Default::default(),
            memory_address: Default::default(),
            memory_word: Default::default(),
            memory_busy: Default::default(),
            hint_valid: Default::default(),
            hint_slots: Default::default(),
            check: Default::default(),
            regs: Default::default(),
            schedule: Default::default(),
            prbs: XorMatrix::new(&prbs::rows(), Target::Generic),
            r: Default::default(),
            address: Default::default(),
            advance: Default::default(),
            moves: Default::default(),
            ends: Default::default(),
            ticks: Default::default(),
            takes: Default::default(),
            idle_takes: Default::default(),
            end_takes: Default::default(),
            loads: Default::default(),
            permitted: Default::default(),
            scheduled: Default::default(),
            more: Default::default(),
            fires: Default::default(),
            length: Default::default(),
            entry: Default::default(),
            fixed_gap: Default::default(),
            index: Default::default(),
            index_word: Default::default(),
            next_gap: Default::default(),
            frames: Default::default(),
            gap: Default::default(),
            sent: Default::default(),
            word: Default::default(),
            pointer_after: Default::default(),
            status: Default::default(),
            region: Constant::new(W::new((map::SCHEDULE.word / 256) as u64)),
            all_ones: Constant::new(W::new(u64::MAX)),
        }
    }
}

crate::inputs!(Generator: bus_request, tready, memory_word; regs, schedule, r; prbs);

impl Logic for Generator {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, regs, schedule);
        self.regs.bus_request.next = self.bus_request.val();
        self.bus_read.next = self.regs.bus_read.val();
        self.check.next = self.regs.settings.val().check;
        self.scheduled.next = self.regs.settings.val().scheduled;

        // the beat in the register, the frame in hand; a frame is taken now, or when the beat that waits moves on
        self.next_gap.next = self.r.q.val().next_gap;
        self.advance.next = self.tready.val() | !self.r.q.val().valid;
        self.moves.next = self.r.q.val().active & self.advance.val();
        self.ends.next = self.r.q.val().active & self.r.q.val().last & self.advance.val();
        self.ticks.next = self.r.q.val().gapping & self.advance.val();
        self.idle_takes.next = self.r.q.val().next_ready & !self.r.q.val().gapping & !self.r.q.val().active;
        self.end_takes.next = self.r.q.val().next_ready & self.r.q.val().active & self.r.q.val().last;
        self.takes.next = self.idle_takes.val() | (self.end_takes.val() & self.advance.val());
        self.gap.next = bit_cast_w::<24, 12>(self.r.q.val().gap_high);
        self.gap.next = self.gap.val() << 12;
        self.gap.next = self.gap.val() | bit_cast_w::<24, 12>(self.r.q.val().gap_low);
        if self.advance.val() {
            self.r.d.next.valid = self.r.q.val().active;
        }
        if self.moves.val() {
            self.r.d.next.words = self.r.q.val().words - 1;
            self.r.d.next.last = ((self.r.q.val().words == 2) & (self.r.q.val().tail == 0))
                | ((self.r.q.val().words == 1) & (self.r.q.val().tail != 0));
        }
        if self.ends.val() {
            self.r.d.next.active = false;
        }
        if self.ticks.val() {
            self.r.d.next.gap_low = self.r.q.val().gap_low - 1;
            self.r.d.next.gap_low_zero = self.r.q.val().gap_low == 1;
            if self.r.q.val().gap_low_zero {
                self.r.d.next.gap_high = self.r.q.val().gap_high - 1;
            }
            self.r.d.next.gap_one = self.gap.val() == 2;
            self.r.d.next.gapping = !self.r.q.val().gap_one;
            self.r.d.next.active = self.r.q.val().gap_one;
        }
        self.r.d.next.gapping_before = self.r.q.val().gapping;
        if self.takes.val() {
            self.r.d.next.active = self.r.q.val().next_no_gap;
            self.r.d.next.gapping = !self.r.q.val().next_no_gap;
            self.r.d.next.words = self.r.q.val().next_words;
            self.r.d.next.tail = self.r.q.val().next_tail;
            self.r.d.next.last = self.r.q.val().next_is_one;
            self.r.d.next.gap_low = self.next_gap.val().get_bits::<12>(0);
            self.r.d.next.gap_high = self.next_gap.val().get_bits::<12>(12);
            self.r.d.next.gap_low_zero = self.r.q.val().next_low_zero;
            self.r.d.next.gap_one = self.r.q.val().next_gap_one;
            self.r.d.next.announces = self.r.q.val().next_announces;
            self.r.d.next.announced = false;
            self.r.d.next.next_ready = false;
            self.r.d.next.sent_low = self.r.q.val().sent_low + 1;
            if self.r.q.val().sent_low_full {
                self.r.d.next.sent_high = self.r.q.val().sent_high + 1;
            }
        }

        // the limit, compared while the next frame is prepared
        self.frames.next = self.regs.settings.val().frames;
        self.r.d.next.sent_low_full = self.r.q.val().sent_low == 0xffff;
        self.r.d.next.same_low = self.r.q.val().sent_low == self.frames.val().get_bits::<16>(0);
        self.r.d.next.same_high = self.r.q.val().sent_high == self.frames.val().get_bits::<16>(16);
        self.r.d.next.no_limit = self.frames.val() == 0;
        self.more.next = self.r.q.val().no_limit | !(self.r.q.val().same_low & self.r.q.val().same_high);

        // the next frame
        self.index.next = self.r.q.val().index;
        self.permitted.next = self.r.q.val().permitted;
        self.r.d.next.permitted = !self.scheduled.val()
            | !self.r.q.val().endless
            | (self.index.val().get_bit(7) & self.r.q.val().filled_upper)
            | (!self.index.val().get_bit(7) & self.r.q.val().filled_lower);
        self.r.d.next.starting = self.regs.strobes.val().start;
        self.r.d.next.wants =
            self.r.q.val().starting | self.takes.val() | (self.r.q.val().wants & !self.permitted.val());
        self.loads.next = self.r.q.val().wants & self.permitted.val();
        self.r.d.next.loaded = self.loads.val();
        if self.r.q.val().loaded {
            self.r.d.next.next_ready = self.more.val() & self.r.q.val().running;
        }
        self.schedule.read_address.next = self.index.val();
        self.entry.next = self.schedule.read_data.val();
        self.length.next = self.regs.settings.val().length;
        self.fixed_gap.next = self.regs.settings.val().gap;
        if self.r.q.val().burst_ends {
            self.fixed_gap.next = self.regs.settings.val().burst_gap;
        }
        if self.r.q.val().first {
            self.fixed_gap.next = 0.into();
        }
        if self.scheduled.val() {
            self.length.next = self.entry.val().get_bits::<16>(0);
            self.fixed_gap.next = bit_cast_w::<24, 16>(self.entry.val().get_bits::<16>(16));
        }
        self.r.d.next.last_entry = self.regs.settings.val().entries - 1;
        self.index_word.next = bit_cast_w::<9, 8>(self.index.val());
        self.r.d.next.wraps = self.index_word.val() == self.r.q.val().last_entry;
        self.r.d.next.endless = self.regs.settings.val().entries == 0;
        self.r.d.next.no_bursts = self.regs.settings.val().burst_frames == 0;
        self.r.d.next.burst_ends =
            (self.r.q.val().burst == self.regs.settings.val().burst_frames) & !self.r.q.val().no_bursts;
        if self.loads.val() {
            self.r.d.next.next_words = self.length.val().get_bits::<13>(3);
            self.r.d.next.next_tail = self.length.val().get_bits::<3>(0);
            self.r.d.next.next_gap = self.fixed_gap.val();
            self.r.d.next.next_announces = self.scheduled.val() | self.r.q.val().no_bursts | self.r.q.val().burst_ends;
            self.r.d.next.first = false;
            self.r.d.next.burst = self.r.q.val().burst + 1;
            if self.r.q.val().burst_ends {
                self.r.d.next.burst = 1.into();
            }
            self.r.d.next.index = self.index.val() + 1;
            if self.r.q.val().wraps {
                self.r.d.next.index = 0.into();
            }
            if self.index.val().get_bits::<7>(0) == 127 {
                self.r.d.next.filled_upper = self.r.q.val().filled_upper & !self.index.val().get_bit(7);
                self.r.d.next.filled_lower = self.r.q.val().filled_lower & self.index.val().get_bit(7);
            }
        }
        if self.regs.strobes.val().filled_lower {
            self.r.d.next.filled_lower = true;
        }
        if self.regs.strobes.val().filled_upper {
            self.r.d.next.filled_upper = true;
        }
        self.r.d.next.next_is_one =
            (self.r.q.val().next_words == 0) | ((self.r.q.val().next_words == 1) & (self.r.q.val().next_tail == 0));
        self.r.d.next.next_no_gap = self.next_gap.val() == 0;
        self.r.d.next.next_gap_one = self.next_gap.val() == 1;
        self.r.d.next.next_low_zero = self.next_gap.val().get_bits::<12>(0) == 0;
        if self.r.q.val().running
            & self.r.q.val().wants
            & !self.permitted.val()
            & self.more.val()
            & !self.r.q.val().active
            & !self.r.q.val().gapping
        {
            self.r.d.next.underrun = true;
        }

        // announcing a burst
        self.r.d.next.near = self.gap.val().get_bits::<16>(0) <= self.regs.settings.val().notice;
        self.r.d.next.not_far = self.gap.val().get_bits::<8>(16) == 0;
        self.fires.next = self.regs.settings.val().hints
            & self.r.q.val().gapping
            & self.r.q.val().gapping_before
            & self.r.q.val().near
            & self.r.q.val().not_far
            & self.r.q.val().announces
            & !self.r.q.val().announced;
        if self.fires.val() {
            self.r.d.next.announced = true;
        }
        self.r.d.next.hint_valid = self.fires.val();
        self.r.d.next.hint_slots = self.gap.val().get_bits::<16>(0);
        self.hint_valid.next = self.r.q.val().hint_valid;
        self.hint_slots.next = self.r.q.val().hint_slots;

        // the payload
        self.word.next = self.r.q.val().word;
        self.prbs.a.next = self.word.val().get_bits::<31>(33);
        self.pointer_after.next = self.r.q.val().pointer + 1;
        self.memory_address.next = self.r.q.val().pointer;
        if self.moves.val() {
            self.memory_address.next = self.pointer_after.val();
            self.r.d.next.pointer = self.pointer_after.val();
            self.r.d.next.word = self.prbs.y.val();
            if self.regs.settings.val().from_memory & self.has_memory.val() {
                self.r.d.next.word = self.memory_word.val();
            }
            self.r.d.next.is_last = self.r.q.val().last;
            self.r.d.next.keep = 0xff.into();
            if self.r.q.val().last {
                if self.r.q.val().tail == 1 {
                    self.r.d.next.keep = 0x01.into();
                }
                if self.r.q.val().tail == 2 {
                    self.r.d.next.keep = 0x03.into();
                }
                if self.r.q.val().tail == 3 {
                    self.r.d.next.keep = 0x07.into();
                }
                if self.r.q.val().tail == 4 {
                    self.r.d.next.keep = 0x0f.into();
                }
                if self.r.q.val().tail == 5 {
                    self.r.d.next.keep = 0x1f.into();
                }
                if self.r.q.val().tail == 6 {
                    self.r.d.next.keep = 0x3f.into();
                }
                if self.r.q.val().tail == 7 {
                    self.r.d.next.keep = 0x7f.into();
                }
            }
        }
        self.tdata.next = self.word.val();
        self.tkeep.next = self.r.q.val().keep;
        self.tvalid.next = self.r.q.val().valid;
        self.tlast.next = self.r.q.val().is_last;

        // start and stop
        if self.regs.strobes.val().stop {
            self.r.d.next.running = false;
            self.r.d.next.next_ready = false;
        }
        if self.regs.strobes.val().start {
            self.r.d.next.running = true;
            self.r.d.next.next_ready = false;
            self.r.d.next.wants = false;
            self.r.d.next.loaded = false;
            self.r.d.next.first = true;
            self.r.d.next.index = 0.into();
            self.r.d.next.burst = 0.into();
            self.r.d.next.underrun = false;
            self.r.d.next.sent_low = 0.into();
            self.r.d.next.sent_high = 0.into();
            self.r.d.next.pointer = 0.into();
            self.r.d.next.word = self.all_ones.val();
        }

        // registers
        self.address.next = self.bus_request.val().address;
        self.r.d.next.schedule_writes = self.bus_request.val().strobe
            & self.bus_request.val().write
            & (self.address.val().get_bits::<5>(8) == self.region.val());
        self.schedule.write_enable.next = self.r.q.val().schedule_writes;
        self.schedule.write_address.next = self.address.val().get_bits::<8>(0);
        self.schedule.write_data.next = self.bus_request.val().data;
        self.status.next = 0.into();
        self.status.next = self
            .status
            .val()
            .replace_bit(
                0,
                (self.r.q.val().running & self.more.val())
                    | self.r.q.val().active
                    | self.r.q.val().gapping
                    | self.r.q.val().valid,
            )
            .replace_bit(1, self.index.val().get_bit(7))
            .replace_bit(2, self.r.q.val().underrun);
        self.r.d.next.status = self.status.val();
        self.r.d.next.in_use = self.status.val().get_bit(0);
        self.memory_busy.next = self.regs.settings.val().from_memory & self.r.q.val().in_use;
        self.regs.status.next = self.r.q.val().status;
        self.sent.next = bit_cast_w::<32, 16>(self.r.q.val().sent_high);
        self.sent.next = self.sent.val() << 16;
        self.sent.next = self.sent.val() | bit_cast_w::<32, 16>(self.r.q.val().sent_low);
        self.regs.sent.next = self.sent.val();
    }
}
