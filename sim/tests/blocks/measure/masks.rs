//! The two masks beside the line.

use crate::support::{numbers, proves};
use firstlight_hdl::measure::masks::{MaskMaker, PLACES};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use proptest::prelude::*;

/// Draws with their places, and the exact mask when it is due.
#[derive(Clone, Copy, Debug, Default)]
struct Now {
    hits: u64,
    places: [u64; 3],
    fire: bool,
    mask: u128,
}

impl Now {
    /// Random draws or an exact mask: a mode has one of them.
    fn of(random: u64, mask: u64) -> Self {
        let exact = random >> 60 & 1 != 0;
        Now {
            hits: if exact { 0 } else { random & 7 },
            places: [random >> 8 & 127, random >> 16 & if random >> 50 & 3 == 0 { 7 } else { 127 }, random >> 24 & 127],
            fire: exact && random >> 61 & 1 != 0,
            mask: ((random as u128) << 64 | mask as u128) & ((1 << PLACES) - 1),
        }
    }

    fn drawn(self) -> u128 {
        let hit = |k: usize| self.hits >> k & 1 != 0 && self.places[k] < PLACES;
        (0..3).filter(|k| hit(*k)).fold(0, |mask, k| mask ^ 1 << self.places[k])
    }
}

fn bench() -> Bench<MaskMaker> {
    Bench::new(MaskMaker::default(), |u| &mut u.clock)
}

/// The mask that applies in this cycle, and whether the one before changed its slot.
fn cycle(bench: &mut Bench<MaskMaker>, now: Now) -> (u128, bool) {
    bench.cycle(
        |u| {
            u.hits.next = W::new(now.hits);
            u.place_0.next = W::new(now.places[0]);
            u.place_1.next = W::new(now.places[1]);
            u.place_2.next = W::new(now.places[2]);
            u.fire.next = now.fire;
            u.mask_tc.next = W::new((now.mask >> 64) as u64);
            u.mask_high.next = W::new((now.mask >> 32) as u64);
            u.mask_low.next = W::new(now.mask as u64);
        },
        |u| {
            let data = u.data_a.val().get() ^ u.data_b.val().get();
            let tc = u.tc_a.val().get() ^ u.tc_b.val().get();
            (data as u128 | (tc as u128) << 64, u.changed.val())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn agrees_with_the_model(draws in prop::collection::vec(any::<(u64, u64)>(), 4..80)) {
        let mut bench = bench();
        let steps: Vec<Now> = draws.into_iter().map(|(random, mask)| Now::of(random, mask)).collect();
        let mut before = 0;
        for (n, now) in steps.iter().enumerate() {
            let (mask, changed) = cycle(&mut bench, *now);
            let drawn = n.checked_sub(MaskMaker::LATENCY as usize).map_or(0, |k| steps[k].drawn());
            let exact = n.checked_sub(1).map(|k| steps[k]).filter(|s| s.fire).map_or(0, |s| s.mask);
            prop_assert_eq!(mask, drawn ^ exact, "cycle {}", n);
            prop_assert_eq!(changed, before != 0, "cycle {}", n);
            before = mask;
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench().recording();
    let mut random = numbers(3);
    // the mask stands before it is due: its registers say whether it is empty
    let mut held = Now::default();
    for n in 0..500u64 {
        let now = Now::of(random(), random());
        held.mask = if n % 32 == 0 { now.mask } else { held.mask };
        let is_exact = n % 32 > 16;
        let hits = if is_exact { 0 } else { now.hits };
        cycle(&mut bench, Now { hits, mask: held.mask, fire: is_exact && now.fire, ..now });
    }
    proves(&bench, "masks", &["hits", "place_0", "place_1", "place_2", "fire", "changed"]);
}
