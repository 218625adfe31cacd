//! Boards with their own clocks, joined by cables: the lane PHY in real time.
//!
//! Time is in femtoseconds, so that 200 ppm of a 3.2 ns half period are 640 whole steps. Each board has its clock and
//! the late one; whatever its pins show arrives at the far pins after the cable's delay.

use crate::trace::{Port, Trace, ports, values};
use firstlight_hdl::phy::lane_phy::LanePhy;
use firstlight_hdl::phy::pll::LATE_PS;
use firstlight_hdl::word::W;
use firstlight_spec::budget::CYCLE_PS;
use firstlight_spec::slot::Slot;
use rust_hdl::prelude::*;
use std::collections::VecDeque;

const FS_PER_PS: u64 = 1000;
const HALF_FS: u64 = CYCLE_PS * FS_PER_PS / 2;
const SETTLE_PASSES: usize = 100;

/// One board and its cable.
struct Side {
    phy: Box<LanePhy>,
    half_fs: u64,
    next_edge: u64,
    next_late_edge: u64,
    /// The board at the cable's far end.
    to: usize,
    cable_fs: u64,
    /// What travels: arrival, lanes, clock.
    wire: VecDeque<(u64, u64, bool)>,
    pins: (u64, bool),
    /// Received slot and slot clock as they stood before the last event.
    received: Received,
    slot_clock: bool,
    is_cut: bool,
}

/// What the link of a board sees in one slot clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Received {
    /// The slot that leaves the elastic buffer.
    pub slot: Slot,
    /// The receiver sees the far board's clock.
    pub light: bool,
    /// An IDLE was doubled, since the far clock is slower.
    pub doubled: bool,
    /// An IDLE was dropped, since the far clock is faster.
    pub dropped: bool,
    /// The elastic buffer ran dry.
    pub emptied: bool,
    /// It ran over: a slot is lost.
    pub overrun: bool,
}

/// Boards, cables and time.
pub struct LaneBoards {
    sides: Vec<Side>,
    now_fs: u64,
    /// Every port of one board, clocks among them, after each event.
    record: Option<(usize, Trace)>,
}

/// One board's clock and cable.
#[derive(Clone, Copy, Debug)]
pub struct Wiring {
    /// Offset of its clock in parts per million.
    pub ppm: i64,
    /// Board that its cable leads to; itself for jumpers.
    pub to: usize,
    /// Delay of its cable in picoseconds.
    pub cable_ps: u64,
}

impl LaneBoards {
    /// All boards at time 0, a wiring for each.
    pub fn new(wiring: &[Wiring]) -> Self {
        let sides = wiring.iter().enumerate().map(|(i, wiring)| Side::new(i, wiring)).collect();
        LaneBoards { sides, now_fs: 0, record: None }
    }

    /// Runs for `slots` slot clocks of board 0. `on_slot(board, time in ps, received)` is called at each rising edge
    /// of a board's slot clock with what the link captures there; it returns the slot that the link shows from then.
    pub fn run(&mut self, slots: u64, mut on_slot: impl FnMut(usize, u64, Received) -> Slot) {
        let mut seen = 0;
        while seen < slots {
            let next = |s: &Side| s.next_edge.min(s.next_late_edge).min(s.wire.front().map_or(u64::MAX, |w| w.0));
            let i = (0..self.sides.len()).min_by_key(|i| next(&self.sides[*i])).expect("at least one board");
            self.now_fs = next(&self.sides[i]);
            let now_fs = self.now_fs;
            let side = &mut self.sides[i];
            let rose = side.advance(now_fs);
            if let Some((_, trace)) = self.record.as_mut().filter(|(board, _)| *board == i) {
                trace.push(side.every_port());
            }
            if rose {
                let slot = on_slot(i, now_fs / FS_PER_PS, side.received);
                side.show(slot);
                seen += u64::from(i == 0);
            }
            side.received = side.read();
            if let Some((_, trace)) = self.record.as_mut().filter(|(board, _)| *board == i) {
                trace.push(side.every_port());
            }
            let (to, cable_fs) = (side.to, side.cable_fs);
            if let Some((lanes, clock)) = side.changed_pins() {
                self.sides[to].wire.push_back((now_fs + cable_fs, lanes, clock));
            }
        }
    }

    /// Stops the clock of `board`, wherever it is.
    pub fn stop_clock(&mut self, board: usize) {
        let side = &mut self.sides[board];
        (side.next_edge, side.next_late_edge) = (u64::MAX, u64::MAX);
    }

    /// Lets it go on from there.
    pub fn start_clock(&mut self, board: usize) {
        let (now_fs, side) = (self.now_fs, &mut self.sides[board]);
        let late_fs = LATE_PS * FS_PER_PS;
        side.next_edge = now_fs + side.half_fs;
        // the late clock may owe its answer to the last edge
        let owes = side.phy.clock.val() != side.phy.late_clock.val();
        side.next_late_edge = if owes { now_fs + late_fs } else { side.next_edge + late_fs };
    }

