//! The adaptive ladder: windows against thresholds, one decision a window.

use firstlight_spec::regs::ladder;

/// Why the rung moved last, as `ladder_status` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reason {
    /// It has not moved since the reset.
    #[default]
    None,
    /// Up: corrected words reached `up`.
    Errors,
    /// To the top: uncorrectable words reached `burst_up`.
    Bursts,
    /// Down after enough quiet windows.
    Quiet,
    /// The far end began to ask for parity words.
    FarEnd,
    /// The host wrote it.
    Host,
}

/// What the host writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Slots of a window.
    pub window_slots: u32,
    /// Corrected words in a window at which the rung steps up.
    pub up: u32,
    /// Corrected words below which a window is quiet.
    pub down: u32,
    /// Uncorrectable words in a window at which L3 is asked for at once.
    pub burst_up: u32,
    /// Quiet windows in a row before a step down.
    pub hold_windows: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            window_slots: ladder::WINDOW.reset,
            up: ladder::UP.reset,
            down: ladder::DOWN.reset,
            burst_up: ladder::BURST_UP.reset,
            hold_windows: ladder::HOLD.reset,
        }
    }
}

/// The controller between windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Ladder {
    /// What the host wrote.
    pub thresholds: Thresholds,
    /// The rung in force, 0 to 3.
    pub rung: u8,
    /// Why it moved last.
    pub reason: Reason,
    /// Moves since the reset, modulo 2^16.
    pub steps: u16,
    quiet_windows: u32,
}

impl Ladder {
    fn go(&mut self, rung: u8, reason: Reason) {
        self.rung = rung;
        self.reason = reason;
        self.steps = self.steps.wrapping_add(1);
    }

    /// Without `adaptive` the host's rung is taken at once.
    pub fn host(&mut self, rung: u8) {
        if rung != self.rung {
            self.go(rung, Reason::Host);
        }
    }

    /// The far end begins to ask for parity words.
    pub fn asked(&mut self) {
        self.go(self.rung, Reason::FarEnd);
    }

    /// The host wrote the length of the window: a new one starts.
    pub fn restarted(&mut self) {
        self.quiet_windows = 0;
    }

    /// A window ends with so many words of one wrong bit, and so many uncorrectable ones.
    pub fn window(&mut self, corrected: u32, bad: u32, adaptive: bool) {
        let t = self.thresholds;
        let (corrected, bad) = (corrected.min(0xffff), bad.min(0xffff));
        let long_quiet = self.quiet_windows + 1 >= t.hold_windows;
        let is_quiet = corrected < t.down && corrected < t.up && bad == 0;
        let before = self.rung;
        if adaptive && bad >= t.burst_up {
            if self.rung < 3 {
                self.go(3, Reason::Bursts);
            }
        } else if adaptive && corrected >= t.up {
            if self.rung < 3 {
                self.go(self.rung + 1, Reason::Errors);
            }
        } else if adaptive && is_quiet && long_quiet && self.rung > 0 {
            self.go(self.rung - 1, Reason::Quiet);
        }
        if is_quiet && self.rung >= before {
            self.quiet_windows += u32::from(!long_quiet);
        } else {
            self.quiet_windows = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder() -> Ladder {
        let thresholds = Thresholds { window_slots: 100, up: 10, down: 3, burst_up: 5, hold_windows: 3 };
        Ladder { thresholds, ..Ladder::default() }
    }

    #[test]
    fn errors_step_up_one_by_one_and_bursts_go_to_the_top() {
        let mut l = ladder();
        l.window(9, 0, true);
        assert_eq!((l.rung, l.reason), (0, Reason::None));
        l.window(10, 0, true);
        l.window(10, 4, true);
        assert_eq!((l.rung, l.reason, l.steps), (2, Reason::Errors, 2));
        let mut l = ladder();
        l.window(0, 5, true);
        assert_eq!((l.rung, l.reason), (3, Reason::Bursts));
    }

    #[test]
    fn quiet_windows_in_a_row_step_down_and_a_noisy_one_starts_the_count_again() {
        let mut l = ladder();
        l.rung = 2;
        for corrected in [2, 2, 5, 2, 2] {
            l.window(corrected, 0, true);
            assert_eq!(l.rung, 2);
        }
        l.window(2, 0, true);
        assert_eq!((l.rung, l.reason), (1, Reason::Quiet));
        l.window(0, 1, true);
        l.window(0, 0, true);
        l.window(0, 0, true);
        assert_eq!(l.rung, 1, "an uncorrectable word is not quiet");
    }

    #[test]
    fn only_an_adaptive_ladder_moves_by_itself() {
        let mut l = ladder();
        l.window(50, 50, false);
        assert_eq!(l.rung, 0);
        l.host(1);
        assert_eq!((l.rung, l.reason, l.steps), (1, Reason::Host, 1));
    }
}
