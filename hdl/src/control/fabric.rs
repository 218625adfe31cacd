//! Joins a Wishbone master to all register blocks and ORs their answers.
//!
//! ```text
//!                  +----Fabric<N>----+
//!  cyc, stb, we ---|                 |
//!  adr W<13> ------| Wishbone        |
//!  dat_w W<32> ----| classic slave   | request --- BusRequest
//!  dat_r W<32> ----|                 | answers --- [W<32>; N]
//!  ack ------------|                 |
//!                  +-----------------+
//! ```
//!
//! | contract     | value |
//! |--------------|-------|
//! | latency      | [`ACK_CYCLES`] from `stb` to `ack`, reads and writes alike |
//! | throughput   | one transfer every [`ACK_CYCLES`] + 1 cycles |
//! | holds        | 1 answer word |
//! | `dat_r`      | to be taken in the cycle of `ack` |
//! | comb. paths  | `adr`, `we`, `dat_w` to `request`: the master holds them until `ack`, as Wishbone asks |
//! | given up     | a master that drops `stb` gets no `ack`; its write may have happened |
//! | side effects | none on reads |
//!
//! Words are always written whole: there is no `sel`. `adr` counts words.

use crate::control::bus::{BusRequest, READ_CYCLES};
use crate::prelude::*;
use crate::word::W;

/// `stb` to `ack`: the strobe's register, the blocks' time, two registers of the OR.
pub const ACK_CYCLES: u64 = 1 + READ_CYCLES + 2;

/// A Wishbone slave in front of `N` register blocks.
#[derive(LogicBlock)]
pub struct Fabric<const N: usize> {
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
    /// `bus_read` of every block.
    pub answers: [Signal<In, W<32>>; N],
    active: Signal<Local, Bit>,
    low_or: Signal<Local, W<32>>,
    middle_or: Signal<Local, W<32>>,
    high_or: Signal<Local, W<32>>,
    last_phase: Constant<W<4>>,
    phase: DFF<W<4>>,
    strobe: DFF<Bit>,
    acked: DFF<Bit>,
    low: DFF<W<32>>,
    middle: DFF<W<32>>,
    high: DFF<W<32>>,
    answer: DFF<W<32>>,
}

impl<const N: usize> Fabric<N> {
    const THIRD: usize = N / 3;
    const TWO_THIRDS: usize = 2 * N / 3;
}

impl<const N: usize> Default for Fabric<N> {
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
            active: Default::default(),
            low_or: Default::default(),
            middle_or: Default::default(),
            high_or: Default::default(),
            last_phase: Constant::new(W::new(ACK_CYCLES - 1)),
            phase: Default::default(),
            strobe: Default::default(),
            acked: Default::default(),
            low: Default::default(),
            middle: Default::default(),
            high: Default::default(),
            answer: Default::default(),
        }
    }
}

crate::inputs!(any [const N: usize] Fabric<N>: cyc, stb, we, adr, dat_w, answers; phase, strobe, acked, low, middle, high, answer);

impl<const N: usize> Logic for Fabric<N> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, phase, strobe, acked, low, middle, high, answer);

        // the phase counts the cycles of a transfer; dropping stb or the ack ends it
        self.active.next = self.cyc.val() & self.stb.val() & !self.acked.q.val();
        self.phase.d.next = 0.into();
        self.strobe.d.next = false;
        self.acked.d.next = false;
        if self.active.val() {
            self.phase.d.next = self.phase.q.val() + 1;
            self.strobe.d.next = self.phase.q.val() == 0;
            self.acked.d.next = self.phase.q.val() == self.last_phase.val();
        }
        self.request.next.strobe = self.strobe.q.val();
        self.request.next.write = self.we.val();
        self.request.next.address = self.adr.val();
        self.request.next.data = self.dat_w.val();

        // the OR of all answers, in two registered levels
        self.low_or.next = 0.into();
        for i in 0..Self::THIRD {
            self.low_or.next = self.low_or.val() | self.answers[i].val();
        }
        self.middle_or.next = 0.into();
        for i in Self::THIRD..Self::TWO_THIRDS {
            self.middle_or.next = self.middle_or.val() | self.answers[i].val();
        }
        self.high_or.next = 0.into();
        for i in Self::TWO_THIRDS..N {
            self.high_or.next = self.high_or.val() | self.answers[i].val();
        }
        self.low.d.next = self.low_or.val();
        self.middle.d.next = self.middle_or.val();
        self.high.d.next = self.high_or.val();
        self.answer.d.next = self.low.q.val() | self.middle.q.val() | self.high.q.val();
        self.dat_r.next = self.answer.q.val();
        self.ack.next = self.acked.q.val();
    }
}
