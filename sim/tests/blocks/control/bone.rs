//! UARTBone.

use crate::support::{fits_its_budget, numbers, replays_and_validates};
use firstlight_hdl::control::bone::{Bone, READ_LATENCY, WRITE_LATENCY};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_sim::model::control::bone::{Access, Bone as Model};
use firstlight_spec::{budget, limits};
use proptest::prelude::*;
use std::collections::VecDeque;

const DEADLINE_CYCLES: u64 = 8000;

/// The bone between a byte source and a slave whose word n reads as `answer(n)`.
struct Driven {
    bench: Bench<Bone>,
    input: VecDeque<u8>,
    output: Vec<u8>,
    accesses: Vec<Access>,
    errors: u64,
    /// Cycles from `stb` to `ack`, and how many the transfer has lasted.
    ack_cycles: u64,
    waited: u64,
    /// Cycle in which the last byte moved in, and the first and last with `cyc`.
    last_taken: u64,
    last_started: u64,
    random: Box<dyn FnMut() -> u64>,
    /// In 256ths: how often a byte is offered, or wanted.
    eagerness: u64,
}

fn answer(word: u32) -> u32 {
    word.wrapping_mul(0x9e37_79b9) ^ 0x0102_0304
}

impl Driven {
    fn new(seed: u64) -> Self {
        Driven {
            bench: Bench::new(Bone::new(DEADLINE_CYCLES), |u| &mut u.clock).recording(),
            input: VecDeque::new(),
            output: vec![],
            accesses: vec![],
            errors: 0,
            ack_cycles: 3,
            waited: 0,
            last_taken: 0,
            last_started: 0,
            random: Box::new(numbers(seed)),
            eagerness: 256,
        }
    }

    fn cycle(&mut self) {
        let cycle = self.bench.cycles();
        let offer = self.input.front().copied().filter(|_| (self.random)() & 255 < self.eagerness);
        let wants = (self.random)() & 255 < self.eagerness;
        let (waited, ack_cycles) = (self.waited, self.ack_cycles);
        let ack = waited > 0 && waited >= ack_cycles;
        // a byte that was offered stays
        let offered = self.bench.uut.rx_valid.val() && !self.input.is_empty();
        let byte = if offered { self.input.front().copied() } else { offer };
        let (taken, sent, transfer, error) = self.bench.cycle(
            |u| {
                u.rx_valid.next = byte.is_some();
                u.rx_data.next = W::new(byte.unwrap_or(0xee) as u64);
                u.tx_ready.next = wants;
                u.ack.next = ack;
                let word = u.adr.val().get() as u32;
                u.dat_r.next = W::new(if ack { answer(word) as u64 } else { 0xbad0_bad0 });
            },
            |u| {
                assert_eq!(u.cyc.val(), u.stb.val());
                let transfer = u.cyc.val().then(|| {
                    let word = u.adr.val().get() as u32;
                    if u.we.val() {
                        Access::Write { word, data: u.dat_w.val().get() as u32 }
                    } else {
                        Access::Read { word }
                    }
                });
                let sent = (u.tx_valid.val() && u.tx_ready.val()).then(|| u.tx_data.val().get() as u8);
                (u.rx_valid.val() && u.rx_ready.val(), sent, transfer, u.error.val())
            },
        );
        if taken {
            self.input.pop_front();
            self.last_taken = cycle;
        }
        self.output.extend(sent);
        if transfer.is_some() && waited == 0 {
            self.last_started = cycle;
        }
        self.waited = if transfer.is_some() && !ack { waited + 1 } else { 0 };
        if ack {
            assert!(transfer.is_some() || error, "cyc stands until ack or the deadline");
            self.accesses.extend(transfer);
        }
        self.errors += error as u64;
    }

    fn run(&mut self, cycles: u64) {
        for _ in 0..cycles {
            self.cycle();
        }
    }

