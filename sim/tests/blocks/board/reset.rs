//! Reset of a clock domain.

use crate::support::proves;
use firstlight_hdl::board::reset::{RELEASE_CYCLES, Reset};
use firstlight_sim::bench::Bench;

#[test]
fn reset_is_held_until_lock_and_button_and_released_after_release_cycles() {
    let mut b = Bench::new(Reset::default(), |u| &mut u.clock).recording();
    let mut step = |locked: bool, button_n: bool| {
        let drive = |u: &mut Reset| {
            u.locked.next = locked;
            u.button_n.next = button_n;
        };
        b.cycle(drive, |u| u.reset.val())
    };
    assert!((0..4).all(|_| step(false, true)), "held while the PLL is not locked");
    assert!((0..2).all(|_| step(true, false)), "held while the button is pressed");
    let held = (0..10).take_while(|_| step(true, true)).count() as u64;
    assert_eq!(held, RELEASE_CYCLES);
    assert!((0..20).all(|_| !step(true, true)), "released for good");
    let still_running = (0..10).take_while(|_| !step(false, true)).count() as u64;
    assert_eq!(still_running, RELEASE_CYCLES);
    proves(&b, "reset", &["locked", "button_n", "reset"]);
}
