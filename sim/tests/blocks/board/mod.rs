//! What only a board needs.

use crate::support::{fits_its_budget, replays_and_validates};
use firstlight_hdl::board::leds::Leds;
use firstlight_hdl::board::reset::{RELEASE_CYCLES, Reset};
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::*;

#[test]
fn reset_is_held_until_lock_and_button_and_released_after_release_cycles() {
    let mut b = Bench::new(Reset::default(), |u| &mut u.clock).recording();
    let mut step = |locked: bool, button_n: bool| {
        b.cycle(
            |u| {
                u.locked.next = locked;
                u.button_n.next = button_n;
            },
            |u| u.reset.val(),
        )
    };
    assert!((0..10).all(|_| step(false, true)), "held while the PLL is not locked");
    assert!((0..10).all(|_| step(true, false)), "held while the button is pressed");
    let held = (0..10).filter(|_| step(true, true)).count() as u64;
    assert_eq!(held, RELEASE_CYCLES);
    let still_running = (0..10).filter(|_| !step(false, true)).count() as u64;
    assert_eq!(still_running, RELEASE_CYCLES);
    replays_and_validates(&b, "reset");
    fits_its_budget(b.uut.as_ref(), "reset");
}

#[test]
fn an_event_of_one_cycle_lights_its_led_for_a_whole_period() {
    type Short = Leds<2>;
    let mut b = Bench::new(Short::default(), |u| &mut u.clock).recording();
    let (mut lit, mut first) = (0, None);
    for cycle in 0..3 * Short::PERIOD {
        let leds = b.cycle(
            |u| {
                u.levels.next = W::new(if cycle == 7 { 5 } else { 0 });
                u.events.next = W::new(if cycle == 100 { 8 } else { 0 });
            },
            |u| u.leds.val().get(),
        );
        assert_eq!(leds & 15, if cycle == 8 { 5 } else { 0 }, "levels are shown one cycle later");
        if leds & 0x80 != 0 {
            lit += 1;
            first.get_or_insert(cycle);
        }
    }
    assert_eq!(lit, Short::PERIOD);
    assert!(first.is_some_and(|first| first <= Short::PERIOD + 4), "{first:?}");
    replays_and_validates(&b, "leds");
    fits_its_budget(b.uut.as_ref(), "leds");
}
