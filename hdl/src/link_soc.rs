//! The link for a SoC: the client's own streams, laser and registers behind a Wishbone port.
//!
//! ```text
//!              +-----------------------LinkSoc------------------------+
//!  wb_*    <-> | Fabric <-> id, link, ladder, laser, event counters    |
//!  s_axis_* -> | Link tx ----------------------------------------------|-> line_out_*
//!  s_hint_* -> | LaserEnable ------------------------------------------|-> laser_en
//!  m_axis_* <- | Link rx <---------------------------------------------|-- line_in_*, line_in_light
//!  frame_*  <- | Overrun                                               |
//!  cut_*    <- | captured, uncorrected                                 |
//!              +-------------------------------------------------------+
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | registers   | groups id, link, ladder and laser of `spec::regs`, and the event counters; all others read zero |
//! | `wb_*`      | Wishbone classic, word addresses, a write in 12 cycles, a read in 49: [`crate::control`] has its rules |
//! | latency     | that of the link: 3 cycles, accepted beat to valid beat, line out wired to line in; 2 to `cut_*` |
//! | verdict     | `frame_done` as from the link; `frame_good` also needs that every beat was taken |
//! | `s_axis_tready` | low outside frames until the laser is ready and both ends are locked (unless always on: or aligned in darkness), and for a frame's tail |
//! | `m_axis_tready` | delays nothing: a beat that is not taken is lost, counted, and spoils its frame; tie it high to do without |
//! | `s_hint_*`  | a burst starts not earlier than in `s_hint_slots` cycles; tie `s_hint_valid` low to do without |
//! | comb. paths | none from `wb_*` to the streams |
//! | reset       | synchronous, active high: drops the lock, forgets open frames; registers keep their values |
//!
//! One clock for all ports. `s_axis_*`, `m_axis_*`, `frame_*`, `line_*` and `cut_*` are those of [`crate::link`], where
//! their rules stand.

use crate::control::fabric::Fabric;
use crate::control::id_regs::IdRegs;
use crate::control::ladder::Ladder;
use crate::control::link_regs::LinkRegs;
use crate::control::settings::Settings;
use crate::forward::overrun::Overrun;
use crate::laser::enable::{EVENTS_LSB as LASER_EVENTS_LSB, LaserEnable};
use crate::link::Link;
use crate::measure::event_counters::EventCounters;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::target::Target;
use crate::word::*;
use firstlight_spec::regs::{events, id, laser, link};

/// Blocks that answer on the register bus: bit by bit, in words.
const IN_BITS: usize = 5;
const IN_WORDS: usize = 1;

const _: () = assert!(LASER_EVENTS_LSB == 20 && events::bit("overruns") == 16 && events::bit("cycles") == 30);

/// Registered between line, laser and transmitter.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct State {
    /// The far end, or this one, is not aligned.
    hold: Bit,
    rung: W<2>,
    events: W<32>,
}

/// The link with its registers.
#[derive(LogicBlock)]
pub struct LinkSoc {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub wb_cyc: Signal<In, Bit>,
    pub wb_stb: Signal<In, Bit>,
    pub wb_we: Signal<In, Bit>,
    /// Word address.
    pub wb_adr: Signal<In, W<13>>,
    pub wb_dat_w: Signal<In, W<32>>,
    pub wb_dat_r: Signal<Out, W<32>>,
    pub wb_ack: Signal<Out, Bit>,
    pub s_axis_tdata: Signal<In, W<64>>,
    pub s_axis_tkeep: Signal<In, W<8>>,
    pub s_axis_tvalid: Signal<In, Bit>,
    pub s_axis_tlast: Signal<In, Bit>,
    pub s_axis_tuser: Signal<In, Bit>,
    pub s_axis_tready: Signal<Out, Bit>,
    pub s_hint_valid: Signal<In, Bit>,
    pub s_hint_slots: Signal<In, W<16>>,
    pub m_axis_tdata: Signal<Out, W<64>>,
    pub m_axis_tkeep: Signal<Out, W<8>>,
    pub m_axis_tvalid: Signal<Out, Bit>,
    pub m_axis_tready: Signal<In, Bit>,
    pub m_axis_tlast: Signal<Out, Bit>,
    pub m_axis_tuser: Signal<Out, W<2>>,
    pub frame_done: Signal<Out, Bit>,
    pub frame_good: Signal<Out, Bit>,
    /// A code of `firstlight_spec::verdict`; that of a good frame when only a beat was not taken.
    pub frame_reason: Signal<Out, W<4>>,
    pub frame_sequence: Signal<Out, W<16>>,
    pub cut_data: Signal<Out, W<64>>,
    pub cut_tc: Signal<Out, W<12>>,
    pub cut_valid: Signal<Out, Bit>,
    pub line_out_data: Signal<Out, W<64>>,
    pub line_out_tc: Signal<Out, W<12>>,
    pub line_in_data: Signal<In, W<64>>,
    pub line_in_tc: Signal<In, W<12>>,
    pub line_in_light: Signal<In, Bit>,
    pub laser_en: Signal<Out, Bit>,
    pub status_locked: Signal<Out, Bit>,
    pub status_light: Signal<Out, Bit>,
    fabric: Quiet<Fabric<IN_BITS, IN_WORDS>>,
    id: Quiet<IdRegs>,
    settings: Quiet<Settings>,
    link_regs: Quiet<LinkRegs>,
    ladder: Quiet<Ladder>,
    laser: Quiet<LaserEnable>,
    link: Quiet<Link>,
    overrun: Overrun,
    counters: Quiet<EventCounters>,
    r: DFF<State>,
    hold: Signal<Local, Bit>,
    first: Signal<Local, W<2>>,
    own: Signal<Local, W<32>>,
    laser_events: Signal<Local, W<32>>,
    seen_state: Signal<Local, W<3>>,
}

