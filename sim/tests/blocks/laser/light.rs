//! Link and laser block through real lasers and receivers: what is sent too early is lost.

use firstlight_sim::light::link::{Arrived, LitLink};
use firstlight_sim::light::parts::{PARTS, Part};
use firstlight_sim::model::laser::policy::Setting;
use firstlight_sim::traffic::Burst;
use firstlight_spec::limits::{LOCK_IDLES, RELOCK_IDLES};
use firstlight_spec::regs::laser::mode;

const CYCLE_NS: f64 = 6.4;
const FRAMES: u64 = 16;

fn of(part: &Part, t_on: u64) -> Setting {
    Setting { t_on, min_on: part.min_on_cycles(CYCLE_NS), min_off: part.min_off_cycles(CYCLE_NS), notice: 0 }
}

/// Frames after gaps of every kind: within the decay, within `min_off`, far beyond.
fn arrived(part: &Part, setting: &Setting) -> Arrived {
    let off = (part.driver_off_ns / CYCLE_NS) as u32;
    let bursts: Vec<Burst> =
        (0..FRAMES as u32).map(|k| Burst { gap: 20 + k * 23 + off * (k % 3), busy: 6 + k % 5, class: 0 }).collect();
    LitLink::new(*part, CYCLE_NS, mode::REACTIVE, setting, 1).play(&bursts)
}

#[test]
fn every_frame_arrives_with_the_parts_t_on_and_none_with_a_cycle_less() {
    for part in PARTS {
        let t_on = part.t_on_cycles(CYCLE_NS);
        let got = arrived(part, &of(part, t_on));
        assert_eq!((got.sent, got.good), (FRAMES, FRAMES), "{}: t_on {t_on}: {got:?}", part.name);
        assert!(got.dark_cycles > 100 && got.held_cycles > 100, "{}: {got:?}", part.name);
        let got = arrived(part, &of(part, t_on - 1));
        // with a shortest time on, frames that find the light still on are not late
        let late = if part.min_on_ns > 0.0 { FRAMES / 2 } else { 0 };
        assert!(got.sent == FRAMES && got.good <= late, "{}: t_on {}: {got:?}", part.name, t_on - 1);
    }
}

#[test]
fn a_driver_that_is_switched_too_fast_loses_frames() {
    let part = Part::find("burst-driver").expect("a part");
    let right = of(part, part.t_on_cycles(CYCLE_NS));
    assert_eq!(arrived(part, &right).good, FRAMES);
    for wrong in [Setting { min_on: 0, ..right }, Setting { min_off: 0, ..right }] {
        let bursts: Vec<Burst> = (0..40).map(|k| Burst { gap: 6 + k % 7, busy: 8, class: 0 }).collect();
        let play = |set: &Setting| LitLink::new(*part, CYCLE_NS, mode::REACTIVE, set, 1).play(&bursts).good;
        assert_eq!(play(&right), 40);
        let got = play(&wrong);
        assert!(got < 40, "{wrong:?}: {got} of 40");
    }
}

#[test]
fn a_receiver_that_never_sees_darkness_needs_all_idles_of_a_cold_lock() {
    let part = Part::find("bias-kept").expect("a part");
    let cold = of(part, part.t_on_cycles(CYCLE_NS));
    let got = arrived(part, &cold);
    assert!(got.good == FRAMES && got.lock_losses >= FRAMES - 1, "{got:?}");
    // the IDLEs that confirm an alignment held through darkness do not do
    let warm = of(part, cold.t_on - u64::from(LOCK_IDLES - RELOCK_IDLES));
    assert_eq!(arrived(part, &warm).good, 0);
    // the same laser, its bias off in the dark: no lock is lost
    let unbiased = Part { dark_bias: 0.0, ..*part };
    let got = arrived(&unbiased, &of(&unbiased, unbiased.t_on_cycles(CYCLE_NS)));
    assert_eq!((got.good, got.lock_losses), (FRAMES, 0), "{got:?}");
}

#[test]
fn poor_extinction_shows_as_corrected_words() {
    let bursts: Vec<Burst> = (0..30).map(|k| Burst { gap: 200 + k, busy: 300, class: 0 }).collect();
    let corrected = |extinction_db| {
        let part = Part { extinction_db, ..*Part::find("burst-driver").expect("a part") };
        let t_on = part.t_on_cycles(CYCLE_NS);
        let got = LitLink::new(part, CYCLE_NS, mode::REACTIVE, &of(&part, t_on), 2).play(&bursts);
        assert_eq!(got.sent, 30);
        (got.corrected, part.ber(1.0))
    };
    assert_eq!(corrected(10.0).0, 0);
    let (words, ber) = corrected(2.2);
    // about as many slots with light as there are words: all of 76 bits, mostly one wrong
    let want = ber * 76.0 * 30.0 * 300.0;
    assert!(want > 100.0 && (words as f64) > 0.7 * want && (words as f64) < 1.8 * want, "{words} of about {want}");
}
