//! A bench of the link that needs no Rust: a recorded trace, played and compared.

use crate::bench::Bench;
use crate::designs::Design;
use crate::replay;
use firstlight_hdl::link::{Link, LinkConfig};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_spec::limits::LOCK_IDLES;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const CYCLES: u64 = 1_000;
const SEED: u64 = 7;
/// Rung at which one bit a word is corrected.
const RUNG: u64 = 2;

/// Bench and vectors.
pub fn files(target: Target) -> (String, String) {
    let trace = recorded(target).take_trace().expect("recording");
    let bench = replay::testbench(&trace, Design::Link.module(), "bench/firstlight_link.vectors");
    let head = "// Plays a recorded trace on firstlight_link and compares every output in every cycle.\n";
    (format!("{head}{bench}"), replay::vectors(&trace))
}

/// The link with its line wired back: it locks, then frames of random length, some words with one wrong bit.
fn recorded(target: Target) -> Bench<Link> {
    let mut bench = Bench::new(Link::new(target), |u| &mut u.clock).recording();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let settings = LinkConfig { rung: W::new(RUNG), ..LinkConfig::default() };
    for cycle in 0..CYCLES {
        let (data, choice) = (random.next_u64(), random.next_u64());
        let is_locked = cycle > LOCK_IDLES as u64 + 16;
        let flip = if is_locked && choice & 7 == 0 { 1 << (choice >> 8 & 63) } else { 0 };
        bench.cycle(
            |u| {
                u.s_axis_tdata.next = W::new(data);
                u.s_axis_tkeep.next = W::new((1 << (1 + (choice >> 16 & 7))) - 1);
                u.s_axis_tvalid.next = is_locked && choice >> 20 & 3 != 0;
                u.s_axis_tlast.next = choice >> 24 & 7 == 0;
                u.settings.next = settings;
                u.line_in_light.next = true;
                u.line_in_data.next = u.line_out_data.val() ^ W::new(flip);
                u.line_in_tc.next = u.line_out_tc.val();
            },
            |_| {},
        );
    }
    bench
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_trace_has_good_frames_and_corrected_words() {
        let trace = recorded(Target::Generic).take_trace().expect("recording");
        let count = |name: &str, bit: u32| {
            let port = trace.port(name);
            trace.rows.iter().filter(|row| row[port] >> bit & 1 != 0).count()
        };
        assert!(count("frame_good", 0) > 20 && count("m_axis_tvalid", 0) > 300, "{}", count("frame_good", 0));
        assert!(count("events", 1) > 30, "{} corrected", count("events", 1));
    }
}
