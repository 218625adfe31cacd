//! Joins a Wishbone master to all register blocks and collects their answers bit by bit.
//!
//! ```text
//!                  +--Fabric<N, M>---+
//!  cyc, stb, we ---|                 |
//!  adr W<13> ------| Wishbone        |
//!  dat_w W<32> ----| classic slave   | request --- BusRequest
//!  dat_r W<32> ----|                 | answers --- [Bit; N]
//!  ack ------------|                 | words ----- [W<32>; M]
//!                  +-----------------+
//! ```
//!
//! | contract     | value |
//! |--------------|-------|
//! | latency      | `stb` to `ack`: a write [`WRITE_ACK_CYCLES`], a read [`READ_ACK_CYCLES`] |
//! | throughput   | a cycle between two transfers |
//! | holds        | 1 answer word |
//! | `dat_r`      | to be taken in the cycle of `ack` |
//! | comb. paths  | `adr`, `we`, `dat_w` to `request`: the master holds them until `ack`, as Wishbone asks |
//! | given up     | a master that drops `stb` gets no `ack`; its write may have happened |
//! | side effects | none on reads |
//!
//! Words are always written whole: there is no `sel`. `adr` counts words. The phase of a transfer is the step: it walks
//! through all bits of a word from bit [`FIRST_STEP`] on, around, and the answer's register is wired to match.

use crate::control::bus::{BIT_CYCLES, BusRequest, READ_CYCLES, SETTLE_CYCLES};
use crate::control::picker::Picker;
use crate::prelude::*;
use crate::word::W;

/// `stb` to `ack` of a write.
pub const WRITE_ACK_CYCLES: u64 = 11;
/// Phase in which the first bit is asked for: the strobe stands in phase 1.
const FIRST_STEP: u64 = 1 + SETTLE_CYCLES;
/// Step to the top of the answer's register: the block's time, the OR, the register itself.
const ANSWER_CYCLES: u64 = BIT_CYCLES + 2;
/// `stb` to `ack` of a read.
pub const READ_ACK_CYCLES: u64 = FIRST_STEP + 31 + ANSWER_CYCLES;

// whole words stand, ORed, before their first bit is picked
const _: () = assert!(1 + READ_CYCLES + 2 <= FIRST_STEP && READ_ACK_CYCLES < 64);

/// A Wishbone slave in front of `N` blocks that answer bit by bit and `M` that answer in words.
#[derive(LogicBlock)]
pub struct Fabric<const N: usize, const M: usize> {
    pub clock: Signal<In, Clock>,
    pub cyc: Signal<In, Bit>,
    pub stb: Signal<In, Bit>,
    pub we: Signal<In, Bit>,
    /// Word address.
    pub adr: Signal<In, W<13>>,
    pub dat_w: Signal<In, W<32>>,
    pub dat_r: Signal<Out, W<32>>,
    pub ack: Signal<Out, Bit>,
    /// To every block.
    pub request: Signal<Out, BusRequest>,
    /// `bus_read` of the blocks that answer bit by bit.
    pub answers: [Signal<In, Bit>; N],
    /// `bus_read` of those that answer in words.
    pub words: [Signal<In, W<32>>; M],
    active: Signal<Local, Bit>,
    any: Signal<Local, Bit>,
    all_words: Signal<Local, W<32>>,
    shifted: Signal<Local, W<32>>,
    kept: Signal<Local, W<32>>,
    turned: Signal<Local, W<32>>,
    last_write_phase: Constant<W<6>>,
    last_read_phase: Constant<W<6>>,
    phase: DFF<W<6>>,
    strobe: DFF<Bit>,
    acked: DFF<Bit>,
    word: DFF<W<32>>,
    picked: DFF<Bit>,
    gathered: DFF<Bit>,
    answer: DFF<W<32>>,
    picker: Picker<32>,
}

impl<const N: usize, const M: usize> Default for Fabric<N, M> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            cyc: Default::default(),
            stb: Default::default(),
            we: Default::default(),
            adr: Default::default(),
            dat_w: Default::default(),
            dat_r: Default::default(),
            ack: Default::default(),
            request: Default::default(),
            answers: std::array::from_fn(|_| Default::default()),
            words: std::array::from_fn(|_| Default::default()),
            active: Default::default(),
            any: Default::default(),
            all_words: Default::default(),
            shifted: Default::default(),
            kept: Default::default(),
            turned: Default::default(),
            last_write_phase: Constant::new(W::new(WRITE_ACK_CYCLES - 1)),
            last_read_phase: Constant::new(W::new(READ_ACK_CYCLES - 1)),
            phase: Default::default(),
            strobe: Default::default(),
            acked: Default::default(),
            word: Default::default(),
            picked: Default::default(),
            gathered: Default::default(),
            answer: Default::default(),
            picker: Default::default(),
        }
    }
}

crate::inputs!(any [const N: usize, const M: usize] Fabric<N, M>: cyc, stb, we, adr, dat_w, answers, words; phase, strobe, acked, word, picked, gathered, answer, picker);

impl<const N: usize, const M: usize> Logic for Fabric<N, M> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, phase, strobe, acked, word, picked, gathered, answer);
        self.picker.clock.next = self.clock.val();

        // the phase counts the cycles of a transfer; dropping stb or the ack ends it
        self.active.next = self.cyc.val() & self.stb.val() & !self.acked.q.val();
        self.phase.d.next = 0.into();
        self.strobe.d.next = false;
        self.acked.d.next = false;
        if self.active.val() {
            self.phase.d.next = self.phase.q.val() + 1;
            self.strobe.d.next = self.phase.q.val() == 0;
            self.acked.d.next = (self.we.val() & (self.phase.q.val() == self.last_write_phase.val()))
                | (self.phase.q.val() == self.last_read_phase.val());
        }
        self.request.next.strobe = self.strobe.q.val();
        self.request.next.write = self.we.val();
        self.request.next.address = self.adr.val();
        self.request.next.data = self.dat_w.val();
        self.request.next.step = self.phase.q.val().get_bits::<5>(0);

        // whole words, ORed and picked
        self.all_words.next = 0.into();
        for i in 0..M {
            self.all_words.next = self.all_words.val() | self.words[i].val();
        }
        self.word.d.next = self.all_words.val();
        self.picker.word.next = self.word.q.val();
        self.picker.step.next = self.phase.q.val().get_bits::<5>(0);

        // the OR of all bits moves into the answer, lowest first; as many bits as there were steps before the first one
        // have gone around
        self.picked.d.next = self.picker.out.val();
        self.any.next = self.picked.q.val();
        for i in 0..N {
            self.any.next = self.any.val() | self.answers[i].val();
        }
        self.gathered.d.next = self.any.val();
        self.shifted.next = self.answer.q.val() >> 1;
        self.answer.d.next = self.shifted.val().replace_bit(31, self.gathered.q.val());
        self.kept.next = self.answer.q.val();
        self.turned.next = self.kept.val() << 12;
        self.dat_r.next = self.turned.val() | (self.kept.val() >> 20);
        self.ack.next = self.acked.q.val();
    }
}

const _: () = assert!(FIRST_STEP == 12);
