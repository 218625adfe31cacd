//! How the link runs and how it is: control, status, commands, IDLE fields.
//!
//! ```text
//!               +------LinkRegs------+
//!  BusRequest --| request   bus_read |-- Bit  
//!  status ------|                    |-- settings
//!  seen --------|                    |-- clear, snapshot, relock
//!               +--------------------+
//! ```
//!
//! | contract     | value |
//! |--------------|-------|
//! | registers    | `spec::regs::link::REGS` |
//! | answer       | of what can only be read; settings are read back from [`Settings`](crate::control::settings) |
//! | settings     | take effect [`WRITE_LATENCY`] cycles after the strobe |
//! | `clear`, `snapshot`, `relock` | one cycle each, [`WRITE_LATENCY`] cycles after the strobe |
//!
//! The IDLE fields are read bit by bit as they come.

use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, link};

/// Strobe to setting or command.
pub const WRITE_LATENCY: u64 = 3;

const GROUP: u64 = (link::CONTROL.word / GROUP_WORDS) as u64;

const fn offset(word: u32) -> W<4> {
    W::new((word % GROUP_WORDS) as u64)
}

// where the fields stand in their registers
const _: () = assert!(link::RUNG.lsb == 0 && link::TX_PARITY.lsb == 2 && link::ADAPTIVE.lsb == 3);
const _: () = assert!(link::REPEAT.lsb == 4 && link::DARK.lsb == 5 && link::REQUEST.lsb == 0);
const _: () = assert!(link::LOCKED.lsb == 0 && link::LIGHT.lsb == 1 && link::HOLDING.lsb == 2);
const _: () = assert!(link::RX_IN_FRAME.lsb == 3 && link::RUNG_NOW.lsb == 4 && link::RUNG_NOW.width == 2);
const _: () = assert!(link::CLEAR.lsb == 0 && link::SNAPSHOT.lsb == 1 && link::RELOCK.lsb == 2);
const _: () = assert!(link::SEEN_STATE.lsb == 0 && link::SEEN_REQUEST.lsb == 8 && link::SEEN_HINT.lsb == 16);

/// Which register a read shows, and which one a write reaches.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Reached {
    show_status: Bit,
    show_seen: Bit,
    show_state: Bit,
    shown: Bit,
    write_control: Bit,
    write_command: Bit,
    write_silence: Bit,
    write_send: Bit,
}

/// The registers of the link.
#[derive(LogicBlock)]
pub struct LinkRegs {
    pub clock: Signal<In, Clock>,
    pub request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub rung: Signal<Out, W<2>>,
    pub tx_parity: Signal<Out, Bit>,
    pub adaptive: Signal<Out, Bit>,
    pub is_repeater: Signal<Out, Bit>,
    pub dark: Signal<Out, Bit>,
    pub silence_slots: Signal<Out, W<16>>,
    /// Rung that the IDLEs ask of the far end.
    pub idle_request: Signal<Out, W<2>>,
    pub clear: Signal<Out, Bit>,
    pub snapshot: Signal<Out, Bit>,
    pub relock: Signal<Out, Bit>,
    pub locked: Signal<In, Bit>,
    pub light: Signal<In, Bit>,
    pub holding: Signal<In, Bit>,
    pub rx_in_frame: Signal<In, Bit>,
    pub rung_now: Signal<In, W<2>>,
    /// Fields of the last good IDLE.
    pub seen_state: Signal<In, W<3>>,
    pub seen_request: Signal<In, W<2>>,
    pub seen_hint: Signal<In, W<16>>,
    /// A snapshot or clear is under way.
    pub snapshot_busy: Signal<In, Bit>,
    address: Signal<Local, W<13>>,
    data: Signal<Local, W<32>>,
    offset: Signal<Local, W<4>>,
    writes: Signal<Local, Bit>,
    settings: Signal<Local, W<6>>,
    silence_now: Signal<Local, W<16>>,
    status: Signal<Local, W<6>>,
    request_word: Signal<Local, W<32>>,
    hint_word: Signal<Local, W<32>>,
    request_placed: Signal<Local, W<32>>,
    hint_placed: Signal<Local, W<32>>,
    state_word: Signal<Local, W<32>>,
    in_group: DFF<Bit>,
    write_now: DFF<Bit>,
    reached: DFF<Reached>,
    status_picker: Picker<6>,
    seen_picker: Picker<32>,
    control: DFF<W<6>>,
    silence: DFF<W<16>>,
    send: DFF<W<2>>,
    command: DFF<W<3>>,
    group_of: Constant<W<9>>,
    control_at: Constant<W<4>>,
    status_at: Constant<W<4>>,
    command_at: Constant<W<4>>,
    silence_at: Constant<W<4>>,
    send_at: Constant<W<4>>,
    seen_at: Constant<W<4>>,
    state_at: Constant<W<4>>,
    control_reset: Constant<W<6>>,
    silence_reset: Constant<W<16>>,
}

