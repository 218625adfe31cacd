//! The multiplexer of a word's bits.

use crate::support::{agrees_with_the_model, numbers, proves};
use firstlight_hdl::control::picker::Picker;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;

/// The bit of two cycles ago, zero beyond the word.
fn agree(seed: u64) -> Bench<Picker<21>> {
    let mut b = Bench::new(Picker::default(), |u| &mut u.clock).recording();
    let mut random = numbers(seed);
    let mut want = [false; 2];
    for _ in 0..300 {
        let (word, step) = (random() >> 20 & 0x1f_ffff, random() >> 9 & 31);
        let got = b.cycle(
            |u| {
                u.word.next = W::new(word);
                u.step.next = W::new(step);
            },
            |u| u.out.val(),
        );
        assert_eq!(got, want[1]);
        want = [word >> step & 1 != 0, want[0]];
    }
    b
}

agrees_with_the_model!(8, agree);

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    proves(&agree(1), "picker", &["word", "step", "out"]);
}
