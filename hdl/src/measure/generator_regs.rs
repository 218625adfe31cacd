//! The generator's registers: what is sent, start and stop, status.
//!
//! ```text
//!              +---GeneratorRegs---+
//!  BusRequest -| bus_request       |--- settings  GeneratorSettings
//!  status -----| status, left      |--- start, stop, filled
//!  W<4> -------| place             |--- kept  W<32>
//!              |          bus_read |--- Bit
//!              +-------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | write    | acts 2 cycles after the strobe |
//! | answer   | status and frames left; settings are read back from [`Settings`](crate::control::settings) |
//! | `left`   | of the cycle of the strobe: a block memory turns the word into bits |
//! | `kept`   | what was written to the register at the `place` of the cycle before |
//! | after power-on | the register map's values |
//!
//! Only what is looked at all the time is in flip-flops: with multiplexers behind them the others would take hundreds
//! of logic cells.

use super::offset;
use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
use crate::memory::Memory;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, generator as map};

/// What is looked at all the time.
#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct GeneratorSettings {
    pub scheduled: Bit,
    pub from_memory: Bit,
    pub hints: Bit,
    pub check: Bit,
    /// Inverted, so that a sum compares.
    pub notice_inverted: W<16>,
}

/// One cycle each.
#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct GeneratorStrobes {
    pub start: Bit,
    pub stop: Bit,
    /// The lower, the upper half of the schedule was filled.
    pub filled_lower: Bit,
    pub filled_upper: Bit,
}

#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct GeneratorRegsState {
    in_group: Bit,
    write_now: Bit,
    is_control: Bit,
    is_command: Bit,
    is_notice: Bit,
    is_filled: Bit,
    is_status: Bit,
    is_left: Bit,
    shown: Bit,
}

/// Registers of the generator group.
#[derive(LogicBlock)]
pub struct GeneratorRegs {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    /// Running, half, underrun.
    pub status: Signal<In, W<3>>,
    /// Frames still to begin.
    pub left: Signal<In, W<32>>,
    pub place: Signal<In, W<4>>,
    pub kept: Signal<Out, W<32>>,
    pub settings: Signal<Out, GeneratorSettings>,
    pub strobes: Signal<Out, GeneratorStrobes>,
    r: DFF<GeneratorRegsState>,
    looked_at: DFF<GeneratorSettings>,
    acts: DFF<GeneratorStrobes>,
    captured: SerialMemory<32, 1>,
    picker: Picker<3>,
    words: Memory<32, 4>,
    address: Signal<Local, W<13>>,
    offset: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    inverted: Signal<Local, W<32>>,
    group: Constant<W<9>>,
    control: Constant<W<4>>,
    command: Constant<W<4>>,
    notice: Constant<W<4>>,
    status_at: Constant<W<4>>,
    left_at: Constant<W<4>>,
    filled: Constant<W<4>>,
}

/// The first eight registers after power-on.
const RESET: [u64; 8] = [0, 0, 0, map::LENGTH.reset as u64, 0, 0, 0, map::NOTICE.reset as u64];

const _: () = assert!(
    map::CONTROL.reset | map::FRAMES.reset | map::GAP.reset | map::BURST_FRAMES.reset | map::SCHEDULE_COUNT.reset == 0
        && map::BURST_GAP.reset == 0
        && map::NOTICE.reset == 0xffff
        && map::NOTICE.word % GROUP_WORDS == 7
        && map::SCHEDULED.lsb == 0
        && map::FROM_MEMORY.lsb == 1
        && map::HINTS.lsb == 2
        && map::CHECK.lsb == 3
        && map::START.lsb == 0
        && map::STOP.lsb == 1
        && map::RUNNING.lsb == 0
        && map::HALF.lsb == 1
        && map::UNDERRUN.lsb == 2
        && map::LENGTH.word % GROUP_WORDS == 3
);

