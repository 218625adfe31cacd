//! The laser block in front of real lasers and receivers: what is sent too early is lost.

use crate::laser::rig::Rig;
use firstlight_sim::laser_study::parts::{Fibre, PARTS, Part, Received};
use firstlight_sim::model::laser::policy::Setting;
use firstlight_spec::limits::RELOCK_IDLES;
use firstlight_spec::regs::laser::mode;

const CYCLE_NS: f64 = 6.4;
const FRAMES: usize = 12;

/// Frames of `FRAMES` that the far end gets whole, after IDLEs enough to confirm its alignment.
fn arrived(part: Part, t_on: u64) -> usize {
    let (min_on, min_off) = (part.min_on_cycles(CYCLE_NS), part.min_off_cycles(CYCLE_NS));
    let mut rig = Rig::set(mode::REACTIVE, Setting { t_on, min_on, min_off, notice: 0 }, 1000);
    rig.idle(2 * (t_on + min_on + min_off));
    rig.log.clear();
    let mut fibre = Fibre::new(part, CYCLE_NS);
    let (mut whole, mut from, mut intact) = (0, 0, 0);
    let mut sent_before = false;
    for frame in 0..FRAMES as u64 {
        rig.frame(4 + frame % 3);
        rig.idle(1 + frame * 97);
        let mut lost = false;
        for (light, hold, valid) in &rig.log[from..] {
            // a beat is on the line in the cycle after it was accepted
            let got = fibre.slot(*light);
            lost |= sent_before && (got != Received::Intact || intact < RELOCK_IDLES as u64);
            intact = if got == Received::Intact { intact + 1 } else { 0 };
            sent_before = *valid && !*hold;
        }
        from = rig.log.len();
        whole += !lost as usize;
    }
    whole
}

#[test]
fn frames_arrive_with_the_parts_t_on_and_are_lost_with_a_shorter_one() {
    for part in PARTS {
        let t_on = part.t_on_cycles(CYCLE_NS);
        assert_eq!(arrived(*part, t_on), FRAMES, "{}: t_on {t_on}", part.name);
        let short = t_on - RELOCK_IDLES as u64 - 1;
        let got = arrived(*part, short);
        assert!(got < FRAMES / 2, "{}: t_on {short} instead of {t_on}: {got} frames", part.name);
    }
}
