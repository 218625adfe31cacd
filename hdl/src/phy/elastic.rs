//! Elastic buffer: slots from the far board's clock to ours, IDLEs dropped or doubled to make up the difference.
//!
//! ```text
//!                   +---Elastic---+
//!  write_clock -----|             |---- clock        lane clock of this board
//!  in_data, in_tail |             |---- slot_clock   clock / 5, the link's
//!  in_idle, in_valid|             |---- phase        place of `clock` within the slot clock
//!                   |             |---- out_data, out_tail   a slot each slot clock
//!                   +-------------+---- running, doubled, dropped, emptied, overrun
//! ```
//!
//! | contract  | value |
//! |-----------|-------|
//! | throughput| one slot in each period of `slot_clock` |
//! | latency   | [`START_SLOTS`] slots of filling, and up to one for the crossing |
//! | holds     | up to 14 slots; about two in the mean |
//! | empty     | an all-zero slot, which is never a code word: the link counts it as bad |
//!
//! Only pointers cross, in gray code, one bit at a time; slots stand in a block memory long before their pointer is
//! seen. The writer leaves an IDLE out when [`FULL_SLOTS`] are held, the reader shows one twice,
//! never thrice, when [`LOW_SLOTS`] are.

use crate::phy::two_clock_memory::TwoClockMemory;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// Slots held before the first is read.
pub const START_SLOTS: u64 = 2;
/// Slots seen at the reader, at most, for an IDLE to be shown twice.
pub const LOW_SLOTS: u64 = 1;
/// Slots seen at the writer, at least, for an IDLE to be left out.
pub const FULL_SLOTS: u64 = 4;
/// Slots seen at the writer at which a slot is lost.
const OVERRUN_SLOTS: u64 = 14;
/// The write pointer is taken over in this phase, two whole lane cycles before the slot clock's edge.
const TAKE_PHASE: u64 = 3;

/// Registers in the writer's domain.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Writer {
    pub pointer: W<4>,
    pub gray: W<4>,
    pub reader_gray_1: W<4>,
    pub reader_gray_2: W<4>,
    pub reader: W<4>,
    pub dropped: Bit,
    pub overrun: Bit,
    /// Slots held a cycle ago: the pointers stand still for four cycles before a slot comes.
    pub held: W<4>,
}

/// Registers in this board's lane clock.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Crossing {
    pub gray_1: W<4>,
    pub gray_2: W<4>,
    pub writer: W<4>,
}

/// Registers in the slot clock.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Reader {
    pub pointer: W<4>,
    pub gray: W<4>,
    pub running: Bit,
    pub dropped_1: Bit,
    pub dropped_2: Bit,
    pub dropped_3: Bit,
    pub overrun_1: Bit,
    pub overrun_2: Bit,
    pub overrun_3: Bit,
    /// The IDLE that stands at the output was doubled: once is enough, and a stopped far clock must run it dry.
    pub repeated: Bit,
}

#[derive(LogicBlock)]
pub struct Elastic {
    pub write_clock: Signal<In, Clock>,
    pub in_data: Signal<In, W<64>>,
    pub in_tail: Signal<In, W<12>>,
    pub in_idle: Signal<In, Bit>,
    pub in_valid: Signal<In, Bit>,
    pub clock: Signal<In, Clock>,
    pub slot_clock: Signal<In, Clock>,
    pub phase: Signal<In, W<3>>,
    pub out_data: Signal<Out, W<64>>,
    pub out_tail: Signal<Out, W<12>>,
    /// Slots come in; low when the far board, its clock or its alignment is gone.
    pub running: Signal<Out, Bit>,
    /// One slot clock each: what happened.
    pub doubled: Signal<Out, Bit>,
    pub dropped: Signal<Out, Bit>,
    pub emptied: Signal<Out, Bit>,
    pub overrun: Signal<Out, Bit>,
    data: TwoClockMemory<64, 4>,
    tail: TwoClockMemory<13, 4>,
    writer: DFF<Writer>,
    crossing: DFF<Crossing>,
    reader: DFF<Reader>,
    tail_in: Signal<Local, W<13>>,
    idle_in: Signal<Local, W<13>>,
    tail_out: Signal<Local, W<13>>,
    writer_next: Signal<Local, W<4>>,
    writer_half: Signal<Local, W<4>>,
    held_at_writer: Signal<Local, W<4>>,
    keep: Signal<Local, Bit>,
    reader_seen: Signal<Local, W<4>>,
    writer_seen: Signal<Local, W<4>>,
    held: Signal<Local, W<4>>,
    show: Signal<Local, Bit>,
    twice: Signal<Local, Bit>,
    reader_next: Signal<Local, W<4>>,
    reader_half: Signal<Local, W<4>>,
    start_slots: Constant<W<4>>,
    low_slots: Constant<W<4>>,
    full_slots: Constant<W<4>>,
    overrun_slots: Constant<W<4>>,
    take_phase: Constant<W<3>>,
}

