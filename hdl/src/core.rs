//! The core: a link that measures itself, behind one Wishbone port.
//!
//! ```text
//!  wb_* <-> Fabric <-> id, settings, link, ladder, laser, generator, latency, bins, counters, injector, memories
//!
//!  FrameMemories -> Generator -> Link tx ----------------------------> line_out_*
//!                       |         ^ hold, stall limit                     |  (inside, when looped)
//!                   LaserEnable --+--> laser_en                           v
//!  FrameMemories <- Checker, Latency <- Link rx <- Injector <-- line_in_*, line_in_light
//! ```
//!
//! | contract    | value |
//! |-------------|-------|
//! | registers   | the whole of `spec::regs`, through `wb_*`: Wishbone classic, word addresses, a write in 12 cycles, a read in 49 |
//! | latency     | that of the link: 3 cycles client to client, looped or wired from line out to line in |
//! | looped      | line out is line in, and light is seen unless `link_control.dark` |
//! | a new frame | waits until the laser is ready and both ends are locked, or, unless always on, aligned in darkness |
//! | reset       | synchronous, active high; registers keep their values |

mod parts;

pub use parts::Parts;

use crate::control::fabric::Fabric;
use crate::control::id_regs::IdRegs;
use crate::control::ladder::Ladder;
use crate::control::link_regs::LinkRegs;
use crate::control::settings::Settings;
use crate::laser::enable::{EVENTS_LSB as LASER_EVENTS_LSB, LaserEnable};
use crate::link::Link;
use crate::measure::checker::Checker;
use crate::measure::event_counters::EventCounters;
use crate::measure::frame_memory::FrameMemories;
use crate::measure::generator::Generator;
use crate::measure::histograms::Histograms;
use crate::measure::injector::Injector;
use crate::measure::latency::Latency;
use crate::measure::totals::Totals;
use crate::measure::wait_meter::WaitMeter;
use crate::prelude::*;
use crate::quiet::Quiet;
use crate::target::Target;
use crate::word::*;
use firstlight_spec::budget::CLOCK_HZ;
use firstlight_spec::regs::{events, generator, id, laser, latency, link};

/// Blocks that answer on the register bus: bit by bit, in words.
const IN_BITS: usize = 10;
const IN_WORDS: usize = 3;

const _: () = assert!(events::bit("payload_repeated") == events::bit("payload_lost") + 1);
const _: () = assert!(events::bit("payload_wrong_frames") == events::bit("payload_lost") + 2);
const _: () = assert!(events::bit("payload_lost") == 17 && events::bit("injected") == 28);
const _: () = assert!(events::bit("payload_wrong_bad") == 29 && events::bit("cycles") == 30);
const _: () = assert!(LASER_EVENTS_LSB == 20);

/// Registered between line, laser and transmitter.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct CoreState {
    hold: Bit,
    /// Laser or one of the ends does not allow a new frame.
    keeps: Bit,
    /// Shown to the host.
    holding: Bit,
    rung: W<2>,
    events: W<32>,
}

/// The core.
#[derive(LogicBlock)]
pub struct Core {
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
    pub line_out_data: Signal<Out, W<64>>,
    pub line_out_tc: Signal<Out, W<12>>,
    pub line_in_data: Signal<In, W<64>>,
    pub line_in_tc: Signal<In, W<12>>,
    pub line_in_light: Signal<In, Bit>,
    pub laser_en: Signal<Out, Bit>,
    pub status_locked: Signal<Out, Bit>,
    pub status_light: Signal<Out, Bit>,
    /// A frame ended with a good verdict.
    pub frame_good_now: Signal<Out, Bit>,
    /// A word could not be corrected, or a frame ended with a bad verdict.
    pub error_now: Signal<Out, Bit>,
    /// A framing or deadline error of the UARTBone in front of this port.
    pub bone_error: Signal<In, Bit>,
    fabric: Quiet<Fabric<IN_BITS, IN_WORDS>>,
    id: Quiet<IdRegs>,
    settings: Quiet<Settings>,
    link_regs: Quiet<LinkRegs>,
    ladder: Quiet<Ladder>,
    laser: Quiet<LaserEnable>,
    link: Quiet<Link>,
    generator: Quiet<Generator>,
    sink: Quiet<Checker>,
    latency: Quiet<Latency>,
    totals: Quiet<Totals>,
    waits: Quiet<WaitMeter>,
    histograms: Quiet<Histograms>,
    counters: Quiet<EventCounters>,
    injector: Quiet<Injector>,
    memories: Quiet<FrameMemories>,
    r: DFF<CoreState>,
    looped: Constant<Bit>,
    has_ladder: Constant<Bit>,
    has_tail_parity: Constant<Bit>,
    has_memories: Constant<Bit>,
    has_injector: Constant<Bit>,
    line_data: Signal<Local, W<64>>,
    line_tc: Signal<Local, W<12>>,
    flags: Signal<Local, W<8>>,
    own: Signal<Local, W<32>>,
    laser_events: Signal<Local, W<32>>,
    seen_state: Signal<Local, W<3>>,
    hold: Signal<Local, Bit>,
}

