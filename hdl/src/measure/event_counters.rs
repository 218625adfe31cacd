//! Counts thirty-two events to 63 bits each in block memory.
//!
//! ```text
//!              +---EventCounters---+
//!  W<32> ------| events            |
//!  BusRequest -| bus_request       |--- bus_read  Bit
//!              |              busy |--- Bit
//!              +-------------------+
//! ```
//!
//! | contract      | value |
//! |---------------|-------|
//! | throughput    | every event may happen in every cycle |
//! | snapshot      | within [`EventCounters::COMMAND_CYCLES`]; each counter is consistent in itself, and all are taken within [`EventCounters::PASS_CYCLES`] of each other |
//! | clear         | takes as long as a snapshot, clears the snapshot too; events meanwhile are not counted, and all counters start in the same cycle, the last one of `busy` |
//!
//! Small free-running counters ([`Prescalers`]) take the events. A walker visits one event a cycle and puts its counter in
//! the place of the lowest six of 16 bits in memory; a counter that shows less than they did carries into the others. After 32 visits it carries into the three upper chunks of one event; bit 15 of the top
//! chunk remembers the lowest chunk's top bit, so that a fall of that bit is the carry. During a snapshot the chunks of
//! that event go to the snapshot's memory as well, whose other side is the host's.

use super::offset;
use super::prescalers::Prescalers;
use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, events, link};

/// Everything that the walker holds.
#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct WalkerState {
    is_ours: Bit,
    shown: Bit,
    /// The address, compared in two halves: group, and place in it.
    in_link_group: Bit,
    is_command: Bit,
    write_now: Bit,
    want_clear: Bit,
    want_snapshot: Bit,
    clearing: Bit,
    copying: Bit,
    busy: Bit,
    slot: W<6>,
    /// `slot` is the last of its round; `round` is the last.
    is_last: Bit,
    is_last_round: Bit,
    round: W<5>,
    // stage 0: the address stands at the memory
    place_0: W<7>,
    update_0: Bit,
    zero_0: Bit,
    copy_0: Bit,
    peek_0: Bit,
    // stage 1: the memory answers
    place_1: W<7>,
    update_1: Bit,
    zero_1: Bit,
    copy_1: Bit,
    peek_1: Bit,
    // stage 2: the old value and what to add
    place_2: W<7>,
    update_2: Bit,
    zero_2: Bit,
    copy_2: Bit,
    old: W<17>,
    is_low_2: Bit,
    /// The carry of the chunk below; for the lowest chunk what its counter shows, inverted.
    add: W<6>,
    // stage 3: the new value is written
    place_3: W<7>,
    copy_3: Bit,
    write_3: Bit,
    new: W<17>,
    seen_top: Bit,
    low_top: Bit,
}

/// The counters behind their registers.
#[derive(LogicBlock)]
pub struct EventCounters {
    pub clock: Signal<In, Clock>,
    pub events: Signal<In, W<32>>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    /// A snapshot or a clear is wanted or under way.
    pub busy: Signal<Out, Bit>,
    prescalers: Prescalers,
    memory: Memory<16, 7>,
    snapshot: SerialMemory<16, 7>,
    r: DFF<WalkerState>,
    address: Signal<Local, W<13>>,
    index: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    slot: Signal<Local, W<6>>,
    commanded: Signal<Local, Bit>,
    keeps: Signal<Local, Bit>,
    is_last: Signal<Local, Bit>,
    is_peek: Signal<Local, Bit>,
    is_busy_slot: Signal<Local, Bit>,
    place: Signal<Local, W<7>>,
    step: Signal<Local, W<5>>,
    snapshot_place: Signal<Local, W<7>>,
    place_1: Signal<Local, W<7>>,
    chunk_1: Signal<Local, W<2>>,
    read_data: Signal<Local, W<16>>,
    old: Signal<Local, W<17>>,
    sum: Signal<Local, W<17>>,
    counted: Signal<Local, W<6>>,
    total: Signal<Local, W<17>>,
    upper: Signal<Local, W<11>>,
    carry: Signal<Local, Bit>,
    add: Signal<Local, W<6>>,
    chunk_3: Signal<Local, W<2>>,
    place_3: Signal<Local, W<7>>,
    fresh: Signal<Local, W<16>>,
    write_value: Signal<Local, W<16>>,
    command: Constant<W<4>>,
    link_group: Constant<W<9>>,
    region: Constant<W<7>>,
    slot_before: Constant<W<6>>,
    peek_slot: Constant<W<6>>,
}

/// Slots of one round: 32 visits of the lowest chunks, then twelve for all chunks of one event. Fewer than 64, so that no
/// prescaler overtakes its reader.
const ROUND_SLOTS: u64 = 44;
/// Slot in which the top chunk is read for the remembered bit; the four slots before the first carry let the last
/// visits reach the memory.
const PEEK_SLOT: u64 = 34;

impl Default for EventCounters {
    fn default() -> Self {
        Self::starting_at(&[])
    }
}

