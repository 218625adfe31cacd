//! What the line must carry one cycle after the client: words with their type and check bits, IDLE, END, parity words.

use super::{input, is_idle};
use firstlight_sim::model::framing::transmitter::{Ending, slots};
use firstlight_spec::control::Idle;
use firstlight_spec::slot::{Slot, slot_type};
use std::collections::VecDeque;

/// Last word accepted to END on the line: the last word, one IDLE, END.
const END_CYCLES: u64 = 3;
/// A client that stalls: END follows the last beat by so many cycles more than the limit.
const STALL_CYCLES: u64 = 7;
/// Cycles after a reset in which an END comes that was being prepared; parity words that were.
const END_UNDER_WAY: u64 = 2;
const PARITY_UNDER_WAY: u64 = 1;
/// Cycles after power-on before the line carries code words.
const START_CYCLES: u64 = 4;
const PARITY_BIT: u32 = 2;
const STALL_LIMIT_LSB: u32 = 37;

/// A frame that waits for its END.
struct Tail {
    due: u64,
    words: Vec<u64>,
    last_bytes: u8,
    parity: bool,
    /// A reset came: its parity words are not sent.
    is_cut: bool,
    ending: Ending,
}

/// The transmitter's state as the client knows it.
#[derive(Default)]
pub struct Transmitter {
    /// Words of the frame that is being accepted.
    words: Vec<u64>,
    /// The rest of a frame that was ended for a stall goes nowhere.
    swallows: bool,
    /// The word that the line carries next.
    next: Option<Slot>,
    tail: Option<Tail>,
    /// Parity words and their cycles.
    parity: VecDeque<(u64, Slot)>,
    /// Words of a frame that a reset cut, and the cycle until which its END may come if the client had stalled.
    cut: (u64, Vec<u64>),
    /// Number of the next END.
    sequence: u16,
    /// The parity setting of the last cycles, newest first.
    settings: VecDeque<bool>,
    /// Cycle of the last beat; the limit for stalls, and since when it has been that.
    last_beat: u64,
    limit: (u64, u64),
}

impl Transmitter {
    /// One cycle: `line` is the slot that stands in the line register now.
    pub fn cycle(&mut self, cycle: u64, inputs: &[u128], ready: bool, line: Slot) -> Result<(), String> {
        if cycle >= START_CYCLES {
            self.check(cycle, line)?;
        }
        self.settings.push_front(inputs[input::SETTINGS] >> PARITY_BIT & 1 != 0);
        self.settings.truncate(END_CYCLES as usize);
        let limit = (inputs[input::SETTINGS] >> STALL_LIMIT_LSB) as u64 & 0xffff;
        if limit != self.limit.0 {
            self.limit = (limit, cycle);
        }
        self.next = None;
        if ready && inputs[input::TVALID] != 0 {
            self.accept(cycle, inputs);
        }
        if inputs[input::RESET] != 0 {
            self.cut = (cycle + END_UNDER_WAY, std::mem::take(&mut self.words));
            self.swallows = false;
            self.tail.take_if(|tail| tail.due > cycle + END_UNDER_WAY);
            if let Some(tail) = &mut self.tail {
                tail.is_cut = true;
            }
            self.parity.retain(|(due, _)| *due <= cycle + PARITY_UNDER_WAY);
        }
        Ok(())
    }

    fn check(&mut self, cycle: u64, line: Slot) -> Result<(), String> {
        let differs = |want: &str| Err(format!("line in cycle {cycle}: {line:x?}, expected {want}"));
        if line.syndrome() != 0 {
            return differs("a code word");
        }
        if let Some(want) = self.next {
            return if line == want { Ok(()) } else { differs(&format!("the client's word {want:x?}")) };
        }
        if self.parity.front().is_some_and(|(due, _)| *due == cycle)
            && let Some((_, want)) = self.parity.pop_front()
        {
            return if line == want { Ok(()) } else { differs(&format!("parity {want:x?}")) };
        }
        if let Some(tail) = self.tail.take_if(|t| t.due == cycle) {
            return self.end(cycle, tail, line);
        }
        if is_idle(line) {
            return if Idle::from_data(line.data).is_some() { Ok(()) } else { differs("an IDLE with its fixed bits") };
        }
        // END without a last word: the client stalled
        let parity = self.settings.get(END_CYCLES as usize - 1) == Some(&true);
        let is_cut = self.words.is_empty() && cycle <= self.cut.0;
        let words = std::mem::take(if is_cut { &mut self.cut.1 } else { &mut self.words });
        let (limit, since) = self.limit;
        let is_due = since >= self.last_beat || cycle == self.last_beat + limit + STALL_CYCLES;
        if words.is_empty() || line.kind != slot_type::CONTROL || cycle <= self.last_beat + STALL_CYCLES || !is_due {
            return differs("IDLE");
        }
        self.swallows = !is_cut;
        self.end(cycle, Tail { due: cycle, words, last_bytes: 8, parity, is_cut, ending: Ending::Stalled }, line)
    }

    /// END stands on the line now; its parity words follow.
    fn end(&mut self, cycle: u64, tail: Tail, line: Slot) -> Result<(), String> {
        let all = slots(&tail.words, tail.last_bytes, self.sequence, tail.parity, tail.ending);
        let mut rest = all[tail.words.len()..].iter();
        self.sequence = self.sequence.wrapping_add(1);
        let want = rest.next();
        self.parity = (cycle + 1..).zip(rest.copied()).filter(|_| !tail.is_cut).collect();
        if want == Some(&line) {
            return Ok(());
        }
        Err(format!("line in cycle {cycle}: {line:x?}, expected END {want:x?} of {} words", tail.words.len()))
    }

    fn accept(&mut self, cycle: u64, inputs: &[u128]) {
        let is_last = inputs[input::TLAST] != 0;
        if self.swallows {
            self.swallows = !is_last;
            return;
        }
        let (data, bytes) = (inputs[input::TDATA] as u64, inputs[input::TKEEP].count_ones() as u8);
        self.words.push(data);
        self.last_beat = cycle;
        let kind = match (is_last, self.words.len()) {
            (true, _) => slot_type::last(bytes as usize),
            (false, 1) => slot_type::FIRST,
            (false, _) => slot_type::MORE,
        };
        self.next = Some(Slot::new(data, kind));
        if is_last {
            let ending = if inputs[input::TUSER] != 0 { Ending::Aborted } else { Ending::Last };
            let parity = self.settings.front() == Some(&true);
            let words = std::mem::take(&mut self.words);
            self.tail = Some(Tail { due: cycle + END_CYCLES, words, last_bytes: bytes, parity, is_cut: false, ending });
        }
    }
}
