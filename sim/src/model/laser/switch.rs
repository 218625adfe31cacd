//! One gap under a plan: what the gateware's switch makes of it, to the cycle.

use super::policy::{Dark, Outcome, Setting};

/// Shortest time on that the switch can keep.
pub const LEAST_ON: u64 = 4;
/// Shortest time off, unless a single cycle will do.
pub const LEAST_OFF: u64 = 4;

/// The switch between gaps: since when there is light.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switch {
    /// First lit cycle, counted from the start of all time.
    lit_since: i64,
    now: i64,
}

impl Switch {
    /// A switch whose light has been on for long.
    pub fn lit() -> Self {
        Switch { lit_since: -(1 << 40), now: 0 }
    }

    /// A gap of `gap` cycles under `plan`, then a burst of `busy` cycles.
    ///
    /// A hint that still runs down when the gap starts, or that is more than `min_off + 8` ahead of being due, is
    /// beyond this model: it takes notices of at most `t_on + min_off + 8`.
    pub fn gap(&mut self, setting: &Setting, plan: &[Dark], gap: u64, busy: u64) -> Outcome {
        self.gap_shown(setting, plan, gap, busy, |_, _| {})
    }

    /// The same; `dark` gets the first dark cycle and the first lit one of each darkness, counted from the gap's start.
    pub fn gap_shown(
        &mut self,
        setting: &Setting,
        plan: &[Dark],
        gap: u64,
        busy: u64,
        mut dark: impl FnMut(u64, u64),
    ) -> Outcome {
        debug_assert!(setting.notice <= setting.t_on + setting.min_off + 8);
        let (start, end) = (self.now, self.now + gap as i64);
        let min_on = setting.min_on.max(LEAST_ON) as i64;
        let min_off = if setting.min_off <= 1 { 1 } else { setting.min_off.max(LEAST_OFF) as i64 };
        let (t_on, notice) = (setting.t_on as i64, setting.notice as i64);
        let hint = if notice > 0 { end - notice } else { i64::MAX };
        // cycle from which the hint has the light on
        let hint_lit = if notice > 0 { hint + 1 + (notice - t_on).max(0) } else { i64::MAX };
        let mut outcome = Outcome { gap, ..Outcome::default() };
        for planned in plan {
            let until = if planned.until == u64::MAX { i64::MAX } else { start + planned.until as i64 };
            let from = (start + planned.from as i64).max(self.lit_since + min_on);
            // a client or a hint in the cycle before keeps the light on
            if from > end || from > hint {
                break;
            }
            // permission to turn off stands a cycle longer
            if until < from {
                continue;
            }
            let lit = until.min(end + 1).min(hint_lit).max(from + min_off);
            self.lit_since = lit;
            dark((from - start) as u64, (lit - start) as u64);
            outcome.dark += (lit - from) as u64;
            outcome.wake_ups += 1;
            outcome.by_prediction = planned.predicted;
            outcome.predicted |= plan.iter().any(|d| d.predicted && d.from <= planned.from);
            outcome.held = (lit + t_on - 1 - end).max(0) as u64;
            if lit > end || lit >= hint_lit {
                break;
            }
        }
        self.now = end + (outcome.held + busy) as i64;
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(setting: Setting, plan: &[Dark], gap: u64) -> Outcome {
        Switch::lit().gap(&setting, plan, gap, 10)
    }

    #[test]
    fn a_burst_in_darkness_waits_t_on_less_the_notice() {
        for notice in [0, 1, 6, 51, 52, 60] {
            let out = one(Setting::of(52).with_notice(notice), &[Dark::after(1)], 500);
            assert_eq!(out.held, 52u64.saturating_sub(notice));
        }
    }

    #[test]
    fn darkness_until_t_on_before_the_burst_costs_nothing() {
        let dark = |until| [Dark { from: 5, until, predicted: true }];
        let in_time = one(Setting::of(52), &dark(500 - 51), 500);
        assert_eq!((in_time.held, in_time.dark), (0, 444));
        let late = one(Setting::of(52), &dark(500 - 50), 500);
        assert_eq!((late.held, late.by_prediction), (1, true));
    }

    #[test]
    fn min_off_delays_and_min_on_forbids() {
        let setting = Setting { min_off: 100, ..Setting::of(20) };
        assert_eq!(one(setting, &[Dark::after(1)], 30).held, 20 + 100 - 30);
        let mut switch = Switch::lit();
        let setting = Setting { min_on: 200, ..Setting::of(20) };
        assert_eq!(switch.gap(&setting, &[Dark::after(1)], 30, 10).held, 20);
        assert_eq!(switch.gap(&setting, &[Dark::after(1)], 100, 10).dark, 0);
    }

    #[test]
    fn a_client_or_a_hint_in_the_cycle_before_keeps_the_light() {
        assert_eq!(one(Setting::of(20), &[Dark::after(31)], 30).dark, 0);
        assert_eq!(one(Setting::of(20), &[Dark::after(30)], 30).held, 20);
        assert_eq!(one(Setting::of(20).with_notice(6), &[Dark::after(25)], 30).dark, 0);
        assert_eq!(one(Setting::of(20).with_notice(6), &[Dark::after(24)], 30).held, 14);
    }
}