impl EventCounters {
    /// One pass over all upper chunks.
    pub const PASS_CYCLES: u64 = 32 * ROUND_SLOTS;
    /// A command waits for the end of a pass and takes another.
    pub const COMMAND_CYCLES: u64 = 2 * Self::PASS_CYCLES + 8;

    /// With counters that stand at these values after power-on, each a multiple of 64.
    pub fn starting_at(values: &[u64]) -> Self {
        let mut chunks = [0; 128];
        for (event, value) in values.iter().enumerate() {
            assert!(value.is_multiple_of(64) && value >> 63 == 0);
            for chunk in 0..4 {
                chunks[chunk << 5 | event] = value >> (16 * chunk) & 0xffff;
            }
            chunks[3 << 5 | event] |= value & 0x8000;
        }
        Self {
            clock: Default::default(),
            events: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            busy: Default::default(),
            prescalers: Default::default(),
            memory: Memory::new(&chunks),
            snapshot: Default::default(),
            r: Default::default(),
            address: Default::default(),
            index: Default::default(),
            data: Default::default(),
            slot: Default::default(),
            commanded: Default::default(),
            keeps: Default::default(),
            is_last: Default::default(),
            is_peek: Default::default(),
            is_busy_slot: Default::default(),
            place: Default::default(),
            step: Default::default(),
            snapshot_place: Default::default(),
            place_1: Default::default(),
            chunk_1: Default::default(),
            read_data: Default::default(),
            old: Default::default(),
            sum: Default::default(),
            counted: Default::default(),
            total: Default::default(),
            upper: Default::default(),
            carry: Default::default(),
            add: Default::default(),
            chunk_3: Default::default(),
            place_3: Default::default(),
            fresh: Default::default(),
            write_value: Default::default(),
            command: offset(link::COMMAND.word),
            link_group: Constant::new(W::new((link::COMMAND.word / GROUP_WORDS) as u64)),
            region: Constant::new(W::new((events::SNAPSHOT.word >> 6) as u64)),
            slot_before: Constant::new(W::new(ROUND_SLOTS - 2)),
            peek_slot: Constant::new(W::new(PEEK_SLOT)),
        }
    }
}

crate::inputs!(EventCounters: events, bus_request; prescalers, memory, snapshot, r);

impl Logic for EventCounters {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        self.prescalers.clock.next = self.clock.val();
        self.memory.clock.next = self.clock.val();
        self.snapshot.clock.next = self.clock.val();

        // requests; a bit of the snapshot
        self.address.next = self.bus_request.val().address;
        self.index.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
        self.step.next = self.bus_request.val().step;
        self.r.d.next.is_ours = self.address.val().get_bits::<7>(6) == self.region.val();
        self.r.d.next.in_link_group = self.address.val().get_bits::<9>(4) == self.link_group.val();
        self.r.d.next.is_command = self.index.val() == self.command.val();
        self.r.d.next.write_now = self.bus_request.val().strobe & self.bus_request.val().write;
        self.commanded.next = self.r.q.val().in_link_group & self.r.q.val().is_command & self.r.q.val().write_now;
        self.snapshot_place.next = bit_cast_w::<7, 5>(self.address.val().get_bits::<5>(1));
        self.snapshot_place.next = self
            .snapshot_place
            .val()
            .replace_bit(5, self.step.val().get_bit(4))
            .replace_bit(6, (self.address.val() & 1) == 0);
        self.snapshot.read_address.next = self.snapshot_place.val();
        self.snapshot.step.next = bit_cast_w::<5, 4>(self.step.val().get_bits::<4>(0));
        self.r.d.next.shown = self.snapshot.out.val() & self.r.q.val().is_ours;
        self.bus_read.next = self.r.q.val().shown;

        // the walk: which chunk of which event, and what is done to it
        self.slot.next = self.r.q.val().slot;
        self.is_last.next = self.r.q.val().is_last;
        self.r.d.next.is_last_round = self.r.q.val().round == 31;
        self.is_peek.next = self.slot.val() == self.peek_slot.val();
        self.is_busy_slot.next = self.slot.val().get_bit(2) | self.slot.val().get_bit(3);
        self.place.next = bit_cast_w::<7, 5>(self.slot.val().get_bits::<5>(0));
        if self.slot.val().get_bit(5) {
            self.place.next = bit_cast_w::<7, 5>(self.r.q.val().round);
            self.place.next = self
                .place
                .val()
                .replace_bit(5, self.slot.val().get_bit(1))
                .replace_bit(6, self.slot.val().get_bit(3) | self.is_peek.val());
        }
        self.prescalers.select.next = self.place.val().get_bits::<5>(0);
        self.prescalers.events.next = self.events.val();
        self.prescalers.clear.next = self.r.q.val().clearing;
        self.r.d.next.place_0 = self.place.val();
        self.r.d.next.update_0 = !self.slot.val().get_bit(5) | (self.is_busy_slot.val() & !self.slot.val().get_bit(0));
        self.r.d.next.copy_0 =
            self.slot.val().get_bit(5) & self.is_busy_slot.val() & !self.slot.val().get_bit(0) & self.r.q.val().copying;
        self.r.d.next.peek_0 = self.is_peek.val();
        self.r.d.next.zero_0 = self.r.q.val().clearing;
        self.r.d.next.slot = self.slot.val() + 1;
        self.r.d.next.is_last = self.slot.val() == self.slot_before.val();
        if self.is_last.val() {
            self.r.d.next.slot = 0.into();
            self.r.d.next.round = self.r.q.val().round + 1;
            if self.r.q.val().is_last_round {
                self.r.d.next.clearing = self.r.q.val().want_clear;
                self.r.d.next.copying = self.r.q.val().want_clear | self.r.q.val().want_snapshot;
            }
        }
        // in gates: an `if` becomes a clock enable with two LUT4 in front
        self.keeps.next = self.commanded.val() | !self.is_last.val() | !self.r.q.val().is_last_round;
        self.r.d.next.want_clear =
            (self.r.q.val().want_clear & self.keeps.val()) | (self.commanded.val() & self.data.val().get_bit(0));
        self.r.d.next.want_snapshot =
            (self.r.q.val().want_snapshot & self.keeps.val()) | (self.commanded.val() & self.data.val().get_bit(1));
        self.r.d.next.busy =
            self.commanded.val() | self.r.q.val().want_clear | self.r.q.val().want_snapshot | self.r.q.val().copying;
        self.busy.next = self.r.q.val().busy;

