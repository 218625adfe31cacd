//! Two links on one pair of lines, with clients that know what they sent, and faults between them.

use firstlight_hdl::link::Link;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::regs::events::bit;
use firstlight_spec::slot::Slot;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Words of a client's frames, in turn.
const LENGTHS: [usize; 6] = [8, 1, 3, 12, 2, 5];
/// Cycles without an offered beat between frames.
const GAPS: [u64; 4] = [0, 7, 1, 3];
/// Cycles after a reset in which a verdict of before may still come out.
const RESET_CYCLES: u64 = 8;

/// What the outside world does to one board in one cycle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outside {
    pub reset: bool,
    /// The board has no power: it begins again from power-on.
    pub off: bool,
    /// The clock does not tick.
    pub stopped: bool,
    /// What arrives instead of what the far end sent; `None` is an undisturbed line.
    pub slot: Option<Slot>,
    pub dark: bool,
}

/// A board: its link, its client, and what the client knows.
pub struct Side {
    link: Bench<Link>,
    mark: u64,
    frame: u64,
    beat: usize,
    gap: u64,
    held: bool,
    /// Frames that were begun, with the cycle; frames that came with a good verdict.
    pub begun: BTreeMap<u64, u64>,
    pub good: BTreeSet<u64>,
    /// Frames whose first word came and whose verdict did not yet.
    opened: VecDeque<Vec<u64>>,
    forget_at: Option<u64>,
    pub verdicts: u64,
    /// Each may take a verdict away that was not counted yet: it is counted a cycle later.
    pub power_losses: u64,
    pub bad: u64,
    pub events: [u64; 32],
    pub is_locked: bool,
    pub in_frame: bool,
    /// The client begins frames.
    pub talks: bool,
}

/// Both boards.
pub struct Pair {
    pub sides: [Side; 2],
    pub cycle: u64,
}