impl Core {
    /// Word accepted to word valid, from the link.
    pub const LATENCY: u64 = firstlight_spec::budget::CLIENT_TO_CLIENT_CYCLES;

    /// A core whose line is looped inside.
    pub fn looped(target: Target) -> Self {
        Self::new(target, true, CLOCK_HZ)
    }

    /// A core; `clock_hz` is what `id_clock_hz` says.
    pub fn new(target: Target, looped: bool, clock_hz: u64) -> Self {
        Self::with(target, looped, clock_hz, Parts::ALL)
    }

    /// A core with the named parts.
    pub fn with(target: Target, looped: bool, clock_hz: u64, parts: Parts) -> Self {
        let lanes = if looped { 0 } else { id::LANES.mask() };
        let memories = if parts.memories { id::MEMORIES.mask() } else { 0 };
        let ladder = if parts.ladder { id::LADDER.mask() } else { 0 };
        let parity = if parts.tail_parity { id::TAIL_PARITY.mask() } else { 0 };
        let injector = if parts.injector { id::INJECTOR.mask() } else { 0 };
        let schedule = if parts.schedule { id::SCHEDULE.mask() } else { 0 };
        let always = id::GENERATOR.mask() | id::LASER.mask() | id::PREDICTOR.mask();
        let features = always | memories | lanes | ladder | parity | injector | schedule;
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
            line_out_data: Default::default(),
            line_out_tc: Default::default(),
            line_in_data: Default::default(),
            line_in_tc: Default::default(),
            line_in_light: Default::default(),
            laser_en: Default::default(),
            status_locked: Default::default(),
            status_light: Default::default(),
            frame_good_now: Default::default(),
            error_now: Default::default(),
            bone_error: Default::default(),
            fabric: Default::default(),
            id: Quiet::new(IdRegs::new(features, clock_hz)),
            settings: Quiet::new(Settings::new(&[id::REGS, link::REGS, laser::REGS, generator::REGS, latency::REGS])),
            link_regs: Default::default(),
            ladder: Default::default(),
            laser: Default::default(),
            link: Quiet::new(Link::new(target)),
            generator: Quiet::new(Generator::new(parts.memories, parts.schedule)),
            sink: Default::default(),
            latency: Default::default(),
            totals: Default::default(),
            waits: Default::default(),
            histograms: Default::default(),
            counters: Default::default(),
            injector: Default::default(),
            memories: Default::default(),
            r: Default::default(),
            looped: Constant::new(looped),
            has_ladder: Constant::new(parts.ladder),
            has_tail_parity: Constant::new(parts.tail_parity),
            has_memories: Constant::new(parts.memories),
            has_injector: Constant::new(parts.injector),
            line_data: Default::default(),
            line_tc: Default::default(),
            flags: Default::default(),
            own: Default::default(),
            laser_events: Default::default(),
            seen_state: Default::default(),
            hold: Default::default(),
        }
    }

    /// The same with event counters that stand at these values after power-on, each a multiple of 64.
    pub fn counting_from(self, values: &[u64]) -> Self {
        Self { counters: Quiet::new(EventCounters::starting_at(values)), ..self }
    }
}

