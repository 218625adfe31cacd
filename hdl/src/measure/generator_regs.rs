//! The generator's registers: what is sent, start and stop, status.
//!
//! ```text
//!              +---GeneratorRegs---+
//!  BusRequest -| bus_request       |--- settings  GeneratorSettings
//!  status -----| status, sent      |--- start, stop, filled
//!              |          bus_read |--- Bit  
//!              +-------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | write    | acts 2 cycles after the strobe |
//! | answer   | status and number of frames; settings are read back from [`Settings`](crate::control::settings) |
//! | `sent`   | of the cycle of the strobe: a block memory turns the word into bits |
//! | after power-on | the register map's values |

use super::offset;
use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, generator as map};

/// What is sent.
#[derive(LogicStruct, Copy, Clone, Debug, PartialEq, Default)]
pub struct GeneratorSettings {
    pub scheduled: Bit,
    pub from_memory: Bit,
    pub hints: Bit,
    pub check: Bit,
    pub frames: W<32>,
    pub length: W<16>,
    pub gap: W<24>,
    pub burst_frames: W<16>,
    pub burst_gap: W<24>,
    pub notice: W<16>,
    pub entries: W<9>,
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
    writes: Bit,
    show_status: Bit,
    show_sent: Bit,
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
    pub sent: Signal<In, W<32>>,
    pub settings: Signal<Out, GeneratorSettings>,
    pub strobes: Signal<Out, GeneratorStrobes>,
    r: DFF<GeneratorRegsState>,
    kept: DFF<GeneratorSettings>,
    acts: DFF<GeneratorStrobes>,
    captured: SerialMemory<32, 1>,
    picker: Picker<3>,
    address: Signal<Local, W<13>>,
    offset: Signal<Local, W<4>>,
    data: Signal<Local, W<32>>,
    hits: Signal<Local, Bit>,
    length: Signal<Local, W<16>>,
    group: Constant<W<9>>,
    control: Constant<W<4>>,
    command: Constant<W<4>>,
    frames: Constant<W<4>>,
    length_bytes: Constant<W<4>>,
    gap: Constant<W<4>>,
    burst_frames: Constant<W<4>>,
    burst_gap: Constant<W<4>>,
    notice: Constant<W<4>>,
    status_at: Constant<W<4>>,
    sent_at: Constant<W<4>>,
    entries: Constant<W<4>>,
    filled: Constant<W<4>>,
    length_reset: Constant<W<16>>,
}

/// Length after power-on.
pub const LENGTH_RESET: u64 = map::LENGTH.reset as u64;

const _: () = assert!(
    map::CONTROL.reset | map::FRAMES.reset | map::GAP.reset | map::BURST_FRAMES.reset | map::SCHEDULE_COUNT.reset == 0
        && map::BURST_GAP.reset | map::NOTICE.reset == 0
        && map::SCHEDULED.lsb == 0
        && map::FROM_MEMORY.lsb == 1
        && map::HINTS.lsb == 2
        && map::CHECK.lsb == 3
        && map::START.lsb == 0
        && map::STOP.lsb == 1
        && map::RUNNING.lsb == 0
        && map::HALF.lsb == 1
        && map::UNDERRUN.lsb == 2
);

impl Default for GeneratorRegs {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            status: Default::default(),
            sent: Default::default(),
            settings: Default::default(),
            strobes: Default::default(),
            r: Default::default(),
            kept: Default::default(),
            acts: Default::default(),
            captured: Default::default(),
            picker: Default::default(),
            address: Default::default(),
            offset: Default::default(),
            data: Default::default(),
            hits: Default::default(),
            length: Default::default(),
            group: Constant::new(W::new((map::CONTROL.word / GROUP_WORDS) as u64)),
            control: offset(map::CONTROL.word),
            command: offset(map::COMMAND.word),
            frames: offset(map::FRAMES.word),
            length_bytes: offset(map::LENGTH.word),
            gap: offset(map::GAP.word),
            burst_frames: offset(map::BURST_FRAMES.word),
            burst_gap: offset(map::BURST_GAP.word),
            notice: offset(map::NOTICE.word),
            status_at: offset(map::STATUS.word),
            sent_at: offset(map::SENT.word),
            entries: offset(map::SCHEDULE_COUNT.word),
            filled: offset(map::SCHEDULE_FILLED.word),
            length_reset: Constant::new(W::new(LENGTH_RESET)),
        }
    }
}

