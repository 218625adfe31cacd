//! Every design that is proven, fuzzed or mutated, by name: listed here once.

use firstlight_hdl::control::bone::Bone;
use firstlight_hdl::laser::switch::LaserSwitch;
use firstlight_sim::verilog;
use firstlight_spec::budget::CLOCK_HZ;
use rust_hdl::prelude::Block;

/// A design by name; its Verilog's top has that name too.
pub struct Design {
    pub name: &'static str,
    emit: fn(&str) -> String,
}

impl Design {
    /// The emitted Verilog.
    pub fn verilog(&self) -> String {
        (self.emit)(self.name)
    }
}

/// All of them.
pub const DESIGNS: &[Design] = &[
    Design { name: "bone", emit: |name| emit(Bone::new(Bone::deadline_cycles(CLOCK_HZ)), name) },
    Design { name: "laser_switch", emit: |name| emit(LaserSwitch::default(), name) },
];

/// The design of that name; the error lists the known ones.
pub fn find(name: &str) -> Result<&'static Design, String> {
    DESIGNS.iter().find(|d| d.name == name).ok_or_else(|| {
        let known: Vec<&str> = DESIGNS.iter().map(|d| d.name).collect();
        format!("no design {name}; there are: {}", known.join(" "))
    })
}

fn emit<B: Block>(mut uut: B, name: &str) -> String {
    uut.connect_all();
    verilog::emit(&uut, name)
}
