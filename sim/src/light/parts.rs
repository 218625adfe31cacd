//! Lasers, drivers and burst receivers: presets, each figure with its source or marked as assumed.
//!
//! Energy: what a policy saves is light, that is, power of laser and driver; these are below 22 % of a
//! transceiver's power (Audzevich et al., "Power Optimized Transceivers for Future Switched Networks", 45 nm CMOS).
//! Receiver and clock recovery stay on.

use firstlight_spec::limits::{LOCK_IDLES, RELOCK_IDLES};
use statrs::distribution::{ContinuousCDF, Normal};

/// Where the claim on energy ends.
pub const ENERGY_NOTE: &str = "light saved is power of laser and driver only, below 22 % of a transceiver's (Audzevich et al., \"Power Optimized Transceivers for Future Switched Networks\", 45 nm CMOS); receiver and clock recovery stay on";

/// A directly modulated laser with its driver, and the burst receiver at the far end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// As for `--part`.
    pub name: &'static str,
    /// Enable to full modulation current.
    pub driver_on_ns: f64,
    /// Enable low to a tenth of the light, which decays exponentially.
    pub driver_off_ns: f64,
    /// Shortest burst that the driver's power control follows.
    pub min_on_ns: f64,
    /// Shortest pause that the driver's power control follows.
    pub min_off_ns: f64,
    /// Current of a one, as a multiple of the threshold current.
    pub drive: f64,
    /// Bias while disabled, as a multiple of the threshold current.
    pub dark_bias: f64,
    /// Lifetime of carriers below threshold: sets the laser's turn-on delay.
    pub carrier_lifetime_ns: f64,
    /// One to zero while modulated.
    pub extinction_db: f64,
    /// Light while disabled, below the mean light; a bias above threshold keeps the light of a zero.
    pub off_db: f64,
    /// First light to locked receiver.
    pub receiver_lock_ns: f64,
    /// Distance of one and zero in standard deviations of the noise, were zeros dark.
    pub receiver_q: f64,
    /// Where each figure is from; what is assumed is called so.
    pub source: &'static str,
}

/// Light, as a share of the mean, below which the receiver says that there is none.
pub const LOSS_OF_LIGHT: f64 = 0.4;

/// What is assumed where a source has no figure.
const TYPICAL: Part = Part {
    name: "",
    driver_on_ns: 0.0,
    driver_off_ns: 0.0,
    min_on_ns: 0.0,
    min_off_ns: 0.0,
    drive: 3.0,
    dark_bias: 0.0,
    carrier_lifetime_ns: 1.0,
    extinction_db: 10.0,
    off_db: 40.0,
    receiver_lock_ns: 0.0,
    receiver_q: 14.0,
    source: "",
};

