//! The golden model of the looped link, cycle by cycle: what the line must carry, what the far client must see.
//!
//! ```text
//!  accepted beats --> Transmitter --> line slots, one cycle later
//!  line ^ mask -----> Receiver -----> beats 2, counts 4, verdicts 5 cycles later
//! ```
//!
//! The receiver's model knows neither lock nor light: it judges the slots whose surroundings are locked, lit and of one
//! rung, and joins anew after a clean END.

use firstlight_sim::engine::Model;
use firstlight_sim::model::framing::receiver::{Beat, Outcome, Receiver, Verdict};
use firstlight_spec::control::{END, IDLE};
use firstlight_spec::regs::events::bit;
use firstlight_spec::slot::{Slot, slot_type};
use firstlight_spec::verdict;
use std::collections::VecDeque;

mod transmitter;
use transmitter::Transmitter;

/// Slot on the line to beat, to counted event, to verdict.
const BEAT_CYCLES: usize = 2;
const EVENT_CYCLES: usize = 4;
const VERDICT_CYCLES: usize = 5;
/// Cycles after a slot in which a lost lock may still reach it.
const AFTER: usize = 16;
/// Cycles before it in which lock, light, rung and reset must have been steady.
const BEFORE: u64 = 8;

/// Inputs in port order, as `LinkLoop` declares them.
pub mod input {
    pub const RESET: usize = 0;
    pub const TDATA: usize = 1;
    pub const TKEEP: usize = 2;
    pub const TVALID: usize = 3;
    pub const TLAST: usize = 4;
    pub const TUSER: usize = 5;
    pub const SETTINGS: usize = 7;
    pub const MASK_DATA: usize = 8;
    pub const MASK_TC: usize = 9;
    pub const LIGHT: usize = 10;
}

/// Outputs in port order.
pub mod output {
    pub const TREADY: usize = 0;
    pub const TDATA: usize = 1;
    pub const TKEEP: usize = 2;
    pub const TVALID: usize = 3;
    pub const TLAST: usize = 4;
    pub const TUSER: usize = 5;
    pub const DONE: usize = 6;
    pub const GOOD: usize = 7;
    pub const REASON: usize = 8;
    pub const SEQUENCE: usize = 9;
    pub const STATUS: usize = 12;
    pub const EVENTS: usize = 13;
    pub const LINE_DATA: usize = 14;
    pub const LINE_TC: usize = 15;
}

const RUNG_MASK: u64 = 3;
const RELOCK_BIT: u32 = 53;

/// What was seen in one cycle.
#[derive(Clone, Copy)]
struct Seen {
    slot: Slot,
    rung: u64,
    beat: Option<Beat>,
    done: bool,
    good: bool,
    verdict: Verdict,
    events: u64,
}

/// Both directions.
#[derive(Default)]
pub struct Golden {
    transmitter: Transmitter,
    receiver: Option<Receiver>,
    /// The last cycles, oldest first.
    seen: VecDeque<Seen>,
    cycle: u64,
    /// The last cycle that was not steady.
    unsteady: u64,
    rung: u64,
    judged: u64,
}

impl Golden {
    /// The slot of [`AFTER`] cycles ago, whose consequences are all in `seen`.
    fn judge(&mut self) -> Result<(), String> {
        let then = self.seen[0];
        let at = self.cycle - AFTER as u64;
        if self.unsteady + BEFORE >= at {
            self.receiver = None;
            return Ok(());
        }
        let Some(receiver) = &mut self.receiver else {
            self.join(then);
            return Ok(());
        };
        let want: Outcome = receiver.slot(then.slot);
        self.judged += 1;
        let differs = |what: &str, got: String, want: String| {
            Err(format!("{what} of the slot {:x?} in cycle {at}: {got}, expected {want}", then.slot))
        };
        let beat = self.seen[BEAT_CYCLES].beat;
        if beat != want.beat {
            return differs("beat", format!("{beat:x?}"), format!("{:x?}", want.beat));
        }
        let done = self.seen[VERDICT_CYCLES];
        let sequence = want.verdict.and_then(|v| v.sequence).and(done.verdict.sequence);
        let got = done.done.then_some(Verdict { sequence, ..done.verdict });
        if got != want.verdict || done.done && done.good != (done.verdict.reason == verdict::GOOD) {
            return differs("verdict", format!("{got:x?}, good {}", done.good), format!("{:x?}", want.verdict));
        }
        let events = self.seen[EVENT_CYCLES].events;
        for (name, want) in [("orphans", want.orphan), ("ignored_words", want.ignored), ("misplaced", want.misplaced)] {
            let got = events >> bit(name) & 1 != 0;
            if got != want {
                return differs(name, got.to_string(), want.to_string());
            }
        }
        Ok(())
    }

    /// Waits for a state that is known: a clean END closes everything.
    fn join(&mut self, then: Seen) {
        if then.slot.syndrome() == 0 && then.slot.kind == slot_type::CONTROL && then.slot.data as u8 == END {
            let mut receiver = Receiver::new(then.rung as u8);
            receiver.slot(then.slot);
            self.receiver = Some(receiver);
        }
    }
}

/// Type in bits 3..0, check bits in 11..4.
fn slot(data: u128, tc: u128) -> Slot {
    Slot { data: data as u64, kind: tc as u8 & 15, check: (tc >> 4) as u8 }
}

impl Model for Golden {
    fn cycle(&mut self, inputs: &[u128], outputs: &[u128]) -> Result<(), String> {
        let line = slot(outputs[output::LINE_DATA], outputs[output::LINE_TC]);
        self.transmitter.cycle(self.cycle, inputs, outputs[output::TREADY] != 0, line)?;
        let settings = inputs[input::SETTINGS] as u64;
        let rung = settings & RUNG_MASK;
        let (is_locked, is_lit) = (outputs[output::STATUS] & 1 != 0, inputs[input::LIGHT] != 0);
        let disturbs = inputs[input::RESET] != 0 || settings >> RELOCK_BIT & 1 != 0;
        if !is_locked || !is_lit || disturbs || rung != self.rung {
            self.unsteady = self.cycle;
        }
        self.rung = rung;
        let beat = Beat {
            data: outputs[output::TDATA] as u64,
            bytes: outputs[output::TKEEP].count_ones() as u8,
            first: outputs[output::TUSER] >> 1 & 1 != 0,
            last: outputs[output::TLAST] != 0,
        };
        self.seen.push_back(Seen {
            slot: slot(
                outputs[output::LINE_DATA] ^ inputs[input::MASK_DATA],
                outputs[output::LINE_TC] ^ inputs[input::MASK_TC],
            ),
            rung,
            beat: (outputs[output::TVALID] != 0).then_some(beat),
            done: outputs[output::DONE] != 0,
            good: outputs[output::GOOD] != 0,
            verdict: Verdict {
                reason: outputs[output::REASON] as u8,
                sequence: Some(outputs[output::SEQUENCE] as u16),
            },
            events: outputs[output::EVENTS] as u64,
        });
        if self.seen.len() > AFTER {
            self.judge()?;
            self.seen.pop_front();
        }
        self.cycle += 1;
        Ok(())
    }
    fn judged(&self) -> u64 {
        self.judged
    }
}

/// Is this an IDLE by its kind?
fn is_idle(slot: Slot) -> bool {
    slot.kind == slot_type::CONTROL && slot.data as u8 == IDLE
}