impl Default for Elastic {
    fn default() -> Self {
        Self {
            write_clock: Default::default(),
            in_data: Default::default(),
            in_tail: Default::default(),
            in_idle: Default::default(),
            in_valid: Default::default(),
            clock: Default::default(),
            slot_clock: Default::default(),
            phase: Default::default(),
            out_data: Default::default(),
            out_tail: Default::default(),
            running: Default::default(),
            doubled: Default::default(),
            dropped: Default::default(),
            emptied: Default::default(),
            overrun: Default::default(),
            data: Default::default(),
            tail: Default::default(),
            writer: Default::default(),
            crossing: Default::default(),
            reader: Default::default(),
            tail_in: Default::default(),
            idle_in: Default::default(),
            tail_out: Default::default(),
            writer_next: Default::default(),
            writer_half: Default::default(),
            held_at_writer: Default::default(),
            keep: Default::default(),
            reader_seen: Default::default(),
            writer_seen: Default::default(),
            held: Default::default(),
            show: Default::default(),
            twice: Default::default(),
            reader_next: Default::default(),
            reader_half: Default::default(),
            start_slots: Constant::new(W::new(START_SLOTS)),
            low_slots: Constant::new(W::new(LOW_SLOTS)),
            full_slots: Constant::new(W::new(FULL_SLOTS)),
            overrun_slots: Constant::new(W::new(OVERRUN_SLOTS)),
            take_phase: Constant::new(W::new(TAKE_PHASE)),
        }
    }
}