/// Known parts. Turn-on delay of the laser: carrier lifetime x ln((I - I_bias) / (I - I_threshold)) ("Photonics
/// Essentials", eq. 8.8), with 1 ns and three times the threshold, assumed. A receiver's Q of 14,
/// 3 dB above what 1e-12 needs without zeros' light, is assumed.
pub const PARTS: &[Part] = &[
    Part {
        name: "burst-driver",
        driver_on_ns: 2.3,
        driver_off_ns: 2.0,
        min_on_ns: 576.0,
        min_off_ns: 96.0,
        receiver_lock_ns: 18.5,
        source: "MAX3656 data sheet 19-2790 (on 2.3 ns, off 2.0 ns, burst on at least 576 ns, off at least 96 ns); receiver: 25 Gb/s burst-mode lock of 18.5 ns (ADDAPT, New Electronics); extinction 10 dB, off 40 dB assumed",
        ..TYPICAL
    },
    Part {
        name: "gpon",
        driver_on_ns: 12.9,
        driver_off_ns: 12.9,
        receiver_lock_ns: 140.0,
        extinction_db: 8.2,
        source: "16 bit times at 1.244 Gb/s on and off (\"Delivering Carrier Ethernet\", p. 411); preamble 140 ns, extinction 8.2 dB (data sheet of a GPON OLT module, C++); off 40 dB assumed",
        ..TYPICAL
    },
    Part {
        name: "xgs-pon",
        driver_on_ns: 128.6,
        driver_off_ns: 128.6,
        receiver_lock_ns: 140.0,
        extinction_db: 6.0,
        off_db: 49.0,
        source: "ITU-T G.9807.1 as tabled in a FiberGateway XGS-PON manual, p. 32: 1,280 bits (128.6 ns) on and off, extinction 6.0 dB, at least +4 dBm on and -45 dBm off; lock as GPON, assumed",
        ..TYPICAL
    },
    Part {
        name: "epon",
        driver_on_ns: 512.0,
        driver_off_ns: 512.0,
        receiver_lock_ns: 400.0,
        source: "at most 512 ns on and off, 400 ns gain control (\"Delivering Carrier Ethernet\", p. 411); extinction 10 dB, off 40 dB assumed",
        ..TYPICAL
    },
    Part {
        name: "continuous-mode",
        driver_on_ns: 2_000.0,
        driver_off_ns: 2_000.0,
        receiver_lock_ns: 1_000.0,
        extinction_db: 9.0,
        off_db: 30.0,
        source: "\"microseconds\" for reused continuous-mode parts (Effenberger, IEEE burst timing): 2 us and lock 1 us assumed; extinction 9 dB, off -30 dBm (1000BASE-SX transmitter table)",
        ..TYPICAL
    },
    Part {
        name: "bias-kept",
        driver_on_ns: 2.3,
        driver_off_ns: 2.0,
        dark_bias: 1.6,
        extinction_db: 5.2,
        receiver_lock_ns: 18.5,
        source: "burst driver whose bias stays at 1.6 times the threshold, assumed: no turn-on delay, but a zero's light in the dark, so that the receiver never sees darkness and locks anew",
        ..TYPICAL
    },
];

impl Part {
    /// The part of that name.
    pub fn find(name: &str) -> Option<&'static Part> {
        PARTS.iter().find(|p| p.name == name)
    }

    /// Current to light: the carrier lifetime times ln((I - I_bias) / (I - I_threshold)); none when the bias is above
    /// threshold.
    pub fn laser_delay_ns(&self) -> f64 {
        if self.dark_bias >= 1.0 {
            0.0
        } else {
            self.carrier_lifetime_ns * ((self.drive - self.dark_bias) / (self.drive - 1.0)).ln()
        }
    }

    /// Enable to a receiver that has locked.
    pub fn settled_ns(&self) -> f64 {
        self.driver_on_ns + self.laser_delay_ns() + self.receiver_lock_ns
    }

    /// Light while disabled, as a share of the mean.
    pub fn dark_light(&self) -> f64 {
        if self.dark_bias >= 1.0 { 2.0 / (1.0 + self.extinction()) } else { 10f64.powf(-self.off_db / 10.0) }
    }

    fn extinction(&self) -> f64 {
        10f64.powf(self.extinction_db / 10.0)
    }

    /// Does the receiver notice that the laser is off?
    pub fn darkness_is_seen(&self) -> bool {
        self.dark_light() < LOSS_OF_LIGHT
    }

    /// Rate of wrong bits at `share` of the mean light: the tail of a normal law beyond Q, of which zeros with light,
    /// at an extinction ratio r, leave (r - 1) / (r + 1) (the usual Gaussian approximation for NRZ).
    pub fn ber(&self, share: f64) -> f64 {
        let r = self.extinction();
        Normal::standard().sf(self.receiver_q * share * (r - 1.0) / (r + 1.0))
    }

    /// What finite extinction costs, in dB of light: 10 log10((r + 1) / (r - 1)).
    pub fn extinction_penalty_db(&self) -> f64 {
        let r = self.extinction();
        10.0 * ((r + 1.0) / (r - 1.0)).log10()
    }

    /// Whole cycles that cover a time.
    fn cycles(ns: f64, cycle_ns: f64) -> u64 {
        (ns / cycle_ns - 1e-9).ceil() as u64
    }

    /// What the register `laser_t_on` must hold: driver, laser, receiver, and the IDLEs after which the link believes
    /// its alignment: few when it was held through darkness, all of them when the receiver took noise for slots.
    pub fn t_on_cycles(&self, cycle_ns: f64) -> u64 {
        let idles = if self.darkness_is_seen() { RELOCK_IDLES } else { LOCK_IDLES };
        Self::cycles(self.settled_ns(), cycle_ns) + u64::from(idles) + LOCK_LAG
    }
    /// Whole cycles that cover `min_on_ns`.
    pub fn min_on_cycles(&self, cycle_ns: f64) -> u64 {
        Self::cycles(self.min_on_ns, cycle_ns)
    }
    /// Whole cycles that cover `min_off_ns`.
    pub fn min_off_cycles(&self, cycle_ns: f64) -> u64 {
        Self::cycles(self.min_off_ns, cycle_ns)
    }

    /// One line: what it is, and where that is from.
    pub fn about(&self) -> String {
        format!(
            "on {:.1} ns, laser {:.2} ns, receiver {:.1} ns, extinction {:.1} dB (penalty {:.2} dB, {:.1e} wrong bits), in the dark {:.1} dB, min on {:.0} ns, min off {:.0} ns; {}",
            self.driver_on_ns,
            self.laser_delay_ns(),
            self.receiver_lock_ns,
            self.extinction_db,
            self.extinction_penalty_db(),
            self.ber(1.0),
            10.0 * self.dark_light().log10(),
            self.min_on_ns,
            self.min_off_ns,
            self.source
        )
    }
}

