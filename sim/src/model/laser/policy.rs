//! What a policy decides: in which parts of a gap it wants darkness.

/// Times of the laser and of its hints, in cycles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Enable to the first usable slot.
    pub t_on: u64,
    /// Shortest time with light.
    pub min_on: u64,
    /// Shortest time without.
    pub min_off: u64,
    /// Each burst is announced this much ahead, in the source's own words; 0 = no hints.
    pub notice: u64,
}

impl Setting {
    /// The laser of these times, no hints.
    pub const fn of(t_on: u64) -> Self {
        Setting { t_on, min_on: 0, min_off: 0, notice: 0 }
    }
    /// The same with bursts announced `notice` cycles ahead.
    pub const fn with_notice(mut self, notice: u64) -> Self {
        self.notice = notice;
        self
    }
    /// What wakes in time at no cost needs no prediction: the cycles that a hint does not cover.
    pub const fn exposed(&self) -> u64 {
        self.t_on.saturating_sub(self.notice)
    }
}

/// Darkness wanted: cycle `from` is the first dark one, cycle `until` the first lit one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dark {
    /// First dark cycle, counted from the first idle one.
    pub from: u64,
    /// `u64::MAX`: until the burst or a hint.
    pub until: u64,
    /// A prediction asked for it.
    pub predicted: bool,
}

impl Dark {
    /// Until something asks for light.
    pub const fn after(from: u64) -> Self {
        Dark { from, until: u64::MAX, predicted: false }
    }
}

/// What became of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Idle cycles until the burst was offered.
    pub gap: u64,
    /// Cycles that the first beat was held.
    pub held: u64,
    /// Dark cycles, those during the hold included.
    pub dark: u64,
    /// Times the light went on again.
    pub wake_ups: u64,
    /// The last darkness was a prediction's.
    pub by_prediction: bool,
    /// There was darkness after a prediction had asked for some.
    pub predicted: bool,
}

/// A policy; it sees each burst once, in order.
pub trait Policy {
    /// Name for tables and `--policy`.
    fn name(&self) -> String;
    /// A burst of `busy` cycles has ended. `gap` is for policies with foresight only.
    fn plan(&mut self, setting: &Setting, busy: u64, gap: u64) -> Vec<Dark>;
    /// The gap is over.
    fn learn(&mut self, _setting: &Setting, _outcome: &Outcome) {}
}
