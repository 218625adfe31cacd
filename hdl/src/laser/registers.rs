//! The laser's registers: mode and times, status, the host's doorbell.
//!
//! ```text
//!                +---LaserRegisters---+
//!  BusRequest ---| bus_request        |--- mode flags, times
//!  status -------| enabled ready ...  |--- doorbell_valid, doorbell_slots
//!                |                    |--- bus_read   Bit  
//!                +--------------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | write    | acts 3 cycles after the strobe, `timeout_low` after 2 |
//! | answer   | the status; settings are read back from [`Settings`](crate::control::settings) |
//! | after power-on | the register map's values |
//! | reset    | changes no setting |

use crate::control::bus::BusRequest;
use crate::control::picker::Picker;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};
use firstlight_spec::regs::laser;

/// Stored XOR its value after power-on, so that all registers start at zero.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Stored {
    mode: W<3>,
    t_on: W<12>,
    min_on: W<12>,
    min_off: W<12>,
    /// Written a cycle before all others: it is compared a cycle ahead.
    timeout_low: W<14>,
    timeout_high: W<10>,
    stall_limit: W<16>,
}

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct BusState {
    /// Register of the last request.
    index: W<3>,
    writes: Bit,
    /// One bit for each register.
    write_now: W<8>,
    is_status: Bit,
    shown: Bit,
    always_on: Bit,
    sleeps: Bit,
    reactive: Bit,
    timed: Bit,
    predicts: Bit,
    no_min_off: Bit,
    /// `min_off / 8 + 1`.
    hint_margin: W<10>,
    /// Of the request under way.
    doorbell_slots: W<16>,
}

#[derive(LogicBlock)]
pub struct LaserRegisters {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, Bit>,
    pub enabled: Signal<In, Bit>,
    pub ready: Signal<In, Bit>,
    pub credit: Signal<In, W<8>>,
    pub always_on: Signal<Out, Bit>,
    /// Any other mode.
    pub sleeps: Signal<Out, Bit>,
    /// Hints are ignored.
    pub reactive: Signal<Out, Bit>,
    /// The idle timer keeps the light on: timeout and PairGap.
    pub timed: Signal<Out, Bit>,
    /// PairGap.
    pub predicts: Signal<Out, Bit>,
    pub t_on: Signal<Out, W<12>>,
    pub min_on: Signal<Out, W<12>>,
    pub min_off: Signal<Out, W<12>>,
    /// `min_off + 8`.
    pub hint_margin: Signal<Out, W<13>>,
    pub no_min_off: Signal<Out, Bit>,
    pub timeout_low: Signal<Out, W<14>>,
    pub timeout_high: Signal<Out, W<10>>,
    pub stall_limit: Signal<Out, W<16>>,
    /// For one cycle after the host wrote the doorbell.
    pub doorbell_valid: Signal<Out, Bit>,
    pub doorbell_slots: Signal<Out, W<16>>,
    stored: DFF<Stored>,
    state: DFF<BusState>,
    picker: Picker<16>,
    group: Constant<W<10>>,
    power_on: Constant<Stored>,
    numbers: [Constant<W<3>>; 8],
    preset: Signal<Local, Stored>,
    request: Signal<Local, BusRequest>,
    address: Signal<Local, W<13>>,
    address_group: Signal<Local, W<10>>,
    address_index: Signal<Local, W<3>>,
    data: Signal<Local, W<32>>,
    index: Signal<Local, W<3>>,
    mode: Signal<Local, W<3>>,
    mine: Signal<Local, Bit>,
    write_now: Signal<Local, W<8>>,
    writes_to: Signal<Local, W<8>>,
    min_off_word: Signal<Local, W<10>>,
    margin_high: Signal<Local, W<13>>,
    margin_place: Signal<Local, W<13>>,
    margin_low: Signal<Local, W<13>>,
    t_on_now: Signal<Local, W<12>>,
    min_on_now: Signal<Local, W<12>>,
    min_off_now: Signal<Local, W<12>>,
    min_off_high: Signal<Local, W<11>>,
    stall_now: Signal<Local, W<16>>,
    status: Signal<Local, W<16>>,
    credit_word: Signal<Local, W<16>>,
    credit_place: Signal<Local, W<16>>,
}