/// From the last confirming IDLE on the line to an open receiver, in slots.
pub const LOCK_LAG: u64 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, want: f64, within: f64) {
        assert!((got - want).abs() <= within, "{got}, expected {want}");
    }

    #[test]
    fn extinction_costs_the_penalty_of_the_textbooks() {
        // 10 log10((r + 1) / (r - 1)): 0.87 dB at 10 dB, 2.22 dB at 6 dB
        let at = |extinction_db| Part { extinction_db, ..PARTS[0] };
        near(at(10.0).extinction_penalty_db(), 0.87, 0.005);
        near(at(6.0).extinction_penalty_db(), 2.22, 0.01);
        // Q 7 is 1.28e-12; light that makes up for the penalty gives the same rate
        let ideal = Part { receiver_q: 7.0, extinction_db: 90.0, ..PARTS[0] };
        near(ideal.ber(1.0) / 1.28e-12, 1.0, 0.01);
        let poor = Part { extinction_db: 6.0, ..ideal };
        near(poor.ber(10f64.powf(poor.extinction_penalty_db() / 10.0)) / 1.28e-12, 1.0, 0.01);
        assert!(poor.ber(1.0) > 1e-6);
    }

    #[test]
    fn a_bias_nearer_to_the_threshold_shortens_the_delay() {
        let delay = |dark_bias| Part { dark_bias, ..PARTS[0] }.laser_delay_ns();
        near(delay(0.0), 1.5f64.ln(), 1e-9);
        assert!(delay(0.9) < delay(0.5) && delay(0.5) < delay(0.0));
        assert_eq!((delay(1.0), delay(1.2)), (0.0, 0.0));
    }

    #[test]
    fn only_a_kept_bias_hides_the_darkness() {
        for part in PARTS {
            assert_eq!(part.darkness_is_seen(), part.name != "bias-kept", "{}", part.name);
            assert!(part.ber(1.0) < 1e-4 && part.source.len() > 40, "{}", part.about());
        }
        near(Part::find("bias-kept").unwrap().dark_light(), 0.46, 0.01);
    }
}
