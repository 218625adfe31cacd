//! What the tests of all blocks share.

use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::tools::Tool;
use firstlight_sim::{replay, verilog};
use firstlight_spec::slot::{SLOT_BITS, Slot};
use rust_hdl::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

const TOP: &str = "firstlight_block";

/// The emitted Verilog is the one that was reviewed, passes yosys, and replays what the bench recorded.
/// `name` is unique among all blocks: it names the snapshot.
pub fn replays_and_validates<U: Block>(bench: &Bench<U>, name: &str) {
    let text = verilog::emit(bench.uut.as_ref(), TOP);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "verilog" }, {
        insta::assert_snapshot!(name.to_string(), text);
    });
    replays_the_same(bench, name);
}

/// The same for a design of blocks that have reviewed Verilog of their own: the snapshot is the wiring between them.
pub fn wires_and_validates<U: Block>(bench: &Bench<U>, name: &str) {
    wires(bench.uut.as_ref(), name);
    replays_the_same(bench, name);
}

/// The wiring of a design is the one that was reviewed.
pub fn wires<U: Block>(uut: &U, name: &str) {
    let text = verilog::emit(uut, TOP);
    let at = text.find(&format!("module {TOP}(")).expect("the top is part of its Verilog");
    let end = at + text[at..].find("endmodule").expect("every module ends");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "verilog" }, {
        insta::assert_snapshot!(name.to_string(), &text[at..end]);
    });
}

/// What a memory is told in one cycle, and what it shows before the next edge.
pub struct MemoryCycle {
    pub write: u64,
    pub data: u64,
    pub enable: bool,
    pub read: u64,
    pub shows: u64,
}

/// 500 random accesses below address 16: a word is read one cycle after its address, and a collision reads the old one
/// or, where the two sides keep apart, does not happen.
pub fn memory_cycles(start: &[u64], collides: bool, seed: u64) -> impl Iterator<Item = MemoryCycle> {
    let mut words = [0; 16];
    words[..start.len()].copy_from_slice(start);
    let (mut random, mut shows) = (numbers(seed), 0);
    (0..500).map(move |_| {
        let (x, y) = (random(), random());
        let (write, data, enable) = (x & 15, x >> 20 & 0xffff, y & 32 != 0);
        let read = if !collides && y & 15 == write { write ^ 1 } else { y & 15 };
        let cycle = MemoryCycle { write, data, enable, read, shows };
        shows = words[read as usize];
        if enable {
            words[write as usize] = data;
        }
        cycle
    })
}

/// Cycles of a reviewed wave.
const WAVE_CYCLES: usize = 14;

/// Waves of the first cycles as reviewed, the Verilog as in [`replays_and_validates`], and the budget.
pub fn proves<U: Block>(bench: &Bench<U>, name: &str, view: &[&str]) {
    shows(bench, name, view);
    replays_and_validates(bench, name);
    fits_its_budget(bench.uut.as_ref(), name);
}

/// The same for a block that is also written in cells of the iCE40; the budget is that of the cells.
pub fn proves_for_both<U: Block>(record: impl Fn(Target) -> Bench<U>, name: &str, view: &[&str]) {
    let (generic, cells) = (record(Target::Generic), record(Target::Ice40));
    assert_eq!(generic.trace().digest(), cells.trace().digest(), "{name}: one behaviour");
    shows(&generic, name, view);
    replays_and_validates(&generic, name);
    replays_the_same(&cells, name);
    fits_its_budget(cells.uut.as_ref(), name);
}

/// The first cycles of the record look as reviewed.
pub fn shows<U: Block>(bench: &Bench<U>, name: &str, view: &[&str]) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "waves" }, {
        insta::assert_snapshot!(name.to_string(), bench.trace().head(WAVE_CYCLES).ascii(view));
    });
}

