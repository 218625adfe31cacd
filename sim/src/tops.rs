//! What can be built for the Alchitry Cu: Verilog, pins and clocks of each top.

use crate::flow::{BuildSpec, FlowError, Progress, Report, Toolchain, build, time_alone};
use crate::verilog;
use firstlight_hdl::board::cu_lanes::CuLanes;
use firstlight_hdl::board::cu_loopback::CuLoopback;
use rust_hdl::fpga::toolchains::icestorm::generate_pcf;
use rust_hdl::prelude::*;
use std::path::Path;

/// Lane and datapath clock, slot clock of the lanes.
const FAST_MHZ: f64 = 156.25;
const SLOT_MHZ: f64 = 31.25;

/// The line wired back inside.
pub fn cu_loopback() -> Top {
    Top::of(CuLoopback::default(), "cu_loopback", &[("datapath", "", FAST_MHZ)], PARTS)
}

/// The line on eight lanes each way.
pub fn cu_lanes() -> Top {
    let clocks = &[("lanes", "", FAST_MHZ), ("received", "clock_in", FAST_MHZ), ("datapath", "core.", SLOT_MHZ)];
    Top::of(CuLanes::default(), "cu_lanes", clocks, LANES_PARTS)
}

/// Parts of the core and of what stands around it: name, path of instances.
const PARTS: &[Part] = &[
    ("link", "core.core.link"),
    ("laser", "core.core.laser"),
    ("generator", "core.core.generator"),
    ("checker", "core.core.sink"),
    ("latency", "core.core.latency"),
    ("histograms", "core.core.histograms"),
    ("totals", "core.core.totals"),
    ("waits", "core.core.waits"),
    ("counters", "core.core.counters"),
    ("injector", "core.core.injector"),
    ("memories", "core.core.memories"),
    ("ladder", "core.core.ladder"),
    ("fabric", "core.core.fabric"),
    ("id", "core.core.id"),
    ("link_regs", "core.core.link_regs"),
    ("core", "core.core"),
    ("bone", "core.bone"),
    ("uart_rx", "core.rx"),
    ("uart_tx", "core.tx"),
    ("leds", "core.lamps"),
    ("reset", "reset"),
    ("pll", "pll"),
];

/// The same, and the lanes.
const LANES_PARTS: &[Part] = &{
    let mut parts = [("phy", "phy"); PARTS.len() + 1];
    let mut i = 0;
    while i < PARTS.len() {
        parts[i] = PARTS[i];
        i += 1;
    }
    parts
};

/// Parts that are mapped to cells on their own: their logic is shallow, and stays so.
const APART: &[&str] = &["link", "laser"];

/// Parts without a clock of their own, with several, or with other parts inside.
pub const UNCLOCKED: &[&str] = &["pll", "phy", "core"];

/// Name of a part and the path of instances to it.
pub type Part = (&'static str, &'static str);

/// A top, ready for the tool flow.
#[derive(Clone, Debug)]
pub struct Top {
    /// Name of the top's module, and of its files.
    pub name: &'static str,
    /// Its Verilog, all modules in one text.
    pub verilog: String,
    /// Pin constraints for nextpnr.
    pub pcf: String,
    /// (name, part of the net's name, MHz needed) of each clock.
    pub clocks: &'static [(&'static str, &'static str, f64)],
    /// What the report tells apart.
    pub parts: &'static [Part],
}

impl Top {
    /// Connects a top and takes its Verilog and pins.
    pub fn of<B: Block>(
        mut uut: B,
        name: &'static str,
        clocks: &'static [(&'static str, &'static str, f64)],
        parts: &'static [Part],
    ) -> Self {
        uut.connect_all();
        Top { name, verilog: verilog::emit(&uut, name), pcf: generate_pcf(&uut), clocks, parts }
    }

    /// Builds it into `dir`; the parts named in `alone` also each by itself.
    pub fn build(
        &self,
        tools: &Toolchain,
        dir: &Path,
        seeds: &[u64],
        (alone, allow_slow): (&[&str], bool),
        progress: Progress,
    ) -> Result<Report, FlowError> {
        build(tools, dir, &self.spec(seeds, alone, allow_slow), progress)
    }

    /// Adds to the report of a build the clock that every part reaches alone, with one seed each.
    pub fn time_parts(
        &self,
        tools: &Toolchain,
        dir: &Path,
        report: &mut Report,
        progress: Progress,
    ) -> Result<(), FlowError> {
        let alone: Vec<&str> = self.parts.iter().map(|(name, _)| *name).filter(|n| !UNCLOCKED.contains(n)).collect();
        time_alone(tools, dir, &self.spec(&[], &alone, true), &[1], report, progress)
    }

    fn spec<'a>(&'a self, seeds: &'a [u64], alone: &'a [&'a str], allow_slow: bool) -> BuildSpec<'a> {
        let Top { name, verilog, pcf, clocks, parts } = self;
        BuildSpec { name, verilog, module: name, pcf, clocks, parts, apart: APART, alone, seeds, allow_slow }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_constraints_are_those_of_the_tops() {
        let shipped = include_str!("../../constraints/alchitry_cu.pcf");
        let lines = |pcf: &str| pcf.lines().map(String::from).collect::<BTreeSet<_>>();
        let (lanes, loopback) = (lines(&cu_lanes().pcf), lines(&cu_loopback().pcf));
        assert_eq!(lanes, lines(shipped), "write the left side into constraints/alchitry_cu.pcf");
        assert!(loopback.is_subset(&lanes), "{:?}", loopback.difference(&lanes));
    }
}
