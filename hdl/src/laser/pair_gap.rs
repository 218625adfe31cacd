//! PairGap: predicts the end of a gap from tables of past gaps; see the model of the same name for the idea.
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
//! | memories    | those of [`GapTables`] |
//! | after reset | credit back to 64; the tables stay |

use crate::laser::gap_tables::GapTables;
use crate::laser::log_count::LogCount;
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// A burst must last so long for its gap to be looked up.
pub const LEARN_CYCLES: u64 = 18;

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
    sure_b: Bit,
    sure_s: Bit,
    big_b: Bit,
    big_s: Bit,
    later_b: Bit,
    /// Codes of entries, complements.
    stored_b: W<9>,
    stored_s: W<9>,
    stored: W<9>,
    wide_b: Bit,
    wide_s: Bit,
    wide: Bit,
    short_b: Bit,
    short_s: Bit,
    /// Complement of the code that ends the darkness.
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

#[derive(LogicBlock, Default)]
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
    tables: GapTables,
    activity_code: LogCount,
    idle_code: LogCount,
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
    no_cycles: Signal<Local, W<20>>,
    code: Signal<Local, W<9>>,
    idle: Signal<Local, W<9>>,
    entry_b: Signal<Local, W<16>>,
    entry_s: Signal<Local, W<16>>,
    again: Signal<Local, Bit>,
    raw_b: Signal<Local, W<9>>,
    raw_s: Signal<Local, W<9>>,
    value_b: Signal<Local, W<9>>,
    conf_s: Signal<Local, W<3>>,
    high_b: Signal<Local, W<5>>,
    high_s: Signal<Local, W<5>>,
    choose: Signal<Local, Bit>,
    is_second: Signal<Local, Bit>,
    pick_b: Signal<Local, Bit>,
    chosen: Signal<Local, Bit>,
    short: Signal<Local, Bit>,
    big: Signal<Local, Bit>,
    pays: Signal<Local, Bit>,
    credit_now: Signal<Local, W<8>>,
    credit_high: Signal<Local, W<2>>,
    sleeps: Signal<Local, Bit>,
    stored: Signal<Local, W<9>>,
    octaves: Signal<Local, W<3>>,
    early: Signal<Local, Bit>,
    margin: Signal<Local, W<9>>,
    wake: Signal<Local, W<9>>,
    dark_now: Signal<Local, Bit>,
    falls_asleep: Signal<Local, Bit>,
    value: Signal<Local, W<9>>,
    value_word: Signal<Local, W<10>>,
    code_word: Signal<Local, W<10>>,
    excess: Signal<Local, W<10>>,
    excess_octaves: Signal<Local, W<4>>,
    outlives: Signal<Local, Bit>,
    late_now: Signal<Local, Bit>,
    forgets: Signal<Local, Bit>,
}

crate::inputs!(PairGap: reset, busy, was_idle, held, lit, idle_count, expired, predicts, t_on; gap, tables, activity_code, idle_code);

