//! The JSON report of a build, and the statistics in it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Frequency over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mhz {
    /// Of the slowest seed, in MHz.
    pub min: f64,
    /// Median over the seeds, in MHz.
    pub median: f64,
    /// Of the fastest seed, in MHz.
    pub max: f64,
}

impl Mhz {
    /// Of at least one value; the median of an even number is the lower one, so it is a measured value.
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some(Mhz { min: *sorted.first()?, median: sorted[(sorted.len() - 1) / 2], max: *sorted.last()? })
    }
}

/// One clock of a design.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClockReport {
    /// Net in the netlist.
    pub net: String,
    /// What it reaches after routing.
    pub mhz: Mhz,
    /// Frequency of each seed, in order of seeds.
    pub seeds_mhz: Vec<f64>,
    /// Frequency that the board needs, 0 when nothing is asked.
    pub target_mhz: f64,
}

/// Used of available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Cells taken.
    pub used: u64,
    /// Cells of the device.
    pub available: u64,
}

/// What a design takes of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utilisation {
    /// Look-up tables of four inputs.
    pub lut4: Usage,
    /// Flip-flops.
    pub ff: Usage,
    /// Block memories of 4 kbit.
    pub bram: Usage,
    /// Phase-locked loops.
    pub pll: Usage,
    /// LUT4 and FF packed together, carry-only cells included.
    pub logic_cells: Usage,
}

/// One part of a design.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartReport {
    /// Its cells in the whole, by their names.
    pub utilisation: PartUtilisation,
    /// `clock`, between registers of its own, when it was built alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clocks: BTreeMap<String, PartClock>,
}

/// What a part takes of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartUtilisation {
    /// Look-up tables of four inputs.
    pub lut4: Usage,
    /// Flip-flops.
    pub ff: Usage,
    /// Block memories of 4 kbit.
    pub bram: Usage,
    /// Phase-locked loops.
    pub pll: Usage,
}

/// Frequency of a part built alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PartClock {
    /// Over the seeds.
    pub mhz: Mhz,
    /// The frequency of each seed.
    pub seeds_mhz: Vec<f64>,
}

/// What `firstlight build` reports.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of the layout.
    pub schema: String,
    /// Name of the top.
    pub top: String,
    /// The device it is placed on.
    pub device: String,
    /// Seed of the bitstream.
    pub seed: u64,
    /// Seeds that were placed.
    pub seeds: Vec<u64>,
    /// Name of each clock to what it reaches.
    pub clocks: BTreeMap<String, ClockReport>,
    /// Slowest path from one clock to another in ns, of all seeds, as `from -> to`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub crossings_ns: BTreeMap<String, f64>,
    /// Every clock reaches its target with the chosen seed.
    pub timing_met: bool,
    /// What all of it takes.
    pub utilisation: Utilisation,
    /// Part of the design to what it takes.
    pub blocks: BTreeMap<String, PartReport>,
    /// Program to version.
    pub tools: BTreeMap<String, String>,
    /// Bytes of the bitstream, 0 when none was written.
    pub size_bytes: u64,
    /// File name to SHA-256.
    pub sha256: BTreeMap<String, String>,
}

/// Name of the report's layout.
pub const SCHEMA: &str = "firstlight-build-1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_is_a_measured_value() {
        assert_eq!(Mhz::of(&[3.0, 1.0, 2.0]), Some(Mhz { min: 1.0, median: 2.0, max: 3.0 }));
        assert_eq!(Mhz::of(&[4.0, 1.0]), Some(Mhz { min: 1.0, median: 1.0, max: 4.0 }));
        assert_eq!(Mhz::of(&[]), None);
    }
}
