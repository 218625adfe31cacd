//! PairGap: predicts the end of a gap from two tables of past gaps. The gateware's contract, bit for bit.
//!
//! A gap is known by its context: how long the burst before it was, how long the gap before that, and the last signs
//! of change; finely in table B, with tags, and coarsely in table S, which answers while B does not know. An entry
//! holds the shortest gap seen in its context, as the code of the time that the light may stay off, a confidence, and
//! whether gaps there vary widely, which costs more light. It leaks upwards.
//! A gap that outlives its entry by an octave belongs to another class: a second entry in B, found under the complement
//! of the first one's index and tag, says how long that class lasts. So a ring of any length is learned from two entries.
//!
//! What is said about late bursts does not rest on the tables: each late prediction costs 64 of a credit that earns 1
//! a gap, and without 64 there is no prediction. Short gaps, where little is to be saved, need 192.

use super::code::{LONGEST, code, decode};
use super::online::TIMEOUT_LAG;
use super::policy::{Dark, Outcome, Policy, Setting};

/// A gap that is over before was looked up in vain.
const LOOKUP_CYCLES: u64 = 3;
/// First dark cycle of a predicted gap.
pub const LOOKUP_FROM: u64 = 6;
/// From the code of a time to the light that it asks for.
pub const WAKE_LAG: u64 = 4;
/// From the time a gap outlives its entry, less `t_on`, to darkness again.
pub const SECOND_FROM: u64 = 14;
/// Cycles that the tables take to learn; a burst that is over before is not looked up, nor one of a single cycle.
pub const LEARN_CYCLES: u64 = 16;
/// Cycles of a burst before it, when it was held; in no other case.
const AFTER_HOLD: i64 = -1;
/// A gap that ends so soon after the last one did finds the tables still learning, and is not learned.
const STILL_LEARNING: u64 = 14;
/// An octave in codes: a gap that exceeds its entry by this is of another class.
const OCTAVE: u32 = 32;
/// Price of a late prediction.
pub const LATE_COST: u32 = 64;
/// Credit without which short gaps are not predicted.
const SHORT_CREDIT: u32 = 192;
/// Least code that is worth any darkness.
const LEAST: u32 = 16;
/// Least code of a long gap.
const LONG: u32 = 256;
/// Least confidence of an entry of table B, of table S.
const SURE_B: u32 = 4;
const SURE_S: u32 = 7;
/// A gap changed if its code did by this much.
const NEAR: i32 = 8;
/// Gaps of a context vary widely if one exceeds the shortest by this many codes, or undercuts it by two.
const WIDE: u32 = 6;
/// An entry that nothing was learned into.
const EMPTY: Entry = Entry { tag: 0, conf: 0, val: 511, wide: false };

/// What is known of a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Low bits of the context, told apart from others at the same index; 0 in table S.
    pub tag: u32,
    /// Confidence, 0 to 7.
    pub conf: u32,
    /// Code of the shortest gap seen, `t_on + 2` taken off.
    pub val: u32,
    /// Gaps of this context have varied widely.
    pub wide: bool,
}

impl Entry {
    /// Codes that the light is on early.
    fn margin(&self) -> u32 {
        if self.wide { 2 + (self.val >= 64) as u32 } else { 1 }
    }
    fn until(&self) -> u64 {
        decode(self.val - self.margin()) + WAKE_LAG
    }
    fn pays(&self, credit: u32) -> bool {
        self.val >= LEAST && credit >= if self.val >= LONG { LATE_COST } else { SHORT_CREDIT }
    }

    /// Learns a gap of code `c`; `spared` by gaps of another class.
    fn update(&mut self, tag: u32, c: u32, spared: bool, leaks: bool) {
        if self.tag != tag {
            if self.conf == 0 {
                *self = Entry { tag, val: c, ..EMPTY };
            }
            self.conf = self.conf.saturating_sub(1);
        } else if c < self.val {
            self.wide = self.conf > 0 && (self.wide || c + 2 <= self.val);
            self.val = c;
            self.conf = self.conf.saturating_sub(1);
        } else if c >= self.val + OCTAVE {
            if !spared {
                if self.conf <= 1 {
                    *self = Entry { tag, val: c, ..EMPTY };
                }
                self.conf = self.conf.saturating_sub(1);
            }
        } else {
            self.conf = (self.conf + 1).min(7);
            self.wide |= c >= self.val + WIDE;
            self.val += (leaks && c > self.val) as u32;
        }
    }
}

