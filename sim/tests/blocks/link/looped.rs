//! A link whose line comes back to it, and a client on both sides.

use firstlight_hdl::link::{Link, LinkConfig, RxSlot};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::slot::{DATA_BITS, Slot};
use std::collections::VecDeque;

/// What the client offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Offer {
    pub data: u64,
    pub bytes: u8,
    pub last: bool,
    pub abort: bool,
}

/// What the client sees in one cycle.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Seen {
    pub ready: bool,
    pub valid: bool,
    pub data: u64,
    pub keep: u64,
    pub last: bool,
    pub null: bool,
    pub first: bool,
    pub done: bool,
    pub good: bool,
    pub reason: u8,
    pub sequence: u16,
    pub events: u32,
    pub slot: RxSlot,
}

/// The wired link and its clients.
pub struct Loop {
    pub bench: Bench<Link>,
    pub config: LinkConfig,
    pub hold: bool,
    pub dark: bool,
}

impl Loop {
    pub fn new(rung: u64) -> Self {
        Loop::of(Link::new(Target::Generic), rung)
    }

    pub fn of(link: Link, rung: u64) -> Self {
        let config = LinkConfig { rung: W::new(rung), ..LinkConfig::default() };
        let bench = Bench::new(link, |u| &mut u.clock);
        Loop { bench, config, hold: false, dark: false }
    }

    /// The same, locked.
    pub fn locked(rung: u64) -> Self {
        let mut link = Loop::new(rung);
        let limit = firstlight_spec::limits::LOCK_IDLES as u64 + 16;
        for _ in 0..limit {
            link.cycle(None, 0);
        }
        assert!(link.bench.uut.status.val().locked, "an undisturbed line locks");
        link
    }

    /// The slot that the line register holds now; `cycle` sends it.
    pub fn line(&self) -> Slot {
        let (data, tc) = (self.bench.uut.line_out_data.val().get(), self.bench.uut.line_out_tc.val().get());
        Slot { data, kind: tc as u8 & 15, check: (tc >> 4) as u8 }
    }

    /// One cycle in which the line carries `slot`, whatever the transmitter sends.
    pub fn receive(&mut self, slot: Slot) -> Seen {
        self.cycle_with(None, slot)
    }

    /// The same, with a client.
    pub fn cycle_with(&mut self, offer: Option<Offer>, slot: Slot) -> Seen {
        self.cycle(offer, self.line().to_line() ^ slot.to_line())
    }

    /// One cycle; `flip` inverts bits of the slot on the line, by line position.
    pub fn cycle(&mut self, offer: Option<Offer>, flip: u128) -> Seen {
        let flips = Slot::from_line(flip);
        let (config, hold, dark) = (self.config, self.hold, self.dark);
        self.bench.cycle(
            |u| {
                u.s_axis_tvalid.next = offer.is_some();
                // what stands on the bus without `tvalid` must not matter
                let beat = offer.unwrap_or(Offer { data: 0x5a5a_0ff0_1234_8001, bytes: 3, last: true, abort: true });
                u.s_axis_tdata.next = W::new(beat.data);
                u.s_axis_tkeep.next = W::new((1 << beat.bytes) - 1);
                u.s_axis_tlast.next = beat.last;
                u.s_axis_tuser.next = beat.abort;
                u.tx_hold.next = hold;
                u.settings.next = config;
                // the line register settled after the last edge: wired straight back
                let flip_tc = flips.kind as u64 | (flips.check as u64) << 4;
                u.line_in_data.next = u.line_out_data.val() ^ W::new(flips.data);
                u.line_in_tc.next = u.line_out_tc.val() ^ W::new(flip_tc);
                u.line_in_light.next = !dark;
            },
            |link| Seen {
                ready: link.s_axis_tready.val(),
                valid: link.m_axis_tvalid.val(),
                data: link.m_axis_tdata.val().get(),
                keep: link.m_axis_tkeep.val().get(),
                last: link.m_axis_tlast.val(),
                null: link.m_axis_tuser.val().get_bit(0),
                first: link.m_axis_tuser.val().get_bit(1),
                done: link.frame_done.val(),
                good: link.frame_good.val(),
                reason: link.frame_reason.val().get() as u8,
                sequence: link.frame_sequence.val().get() as u16,
                events: link.events.val().get() as u32,
                slot: link.slot_now.val(),
            },
        )
    }
}

/// What came out of a run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Accepted beats with their cycle; beats at the receiver; verdicts.
    pub sent: Vec<(u64, Offer)>,
    pub beats: Vec<(u64, Seen)>,
    pub verdicts: Vec<(u64, Seen)>,
    /// How often each event happened.
    pub events: [u64; 32],
    /// Every slot that stood in the line register.
    pub line: Vec<Slot>,
}

impl Run {
    /// Offers the frames beat by beat, `pause` cycles before each, then lets the line run empty. `flip` says for
    /// every cycle which positions are hit.
    pub fn of(
        link: &mut Loop,
        frames: &[Vec<Offer>],
        mut pause: impl FnMut() -> u64,
        mut flip: impl FnMut(u64, Slot) -> u128,
    ) -> Run {
        let mut run = Run::default();
        let mut beats: VecDeque<Offer> = frames.iter().flatten().copied().collect();
        let (mut wait, mut drain) = (pause(), DRAIN_CYCLES);
        while drain > 0 {
            let cycle = link.bench.cycles();
            let offer = if wait == 0 { beats.front().copied() } else { None };
            wait = wait.saturating_sub(1);
            let line = link.line();
            run.line.push(line);
            let seen = link.cycle(offer, flip(cycle, line));
            if let Some(beat) = offer
                && seen.ready
            {
                run.sent.push((cycle, beat));
                beats.pop_front();
                wait = pause();
            }
            if seen.valid {
                run.beats.push((cycle, seen));
            }
            if seen.done {
                run.verdicts.push((cycle, seen));
            }
            (0..32).for_each(|k| run.events[k] += seen.events as u64 >> k & 1);
            if beats.is_empty() {
                drain -= 1;
            }
        }
        run
    }

    /// How often an event of `firstlight_spec::regs::events` happened.
    pub fn count(&self, event: &str) -> u64 {
        self.events[firstlight_spec::regs::events::bit(event)]
    }
}

/// Cycles after the last beat in which everything comes out.
const DRAIN_CYCLES: u64 = 24;

/// A frame of `bytes` with contents from `random`.
pub fn frame(bytes: usize, random: &mut impl FnMut() -> u64) -> Vec<Offer> {
    let words = bytes.div_ceil(DATA_BITS / 8);
    let beat = |k: usize, data: u64| {
        let last = k + 1 == words;
        Offer { data, bytes: if last { (bytes - 8 * k) as u8 } else { 8 }, last, abort: false }
    };
    (0..words).map(|k| beat(k, random())).collect()
}
