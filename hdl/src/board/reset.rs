//! Reset of a clock domain: held until the PLL locks and the button is up, released on the clock.
//!
//! ```text
//!             +---Reset---+
//!  clock -----|           |--- reset
//!  locked ----|           |
//!  button_n --|           |
//!             +-----------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | latency  | [`RELEASE_CYCLES`] cycles from both inputs high to `reset` low; the same back |
//! | after power-on | `reset` high |

use crate::prelude::*;

/// Inputs good to reset released, and back: two registers against metastability, one to drive the domain.
pub const RELEASE_CYCLES: u64 = 3;

#[derive(LogicBlock, Default)]
pub struct Reset {
    pub clock: Signal<In, Clock>,
    pub locked: Signal<In, Bit>,
    /// Low while the button is pressed.
    pub button_n: Signal<In, Bit>,
    pub reset: Signal<Out, Bit>,
    first: DFF<Bit>,
    second: DFF<Bit>,
    /// Inverted, so that the domain is in reset after power-on.
    running: DFF<Bit>,
}

impl Logic for Reset {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, first, second, running);
        self.first.d.next = self.locked.val() & self.button_n.val();
        self.second.d.next = self.first.q.val();
        self.running.d.next = self.second.q.val();
        self.reset.next = !self.running.q.val();
    }
}
