//! Every design that is proven, run in lockstep or mutated, by name: listed here once.

use crate::codec;
use crate::core_loop::CoreLoop;
use crate::link_loop::LinkLoop;
use crate::lockstep;
use crate::stimulus;
use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::laser::switch::LaserSwitch;
use firstlight_hdl::measure::generator::Generator;
use firstlight_hdl::measure::totals::Totals;
use firstlight_hdl::phy::elastic::Elastic;
use firstlight_hdl::target::{SB_LUT4_MODEL, Target};
use firstlight_sim::trace::{Trace, ports};
use firstlight_sim::verilog;
use firstlight_spec::budget::CLOCK_HZ;
use rust_hdl::prelude::Block;

/// A design by name; its Verilog's top has that name too.
pub struct Design {
    pub name: &'static str,
    emit: fn(&str) -> Emitted,
    /// Rows of inputs in port order, random by seed, shaped so that they reach every part of the design. Designs that
    /// are only proven have none.
    pub stimulus: Option<Stimulus>,
    /// Rows that reach on purpose what random ones reach by chance; they come to an end.
    pub directed: Option<Directed>,
    /// Runs cycles of rows on both engines.
    pub lockstep: Option<lockstep::Run>,
}

/// From a seed to a source of rows.
pub type Stimulus = fn(u64) -> Box<dyn FnMut() -> Vec<u128>>;

/// To a source of rows.
pub type Directed = fn() -> Box<dyn Iterator<Item = Vec<u128>>>;

/// What the tools get.
pub struct Emitted {
    pub verilog: String,
    /// Ports and clock; no rows.
    pub trace: Trace,
}

impl Design {
    pub fn emit(&self) -> Emitted {
        (self.emit)(self.name)
    }
}

/// All of them.
pub const DESIGNS: &[Design] = &[
    Design {
        name: "link_loop",
        emit: |name| emit(LinkLoop::default(), name),
        stimulus: Some(stimulus::link_loop),
        directed: None,
        lockstep: Some(lockstep::link_loop),
    },
    Design {
        name: "core",
        emit: |name| emit(CoreLoop::default(), name),
        stimulus: Some(stimulus::core),
        directed: Some(stimulus::core_directed),
        lockstep: Some(lockstep::core),
    },
    Design {
        name: "bone",
        emit: |name| emit(Bone::new(Bone::deadline_cycles(CLOCK_HZ)), name),
        stimulus: None,
        directed: None,
        lockstep: None,
    },
    Design {
        name: "bone_1001",
        emit: |name| emit(Bone::new(1_001), name),
        stimulus: Some(stimulus::bone),
        directed: Some(stimulus::bone_directed),
        lockstep: Some(lockstep::bone),
    },
    Design {
        name: "codec",
        emit: |_| Emitted { verilog: codec::verilog(Target::Generic), trace: Trace::new(vec![]) },
        stimulus: None,
        directed: None,
        lockstep: None,
    },
    Design {
        name: "codec_ice40",
        emit: |_| Emitted { verilog: codec::verilog(Target::Ice40) + SB_LUT4_MODEL, trace: Trace::new(vec![]) },
        stimulus: None,
        directed: None,
        lockstep: None,
    },
    Design {
        name: "laser_switch",
        emit: |name| emit(LaserSwitch::default(), name),
        stimulus: Some(stimulus::laser_switch),
        directed: None,
        lockstep: Some(lockstep::laser_switch),
    },
    Design {
        name: "generator",
        emit: |name| emit(Generator::new(true, true), name),
        stimulus: None,
        directed: None,
        lockstep: None,
    },
    Design {
        name: "totals",
        emit: |name| emit(Totals::default(), name),
        stimulus: None,
        directed: None,
        lockstep: None,
    },
    Design {
        name: "elastic",
        emit: |name| emit(Elastic::default(), name),
        stimulus: None,
        directed: None,
        lockstep: None,
    },
];

/// The design of that name; the error lists the known ones.
pub fn find(name: &str) -> Result<&'static Design, String> {
    DESIGNS.iter().find(|d| d.name == name).ok_or_else(|| {
        let known: Vec<&str> = DESIGNS.iter().map(|d| d.name).collect();
        format!("no design {name}; there are: {}", known.join(" "))
    })
}

fn emit<B: Block>(mut uut: B, name: &str) -> Emitted {
    uut.connect_all();
    Emitted { verilog: verilog::emit(&uut, name), trace: Trace::new(ports(&uut)) }
}