    /// Records every port of `board` from now on, one row for each change at its pins or of its clocks.
    pub fn record(&mut self, board: usize) {
        let mut ports = ports(self.sides[board].phy.as_ref());
        ports.iter_mut().for_each(|port| port.is_clock = false);
        let mut trace = Trace::new(ports);
        trace.push(self.sides[board].every_port());
        self.record = Some((board, trace));
    }

    /// What was recorded; panics when nothing was asked to be.
    pub fn recorded(&mut self) -> Trace {
        self.record.take().expect("call record() first").1
    }

    /// Cuts the cable that leaves `board`: the far pins stay low.
    pub fn cut(&mut self, board: usize) {
        self.sides[board].is_cut = true;
    }

    /// Joins it again.
    pub fn mend(&mut self, board: usize) {
        self.sides[board].is_cut = false;
    }
}

impl Side {
    fn new(index: usize, wiring: &Wiring) -> Self {
        let mut phy = Box::new(LanePhy::default());
        phy.connect_all();
        if let Err(fault) = check_all(phy.as_ref()) {
            panic!("the lane PHY does not pass check_all: {fault:?}");
        }
        let half_fs = (HALF_FS as i64 + HALF_FS as i64 * -wiring.ppm / 1_000_000) as u64;
        // boards start apart
        let start = half_fs * (2 + index as u64) + 123_457 * index as u64;
        let mut side = Side {
            phy,
            half_fs,
            next_edge: start,
            next_late_edge: start + LATE_PS * FS_PER_PS,
            to: wiring.to,
            cable_fs: wiring.cable_ps * FS_PER_PS,
            wire: VecDeque::new(),
            pins: (0, false),
            received: Received::default(),
            slot_clock: false,
            is_cut: false,
        };
        side.settle();
        side
    }

    /// Lets the event at `now` happen; true when the slot clock rose.
    fn advance(&mut self, now: u64) -> bool {
        if self.wire.front().is_some_and(|w| w.0 == now) {
            let (_, lanes, clock) = self.wire.pop_front().expect("just seen");
            self.phy.rx_lanes.next = W::new(lanes);
            self.phy.rx_clock.next = clock.into();
        }
        if self.next_edge == now {
            self.phy.clock.next = !self.phy.clock.val();
            self.next_edge += self.half_fs;
        }
        if self.next_late_edge == now {
            self.phy.late_clock.next = !self.phy.late_clock.val();
            self.next_late_edge += self.half_fs;
        }
        self.settle();
        let level = self.phy.slot_clock.val().clk;
        let rose = level && !self.slot_clock;
        self.slot_clock = level;
        rose
    }

    fn show(&mut self, slot: Slot) {
        self.phy.tx_data.next = W::new(slot.data);
        self.phy.tx_tail.next = W::new(slot.kind as u64 | (slot.check as u64) << 4);
        self.settle();
    }

    fn read(&self) -> Received {
        let tail = self.phy.rx_tail.val().get();
        Received {
            slot: Slot { data: self.phy.rx_data.val().get(), kind: tail as u8 & 15, check: (tail >> 4) as u8 },
            light: self.phy.light.val(),
            doubled: self.phy.doubled.val(),
            dropped: self.phy.dropped.val(),
            emptied: self.phy.emptied.val(),
            overrun: self.phy.overrun.val(),
        }
    }

    /// Values of all ports, in the order of [`ports`].
    fn every_port(&self) -> Vec<u128> {
        let mut rest = values(self.phy.as_ref()).into_iter();
        let clock = |name: &str| match name {
            "clock" => self.phy.clock.val(),
            "late_clock" => self.phy.late_clock.val(),
            "slot_clock" => self.phy.slot_clock.val(),
            "rx_clock" => self.phy.rx_clock.val(),
            other => panic!("the lane PHY has no clock {other}"),
        };
        let value = |port: &Port| match port.is_clock {
            true => clock(&port.name).clk as u128,
            false => rest.next().expect("one value for each port"),
        };
        ports(self.phy.as_ref()).iter().map(value).collect()
    }

    fn changed_pins(&mut self) -> Option<(u64, bool)> {
        let pins = match self.is_cut {
            false => (self.phy.tx_lanes.val().get(), self.phy.tx_clock.val().any()),
            true => (0, false),
        };
        let changed = pins != self.pins;
        self.pins = pins;
        changed.then_some(pins)
    }

    fn settle(&mut self) {
        assert!(simulate(self.phy.as_mut(), SETTLE_PASSES), "the lane PHY does not settle");
    }
}