/// The same without a snapshot: for a design made of blocks that have theirs.
pub fn replays_the_same<U: Block>(bench: &Bench<U>, name: &str) {
    let text = verilog::emit(bench.uut.as_ref(), TOP);
    if Tool::for_test("iverilog", name).is_some()
        && let Err(e) = replay::replay(&text, TOP, bench.trace())
    {
        panic!("{name}: {e}");
    }
    if let Some(yosys) = Tool::for_test("yosys", name)
        && let Err(e) = verilog::validate(&text, TOP, &yosys)
    {
        panic!("{name}: {e}");
    }
}

/// Ceilings of one block, from `constraints/budget.toml`.
#[derive(Deserialize, Clone, Copy)]
struct Budget {
    lut4: u64,
    ff: u64,
    bram: u64,
}

#[derive(Deserialize)]
struct Budgets {
    block: BTreeMap<String, Budget>,
}

/// yosys maps the block alone to iCE40 cells; none of the three counts exceeds `[block.NAME]` of the budget file.
pub fn fits_its_budget<U: Block>(uut: &U, name: &str) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../constraints/budget.toml");
    let text = std::fs::read_to_string(file).expect("constraints/budget.toml is part of the repository");
    let budgets: Budgets =
        toml::from_str(&text).expect("constraints/budget.toml lists lut4, ff, bram under [block.NAME]");
    let budget = *budgets.block.get(name).unwrap_or_else(|| panic!("constraints/budget.toml has no [block.{name}]"));
    let Some(yosys) = Tool::for_test("yosys", name) else { return };
    let dir = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(dir.path().join("design.v"), verilog::emit(uut, TOP)).expect("a temporary file");
    let script = format!("read_verilog design.v; synth_ice40 -device hx -top {TOP}; tee -q -o stat.json stat -json");
    yosys.run(dir.path(), &["-q", "-p", &script]).unwrap_or_else(|e| panic!("{name}: {e}"));
    let stat = std::fs::read_to_string(dir.path().join("stat.json")).expect("yosys wrote its statistics");
    let stat: serde_json::Value = serde_json::from_str(&stat).expect("statistics in JSON");
    let cells = stat["design"]["num_cells_by_type"].as_object().expect("counts by type");
    let count = |prefix: &str| -> u64 {
        cells.iter().filter(|(k, _)| k.starts_with(prefix)).map(|(_, v)| v.as_u64().unwrap_or(0)).sum()
    };
    let used = [
        ("lut4", count("SB_LUT4"), budget.lut4),
        ("ff", count("SB_DFF"), budget.ff),
        ("bram", count("SB_RAM40"), budget.bram),
    ];
    eprintln!("{name}: {used:?}");
    for (what, used, limit) in used {
        assert!(used <= limit, "{name} uses {used} {what}, its budget is {limit}");
    }
}

/// The property that a block agrees with its model, whatever the seed.
macro_rules! agrees_with_the_model {
    ($cases:literal, $case:expr) => {
        proptest::proptest! {
            #![proptest_config(proptest::prelude::ProptestConfig::with_cases($cases))]
            #[test]
            fn agrees_with_the_model(seed in 1u64..) {
                let _ = $case(seed);
            }
        }
    };
}
pub(crate) use agrees_with_the_model;

/// A small reproducible source of numbers.
pub fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x
    }
}

/// Type and check bits of a slot, as a line carries them beside the data.
pub fn tail(slot: Slot) -> W<12> {
    W::new(slot.kind as u64 | (slot.check as u64) << 4)
}

/// A code word with up to three wrong positions, and often none.
pub fn damaged(data: u64, random: u64) -> Slot {
    let wrong = [0, 0, 0, 1, 1, 2, 3, 0][random as usize & 7];
    let mask = (0..wrong).fold(0u128, |m, k| m | 1 << ((random >> (8 + 8 * k)) % SLOT_BITS as u64));
    Slot::new(data, (random >> 40) as u8 & 15).flipped(mask)
}
