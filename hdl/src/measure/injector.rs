//! Inverts bits of the line: at random, at one exact slot, or periodically.
//!
//! ```text
//!               +-----Injector-----+
//!  line in    --| data_in data_out |-- line out, same cycle
//!  W<64>, W<12> | tc_in     tc_out |
//!  BusRequest --|             bus  |-- W<32>
//!               |         injected |-- Bit
//!               +------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | latency     | combinational, one LUT: two masks are registered beside the line |
//! | law         | per slot three independent draws; each hits with probability rate / 2^31 and inverts one of 128 places drawn evenly: 0..63 data, 64..67 type, 68..75 check, 76..127 nothing; two hits on one place cancel |
//! | exact       | the mask, once, `inj_slot` + [`Injector::START_CYCLES`] slots after the strobe of the write to `inj_control` |
//! | periodic    | the same, and again every `inj_slot` slots |
//! | answer      | all registers of the group read back, [`Injector::ANSWER_CYCLES`] after the strobe |
//! | `injected`  | high with a slot that was changed, one cycle late |

use super::masks::MaskMaker;
use super::noise::NoiseSource;
use crate::control::bus::BusRequest;
use crate::prelude::*;
use crate::word::*;
use firstlight_spec::regs::{GROUP_WORDS, injector};

const _: () = assert!(injector::MODE_FIELD.lsb == 0 && injector::MODE_FIELD.width == 2);

/// Registers of the host and the slot counter.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Settings {
    is_mine: Bit,
    is_read: Bit,
    write_now: Bit,
    offset: W<4>,
    data: W<32>,
    control_now: Bit,
    seed_now: Bit,
    mode: W<2>,
    rate: W<31>,
    mask_tc: W<12>,
    mask_high: W<32>,
    mask_low: W<32>,
    slot: W<24>,
    count: W<24>,
    armed: Bit,
    fire: Bit,
    answer: W<32>,
}

/// The draws on their way to a mask.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct Draws {
    random: Bit,
    below_high: W<3>,
    equal_high: W<3>,
    below_low: W<3>,
    place_0: W<7>,
    place_1: W<7>,
    place_2: W<7>,
}

/// The injector.
#[derive(LogicBlock)]
pub struct Injector {
    pub clock: Signal<In, Clock>,
    pub bus_request: Signal<In, BusRequest>,
    pub bus_read: Signal<Out, W<32>>,
    pub data_in: Signal<In, W<64>>,
    pub tc_in: Signal<In, W<12>>,
    pub data_out: Signal<Out, W<64>>,
    pub tc_out: Signal<Out, W<12>>,
    pub injected: Signal<Out, Bit>,
    noise: NoiseSource,
    masks: MaskMaker,
    s: DFF<Settings>,
    d: DFF<Draws>,
    request_address: Signal<Local, W<13>>,
    request_data: Signal<Local, W<32>>,
    data: Signal<Local, W<32>>,
    group: Signal<Local, W<9>>,
    count: Signal<Local, W<24>>,
    count_down: Signal<Local, W<24>>,
    reload: Signal<Local, W<24>>,
    at_zero: Signal<Local, Bit>,
    rate: Signal<Local, W<31>>,
    rate_high: Signal<Local, W<16>>,
    rate_low: Signal<Local, W<15>>,
    level_0: Signal<Local, W<31>>,
    level_1: Signal<Local, W<31>>,
    level_2: Signal<Local, W<31>>,
    high_0: Signal<Local, W<16>>,
    high_1: Signal<Local, W<16>>,
    high_2: Signal<Local, W<16>>,
    low_0: Signal<Local, W<15>>,
    low_1: Signal<Local, W<15>>,
    low_2: Signal<Local, W<15>>,
    below_high: Signal<Local, W<3>>,
    equal_high: Signal<Local, W<3>>,
    below_low: Signal<Local, W<3>>,
    hits: Signal<Local, W<3>>,
    is_random: Signal<Local, Bit>,
    wide_mode: Signal<Local, W<32>>,
    wide_rate: Signal<Local, W<32>>,
    wide_tc: Signal<Local, W<32>>,
    wide_slot: Signal<Local, W<32>>,
    group_of: Constant<W<9>>,
    control_at: Constant<W<4>>,
    rate_at: Constant<W<4>>,
    tc_at: Constant<W<4>>,
    high_at: Constant<W<4>>,
    low_at: Constant<W<4>>,
    slot_at: Constant<W<4>>,
    seed_at: Constant<W<4>>,
    random_mode: Constant<W<2>>,
    exact_mode: Constant<W<2>>,
    periodic_mode: Constant<W<2>>,
    one: Constant<W<24>>,
}

const fn offset(word: u32) -> W<4> {
    W::new((word % GROUP_WORDS) as u64)
}

impl Injector {
    /// Strobe to answer.
    pub const ANSWER_CYCLES: u64 = 2;
    /// Strobe of the write to `inj_control` to the first slot that `inj_slot` = 0 hits.
    pub const START_CYCLES: u64 = 5;
}