impl Default for GeneratorRegs {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            status: Default::default(),
            left: Default::default(),
            place: Default::default(),
            kept: Default::default(),
            settings: Default::default(),
            strobes: Default::default(),
            r: Default::default(),
            looked_at: Default::default(),
            acts: Default::default(),
            captured: Default::default(),
            picker: Default::default(),
            words: Memory::new(&RESET),
            address: Default::default(),
            offset: Default::default(),
            data: Default::default(),
            inverted: Default::default(),
            group: Constant::new(W::new((map::CONTROL.word / GROUP_WORDS) as u64)),
            control: offset(map::CONTROL.word),
            command: offset(map::COMMAND.word),
            notice: offset(map::NOTICE.word),
            status_at: offset(map::STATUS.word),
            left_at: offset(map::LEFT.word),
            filled: offset(map::SCHEDULE_FILLED.word),
        }
    }
}

crate::inputs!(GeneratorRegs: bus_request, status, left, place; r, looked_at, acts, words, captured, picker);

impl Logic for GeneratorRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r, looked_at, acts);
        clock!(self, clock, words, captured, picker);
        self.address.next = self.bus_request.val().address;
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
        self.inverted.next = !self.data.val();
        self.r.d.next.in_group = self.address.val().get_bits::<9>(4) == self.group.val();
        self.r.d.next.write_now = self.bus_request.val().strobe & self.bus_request.val().write;
        self.r.d.next.is_control = self.offset.val() == self.control.val();
        self.r.d.next.is_command = self.offset.val() == self.command.val();
        self.r.d.next.is_notice = self.offset.val() == self.notice.val();
        self.r.d.next.is_filled = self.offset.val() == self.filled.val();
        self.r.d.next.is_status = self.r.q.val().in_group & (self.offset.val() == self.status_at.val());
        self.r.d.next.is_left = self.r.q.val().in_group & (self.offset.val() == self.left_at.val());

        self.acts.d.next.start = false;
        self.acts.d.next.stop = false;
        self.acts.d.next.filled_lower = false;
        self.acts.d.next.filled_upper = false;
        if self.r.q.val().in_group & self.r.q.val().write_now {
            if self.r.q.val().is_control {
                self.looked_at.d.next.scheduled = self.data.val().get_bit(0);
                self.looked_at.d.next.from_memory = self.data.val().get_bit(1);
                self.looked_at.d.next.hints = self.data.val().get_bit(2);
                self.looked_at.d.next.check = self.data.val().get_bit(3);
            }
            if self.r.q.val().is_command {
                self.acts.d.next.start = self.data.val().get_bit(0);
                self.acts.d.next.stop = self.data.val().get_bit(1);
            }
            if self.r.q.val().is_notice {
                self.looked_at.d.next.notice_inverted = self.inverted.val().get_bits::<16>(0);
            }
            if self.r.q.val().is_filled {
                self.acts.d.next.filled_lower = self.data.val().get_bit(0);
                self.acts.d.next.filled_upper = self.data.val().get_bit(1);
            }
        }
        self.settings.next = self.looked_at.q.val();
        self.strobes.next = self.acts.q.val();

        // for the generator
        self.words.read_address.next = self.place.val();
        self.words.write_address.next = self.offset.val();
        self.words.write_data.next = self.data.val();
        self.words.write_enable.next = self.r.q.val().in_group & self.r.q.val().write_now;
        self.kept.next = self.words.read_data.val();

        // the answer
        self.captured.write_address.next = 0.into();
        self.captured.write_data.next = self.left.val();
        self.captured.write_enable.next = self.bus_request.val().strobe;
        self.captured.read_address.next = 0.into();
        self.captured.step.next = self.bus_request.val().step;
        self.picker.word.next = self.status.val();
        self.picker.step.next = self.bus_request.val().step;
        self.r.d.next.shown =
            (self.captured.out.val() & self.r.q.val().is_left) | (self.picker.out.val() & self.r.q.val().is_status);
        self.bus_read.next = self.r.q.val().shown;
    }
}
