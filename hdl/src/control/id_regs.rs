//! Who is there: magic, map hash, features, clock, scratch, error count, name.
//!
//! ```text
//!               +------IdRegs------+
//!  BusRequest --| request bus_read |-- W<32>
//!  Bit ---------| bone_error       |
//!               +------------------+
//! ```
//!
//! | contract     | value |
//! |--------------|-------|
//! | registers    | `spec::regs::id::REGS`, and the region `identifier_mem` |
//! | answer       | [`READ_LATENCY`] cycles after the strobe |
//! | error count  | strobes of `bone_error`, modulo 65536 |
//!
//! All words but the error count stand in one block memory, of which only the scratch register's is ever written.

use crate::control::bus::BusRequest;
use crate::memory::Memory;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, SPEC_HASH, id};

/// Strobe to answer.
pub const READ_LATENCY: u64 = 3;

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

/// What a read shows, and whether a write reaches the scratch register.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Reached {
    in_group: Bit,
    in_ident: Bit,
    is_read: Bit,
    write_now: Bit,
    show_word: Bit,
    show_errors: Bit,
    write_scratch: Bit,
}

/// The registers that tell a host what it talks to.
#[derive(LogicBlock)]
pub struct IdRegs {
    pub clock: Signal<In, Clock>,
    pub request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    /// One strobe for each byte or command that the bone lost.
    pub bone_error: Signal<In, Bit>,
    address: Signal<Local, W<13>>,
    offset: Signal<Local, W<4>>,
    row: Signal<Local, W<7>>,
    words: Signal<Local, W<32>>,
    memory: Memory<32, 7>,
    reached: DFF<Reached>,
    error_now: DFF<Bit>,
    errors: DFF<W<16>>,
    answer: DFF<W<32>>,
    group_of: Constant<W<9>>,
    ident_of: Constant<W<7>>,
    scratch_at: Constant<W<4>>,
    errors_at: Constant<W<4>>,
    scratch_row: Constant<W<7>>,
}

impl IdRegs {
    /// `features` as the fields of `id_features`; `clock_hz` of the datapath.
    pub fn new(features: u32, clock_hz: u64) -> Self {
        let mut words = vec![0; NAME_ROW];
        words[id::MAGIC.word as usize] = id::MAGIC_VALUE as u64;
        words[id::SPEC_HASH.word as usize] = SPEC_HASH as u64;
        words[id::FEATURES.word as usize] = features as u64;
        words[id::CLOCK_HZ.word as usize] = clock_hz;
        words.extend(id::IDENT_TEXT.bytes().map(u64::from));
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            bone_error: Default::default(),
            address: Default::default(),
            offset: Default::default(),
            row: Default::default(),
            words: Default::default(),
            memory: Memory::new(&words),
            reached: Default::default(),
            error_now: Default::default(),
            errors: Default::default(),
            answer: Default::default(),
            group_of: Constant::new(W::new(GROUP)),
            ident_of: Constant::new(W::new(IDENT)),
            scratch_at: Constant::new(offset(id::SCRATCH.word)),
            errors_at: Constant::new(offset(id::BONE_ERRORS.word)),
            scratch_row: Constant::new(W::new(id::SCRATCH.word as u64)),
        }
    }
}

crate::inputs!(IdRegs: request, bone_error; memory, reached, error_now, errors, answer);

impl Logic for IdRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, reached, error_now, errors, answer);
        self.memory.clock.next = self.clock.val();

        // first register: which part is meant
        self.address.next = self.request.val().address;
        self.reached.d.next.in_group = self.address.val().get_bits::<9>(4) == self.group_of.val();
        self.reached.d.next.in_ident = self.address.val().get_bits::<7>(6) == self.ident_of.val();
        self.reached.d.next.is_read = !self.request.val().write;
        self.reached.d.next.write_now = self.request.val().strobe & self.request.val().write;
        self.row.next = bit_cast_w::<7, 6>(self.address.val().get_bits::<6>(0));
        self.memory.read_address.next = self.row.val().replace_bit(6, self.address.val().get_bit(8));

        // second register: what is shown or written
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.reached.d.next.show_word =
            (self.reached.q.val().in_group | self.reached.q.val().in_ident) & self.reached.q.val().is_read;
        self.reached.d.next.show_errors =
            self.reached.q.val().in_group & self.reached.q.val().is_read & (self.offset.val() == self.errors_at.val());
        self.reached.d.next.write_scratch = self.reached.q.val().in_group
            & self.reached.q.val().write_now
            & (self.offset.val() == self.scratch_at.val());
        self.memory.write_address.next = self.scratch_row.val();
        self.memory.write_data.next = self.request.val().data;
        self.memory.write_enable.next = self.reached.q.val().write_scratch;

        // third register: the answer
        self.words.next = 0.into();
        if self.reached.q.val().show_word {
            self.words.next = self.memory.read_data.val();
        }
        if self.reached.q.val().show_errors {
            self.words.next = self.words.val() | bit_cast_w::<32, 16>(self.errors.q.val());
        }
        self.answer.d.next = self.words.val();
        self.bus_read.next = self.answer.q.val();

        self.error_now.d.next = self.bone_error.val();
        if self.error_now.q.val() {
            self.errors.d.next = self.errors.q.val() + 1;
        }
    }
}