impl LinkSoc {
    /// Word accepted to word valid, from the link.
    pub const LATENCY: u64 = firstlight_spec::budget::CLIENT_TO_CLIENT_CYCLES;

    /// `clock_hz` is what `id_clock_hz` says.
    pub fn new(target: Target, clock_hz: u64) -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            wb_cyc: Default::default(),
            wb_stb: Default::default(),
            wb_we: Default::default(),
            wb_adr: Default::default(),
            wb_dat_w: Default::default(),
            wb_dat_r: Default::default(),
            wb_ack: Default::default(),
            s_axis_tdata: Default::default(),
            s_axis_tkeep: Default::default(),
            s_axis_tvalid: Default::default(),
            s_axis_tlast: Default::default(),
            s_axis_tuser: Default::default(),
            s_axis_tready: Default::default(),
            s_hint_valid: Default::default(),
            s_hint_slots: Default::default(),
            m_axis_tdata: Default::default(),
            m_axis_tkeep: Default::default(),
            m_axis_tvalid: Default::default(),
            m_axis_tready: Default::default(),
            m_axis_tlast: Default::default(),
            m_axis_tuser: Default::default(),
            frame_done: Default::default(),
            frame_good: Default::default(),
            frame_reason: Default::default(),
            frame_sequence: Default::default(),
            cut_data: Default::default(),
            cut_tc: Default::default(),
            cut_valid: Default::default(),
            line_out_data: Default::default(),
            line_out_tc: Default::default(),
            line_in_data: Default::default(),
            line_in_tc: Default::default(),
            line_in_light: Default::default(),
            laser_en: Default::default(),
            status_locked: Default::default(),
            status_light: Default::default(),
            fabric: Default::default(),
            id: Quiet::new(IdRegs::new(id::LASER.mask() | id::LANES.mask(), clock_hz)),
            settings: Quiet::new(Settings::new(&[id::REGS, link::REGS, laser::REGS])),
            link_regs: Default::default(),
            ladder: Default::default(),
            laser: Default::default(),
            link: Quiet::new(Link::new(target)),
            overrun: Default::default(),
            counters: Default::default(),
            r: Default::default(),
            hold: Default::default(),
            first: Default::default(),
            own: Default::default(),
            laser_events: Default::default(),
            seen_state: Default::default(),
        }
    }
}

