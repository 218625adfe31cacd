//! Which parts a core has: all of them, or what a small device holds.

/// What a core has besides link, generator, checker, latency, counters and laser. What is left out becomes no gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The adaptive ladder; without it the host sets the rung.
    pub ladder: bool,
    /// Tail-parity words (rung L3).
    pub tail_parity: bool,
    /// Frame memories: captured frames are played and kept.
    pub memories: bool,
    /// The error injector.
    pub injector: bool,
    /// The generator's schedule memory; without it frames go by length, gap and bursts.
    pub schedule: bool,
}

impl Parts {
    pub const ALL: Parts = Parts { ladder: true, tail_parity: true, memories: true, injector: true, schedule: true };
    /// Without ladder, tail parity, memories and injector: what a device of 7,680 logic cells holds.
    pub const SMALL: Parts =
        Parts { ladder: false, tail_parity: false, memories: false, injector: false, schedule: true };
    /// `SMALL` without the schedule memory: leaves room for the lanes.
    pub const LANES: Parts = Parts { schedule: false, ..Parts::SMALL };
}
