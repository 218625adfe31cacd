//! PairGap: predicts the end of a gap from two tables of past gaps; see the model of the same name for the idea.
//!
//! ```text
//!                +----PairGap----+
//!  Bit ----------| busy was_idle |
//!  Bit ----------| held lit      |--- dark    Bit: the light may be off
//!  W<24> --------| idle_count    |--- credit  W<8>
//!  W<12> --------| t_on          |--- made, used, late  Bit
//!                +---------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | lookup      | `dark` rises in the 5th idle cycle, if at all |
//! | wake        | `dark_now` falls 2 cycles after the idle time's code reaches the entry's |
//! | learning    | [`LEARN_CYCLES`] cycles from a burst's second one; a burst over before then is not looked up |
//! | memories    | two of 256 x 16 |
//! | after reset | credit back to 64; the tables stay |

use crate::laser::log_count::LogCount;
use crate::memory::Memory;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// A burst must last so long for its gap to be looked up.
pub const LEARN_CYCLES: u64 = 18;
/// Steps of the learner: five for each of three entries, one for the history.
const LAST_STEP: u64 = 16;

/// Where the gap is and what is known of it.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct GapState {
    was_idle: Bit,
    /// Complement of the cycles of the burst, or of the gap beyond `t_on`.
    activity: W<20>,
    past: Bit,
    past_before: Bit,
    past_now: Bit,
    started: Bit,
    held: Bit,
    late: Bit,
    slept: Bit,
    /// Lookup pipeline; the second lookup of a gap uses the same.
    first: Bit,
    second: Bit,
    learned: Bit,
    outlived_before: Bit,
    index: W<8>,
    tag: W<3>,
    fits_b: Bit,
    some_b: Bit,
    strong_b: Bit,
    big_b: Bit,
    strong_s: Bit,
    big_s: Bit,
    shorter_b: Bit,
    later_b: Bit,
    value_b: W<9>,
    value_s: W<9>,
    value: W<9>,
    wake: W<9>,
    looked: Bit,
    known: Bit,
    outlived: Bit,
    hit: Bit,
    fresh: Bit,
    fresh_more: Bit,
    dark: Bit,
    made: Bit,
    used: Bit,
}

/// The learner.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LearnState {
    step: W<5>,
    /// The gap that is being learned.
    gap: W<9>,
    is_real: Bit,
    entry: W<16>,
    difference: W<10>,
    change: W<10>,
    fits: Bit,
    fresh: W<16>,
    write_b: Bit,
    write_s: Bit,
    /// XOR 64.
    credit: W<8>,
    /// XOR 1.
    lfsr: W<9>,
    last: W<9>,
    run: W<4>,
    signs: W<10>,
}

