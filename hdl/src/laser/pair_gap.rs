//! PairGap: predicts the end of a gap from tables of past gaps; see the model of the same name for the idea.
//!
//! ```text
//!                +----PairGap----+
//!  Bit ----------| busy was_idle |
//!  Bit ----------| held lit      |--- dark    Bit: the light may be off
//!  W<14> --------| idle_count    |--- credit  W<8>
//!  W<12> --------| t_on          |--- made, used, late  Bit
//!                +---------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | lookup      | `dark` rises in the 4th idle cycle, if at all |
//! | wake        | `dark` falls the cycle after the idle time's code reaches the entry's, less a margin |
//! | learning    | [`LEARN_CYCLES`] cycles from a burst's second one; a burst over before then is not looked up |
//! | memories    | those of [`GapTables`] |
//! | after reset | credit back to 64; the tables stay |

use crate::laser::gap_tables::GapTables;
use crate::laser::log_count::{AHEAD, LogCount};
use crate::prelude::*;
use crate::word::{W, bit_cast_w};

/// A burst must last so long for its gap to be looked up.
pub const LEARN_CYCLES: u64 = 16;

/// Where the gap is and what is known of it.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct GapState {
    /// Complement of the cycles of the burst, or of the gap beyond `t_on`, and two more.
    activity: W<14>,
    /// `t_on` has been reached, and delayed: the idle count runs ahead, what the tables say of the gap lags.
    reached: Bit,
    reached_before: Bit,
    past: Bit,
    past_before: Bit,
    past_long: Bit,
    past_longer: Bit,
    started: Bit,
    /// The time from the last activity starts anew.
    restarts: Bit,
    late: Bit,
    slept: Bit,
    /// Lookup pipeline; the second lookup of a gap uses the same.
    first: Bit,
    second: Bit,
    decides: Bit,
    outlived_before: Bit,
    /// Complement of the code that ends the darkness.
    wake: W<9>,
    looked: Bit,
    known: Bit,
    outlived: Bit,
    hit: Bit,
    fresh: Bit,
    /// The entry asks for darkness, until its time.
    dark: Bit,
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
    /// Complement of the idle cycles' low bits, of [`AHEAD`] in the second idle one.
    pub idle_count: Signal<In, W<14>>,
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
    sample: Signal<Local, Bit>,
    idle_low: Signal<Local, W<13>>,
    t_on_word: Signal<Local, W<13>>,
    t_on_sum: Signal<Local, W<13>>,
    reaches: Signal<Local, Bit>,
    past: Signal<Local, Bit>,
    starts: Signal<Local, Bit>,
    restart_activity: Signal<Local, Bit>,
    ahead: Constant<W<14>>,
    activity: Signal<Local, W<14>>,
    idle: Signal<Local, W<9>>,
    again: Signal<Local, Bit>,
    loads: Signal<Local, Bit>,
    entry: Signal<Local, W<16>>,
    high: Signal<Local, W<4>>,
    octaves: Signal<Local, W<3>>,
    wide: Signal<Local, Bit>,
    credit_now: Signal<Local, W<8>>,
    credit_high: Signal<Local, W<2>>,
    sleeps: Signal<Local, Bit>,
    first_sleeps: Signal<Local, Bit>,
    stored: Signal<Local, W<9>>,
    early: Signal<Local, Bit>,
    margin: Signal<Local, W<9>>,
    wake: Signal<Local, W<9>>,
    falls_asleep: Signal<Local, Bit>,
    late_now: Signal<Local, Bit>,
    forgets: Signal<Local, Bit>,
}

impl Default for PairGap {
    fn default() -> Self {
        Self {
            ahead: Constant::new(W::new(!AHEAD)),
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
            tables: Default::default(),
            activity_code: Default::default(),
            idle_code: Default::default(),
            learning: Default::default(),
            event_now: Default::default(),
            sample: Default::default(),
            idle_low: Default::default(),
            t_on_word: Default::default(),
            t_on_sum: Default::default(),
            reaches: Default::default(),
            past: Default::default(),
            starts: Default::default(),
            restart_activity: Default::default(),
            activity: Default::default(),
            idle: Default::default(),
            again: Default::default(),
            loads: Default::default(),
            entry: Default::default(),
            high: Default::default(),
            octaves: Default::default(),
            wide: Default::default(),
            credit_now: Default::default(),
            credit_high: Default::default(),
            sleeps: Default::default(),
            first_sleeps: Default::default(),
            stored: Default::default(),
            early: Default::default(),
            margin: Default::default(),
            wake: Default::default(),
            falls_asleep: Default::default(),
            late_now: Default::default(),
            forgets: Default::default(),
        }
    }
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
        self.gap.d.next.reached = !self.busy.val() & (self.gap.q.val().reached | self.reaches.val());
        self.gap.d.next.reached_before = !self.busy.val() & self.gap.q.val().reached;
        self.past.next = !self.busy.val() & self.gap.q.val().reached_before;
        self.gap.d.next.past = self.past.val();
        self.gap.d.next.past_before = self.gap.q.val().past;
        self.gap.d.next.past_long = self.gap.q.val().past_before;
        self.gap.d.next.past_longer = self.gap.q.val().past_long;
        self.starts.next = self.busy.val() & self.was_idle.val();
        self.gap.d.next.started = self.starts.val();
        self.gap.d.next.late = self.starts.val() & self.held.val() & !self.expired.val();

