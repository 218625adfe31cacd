//! The light of a slot and what the far end's receiver makes of it, slot by slot.

use super::parts::{LOSS_OF_LIGHT, Part};
use crate::traffic::random::Random;
use firstlight_spec::slot::SLOT_BITS;

/// From the enable pin to the slot that the receiver hands to the link.
pub struct Fibre {
    part: Part,
    cycle_ns: f64,
    random: Random,
    enabled: bool,
    /// Slots since the enable last changed.
    age: u64,
    /// In this pulse: until the driver leaves `min_off`, until laser and receiver have settled.
    blocked_ns: f64,
    settled_ns: f64,
    /// The driver's power control has seen a burst of `min_on`.
    regulated: bool,
}

/// What the far end gets of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The receiver says that there is light, and that it has locked to it.
    pub light: bool,
    /// Line positions that are wrong; noise without usable light.
    pub flips: u128,
}

const SLOT_MASK: u128 = (1 << SLOT_BITS) - 1;

impl Fibre {
    /// A laser that has been off for long.
    pub fn new(part: Part, cycle_ns: f64, seed: u64) -> Self {
        let random = Random::new(seed, 0x11);
        Fibre {
            part,
            cycle_ns,
            random,
            enabled: false,
            age: u64::MAX / 2,
            blocked_ns: 0.0,
            settled_ns: 0.0,
            regulated: true,
        }
    }

    /// One slot is sent while the enable pin is at `enable`.
    pub fn slot(&mut self, enable: bool) -> Received {
        if enable != self.enabled {
            let (part, age_ns) = (&self.part, self.age_ns());
            if enable {
                // a driver that is enabled too early starts late; one that was cut short has lost its power control
                self.blocked_ns = (part.min_off_ns - age_ns).max(0.0);
                self.settled_ns = part.settled_ns().max(if self.regulated { 0.0 } else { part.min_on_ns });
            } else {
                self.regulated = age_ns - self.blocked_ns >= part.min_on_ns;
            }
            self.enabled = enable;
            self.age = 0;
        }
        let share = self.share();
        let settled = !enable || self.age_ns() >= self.blocked_ns + self.settled_ns;
        self.age += 1;
        let seen = share.max(self.part.dark_light()) >= LOSS_OF_LIGHT;
        // a receiver that saw darkness shows light again once it has locked; one that did not never stops
        let light = seen && (settled || !self.part.darkness_is_seen());
        let usable = light && settled && share >= LOSS_OF_LIGHT;
        let flips = if usable { self.wrong_bits(self.part.ber(share)) } else { self.noise() };
        Received { light, flips }
    }

    /// A hair more than whole slots, so that a time of whole slots counts as over.
    fn age_ns(&self) -> f64 {
        self.age as f64 * self.cycle_ns + 1e-6
    }

    /// Modulated light, as a share of the mean: full from the laser's first light, a tenth after `driver_off_ns`.
    fn share(&self) -> f64 {
        if self.enabled {
            let lit = self.age_ns() >= self.blocked_ns + self.part.driver_on_ns + self.part.laser_delay_ns();
            f64::from(lit as u8)
        } else {
            10f64.powf(-self.age_ns() / self.part.driver_off_ns)
        }
    }

    fn noise(&mut self) -> u128 {
        let mut draw = || (self.random.uniform() * (1u64 << 38) as f64) as u128;
        (draw() << 38 | draw()) & SLOT_MASK
    }

    /// Each bit independently with probability `p`, by the distance to the next.
    fn wrong_bits(&mut self, p: f64) -> u128 {
        let (mut flips, mut at) = (0, 0.0);
        loop {
            at += ((1.0 - self.random.uniform()).ln() / (-p).ln_1p()).floor();
            if at.is_nan() || at >= SLOT_BITS as f64 {
                return flips;
            }
            flips |= 1 << at as u32;
            at += 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parts::PARTS;
    use super::*;

    /// Slots after a change until the receiver shows what `want` says.
    fn until(fibre: &mut Fibre, enable: bool, want: bool) -> u64 {
        (0..100_000).find(|_| fibre.slot(enable).light == want).expect("it changes in the end")
    }

    #[test]
    fn light_comes_with_the_delays_of_the_part_and_goes_with_its_decay() {
        for part in PARTS.iter().filter(|p| p.darkness_is_seen()) {
            for cycle_ns in [6.4, 10.0] {
                let mut fibre = Fibre::new(*part, cycle_ns, 1);
                assert!(!fibre.slot(false).light);
                let on = until(&mut fibre, true, true);
                assert_eq!(on, (part.settled_ns() / cycle_ns).ceil() as u64, "{}", part.name);
                (0..200).for_each(|_| assert!(fibre.slot(true).light));
                // to two fifths: log10(2.5) of the time to a tenth
                let off = until(&mut fibre, false, false);
                assert_eq!(off, (0.398 * part.driver_off_ns / cycle_ns).ceil().max(1.0) as u64, "{}", part.name);
            }
        }
    }

    #[test]
    fn wrong_bits_come_at_the_rate_of_the_extinction() {
        let part = Part { extinction_db: 2.0, ..PARTS[0] };
        let mut fibre = Fibre::new(part, 6.4, 3);
        until(&mut fibre, true, true);
        let slots = 400_000;
        let wrong: u32 = (0..slots).map(|_| fibre.slot(true).flips.count_ones()).sum();
        let want = part.ber(1.0) * (slots * SLOT_BITS) as f64;
        assert!(want > 400.0 && (f64::from(wrong) - want).abs() < 5.0 * want.sqrt(), "{wrong} of {want}");
    }

    #[test]
    fn too_short_a_pause_delays_and_too_short_a_burst_spoils_the_next() {
        let part = *Part::find("burst-driver").expect("a part");
        let cycle_ns = 1.0;
        let mut fibre = Fibre::new(part, cycle_ns, 1);
        let settled = until(&mut fibre, true, true);
        for _ in 0..700 {
            fibre.slot(true);
        }
        for _ in 0..40 {
            fibre.slot(false);
        }
        assert_eq!(until(&mut fibre, true, true), settled + 96 - 40);
        // now lit for 100 of 576 ns
        for _ in 0..100 {
            fibre.slot(true);
        }
        for _ in 0..200 {
            fibre.slot(false);
        }
        assert_eq!(until(&mut fibre, true, true), 576);
        for _ in 0..600 {
            fibre.slot(true);
        }
        for _ in 0..200 {
            fibre.slot(false);
        }
        assert_eq!(until(&mut fibre, true, true), settled);
    }

    #[test]
    fn light_that_stays_is_noise_to_a_receiver_that_believes_it() {
        let mut fibre = Fibre::new(*Part::find("bias-kept").expect("a part"), 6.4, 1);
        let dark: Vec<Received> = (0..100).map(|_| fibre.slot(false)).collect();
        assert!(dark.iter().all(|r| r.light) && dark.iter().filter(|r| r.flips.count_ones() > 20).count() > 95);
    }
}