impl Default for LinkRegs {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            rung: Default::default(),
            tx_parity: Default::default(),
            adaptive: Default::default(),
            is_repeater: Default::default(),
            dark: Default::default(),
            silence_slots: Default::default(),
            idle_request: Default::default(),
            clear: Default::default(),
            snapshot: Default::default(),
            relock: Default::default(),
            locked: Default::default(),
            light: Default::default(),
            holding: Default::default(),
            rx_in_frame: Default::default(),
            rung_now: Default::default(),
            seen_state: Default::default(),
            seen_request: Default::default(),
            seen_hint: Default::default(),
            snapshot_busy: Default::default(),
            address: Default::default(),
            data: Default::default(),
            offset: Default::default(),
            writes: Default::default(),
            settings: Default::default(),
            silence_now: Default::default(),
            status: Default::default(),
            request_word: Default::default(),
            hint_word: Default::default(),
            request_placed: Default::default(),
            hint_placed: Default::default(),
            state_word: Default::default(),
            in_group: Default::default(),
            write_now: Default::default(),
            reached: Default::default(),
            status_picker: Default::default(),
            seen_picker: Default::default(),
            control: Default::default(),
            silence: Default::default(),
            send: Default::default(),
            command: Default::default(),
            group_of: Constant::new(W::new(GROUP)),
            control_at: Constant::new(offset(link::CONTROL.word)),
            status_at: Constant::new(offset(link::STATUS.word)),
            command_at: Constant::new(offset(link::COMMAND.word)),
            silence_at: Constant::new(offset(link::SILENCE_SLOTS.word)),
            send_at: Constant::new(offset(link::IDLE_SEND.word)),
            seen_at: Constant::new(offset(link::IDLE_SEEN.word)),
            state_at: Constant::new(offset(link::STATE.word)),
            control_reset: Constant::new(W::new(link::CONTROL.reset as u64)),
            silence_reset: Constant::new(W::new(link::SILENCE_SLOTS.reset as u64)),
        }
    }
}

crate::inputs!(LinkRegs: request, locked, light, holding, rx_in_frame, rung_now, seen_state, seen_request, seen_hint, snapshot_busy; in_group, write_now, reached, status_picker, seen_picker, control, silence, send, command);

impl Logic for LinkRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, in_group, write_now, reached, control, silence, send, command);
        clock!(self, clock, status_picker, seen_picker);

        // first register: is this group meant?
        self.address.next = self.request.val().address;
        self.data.next = self.request.val().data;
        self.in_group.d.next = self.address.val().get_bits::<9>(4) == self.group_of.val();
        self.write_now.d.next = self.request.val().strobe & self.request.val().write;

        // second register: which word?
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.writes.next = self.in_group.q.val() & self.write_now.q.val();
        self.reached.d.next.show_status = self.in_group.q.val() & (self.offset.val() == self.status_at.val());
        self.reached.d.next.show_seen = self.in_group.q.val() & (self.offset.val() == self.seen_at.val());
        self.reached.d.next.show_state = self.in_group.q.val() & (self.offset.val() == self.state_at.val());
        self.reached.d.next.write_control = self.writes.val() & (self.offset.val() == self.control_at.val());
        self.reached.d.next.write_command = self.writes.val() & (self.offset.val() == self.command_at.val());
        self.reached.d.next.write_silence = self.writes.val() & (self.offset.val() == self.silence_at.val());
        self.reached.d.next.write_send = self.writes.val() & (self.offset.val() == self.send_at.val());

        // settings are kept as the difference from their values at power-on
        if self.reached.q.val().write_control {
            self.control.d.next = self.data.val().get_bits::<6>(0) ^ self.control_reset.val();
        }
        if self.reached.q.val().write_silence {
            self.silence.d.next = self.data.val().get_bits::<16>(0) ^ self.silence_reset.val();
        }
        if self.reached.q.val().write_send {
            self.send.d.next = self.data.val().get_bits::<2>(0);
        }
        self.command.d.next = 0.into();
        if self.reached.q.val().write_command {
            self.command.d.next = self.data.val().get_bits::<3>(0);
        }
        self.settings.next = self.control.q.val() ^ self.control_reset.val();
        self.silence_now.next = self.silence.q.val() ^ self.silence_reset.val();
        self.rung.next = self.settings.val().get_bits::<2>(0);
        self.tx_parity.next = self.settings.val().get_bit(2);
        self.adaptive.next = self.settings.val().get_bit(3);
        self.is_repeater.next = self.settings.val().get_bit(4);
        self.dark.next = self.settings.val().get_bit(5);
        self.silence_slots.next = self.silence_now.val();
        self.idle_request.next = self.send.q.val();
        self.clear.next = self.command.q.val().get_bit(0);
        self.snapshot.next = self.command.q.val().get_bit(1);
        self.relock.next = self.command.q.val().get_bit(2);

        // status and fields, bit by bit
        self.status.next = bit_cast_w::<6, 2>(self.rung_now.val());
        self.status.next = self.status.val() << 4;
        self.status.next = self.status.val().replace_bit(0, self.locked.val());
        self.status.next = self.status.val().replace_bit(1, self.light.val());
        self.status.next = self.status.val().replace_bit(2, self.holding.val());
        self.status.next = self.status.val().replace_bit(3, self.rx_in_frame.val());
        if self.reached.q.val().show_state {
            self.status.next = 0.into();
            self.status.next = self.status.val().replace_bit(0, self.snapshot_busy.val());
        }
        self.status_picker.word.next = self.status.val();
        self.status_picker.step.next = self.request.val().step;
        self.request_word.next = bit_cast_w::<32, 2>(self.seen_request.val());
        self.request_placed.next = self.request_word.val() << 8;
        self.hint_word.next = bit_cast_w::<32, 16>(self.seen_hint.val());
        self.hint_placed.next = self.hint_word.val() << 16;
        self.state_word.next = bit_cast_w::<32, 3>(self.seen_state.val());
        self.seen_picker.word.next = self.state_word.val() | self.request_placed.val() | self.hint_placed.val();
        self.seen_picker.step.next = self.request.val().step;
        self.reached.d.next.shown = (self.status_picker.out.val()
            & (self.reached.q.val().show_status | self.reached.q.val().show_state))
            | (self.seen_picker.out.val() & self.reached.q.val().show_seen);
        self.bus_read.next = self.reached.q.val().shown;
    }
}
