//! The whole core on both engines: the same register values in the same cycles.

use firstlight_sim::board::Board;
use firstlight_sim::core_board;
use firstlight_sim::tools::Tool;
use firstlight_spec::regs::{SPACE_WORDS, generator, id};

/// Long enough for the cold lock.
const LOCKED_BY: u64 = 200;
/// Cycles of traffic.
const TRAFFIC: u64 = 20_000;

#[test]
fn both_engines_show_the_same_registers_in_the_same_cycles() {
    if Tool::for_test("verilator", "the verilated core").is_none() {
        return;
    }
    let mut verilated = core_board::verilated().unwrap_or_else(|e| panic!("{e}"));
    let mut rusthdl = core_board::looped();
    assert_eq!(verilated.read(id::MAGIC.word), Ok(id::MAGIC_VALUE));
    assert!(verilated.engine().starts_with("verilator 5."), "{}", verilated.engine());
    rusthdl.read(id::MAGIC.word).unwrap();
    let boards: [&mut dyn Board; 2] = [&mut rusthdl, &mut verilated];
    let [seen_rusthdl, seen_verilated] = boards.map(|board| {
        board.run(LOCKED_BY).unwrap();
        board.write(generator::LENGTH.word, 64).unwrap();
        board.write(generator::COMMAND.word, 1).unwrap();
        board.record(300).unwrap();
        board.run(TRAFFIC).unwrap();
        let trace = board.take_trace().expect("was recording");
        assert_eq!(trace.rows.len(), 300);
        let registers: Vec<u32> = (0..SPACE_WORDS).step_by(3).map(|word| board.read(word).unwrap()).collect();
        assert!(registers.iter().filter(|r| **r != 0).count() > 8, "most registers read 0: nothing ran");
        (trace.digest(), registers, board.cycles())
    });
    assert_eq!(seen_rusthdl, seen_verilated);
}