impl Logic for LinkSoc {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, fabric, id, settings, link_regs, ladder, laser, link, overrun, counters);

        // register bus
        self.fabric.cyc.next = self.wb_cyc.val();
        self.fabric.stb.next = self.wb_stb.val();
        self.fabric.we.next = self.wb_we.val();
        self.fabric.adr.next = self.wb_adr.val();
        self.fabric.dat_w.next = self.wb_dat_w.val();
        self.wb_dat_r.next = self.fabric.dat_r.val();
        self.wb_ack.next = self.fabric.ack.val();
        self.id.request.next = self.fabric.request.val();
        self.settings.request.next = self.fabric.request.val();
        self.link_regs.request.next = self.fabric.request.val();
        self.ladder.request.next = self.fabric.request.val();
        self.laser.bus_request.next = self.fabric.request.val();
        self.counters.bus_request.next = self.fabric.request.val();
        self.fabric.answers[0].next = self.id.bus_read.val();
        self.fabric.answers[1].next = self.settings.bus_read.val();
        self.fabric.answers[2].next = self.link_regs.bus_read.val();
        self.fabric.answers[3].next = self.laser.bus_read.val();
        self.fabric.words[0].next = self.ladder.bus_read.val();
        self.fabric.answers[4].next = self.counters.bus_read.val();
        self.id.bone_error.next = false;

        // what registers tell the link
        self.link.reset.next = self.reset.val();
        self.r.d.next.rung = self.ladder.rung.val();
        self.link.settings.next.rung = self.r.q.val().rung;
        self.link.settings.next.tx_parity = self.ladder.tx_parity.val();
        self.link.settings.next.silence_slots = self.link_regs.silence_slots.val();
        self.link.settings.next.request = self.ladder.idle_request.val();
        self.link.settings.next.hint = 0.into();
        self.link.settings.next.stall_limit = self.laser.stall_limit.val();
        self.link.settings.next.relock = self.link_regs.relock.val();
        self.link.settings.next.sleeps = self.laser.sleeps.val();

        // what the link tells registers and ladder
        self.link_regs.locked.next = self.link.status.val().locked;
        self.link_regs.light.next = self.link.status.val().light;
        self.link_regs.rx_in_frame.next = self.link.status.val().rx_in_frame;
        self.link_regs.rung_now.next = self.r.q.val().rung;
        self.link_regs.seen_state.next = self.link.status.val().seen_state;
        self.link_regs.seen_request.next = self.link.status.val().seen_request;
        self.link_regs.seen_hint.next = self.link.status.val().seen_hint;
        self.link_regs.snapshot_busy.next = self.counters.busy.val();
        self.ladder.host_rung.next = self.link_regs.rung.val();
        self.ladder.host_tx_parity.next = self.link_regs.tx_parity.val();
        self.ladder.host_request.next = self.link_regs.idle_request.val();
        self.ladder.adaptive.next = self.link_regs.adaptive.val();
        self.ladder.seen_request.next = self.link.status.val().seen_request;
        self.ladder.rx_in_frame.next = self.link.status.val().rx_in_frame;
        self.ladder.slot.next = self.link.events.val().get_bit(0);
        self.ladder.corrected.next = self.link.events.val().get_bit(1);
        self.ladder.bad.next = self.link.events.val().get_bit(2) | self.link.events.val().get_bit(3);

        // a new frame waits for the laser and for both ends
        self.laser.reset.next = self.reset.val();
        self.laser.link_down.next = self.r.q.val().hold;
        self.laser.client_valid.next = self.s_axis_tvalid.val();
        self.laser.in_frame.next = self.link.status.val().tx_in_frame;
        self.laser.hint_valid.next = self.s_hint_valid.val();
        self.laser.hint_slots.next = self.s_hint_slots.val();
        self.laser_en.next = self.laser.laser_en.val();
        self.seen_state.next = self.link.status.val().seen_state;
        self.r.d.next.hold = !self.link.status.val().aligned | !self.seen_state.val().get_bit(0);
        self.hold.next = self.laser.tx_hold.val() | self.r.q.val().hold;
        self.link.tx_hold.next = self.hold.val();
        self.link_regs.holding.next = self.hold.val();

        // the client
        self.link.s_axis_tdata.next = self.s_axis_tdata.val();
        self.link.s_axis_tkeep.next = self.s_axis_tkeep.val();
        self.link.s_axis_tvalid.next = self.s_axis_tvalid.val();
        self.link.s_axis_tlast.next = self.s_axis_tlast.val();
        self.link.s_axis_tuser.next = self.s_axis_tuser.val();
        self.s_axis_tready.next = self.link.s_axis_tready.val();
        self.m_axis_tdata.next = self.link.m_axis_tdata.val();
        self.m_axis_tkeep.next = self.link.m_axis_tkeep.val();
        self.m_axis_tvalid.next = self.link.m_axis_tvalid.val();
        self.m_axis_tlast.next = self.link.m_axis_tlast.val();
        self.m_axis_tuser.next = self.link.m_axis_tuser.val();
        self.overrun.reset.next = self.reset.val();
        self.first.next = self.link.m_axis_tuser.val();
        self.overrun.valid.next = self.link.m_axis_tvalid.val();
        self.overrun.first.next = self.first.val().get_bit(1);
        self.overrun.ready.next = self.m_axis_tready.val();
        self.overrun.done.next = self.link.frame_done.val();
        self.overrun.good_in.next = self.link.frame_good.val();
        self.frame_done.next = self.link.frame_done.val();
        self.frame_good.next = self.overrun.good.val();
        self.frame_reason.next = self.link.frame_reason.val();
        self.frame_sequence.next = self.link.frame_sequence.val();

        // the line
        self.line_out_data.next = self.link.line_out_data.val();
        self.line_out_tc.next = self.link.line_out_tc.val();
        self.link.line_in_data.next = self.line_in_data.val();
        self.link.line_in_tc.next = self.line_in_tc.val();
        self.link.line_in_light.next = self.line_in_light.val();
        self.cut_data.next = self.link.cut_data.val();
        self.cut_tc.next = self.link.cut_tc.val();
        self.cut_valid.next = self.link.cut_valid.val();
        self.status_locked.next = self.link.status.val().locked;
        self.status_light.next = self.link.status.val().light;

        // events
        self.own.next = 0.into();
        self.own.next = self.own.val().replace_bit(16, self.overrun.lost.val());
        self.own.next = self.own.val().replace_bit(30, true);
        self.laser_events.next = bit_cast_w::<32, 8>(self.laser.events.val());
        self.laser_events.next = self.laser_events.val() << 20;
        self.r.d.next.events = self.link.events.val() | self.own.val() | self.laser_events.val();
        self.counters.events.next = self.r.q.val().events;
    }
}
