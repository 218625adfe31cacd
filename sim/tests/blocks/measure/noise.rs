//! The random source of the injector.

use crate::support::{numbers, proves};
use firstlight_hdl::measure::noise::{FILL, LENGTH, NoiseSource, STEP};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use proptest::prelude::*;

fn bench() -> Bench<NoiseSource> {
    Bench::new(NoiseSource::default(), |u| &mut u.clock)
}

/// The three draws that stand in this cycle, as one number of 114 bits.
fn cycle(bench: &mut Bench<NoiseSource>, load: Option<u32>, run: bool) -> u128 {
    bench.cycle(
        |u| {
            u.load.next = load.is_some();
            u.seed.next = W::new(load.unwrap_or(0) as u64);
            u.run.next = run;
        },
        |u| {
            let levels = [u.level_0.val(), u.level_1.val(), u.level_2.val()];
            let places = [u.place_0.val(), u.place_1.val(), u.place_2.val()];
            let draws = levels.iter().zip(places).rev();
            draws.fold(0, |all, (level, place)| all << 38 | (place.get() as u128) << 31 | level.get() as u128)
        },
    )
}

fn loaded(seed: u32) -> u128 {
    (seed as u128 | FILL << 32) & ((1 << LENGTH) - 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn agrees_with_the_model(steps in prop::collection::vec((any::<bool>(), prop::option::weighted(0.1, any::<u32>())), 1..80)) {
        // the model: the shift register, bit by bit
        let (mut bench, mut state) = (bench(), loaded(1));
        for (run, load) in steps {
            prop_assert_eq!(cycle(&mut bench, load, run), state & ((1 << STEP) - 1));
            match (load, run) {
                (Some(seed), _) => state = loaded(seed),
                (None, true) => (0..STEP).for_each(|_| state = state >> 1 | ((state ^ state >> 63) & 1) << (LENGTH - 1)),
                (None, false) => {}
            }
        }
    }
}

#[test]
fn verilog_replays_the_same_trace_within_its_budget() {
    let mut bench = bench().recording();
    let mut random = numbers(2);
    for n in 0..400 {
        let x = random();
        cycle(&mut bench, (n % 50 == 49).then_some(x as u32), x >> 40 & 3 != 0);
    }
    proves(&bench, "noise", &["load", "run", "level_0", "place_0"]);
}
