//! Lasers, drivers and receivers: presets with their sources, and what happens to bits sent too early.
//!
//! Energy figures concern laser and driver only; these are below 22 % of a transceiver's power (Audzevich, Watts,
//! Moore, "Power Optimized Transceivers").

use firstlight_spec::limits::RELOCK_IDLES;

/// A directly modulated laser with its driver, and the burst receiver at the far end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub name: &'static str,
    /// Enable to full bias and modulation.
    pub turn_on_ns: f64,
    /// Enable low to darkness.
    pub turn_off_ns: f64,
    /// Shortest burst and pause that the driver's power control follows.
    pub min_on_ns: f64,
    pub min_off_ns: f64,
    /// First light to locked receiver.
    pub receiver_lock_ns: f64,
    /// Light in the off state as a share of the on state.
    pub extinction: f64,
    pub source: &'static str,
}

/// Known parts.
pub const PARTS: &[Part] = &[
    Part {
        name: "burst-driver",
        turn_on_ns: 2.3,
        turn_off_ns: 2.0,
        min_on_ns: 576.0,
        min_off_ns: 96.0,
        receiver_lock_ns: 18.5,
        extinction: 0.0,
        source: "MAX3656 data sheet 19-2790; receiver: 25 Gb/s burst-mode lock of 18.5 ns (ADDAPT, New Electronics)",
    },
    Part {
        name: "gpon",
        turn_on_ns: 12.9,
        turn_off_ns: 12.9,
        min_on_ns: 0.0,
        min_off_ns: 0.0,
        receiver_lock_ns: 35.4,
        extinction: 0.0,
        source: "16 bit times at 1.244 Gb/s on and off (\"Delivering Carrier Ethernet\", p. 411); lock: 44 bit preamble, assumed",
    },
    Part {
        name: "epon",
        turn_on_ns: 512.0,
        turn_off_ns: 512.0,
        min_on_ns: 0.0,
        min_off_ns: 0.0,
        receiver_lock_ns: 400.0,
        extinction: 0.0,
        source: "at most 512 ns on and off, 400 ns gain control (\"Delivering Carrier Ethernet\", p. 411)",
    },
    Part {
        name: "continuous-mode",
        turn_on_ns: 2_000.0,
        turn_off_ns: 2_000.0,
        min_on_ns: 0.0,
        min_off_ns: 0.0,
        receiver_lock_ns: 1_000.0,
        extinction: 0.1,
        source: "\"microseconds\" for reused continuous-mode parts (Effenberger, IEEE burst timing); lock and extinction assumed",
    },
];

impl Part {
    /// The part of that name.
    pub fn find(name: &str) -> Option<&'static Part> {
        PARTS.iter().find(|p| p.name == name)
    }
    /// Whole cycles that cover a time.
    fn cycles(ns: f64, cycle_ns: f64) -> u64 {
        (ns / cycle_ns).ceil() as u64
    }
    /// What the register `laser_t_on` must hold: driver, receiver and the IDLEs that confirm the alignment.
    pub fn t_on_cycles(&self, cycle_ns: f64) -> u64 {
        Self::cycles(self.turn_on_ns + self.receiver_lock_ns, cycle_ns) + RELOCK_IDLES as u64
    }
    pub fn min_on_cycles(&self, cycle_ns: f64) -> u64 {
        Self::cycles(self.min_on_ns, cycle_ns)
    }
    pub fn min_off_cycles(&self, cycle_ns: f64) -> u64 {
        Self::cycles(self.min_off_ns, cycle_ns)
    }
}

/// Light on the fibre and the receiver's state, slot by slot.
#[derive(Clone, Debug)]
pub struct Fibre {
    part: Part,
    cycle_ns: f64,
    /// Full light for so long; negative: fading for so long.
    lit_ns: f64,
    enabled: bool,
}

/// What the far end gets of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// As sent.
    Intact,
    /// Light, but the laser or the receiver is not settled: noise.
    Lost,
    Dark,
}

impl Fibre {
    pub fn new(part: Part, cycle_ns: f64) -> Self {
        Fibre { part, cycle_ns, lit_ns: 0.0, enabled: false }
    }

    /// One slot is sent while the enable pin is at `enable`.
    pub fn slot(&mut self, enable: bool) -> Received {
        if enable != self.enabled {
            self.enabled = enable;
            self.lit_ns = 0.0;
        }
        let now = self.lit_ns;
        self.lit_ns += self.cycle_ns;
        let settled = self.part.turn_on_ns + self.part.receiver_lock_ns;
        match enable {
            true if now >= settled => Received::Intact,
            true if now >= self.part.turn_on_ns => Received::Lost,
            true => Received::Dark,
            false if now < self.part.turn_off_ns => Received::Lost,
            false => Received::Dark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_t_on_every_slot_is_intact_and_before_it_slots_are_lost() {
        for part in PARTS {
            for cycle_ns in [6.4, 10.0] {
                let mut fibre = Fibre::new(*part, cycle_ns);
                let t_on = part.t_on_cycles(cycle_ns);
                let got: Vec<Received> = (0..t_on + 10).map(|_| fibre.slot(true)).collect();
                let first = got.iter().position(|r| *r == Received::Intact).unwrap() as u64;
                assert_eq!(first + RELOCK_IDLES as u64, t_on, "{}", part.name);
                assert!(got[first as usize..].iter().all(|r| *r == Received::Intact));
                assert_ne!(fibre.slot(false), Received::Intact, "{}: enable low", part.name);
                assert_ne!(fibre.slot(true), Received::Intact, "{}: too early again", part.name);
            }
        }
    }
}