        // its times
        self.gap.d.next.restarts =
            (self.past.val() & !self.gap.q.val().past) | (self.starts.val() & self.gap.q.val().past) | self.held.val();
        self.restart_activity.next = self.gap.q.val().restarts | self.reset.val();
        self.activity.next = self.gap.q.val().activity;
        self.gap.d.next.activity = self.activity.val() - 1;
        if self.restart_activity.val() {
            self.gap.d.next.activity = self.ahead.val();
        }
        self.activity_code.restart.next = self.restart_activity.val();
        self.activity_code.cycles.next = self.activity.val();
        self.idle_code.restart.next = !self.was_idle.val();
        self.idle_code.cycles.next = self.idle_count.val();
        self.idle.next = self.idle_code.code.val();

        // the tables
        self.late_now.next = self.gap.q.val().late & self.gap.q.val().slept;
        self.sample.next = self.gap.q.val().started & (self.gap.q.val().past_before | self.gap.q.val().slept);
        self.tables.reset.next = self.reset.val();
        self.tables.was_idle.next = self.was_idle.val();
        self.tables.started.next = self.gap.q.val().started;
        self.tables.sample.next = self.sample.val();
        self.tables.past.next = self.gap.q.val().past_before;
        self.tables.late.next = self.late_now.val();
        self.tables.looked.next = self.gap.q.val().looked;
        self.tables.outlived.next = self.gap.q.val().outlived;
        self.tables.code.next = self.activity_code.code.val();

        // lookup, one stage a cycle: entries are read, one is loaded if it is sure, it decides
        self.gap.d.next.outlived_before = self.gap.q.val().outlived;
        self.again.next = self.gap.q.val().outlived & !self.gap.q.val().outlived_before;
        self.gap.d.next.first = self.again.val()
            | (!self.busy.val() & !self.was_idle.val() & !self.learning.val() & !self.gap.q.val().started);
        self.gap.d.next.second = self.gap.q.val().first & !self.busy.val() & !self.learning.val();
        self.loads.next = self.gap.q.val().second
            & (self.tables.sure_b.val() | (self.tables.sure_s.val() & !self.gap.q.val().outlived));
        self.tables.load.next = self.loads.val();
        self.gap.d.next.looked = self.gap.q.val().looked | self.gap.q.val().second;
        self.gap.d.next.known = self.gap.q.val().known | self.loads.val();
        self.gap.d.next.decides = self.loads.val() & self.predicts.val() & !self.busy.val();
        self.entry.next = self.tables.entry.val();
        self.stored.next = self.entry.val().get_bits::<9>(0);
        self.high.next = self.entry.val().get_bits::<4>(4);
        self.octaves.next = self.entry.val().get_bits::<3>(6);
        self.wide.next = self.entry.val().get_bit(15);
        self.credit_now.next = self.tables.credit.val();
        self.credit_high.next = self.credit_now.val().get_bits::<2>(6);
        // a short gap wants the highest credit, the shortest ones never pay
        self.sleeps.next = self.credit_high.val().any();
        if self.entry.val().get_bit(8) {
            self.sleeps.next = self.credit_high.val().all() & !self.high.val().all();
        }
        self.first_sleeps.next = self.gap.q.val().decides & !self.gap.q.val().outlived & self.sleeps.val();

        // darkness, until the entry's time less a margin of 1 to 3 codes, or the burst
        self.early.next = !self.wide.val() | !self.octaves.val().all();
        self.margin.next = 0.into();
        self.margin.next = self.margin.val().replace_bit(0, self.early.val()).replace_bit(1, self.wide.val());
        self.gap.d.next.wake = self.stored.val() + self.margin.val();
        self.wake.next = !self.gap.q.val().wake;
        // a new entry's time is known two cycles later; until then a first entry means darkness, a second one light
        self.gap.d.next.hit = self.gap.q.val().decides | (self.idle.val() >= self.wake.val());
        self.gap.d.next.fresh = self.first_sleeps.val();
        self.gap.d.next.dark = !self.busy.val() & self.gap.q.val().dark;
        if self.gap.q.val().decides {
            self.gap.d.next.dark = !self.busy.val() & self.sleeps.val();
        }
        self.dark.next =
            self.first_sleeps.val() | (self.gap.q.val().dark & (!self.gap.q.val().hit | self.gap.q.val().fresh));
        self.falls_asleep.next = self.gap.q.val().dark & !self.lit.val() & !self.gap.q.val().slept;
        self.gap.d.next.slept = self.gap.q.val().slept | self.falls_asleep.val();

        // a gap that outlives its entry by an octave
        self.gap.d.next.outlived = self.gap.q.val().outlived
            | (self.gap.q.val().known & self.gap.q.val().past_longer & self.tables.outlives.val());

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
        self.made.next = self.gap.q.val().decides & !self.gap.q.val().outlived;
        self.used.next = self.falls_asleep.val();
        self.late.next = self.event_now.val() & self.late_now.val();

        if self.reset.val() {
            self.gap.d.next.dark = false;
        }
    }
}
