//! PairGap: predicts the end of a gap from two tables of past gaps. The gateware's contract, bit for bit.
//!
//! A gap is known by its context: how long the burst before it was, how long the gap before that, and the last signs
//! of change (table B); or by the last ten signs and the run of equal gaps (table S). An entry holds the shortest
//! gap seen in its context, as the code of the time that the light may stay off, and a confidence. It leaks upwards.
//! A gap that outlives its entry by an octave belongs to another class: a second entry, found under the complement
//! of the first one's index, says how long that class lasts. So a ring of any length is learned from two entries.
//!
//! What is said about late bursts does not rest on the tables: each late prediction costs 64 of a credit that earns 1
//! a gap, and without 64 there is no prediction.

use super::code::{LONGEST, code, decode};
use super::online::TIMEOUT_LAG;
use super::policy::{Dark, Outcome, Policy, Setting};

/// First dark cycle of a predicted gap.
pub const LOOKUP_FROM: u64 = 7;
/// From the code of a time to the light that it asks for.
pub const WAKE_LAG: u64 = 4;
/// From the time a gap outlives its entry, less `t_on`, to darkness again.
pub const SECOND_FROM: u64 = 10;
/// Cycles that the tables take to learn; a burst that is over before is not looked up.
pub const LEARN_CYCLES: u64 = 18;
/// A gap that ends so soon after the last one did finds the tables still learning, and is not learned.
const STILL_LEARNING: u64 = 16;
/// An octave in codes: a gap that exceeds its entry by this is of another class.
const OCTAVE: u32 = 32;
/// Price of a late prediction.
pub const LATE_COST: u32 = 64;
/// Mask of the second entry's tag.
const SECOND: u32 = 8;

/// What was chosen on the frozen seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    pub busy_shift: u32,
    pub gap_shift: u32,
    pub near: u32,
    /// Least confidence of an entry of table B, of table S, of a second entry.
    pub conf_b: u32,
    pub conf_s: u32,
    pub conf_second: u32,
    /// Confidence from which B may shorten what S says.
    pub both: u32,
    /// Codes that the light is on early.
    pub margin: u32,
    /// Confidence lost by a violation.
    pub drop: u32,
}

/// The gateware's.
pub const FROZEN: Tuning =
    Tuning { busy_shift: 5, gap_shift: 4, near: 8, conf_b: 4, conf_s: 7, conf_second: 3, both: 1, margin: 1, drop: 2 };

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub tag: u32,
    pub conf: u32,
    pub val: u32,
}

#[derive(Clone)]
pub struct PairGap {
    tuning: Tuning,
    pub b: Vec<Entry>,
    pub s: Vec<Entry>,
    pub last: u32,
    pub run: u32,
    pub signs: u32,
    pub credit: u32,
    lfsr: u32,
    timeout: u64,
    activity: i64,
    since_learning: u64,
    look: Option<Look>,
    pub made: u64,
}

#[derive(Clone, Copy, Debug)]
struct Look {
    ib: usize,
    tb: u32,
    is: usize,
    ts: u32,
    outlives: Option<u32>,
}

impl PairGap {
    pub fn new(timeout: u64) -> Self {
        Self::tuned(FROZEN, timeout)
    }
    pub fn tuned(tuning: Tuning, timeout: u64) -> Self {
        PairGap {
            tuning,
            b: vec![Entry::default(); 256],
            s: vec![Entry::default(); 256],
            last: 0,
            run: 0,
            signs: 0,
            credit: LATE_COST,
            lfsr: 1,
            timeout,
            activity: 0,
            since_learning: LONGEST,
            look: None,
            made: 0,
        }
    }

    fn context(&self) -> Look {
        let t = self.tuning;
        let gap_bits = 9 - t.gap_shift;
        let word = code(self.activity.max(0) as u64) >> t.busy_shift << (gap_bits + 2)
            | self.last >> t.gap_shift << 2
            | self.signs & 3;
        let high = word >> 8;
        let ib = (word ^ high << 2 ^ high << 5) & 255;
        let is = (self.signs ^ self.run << 2 ^ self.run << 6) & 255;
        let ts = self.signs >> 8 & 3 | ((self.run == 0) as u32) << 2;
        Look { ib: ib as usize, tb: high & 7, is: is as usize, ts, outlives: None }
    }