/// Word `k` of a frame; the first names it.
fn word(mark: u64, frame: u64, k: usize) -> u64 {
    if k == 0 {
        return mark << 56 | frame;
    }
    (mark << 56 | frame << 8 | k as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn length(frame: u64) -> usize {
    LENGTHS[frame as usize % LENGTHS.len()]
}

fn bench() -> Bench<Link> {
    Bench::new(Link::new(Target::Generic), |u| &mut u.clock).ticking_on_both_edges()
}

impl Side {
    fn new(mark: u64) -> Self {
        Side {
            link: bench(),
            mark,
            frame: 0,
            beat: 0,
            gap: 0,
            held: true,
            begun: BTreeMap::new(),
            good: BTreeSet::new(),
            opened: VecDeque::new(),
            forget_at: None,
            verdicts: 0,
            power_losses: 0,
            bad: 0,
            events: [0; 32],
            is_locked: false,
            in_frame: false,
            talks: true,
        }
    }

    /// How often an event of `firstlight_spec::regs::events` happened.
    pub fn count(&self, event: &str) -> u64 {
        self.events[bit(event)]
    }

    /// The slot on this board's line.
    fn line(&self) -> Slot {
        let (data, tc) = (self.link.uut.line_out_data.val().get(), self.link.uut.line_out_tc.val().get());
        Slot { data, kind: tc as u8 & 15, check: (tc >> 4) as u8 }
    }

    fn cycle(&mut self, cycle: u64, arriving: Slot, outside: Outside, far: u64) -> Result<(), String> {
        let words = length(self.frame);
        let offers = self.gap == 0 && (self.talks || self.beat > 0);
        let (data, last) = (word(self.mark, self.frame, self.beat), self.beat + 1 == words);
        let held = self.held;
        let (ready, out, done, events, status) = self.link.cycle(
            |u| {
                u.reset.next = outside.reset;
                u.settings.next.rung = W::new(2);
                u.line_in_data.next = W::new(arriving.data);
                u.line_in_tc.next = W::new(arriving.kind as u64 | (arriving.check as u64) << 4);
                u.line_in_light.next = !outside.dark;
                u.tx_hold.next = held;
                u.s_axis_tvalid.next = offers;
                u.s_axis_tdata.next = W::new(data);
                u.s_axis_tkeep.next = W::new(0xff);
                u.s_axis_tlast.next = last;
            },
            |u| {
                let beat = (u.m_axis_tdata.val().get(), u.m_axis_tkeep.val().any(), u.m_axis_tuser.val().get_bit(1));
                let out = u.m_axis_tvalid.val().then_some(beat);
                let done = u.frame_done.val().then(|| u.frame_good.val());
                (u.s_axis_tready.val(), out, done, u.events.val().get(), u.status.val())
            },
        );
        self.is_locked = status.locked;
        self.in_frame = status.tx_in_frame;
        self.held = !status.locked || !status.seen_state.get_bit(0);
        (0..32).for_each(|k| self.events[k] += events >> k & 1);
        if outside.reset {
            // the client restarts with its board
            (self.beat, self.gap) = (0, 4);
            self.frame += 1;
            self.forget_at = Some(cycle + RESET_CYCLES);
        } else if offers && ready {
            self.begun.entry(self.frame).or_insert(cycle);
            self.beat += 1;
            if last {
                self.gap = GAPS[self.frame as usize % GAPS.len()];
                self.beat = 0;
                self.frame += 1;
            }
        } else {
            self.gap = self.gap.saturating_sub(1);
        }
        self.receive(cycle, out, done, far)
    }

    /// The board has no power: link and client will begin again.
    fn lose_power(&mut self) {
        if self.link.cycles() > 0 {
            self.link = bench();
            (self.beat, self.gap, self.held) = (0, 4, true);
            (self.is_locked, self.in_frame, self.forget_at) = (false, false, None);
            self.frame += 1;
            self.power_losses += 1;
            self.opened.clear();
        }
    }

    fn receive(
        &mut self,
        cycle: u64,
        out: Option<(u64, bool, bool)>,
        done: Option<bool>,
        far: u64,
    ) -> Result<(), String> {
        if let Some((data, has_bytes, first)) = out {
            if first {
                self.opened.push_back(vec![]);
            }
            let frame = self.opened.back_mut().ok_or(format!("cycle {cycle}: a beat of no frame"))?;
            frame.extend(has_bytes.then_some(data));
        }
        if let Some(good) = done {
            self.verdicts += 1;
            self.bad += u64::from(!good);
            let is_resetting = self.forget_at.is_some();
            match self.opened.pop_front() {
                Some(words) if good => self.take(cycle, &words, far)?,
                None if !is_resetting => return Err(format!("cycle {cycle}: a verdict of no frame")),
                _ => {}
            }
        }
        if self.forget_at.is_some_and(|at| at <= cycle) {
            self.forget_at = None;
            self.opened.clear();
        }
        Ok(())
    }

    /// A frame of good verdict: whole, as it was sent, and for the first time.
    fn take(&mut self, cycle: u64, words: &[u64], far: u64) -> Result<(), String> {
        let first = words.first().copied().unwrap_or(0);
        let frame = first & 0xff_ffff_ffff_ffff;
        let want: Vec<u64> = (0..length(frame)).map(|k| word(far, frame, k)).collect();
        if words != want {
            return Err(format!("cycle {cycle}: {words:x?} came as good, frame {frame} was {want:x?}"));
        }
        if !self.good.insert(frame) {
            return Err(format!("cycle {cycle}: frame {frame} came as good twice"));
        }
        Ok(())
    }
}

impl Default for Pair {
    fn default() -> Self {
        Pair { sides: [Side::new(1), Side::new(2)], cycle: 0 }
    }
}

impl Pair {
    /// One cycle; what the outside does to each board.
    pub fn cycle(&mut self, outside: [Outside; 2]) -> Result<(), String> {
        let lines = [self.sides[1].line(), self.sides[0].line()];
        for (k, side) in self.sides.iter_mut().enumerate() {
            if outside[k].off {
                side.lose_power();
            } else if !outside[k].stopped {
                let arriving = outside[k].slot.unwrap_or(lines[k]);
                let far = 2 - k as u64;
                side.cycle(self.cycle, arriving, outside[k], far).map_err(|e| format!("board {k}: {e}"))?;
            }
        }
        self.cycle += 1;
        Ok(())
    }

    pub fn run(&mut self, cycles: u64) -> Result<(), String> {
        (0..cycles).try_for_each(|_| self.cycle([Outside::default(); 2]))
    }

    /// What arrives at board `k` if nothing disturbs it.
    pub fn arriving(&self, k: usize) -> Slot {
        self.sides[1 - k].line()
    }
}
