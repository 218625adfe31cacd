//! Two boards on one pair of fibres: each with link, laser block and registers, each transmitter through its own light.

use super::fibre::{Fibre, Received};
use super::parts::Part;
use crate::bench::Bench;
use crate::model::laser::policy::Setting;
use crate::traffic::Burst;
use firstlight_hdl::link_soc::LinkSoc;
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::regs::{events, laser, link};
use firstlight_spec::slot::Slot;
use std::collections::VecDeque;

const CLOCK_HZ: u64 = 156_250_000;
/// Cycles in which whatever moves must have moved.
const LIMIT_CYCLES: u64 = 1 << 20;

/// A slot on its way.
#[derive(Clone, Copy, Debug, Default)]
struct Flying {
    data: u64,
    tc: u64,
    light: bool,
}

/// One board, its client, and the fibre that leaves it.
struct Side {
    bench: Bench<LinkSoc>,
    light: Fibre,
    fibre: VecDeque<Flying>,
    bursts: VecDeque<Burst>,
    /// Idle cycles left, words left of the burst, cycles that its first word was held.
    gap: u64,
    words: u64,
    held: u64,
    resets: bool,
    counts: Counts,
}

/// What a board's client and receiver saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Frames sent.
    pub sent: u64,
    /// Received with a good verdict.
    pub good: u64,
    /// Received with a bad one.
    pub bad: u64,
    /// Cycles that the first word of each burst was held.
    pub held: Vec<u64>,
    /// Cycles without light at the board's own laser.
    pub dark_cycles: u64,
}

/// Both boards.
pub struct LitBoards {
    sides: [Side; 2],
}

impl Side {
    fn new(part: Part, cycle_ns: f64, fibre_cycles: usize, seed: u64) -> Self {
        Side {
            bench: Bench::new(LinkSoc::new(Target::Generic, CLOCK_HZ), |u| &mut u.clock),
            light: Fibre::new(part, cycle_ns, seed),
            fibre: VecDeque::from(vec![Flying::default(); fibre_cycles]),
            bursts: VecDeque::new(),
            gap: 0,
            words: 0,
            held: 0,
            resets: false,
            counts: Counts::default(),
        }
    }

    /// What arrives at the far end in this cycle.
    fn leaves(&mut self) -> Flying {
        let uut = &self.bench.uut;
        let Received { light, flips } = self.light.slot(uut.laser_en.val());
        let flips = Slot::from_line(flips);
        self.fibre.push_back(Flying {
            data: uut.line_out_data.val().get() ^ flips.data,
            tc: uut.line_out_tc.val().get() ^ (u64::from(flips.kind) | u64::from(flips.check) << 4),
            light,
        });
        self.fibre.pop_front().expect("one was added")
    }

    /// One cycle; `transfer` on the register bus. Gives the word of an acknowledge.
    fn cycle(&mut self, arrives: Flying, transfer: Option<(u32, Option<u32>)>) -> Option<u32> {
        if self.words == 0
            && self.gap == 0
            && let Some(burst) = self.bursts.pop_front()
        {
            (self.gap, self.words) = (u64::from(burst.gap), u64::from(burst.busy.saturating_sub(2).max(1)));
            self.held = 0;
        }
        let (offers, last) = (self.words > 0 && self.gap == 0, self.words == 1);
        let (ready, verdict, lit, answer) = self.bench.cycle(
            |u| {
                u.reset.next = self.resets;
                u.line_in_data.next = W::new(arrives.data);
                u.line_in_tc.next = W::new(arrives.tc);
                u.line_in_light.next = arrives.light;
                u.s_axis_tvalid.next = offers;
                u.s_axis_tdata.next = W::new(self.counts.sent << 20 | self.words);
                u.s_axis_tkeep.next = W::new(0xff);
                u.s_axis_tlast.next = last;
                u.m_axis_tready.next = true;
                u.wb_cyc.next = transfer.is_some();
                u.wb_stb.next = transfer.is_some();
                u.wb_we.next = transfer.is_some_and(|t| t.1.is_some());
                u.wb_adr.next = W::new(transfer.map_or(0, |t| u64::from(t.0)));
                u.wb_dat_w.next = W::new(transfer.and_then(|t| t.1).unwrap_or(0).into());
            },
            |u| {
                let verdict = u.frame_done.val().then(|| u.frame_good.val());
                let answer = u.wb_ack.val().then(|| u.wb_dat_r.val().get() as u32);
                (u.s_axis_tready.val(), verdict, u.laser_en.val(), answer)
            },
        );
        self.counts.good += u64::from(verdict == Some(true));
        self.counts.bad += u64::from(verdict == Some(false));
        self.counts.dark_cycles += u64::from(!lit);
        if self.gap > 0 {
            self.gap -= 1;
        } else if offers && ready {
            self.words -= 1;
            if self.held != u64::MAX {
                self.counts.held.push(self.held);
                self.held = u64::MAX;
            }
            self.counts.sent += u64::from(last);
        } else if offers && self.held != u64::MAX {
            self.held += 1;
        }
        answer
    }
}

