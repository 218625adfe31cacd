//! Registers of the ladder: thresholds that the host computed, what the controller tells.
//!
//! ```text
//!               +-----LadderRegs-----+
//!  BusRequest --| request   bus_read |-- W<32>
//!  Told       --| told    thresholds |-- Thresholds
//!               |            restart |-- Bit    the window's length was written
//!               |            written |-- W<24>  what was written
//!               +--------------------+
//! ```
//!
//! | contract  | value |
//! |-----------|-------|
//! | registers | `spec::regs::ladder::REGS` |
//! | answer    | [`READ_LATENCY`] cycles after the strobe |

use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::{GROUP_WORDS, ladder};

/// Strobe to answer.
pub const READ_LATENCY: u64 = 4;

const GROUP: u64 = (ladder::WINDOW.word / GROUP_WORDS) as u64;

// register k of the group is bit k of the decoded offset
const _: () = {
    let mut k = 0;
    while k < ladder::REGS.len() {
        assert!(ladder::REGS[k].word % GROUP_WORDS == k as u32);
        k += 1;
    }
    assert!(k == 8 && ladder::RUNG.lsb == 0 && ladder::REASON.lsb == 4 && ladder::STEPS.lsb == 16);
};

/// What the host writes.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Thresholds {
    pub window: W<24>,
    pub up: W<16>,
    pub down: W<16>,
    pub burst_up: W<16>,
    pub hold: W<8>,
}

/// What the host reads.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Told {
    pub rung: W<2>,
    pub reason: W<3>,
    pub steps: W<16>,
    pub last_corrected: W<16>,
    pub last_bad: W<16>,
}

/// Register decode.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Decode {
    in_group: Bit,
    is_read: Bit,
    write_now: Bit,
    show: W<8>,
    take: W<8>,
    answer_low: W<32>,
    answer_high: W<32>,
    answer: W<32>,
}

/// The registers.
#[derive(LogicBlock)]
pub struct LadderRegs {
    pub clock: Signal<In, Clock>,
    pub request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    pub told: Signal<In, Told>,
    pub thresholds: Signal<Out, Thresholds>,
    pub restart: Signal<Out, Bit>,
    pub written: Signal<Out, W<24>>,
    /// The difference from the values at power-on.
    stored: DFF<Thresholds>,
    decode: DFF<Decode>,
    address: Signal<Local, W<13>>,
    data: Signal<Local, W<32>>,
    offset: Signal<Local, W<3>>,
    one_hot: Signal<Local, W<8>>,
    show: Signal<Local, W<8>>,
    take: Signal<Local, W<8>>,
    is_ours: Signal<Local, Bit>,
    window: Signal<Local, W<24>>,
    up: Signal<Local, W<16>>,
    down: Signal<Local, W<16>>,
    burst_up: Signal<Local, W<16>>,
    hold: Signal<Local, W<8>>,
    low: Signal<Local, W<32>>,
    high: Signal<Local, W<32>>,
    status: Signal<Local, W<32>>,
    steps_word: Signal<Local, W<32>>,
    steps_placed: Signal<Local, W<32>>,
    reason_word: Signal<Local, W<32>>,
    reason_placed: Signal<Local, W<32>>,
    reset: Constant<Thresholds>,
    group: Constant<W<9>>,
}

impl Default for LadderRegs {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            request: Default::default(),
            bus_read: Default::default(),
            told: Default::default(),
            thresholds: Default::default(),
            restart: Default::default(),
            written: Default::default(),
            stored: Default::default(),
            decode: Default::default(),
            address: Default::default(),
            data: Default::default(),
            offset: Default::default(),
            one_hot: Default::default(),
            show: Default::default(),
            take: Default::default(),
            is_ours: Default::default(),
            window: Default::default(),
            up: Default::default(),
            down: Default::default(),
            burst_up: Default::default(),
            hold: Default::default(),
            low: Default::default(),
            high: Default::default(),
            status: Default::default(),
            steps_word: Default::default(),
            steps_placed: Default::default(),
            reason_word: Default::default(),
            reason_placed: Default::default(),
            reset: Constant::new(Thresholds {
                window: W::new(ladder::WINDOW.reset as u64),
                up: W::new(ladder::UP.reset as u64),
                down: W::new(ladder::DOWN.reset as u64),
                burst_up: W::new(ladder::BURST_UP.reset as u64),
                hold: W::new(ladder::HOLD.reset as u64),
            }),
            group: Constant::new(W::new(GROUP)),
        }
    }
}

crate::inputs!(LadderRegs: request, told; stored, decode);

