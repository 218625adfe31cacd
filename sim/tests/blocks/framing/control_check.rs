//! Whether a control word may be believed.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::control_check::ControlCheck;
use firstlight_hdl::target::Target;
use firstlight_sim::bench::Bench;

/// good_idle, good_end and has_fields for {below_l2, single, wrong, fixed_end, fixed_idle}.
fn check(bench: &mut Bench<ControlCheck>, inputs: u64) -> [bool; 3] {
    let bit = |i: u64| inputs >> i & 1 != 0;
    bench.cycle(
        |u| {
            u.fixed_idle.next = bit(0);
            u.fixed_end.next = bit(1);
            u.wrong.next = bit(2);
            u.single.next = bit(3);
            u.below_l2.next = bit(4);
        },
        |u| [u.good_idle.val(), u.good_end.val(), u.has_fields.val()],
    )
}

#[test]
fn one_wrong_bit_is_good_from_l2_on_and_more_never() {
    let mut bench = Bench::combinational(ControlCheck::new(Target::Generic));
    // a single error is wrong too
    const CLEAN: u64 = 0;
    const SINGLE: u64 = 0b01100;
    const UNCORRECTABLE: u64 = 0b00100;
    const BELOW_L2: u64 = 0b10000;
    for (flags, is_good) in [
        (CLEAN, true),
        (SINGLE, true),
        (UNCORRECTABLE, false),
        (BELOW_L2 | CLEAN, true),
        (BELOW_L2 | SINGLE, false),
        (BELOW_L2 | UNCORRECTABLE, false),
    ] {
        assert_eq!(check(&mut bench, flags), [false; 3], "no control word, {flags:b}");
        assert_eq!(check(&mut bench, flags | 0b01), [is_good, false, is_good], "IDLE, {flags:b}");
        assert_eq!(check(&mut bench, flags | 0b10), [false, is_good, false], "END, {flags:b}");
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(ControlCheck::new(target)).recording();
        let mut random = numbers(8);
        (0..200).for_each(|_| {
            check(&mut bench, random() & 31);
        });
        bench
    };
    proves_for_both(record, "control_check", &["fixed_idle", "fixed_end", "wrong", "single", "below_l2", "good_idle"]);
}
