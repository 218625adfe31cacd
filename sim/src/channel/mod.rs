//! Channels: where on the line errors fall. Every law is stated once and used by simulation and exact curves alike.
//!
//! All but the injector are renewal processes: after an error the time to the next is drawn anew. Their law is a
//! chain of two hidden states per bit time ([`Hidden`]); [`Errors`] draws the same process gap by gap.

mod bsc;
mod dfe;
mod gilbert_elliott;
mod injector;

pub use bsc::Bsc;
pub use dfe::Dfe;
pub use gilbert_elliott::GilbertElliott;
pub use injector::Injector;

use firstlight_spec::slot::SLOT_BITS;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

/// Something that spoils slots: a channel model, a recorded trace, a line with loss of light.
pub trait LineErrors {
    /// The line positions of the next slot to invert, position 0 in bit 0.
    fn next_slot(&mut self) -> u128;
}

/// A chain of two states, one step a bit time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hidden {
    /// Probability of each state at the first bit.
    pub start: [f64; 2],
    /// `clean[s][t]`: this bit is right and the next state is t, given state s.
    pub clean: [[f64; 2]; 2],
    /// `wrong[s][t]`: this bit is inverted and the next state is t, given state s.
    pub wrong: [[f64; 2]; 2],
}

/// A renewal process of errors.
pub trait Renewal {
    /// Right bits before the first error of a stationary line.
    fn first_gap(&self, rng: &mut ChaCha8Rng) -> u64;
    /// Right bits between an error and the next.
    fn next_gap(&self, rng: &mut ChaCha8Rng) -> u64;
    /// The same law, bit by bit.
    fn hidden(&self) -> Hidden;
}

/// A channel with its numbers, as a campaign names it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Channel {
    /// White noise.
    Bsc(Bsc),
    /// Bursts of an equaliser that feeds its errors back.
    Dfe(Dfe),
    /// Fades.
    GilbertElliott(GilbertElliott),
    /// Errors as the gateware's injector makes them.
    Injector(Injector),
}

impl Channel {
    /// Bit error rate on the line.
    pub fn ber(&self) -> f64 {
        match self {
            Channel::Bsc(c) => c.ber,
            Channel::Dfe(c) => c.ber,
            Channel::GilbertElliott(c) => c.ber,
            Channel::Injector(c) => c.ber(),
        }
    }

    /// The same kind of channel at another bit error rate; the injector has steps of 2^-31.
    pub fn with_ber(mut self, ber: f64) -> Self {
        match &mut self {
            Channel::Bsc(c) => c.ber = ber,
            Channel::Dfe(c) => c.ber = ber,
            Channel::GilbertElliott(c) => c.ber = ber,
            Channel::Injector(c) => *c = Injector::of_ber(ber),
        }
        self
    }

    /// The channel's family, as a plot or a table names it.
    pub fn name(&self) -> String {
        match self {
            Channel::Bsc(_) => "BSC".into(),
            Channel::Dfe(c) => format!("DFE {}", c.repeat),
            Channel::GilbertElliott(c) => format!("GE {} b / {}", c.mean_bits, c.density),
            Channel::Injector(_) => "injector".into(),
        }
    }

    /// Refuses numbers outside their range.
    pub fn check(&self) -> Result<(), String> {
        let within = |name: &str, value: f64, low: f64, high: f64| {
            if value.is_finite() && (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(format!("{} of channel {} is {value}, expected {low} to {high}", name, self.name()))
            }
        };
        match self {
            Channel::Bsc(c) => within("ber", c.ber, 0.0, 0.5),
            Channel::Dfe(c) => within("ber", c.ber, 0.0, 0.5).and(within("repeat", c.repeat, 0.0, 0.999)),
            Channel::GilbertElliott(c) => within("mean_bits", c.mean_bits, 1.0, 1e6)
                .and(within("density", c.density, 1e-3, 1.0))
                .and(within("ber", c.ber, 0.0, c.density / 2.0)),
            Channel::Injector(c) => within("rate", f64::from(c.rate), 0.0, f64::from(Injector::FULL)),
        }
    }

    fn renewal(&self) -> Option<&dyn Renewal> {
        match self {
            Channel::Bsc(c) => Some(c),
            Channel::Dfe(c) => Some(c),
            Channel::GilbertElliott(c) => Some(c),
            Channel::Injector(_) => None,
        }
    }

    /// The law bit by bit; the injector, whose law is per slot, has none.
    pub fn hidden(&self) -> Option<Hidden> {
        self.renewal().map(|r| r.hidden())
    }

    /// An endless line; equal seeds and streams give equal errors.
    pub fn line(&self, seed: u64, stream: u64) -> Errors {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Errors::new(*self, rng)
    }
}

/// Draws a channel's errors slot by slot.
#[derive(Clone, Debug)]
pub struct Errors {
    channel: Channel,
    rng: ChaCha8Rng,
    /// Right bits still to come before the next error.
    gap: u64,
}

impl Errors {
    fn new(channel: Channel, rng: ChaCha8Rng) -> Self {
        let mut errors = Errors { channel, rng, gap: 0 };
        errors.restart();
        errors
    }

    /// Starts from a stationary line again, independent of what was.
    pub fn restart(&mut self) {
        if let Some(renewal) = self.channel.renewal() {
            self.gap = renewal.first_gap(&mut self.rng);
        }
    }

    /// Are the next `slots` slots certainly without error? Then they need not be drawn.
    pub fn is_clean_for(&self, slots: usize) -> bool {
        self.channel.renewal().is_some() && self.gap >= (slots * SLOT_BITS) as u64
    }

    /// Mask of the next `bits` bits, at most 128.
    pub fn next_bits(&mut self, bits: u32) -> u128 {
        let Some(renewal) = self.channel.renewal() else {
            unreachable!("the injector's law is per slot: drawn by next_slot")
        };
        let (mut mask, bits) = (0, u64::from(bits));
        while self.gap < bits {
            mask |= 1 << self.gap;
            self.gap = (self.gap + 1).saturating_add(renewal.next_gap(&mut self.rng));
        }
        self.gap -= bits;
        mask
    }
}

impl LineErrors for Errors {
    fn next_slot(&mut self) -> u128 {
        match self.channel {
            Channel::Injector(injector) => injector.draw(&mut self.rng),
            _ => self.next_bits(SLOT_BITS as u32),
        }
    }
}

/// Evenly distributed in [0, 1).
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (-53f64).exp2()
}

/// Failures before a success of probability `p`.
fn geometric(p: f64, rng: &mut ChaCha8Rng) -> u64 {
    if p >= 1.0 {
        return 0;
    }
    if p <= 0.0 {
        return u64::MAX;
    }
    ((-uniform(rng)).ln_1p() / (-p).ln_1p()) as u64
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
