//! Whether a beat goes into the line register.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::accept::Accept;
use firstlight_hdl::target::Target;
use firstlight_sim::bench::Bench;

/// Both outputs for the four inputs in bits 0 to 3.
fn accepts(bench: &mut Bench<Accept>, inputs: u64) -> (bool, bool) {
    bench.cycle(
        |u| {
            u.valid.next = inputs & 1 != 0;
            u.take.next = inputs & 2 != 0;
            u.in_frame.next = inputs & 4 != 0;
            u.hold.next = inputs & 8 != 0;
        },
        |u| (u.data.val(), u.check.val()),
    )
}

#[test]
fn hold_waits_for_the_end_of_a_frame() {
    let mut bench = Bench::combinational(Accept::new(Target::Generic));
    let taken: Vec<u64> = (0..16).filter(|inputs| accepts(&mut bench, *inputs).0).collect();
    // offered and taken: without hold, or inside a frame
    assert_eq!(taken, [0b0011, 0b0111, 0b1111]);
    assert!((0..16).all(|inputs| {
        let (data, check) = accepts(&mut bench, inputs);
        data == check
    }));
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(Accept::new(target)).recording();
        let mut random = numbers(6);
        (0..100).for_each(|_| {
            accepts(&mut bench, random() & 15);
        });
        bench
    };
    proves_for_both(record, "accept", &["valid", "take", "in_frame", "hold", "data"]);
}