    /// Until all bytes are in and the bone is idle or waits for more.
    fn drain(&mut self) {
        let mut quiet = 0;
        while quiet < 10_000 / self.eagerness.max(1) {
            let before = (self.input.len(), self.output.len(), self.accesses.len());
            self.cycle();
            let still = before == (self.input.len(), self.output.len(), self.accesses.len()) && self.waited == 0;
            quiet = if still && self.input.is_empty() { quiet + 1 } else { 0 };
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.input.extend(bytes);
        self.drain();
    }

    fn replies(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.output.clear();
        self.send(bytes);
        std::mem::take(&mut self.output)
    }
}

/// What the model does with the same bytes.
fn model(bytes: &[u8]) -> (Vec<u8>, Vec<Access>, bool) {
    let (mut bone, mut accesses, mut output) = (Model::default(), vec![], vec![]);
    for byte in bytes {
        let mut bus = |access: Access| {
            accesses.push(access);
            match access {
                Access::Read { word } => answer(word),
                Access::Write { .. } => 0,
            }
        };
        output.extend(bone.take(*byte, &mut bus));
    }
    (output, accesses, bone.is_active())
}

fn command(kind: u8, length: u8, word: u32, data: &[u32]) -> Vec<u8> {
    let mut bytes = vec![kind, length];
    bytes.extend(word.to_be_bytes());
    bytes.extend(data.iter().flat_map(|d| d.to_be_bytes()));
    bytes
}

#[test]
fn a_transfer_starts_latency_cycles_after_its_last_byte() {
    for length in [1u8, 255] {
        let mut d = Driven::new(1);
        d.input.extend(command(2, length, 0x10, &[]));
        while d.last_started == 0 {
            d.cycle();
        }
        assert_eq!(d.last_started - d.last_taken, READ_LATENCY);
        let mut d = Driven::new(1);
        d.send(&command(1, length, 0x10, &vec![7; length as usize]));
        assert_eq!(d.last_started - d.last_taken, WRITE_LATENCY);
        assert_eq!(d.accesses.len(), length as usize);
    }
}

#[test]
fn a_read_takes_six_bytes_and_answers_four() {
    let mut d = Driven::new(1);
    d.input.extend(command(2, 1, 0x1234, &[]));
    d.run(34);
    assert_eq!(d.output, answer(0x1234).to_be_bytes());
    insta::assert_snapshot!(
        d.bench.trace().ascii(&["rx_valid", "rx_ready", "active", "cyc", "ack", "tx_valid", "tx_ready", "tx_data"])
    );
}

#[test]
fn the_edge_cases_of_the_format() {
    let mut d = Driven::new(1);
    // both kinds of write, then both kinds of read
    assert!(d.replies(&command(1, 2, 0x10, &[0xdead_beef, 0x0102_0304])).is_empty());
    assert!(d.replies(&command(3, 2, 0x10, &[5, 6])).is_empty());
    let write = |word, data| Access::Write { word, data };
    assert_eq!(d.accesses, [write(16, 0xdead_beef), write(17, 0x0102_0304), write(16, 5), write(16, 6)]);
    let words = |list: &[u32]| list.iter().flat_map(|w| answer(*w).to_be_bytes()).collect::<Vec<u8>>();
    assert_eq!(d.replies(&command(2, 2, 0x10, &[])), words(&[16, 17]));
    assert_eq!(d.replies(&command(4, 2, 0x10, &[])), words(&[16, 16]));
    d.accesses.clear();
    // unknown kinds and length 0: the header is swallowed, the next command works
    for header in [(0, 1), (5, 1), (7, 1), (0x12, 1), (0xff, 255), (1, 0), (2, 0), (3, 0), (4, 0)] {
        assert!(d.replies(&command(header.0, header.1, 0x10, &[])).is_empty(), "{header:?}");
        assert!(!d.bench.uut.active.val(), "{header:?}");
    }
    assert!(d.accesses.is_empty());
    assert_eq!(d.replies(&command(2, 1, 3, &[])), words(&[3]));
    // over the end of the address space
    let mut across = words(&[0x1fff]);
    across.extend([0; 8]);
    assert_eq!(d.replies(&command(2, 3, 0x1fff, &[])), across);
    assert_eq!(d.replies(&command(2, 1, 0x8000_0010, &[])), [0; 4]);
    d.accesses.clear();
    d.send(&command(1, 1, 0x2010, &[9]));
    assert!(d.accesses.is_empty() && d.errors == 0);
    replays_and_validates(&d.bench, "bone");
}

#[test]
fn a_stalled_command_is_given_up_at_the_deadline_and_the_next_one_works() {
    let whole = command(1, 2, 0x10, &[1, 2]);
    for cut in 1..whole.len() {
        let mut d = Driven::new(cut as u64);
        d.input.extend(&whole[..1]);
        let mut first = 0;
        while first == 0 {
            d.cycle();
            first = d.last_taken;
        }
        d.send(&whole[1..cut]);
        let left = first + DEADLINE_CYCLES - d.bench.cycles();
        d.run(left);
        assert!(d.bench.uut.active.val() && d.errors == 0, "given up too early after {cut} bytes");
        d.run(8);
        assert!(!d.bench.uut.active.val() && d.errors == 1, "not given up after {cut} bytes");
        let done = d.accesses.len();
        assert_eq!(d.replies(&command(2, 1, 0x20, &[])), answer(0x20).to_be_bytes());
        assert_eq!((d.accesses.len(), d.errors), (done + 1, 1));
    }
}

#[test]
fn the_deadline_also_ends_a_transfer_and_a_reply_that_nobody_takes() {
    let mut d = Driven::new(1);
    d.ack_cycles = u64::MAX;
    d.input.extend(command(2, 1, 0, &[]));
    d.run(40);
    assert!(d.bench.uut.cyc.val());
    d.run(DEADLINE_CYCLES);
    assert!(!d.bench.uut.cyc.val() && d.errors == 1);
    d.ack_cycles = 1;
    d.eagerness = 256;
    d.input.extend(command(2, 1, 0, &[]));
    d.run(25);
    d.eagerness = 0;
    d.run(DEADLINE_CYCLES + 10);
    assert!(!d.bench.uut.tx_valid.val() && d.errors == 2);
}

#[test]
fn an_acknowledgement_in_the_cycle_of_the_deadline_does_not_go_on_with_the_command() {
    for early in 0..32 {
        let mut d = Driven::new(early);
        d.ack_cycles = DEADLINE_CYCLES - early;
        d.input.extend(command(2, 3, 0x30, &[]));
        while d.errors == 0 {
            d.cycle();
        }
        let (sent, done) = (d.output.len(), d.accesses.len());
        d.run(200);
        assert_eq!((d.output.len(), d.accesses.len(), d.waited), (sent, done, 0), "{early} cycles early");
        d.ack_cycles = 1;
        assert_eq!(d.replies(&command(2, 1, 0x20, &[])), answer(0x20).to_be_bytes(), "{early} cycles early");
        assert_eq!(d.errors, 1);
    }
}

#[test]
fn a_byte_that_the_source_lost_is_an_error() {
    let mut d = Driven::new(1);
    d.bench.uut.rx_error.next = true;
    d.run(1);
    d.bench.uut.rx_error.next = false;
    d.run(5);
    assert_eq!(d.errors, 1);
}

#[test]
fn the_deadline_of_the_board_is_the_one_of_the_specification() {
    let cycles = Bone::deadline_cycles(budget::CLOCK_HZ);
    assert_eq!(cycles * 1000, budget::CLOCK_HZ * limits::BONE_TIMEOUT_MS);
    Bone::new(cycles);
    Bone::new(Bone::deadline_cycles(187_500_000));
}

#[test]
fn fits() {
    fits_its_budget(Driven::new(1).bench.uut.as_ref(), "bone");
}

/// Commands, mostly whole; data of the right length follows writes.
fn commands() -> impl Strategy<Value = Vec<u8>> {
    let one = (
        0u8..7,
        prop_oneof![0u8..5, 250u8..=255],
        prop_oneof![0u32..0x40, 0x1ff0u32..0x2010, any::<u32>()],
        any::<u32>(),
    )
        .prop_map(|(kind, length, word, data)| {
            let words = if kind == 1 || kind == 3 { length as u32 } else { 0 };
            command(kind, length, word, &(0..words).map(|i| data.wrapping_add(i)).collect::<Vec<_>>())
        });
    prop::collection::vec(one, 1..8).prop_map(|list| list.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn agrees_with_the_model(bytes in commands(), seed: u64, ack_cycles in 1u64..9, eagerness in 40u64..=256) {
        let mut d = Driven::new(seed);
        d.bench = Bench::new(Bone::new(1 << 25), |u| &mut u.clock);
        (d.ack_cycles, d.eagerness) = (ack_cycles, eagerness);
        d.send(&bytes);
        let (output, accesses, is_active) = model(&bytes);
        prop_assert_eq!(&d.output, &output);
        prop_assert_eq!(&d.accesses, &accesses);
        prop_assert_eq!(d.bench.uut.active.val(), is_active);
    }
}
