//! The emitted Verilog of the link.

use super::looped::{Loop, Offer};
use crate::support::{fits_its_budget, numbers, replays_and_validates, shows};
use firstlight_hdl::link::{Link, LinkConfig};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;

/// Everything at random: beats, stalls, aborts, errors, darkness, settings.
fn recorded(target: Target, cycles: u64, seed: u64) -> Loop {
    let mut link = Loop::of(Link::new(target), 2);
    link.bench = link.bench.recording();
    let mut random = numbers(seed);
    for cycle in 0..cycles {
        let x = random();
        let mut flip = 0;
        let wrong = [0, 0, 0, 1, 1, 2, 3, 1][x as usize & 7];
        if cycle > 90 {
            (0..wrong).for_each(|k| flip |= 1u128 << ((x >> (8 + 7 * k)) % 76));
        }
        if cycle % 512 == 200 {
            link.dark = true;
        }
        if cycle % 512 == 210 {
            link.dark = false;
        }
        // some stretches without errors, so that the link locks again
        if cycle % 512 > 200 && cycle % 512 < 300 || cycle % 64 > 20 {
            flip = 0;
        }
        if cycle % 256 == 255 {
            link.config = LinkConfig {
                rung: W::new(x >> 40),
                tx_parity: x >> 42 & 1 != 0,
                silence_slots: W::new(if x >> 43 & 1 != 0 { 40 } else { 0 }),
                request: W::new(x >> 44),
                hint: W::new(x >> 46),
                stall_limit: W::new(if x >> 45 & 1 != 0 { 3 } else { 0 }),
                relock: false,
                sleeps: x >> 62 & 1 != 0,
            };
        }
        link.hold = x >> 50 & 63 == 0;
        let y = random();
        let beat =
            Offer { data: random(), bytes: 1 + (y >> 8) as u8 % 8, last: y >> 16 & 7 == 0, abort: y >> 20 & 15 == 0 };
        link.cycle((y & 3 != 0).then_some(beat), flip);
    }
    link
}

#[test]
fn verilog_replays_the_same_trace() {
    let link = recorded(Target::Generic, 1500, 3);
    shows(&link.bench, "link", &["s_axis_tvalid", "s_axis_tready", "s_axis_tlast", "line_out_tc", "line_in_light"]);
    replays_and_validates(&link.bench, "link");
}

#[test]
fn the_cells_of_the_ice40_replay_the_same_trace() {
    let link = recorded(Target::Ice40, 1500, 5);
    replays_and_validates(&link.bench, "link_ice40");
    fits_its_budget(link.bench.uut.as_ref(), "link");
}
