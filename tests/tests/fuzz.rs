//! Whatever stands in a file or on the line: it is refused or understood, never a panic, never a wrong frame as good.

use firstlight_sim::engine::Model;
use firstlight_tests::fuzz::{self, targets};
use firstlight_tests::golden::{Golden, input};
use firstlight_tests::lockstep::{drive, link_bench, look};
use firstlight_tests::stimulus::{self, Random};

/// Inputs of a target when all is asked for, as a multiple of those in continuous integration.
const MORE: u64 = 60;
/// Slots of any bits into the receiver.
const SLOTS: u64 = 300_000;
const SLOTS_ALL: u64 = 3_000_000;
const SEED: u64 = 0xf1;

fn executions(usual: u64, all: u64) -> u64 {
    if std::env::var_os("FIRSTLIGHT_ALL").is_some() { all } else { usual }
}

/// The corpus, crashes of old included, and inputs made from it.
fn holds(name: &str) {
    let target = targets::find(name).expect("a listed target");
    let count = executions(target.inputs, MORE * target.inputs);
    fuzz::run(target, count, SEED).unwrap_or_else(|e| panic!("{e}"));
    println!("{name}: {count} inputs, seed {SEED:#x}");
}

#[test]
fn any_capture_is_refused_or_read_and_written_back() {
    holds("capture");
}

#[test]
fn any_trace_is_refused_or_in_order() {
    holds("trace_csv");
}

#[test]
fn any_campaign_is_refused_or_planned_whole() {
    holds("campaign_toml");
}

#[test]
fn any_bytes_on_the_uart_do_what_the_model_says() {
    holds("bone");
}

#[test]
fn any_steps_of_a_link_end_as_the_model_says() {
    holds("slots");
}

#[test]
fn any_damage_is_repaired_as_promised_or_refused() {
    holds("repair");
}

#[test]
fn any_answers_of_a_board_are_refused_or_reported() {
    holds("board");
}

/// Slots replaced by any bits at all, between frames and inside: the receiver does what its model says.
#[test]
fn any_slots_are_judged_as_the_model_says() {
    let (mut bench, mut golden) = (link_bench(), Golden::default());
    let (mut rows, mut random, mut left) = (stimulus::link_loop(SEED), Random::new(SEED), 0);
    let slots = executions(SLOTS, SLOTS_ALL);
    for _ in 0..slots {
        let mut row = rows();
        if left == 0 && random.one_in(60) {
            left = 1 + random.below(3);
        }
        if left > 0 {
            left -= 1;
            row[input::MASK_DATA] = random.bits().into();
            row[input::MASK_TC] = random.below(1 << 12).into();
        }
        let outputs = bench.cycle(|u| drive(u, &row), look);
        golden.cycle(&row, &outputs).unwrap_or_else(|e| panic!("seed {SEED:#x}: {e}"));
    }
    println!("slots: {slots}, {} judged, seed {SEED:#x}", golden.judged());
    assert!(golden.judged() * 5 > slots, "{} of {slots} judged", golden.judged());
}
