//! The gateware's link and laser block with laser, fibre and burst receiver between transmitter and receiver.

use super::fibre::{Fibre, Received};
use super::parts::Part;
use crate::bench::Bench;
use crate::model::laser::policy::Setting;
use crate::traffic::Burst;
use crate::traffic::random::Random;
use firstlight_hdl::control::bus::{BusRequest, READ_CYCLES};
use firstlight_hdl::laser::enable::LaserEnable;
use firstlight_hdl::link::{Link, LinkConfig};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_spec::limits::LOCK_IDLES;
use firstlight_spec::regs::{Reg, events, laser};
use firstlight_spec::slot::Slot;

/// Cycles for everything on its way to arrive.
const DRAIN_CYCLES: u64 = 64;
/// L2: one wrong bit a word is corrected.
const RUNG: u64 = 2;

/// A link whose transmitter reaches its own receiver through light.
pub struct LitLink {
    link: Bench<Link>,
    laser: Bench<LaserEnable>,
    fibre: Fibre,
    random: Random,
    totals: Arrived,
}

/// What became of some frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Frames sent.
    pub sent: u64,
    /// Received whole, with a good verdict.
    pub good: u64,
    /// Words in which one wrong bit was corrected.
    pub corrected: u64,
    /// Times the receiver lost its alignment.
    pub lock_losses: u64,
    /// Cycles in which a first beat was held.
    pub held_cycles: u64,
    /// Cycles without light.
    pub dark_cycles: u64,
}

impl LitLink {
    /// Locked, with the light on; `mode` and `setting` in the laser's registers, `min_on` and `min_off` as they stand there.
    pub fn new(part: Part, cycle_ns: f64, mode: u32, setting: &Setting, seed: u64) -> Self {
        let mut lit = LitLink {
            link: Bench::new(Link::new(Target::Generic), |u| &mut u.clock),
            laser: Bench::new(LaserEnable::default(), |u| &mut u.clock),
            fibre: Fibre::new(part, cycle_ns, seed),
            random: Random::new(seed, 0x12),
            totals: Arrived::default(),
        };
        let longest = part.t_on_cycles(cycle_ns) + part.min_on_cycles(cycle_ns) + u64::from(LOCK_IDLES);
        for (reg, value) in [
            (laser::T_ON, setting.t_on),
            (laser::MIN_ON, setting.min_on),
            (laser::MIN_OFF, setting.min_off),
            (laser::TIMEOUT, 1000),
        ] {
            lit.write(&reg, value as u32);
        }
        for _ in 0..longest + DRAIN_CYCLES {
            lit.cycle(None);
        }
        debug_assert!(lit.link.uut.status.val().locked, "light all the time locks");
        lit.write(&laser::MODE, mode);
        lit.totals = Arrived::default();
        lit
    }

    fn write(&mut self, reg: &Reg, value: u32) {
        let data = W::new(u64::from(value));
        let address = W::new(u64::from(reg.word));
        let request = BusRequest { strobe: true, write: true, address, data, ..BusRequest::default() };
        self.laser.uut.bus_request.next = request;
        self.cycle(None);
        self.laser.uut.bus_request.next = BusRequest { strobe: false, ..request };
        for _ in 0..READ_CYCLES {
            self.cycle(None);
        }
    }

    /// One cycle in which the client offers a word, and whether it is the last of its frame; was it taken?
    fn cycle(&mut self, offer: Option<(u64, bool)>) -> bool {
        let laser = &self.laser.uut;
        let (enable, hold) = (laser.laser_en.val(), laser.tx_hold.val());
        let in_frame = self.link.uut.status.val().tx_in_frame;
        let Received { light, flips } = self.fibre.slot(enable);
        self.laser.cycle(
            |u| {
                u.client_valid.next = offer.is_some();
                u.in_frame.next = in_frame;
            },
            |_| {},
        );
        let flips = Slot::from_line(flips);
        let tc = u64::from(flips.kind) | u64::from(flips.check) << 4;
        let (ready, done, good, events) = self.link.cycle(
            |u| {
                u.s_axis_tvalid.next = offer.is_some();
                let (data, last) = offer.unwrap_or_default();
                u.s_axis_tdata.next = W::new(data);
                u.s_axis_tkeep.next = W::new(0xff);
                u.s_axis_tlast.next = last;
                u.tx_hold.next = hold;
                u.settings.next = LinkConfig { rung: W::new(RUNG), ..LinkConfig::default() };
                u.line_in_data.next = u.line_out_data.val() ^ W::new(flips.data);
                u.line_in_tc.next = u.line_out_tc.val() ^ W::new(tc);
                u.line_in_light.next = light;
            },
            |u| (u.s_axis_tready.val(), u.frame_done.val(), u.frame_good.val(), u.events.val().get()),
        );
        let event = |name| events >> events::bit(name) & 1;
        self.totals.good += u64::from(done && good);
        self.totals.corrected += event("corrected");
        self.totals.lock_losses += event("lock_losses");
        self.totals.held_cycles += u64::from(offer.is_some() && hold);
        self.totals.dark_cycles += u64::from(!enable);
        ready
    }

    /// Plays bursts, each a frame of `busy - 2` words after `gap` idle cycles.
    pub fn play(&mut self, bursts: &[Burst]) -> Arrived {
        for burst in bursts {
            for _ in 0..burst.gap {
                self.cycle(None);
            }
            let words = burst.busy.saturating_sub(2).max(1);
            for word in 0..words {
                let data = (self.random.uniform() * (1u64 << 53) as f64) as u64;
                while !self.cycle(Some((data, word + 1 == words))) {}
            }
            self.totals.sent += 1;
        }
        for _ in 0..DRAIN_CYCLES {
            self.cycle(None);
        }
        self.totals
    }
}
