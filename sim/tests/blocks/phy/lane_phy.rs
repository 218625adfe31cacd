//! The lane PHY with its pins: what two boards did in real time, edge by edge, on the Verilog with the device's cells.

use crate::support::{fits_its_budget, wires};
use firstlight_hdl::phy::lane_phy::LanePhy;
use firstlight_sim::lane_pair::{LaneBoards, Wiring};
use firstlight_sim::tools::Tool;
use firstlight_sim::{replay, verilog};
use firstlight_spec::slot::{Slot, slot_type};
use rust_hdl::prelude::*;

const TOP: &str = "firstlight_block";

#[test]
fn two_boards_in_real_time_replay_on_the_verilog_with_the_devices_cells() {
    let wiring = [Wiring { ppm: 200, to: 1, cable_ps: 1_500 }, Wiring { ppm: -200, to: 0, cable_ps: 1_500 }];
    let mut boards = LaneBoards::new(&wiring);
    boards.record(1);
    let (mut n, mut lit) = (0u64, 0);
    boards.run(160, |board, _, got| {
        n += 1;
        lit += u64::from(board == 1 && got.light);
        Slot::new(n.wrapping_mul(0x0123_4567_89ab_cdef), slot_type::MORE)
    });
    assert!(lit > 50, "lit for {lit} slots");
    let trace = boards.recorded();
    assert!(trace.rows.len() > 3_000, "{}", trace.rows.len());
    let mut uut = LanePhy::default();
    uut.connect_all();
    wires(&uut, "lane_phy");
    fits_its_budget(&uut, "lane_phy");
    let name = "lane PHY in real time";
    let text = verilog::emit(&uut, TOP);
    if let Some(yosys) = Tool::for_test("yosys", name) {
        verilog::validate(&text, TOP, &yosys).unwrap_or_else(|e| panic!("{e}"));
    }
    if Tool::for_test("iverilog", name).is_some() && Tool::for_test("yosys", name).is_some() {
        let replayed = replay::replay(&text, TOP, &trace).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(replayed, trace.rows.len());
        let broken = text.replacen("D_OUT_0(rise[0]), .D_OUT_1(fall[0])", "D_OUT_0(fall[0]), .D_OUT_1(rise[0])", 1);
        assert!(broken != text && replay::replay(&broken, TOP, &trace).is_err(), "a swapped pin is found");
    }
}
