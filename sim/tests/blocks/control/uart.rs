//! UART receiver and transmitter, bit by bit.

use crate::support::{fits_its_budget, numbers, replays_and_validates, replays_the_same};
use firstlight_hdl::board::cu_lanes::SLOT_HZ;
use firstlight_hdl::control::bit_time::BitTime;
use firstlight_hdl::control::uart_rx::UartRx;
use firstlight_hdl::control::uart_tx::UartTx;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::{budget, limits};
use proptest::prelude::*;

/// Bits of the bit counter, and cycles a bit on the board.
const D: usize = 7;
const DIVISOR: u64 = (budget::CLOCK_HZ + limits::UART_BAUD / 2) / limits::UART_BAUD;

/// The levels of a byte on the line: start, eight data bits, stop.
fn levels(byte: u8) -> Vec<bool> {
    let data = (0..8).map(|i| byte >> i & 1 != 0);
    std::iter::once(false).chain(data).chain(std::iter::once(true)).collect()
}

/// A receiver whose byte is taken `patience` cycles after `valid`.
struct Receiver {
    bench: Bench<UartRx<D>>,
    patience: u64,
    waited: u64,
    bytes: Vec<u8>,
    errors: u64,
    valid_at: u64,
}

impl Receiver {
    fn new() -> Self {
        Receiver::of(BitTime::whole(DIVISOR))
    }

    fn of(bit: BitTime) -> Self {
        let mut bench = Bench::new(UartRx::new(bit), |u| &mut u.clock).recording();
        bench.uut.pin.next = true;
        Receiver { bench, patience: 0, waited: 0, bytes: vec![], errors: 0, valid_at: 0 }
    }

    fn cycle(&mut self, level: bool) {
        let ready = self.waited >= self.patience;
        let (byte, error) = self.bench.cycle(
            |u| {
                u.pin.next = level;
                u.ready.next = ready;
            },
            |u| (u.valid.val().then(|| u.data.val().get() as u8), u.error.val()),
        );
        if byte.is_some() && self.waited == 0 {
            self.valid_at = self.bench.cycles() - 1;
        }
        self.waited = if byte.is_some() && !ready { self.waited + 1 } else { 0 };
        self.bytes.extend(byte.filter(|_| ready));
        self.errors += error as u64;
    }

    fn hold(&mut self, level: bool, cycles: u64) {
        for _ in 0..cycles {
            self.cycle(level);
        }
    }

    /// Levels with bits of `ppm` parts per million more than the divisor, from a fractional phase.
    fn send(&mut self, levels: &[bool], ppm: i64) {
        self.send_bits(levels, DIVISOR as f64 * (1.0 + ppm as f64 * 1e-6));
    }

    /// Levels of `bit` cycles each.
    fn send_bits(&mut self, levels: &[bool], bit: f64) {
        let mut done = 0u64;
        for (i, level) in levels.iter().enumerate() {
            let end = ((i + 1) as f64 * bit).round() as u64;
            self.hold(*level, end - done);
            done = end;
        }
    }
}

#[test]
fn the_divisor_of_the_board_is_39_and_within_two_per_mille() {
    assert_eq!(DIVISOR, 39);
    assert_eq!(BitTime::of(budget::CLOCK_HZ, limits::UART_BAUD), BitTime::whole(DIVISOR));
    let baud = budget::CLOCK_HZ as f64 / DIVISOR as f64;
    assert!((baud / limits::UART_BAUD as f64 - 1.0).abs() < 0.002);
}

#[test]
fn a_byte_is_valid_four_cycles_after_the_middle_of_its_stop_bit() {
    for byte in [0x00, 0x55, 0xff] {
        let mut r = Receiver::new();
        r.hold(true, 20);
        let start = r.bench.cycles();
        r.send(&levels(byte), 0);
        r.hold(true, 20);
        assert_eq!(r.bytes, [byte]);
        assert_eq!(r.valid_at - start, 9 * DIVISOR + DIVISOR / 2 + 3);
    }
}

#[test]
fn all_bytes_back_to_back_arrive_at_two_percent_off_the_rate() {
    for ppm in [-20_000, -1600, 0, 1600, 20_000] {
        let mut r = Receiver::new();
        r.hold(true, 5);
        let all: Vec<u8> = (0..=255).collect();
        let line: Vec<bool> = all.iter().flat_map(|b| levels(*b)).collect();
        r.send(&line, ppm);
        r.hold(true, 2 * DIVISOR);
        assert_eq!((r.bytes, r.errors), (all, 0), "{ppm} ppm");
    }
}

/// Of the top with lanes: 7 and 13/16 cycles.
fn slot_clock_bit() -> BitTime {
    BitTime::of(SLOT_HZ, limits::UART_BAUD)
}

#[test]
fn a_fraction_of_a_cycle_is_made_up_within_a_byte() {
    // an eighth of a bit is lost to each side by looking once a cycle; the rest is 3.5 % of a byte
    let nominal = SLOT_HZ as f64 / limits::UART_BAUD as f64;
    for ppm in [-35_000, -10_000, 0, 10_000, 35_000] {
        let mut r = Receiver::of(slot_clock_bit());
        r.hold(true, 5);
        let all: Vec<u8> = (0..=255).collect();
        let line: Vec<bool> = all.iter().flat_map(|b| levels(*b)).collect();
        r.send_bits(&line, nominal * (1.0 + ppm as f64 * 1e-6));
        r.hold(true, 20);
        assert_eq!((r.bytes, r.errors), (all, 0), "{ppm} ppm");
    }
}