#[derive(LogicBlock)]
pub struct PairGap {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    /// A beat is offered or a frame is open.
    pub busy: Signal<In, Bit>,
    /// Not busy in the cycle before.
    pub was_idle: Signal<In, Bit>,
    /// A beat is offered and not taken for want of light.
    pub held: Signal<In, Bit>,
    pub lit: Signal<In, Bit>,
    /// Complement of the idle cycles; all ones in the second idle cycle.
    pub idle_count: Signal<In, W<24>>,
    pub expired: Signal<In, Bit>,
    pub predicts: Signal<In, Bit>,
    pub t_on: Signal<In, W<12>>,
    /// The light may be off.
    pub dark: Signal<Out, Bit>,
    pub credit: Signal<Out, W<8>>,
    pub made: Signal<Out, Bit>,
    pub used: Signal<Out, Bit>,
    pub late: Signal<Out, Bit>,
    gap: DFF<GapState>,
    learn: DFF<LearnState>,
    activity_code: LogCount,
    idle_code: LogCount,
    table_b: Memory<16, 8>,
    table_s: Memory<16, 8>,
    first_credit: Constant<W<8>>,
    first_lfsr: Constant<W<9>>,
    taps: Constant<W<9>>,
    no_cycles: Constant<W<20>>,
    late_cost: Constant<W<8>>,
    last_step: Constant<W<5>>,
    other_index: Constant<W<8>>,
    step: Signal<Local, W<5>>,
    learning: Signal<Local, Bit>,
    event_now: Signal<Local, Bit>,
    idle_low: Signal<Local, W<13>>,
    t_on_word: Signal<Local, W<13>>,
    t_on_sum: Signal<Local, W<13>>,
    reaches: Signal<Local, Bit>,
    starts: Signal<Local, Bit>,
    real_now: Signal<Local, Bit>,
    restart_activity: Signal<Local, Bit>,
    activity: Signal<Local, W<20>>,
    code: Signal<Local, W<9>>,
    idle: Signal<Local, W<9>>,
    last: Signal<Local, W<9>>,
    signs: Signal<Local, W<10>>,
    run: Signal<Local, W<4>>,
    burst_class: Signal<Local, W<4>>,
    gap_class: Signal<Local, W<5>>,
    index_now: Signal<Local, W<8>>,
    index: Signal<Local, W<8>>,
    other: Signal<Local, W<8>>,
    run_any: Signal<Local, Bit>,
    no_run: Signal<Local, Bit>,
    index_s: Signal<Local, W<8>>,
    tag_s: Signal<Local, W<4>>,
    second_entry: Signal<Local, Bit>,
    address_b: Signal<Local, W<8>>,
    entry_b: Signal<Local, W<16>>,
    entry_s: Signal<Local, W<16>>,
    tag_b: Signal<Local, W<4>>,
    want_b: Signal<Local, W<4>>,
    again: Signal<Local, Bit>,
    value_b: Signal<Local, W<9>>,
    value_s: Signal<Local, W<9>>,
    conf_b: Signal<Local, W<3>>,
    conf_s: Signal<Local, W<3>>,
    choose: Signal<Local, Bit>,
    is_second: Signal<Local, Bit>,
    pick_b: Signal<Local, Bit>,
    good_b: Signal<Local, Bit>,
    chosen: Signal<Local, Bit>,
    big: Signal<Local, Bit>,
    credit_now: Signal<Local, W<8>>,
    credit_high: Signal<Local, W<2>>,
    sleeps: Signal<Local, Bit>,
    value_now: Signal<Local, W<9>>,
    dark_now: Signal<Local, Bit>,
    falls_asleep: Signal<Local, Bit>,
    value_word: Signal<Local, W<10>>,
    octave_later: Signal<Local, W<10>>,
    code_word: Signal<Local, W<10>>,
    outlives: Signal<Local, Bit>,
    late_now: Signal<Local, Bit>,
    credit_less: Signal<Local, W<8>>,
    credit_more: Signal<Local, W<8>>,
    lfsr: Signal<Local, W<9>>,
    lfsr_next: Signal<Local, W<9>>,
    step_more: Signal<Local, W<5>>,
    ends: Signal<Local, Bit>,
    is_s: Signal<Local, Bit>,
    tag_want: Signal<Local, W<4>>,
    entry: Signal<Local, W<16>>,
    entry_value: Signal<Local, W<9>>,
    entry_word: Signal<Local, W<10>>,
    conf: Signal<Local, W<3>>,
    gap_word: Signal<Local, W<10>>,
    last_word: Signal<Local, W<10>>,
    fits: Signal<Local, Bit>,
    difference: Signal<Local, W<10>>,
    octaves: Signal<Local, W<4>>,
    below: Signal<Local, Bit>,
    above: Signal<Local, Bit>,
    leaks: Signal<Local, Bit>,
    spared: Signal<Local, Bit>,
    conf_zero: Signal<Local, Bit>,
    conf_low: Signal<Local, Bit>,
    takes: Signal<Local, Bit>,
    rises: Signal<Local, Bit>,
    value_more: Signal<Local, W<9>>,
    value_new: Signal<Local, W<9>>,
    conf_more: Signal<Local, W<3>>,
    conf_less: Signal<Local, W<3>>,
    conf_drop: Signal<Local, W<3>>,
    conf_new: Signal<Local, W<3>>,
    tag_new: Signal<Local, W<4>>,
    value_place: Signal<Local, W<16>>,
    conf_word: Signal<Local, W<16>>,
    conf_place: Signal<Local, W<16>>,
    tag_word: Signal<Local, W<16>>,
    tag_place: Signal<Local, W<16>>,
    change: Signal<Local, W<10>>,
    change_high: Signal<Local, W<7>>,
    near: Signal<Local, Bit>,
    rising: Signal<Local, Bit>,
    signs_more: Signal<Local, W<10>>,
    run_more: Signal<Local, W<4>>,
    forgets: Signal<Local, Bit>,
}

