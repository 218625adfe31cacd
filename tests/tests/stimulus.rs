//! The core's stimulus makes the core work: a random run that sends nothing would find nothing.

use firstlight_sim::engine::Verilated;
use firstlight_sim::tools::Tool;
use firstlight_tests::designs::find;

const CYCLES: usize = 200_000;

#[test]
fn sessions_with_the_core_get_frames_through_and_lasers_to_sleep() {
    if Tool::for_test("verilator", "stimulus of the core").is_none() {
        return;
    }
    let design = find("core").unwrap_or_else(|e| panic!("{e}"));
    let emitted = design.emit();
    let mut core = Verilated::start(&emitted.verilog, design.name, emitted.trace.ports, &emitted.trace.clock).unwrap();
    let mut rows = (design.stimulus.expect("has one"))(1);
    let names = ["frame_good_now", "error_now", "wb_ack", "laser_en", "status_locked", "status_light"];
    let places = names.map(|name| core.output(name));
    let inputs: Vec<_> = (0..CYCLES).map(|_| rows()).collect();
    let outputs = core.replay(&inputs).unwrap();
    let high = places.map(|place| outputs.iter().filter(|o| o.0[place] != 0).count());
    println!("{names:?}: {high:?} of {CYCLES} cycles");
    let few = CYCLES / 200;
    let [good, error, acknowledged, enabled, locked, lit] = high;
    assert!(good > few / 2 && error > few / 10 && acknowledged > 2 * few, "{names:?}: {high:?}");
    assert!(enabled > CYCLES / 4 && enabled < CYCLES - few, "the laser is on and off: {enabled}");
    assert!(locked > CYCLES / 2 && locked < CYCLES - few, "the line is cut now and then: {locked}");
    assert!(lit > CYCLES / 2 && lit < CYCLES, "dark now and then: {lit}");
}