impl Logic for Elastic {
    #[hdl_gen]
    fn update(&mut self) {
        self.writer.clock.next = self.write_clock.val();
        self.crossing.clock.next = self.clock.val();
        self.reader.clock.next = self.slot_clock.val();
        self.writer.d.next = self.writer.q.val();
        self.crossing.d.next = self.crossing.q.val();
        self.reader.d.next = self.reader.q.val();

        // writer: always into the next place, which counts only when the pointer moves on
        self.data.write_clock.next = self.write_clock.val();
        self.data.write_address.next = self.writer.q.val().pointer;
        self.data.write_data.next = self.in_data.val();
        self.data.write_enable.next = self.in_valid.val();
        self.idle_in.next = 0.into();
        if self.in_idle.val() {
            self.idle_in.next = 4096.into();
        }
        self.tail_in.next = bit_cast_w::<13, 12>(self.in_tail.val());
        self.tail.write_clock.next = self.write_clock.val();
        self.tail.write_address.next = self.writer.q.val().pointer;
        self.tail.write_data.next = self.tail_in.val() | self.idle_in.val();
        self.tail.write_enable.next = self.in_valid.val();
        self.writer.d.next.reader_gray_1 = self.reader.q.val().gray;
        self.writer.d.next.reader_gray_2 = self.writer.q.val().reader_gray_1;
        self.reader_seen.next = self.writer.q.val().reader_gray_2;
        self.reader_seen.next = self.reader_seen.val() ^ (self.reader_seen.val() >> 2);
        self.reader_seen.next = self.reader_seen.val() ^ (self.reader_seen.val() >> 1);
        self.writer.d.next.reader = self.reader_seen.val();
        self.writer.d.next.held = self.writer.q.val().pointer - self.writer.q.val().reader;
        self.held_at_writer.next = self.writer.q.val().held;
        self.writer_next.next = self.writer.q.val().pointer + 1;
        self.writer_half.next = self.writer_next.val() >> 1;
        self.keep.next = !self.in_idle.val() | (self.held_at_writer.val() < self.full_slots.val());
        if self.in_valid.val() & (self.held_at_writer.val() >= self.overrun_slots.val()) {
            self.writer.d.next.overrun = !self.writer.q.val().overrun;
        } else if self.in_valid.val() & self.keep.val() {
            self.writer.d.next.pointer = self.writer_next.val();
            self.writer.d.next.gray = self.writer_next.val() ^ self.writer_half.val();
        } else if self.in_valid.val() {
            self.writer.d.next.dropped = !self.writer.q.val().dropped;
        }

        // crossing: the write pointer, two registers deep, held still around the slot clock's edge
        self.crossing.d.next.gray_1 = self.writer.q.val().gray;
        self.crossing.d.next.gray_2 = self.crossing.q.val().gray_1;
        self.writer_seen.next = self.crossing.q.val().gray_2;
        self.writer_seen.next = self.writer_seen.val() ^ (self.writer_seen.val() >> 2);
        self.writer_seen.next = self.writer_seen.val() ^ (self.writer_seen.val() >> 1);
        if self.phase.val() == self.take_phase.val() {
            self.crossing.d.next.writer = self.writer_seen.val();
        }

        // reader
        self.data.read_clock.next = self.clock.val();
        self.data.read_address.next = self.reader.q.val().pointer;
        self.tail.read_clock.next = self.clock.val();
        self.tail.read_address.next = self.reader.q.val().pointer;
        self.tail_out.next = self.tail.read_data.val();
        self.held.next = self.crossing.q.val().writer - self.reader.q.val().pointer;
        self.show.next = self.reader.q.val().running & (self.held.val() != 0);
        self.twice.next = self.show.val()
            & self.tail_out.val().get_bit(12)
            & (self.held.val() <= self.low_slots.val())
            & !self.reader.q.val().repeated;
        self.reader.d.next.repeated = self.twice.val();
        self.out_data.next = 0.into();
        self.out_tail.next = 0.into();
        if self.show.val() {
            self.out_data.next = self.data.read_data.val();
            self.out_tail.next = self.tail_out.val().get_bits::<12>(0);
        }
        self.reader_next.next = self.reader.q.val().pointer + 1;
        self.reader_half.next = self.reader_next.val() >> 1;
        if self.show.val() & !self.twice.val() {
            self.reader.d.next.pointer = self.reader_next.val();
            self.reader.d.next.gray = self.reader_next.val() ^ self.reader_half.val();
        }
        if self.held.val() >= self.start_slots.val() {
            self.reader.d.next.running = true;
        }
        if self.held.val() == 0 {
            self.reader.d.next.running = false;
        }
        self.running.next = self.reader.q.val().running;
        self.doubled.next = self.twice.val();
        self.emptied.next = self.reader.q.val().running & (self.held.val() == 0);
        // the writer's events, as changes of a level
        self.reader.d.next.dropped_1 = self.writer.q.val().dropped;
        self.reader.d.next.dropped_2 = self.reader.q.val().dropped_1;
        self.reader.d.next.dropped_3 = self.reader.q.val().dropped_2;
        self.dropped.next = self.reader.q.val().dropped_2 ^ self.reader.q.val().dropped_3;
        self.reader.d.next.overrun_1 = self.writer.q.val().overrun;
        self.reader.d.next.overrun_2 = self.reader.q.val().overrun_1;
        self.reader.d.next.overrun_3 = self.reader.q.val().overrun_2;
        self.overrun.next = self.reader.q.val().overrun_2 ^ self.reader.q.val().overrun_3;
    }
}
