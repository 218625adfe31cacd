//! The injector's counter and its draws, at every bit.

use super::{Step, frames, mask, snapshot, stop, write};
use firstlight_hdl::measure::noise;
use firstlight_spec::regs::injector;

/// Slots until the mask comes, and from one to the next, of each bit and some lower ones: who forgets one comes early.
pub fn slots(plan: &mut Vec<Step>) {
    plan.extend(mask(0b11));
    for slots in (0..24).flat_map(|bit| [1 << bit, 1 << bit | 0x2a_aaab >> (23 - bit), 1 << bit | 9]) {
        for mode in [2, 3] {
            plan.extend([
                write(&injector::SLOT, slots),
                write(&injector::CONTROL, mode),
                Step::Pause(if slots < 1 << 14 { 2 * slots + 40 } else { 200 }),
            ]);
        }
        // the next distance is set while this one runs
        plan.extend([
            write(&injector::SLOT, 60),
            write(&injector::CONTROL, 3),
            write(&injector::SLOT, slots),
            Step::Pause(260),
            write(&injector::CONTROL, 0),
            Step::Pause(150),
        ]);
    }
}

/// Rates that one of the draws misses or meets by one: whoever compares another bit decides otherwise.
pub fn rates(plan: &mut Vec<Step>) {
    let mut draw = |seed: u32, rate: u32| {
        plan.extend([
            write(&injector::SEED, seed.into()),
            write(&injector::RATE, rate.into()),
            write(&injector::CONTROL, 1),
            write(&injector::CONTROL, 0),
            Step::Pause(90),
        ]);
    };
    let most = (1 << noise::LEVEL_BITS) - 1;
    for rate in (0..noise::LEVEL_BITS).flat_map(|bit| [1 << bit, most ^ 1 << bit]).chain([most / 3, most - most / 3]) {
        // the first draw after a load is the seed itself
        draw(rate, rate);
        draw(rate - 1, rate);
    }
    for seed in [1, 0x1234_5678, 0xfedc_ba98, 0x5a5a_a5a5] {
        let mut state = noise::loaded(seed);
        for _ in 0..6 {
            for level in (0..3).map(|k| noise::draw(state, k).0) {
                draw(seed, level);
                draw(seed, level + 1);
            }
            state = noise::next(state);
        }
        // told where nothing else is drawn
        draw(seed, 0);
    }
    snapshot(plan, &["injected", "corrected", "bad_even", "bad_odd"]);
    // with frames, so that what becomes of them tells as well
    plan.extend(frames(0, 20, 2));
    for rate in (0..noise::LEVEL_BITS).map(|bit| 1u64 << bit) {
        plan.extend([write(&injector::RATE, rate), write(&injector::CONTROL, 1), Step::Pause(500)]);
        plan.extend([write(&injector::CONTROL, 0), Step::Pause(100)]);
    }
    stop(plan, 100);
    snapshot(plan, &["injected", "corrected", "frames_good"]);
}