// The eight registers fill their half group, in the order that `update` assumes.
const _: () = {
    let mut k = 0;
    while k < laser::REGS.len() {
        assert!(laser::REGS[k].word == laser::MODE.word + k as u32);
        k += 1;
    }
    assert!(k == 8 && laser::MODE.word.is_multiple_of(8));
    assert!(laser::MODE.reset == 0 && laser::MIN_ON.reset == 0 && laser::MIN_OFF.reset == 0);
    use laser::mode::*;
    assert!(ALWAYS_ON == 0 && REACTIVE == 1 && HINT == 2 && TIMEOUT == 3 && PAIR_GAP == 4);
    assert!(laser::CREDIT.lsb == 8 && laser::ENABLED.lsb == 0 && laser::READY.lsb == 1);
};

impl Default for LaserRegisters {
    fn default() -> Self {
        let word = |x: u32| x as u64;
        let power_on = Stored {
            t_on: W::new(word(laser::T_ON.reset)),
            timeout_low: W::new(word(laser::TIMEOUT.reset)),
            timeout_high: W::new(word(laser::TIMEOUT.reset) >> 14),
            stall_limit: W::new(word(laser::STALL_LIMIT.reset)),
            ..Stored::default()
        };
        Self {
            group: Constant::new(W::new(word(laser::MODE.word / 8))),
            power_on: Constant::new(power_on),
            numbers: std::array::from_fn(|i| Constant::new(W::new(i as u64))),
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            enabled: Default::default(),
            ready: Default::default(),
            credit: Default::default(),
            always_on: Default::default(),
            sleeps: Default::default(),
            reactive: Default::default(),
            timed: Default::default(),
            predicts: Default::default(),
            t_on: Default::default(),
            min_on: Default::default(),
            min_off: Default::default(),
            hint_margin: Default::default(),
            no_min_off: Default::default(),
            timeout_low: Default::default(),
            timeout_high: Default::default(),
            stall_limit: Default::default(),
            doorbell_valid: Default::default(),
            doorbell_slots: Default::default(),
            stored: Default::default(),
            state: Default::default(),
            picker: Default::default(),
            preset: Default::default(),
            request: Default::default(),
            address: Default::default(),
            address_group: Default::default(),
            address_index: Default::default(),
            data: Default::default(),
            index: Default::default(),
            mode: Default::default(),
            write_now: Default::default(),
            writes_to: Default::default(),
            mine: Default::default(),
            min_off_word: Default::default(),
            margin_high: Default::default(),
            margin_place: Default::default(),
            margin_low: Default::default(),
            t_on_now: Default::default(),
            min_on_now: Default::default(),
            min_off_now: Default::default(),
            min_off_high: Default::default(),
            stall_now: Default::default(),
            status: Default::default(),
            credit_word: Default::default(),
            credit_place: Default::default(),
        }
    }
}

crate::inputs!(LaserRegisters: bus_request, enabled, ready, credit; stored, state, picker);