    fn update(&mut self, table_s: bool, index: usize, tag: u32, c: u32, spared: bool, leaks: bool) {
        let t = self.tuning;
        let e = if table_s { &mut self.s[index] } else { &mut self.b[index] };
        if e.tag != tag {
            if e.conf == 0 {
                *e = Entry { tag, conf: 0, val: c };
            } else {
                e.conf -= 1;
            }
        } else if c + t.margin <= e.val {
            e.val = c;
            e.conf = e.conf.saturating_sub(t.drop);
        } else if c >= e.val + OCTAVE {
            if !spared {
                if e.conf <= 1 {
                    e.val = c;
                }
                e.conf = e.conf.saturating_sub(1);
            }
        } else {
            e.conf = (e.conf + 1).min(7);
            e.val += (leaks && c > e.val) as u32;
        }
    }
}

impl Policy for PairGap {
    fn name(&self) -> String {
        "pair-gap".into()
    }

    fn plan(&mut self, setting: &Setting, busy: u64, _gap: u64) -> Vec<Dark> {
        let t = self.tuning;
        self.activity = (self.activity + busy as i64).min(LONGEST as i64);
        self.since_learning += busy;
        let mut plan = vec![];
        if self.since_learning >= LEARN_CYCLES {
            let mut look = self.context();
            let (b, s) = (self.b[look.ib], self.s[look.is]);
            let b_fits = b.tag == look.tb;
            let entry = if s.tag == look.ts && s.conf >= t.conf_s {
                Some(if b_fits && b.conf >= t.both && b.val < s.val { b } else { s })
            } else {
                (b_fits && b.conf >= t.conf_b).then_some(b)
            };
            let wake = |val: u32| decode(val.saturating_sub(1 + t.margin)) + WAKE_LAG;
            if let Some(entry) = entry {
                self.made += 1;
                let allowed = self.credit >= LATE_COST;
                if allowed && entry.val >= 16 {
                    plan.push(Dark { from: LOOKUP_FROM, until: wake(entry.val), predicted: true });
                }
                let outlives = entry.val + OCTAVE;
                look.outlives = Some(outlives);
                let second = self.b[look.ib ^ 0xff];
                if outlives < 512 && allowed && second.tag == look.tb | SECOND && second.conf >= t.conf_second {
                    let from = decode(outlives) + setting.t_on + SECOND_FROM;
                    if second.val > code(from - 6) {
                        plan.push(Dark { from, until: wake(second.val).max(from + 1), predicted: true });
                    }
                }
            }
            self.look = Some(look);
        }
        for dark in &mut plan {
            if dark.until > self.timeout + 3 {
                dark.until = u64::MAX;
            }
        }
        plan.push(Dark::after(self.timeout + TIMEOUT_LAG));
        plan
    }

    fn learn(&mut self, setting: &Setting, out: &Outcome) {
        let look = self.look.take();
        let real = out.gap >= setting.t_on + 2;
        let late = out.held > 0 && out.by_prediction && out.gap < self.timeout + 2;
        let c = if real { code(out.gap - setting.t_on - 2) } else { 0 };
        // the count starts two cycles into a burst, or with its first taken beat after a hold
        if out.held > 0 {
            self.activity = -1;
        } else if real {
            self.activity = -2;
        } else {
            self.activity += out.gap as i64;
        }
        self.since_learning = self.since_learning.saturating_add(out.gap);
        let learns = (real || out.predicted) && self.since_learning > STILL_LEARNING;
        if !learns {
            self.since_learning += out.held;
            return;
        }
        if late {
            self.credit -= LATE_COST
        } else {
            self.credit = (self.credit + 1).min(255)
        }
        if let Some(look) = look {
            self.lfsr = self.lfsr >> 1 ^ if self.lfsr & 1 != 0 { 0x110 } else { 0 };
            let leaks = self.lfsr == 1;
            let outlived = look.outlives.is_some_and(|x| c >= x);
            self.update(false, look.ib, look.tb, c, outlived, leaks);
            self.update(true, look.is, look.ts, c, outlived, leaks);
            if outlived {
                self.update(false, look.ib ^ 0xff, look.tb | SECOND, c, false, leaks);
            }
        }
        self.since_learning = out.held;
        if real {
            let change = c as i32 - self.last as i32;
            let near = self.tuning.near as i32;
            if (-near..near).contains(&change) {
                self.run = (self.run + 1).min(15);
            } else {
                self.run = 0;
                self.signs = (self.signs << 1 | (change > 0) as u32) & 1023;
            }
            self.last = c;
        }
    }
}
