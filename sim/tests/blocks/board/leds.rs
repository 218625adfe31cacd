//! Levels and stretched events on the LEDs.

use crate::support::proves;
use firstlight_hdl::board::leds::Leds;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;

#[test]
fn an_event_of_one_cycle_lights_its_led_for_a_whole_period() {
    type Short = Leds<2>;
    let mut b = Bench::new(Short::default(), |u| &mut u.clock).recording();
    let (mut lit, mut first) = (0, None);
    for cycle in 0..3 * Short::PERIOD {
        let drive = |u: &mut Short| {
            u.levels.next = W::new(if cycle == 7 { 5 } else { 0 });
            u.events.next = W::new(if cycle == 100 { 8 } else { 0 });
        };
        let leds = b.cycle(drive, |u| u.leds.val().get());
        assert_eq!(leds & 15, if cycle == 8 { 5 } else { 0 }, "levels are shown one cycle later");
        assert_eq!(leds & 0x70, 0, "no other event was seen");
        if leds & 0x80 != 0 {
            lit += 1;
            first.get_or_insert(cycle);
        }
    }
    assert_eq!(lit, Short::PERIOD);
    assert!(first.is_some_and(|first| first <= Short::PERIOD + 4), "{first:?}");
    proves(&b, "leds", &["levels", "events", "leds"]);
}
