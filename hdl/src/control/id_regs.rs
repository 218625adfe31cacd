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

use crate::control::bus::BusRequest;
use crate::control::rom::Rom;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, SPEC_HASH, id};
use rust_hdl::prelude::*;

/// Strobe to answer.
pub const READ_LATENCY: u64 = 3;

const GROUP: u64 = (id::MAGIC.word / GROUP_WORDS) as u64;
const IDENT: u64 = (id::IDENT.word / id::IDENT.words) as u64;
const SCRATCH: u64 = (id::SCRATCH.word % GROUP_WORDS) as u64;
const ERRORS: u64 = (id::BONE_ERRORS.word % GROUP_WORDS) as u64;
const _: () = assert!(id::IDENT.words == 64 && id::IDENT.word.is_multiple_of(64) && id::IDENT_TEXT.len() < 64);

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
    at: Signal<Local, W<7>>,
    words: Signal<Local, W<32>>,
    constants: Rom<32, 7>,
    in_group: DFF<Bit>,
    in_ident: DFF<Bit>,
    is_read: DFF<Bit>,
    write_now: DFF<Bit>,
    show_constant: DFF<Bit>,
    show_scratch: DFF<Bit>,
    show_errors: DFF<Bit>,
    write_scratch: DFF<Bit>,
    scratch: DFF<W<32>>,
    error_now: DFF<Bit>,
    errors: DFF<W<16>>,
    answer: DFF<W<32>>,
    group_of: Constant<W<9>>,
    ident_of: Constant<W<7>>,
    scratch_at: Constant<W<4>>,
    errors_at: Constant<W<4>>,
}

impl IdRegs {
    /// `features` as the fields of `id_features`; `clock_hz` of the datapath.
    pub fn new(features: u32, clock_hz: u64) -> Self {
        let mut words = [0u64; 128];
        words[id::MAGIC.word as usize] = id::MAGIC_VALUE as u64;
        words[id::SPEC_HASH.word as usize] = SPEC_HASH as u64;
        words[id::FEATURES.word as usize] = features as u64;
        words[id::CLOCK_HZ.word as usize] = clock_hz;
        for (word, byte) in words[64..].iter_mut().zip(id::IDENT_TEXT.bytes()) {
            *word = byte as u64;
        }
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            bone_error: Default::default(),
            address: Default::default(),
            offset: Default::default(),
            at: Default::default(),
            words: Default::default(),
            constants: Rom::new(&words),
            in_group: Default::default(),
            in_ident: Default::default(),
            is_read: Default::default(),
            write_now: Default::default(),
            show_constant: Default::default(),
            show_scratch: Default::default(),
            show_errors: Default::default(),
            write_scratch: Default::default(),
            scratch: Default::default(),
            error_now: Default::default(),
            errors: Default::default(),
            answer: Default::default(),
            group_of: Constant::new(W::new(GROUP)),
            ident_of: Constant::new(W::new(IDENT)),
            scratch_at: Constant::new(W::new(SCRATCH)),
            errors_at: Constant::new(W::new(ERRORS)),
        }
    }
}

impl Logic for IdRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, in_group, in_ident, is_read, write_now, scratch, error_now, errors, answer);
        dff_setup!(self, clock, show_constant, show_scratch, show_errors, write_scratch);

        // first register: which part is meant
        self.address.next = self.request.val().address;
        self.in_group.d.next = self.address.val().get_bits::<9>(4) == self.group_of.val();
        self.in_ident.d.next = self.address.val().get_bits::<7>(6) == self.ident_of.val();
        self.is_read.d.next = !self.request.val().write;
        self.write_now.d.next = self.request.val().strobe & self.request.val().write;

        // second register: which word
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.show_scratch.d.next =
            self.is_read.q.val() & self.in_group.q.val() & (self.offset.val() == self.scratch_at.val());
        self.show_errors.d.next =
            self.is_read.q.val() & self.in_group.q.val() & (self.offset.val() == self.errors_at.val());
        self.show_constant.d.next = self.is_read.q.val() & (self.in_group.q.val() | self.in_ident.q.val());
        self.write_scratch.d.next =
            self.write_now.q.val() & self.in_group.q.val() & (self.offset.val() == self.scratch_at.val());

        // third register: the answer; the table holds the name behind the registers
        self.at.next = self.address.val().get_bits::<7>(0);
        self.at.next = self.at.val().replace_bit(6, self.in_ident.q.val());
        self.constants.address.next = self.at.val();
        self.words.next = 0.into();
        if self.show_constant.q.val() {
            self.words.next = self.constants.data.val();
        }
        if self.show_scratch.q.val() {
            self.words.next = self.scratch.q.val();
        }
        if self.show_errors.q.val() {
            self.words.next = bit_cast_w::<32, 16>(self.errors.q.val());
        }
        self.answer.d.next = self.words.val();
        self.bus_read.next = self.answer.q.val();

        if self.write_scratch.q.val() {
            self.scratch.d.next = self.request.val().data;
        }
        self.error_now.d.next = self.bone_error.val();
        if self.error_now.q.val() {
            self.errors.d.next = self.errors.q.val() + 1;
        }
    }
}
