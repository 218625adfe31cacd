//! Cells out of lanes: alignment, marks, slots.

use super::{carried, mark};
use crate::support::{numbers, proves};
use firstlight_hdl::phy::cell::WORDS;
use firstlight_hdl::phy::lane_rx::{ALIGN_MARKS, LOSE_MARKS, LaneRx, VALID_CYCLES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use firstlight_spec::control::IDLE;
use firstlight_spec::slot::{Slot, slot_type};

/// A far board: random cells, one word each cycle.
struct Far {
    bench: Bench<LaneRx>,
    random: Box<dyn FnMut() -> u64>,
    cells: u64,
    /// The cell before, and whether its mark says IDLE.
    sent: Option<(Slot, bool)>,
    /// Inverts the mark's bits of every cell.
    wrong_mark: u128,
    received: u64,
}

impl Far {
    fn new(seed: u64) -> Self {
        let bench = Bench::new(LaneRx::default(), |u| &mut u.clock).recording();
        Far { bench, random: Box::new(numbers(seed)), cells: 0, sent: None, wrong_mark: 0, received: 0 }
    }

    /// One word; what the receiver says is that of the cell before when this is a cell's first word.
    fn word(&mut self, rise: u64, fall: u64) -> Option<(Slot, bool)> {
        let drive = |u: &mut LaneRx| {
            u.rise.next = W::new(rise);
            u.fall.next = W::new(fall);
        };
        let look = |u: &LaneRx| {
            let t = u.tail.val().get();
            let slot = Slot { data: u.data.val().get(), kind: t as u8 & 15, check: (t >> 4) as u8 };
            (u.valid.val(), slot, u.idle.val())
        };
        let (valid, slot, idle) = self.bench.cycle(drive, look);
        valid.then_some((slot, idle))
    }

    /// One cell; true when it was received, [`VALID_CYCLES`] after its last word and at no other time.
    fn cell(&mut self) -> bool {
        let x = (self.random)();
        let slot = match x & 1 {
            0 => Slot::new(IDLE as u64 | (self.random)() & !0xff, slot_type::CONTROL),
            _ => Slot::new((self.random)(), slot_type::MORE),
        };
        let is_idle = slot.kind == slot_type::CONTROL;
        let words = carried(slot, mark(self.cells, is_idle) ^ self.wrong_mark);
        self.cells += 1;
        let before = self.sent.replace((slot, is_idle && self.wrong_mark == 0));
        let mut is_received = false;
        for (k, (rise, fall)) in words.into_iter().enumerate() {
            let got = self.word(rise, fall);
            if got.is_some() {
                assert_eq!(k as u64, VALID_CYCLES - 1, "in the cycle after the cell's last word");
                assert_eq!(got, before);
                is_received = true;
                self.received += 1;
            }
        }
        is_received
    }

    /// Cells until one is received.
    fn until_received(&mut self) -> u64 {
        (0..200).find(|_| self.cell()).expect("the receiver aligns")
    }
}

/// Each of the four other cuts takes at most two cells to be found wrong: a random mark is good with one in four.
const SEARCH_CELLS: u64 = 40;

#[test]
fn it_aligns_from_every_cut_and_gives_every_slot_after_that() {
    for shift in 0..WORDS {
        let mut far = Far::new(shift as u64 + 1);
        (0..shift).for_each(|_| {
            far.word(0, 0);
        });
        let cells = far.until_received();
        assert!((ALIGN_MARKS..=ALIGN_MARKS + SEARCH_CELLS).contains(&cells), "cut {shift}: {cells} cells");
        assert!((0..100).all(|_| far.cell()), "every slot from then on");
    }
}

#[test]
fn it_forgives_fewer_bad_marks_than_lose_it() {
    let mut far = Far::new(9);
    far.until_received();
    for bad in 1..LOSE_MARKS {
        far.wrong_mark = 1;
        assert!((0..bad).all(|_| far.cell()), "{bad} bad marks in a row");
        far.wrong_mark = 0;
        assert!((0..3).all(|_| far.cell()));
    }
    far.wrong_mark = 1;
    // the cell before them, and they themselves
    assert!((0..=LOSE_MARKS).all(|_| far.cell()));
    assert!(!far.cell() && !far.cell(), "lost after {LOSE_MARKS}");
    far.wrong_mark = 0;
    let cells = far.until_received();
    assert!(cells <= ALIGN_MARKS + SEARCH_CELLS, "{cells}");
    assert!(far.received > 20);
    proves(&far.bench, "lane_rx", &["rise", "fall", "valid", "aligned"]);
}