impl Default for PairGap {
    fn default() -> Self {
        Self {
            first_credit: Constant::new(W::new(64)),
            first_lfsr: Constant::new(W::new(1)),
            taps: Constant::new(W::new(0x110)),
            no_cycles: Constant::new(W::new(!0)),
            late_cost: Constant::new(W::new(64)),
            last_step: Constant::new(W::new(LAST_STEP)),
            other_index: Constant::new(W::new(!0)),
            clock: Default::default(),
            reset: Default::default(),
            busy: Default::default(),
            was_idle: Default::default(),
            held: Default::default(),
            lit: Default::default(),
            idle_count: Default::default(),
            expired: Default::default(),
            predicts: Default::default(),
            t_on: Default::default(),
            dark: Default::default(),
            credit: Default::default(),
            made: Default::default(),
            used: Default::default(),
            late: Default::default(),
            gap: Default::default(),
            learn: Default::default(),
            activity_code: Default::default(),
            idle_code: Default::default(),
            table_b: Default::default(),
            table_s: Default::default(),
            step: Default::default(),
            learning: Default::default(),
            event_now: Default::default(),
            idle_low: Default::default(),
            t_on_word: Default::default(),
            t_on_sum: Default::default(),
            reaches: Default::default(),
            starts: Default::default(),
            real_now: Default::default(),
            restart_activity: Default::default(),
            activity: Default::default(),
            code: Default::default(),
            idle: Default::default(),
            last: Default::default(),
            signs: Default::default(),
            run: Default::default(),
            burst_class: Default::default(),
            gap_class: Default::default(),
            index_now: Default::default(),
            index: Default::default(),
            other: Default::default(),
            run_any: Default::default(),
            no_run: Default::default(),
            index_s: Default::default(),
            tag_s: Default::default(),
            second_entry: Default::default(),
            address_b: Default::default(),
            entry_b: Default::default(),
            entry_s: Default::default(),
            tag_b: Default::default(),
            want_b: Default::default(),
            again: Default::default(),
            value_b: Default::default(),
            value_s: Default::default(),
            conf_b: Default::default(),
            conf_s: Default::default(),
            choose: Default::default(),
            is_second: Default::default(),
            pick_b: Default::default(),
            good_b: Default::default(),
            chosen: Default::default(),
            big: Default::default(),
            credit_now: Default::default(),
            credit_high: Default::default(),
            sleeps: Default::default(),
            value_now: Default::default(),
            dark_now: Default::default(),
            falls_asleep: Default::default(),
            value_word: Default::default(),
            octave_later: Default::default(),
            code_word: Default::default(),
            outlives: Default::default(),
            late_now: Default::default(),
            credit_less: Default::default(),
            credit_more: Default::default(),
            lfsr: Default::default(),
            lfsr_next: Default::default(),
            step_more: Default::default(),
            ends: Default::default(),
            is_s: Default::default(),
            tag_want: Default::default(),
            entry: Default::default(),
            entry_value: Default::default(),
            entry_word: Default::default(),
            conf: Default::default(),
            gap_word: Default::default(),
            last_word: Default::default(),
            fits: Default::default(),
            difference: Default::default(),
            octaves: Default::default(),
            below: Default::default(),
            above: Default::default(),
            leaks: Default::default(),
            spared: Default::default(),
            conf_zero: Default::default(),
            conf_low: Default::default(),
            takes: Default::default(),
            rises: Default::default(),
            value_more: Default::default(),
            value_new: Default::default(),
            conf_more: Default::default(),
            conf_less: Default::default(),
            conf_drop: Default::default(),
            conf_new: Default::default(),
            tag_new: Default::default(),
            value_place: Default::default(),
            conf_word: Default::default(),
            conf_place: Default::default(),
            tag_word: Default::default(),
            tag_place: Default::default(),
            change: Default::default(),
            change_high: Default::default(),
            near: Default::default(),
            rising: Default::default(),
            signs_more: Default::default(),
            run_more: Default::default(),
            forgets: Default::default(),
        }
    }
}

crate::inputs!(PairGap: reset, busy, was_idle, held, lit, idle_count, expired, predicts, t_on; gap, learn, activity_code, idle_code, table_b, table_s);

