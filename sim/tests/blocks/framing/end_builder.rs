//! The transmitter's CRC loop and the prepared word.

use crate::support::{numbers, proves_for_both};
use firstlight_hdl::framing::end_builder::{EndBuilder, end_term_rows, tail_term_rows};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::control::{EndFlags, IDLE, Idle, end};
use firstlight_spec::crc::{INITIAL, step, word};
use firstlight_spec::slot::{COSET, parity};
use proptest::prelude::*;

/// The state as it is stored: 32 bits ahead, zero at the start of a frame.
fn stored(state: u32) -> u32 {
    step(state, 0, 32) ^ step(INITIAL, 0, 32)
}

fn times(rows: &[u64], x: u64) -> u64 {
    rows.iter().enumerate().fold(0, |y, (i, row)| y | ((row & x).count_ones() as u64 & 1) << i)
}

/// The CRC after all words but the one in the line register, and that word.
#[derive(Clone, Copy, Debug)]
struct Now {
    state: u32,
    data: u64,
    ending: bool,
    flags: EndFlags,
    sequence: u16,
    idle: Idle,
}

impl Now {
    fn of(data: u64, random: u64) -> Self {
        let flags = EndFlags {
            stomp: random >> 33 & 1 != 0,
            soft: false,
            parity: random >> 34 & 1 != 0,
            last_bytes: 1 + (random >> 35) as u8 % 8,
        };
        let idle = Idle { state: (random >> 40) as u8 & 7, prbs: (random >> 48) as u16, ..Idle::default() };
        let state = if random >> 38 & 7 == 0 { INITIAL } else { random as u32 };
        Now { state, data, ending: random >> 32 & 1 != 0, flags, sequence: (data >> 24) as u16, idle }
    }

    /// State after the word, prepared word and its check bits, in the same cycle.
    fn build(self, bench: &mut Bench<EndBuilder>) -> (u32, u64, u8) {
        let flags = self.flags;
        let inputs = self.sequence as u64 | (flags.parity as u64) << 16;
        let tail = ((1 << flags.last_bytes) - 1) | (flags.stomp as u64) << 8;
        let idle = self.idle.to_slot();
        bench.cycle(
            |u| {
                u.state.next = W::new(stored(self.state) as u64);
                // 32 bits ahead too
                u.data_term.next = W::new(step(step(0, self.data, 64), 0, 32) as u64);
                u.ending.next = self.ending;
                u.frame_number.next = W::new(self.sequence as u64);
                u.stomp.next = flags.stomp;
                u.parity.next = flags.parity;
                u.end_term.next = W::new(times(&end_term_rows(), inputs));
                u.tail_terms.next = W::new(times(&tail_term_rows(), tail));
                u.idle.next = W::new(idle.data);
                u.idle_parity.next = W::new((idle.check ^ COSET ^ parity(IDLE as u64, 0)) as u64);
            },
            |u| (u.moved.val().get() as u32, u.prepared.val().get(), u.prepared_check.val().get() as u8),
        )
    }

    fn expected(self) -> (u32, u64, u8) {
        let after = word(self.state, self.data);
        let slot = if self.ending { end(self.flags, self.sequence, after) } else { self.idle.to_slot() };
        (stored(after), slot.data, slot.check)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(words in prop::collection::vec(any::<(u64, u64)>(), 1..30)) {
        let mut bench = Bench::combinational(EndBuilder::new(Target::Generic));
        for (data, random) in words {
            let now = Now::of(data, random);
            prop_assert_eq!(now.build(&mut bench), now.expected(), "{:x?}", now);
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let record = |target| {
        let mut bench = Bench::combinational(EndBuilder::new(target)).recording();
        let mut random = numbers(3);
        (0..300).for_each(|_| {
            Now::of(random(), random()).build(&mut bench);
        });
        bench
    };
    let view = ["state", "data_term", "ending", "stomp", "parity", "tail_terms", "moved", "prepared_check"];
    proves_for_both(record, "end_builder", &view);
}