impl Default for Injector {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            bus_request: Default::default(),
            bus_read: Default::default(),
            data_in: Default::default(),
            tc_in: Default::default(),
            data_out: Default::default(),
            tc_out: Default::default(),
            injected: Default::default(),
            noise: Default::default(),
            masks: Default::default(),
            s: Default::default(),
            d: Default::default(),
            request_address: Default::default(),
            request_data: Default::default(),
            data: Default::default(),
            group: Default::default(),
            count: Default::default(),
            count_down: Default::default(),
            reload: Default::default(),
            at_zero: Default::default(),
            rate: Default::default(),
            rate_high: Default::default(),
            rate_low: Default::default(),
            level_0: Default::default(),
            level_1: Default::default(),
            level_2: Default::default(),
            high_0: Default::default(),
            high_1: Default::default(),
            high_2: Default::default(),
            low_0: Default::default(),
            low_1: Default::default(),
            low_2: Default::default(),
            below_high: Default::default(),
            equal_high: Default::default(),
            below_low: Default::default(),
            hits: Default::default(),
            is_random: Default::default(),
            wide_mode: Default::default(),
            wide_rate: Default::default(),
            wide_tc: Default::default(),
            wide_slot: Default::default(),
            group_of: Constant::new(W::new((injector::CONTROL.word / GROUP_WORDS) as u64)),
            control_at: Constant::new(offset(injector::CONTROL.word)),
            rate_at: Constant::new(offset(injector::RATE.word)),
            tc_at: Constant::new(offset(injector::MASK_HIGH.word)),
            high_at: Constant::new(offset(injector::MASK_DATA_HIGH.word)),
            low_at: Constant::new(offset(injector::MASK_DATA_LOW.word)),
            slot_at: Constant::new(offset(injector::SLOT.word)),
            seed_at: Constant::new(offset(injector::SEED.word)),
            random_mode: Constant::new(W::new(injector::mode::RANDOM as u64)),
            exact_mode: Constant::new(W::new(injector::mode::EXACT as u64)),
            periodic_mode: Constant::new(W::new(injector::mode::PERIODIC as u64)),
            one: Constant::new(W::new(1)),
        }
    }
}

crate::inputs!(Injector: bus_request, data_in, tc_in; noise, masks, s, d);