impl Logic for PairGap {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, gap, learn);
        clock!(self, clock, activity_code, idle_code, table_b, table_s);
        self.step.next = self.learn.q.val().step;
        self.learning.next = self.step.val().any();

        self.event_now.next =
            self.gap.q.val().started & (self.gap.q.val().past_before | self.gap.q.val().slept) & !self.learning.val();

        // where the gap is
        self.idle_low.next = bit_cast_w::<13, 12>(self.idle_count.val().get_bits::<12>(0));
        self.t_on_word.next = bit_cast_w::<13, 12>(self.t_on.val());
        self.t_on_sum.next = self.idle_low.val() + self.t_on_word.val();
        self.reaches.next = self.was_idle.val() & !self.busy.val() & !self.t_on_sum.val().get_bit(12);
        self.gap.d.next.past = !self.busy.val() & (self.gap.q.val().past | self.reaches.val());
        self.gap.d.next.past_before = self.gap.q.val().past;
        self.gap.d.next.past_now = self.reaches.val() & !self.gap.q.val().past;
        self.starts.next = self.busy.val() & self.was_idle.val();
        self.gap.d.next.started = self.starts.val();
        self.gap.d.next.held = self.held.val();
        self.gap.d.next.late = self.starts.val() & self.held.val() & !self.expired.val();
        self.real_now.next = self.gap.q.val().started & self.gap.q.val().past_before;

        // its times
        self.restart_activity.next =
            self.gap.q.val().past_now | self.real_now.val() | self.gap.q.val().held | self.reset.val();
        self.activity.next = self.gap.q.val().activity;
        self.gap.d.next.activity = self.activity.val() - 1;
        if self.restart_activity.val() {
            self.gap.d.next.activity = self.no_cycles.val();
        }
        self.activity_code.restart.next = self.restart_activity.val();
        self.activity_code.cycles.next = self.activity.val().get_bits::<14>(0);
        self.code.next = self.activity_code.code.val();
        self.idle_code.restart.next = !self.was_idle.val();
        self.idle_code.cycles.next = self.idle_count.val().get_bits::<14>(0);
        self.idle.next = self.idle_code.code.val();

        // its context: burst before it, gap before that, last signs
        self.last.next = self.learn.q.val().last;
        self.signs.next = self.learn.q.val().signs;
        self.run.next = self.learn.q.val().run;
        self.burst_class.next = self.code.val().get_bits::<4>(5);
        self.gap_class.next = self.last.val().get_bits::<5>(4);
        self.index_now.next = 0.into();
        self.index_now.next = self
            .index_now
            .val()
            .replace_bit(0, self.signs.val().get_bit(0))
            .replace_bit(1, self.signs.val().get_bit(1))
            .replace_bit(2, self.gap_class.val().get_bit(0) ^ self.burst_class.val().get_bit(1))
            .replace_bit(3, self.gap_class.val().get_bit(1) ^ self.burst_class.val().get_bit(2))
            .replace_bit(4, self.gap_class.val().get_bit(2) ^ self.burst_class.val().get_bit(3))
            .replace_bit(5, self.gap_class.val().get_bit(3) ^ self.burst_class.val().get_bit(1))
            .replace_bit(6, self.gap_class.val().get_bit(4) ^ self.burst_class.val().get_bit(2))
            .replace_bit(7, self.burst_class.val().get_bit(0) ^ self.burst_class.val().get_bit(3));
        if !self.was_idle.val() & !self.learning.val() & !self.event_now.val() {
            self.gap.d.next.index = self.index_now.val();
            self.gap.d.next.tag = self.burst_class.val().get_bits::<3>(1);
        }
        self.index.next = self.gap.q.val().index;
        self.other.next = self.index.val() ^ self.other_index.val();
        self.run_any.next = self.run.val().any();
        self.index_s.next = 0.into();
        self.index_s.next = self
            .index_s
            .val()
            .replace_bit(0, self.signs.val().get_bit(0))
            .replace_bit(1, self.signs.val().get_bit(1))
            .replace_bit(2, self.signs.val().get_bit(2) ^ self.run.val().get_bit(0))
            .replace_bit(3, self.signs.val().get_bit(3) ^ self.run.val().get_bit(1))
            .replace_bit(4, self.signs.val().get_bit(4) ^ self.run.val().get_bit(2))
            .replace_bit(5, self.signs.val().get_bit(5) ^ self.run.val().get_bit(3))
            .replace_bit(6, self.signs.val().get_bit(6) ^ self.run.val().get_bit(0))
            .replace_bit(7, self.signs.val().get_bit(7) ^ self.run.val().get_bit(1));
        self.no_run.next = !self.run_any.val();
        self.tag_s.next = 0.into();
        self.tag_s.next = self
            .tag_s
            .val()
            .replace_bit(0, self.signs.val().get_bit(8))
            .replace_bit(1, self.signs.val().get_bit(9))
            .replace_bit(2, self.no_run.val());

        // the tables
        self.second_entry.next = self.gap.q.val().outlived;
        if self.learning.val() {
            self.second_entry.next = self.step.val() > 9;
        }
        self.address_b.next = self.index.val();
        if self.second_entry.val() {
            self.address_b.next = self.other.val();
        }
        self.table_b.read_address.next = self.address_b.val();
        self.table_s.read_address.next = self.index_s.val();
        self.table_b.write_address.next = self.address_b.val();
        self.table_s.write_address.next = self.index_s.val();
        self.table_b.write_data.next = self.learn.q.val().fresh;
        self.table_s.write_data.next = self.learn.q.val().fresh;
        self.table_b.write_enable.next = self.learn.q.val().write_b;
        self.table_s.write_enable.next = self.learn.q.val().write_s;
        self.entry_b.next = self.table_b.read_data.val();
        self.entry_s.next = self.table_s.read_data.val();
        self.tag_b.next = bit_cast_w::<4, 3>(self.gap.q.val().tag);
        self.want_b.next = self.tag_b.val().replace_bit(3, self.second_entry.val());

        // lookup, one stage a cycle
        self.gap.d.next.was_idle = self.was_idle.val();
        self.gap.d.next.learned = self.learning.val() | self.event_now.val();
        self.gap.d.next.outlived_before = self.gap.q.val().outlived;
        self.again.next = self.gap.q.val().outlived & !self.gap.q.val().outlived_before;
        self.gap.d.next.first =
            self.again.val() | (self.was_idle.val() & !self.gap.q.val().was_idle & !self.gap.q.val().learned);
        self.gap.d.next.second = self.gap.q.val().first;
        self.value_b.next = self.entry_b.val().get_bits::<9>(0);
        self.value_s.next = self.entry_s.val().get_bits::<9>(0);
        self.conf_b.next = self.entry_b.val().get_bits::<3>(9);
        self.conf_s.next = self.entry_s.val().get_bits::<3>(9);
        self.gap.d.next.fits_b = self.entry_b.val().get_bits::<4>(12) == self.want_b.val();
        self.gap.d.next.some_b = self.conf_b.val().any();
        self.gap.d.next.strong_b = self.conf_b.val().get_bit(2) | (self.second_entry.val() & (self.conf_b.val() == 3));
        self.gap.d.next.big_b = self.value_b.val() > 15;
        self.gap.d.next.strong_s = (self.entry_s.val().get_bits::<4>(12) == self.tag_s.val()) & self.conf_s.val().all();
        self.gap.d.next.big_s = self.value_s.val() > 15;
        self.gap.d.next.shorter_b = self.value_b.val() < self.value_s.val();
        self.gap.d.next.later_b = self.value_b.val() > self.idle.val();
        self.gap.d.next.value_b = self.value_b.val();
        self.gap.d.next.value_s = self.value_s.val();

        // choice
        self.choose.next = self.gap.q.val().second & !self.learning.val();
        self.is_second.next = self.gap.q.val().outlived;
        self.pick_b.next = self.is_second.val()
            | !self.gap.q.val().strong_s
            | (self.gap.q.val().fits_b & self.gap.q.val().some_b & self.gap.q.val().shorter_b);
        self.good_b.next = self.gap.q.val().fits_b & self.gap.q.val().strong_b;
        self.chosen.next = (self.good_b.val() & (!self.is_second.val() | self.gap.q.val().later_b))
            | (self.gap.q.val().strong_s & !self.is_second.val());
        self.big.next = (self.pick_b.val() & (self.gap.q.val().big_b | self.is_second.val()))
            | (!self.pick_b.val() & self.gap.q.val().big_s);
        if self.gap.q.val().second {
            self.gap.d.next.value = self.gap.q.val().value_s;
            if self.pick_b.val() {
                self.gap.d.next.value = self.gap.q.val().value_b;
            }
        }
        self.credit_now.next = self.learn.q.val().credit ^ self.first_credit.val();
        self.credit_high.next = self.credit_now.val().get_bits::<2>(6);
        self.sleeps.next =
            self.choose.val() & self.chosen.val() & self.big.val() & self.credit_high.val().any() & self.predicts.val();
        self.gap.d.next.made = self.predicts.val() & self.choose.val() & self.chosen.val() & !self.is_second.val();
        self.gap.d.next.looked = self.gap.q.val().looked | self.choose.val();
        self.gap.d.next.known =
            self.gap.q.val().known | (self.choose.val() & self.chosen.val() & !self.is_second.val());

        // darkness, until the entry's time or the burst
        self.value_now.next = self.gap.q.val().value;
        self.gap.d.next.wake = self.value_now.val() - 2;
        self.gap.d.next.hit = self.idle.val() >= self.gap.q.val().wake;
        self.gap.d.next.fresh = self.sleeps.val();
        self.gap.d.next.fresh_more = self.gap.q.val().fresh;
        self.dark_now.next =
            self.gap.q.val().dark & (!self.gap.q.val().hit | self.gap.q.val().fresh | self.gap.q.val().fresh_more);
        self.gap.d.next.dark = !self.busy.val() & (self.sleeps.val() | self.dark_now.val());
        self.dark.next = self.dark_now.val();
        self.falls_asleep.next = self.gap.q.val().dark & !self.lit.val() & !self.gap.q.val().slept;
        self.gap.d.next.used = self.falls_asleep.val();
        self.gap.d.next.slept = self.gap.q.val().slept | self.falls_asleep.val();

        // a gap that outlives its entry by an octave
        self.value_word.next = bit_cast_w::<10, 9>(self.value_now.val());
        self.octave_later.next = self.value_word.val() + 32;
        self.code_word.next = bit_cast_w::<10, 9>(self.code.val());
        self.outlives.next = self.code_word.val() >= self.octave_later.val();
        self.gap.d.next.outlived =
            self.gap.q.val().outlived | (self.gap.q.val().known & self.gap.q.val().past_before & self.outlives.val());

        // learning: credit and sample at once
        self.late_now.next = self.gap.q.val().late & self.gap.q.val().slept;
        self.credit_less.next = self.credit_now.val() - self.late_cost.val();
        self.credit_more.next = self.credit_now.val() + 1;
        self.lfsr.next = self.learn.q.val().lfsr ^ self.first_lfsr.val();
        self.lfsr_next.next = self.lfsr.val() >> 1;
        if self.lfsr.val().get_bit(0) {
            self.lfsr_next.next = (self.lfsr.val() >> 1) ^ self.taps.val();
        }
        if self.event_now.val() {
            self.learn.d.next.gap = 0.into();
            if self.gap.q.val().past_before {
                self.learn.d.next.gap = self.code.val();
            }
            self.learn.d.next.is_real = self.gap.q.val().past_before;
            if self.late_now.val() {
                self.learn.d.next.credit = self.credit_less.val() ^ self.first_credit.val();
            } else if !self.credit_now.val().all() {
                self.learn.d.next.credit = self.credit_more.val() ^ self.first_credit.val();
            }
            if self.gap.q.val().looked {
                self.learn.d.next.lfsr = self.lfsr_next.val() ^ self.first_lfsr.val();
            }
        }
        self.step_more.next = self.step.val() + 1;
        self.ends.next = self.step.val() == self.last_step.val();
        if self.ends.val() {
            self.learn.d.next.step = 0.into();
        } else if self.learning.val() | self.event_now.val() {
            self.learn.d.next.step = self.step_more.val();
        }

        // learning: one entry after the other
        self.is_s.next = (self.step.val() == 6) | (self.step.val() == 7) | (self.step.val() == 8);
        self.learn.d.next.entry = self.entry_b.val();
        self.tag_want.next = self.want_b.val();
        if self.is_s.val() {
            self.learn.d.next.entry = self.entry_s.val();
            self.tag_want.next = self.tag_s.val();
        }
        self.entry.next = self.learn.q.val().entry;
        self.entry_value.next = self.entry.val().get_bits::<9>(0);
        self.entry_word.next = bit_cast_w::<10, 9>(self.entry_value.val());
        self.conf.next = self.entry.val().get_bits::<3>(9);
        self.gap_word.next = bit_cast_w::<10, 9>(self.learn.q.val().gap);
        self.last_word.next = bit_cast_w::<10, 9>(self.last.val());
        self.learn.d.next.difference = self.gap_word.val() - self.entry_word.val();
        self.learn.d.next.change = self.gap_word.val() - self.last_word.val();
        self.learn.d.next.fits = self.entry.val().get_bits::<4>(12) == self.tag_want.val();
        self.fits.next = self.learn.q.val().fits;
        self.difference.next = self.learn.q.val().difference;
        self.octaves.next = self.difference.val().get_bits::<4>(5);
        self.below.next = self.difference.val().get_bit(9);
        self.above.next = !self.below.val() & self.octaves.val().any();
        self.leaks.next = self.lfsr.val() == self.first_lfsr.val();
        self.spared.next = self.gap.q.val().outlived & !self.second_entry.val();
        self.conf_zero.next = self.conf.val() == 0;
        self.conf_low.next = self.conf.val() < 2;
        self.takes.next = (!self.fits.val() & self.conf_zero.val())
            | (self.fits.val() & self.below.val())
            | (self.fits.val() & self.above.val() & !self.spared.val() & self.conf_low.val());
        self.rises.next =
            self.fits.val() & !self.below.val() & !self.above.val() & self.leaks.val() & self.difference.val().any();
        self.value_more.next = self.entry_value.val() + 1;
        self.value_new.next = self.entry_value.val();
        if self.takes.val() {
            self.value_new.next = self.learn.q.val().gap;
        } else if self.rises.val() {
            self.value_new.next = self.value_more.val();
        }
        self.conf_more.next = self.conf.val() + 1;
        self.conf_less.next = self.conf.val() - 1;
        self.conf_drop.next = self.conf.val() - 2;
        self.conf_new.next = self.conf.val();
        if self.fits.val() & self.below.val() {
            self.conf_new.next = self.conf_drop.val();
            if self.conf_low.val() {
                self.conf_new.next = 0.into();
            }
        } else if !self.fits.val() | self.above.val() {
            if !self.conf_zero.val() & !(self.fits.val() & self.spared.val()) {
                self.conf_new.next = self.conf_less.val();
            }
        } else if !self.conf.val().all() {
            self.conf_new.next = self.conf_more.val();
        }
        self.tag_new.next = self.entry.val().get_bits::<4>(12);
        if !self.fits.val() & self.conf_zero.val() {
            self.tag_new.next = self.tag_want.val();
        }
        self.value_place.next = bit_cast_w::<16, 9>(self.value_new.val());
        self.conf_word.next = bit_cast_w::<16, 3>(self.conf_new.val());
        self.conf_place.next = self.conf_word.val() << 9;
        self.tag_word.next = bit_cast_w::<16, 4>(self.tag_new.val());
        self.tag_place.next = self.tag_word.val() << 12;
        self.learn.d.next.fresh = self.value_place.val() | self.conf_place.val() | self.tag_place.val();
        self.learn.d.next.write_b =
            self.gap.q.val().looked & ((self.step.val() == 4) | ((self.step.val() == 13) & self.gap.q.val().outlived));
        self.learn.d.next.write_s = self.gap.q.val().looked & (self.step.val() == 8);

        // learning: the history, last
        self.change.next = self.learn.q.val().change;
        self.change_high.next = self.change.val().get_bits::<7>(3);
        self.near.next = self.change_high.val().all() | !self.change_high.val().any();
        self.rising.next = !self.change.val().get_bit(9);
        self.signs_more.next = self.signs.val() << 1;
        self.run_more.next = self.run.val() + 1;
        if self.ends.val() & self.learn.q.val().is_real {
            self.learn.d.next.last = self.learn.q.val().gap;
            if !self.near.val() {
                self.learn.d.next.run = 0.into();
                self.learn.d.next.signs = self.signs_more.val().replace_bit(0, self.rising.val());
            } else if !self.run.val().all() {
                self.learn.d.next.run = self.run_more.val();
            }
        }
        self.forgets.next = self.ends.val() | (self.gap.q.val().started & !self.event_now.val() & !self.learning.val());
        if self.forgets.val() {
            self.gap.d.next.looked = false;
            self.gap.d.next.known = false;
            self.gap.d.next.outlived = false;
            self.gap.d.next.slept = false;
        }
        self.credit.next = self.credit_now.val();
        self.made.next = self.gap.q.val().made;
        self.used.next = self.gap.q.val().used;
        self.late.next = self.event_now.val() & self.late_now.val();

        if self.reset.val() {
            self.learn.d.next.credit = 0.into();
            self.gap.d.next.dark = false;
        }
    }
}
