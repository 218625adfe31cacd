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
use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, SPEC_HASH, id};

/// Strobe to answer.
pub const READ_LATENCY: u64 = 3;

const GROUP: u64 = (id::MAGIC.word / GROUP_WORDS) as u64;
const IDENT: u64 = (id::IDENT.word / id::IDENT.words) as u64;
const fn offset(word: u32) -> W<4> {
    W::new((word % GROUP_WORDS) as u64)
}

const _: () = assert!(id::IDENT.words == 64 && id::IDENT.word.is_multiple_of(64) && id::IDENT_TEXT.len() < 64);

/// Which word a read shows, and whether a write reaches the scratch register.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Reached {
    show_magic: Bit,
    show_hash: Bit,
    show_features: Bit,
    show_clock: Bit,
    show_scratch: Bit,
    show_errors: Bit,
    show_ident: Bit,
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
    is_here: Signal<Local, Bit>,
    words: Signal<Local, W<32>>,
    name: Rom<7, 6>,
    letter: DFF<W<7>>,
    in_group: DFF<Bit>,
    in_ident: DFF<Bit>,
    is_read: DFF<Bit>,
    write_now: DFF<Bit>,
    reached: DFF<Reached>,
    scratch: DFF<W<32>>,
    error_now: DFF<Bit>,
    errors: DFF<W<16>>,
    answer: DFF<W<32>>,
    group_of: Constant<W<9>>,
    ident_of: Constant<W<7>>,
    magic_at: Constant<W<4>>,
    hash_at: Constant<W<4>>,
    features_at: Constant<W<4>>,
    clock_at: Constant<W<4>>,
    scratch_at: Constant<W<4>>,
    errors_at: Constant<W<4>>,
    magic: Constant<W<32>>,
    hash: Constant<W<32>>,
    features: Constant<W<32>>,
    clock_hz: Constant<W<32>>,
}

impl IdRegs {
    /// `features` as the fields of `id_features`; `clock_hz` of the datapath.
    pub fn new(features: u32, clock_hz: u64) -> Self {
        let name: Vec<u64> = id::IDENT_TEXT.bytes().map(u64::from).collect();
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            bone_error: Default::default(),
            address: Default::default(),
            offset: Default::default(),
            is_here: Default::default(),
            words: Default::default(),
            name: Rom::new(&name),
            letter: Default::default(),
            in_group: Default::default(),
            in_ident: Default::default(),
            is_read: Default::default(),
            write_now: Default::default(),
            reached: Default::default(),
            scratch: Default::default(),
            error_now: Default::default(),
            errors: Default::default(),
            answer: Default::default(),
            group_of: Constant::new(W::new(GROUP)),
            ident_of: Constant::new(W::new(IDENT)),
            magic_at: Constant::new(offset(id::MAGIC.word)),
            hash_at: Constant::new(offset(id::SPEC_HASH.word)),
            features_at: Constant::new(offset(id::FEATURES.word)),
            clock_at: Constant::new(offset(id::CLOCK_HZ.word)),
            scratch_at: Constant::new(offset(id::SCRATCH.word)),
            errors_at: Constant::new(offset(id::BONE_ERRORS.word)),
            magic: Constant::new(W::new(id::MAGIC_VALUE as u64)),
            hash: Constant::new(W::new(SPEC_HASH as u64)),
            features: Constant::new(W::new(features as u64)),
            clock_hz: Constant::new(W::new(clock_hz)),
        }
    }
}

crate::inputs!(IdRegs: request, bone_error; letter, in_group, in_ident, is_read, write_now, reached, scratch, error_now, errors, answer; name);

impl Logic for IdRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, letter, in_group, in_ident, is_read, write_now, reached);
        dff_setup!(self, clock, scratch, error_now, errors, answer);

        // first register: which part is meant
        self.address.next = self.request.val().address;
        self.in_group.d.next = self.address.val().get_bits::<9>(4) == self.group_of.val();
        self.in_ident.d.next = self.address.val().get_bits::<7>(6) == self.ident_of.val();
        self.is_read.d.next = !self.request.val().write;
        self.write_now.d.next = self.request.val().strobe & self.request.val().write;

        // second register: which word
        self.offset.next = self.address.val().get_bits::<4>(0);
        self.is_here.next = self.in_group.q.val() & self.is_read.q.val();
        self.reached.d.next.show_magic = self.is_here.val() & (self.offset.val() == self.magic_at.val());
        self.reached.d.next.show_hash = self.is_here.val() & (self.offset.val() == self.hash_at.val());
        self.reached.d.next.show_features = self.is_here.val() & (self.offset.val() == self.features_at.val());
        self.reached.d.next.show_clock = self.is_here.val() & (self.offset.val() == self.clock_at.val());
        self.reached.d.next.show_scratch = self.is_here.val() & (self.offset.val() == self.scratch_at.val());
        self.reached.d.next.show_errors = self.is_here.val() & (self.offset.val() == self.errors_at.val());
        self.reached.d.next.show_ident = self.in_ident.q.val() & self.is_read.q.val();
        self.reached.d.next.write_scratch =
            self.in_group.q.val() & self.write_now.q.val() & (self.offset.val() == self.scratch_at.val());
        self.name.address.next = self.address.val().get_bits::<6>(0);
        self.letter.d.next = self.name.data.val();

        // third register: the answer
        self.words.next = 0.into();
        if self.reached.q.val().show_magic {
            self.words.next = self.magic.val();
        }
        if self.reached.q.val().show_hash {
            self.words.next = self.words.val() | self.hash.val();
        }
        if self.reached.q.val().show_features {
            self.words.next = self.words.val() | self.features.val();
        }
        if self.reached.q.val().show_clock {
            self.words.next = self.words.val() | self.clock_hz.val();
        }
        if self.reached.q.val().show_scratch {
            self.words.next = self.words.val() | self.scratch.q.val();
        }
        if self.reached.q.val().show_errors {
            self.words.next = self.words.val() | bit_cast_w::<32, 16>(self.errors.q.val());
        }
        if self.reached.q.val().show_ident {
            self.words.next = self.words.val() | bit_cast_w::<32, 7>(self.letter.q.val());
        }
        self.answer.d.next = self.words.val();
        self.bus_read.next = self.answer.q.val();

        if self.reached.q.val().write_scratch {
            self.scratch.d.next = self.request.val().data;
        }
        self.error_now.d.next = self.bone_error.val();
        if self.error_now.q.val() {
            self.errors.d.next = self.errors.q.val() + 1;
        }
    }
}