impl LitBoards {
    /// Locked in both directions; each fibre takes `fibre_cycles`. Mode and times of each board's laser follow.
    pub fn new(part: Part, cycle_ns: f64, fibre_cycles: usize, lasers: [(u32, Setting); 2]) -> Self {
        let side = |seed| Side::new(part, cycle_ns, fibre_cycles, seed);
        let mut boards = LitBoards { sides: [side(1), side(2)] };
        for (k, (_, setting)) in lasers.iter().enumerate() {
            for (reg, value) in [
                (laser::T_ON, setting.t_on),
                (laser::MIN_ON, setting.min_on),
                (laser::MIN_OFF, setting.min_off),
                (laser::TIMEOUT, 1000),
            ] {
                boards.transfer(k, reg.word, Some(value as u32));
            }
        }
        let longest = part.t_on_cycles(cycle_ns) + part.min_on_cycles(cycle_ns) + u64::from(LOCK_IDLES);
        boards.run(2 * longest + 4 * fibre_cycles as u64 + 200);
        debug_assert!(boards.sides.iter().all(|s| s.bench.uut.status_locked.val()), "light all the time locks");
        for (k, (mode, _)) in lasers.iter().enumerate() {
            boards.transfer(k, laser::MODE.word, Some(*mode));
        }
        boards.run(2 * longest + 4 * fibre_cycles as u64);
        (0..2).for_each(|k| boards.command(k, link::CLEAR.mask()));
        boards.sides.iter_mut().for_each(|s| s.counts = Counts::default());
        boards
    }

    /// A command to the counters, until it is done.
    fn command(&mut self, board: usize, command: u32) {
        self.transfer(board, link::COMMAND.word, Some(command));
        while self.transfer(board, link::STATE.word, None) & 1 != 0 {}
    }

    /// Resets a board for some cycles.
    pub fn reset(&mut self, board: usize, cycles: u64) {
        self.sides[board].resets = true;
        self.run(cycles);
        self.sides[board].resets = false;
    }

    fn cycle(&mut self, transfer: Option<(usize, u32, Option<u32>)>) -> Option<u32> {
        let [a, b] = &mut self.sides;
        let (to_b, to_a) = (a.leaves(), b.leaves());
        let of = |k| transfer.filter(|t| t.0 == k).map(|t| (t.1, t.2));
        let (from_a, from_b) = (a.cycle(to_a, of(0)), b.cycle(to_b, of(1)));
        transfer.and_then(|t| if t.0 == 0 { from_a } else { from_b })
    }

    /// Lets cycles pass on both boards.
    pub fn run(&mut self, cycles: u64) {
        (0..cycles).for_each(|_| _ = self.cycle(None));
    }

    fn transfer(&mut self, board: usize, word: u32, write: Option<u32>) -> u32 {
        let answer = (0..LIMIT_CYCLES).find_map(|_| self.cycle(Some((board, word, write))));
        self.cycle(None);
        answer.expect("every transfer is acknowledged")
    }

    /// Plays each board's bursts, frames of `busy - 2` words after `gap` idle cycles, until all are sent or nothing
    /// was for so many cycles; what is on its way arrives.
    pub fn play(&mut self, bursts: [&[Burst]; 2], patience: u64) -> [Counts; 2] {
        for (side, bursts) in self.sides.iter_mut().zip(bursts) {
            side.bursts.extend(bursts);
        }
        let open = |s: &Side| s.words > 0 || !s.bursts.is_empty();
        let (mut sent, mut waited) = ([0; 2], 0);
        while self.sides.iter().any(open) && waited < patience {
            self.cycle(None);
            let now = [0, 1].map(|k| self.sides[k].counts.sent);
            waited = if now == sent { waited + 1 } else { 0 };
            sent = now;
        }
        self.run(64 + self.sides[0].fibre.len() as u64);
        [0, 1].map(|k| self.sides[k].counts.clone())
    }

    /// An event's counter of a board since the start.
    pub fn count(&mut self, board: usize, event: &str) -> u64 {
        self.command(board, link::SNAPSHOT.mask());
        let at = events::SNAPSHOT.word + 2 * events::bit(event) as u32;
        let [high, low] = [0, 1].map(|half| u64::from(self.transfer(board, at + half, None)));
        high << 32 | low
    }
}