#[test]
fn a_fraction_of_a_cycle_is_made_up_on_the_line() {
    let mut t = Bench::new(UartTx::<D>::new(slot_clock_bit()), |u| &mut u.clock).recording();
    let line = transmit(&mut t, &[0x55, 0x55], || 0);
    let edges: Vec<usize> = (1..line.len()).filter(|i| line[i - 1] != line[*i]).collect();
    let nominal = SLOT_HZ as f64 / limits::UART_BAUD as f64;
    for byte in edges.chunks(10) {
        for (n, edge) in byte.iter().enumerate() {
            let early = n as f64 * nominal - (edge - byte[0]) as f64;
            assert!((0.0..1.0).contains(&early), "edge {n} comes {early} cycles early");
        }
    }
    assert_eq!(edges.len(), 20);
    replays_the_same(&t, "uart_tx at the slot clock");
}

#[test]
fn noise_breaks_and_bytes_without_stop_bit_are_no_bytes() {
    let mut r = Receiver::new();
    r.hold(true, 5);
    for width in 1..DIVISOR / 2 - 2 {
        r.hold(false, width);
        r.hold(true, 60);
    }
    assert_eq!((r.bytes.len(), r.errors), (0, 0), "a short low pulse");
    r.hold(false, 100 * DIVISOR);
    assert_eq!((r.bytes.len(), r.errors), (0, 1), "a break");
    r.hold(true, 3 * DIVISOR);
    let mut bad = levels(0xa5);
    bad[9] = false;
    r.send(&bad, 0);
    r.hold(true, DIVISOR);
    assert_eq!((r.bytes.len(), r.errors), (0, 2), "no stop bit");
    r.send(&levels(0x5a), 0);
    r.hold(true, DIVISOR);
    assert_eq!((r.bytes.as_slice(), r.errors), (&[0x5a][..], 2));
    replays_and_validates(&r.bench, "uart_rx");
}

#[test]
fn a_byte_that_is_not_taken_in_time_is_lost_and_counted() {
    let mut r = Receiver::new();
    r.patience = DIVISOR - 2;
    r.hold(true, 5);
    r.send(&[levels(1), levels(2)].concat(), 0);
    r.hold(true, 2 * DIVISOR);
    assert_eq!((r.bytes.as_slice(), r.errors), (&[1, 2][..], 0));
    r.patience = DIVISOR + 4;
    r.send(&[levels(3), levels(4)].concat(), 0);
    r.hold(true, 3 * DIVISOR);
    assert_eq!((r.bytes.as_slice(), r.errors), (&[1, 2, 4][..], 1));
}

/// Sends bytes, returns the line and the cycles of one byte and the next.
fn transmit(bench: &mut Bench<UartTx<D>>, bytes: &[u8], mut gap: impl FnMut() -> u64) -> Vec<bool> {
    let mut line = vec![];
    for byte in bytes {
        for _ in 0..gap() {
            line.push(bench.cycle(|u| u.valid.next = false, |u| u.pin.val()));
        }
        let mut taken = false;
        while !taken {
            let look = |u: &UartTx<D>| (u.pin.val(), u.ready.val());
            let (level, ready) = bench.cycle(
                |u| {
                    u.valid.next = true;
                    u.data.next = W::new(*byte as u64);
                },
                look,
            );
            line.push(level);
            taken = ready;
        }
    }
    for _ in 0..12 * DIVISOR {
        line.push(bench.cycle(|u| u.valid.next = false, |u| u.pin.val()));
    }
    line
}

fn transmitter() -> Bench<UartTx<D>> {
    Bench::new(UartTx::new(BitTime::whole(DIVISOR)), |u| &mut u.clock).recording()
}

#[test]
fn a_byte_leaves_one_cycle_after_it_is_taken_bit_by_bit() {
    let line = transmit(&mut transmitter(), &[0xa6], || 3);
    let mut expected = vec![true; 4];
    expected.extend(levels(0xa6).iter().flat_map(|l| vec![*l; DIVISOR as usize]));
    expected.resize(line.len(), true);
    assert_eq!(line, expected);
}

#[test]
fn bytes_follow_each_other_after_ten_bits_and_a_cycle() {
    let line = transmit(&mut transmitter(), &[0, 0, 0], || 0);
    let falls: Vec<usize> = (1..line.len()).filter(|i| line[i - 1] && !line[*i]).collect();
    assert_eq!(falls, [1, 1 + 391, 1 + 2 * 391]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn what_is_sent_is_received(bytes in prop::collection::vec(any::<u8>(), 1..20), seed: u64) {
        let (mut t, mut r, mut random) = (transmitter(), Receiver::new(), numbers(seed));
        for level in transmit(&mut t, &bytes, || random() % 50) {
            r.cycle(level);
        }
        prop_assert_eq!(&r.bytes, &bytes);
        prop_assert_eq!(r.errors, 0);
    }
}

#[test]
fn a_transmitted_text_replays() {
    let mut t = transmitter();
    transmit(&mut t, b"FLT1", || 7);
    replays_and_validates(&t, "uart_tx");
}

#[test]
fn both_fit() {
    fits_its_budget(Receiver::new().bench.uut.as_ref(), "uart_rx");
    fits_its_budget(transmitter().uut.as_ref(), "uart_tx");
}
