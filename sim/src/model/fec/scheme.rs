//! Ways to send a frame: the rungs of the ladder, and parity words alone for links with no bits to spare.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What the receiver does with a wrong word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Rung {
    /// Forwards data as it is.
    L0,
    /// Poisons.
    L1,
    /// Corrects one bit.
    L2,
    /// L2, and repairs at the end of the frame.
    L3,
}

/// How a frame is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scheme {
    /// Forwards and counts.
    L0,
    /// Detects and poisons.
    L1,
    /// Corrects one bit a word.
    L2,
    /// L2, and two parity words at the frame's end.
    L3,
    /// 64-bit words without type and check bits, two parity words at the end.
    #[serde(rename = "raw_parity")]
    RawParity,
}

impl Scheme {
    /// Every scheme, the weakest first, the one without slots last.
    pub const ALL: [Scheme; 5] = [Scheme::L0, Scheme::L1, Scheme::L2, Scheme::L3, Scheme::RawParity];

    /// The receiver's rung; `None` without slots.
    pub fn rung(self) -> Option<Rung> {
        match self {
            Scheme::L0 => Some(Rung::L0),
            Scheme::L1 => Some(Rung::L1),
            Scheme::L2 => Some(Rung::L2),
            Scheme::L3 => Some(Rung::L3),
            Scheme::RawParity => None,
        }
    }

    /// Does the transmitter send parity words?
    pub fn sends_parity(self) -> bool {
        matches!(self, Scheme::L3 | Scheme::RawParity)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Scheme::L0 => "L0",
            Scheme::L1 => "L1",
            Scheme::L2 => "L2",
            Scheme::L3 => "L3",
            Scheme::RawParity => "raw+parity",
        })
    }
}
