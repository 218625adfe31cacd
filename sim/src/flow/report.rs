//! The JSON report of a build, and the statistics in it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Frequency over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mhz {
    pub min: f64,
    pub median: f64,
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
    pub mhz: Mhz,
    /// Frequency of each seed, in order of seeds.
    pub seeds_mhz: Vec<f64>,
    /// Frequency that the board needs, 0 when nothing is asked.
    pub target_mhz: f64,
}

/// Used of available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub used: u64,
    pub available: u64,
}

/// What a design takes of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utilisation {
    pub lut4: Usage,
    pub ff: Usage,
    pub bram: Usage,
    pub pll: Usage,
    /// LUT4 and FF packed together, carry-only cells included.
    pub logic_cells: Usage,
}

/// What `firstlight build` reports.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub schema: String,
    pub top: String,
    pub device: String,
    /// Seed of the bitstream.
    pub seed: u64,
    pub seeds: Vec<u64>,
    pub clocks: BTreeMap<String, ClockReport>,
    pub utilisation: Utilisation,
    pub tools: BTreeMap<String, String>,
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
