//! Who is there: magic, map hash, features, clock, error count, name.
//!
//! ```text
//!               +------IdRegs------+
//!  BusRequest --| request bus_read |-- Bit  
//!  Bit ---------| bone_error       |
//!               +------------------+
//! ```
//!
//! | contract     | value |
//! |--------------|-------|
//! | registers    | those of `spec::regs::id::REGS` that can only be read, and the region `identifier_mem` |
//! | error count  | strobes of `bone_error`, modulo 65536 |
//!
//! All words but the error count stand in one block memory that is never written.

use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
use crate::prelude::*;
use crate::serial_memory::SerialMemory;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, SPEC_HASH, id};

const GROUP: u64 = (id::MAGIC.word / GROUP_WORDS) as u64;
const IDENT: u64 = (id::IDENT.word / id::IDENT.words) as u64;
/// First row of the name.
const NAME_ROW: usize = 64;
const fn offset(word: u32) -> W<4> {
    W::new((word % GROUP_WORDS) as u64)
}

const _: () = assert!(id::IDENT.words == 64 && id::IDENT.word.is_multiple_of(64) && id::IDENT_TEXT.len() < 64);
// bit 8 of the address tells the name from the registers
const _: () = assert!(id::IDENT.word >> 8 & 1 == 1 && id::MAGIC.word == 0);

/// Which part is meant, and its bit.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Reached {
    in_group: Bit,
    has_word: Bit,
    is_errors: Bit,
    shown: Bit,
}

/// The registers that tell a host what it talks to.
#[derive(LogicBlock)]
pub struct IdRegs {
    pub clock: Signal<In, Clock>,
    pub request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    /// One strobe for each byte or command that the bone lost.
    pub bone_error: Signal<In, Bit>,
    address: Signal<Local, W<13>>,
    offset: Signal<Local, W<4>>,
    row: Signal<Local, W<7>>,
    memory: SerialMemory<32, 7>,
    picker: Picker<16>,
    reached: DFF<Reached>,
    error_now: DFF<Bit>,
    errors: DFF<W<16>>,
    group_of: Constant<W<9>>,
    ident_of: Constant<W<7>>,
    errors_at: Constant<W<4>>,
}

impl IdRegs {
    /// `features` as the fields of `id_features`; `clock_hz` of the datapath.
    pub fn new(features: u32, clock_hz: u64) -> Self {
        let mut words = vec![0; NAME_ROW];
        words[id::MAGIC.word as usize] = id::MAGIC_VALUE;
        words[id::SPEC_HASH.word as usize] = SPEC_HASH;
        words[id::FEATURES.word as usize] = features;
        words[id::CLOCK_HZ.word as usize] = clock_hz as u32;
        words.extend(id::IDENT_TEXT.bytes().map(u32::from));
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            bone_error: Default::default(),
            address: Default::default(),
            offset: Default::default(),
            row: Default::default(),
            memory: SerialMemory::new(&words),
            picker: Default::default(),
            reached: Default::default(),
            error_now: Default::default(),
            errors: Default::default(),
            group_of: Constant::new(W::new(GROUP)),
            ident_of: Constant::new(W::new(IDENT)),
            errors_at: Constant::new(offset(id::BONE_ERRORS.word)),
        }
    }
}

crate::inputs!(IdRegs: request, bone_error; memory, picker, reached, error_now, errors);

impl Logic for IdRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, reached, error_now, errors);
        clock!(self, clock, memory, picker);

        // which part is meant
        self.address.next = self.request.val().address;
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.reached.d.next.has_word =
            self.reached.q.val().in_group | (self.address.val().get_bits::<7>(6) == self.ident_of.val());
        self.reached.d.next.in_group = self.address.val().get_bits::<9>(4) == self.group_of.val();
        self.reached.d.next.is_errors = self.reached.q.val().in_group & (self.offset.val() == self.errors_at.val());

        // its bit
        self.row.next = bit_cast_w::<7, 6>(self.address.val().get_bits::<6>(0));
        self.memory.read_address.next = self.row.val().replace_bit(6, self.address.val().get_bit(8));
        self.memory.step.next = self.request.val().step;
        self.memory.write_address.next = 0.into();
        self.memory.write_data.next = 0.into();
        self.memory.write_enable.next = false;
        self.picker.word.next = self.errors.q.val();
        self.picker.step.next = self.request.val().step;
        self.reached.d.next.shown = (self.memory.out.val() & self.reached.q.val().has_word)
            | (self.picker.out.val() & self.reached.q.val().is_errors);
        self.bus_read.next = self.reached.q.val().shown;

        self.error_now.d.next = self.bone_error.val();
        if self.error_now.q.val() {
            self.errors.d.next = self.errors.q.val() + 1;
        }
    }
}
