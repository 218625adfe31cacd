//! `[top.NAME]` of constraints/budget.toml: what a whole build may take, and what it must reach.

use super::{FlowError, PartReport, Report};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The file, as it was when this was compiled.
const FILE: &str = include_str!("../../../constraints/budget.toml");
/// The tables of the tops stand below this line, to the end of the file.
const MARK: &str = "# Whole builds, written by the example `area`:";

/// Ceilings and floors of one top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ceiling {
    /// After packing, at most.
    pub logic_cells: u64,
    /// Block memories, at most.
    pub bram: u64,
    /// Clock to the frequency that every seed reaches.
    pub mhz: BTreeMap<String, f64>,
    /// Path from clock to clock (`from -> to`) to its longest delay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub crossings_ns: BTreeMap<String, f64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, PartCeiling>,
}

/// Ceilings of one part, and the frequency that it reaches alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartCeiling {
    pub lut4: u64,
    pub ff: u64,
    pub bram: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mhz: Option<f64>,
}

#[derive(Deserialize)]
struct File {
    top: BTreeMap<String, Ceiling>,
}

/// The ceilings of a top.
pub fn ceiling(top: &str) -> Result<Ceiling, FlowError> {
    let file: File = toml::from_str(FILE).map_err(|e| FlowError::output("constraints/budget.toml", e))?;
    let missing = || FlowError::output("constraints/budget.toml", format!("no [top.{top}]"));
    file.top.get(top).cloned().ok_or_else(missing)
}

impl Ceiling {
    /// What a build took, with room for what a small change elsewhere moves: 4 % of the cells, a tenth of the clocks and
    /// of each part. A part that was not built alone keeps its `old` clock.
    pub fn around(report: &Report, crossings_ns: &BTreeMap<String, f64>, old: Option<&Ceiling>) -> Self {
        let u = &report.utilisation;
        let mhz = report.clocks.iter().map(|(name, clock)| (name.clone(), (clock.mhz.min * 0.9).floor()));
        let part = |(name, part): (&String, &PartReport)| {
            let (u, room) = (part.utilisation, |used: u64| if used == 0 { 0 } else { used + used / 10 + 8 });
            let alone = part.clocks.get("clock").map(|clock| (clock.mhz.min * 0.9).floor());
            let mhz = alone.or_else(|| old?.parts.get(name)?.mhz);
            (name.clone(), PartCeiling { lut4: room(u.lut4.used), ff: room(u.ff.used), bram: u.bram.used, mhz })
        };
        Ceiling {
            parts: report.blocks.iter().map(part).collect(),
            logic_cells: (u.logic_cells.used + u.logic_cells.used / 25).next_multiple_of(10),
            bram: u.bram.used,
            mhz: mhz.collect(),
            crossings_ns: crossings_ns.clone(),
        }
    }

    /// Every figure of the report that is beyond, one line each.
    pub fn exceeded(&self, report: &Report) -> Vec<String> {
        let u = &report.utilisation;
        let mut beyond = vec![];
        for (what, used, limit) in
            [("logic cells", u.logic_cells.used, self.logic_cells), ("block memories", u.bram.used, self.bram)]
        {
            if used > limit {
                beyond.push(format!("{} takes {used} {what}, its budget is {limit}", report.top));
            }
        }
        for (name, floor) in &self.mhz {
            match report.clocks.get(name) {
                Some(clock) if clock.mhz.min >= *floor => {}
                Some(clock) => {
                    beyond.push(format!("clock {name} reaches {:.1} MHz, {floor} are promised", clock.mhz.min))
                }
                None => beyond.push(format!("{} has no clock {name}", report.top)),
            }
        }
        for (path, limit) in &self.crossings_ns {
            match report.crossings_ns.get(path) {
                Some(ns) if ns <= limit => {}
                Some(ns) => beyond.push(format!("the path {path} takes {ns} ns, it may take {limit}")),
                None => beyond.push(format!("{} has no path {path}", report.top)),
            }
        }
        for (name, limit) in &self.parts {
            let Some(part) = report.blocks.get(name) else {
                beyond.push(format!("{} has no part {name}", report.top));
                continue;
            };
            let u = &part.utilisation;
            for (what, used, limit) in
                [("LUT4", u.lut4.used, limit.lut4), ("FF", u.ff.used, limit.ff), ("BRAM", u.bram.used, limit.bram)]
            {
                if used > limit {
                    beyond.push(format!("part {name} takes {used} {what}, its budget is {limit}"));
                }
            }
            if let (Some(floor), Some(clock)) = (limit.mhz, part.clocks.get("clock"))
                && clock.mhz.min < floor
            {
                beyond.push(format!("part {name} reaches {:.1} MHz alone, {floor} are promised", clock.mhz.min));
            }
        }
        beyond
    }
}