impl Logic for LaserRegisters {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, stored, state);
        self.preset.next = self.power_on.val();
        self.request.next = self.bus_request.val();
        self.address.next = self.request.val().address;
        self.data.next = self.request.val().data;
        self.address_group.next = self.address.val().get_bits::<10>(3);
        self.address_index.next = self.address.val().get_bits::<3>(0);
        self.mine.next = self.request.val().strobe & (self.address_group.val() == self.group.val());
        self.state.d.next.writes = self.mine.val() & self.request.val().write;
        if self.request.val().strobe {
            self.state.d.next.is_status = self.mine.val() & (self.address_index.val() == 6);
            self.state.d.next.index = self.address_index.val();
        }
        self.index.next = self.state.q.val().index;

        // writes
        self.write_now.next = 0.into();
        for i in 0..8 {
            self.write_now.next = self
                .write_now
                .val()
                .replace_bit(i, self.state.q.val().writes & (self.index.val() == self.numbers[i].val()));
        }
        self.state.d.next.write_now = self.write_now.val();
        self.writes_to.next = self.state.q.val().write_now;
        if self.writes_to.val().get_bit(0) {
            self.stored.d.next.mode = self.data.val().get_bits::<3>(0);
        }
        if self.writes_to.val().get_bit(1) {
            self.stored.d.next.t_on = self.data.val().get_bits::<12>(0) ^ self.preset.val().t_on;
        }
        if self.writes_to.val().get_bit(2) {
            self.stored.d.next.min_on = self.data.val().get_bits::<12>(0);
        }
        if self.writes_to.val().get_bit(3) {
            self.stored.d.next.min_off = self.data.val().get_bits::<12>(0);
        }
        if self.write_now.val().get_bit(4) {
            self.stored.d.next.timeout_low = self.data.val().get_bits::<14>(0) ^ self.preset.val().timeout_low;
        }
        if self.writes_to.val().get_bit(4) {
            self.stored.d.next.timeout_high = self.data.val().get_bits::<10>(14) ^ self.preset.val().timeout_high;
        }
        if self.writes_to.val().get_bit(5) {
            self.stored.d.next.stall_limit = self.data.val().get_bits::<16>(0) ^ self.preset.val().stall_limit;
        }

        // what the others see
        self.mode.next = self.stored.q.val().mode;
        self.t_on_now.next = self.stored.q.val().t_on ^ self.preset.val().t_on;
        self.min_on_now.next = self.stored.q.val().min_on;
        self.min_off_now.next = self.stored.q.val().min_off;
        self.min_off_high.next = self.min_off_now.val().get_bits::<11>(1);
        self.stall_now.next = self.stored.q.val().stall_limit ^ self.preset.val().stall_limit;
        self.state.d.next.always_on = (self.mode.val() == 0) | (self.mode.val() > 4);
        self.state.d.next.sleeps = (self.mode.val() != 0) & (self.mode.val() < 5);
        self.state.d.next.reactive = self.mode.val() == 1;
        self.state.d.next.timed = (self.mode.val() == 3) | (self.mode.val() == 4);
        self.state.d.next.predicts = self.mode.val() == 4;
        self.state.d.next.no_min_off = !self.min_off_high.val().any();
        self.always_on.next = self.state.q.val().always_on;
        self.sleeps.next = self.state.q.val().sleeps;
        self.reactive.next = self.state.q.val().reactive;
        self.timed.next = self.state.q.val().timed;
        self.predicts.next = self.state.q.val().predicts;
        self.no_min_off.next = self.state.q.val().no_min_off;
        self.t_on.next = self.t_on_now.val();
        self.min_on.next = self.min_on_now.val();
        self.min_off.next = self.min_off_now.val();
        self.min_off_word.next = bit_cast_w::<10, 9>(self.min_off_now.val().get_bits::<9>(3));
        self.state.d.next.hint_margin = self.min_off_word.val() + 1;
        self.margin_high.next = bit_cast_w::<13, 10>(self.state.q.val().hint_margin);
        self.margin_place.next = self.margin_high.val() << 3;
        self.margin_low.next = bit_cast_w::<13, 3>(self.min_off_now.val().get_bits::<3>(0));
        self.hint_margin.next = self.margin_place.val() | self.margin_low.val();
        self.timeout_low.next = self.stored.q.val().timeout_low ^ self.preset.val().timeout_low;
        self.timeout_high.next = self.stored.q.val().timeout_high ^ self.preset.val().timeout_high;
        self.stall_limit.next = self.stall_now.val();
        self.doorbell_valid.next = self.writes_to.val().get_bit(7);
        self.state.d.next.doorbell_slots = self.data.val().get_bits::<16>(0);
        self.doorbell_slots.next = self.state.q.val().doorbell_slots;

        // the status
        self.credit_word.next = bit_cast_w::<16, 8>(self.credit.val());
        self.credit_place.next = self.credit_word.val() << 8;
        self.status.next = self.credit_place.val().replace_bit(0, self.enabled.val()).replace_bit(1, self.ready.val());
        self.picker.clock.next = self.clock.val();
        self.picker.word.next = self.status.val();
        self.picker.step.next = self.request.val().step;
        self.state.d.next.shown = self.picker.out.val() & self.state.q.val().is_status;
        self.bus_read.next = self.state.q.val().shown;
    }
}