impl Logic for Injector {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s, d);
        clock!(self, clock, noise, masks);

        // the bus, registered once before it is decoded
        self.request_address.next = self.bus_request.val().address;
        self.request_data.next = self.bus_request.val().data;
        self.group.next = self.request_address.val().get_bits::<9>(4);
        self.s.d.next.is_mine = self.group.val() == self.group_of.val();
        self.s.d.next.is_read = !self.bus_request.val().write;
        self.s.d.next.write_now = self.bus_request.val().strobe & self.bus_request.val().write;
        self.s.d.next.offset = self.request_address.val().get_bits::<4>(0);
        self.s.d.next.data = self.request_data.val();
        self.data.next = self.s.q.val().data;
        self.s.d.next.control_now = false;
        self.s.d.next.seed_now = false;
        if self.s.q.val().write_now & self.s.q.val().is_mine {
            if self.s.q.val().offset == self.control_at.val() {
                self.s.d.next.mode = self.data.val().get_bits::<2>(0);
                self.s.d.next.control_now = true;
            }
            if self.s.q.val().offset == self.rate_at.val() {
                self.s.d.next.rate = self.data.val().get_bits::<31>(0);
            }
            if self.s.q.val().offset == self.tc_at.val() {
                self.s.d.next.mask_tc = self.data.val().get_bits::<12>(0);
            }
            if self.s.q.val().offset == self.high_at.val() {
                self.s.d.next.mask_high = self.data.val();
            }
            if self.s.q.val().offset == self.low_at.val() {
                self.s.d.next.mask_low = self.data.val();
            }
            if self.s.q.val().offset == self.slot_at.val() {
                self.s.d.next.slot = self.data.val().get_bits::<24>(0);
            }
            if self.s.q.val().offset == self.seed_at.val() {
                self.s.d.next.seed_now = true;
            }
        }
        self.rate.next = self.s.q.val().rate;
        self.wide_mode.next = bit_cast_w::<32, 2>(self.s.q.val().mode);
        self.wide_rate.next = bit_cast_w::<32, 31>(self.rate.val());
        self.wide_tc.next = bit_cast_w::<32, 12>(self.s.q.val().mask_tc);
        self.wide_slot.next = bit_cast_w::<32, 24>(self.s.q.val().slot);
        self.s.d.next.answer = 0.into();
        if self.s.q.val().is_mine & self.s.q.val().is_read {
            if self.s.q.val().offset == self.control_at.val() {
                self.s.d.next.answer = self.wide_mode.val();
            }
            if self.s.q.val().offset == self.rate_at.val() {
                self.s.d.next.answer = self.wide_rate.val();
            }
            if self.s.q.val().offset == self.tc_at.val() {
                self.s.d.next.answer = self.wide_tc.val();
            }
            if self.s.q.val().offset == self.high_at.val() {
                self.s.d.next.answer = self.s.q.val().mask_high;
            }
            if self.s.q.val().offset == self.low_at.val() {
                self.s.d.next.answer = self.s.q.val().mask_low;
            }
            if self.s.q.val().offset == self.slot_at.val() {
                self.s.d.next.answer = self.wide_slot.val();
            }
        }
        self.bus_read.next = self.s.q.val().answer;
        self.noise.load.next = self.s.q.val().seed_now;
        self.noise.run.next = self.s.q.val().mode == self.random_mode.val();
        self.noise.seed.next = self.data.val();

        // when the exact mask is due
        self.count.next = self.s.q.val().count;
        self.count_down.next = self.count.val() - self.one.val();
        self.at_zero.next = self.count.val() == 0;
        self.s.d.next.fire = self.s.q.val().armed & self.at_zero.val();
        self.reload.next = self.s.q.val().slot - self.one.val();
        self.s.d.next.count = self.count_down.val();
        if self.at_zero.val() {
            self.s.d.next.armed = self.s.q.val().armed & (self.s.q.val().mode == self.periodic_mode.val());
            self.s.d.next.count = self.reload.val();
        }
        if self.s.q.val().control_now {
            self.s.d.next.count = self.s.q.val().slot;
            self.s.d.next.armed =
                (self.s.q.val().mode == self.exact_mode.val()) | (self.s.q.val().mode == self.periodic_mode.val());
        }

        // draws: compare in two halves, so that no carry chain is longer than 16 bits
        self.is_random.next = self.s.q.val().mode == self.random_mode.val();
        self.rate_high.next = self.rate.val().get_bits::<16>(15);
        self.rate_low.next = self.rate.val().get_bits::<15>(0);
        self.level_0.next = self.noise.level_0.val();
        self.level_1.next = self.noise.level_1.val();
        self.level_2.next = self.noise.level_2.val();
        self.high_0.next = self.level_0.val().get_bits::<16>(15);
        self.high_1.next = self.level_1.val().get_bits::<16>(15);
        self.high_2.next = self.level_2.val().get_bits::<16>(15);
        self.low_0.next = self.level_0.val().get_bits::<15>(0);
        self.low_1.next = self.level_1.val().get_bits::<15>(0);
        self.low_2.next = self.level_2.val().get_bits::<15>(0);
        self.below_high.next = 0.into();
        self.below_high.next = self.below_high.val().replace_bit(0, self.high_0.val() < self.rate_high.val());
        self.below_high.next = self.below_high.val().replace_bit(1, self.high_1.val() < self.rate_high.val());
        self.below_high.next = self.below_high.val().replace_bit(2, self.high_2.val() < self.rate_high.val());
        self.equal_high.next = 0.into();
        self.equal_high.next = self.equal_high.val().replace_bit(0, self.high_0.val() == self.rate_high.val());
        self.equal_high.next = self.equal_high.val().replace_bit(1, self.high_1.val() == self.rate_high.val());
        self.equal_high.next = self.equal_high.val().replace_bit(2, self.high_2.val() == self.rate_high.val());
        self.below_low.next = 0.into();
        self.below_low.next = self.below_low.val().replace_bit(0, self.low_0.val() < self.rate_low.val());
        self.below_low.next = self.below_low.val().replace_bit(1, self.low_1.val() < self.rate_low.val());
        self.below_low.next = self.below_low.val().replace_bit(2, self.low_2.val() < self.rate_low.val());
        self.d.d.next.below_high = self.below_high.val();
        self.d.d.next.equal_high = self.equal_high.val();
        self.d.d.next.below_low = self.below_low.val();
        self.d.d.next.random = self.is_random.val();
        self.d.d.next.place_0 = self.noise.place_0.val();
        self.d.d.next.place_1 = self.noise.place_1.val();
        self.d.d.next.place_2 = self.noise.place_2.val();
        self.hits.next = 0.into();
        if self.d.q.val().random {
            self.hits.next = self.d.q.val().below_high | (self.d.q.val().equal_high & self.d.q.val().below_low);
        }
        self.masks.hits.next = self.hits.val();
        self.masks.place_0.next = self.d.q.val().place_0;
        self.masks.place_1.next = self.d.q.val().place_1;
        self.masks.place_2.next = self.d.q.val().place_2;

        // two masks beside the line
        self.masks.fire.next = self.s.q.val().fire;
        self.masks.mask_tc.next = self.s.q.val().mask_tc;
        self.masks.mask_high.next = self.s.q.val().mask_high;
        self.masks.mask_low.next = self.s.q.val().mask_low;
        self.injected.next = self.masks.changed.val();
        self.data_out.next = self.data_in.val() ^ self.masks.data_a.val() ^ self.masks.data_b.val();
        self.tc_out.next = self.tc_in.val() ^ self.masks.tc_a.val() ^ self.masks.tc_b.val();
    }
}