impl Logic for LadderRegs {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, stored, decode);
        self.window.next = self.stored.q.val().window ^ self.reset.val().window;
        self.up.next = self.stored.q.val().up ^ self.reset.val().up;
        self.down.next = self.stored.q.val().down ^ self.reset.val().down;
        self.burst_up.next = self.stored.q.val().burst_up ^ self.reset.val().burst_up;
        self.hold.next = self.stored.q.val().hold ^ self.reset.val().hold;

        // registers: is this group meant, which word, two halves of the answer, the answer
        self.address.next = self.request.val().address;
        self.data.next = self.request.val().data;
        self.offset.next = self.address.val().get_bits::<3>(0);
        self.is_ours.next = self.address.val().get_bits::<9>(4) == self.group.val();
        self.decode.d.next.in_group = self.is_ours.val() & !self.address.val().get_bit(3);
        self.decode.d.next.is_read = !self.request.val().write;
        self.decode.d.next.write_now = self.request.val().strobe & self.request.val().write;
        self.one_hot.next = 0.into();
        self.one_hot.next = self.one_hot.val().replace_bit(self.offset.val().index(), true);
        self.decode.d.next.show = 0.into();
        if self.decode.q.val().in_group & self.decode.q.val().is_read {
            self.decode.d.next.show = self.one_hot.val();
        }
        self.decode.d.next.take = 0.into();
        if self.decode.q.val().in_group & self.decode.q.val().write_now {
            self.decode.d.next.take = self.one_hot.val();
        }
        self.show.next = self.decode.q.val().show;
        self.take.next = self.decode.q.val().take;
        if self.take.val().get_bit(0) {
            self.stored.d.next.window = self.data.val().get_bits::<24>(0) ^ self.reset.val().window;
        }
        if self.take.val().get_bit(1) {
            self.stored.d.next.up = self.data.val().get_bits::<16>(0) ^ self.reset.val().up;
        }
        if self.take.val().get_bit(2) {
            self.stored.d.next.down = self.data.val().get_bits::<16>(0) ^ self.reset.val().down;
        }
        if self.take.val().get_bit(3) {
            self.stored.d.next.burst_up = self.data.val().get_bits::<16>(0) ^ self.reset.val().burst_up;
        }
        if self.take.val().get_bit(4) {
            self.stored.d.next.hold = self.data.val().get_bits::<8>(0) ^ self.reset.val().hold;
        }
        self.low.next = 0.into();
        if self.show.val().get_bit(0) {
            self.low.next = self.low.val() | bit_cast_w::<32, 24>(self.window.val());
        }
        if self.show.val().get_bit(1) {
            self.low.next = self.low.val() | bit_cast_w::<32, 16>(self.up.val());
        }
        if self.show.val().get_bit(2) {
            self.low.next = self.low.val() | bit_cast_w::<32, 16>(self.down.val());
        }
        if self.show.val().get_bit(3) {
            self.low.next = self.low.val() | bit_cast_w::<32, 16>(self.burst_up.val());
        }
        self.steps_word.next = bit_cast_w::<32, 16>(self.told.val().steps);
        self.steps_placed.next = self.steps_word.val() << 16;
        self.reason_word.next = bit_cast_w::<32, 3>(self.told.val().reason);
        self.reason_placed.next = self.reason_word.val() << 4;
        self.status.next =
            self.steps_placed.val() | self.reason_placed.val() | bit_cast_w::<32, 2>(self.told.val().rung);
        self.high.next = 0.into();
        if self.show.val().get_bit(4) {
            self.high.next = self.high.val() | bit_cast_w::<32, 8>(self.hold.val());
        }
        if self.show.val().get_bit(5) {
            self.high.next = self.high.val() | self.status.val();
        }
        if self.show.val().get_bit(6) {
            self.high.next = self.high.val() | bit_cast_w::<32, 16>(self.told.val().last_corrected);
        }
        if self.show.val().get_bit(7) {
            self.high.next = self.high.val() | bit_cast_w::<32, 16>(self.told.val().last_bad);
        }
        self.decode.d.next.answer_low = self.low.val();
        self.decode.d.next.answer_high = self.high.val();
        self.decode.d.next.answer = self.decode.q.val().answer_low | self.decode.q.val().answer_high;
        self.bus_read.next = self.decode.q.val().answer;
        self.thresholds.next.window = self.window.val();
        self.thresholds.next.up = self.up.val();
        self.thresholds.next.down = self.down.val();
        self.thresholds.next.burst_up = self.burst_up.val();
        self.thresholds.next.hold = self.hold.val();
        self.restart.next = self.take.val().get_bit(0);
        self.written.next = self.data.val().get_bits::<24>(0);
    }
}