impl Logic for Core {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, r);
        clock!(self, clock, fabric, id, settings, link_regs, ladder, laser, link, generator, sink);
        clock!(self, clock, latency, totals, waits, histograms, counters, injector, memories);

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
        self.generator.bus_request.next = self.fabric.request.val();
        self.sink.bus_request.next = self.fabric.request.val();
        self.latency.bus_request.next = self.fabric.request.val();
        self.totals.bus_request.next = self.fabric.request.val();
        self.waits.bus_request.next = self.fabric.request.val();
        self.histograms.bus_request.next = self.fabric.request.val();
        self.counters.bus_request.next = self.fabric.request.val();
        self.injector.bus_request.next = self.fabric.request.val();
        self.memories.bus_request.next = self.fabric.request.val();
        self.fabric.answers[0].next = self.id.bus_read.val();
        self.fabric.answers[1].next = self.settings.bus_read.val();
        self.fabric.answers[2].next = self.link_regs.bus_read.val();
        self.fabric.answers[3].next = self.laser.bus_read.val();
        self.fabric.answers[4].next = self.generator.bus_read.val();
        self.fabric.answers[5].next = self.latency.bus_read.val();
        self.fabric.answers[6].next = self.totals.bus_read.val();
        self.fabric.answers[7].next = self.histograms.bus_read.val();
        self.fabric.answers[8].next = self.counters.bus_read.val();
        self.fabric.answers[9].next = self.waits.bus_read.val();
        self.fabric.words[0].next = 0.into();
        if self.has_ladder.val() {
            self.fabric.words[0].next = self.ladder.bus_read.val();
        }
        self.fabric.words[1].next = 0.into();
        if self.has_injector.val() {
            self.fabric.words[1].next = self.injector.bus_read.val();
        }
        self.fabric.words[2].next = 0.into();
        if self.has_memories.val() {
            self.fabric.words[2].next = self.memories.bus_read.val();
        }
        self.id.bone_error.next = self.bone_error.val();

        // link settings and status
        self.link_regs.locked.next = self.link.status.val().locked;
        self.link_regs.light.next = self.link.status.val().light;
        self.link_regs.rx_in_frame.next = self.link.status.val().rx_in_frame;
        self.r.d.next.holding = self.laser.tx_hold.val() | self.r.q.val().hold;
        self.link_regs.holding.next = self.r.q.val().holding;
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
        self.r.d.next.rung = self.link_regs.rung.val();
        if self.has_ladder.val() {
            self.r.d.next.rung = self.ladder.rung.val();
        }
        self.link.reset.next = self.reset.val();
        self.link.settings.next.rung = self.r.q.val().rung;
        self.link.settings.next.tx_parity = self.has_tail_parity.val() & self.link_regs.tx_parity.val();
        if self.has_ladder.val() & self.has_tail_parity.val() {
            self.link.settings.next.tx_parity = self.ladder.tx_parity.val();
        }
        self.link.settings.next.silence_slots = self.link_regs.silence_slots.val();
        self.link.settings.next.request = self.link_regs.idle_request.val();
        if self.has_ladder.val() {
            self.link.settings.next.request = self.ladder.idle_request.val();
        }
        self.link.settings.next.hint = 0.into();
        self.link.settings.next.stall_limit = self.laser.stall_limit.val();
        self.link.settings.next.relock = self.link_regs.relock.val();
        self.link.settings.next.sleeps = self.laser.sleeps.val();

        // a new frame waits for the laser and for both ends
        self.laser.reset.next = self.reset.val();
        self.laser.link_down.next = self.r.q.val().hold;
        self.laser.client_valid.next = self.generator.tvalid.val();
        self.laser.in_frame.next = self.link.status.val().tx_in_frame;
        self.laser.hint_valid.next = self.generator.hint_valid.val();
        self.laser.hint_slots.next = self.generator.hint_slots.val();
        self.laser_en.next = self.laser.laser_en.val();
        self.seen_state.next = self.link.status.val().seen_state;
        self.hold.next = !self.link.status.val().aligned | !self.seen_state.val().get_bit(0);
        self.r.d.next.hold = self.hold.val();
        self.r.d.next.keeps = self.laser.tx_hold_next.val() | self.hold.val();
        self.link.tx_hold.next = self.r.q.val().keeps;

        // generator, or a captured frame, into the link
        self.link.s_axis_tdata.next = self.generator.tdata.val();
        self.link.s_axis_tkeep.next = self.generator.tkeep.val();
        self.link.s_axis_tvalid.next = self.generator.tvalid.val();
        self.link.s_axis_tlast.next = self.generator.tlast.val();
        self.link.s_axis_tuser.next = false;
        self.generator.tready.next = self.link.s_axis_tready.val();
        self.generator.memory_word.next = 0.into();
        if self.has_memories.val() {
            self.generator.memory_word.next = self.memories.tx_data.val();
        }
        self.memories.tx_address.next = self.generator.memory_address.val();
        self.memories.tx_busy.next = self.generator.memory_busy.val();

        // the line, and the injector on it
        self.line_out_data.next = self.link.line_out_data.val();
        self.line_out_tc.next = self.link.line_out_tc.val();
        self.line_data.next = self.line_in_data.val();
        self.line_tc.next = self.line_in_tc.val();
        self.link.line_in_light.next = self.line_in_light.val() & !self.link_regs.dark.val();
        if self.looped.val() {
            self.line_data.next = self.link.line_out_data.val();
            self.line_tc.next = self.link.line_out_tc.val();
            self.link.line_in_light.next = !self.link_regs.dark.val();
        }
        self.injector.data_in.next = self.line_data.val();
        self.injector.tc_in.next = self.line_tc.val();
        self.link.line_in_data.next = self.line_data.val();
        self.link.line_in_tc.next = self.line_tc.val();
        if self.has_injector.val() {
            self.link.line_in_data.next = self.injector.data_out.val();
            self.link.line_in_tc.next = self.injector.tc_out.val();
        }

        // what comes out
        self.sink.tdata.next = self.link.slot_now.val().data;
        self.sink.tvalid.next = self.link.slot_now.val().beat;
        self.sink.tlast.next = self.link.slot_now.val().last;
        self.sink.first.next = self.link.slot_now.val().first;
        self.sink.frame_done.next = self.link.frame_done.val();
        self.sink.frame_good.next = self.link.frame_good.val();
        self.sink.frame_sequence.next = self.link.frame_sequence.val();
        self.sink.check.next = self.generator.check.val();
        self.latency.tx_first_now.next = self.link.tx_first_now.val();
        self.latency.tx_sequence.next = self.link.tx_sequence.val();
        self.latency.rx_first_now.next = self.link.rx_first_now.val();
        self.latency.frame_done.next = self.link.frame_done.val();
        self.latency.frame_good.next = self.link.frame_good.val();
        self.latency.frame_sequence.next = self.link.frame_sequence.val();
        self.totals.now.next = self.latency.latency_now.val();
        self.totals.latency.next = self.latency.latency.val();
        self.waits.tvalid.next = self.generator.tvalid.val();
        self.waits.tready.next = self.link.s_axis_tready.val();
        self.waits.tlast.next = self.generator.tlast.val();
        self.histograms.bin_now.next = self.latency.bin_now.val();
        self.histograms.bin.next = self.latency.bin.val();
        self.histograms.wait_now.next = self.waits.wait_now.val();
        self.histograms.wait_bin.next = self.waits.wait_bin.val();
        self.memories.slot_valid.next = self.link.slot_now.val().valid;
        self.memories.slot_data.next = self.link.slot_now.val().data;
        self.flags.next = bit_cast_w::<8, 4>(self.link.slot_now.val().kind);
        self.flags.next = self.flags.val().replace_bit(4, self.link.slot_now.val().single);
        self.flags.next = self.flags.val().replace_bit(5, self.link.slot_now.val().bad_even);
        self.flags.next = self.flags.val().replace_bit(6, self.link.slot_now.val().bad_odd);
        self.memories.slot_flags.next = self.flags.val();

        // events
        self.own.next = 0.into();
        self.own.next = self.own.val().replace_bit(17, self.sink.lost.val());
        self.own.next = self.own.val().replace_bit(18, self.sink.repeated.val());
        self.own.next = self.own.val().replace_bit(19, self.sink.wrong_frame.val());
        self.own.next = self.own.val().replace_bit(28, self.has_injector.val() & self.injector.injected.val());
        self.own.next = self.own.val().replace_bit(29, self.sink.bad_frame.val());
        self.own.next = self.own.val().replace_bit(30, true);
        self.laser_events.next = bit_cast_w::<32, 8>(self.laser.events.val());
        self.laser_events.next = self.laser_events.val() << 20;
        self.r.d.next.events = self.link.events.val() | self.own.val() | self.laser_events.val();
        self.counters.events.next = self.r.q.val().events;
        self.status_locked.next = self.link.status.val().locked;
        self.status_light.next = self.link.status.val().light;
        self.frame_good_now.next = self.link.events.val().get_bit(6);
        self.error_now.next = self.ladder.bad.val();
    }
}
