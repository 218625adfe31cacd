//! Lock, light and silence, cycle by cycle.

use firstlight_spec::limits::{LOCK_IDLES, RELOCK_IDLES, UNLOCK_BAD_SLOTS, UNLOCK_WINDOW_SLOTS};
use std::collections::VecDeque;

/// What the receiver says of the slot that was captured two cycles before; light of the slot on the line now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// It was an IDLE without an error.
    pub good_idle: bool,
    /// It was an END without an error.
    pub good_end: bool,
    /// It counts against the alignment.
    pub bad: bool,
    /// The receiver sees light.
    pub light: bool,
    /// Reset or relock.
    pub drop: bool,
}

/// What stands at the outputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The receiver takes no slot: dark, or not locked.
    pub shut: bool,
    /// The alignment is believed, and the line speaks.
    pub locked: bool,
    /// Light of the slot that is judged.
    pub light: bool,
    /// The lock ended in bad slots or on demand; one cycle.
    pub lost: bool,
    /// The lock ended in darkness or silence; one cycle.
    pub silenced: bool,
}

/// The state of the line.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    told: Told,
    /// The last cycle's inputs.
    before: Heard,
    /// Light of the slots on their way to the judgement, the latest first.
    light: [bool; 2],
    /// The alignment is believed.
    held: bool,
    /// Good IDLEs since the last bad slot, while not locked.
    idles: u32,
    /// Bad or not, of the last slots, while the alignment is believed.
    window: VecDeque<bool>,
    /// Slots since a good control word was heard, and whether one was.
    quiet: u16,
    heard: bool,
    silent: bool,
    limited: bool,
}

impl Lock {
    /// The outputs of this cycle; then its end.
    pub fn cycle(&mut self, now: Heard, silence_slots: u16) -> Told {
        let told = self.told;
        let was = self.before;
        let dark = !told.light;
        let many_bad = self.window.iter().filter(|bad| **bad).count() as u32 >= UNLOCK_BAD_SLOTS;
        let drop = was.drop || many_bad;
        let enough = self.idles >= LOCK_IDLES || self.held && self.idles >= RELOCK_IDLES;

        self.told.locked = !drop && !dark && if told.locked { !self.silent } else { enough };
        self.told.lost = told.locked && drop;
        self.told.silenced = told.locked && !drop && (dark || self.silent);
        self.told.shut = !now.light || !told.locked;
        self.told.light = self.light[1];

        if was.bad || dark || told.locked || drop {
            self.idles = 0;
        } else {
            self.idles += was.good_idle as u32;
        }
        if dark || many_bad || !self.held {
            self.window.clear();
        } else {
            self.window.push_front(was.bad);
            self.window.truncate(UNLOCK_WINDOW_SLOTS as usize);
        }
        self.silent = self.limited && self.quiet == silence_slots;
        self.quiet = if self.heard { 0 } else { self.quiet.wrapping_add(1) };
        self.heard = was.good_idle || was.good_end || !told.locked;
        self.limited = silence_slots != 0;
        self.held = !drop && (self.held || enough);
        self.light = [self.before.light, self.light[0]];
        self.before = now;
        told
    }
}
