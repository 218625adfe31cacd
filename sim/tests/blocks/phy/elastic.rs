//! Elastic buffer: a far board that is quicker or slower is a writer with shorter or longer slots.

use crate::support::{numbers, proves, tail};
use firstlight_hdl::phy::elastic::Elastic;
use firstlight_hdl::phy::lane_tx::LaneTx;
use firstlight_hdl::prelude::*;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::control::IDLE;
use firstlight_spec::slot::{Slot, slot_type};
use std::collections::VecDeque;

/// Both sides on one clock; the slot clock is that of a sender.
#[derive(LogicBlock, Default)]
struct OneClock {
    pub clock: Signal<In, Clock>,
    pub in_data: Signal<In, W<64>>,
    pub in_tail: Signal<In, W<12>>,
    pub in_idle: Signal<In, Bit>,
    pub in_valid: Signal<In, Bit>,
    pub out_data: Signal<Out, W<64>>,
    pub out_tail: Signal<Out, W<12>>,
    pub running: Signal<Out, Bit>,
    pub events: Signal<Out, W<4>>,
    pub phase: Signal<Out, W<3>>,
    sender: LaneTx,
    elastic: Elastic,
    seen: Signal<Local, W<4>>,
}

impl Logic for OneClock {
    #[hdl_gen]
    fn update(&mut self) {
        self.sender.clock.next = self.clock.val();
        self.sender.data.next = 0.into();
        self.sender.tail.next = 0.into();
        self.elastic.write_clock.next = self.clock.val();
        self.elastic.clock.next = self.clock.val();
        self.elastic.slot_clock.next = self.sender.slot_clock.val();
        self.elastic.phase.next = self.sender.phase.val();
        self.elastic.in_data.next = self.in_data.val();
        self.elastic.in_tail.next = self.in_tail.val();
        self.elastic.in_idle.next = self.in_idle.val();
        self.elastic.in_valid.next = self.in_valid.val();
        self.out_data.next = self.elastic.out_data.val();
        self.out_tail.next = self.elastic.out_tail.val();
        self.running.next = self.elastic.running.val();
        self.phase.next = self.sender.phase.val();
        self.seen.next = 0.into();
        self.seen.next = self.seen.val().replace_bit(0, self.elastic.doubled.val());
        self.seen.next = self.seen.val().replace_bit(1, self.elastic.dropped.val());
        self.seen.next = self.seen.val().replace_bit(2, self.elastic.emptied.val());
        self.seen.next = self.seen.val().replace_bit(3, self.elastic.overrun.val());
        self.events.next = self.seen.val();
    }
}

const IDLE_SLOT: Slot = Slot::new(IDLE as u64, slot_type::CONTROL);
/// Phase in which the link captures what stands at the output.
const CAPTURE_PHASE: u64 = 0;

/// What came out of a stretch: slots that are no IDLE and as sent, doubled, dropped, emptied, overrun.
#[derive(Debug, Default, PartialEq)]
struct Came {
    data: usize,
    events: [u64; 4],
}

struct Buffer {
    bench: Bench<OneClock>,
    random: Box<dyn FnMut() -> u64>,
    expected: VecDeque<Slot>,
}

impl Buffer {
    fn new() -> Self {
        let bench = Bench::new(OneClock::default(), |u| &mut u.clock).recording();
        Buffer { bench, random: Box::new(numbers(21)), expected: VecDeque::new() }
    }

    /// `slots` of the far board, one data slot after each IDLE; every `every`th is `change` cycles longer. Each slot that
    /// comes out must be the next one, unless slots are lost.
    fn run(&mut self, slots: usize, every: usize, change: i64) -> Came {
        let mut came = Came::default();
        for n in 0..slots {
            let slot = if n % 2 == 0 { IDLE_SLOT } else { Slot::new((self.random)(), slot_type::MORE) };
            if slot != IDLE_SLOT {
                self.expected.push_back(slot);
            }
            let cycles = 5 + if n % every == 0 { change } else { 0 };
            (0..cycles).for_each(|c| self.cycle(slot, c == 0, &mut came));
        }
        came
    }

    fn cycle(&mut self, slot: Slot, valid: bool, came: &mut Came) {
        let drive = |u: &mut OneClock| {
            u.in_data.next = W::new(slot.data);
            u.in_tail.next = tail(slot);
            u.in_idle.next = slot == IDLE_SLOT;
            u.in_valid.next = valid;
        };
        let look = |u: &OneClock| {
            let t = u.out_tail.val().get();
            let slot = Slot { data: u.out_data.val().get(), kind: t as u8 & 15, check: (t >> 4) as u8 };
            (u.phase.val().get() == CAPTURE_PHASE, slot, u.events.val().get())
        };
        let (captured, slot, events) = self.bench.cycle(drive, look);
        if !captured {
            return;
        }
        came.events.iter_mut().enumerate().for_each(|(i, count)| *count += events >> i & 1);
        if slot.kind == slot_type::MORE {
            let place = self.expected.iter().position(|e| *e == slot).expect("a slot that was sent, and only once");
            self.expected.drain(..=place);
            came.data += 1;
        }
    }
}

#[test]
fn equal_clocks_pass_every_slot_and_touch_no_idle() {
    let mut b = Buffer::new();
    let came = b.run(400, 1, 0);
    assert_eq!(came.events, [0; 4]);
    assert!(came.data >= 196 && b.expected.len() <= 3, "{came:?}");
}

#[test]
fn a_slow_far_board_makes_idles_double_and_a_quick_one_makes_them_drop() {
    let mut b = Buffer::new();
    b.run(50, 1, 0);
    let slow = b.run(600, 10, 1);
    assert!(slow.events[0] >= 8 && slow.events[1..] == [0; 3] && slow.data >= 296, "{slow:?}");
    let quick = b.run(600, 10, -1);
    assert!(quick.events[1] >= 8 && quick.events[2..] == [0; 2] && quick.data >= 296, "{quick:?}");
    assert!(quick.events[0] <= 1, "{quick:?}");
    proves(&b.bench, "elastic", &["in_valid", "in_idle", "running", "out_data"]);
}

#[test]
fn a_far_board_that_stops_goes_dark_and_comes_back() {
    let mut b = Buffer::new();
    b.run(100, 1, 0);
    let mut came = Came::default();
    (0..100).for_each(|_| b.cycle(IDLE_SLOT, false, &mut came));
    assert!(!b.bench.uut.running.val() && came.events[2] == 1, "dark, and said once: {came:?}");
    let again = b.run(100, 1, 0);
    assert!(b.bench.uut.running.val() && again.data >= 46 && again.events == [0; 4], "{again:?}");
}