crate::inputs!(GeneratorRegs: bus_request, status, sent; r, kept, acts, captured, picker);

impl Logic for GeneratorRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r, kept, acts);
        self.address.next = self.bus_request.val().address;
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.data.next = self.bus_request.val().data;
        self.hits.next = self.bus_request.val().strobe & (self.address.val().get_bits::<9>(4) == self.group.val());
        self.r.d.next.writes = self.hits.val() & self.bus_request.val().write;
        if self.bus_request.val().strobe {
            self.r.d.next.show_status = self.hits.val() & (self.offset.val() == self.status_at.val());
            self.r.d.next.show_sent = self.hits.val() & (self.offset.val() == self.sent_at.val());
        }

        self.acts.d.next.start = false;
        self.acts.d.next.stop = false;
        self.acts.d.next.filled_lower = false;
        self.acts.d.next.filled_upper = false;
        if self.r.q.val().writes {
            if self.offset.val() == self.control.val() {
                self.kept.d.next.scheduled = self.data.val().get_bit(0);
                self.kept.d.next.from_memory = self.data.val().get_bit(1);
                self.kept.d.next.hints = self.data.val().get_bit(2);
                self.kept.d.next.check = self.data.val().get_bit(3);
            }
            if self.offset.val() == self.command.val() {
                self.acts.d.next.start = self.data.val().get_bit(0);
                self.acts.d.next.stop = self.data.val().get_bit(1);
            }
            if self.offset.val() == self.frames.val() {
                self.kept.d.next.frames = self.data.val();
            }
            if self.offset.val() == self.length_bytes.val() {
                self.kept.d.next.length = self.data.val().get_bits::<16>(0) ^ self.length_reset.val();
            }
            if self.offset.val() == self.gap.val() {
                self.kept.d.next.gap = self.data.val().get_bits::<24>(0);
            }
            if self.offset.val() == self.burst_frames.val() {
                self.kept.d.next.burst_frames = self.data.val().get_bits::<16>(0);
            }
            if self.offset.val() == self.burst_gap.val() {
                self.kept.d.next.burst_gap = self.data.val().get_bits::<24>(0);
            }
            if self.offset.val() == self.notice.val() {
                self.kept.d.next.notice = self.data.val().get_bits::<16>(0);
            }
            if self.offset.val() == self.entries.val() {
                self.kept.d.next.entries = self.data.val().get_bits::<9>(0);
            }
            if self.offset.val() == self.filled.val() {
                self.acts.d.next.filled_lower = self.data.val().get_bit(0);
                self.acts.d.next.filled_upper = self.data.val().get_bit(1);
            }
        }
        // stored XOR its value after power-on, so that every flop starts at zero
        self.length.next = self.kept.q.val().length ^ self.length_reset.val();
        self.settings.next = self.kept.q.val();
        self.settings.next.length = self.length.val();
        self.strobes.next = self.acts.q.val();

        // the answer
        self.captured.clock.next = self.clock.val();
        self.captured.write_address.next = 0.into();
        self.captured.write_data.next = self.sent.val();
        self.captured.write_enable.next = self.bus_request.val().strobe;
        self.captured.read_address.next = 0.into();
        self.captured.step.next = self.bus_request.val().step;
        self.picker.clock.next = self.clock.val();
        self.picker.word.next = self.status.val();
        self.picker.step.next = self.bus_request.val().step;
        self.r.d.next.shown =
            (self.captured.out.val() & self.r.q.val().show_sent) | (self.picker.out.val() & self.r.q.val().show_status);
        self.bus_read.next = self.r.q.val().shown;
    }
}
