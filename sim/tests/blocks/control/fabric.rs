//! The fabric, before blocks of registers that answer in bits or in words, as late as they may.

use crate::support::{agrees_with_the_model, fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bus::{BIT_CYCLES, READ_CYCLES, SETTLE_CYCLES};
use firstlight_hdl::control::fabric::{Fabric, READ_ACK_CYCLES, WRITE_ACK_CYCLES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use std::collections::VecDeque;

const IN_BITS: usize = 7;
const IN_WORDS: usize = 3;
const BLOCKS: usize = IN_BITS + IN_WORDS;

/// Block `address / 16` answers, the last ones in words; a write leaves nothing.
struct Driven {
    bench: Bench<Fabric<IN_BITS, IN_WORDS>>,
    words: Vec<u64>,
    /// The block under request, and how long ago its strobe was.
    pending: Option<(usize, u64)>,
    strobes: u64,
    /// The steps of the last cycles.
    steps: VecDeque<u64>,
}

impl Driven {
    fn new() -> Self {
        let bench = Bench::new(Fabric::default(), |u| &mut u.clock).recording();
        Driven {
            bench,
            words: vec![0; 16 * BLOCKS],
            pending: None,
            strobes: 0,
            steps: VecDeque::from([0; BIT_CYCLES as usize]),
        }
    }

    /// One cycle with the master's signals; what it sees, if acknowledged.
    fn cycle(&mut self, stb: bool, we: bool, adr: usize, dat_w: u64) -> Option<u64> {
        let (pending, words) = (self.pending, &self.words);
        let step = self.steps.pop_front().expect("steps of the last cycles");
        let (ack, request) = self.bench.cycle(
            |u| {
                u.cyc.next = stb;
                u.stb.next = stb;
                u.we.next = we;
                u.adr.next = W::new(adr as u64);
                u.dat_w.next = W::new(dat_w);
                let asked = |k, after| match pending {
                    Some((word, age)) if age >= after && word / 16 == k => words[word],
                    _ => 0,
                };
                for (k, answer) in u.answers.iter_mut().enumerate() {
                    answer.next = asked(k, SETTLE_CYCLES) >> step & 1 != 0;
                }
                for (k, answer) in u.words.iter_mut().enumerate() {
                    answer.next = W::new(asked(IN_BITS + k, READ_CYCLES));
                }
            },
            |u| (u.ack.val().then(|| u.dat_r.val().get()), u.request.val()),
        );
        self.steps.push_back(request.step.get());
        self.pending = self.pending.map(|(word, age)| (word, age + 1));
        if request.strobe {
            self.strobes += 1;
            let word = request.address.index();
            self.pending = None;
            if request.write {
                self.words[word] = request.data.get();
            } else {
                self.pending = Some((word, 1));
            }
        }
        ack
    }

    /// A whole transfer: answer and cycles from `stb` to `ack`.
    fn transfer(&mut self, we: bool, adr: usize, dat_w: u64) -> (u64, u64) {
        for n in 0..100 {
            if let Some(answer) = self.cycle(true, we, adr, dat_w) {
                return (answer, n);
            }
        }
        panic!("no ack");
    }
}

#[test]
fn ack_comes_after_its_cycles_for_reads_and_writes_of_every_block() {
    let mut d = Driven::new();
    for k in 0..BLOCKS {
        assert_eq!(d.transfer(true, 16 * k + k, 0x8000_0001 << k & 0xffff_ffff).1, WRITE_ACK_CYCLES);
    }
    for k in 0..BLOCKS {
        assert_eq!(d.transfer(false, 16 * k + k, 0), (0x8000_0001 << k & 0xffff_ffff, READ_ACK_CYCLES));
    }
    assert_eq!(d.strobes, 2 * BLOCKS as u64);
}

#[test]
fn a_write_and_a_read_of_the_same_word() {
    let mut d = Driven::new();
    d.transfer(true, 0x91, 0xcafe);
    d.cycle(false, false, 0, 0);
    d.transfer(false, 0x91, 0);
    d.cycle(false, false, 0, 0);
    insta::assert_snapshot!(d.bench.trace().ascii(&["stb", "we", "adr", "words$2", "ack", "dat_r"]));
}

fn agree(seed: u64) -> Driven {
    let (mut d, mut random) = (Driven::new(), numbers(seed));
    let mut memory = vec![0u64; 16 * BLOCKS];
    for _ in 0..300 {
        let (x, adr) = (random(), random() as usize % memory.len());
        if x & 3 == 0 {
            d.cycle(false, x & 4 != 0, adr, x & 0xffff_ffff);
        } else if x & 3 == 1 {
            memory[adr] = x >> 32;
            d.transfer(true, adr, x >> 32);
        } else {
            assert_eq!(d.transfer(false, adr, 0).0, memory[adr]);
        }
    }
    d
}

agrees_with_the_model!(8, agree);

#[test]
fn verilog_replays_the_same_trace() {
    replays_and_validates(&agree(5).bench, "fabric");
}

#[test]
fn a_transfer_that_is_given_up_never_acknowledges_the_next_one() {
    for given_up_after in 1..=READ_ACK_CYCLES {
        let mut d = Driven::new();
        d.transfer(true, 0x11, 7);
        d.transfer(true, 0x22, 9);
        for _ in 0..given_up_after {
            assert_eq!(d.cycle(true, false, 0x11, 0), None);
        }
        // one cycle without stb; in the cycle of a late ack it is not looked at
        d.cycle(false, false, 0, 0);
        assert_eq!(d.transfer(false, 0x22, 0), (9, READ_ACK_CYCLES), "given up after {given_up_after}");
    }
}

#[test]
fn fits() {
    fits_its_budget(Driven::new().bench.uut.as_ref(), "fabric");
}
