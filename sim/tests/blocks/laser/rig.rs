//! Drives the laser block as a link and its client would.

use firstlight_hdl::control::bus::{BIT_CYCLES, BusRequest, READ_CYCLES};
use firstlight_hdl::laser::enable::LaserEnable;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::laser::policy::{Outcome, Setting};
use firstlight_spec::regs::{Reg, laser};

/// Cycles of the burst that a run begins after.
pub const BURST_BEFORE: u64 = 100;

/// Outputs of one cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub light: bool,
    pub hold: bool,
    pub events: u64,
}

pub struct Rig {
    pub bench: Bench<LaserEnable>,
    /// (cycle, light, hold, client offered)
    pub log: Vec<(bool, bool, bool)>,
    pub totals: [u64; 8],
    /// A frame is open whatever the cycle says.
    in_frame: bool,
}

impl Rig {
    fn dark() -> Self {
        let bench = Bench::new(LaserEnable::default(), |u| &mut u.clock);
        Rig { bench, log: vec![], totals: [0; 8], in_frame: false }
    }

    /// At power-on, with a record of every port.
    pub fn recording() -> Self {
        let mut rig = Self::dark();
        rig.bench.start_recording();
        rig
    }

    /// With its registers set, at the end of a burst of [`BURST_BEFORE`] cycles, without a record.
    pub fn set(mode: u32, setting: Setting, timeout: u64) -> Self {
        Self::dark().after_a_burst(mode, setting, timeout)
    }

    /// Sets the registers and ends a burst of [`BURST_BEFORE`] cycles.
    pub fn after_a_burst(self, mode: u32, setting: Setting, timeout: u64) -> Self {
        let mut rig = self;
        rig.in_frame = true;
        rig.bench.uut.reset.next = true;
        rig.cycle(false, true, None);
        rig.bench.uut.reset.next = false;
        rig.write(&laser::T_ON, setting.t_on as u32);
        rig.write(&laser::MIN_ON, setting.min_on as u32);
        rig.write(&laser::MIN_OFF, setting.min_off as u32);
        rig.write(&laser::TIMEOUT, timeout as u32);
        rig.write(&laser::MODE, mode);
        while rig.log.len() < 1 + BURST_BEFORE as usize {
            rig.cycle(false, true, None);
        }
        rig.in_frame = false;
        rig
    }

    pub fn cycle(&mut self, valid: bool, in_frame: bool, hint: Option<u64>) -> Seen {
        let open = self.in_frame;
        let seen = self.bench.cycle(
            |u| {
                u.client_valid.next = valid;
                u.in_frame.next = in_frame | open;
                u.hint_valid.next = hint.is_some();
                u.hint_slots.next = W::new(hint.unwrap_or(0));
            },
            |u| Seen { light: u.laser_en.val(), hold: u.tx_hold.val(), events: u.events.val().get() },
        );
        self.log.push((seen.light, seen.hold, valid));
        for (k, total) in self.totals.iter_mut().enumerate() {
            *total += seen.events >> k & 1;
        }
        seen
    }

    /// A request with its strobe; the cycles that the fabric grants follow.
    fn request(&mut self, reg: &Reg, write: bool, data: u32) -> BusRequest {
        let (address, data) = (W::new(reg.word as u64), W::new(data as u64));
        let asked = BusRequest { write, address, data, ..Default::default() };
        self.bench.uut.bus_request.next = BusRequest { strobe: true, ..asked };
        self.cycle(false, false, None);
        self.bench.uut.bus_request.next = asked;
        for _ in 0..READ_CYCLES - 1 {
            self.cycle(false, false, None);
        }
        asked
    }

    pub fn write(&mut self, reg: &Reg, data: u32) {
        self.request(reg, true, data);
    }

    /// Reads the bits of a register from `lsb` on.
    fn read(&mut self, reg: &Reg, lsb: u32, bits: u32) -> u64 {
        let asked = self.request(reg, false, 0);
        let mut value = 0;
        for n in 0..bits {
            self.bench.uut.bus_request.next = BusRequest { step: W::new((lsb + n) as u64), ..asked };
            for _ in 0..BIT_CYCLES {
                self.cycle(false, false, None);
            }
            value |= (self.bench.uut.bus_read.val() as u64) << n;
        }
        value
    }

    pub fn idle(&mut self, cycles: u64) {
        for _ in 0..cycles {
            self.cycle(false, false, None);
        }
    }

    /// Idle cycles of which the last `notice` follow a hint, one cycle after it.
    pub fn announce_after(&mut self, quiet: u64, notice: u64) {
        self.idle(quiet.saturating_sub(1));
        self.cycle(false, false, Some(notice));
        self.idle(notice);
    }

    /// Offers a frame of `words` until it is taken, with its two tail slots; returns the cycles that it was held.
    pub fn frame(&mut self, words: u64) -> u64 {
        let mut held = 0;
        while self.cycle(true, false, None).hold {
            held += 1;
            assert!(held < 10_000, "held for ever");
        }
        (1..words).for_each(|_| assert!(!self.cycle(true, true, None).hold, "held within a frame"));
        (0..2).for_each(|_| assert!(!self.cycle(false, true, None).hold, "held within a tail"));
        held
    }

    /// A gap of `gap` cycles, announced `notice` cycles before its end, then `busy` cycles of burst. When the next
    /// gap is shorter than the notice, the burst announces its successor, as early as it can.
    pub fn gap_and_burst(&mut self, gap: u64, notice: u64, busy: u64, next_gap: u64) -> Outcome {
        self.log.clear();
        // the port counts from the cycle after
        let now = |t: u64, end: u64| (notice > 0 && t + notice + 1 == end).then_some(notice);
        let mut out = Outcome { gap, ..Outcome::default() };
        let mut lit = true;
        let mut see = |seen: Seen| {
            out.dark += !seen.light as u64;
            out.wake_ups += (seen.light && !lit) as u64;
            lit = seen.light;
            seen.hold
        };
        for t in 0..gap {
            see(self.cycle(false, false, now(t, gap)));
        }
        let mut held = 0;
        while see(self.cycle(true, false, None)) {
            held += 1;
            assert!(held < 10_000, "held for ever");
        }
        out.held = held;
        for t in 1..busy {
            let left = busy + next_gap - 2;
            let early = if left < notice && t == 1 { Some(left) } else { now(t, busy + next_gap) };
            assert!(!self.cycle(true, true, early).hold, "held within a burst");
        }
        out
    }

    /// The credit, read while the last burst goes on.
    pub fn credit(&mut self) -> u64 {
        self.in_frame = true;
        self.read(&laser::STATUS, laser::CREDIT.lsb, laser::CREDIT.width)
    }
}