/// The text of the file with the tables of `tops` in place of the old ones.
pub fn rewritten(file: &str, tops: &BTreeMap<String, Ceiling>) -> Result<String, FlowError> {
    let bad = |what: String| FlowError::output("constraints/budget.toml", what);
    let (head, _) = file.split_once(MARK).ok_or_else(|| bad(format!("no line \"{MARK}\"")))?;
    let mut text = format!(
        "{head}{MARK}\n# logic cells after packing, block memories, MHz that every seed reaches, and ns between clocks at most;\n# of each part in the whole its cells, and MHz that it reaches alone.\n"
    );
    for (name, ceiling) in tops {
        let table = toml::to_string(ceiling).map_err(|e| bad(e.to_string()))?;
        let table = table.replace("\n[", &format!("\n[top.{name}."));
        write!(text, "\n[top.{name}]\n{table}").expect("into a string");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{ClockReport, Mhz, PartClock, PartUtilisation};

    fn report() -> Report {
        let text = r#"{"schema": "", "top": "t", "device": "", "seed": 1, "seeds": [1], "clocks": {}, "timing_met": true,
            "utilisation": {"lut4": U, "ff": U, "bram": U, "pll": U, "logic_cells": U}, "blocks": {}, "tools": {},
            "crossings_ns": {"a -> b": 9.0}, "size_bytes": 0, "sha256": {}}"#;
        let mut report: Report =
            serde_json::from_str(&text.replace('U', r#"{"used": 100, "available": 200}"#)).expect("a report");
        let mhz = Mhz { min: 100.0, median: 110.0, max: 120.0 };
        let clock = ClockReport { net: "n".into(), mhz, seeds_mhz: vec![100.0], target_mhz: 0.0 };
        report.clocks.insert("a".into(), clock);
        let usage = report.utilisation.lut4;
        let utilisation = PartUtilisation { lut4: usage, ff: usage, bram: usage, pll: usage };
        let clocks = BTreeMap::from([("clock".into(), PartClock { mhz, seeds_mhz: vec![100.0] })]);
        report.blocks.insert("p".into(), PartReport { utilisation, clocks });
        report
    }

    #[test]
    fn a_build_is_within_what_it_was_given_and_each_excess_is_named() {
        let crossings = BTreeMap::from([("a -> b".into(), 12.8)]);
        let ceiling = Ceiling::around(&report(), &crossings, None);
        let mut untimed = report();
        untimed.blocks.get_mut("p").unwrap().clocks.clear();
        assert_eq!(Ceiling::around(&untimed, &crossings, Some(&ceiling)), ceiling, "a clock is kept");
        assert_eq!(Ceiling::around(&untimed, &crossings, None).parts["p"].mhz, None);
        assert_eq!(ceiling.exceeded(&report()), Vec::<String>::new());
        let mut worse = report();
        worse.utilisation.logic_cells.used = 200;
        worse.utilisation.bram.used = 101;
        worse.clocks.get_mut("a").unwrap().mhz.min = 89.0;
        worse.crossings_ns.insert("a -> b".into(), 13.0);
        assert_eq!(ceiling.exceeded(&worse).len(), 4, "{:?}", ceiling.exceeded(&worse));
        let part = worse.blocks.get_mut("p").unwrap();
        for used in [&mut part.utilisation.lut4, &mut part.utilisation.ff, &mut part.utilisation.bram] {
            used.used = 119;
        }
        part.clocks.get_mut("clock").unwrap().mhz.min = 89.0;
        assert_eq!(ceiling.exceeded(&worse).len(), 8, "{:?}", ceiling.exceeded(&worse));
        worse.blocks.clear();
        assert_eq!(ceiling.exceeded(&worse).len(), 5, "{:?}", ceiling.exceeded(&worse));
        worse.blocks = report().blocks;
        worse.clocks.clear();
        worse.crossings_ns.clear();
        assert_eq!(ceiling.exceeded(&worse).len(), 4, "{:?}", ceiling.exceeded(&worse));
    }

    #[test]
    fn the_shipped_file_has_both_tops_and_survives_rewriting() {
        let tops: BTreeMap<String, Ceiling> =
            ["cu_loopback", "cu_lanes"].map(|top| (top.to_string(), ceiling(top).unwrap())).into();
        let again: File = toml::from_str(&rewritten(FILE, &tops).unwrap()).unwrap();
        assert_eq!(again.top, tops);
    }
}