impl Logic for PairGap {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, gap);
        clock!(self, clock, tables, activity_code, idle_code);
        self.learning.next = self.tables.learning.val();
        self.event_now.next = self.tables.taken.val();

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
        self.no_cycles.next = 0.into();
        if self.restart_activity.val() {
            self.gap.d.next.activity = !self.no_cycles.val();
        }
        self.activity_code.restart.next = self.restart_activity.val();
        self.activity_code.cycles.next = self.activity.val().get_bits::<14>(0);
        self.code.next = self.activity_code.code.val();
        self.idle_code.restart.next = !self.was_idle.val();
        self.idle_code.cycles.next = self.idle_count.val().get_bits::<14>(0);
        self.idle.next = self.idle_code.code.val();

        // the tables
        self.late_now.next = self.gap.q.val().late & self.gap.q.val().slept;
        self.tables.reset.next = self.reset.val();
        self.tables.was_idle.next = self.was_idle.val();
        self.tables.sample.next = self.gap.q.val().started & (self.gap.q.val().past_before | self.gap.q.val().slept);
        self.tables.past.next = self.gap.q.val().past_before;
        self.tables.late.next = self.late_now.val();
        self.tables.looked.next = self.gap.q.val().looked;
        self.tables.outlived.next = self.gap.q.val().outlived;
        self.tables.code.next = self.code.val();
        self.entry_b.next = self.tables.entry_b.val();
        self.entry_s.next = self.tables.entry_s.val();

        // lookup, one stage a cycle
        self.gap.d.next.was_idle = self.was_idle.val();
        self.gap.d.next.learned = self.learning.val() | self.event_now.val();
        self.gap.d.next.outlived_before = self.gap.q.val().outlived;
        self.again.next = self.gap.q.val().outlived & !self.gap.q.val().outlived_before;
        self.gap.d.next.first =
            self.again.val() | (self.was_idle.val() & !self.gap.q.val().was_idle & !self.gap.q.val().learned);
        self.gap.d.next.second = self.gap.q.val().first;
        self.raw_b.next = self.entry_b.val().get_bits::<9>(0);
        self.raw_s.next = self.entry_s.val().get_bits::<9>(0);
        self.value_b.next = !self.raw_b.val();
        self.conf_s.next = self.entry_s.val().get_bits::<3>(9);
        self.high_b.next = self.entry_b.val().get_bits::<5>(4);
        self.high_s.next = self.entry_s.val().get_bits::<5>(4);
        self.gap.d.next.sure_b = self.tables.fits_b.val() & self.entry_b.val().get_bit(11);
        self.gap.d.next.sure_s = self.conf_s.val().all();
        self.gap.d.next.big_b = !self.high_b.val().all();
        self.gap.d.next.big_s = !self.high_s.val().all();
        self.gap.d.next.later_b = self.idle.val() < self.value_b.val();
        self.gap.d.next.stored_b = self.raw_b.val();
        self.gap.d.next.stored_s = self.raw_s.val();
        self.gap.d.next.wide_b = self.entry_b.val().get_bit(15);
        self.gap.d.next.wide_s = self.entry_s.val().get_bit(15);
        self.gap.d.next.short_b = self.raw_b.val().get_bit(8);
        self.gap.d.next.short_s = self.raw_s.val().get_bit(8);

        // choice: B if it is sure, S while it is not
        self.choose.next = self.gap.q.val().second & !self.learning.val();
        self.is_second.next = self.gap.q.val().outlived;
        self.pick_b.next = self.is_second.val() | self.gap.q.val().sure_b;
        self.chosen.next = (self.gap.q.val().sure_b & (!self.is_second.val() | self.gap.q.val().later_b))
            | (self.gap.q.val().sure_s & !self.is_second.val());
        self.big.next = self.gap.q.val().big_s;
        self.short.next = self.gap.q.val().short_s;
        if self.pick_b.val() {
            self.big.next = self.gap.q.val().big_b | self.is_second.val();
            self.short.next = self.gap.q.val().short_b;
        }
        if self.gap.q.val().second {
            self.gap.d.next.stored = self.gap.q.val().stored_s;
            self.gap.d.next.wide = self.gap.q.val().wide_s;
            if self.pick_b.val() {
                self.gap.d.next.stored = self.gap.q.val().stored_b;
                self.gap.d.next.wide = self.gap.q.val().wide_b;
            }
        }
        self.credit_now.next = self.tables.credit.val();
        self.credit_high.next = self.credit_now.val().get_bits::<2>(6);
        self.pays.next = self.credit_high.val().all() | (self.credit_high.val().any() & !self.short.val());
        self.sleeps.next =
            self.choose.val() & self.chosen.val() & self.big.val() & self.pays.val() & self.predicts.val();
        self.gap.d.next.made = self.predicts.val() & self.choose.val() & self.chosen.val() & !self.is_second.val();
        self.gap.d.next.looked = self.gap.q.val().looked | self.choose.val();
        self.gap.d.next.known =
            self.gap.q.val().known | (self.choose.val() & self.chosen.val() & !self.is_second.val());

        // darkness, until the entry's time less a margin of 1 to 3 codes, or the burst
        self.stored.next = self.gap.q.val().stored;
        self.octaves.next = self.stored.val().get_bits::<3>(6);
        self.early.next = !self.gap.q.val().wide | !self.octaves.val().all();
        self.margin.next = 0.into();
        self.margin.next = self.margin.val().replace_bit(0, self.early.val()).replace_bit(1, self.gap.q.val().wide);
        self.gap.d.next.wake = self.stored.val() + self.margin.val();
        self.wake.next = !self.gap.q.val().wake;
        self.gap.d.next.hit = self.idle.val() >= self.wake.val();
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
        self.value.next = !self.stored.val();
        self.value_word.next = bit_cast_w::<10, 9>(self.value.val());
        self.code_word.next = bit_cast_w::<10, 9>(self.code.val());
        self.excess.next = self.code_word.val() - self.value_word.val();
        self.excess_octaves.next = self.excess.val().get_bits::<4>(5);
        self.outlives.next = !self.excess.val().get_bit(9) & self.excess_octaves.val().any();
        self.gap.d.next.outlived =
            self.gap.q.val().outlived | (self.gap.q.val().known & self.gap.q.val().past_before & self.outlives.val());

        // the gap is over and learned
        self.forgets.next =
            self.tables.ends.val() | (self.gap.q.val().started & !self.event_now.val() & !self.learning.val());
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
            self.gap.d.next.dark = false;
        }
    }
}