        // stage 0 to 1: the memory is read
        self.memory.read_address.next = self.r.q.val().place_0;
        self.r.d.next.place_1 = self.r.q.val().place_0;
        self.r.d.next.update_1 = self.r.q.val().update_0;
        self.r.d.next.zero_1 = self.r.q.val().zero_0;
        self.r.d.next.copy_1 = self.r.q.val().copy_0;
        self.r.d.next.peek_1 = self.r.q.val().peek_0;

        // stage 1 to 2: what the prescaler gained, or the carry of the chunk below
        self.place_1.next = self.r.q.val().place_1;
        self.chunk_1.next = self.place_1.val().get_bits::<2>(5);
        self.read_data.next = self.memory.read_data.val();
        self.sum.next = self.r.q.val().new;
        self.upper.next = 0.into();
        self.old.next = bit_cast_w::<17, 16>(self.read_data.val());
        self.r.d.next.old =
            self.old.val().replace_bit(15, self.read_data.val().get_bit(15) & !self.chunk_1.val().all());
        self.carry.next = self.sum.val().get_bit(16);
        if self.r.q.val().peek_1 {
            self.r.d.next.seen_top = self.read_data.val().get_bit(15);
        }
        if self.r.q.val().update_1 & (self.chunk_1.val() == 1) {
            self.r.d.next.low_top = self.sum.val().get_bit(15);
            self.carry.next = self.r.q.val().seen_top & !self.sum.val().get_bit(15);
        }
        self.add.next = 0.into();
        self.add.next = self.add.val().replace_bit(0, self.carry.val());
        if self.chunk_1.val() == 0 {
            self.add.next = !self.prescalers.count.val();
        }
        self.r.d.next.add = self.add.val();
        self.r.d.next.is_low_2 = self.chunk_1.val() == 0;
        self.r.d.next.place_2 = self.r.q.val().place_1;
        self.r.d.next.update_2 = self.r.q.val().update_1;
        self.r.d.next.zero_2 = self.r.q.val().zero_1;
        self.r.d.next.copy_2 = self.r.q.val().copy_1;

        // stage 2 to 3: the sum
        self.counted.next = !self.r.q.val().add;
        self.total.next = self.r.q.val().old + bit_cast_w::<17, 6>(self.r.q.val().add);
        if self.r.q.val().is_low_2 {
            self.upper.next = self.total.val().get_bits::<11>(6);
            self.total.next = bit_cast_w::<17, 11>(self.upper.val());
            self.total.next = (self.total.val() << 6) | bit_cast_w::<17, 6>(self.counted.val());
        }
        if self.r.q.val().update_2 {
            self.r.d.next.new = self.total.val();
            if self.r.q.val().zero_2 {
                self.r.d.next.new = 0.into();
            }
        }
        self.r.d.next.place_3 = self.r.q.val().place_2;
        self.r.d.next.copy_3 = self.r.q.val().copy_2;
        self.r.d.next.write_3 = self.r.q.val().update_2;

        // stage 3: written; the live top chunk remembers the lowest chunk's top bit
        self.place_3.next = self.r.q.val().place_3;
        self.chunk_3.next = self.place_3.val().get_bits::<2>(5);
        self.fresh.next = self.sum.val().get_bits::<16>(0);
        self.write_value.next = self.fresh.val();
        if self.chunk_3.val().all() {
            self.write_value.next = self.write_value.val().replace_bit(15, self.r.q.val().low_top);
        }
        self.memory.write_address.next = self.place_3.val();
        self.memory.write_data.next = self.write_value.val();
        self.memory.write_enable.next = self.r.q.val().write_3;
        self.snapshot.write_address.next = self.place_3.val();
        self.snapshot.write_data.next = self.fresh.val();
        self.snapshot.write_enable.next = self.r.q.val().copy_3;
    }
}