/// State of the predictor, as it is in the gateware's registers and memories.
#[derive(Clone)]
pub struct PairGap {
    /// Table B, fine and tagged.
    pub b: Vec<Entry>,
    /// Table S, coarse.
    pub s: Vec<Entry>,
    /// Code of the last gap.
    pub last: u32,
    /// Signs of the last three changes of gaps, the newest in bit 0.
    pub signs: u32,
    /// Late predictions are paid from it: [`LATE_COST`] each, 1 earned a gap, at most 255.
    pub credit: u32,
    lfsr: u32,
    timeout: u64,
    activity: i64,
    since_learning: u64,
    look: Option<Look>,
    /// Gaps for which an entry was sure.
    pub made: u64,
}

#[derive(Clone, Copy, Debug)]
struct Look {
    ib: usize,
    tb: u32,
    is: usize,
    is_known: bool,
    outlives: Option<u32>,
}

impl PairGap {
    /// Empty tables; dark after `timeout` idle cycles whatever they say.
    pub fn new(timeout: u64) -> Self {
        PairGap {
            b: vec![EMPTY; 256],
            s: vec![EMPTY; 256],
            last: 0,
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
        let busy = code(self.activity.max(0) as u64);
        let fine = busy >> 3;
        let ib = (self.last >> 4 << 3 | self.signs & 7) ^ fine << 2 ^ fine << 5;
        let is = busy >> 6 << 5 | self.last >> 5 << 1 | self.signs & 1;
        Look { ib: ib as usize & 255, tb: fine & 7, is: is as usize, is_known: false, outlives: None }
    }
}

impl Policy for PairGap {
    fn name(&self) -> String {
        "pair-gap".into()
    }

    fn plan(&mut self, setting: &Setting, busy: u64, _gap: u64) -> Vec<Dark> {
        // its start is still being seen when the gap begins
        let is_missed = busy == 1 && self.activity != AFTER_HOLD;
        self.activity = (self.activity + busy as i64).min(LONGEST as i64);
        self.since_learning += busy;
        let mut plan = vec![];
        if self.since_learning >= LEARN_CYCLES && !is_missed {
            let mut look = self.context();
            let (b, s) = (self.b[look.ib], self.s[look.is]);
            let sure_b = b.tag == look.tb && b.conf >= SURE_B;
            let entry = if sure_b { Some(b) } else { (s.conf >= SURE_S).then_some(s) };
            if let Some(entry) = entry {
                look.is_known = true;
                if entry.pays(self.credit) {
                    plan.push(Dark { from: LOOKUP_FROM, until: entry.until(), predicted: true });
                }
                let outlives = entry.val + OCTAVE;
                look.outlives = Some(outlives);
                let second = self.b[look.ib ^ 255];
                if outlives < 512 && second.tag == look.tb ^ 7 && second.conf >= SURE_B && second.pays(self.credit) {
                    let from = decode(outlives) + setting.t_on + SECOND_FROM;
                    if second.until() >= from {
                        plan.push(Dark { from, until: second.until(), predicted: true });
                    }
                }
            }
            self.look = Some(look);
        }
        for dark in &mut plan {
            if dark.until > self.timeout + 1 {
                dark.until = u64::MAX;
            }
        }
        plan.push(Dark::after(self.timeout + TIMEOUT_LAG));
        plan
    }

    fn learn(&mut self, setting: &Setting, out: &Outcome) {
        let look = self.look.take();
        self.made += look.is_some_and(|look| look.is_known && out.gap >= LOOKUP_CYCLES) as u64;
        let real = out.gap >= setting.t_on + 2;
        let late = out.held > 0 && out.by_prediction && out.gap < self.timeout;
        let c = if real { code(out.gap - setting.t_on - 2) } else { 0 };
        // the count starts two cycles into a burst, or with its first taken beat after a hold
        if out.held > 0 {
            self.activity = AFTER_HOLD;
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
            self.b[look.ib].update(look.tb, c, outlived, leaks);
            self.s[look.is].update(0, c, outlived, leaks);
            if outlived {
                self.b[look.ib ^ 255].update(look.tb ^ 7, c, false, leaks);
            }
        }
        self.since_learning = out.held;
        if real {
            let change = c as i32 - self.last as i32;
            if !(-NEAR..NEAR).contains(&change) {
                self.signs = (self.signs << 1 | (change > 0) as u32) & 7;
            }
            self.last = c;
        }
    }
}
