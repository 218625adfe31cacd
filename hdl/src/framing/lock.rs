//! Lock, light and silence: whether the line may be believed.
//!
//! ```text
//!           +------Lock------+
//!  Bit  --> | line_in_light  |
//!  Bit  --> | good_idle shut | --> Bit   registered beside the captured slot
//!  Bit  --> | good_end       |
//!  Bit  --> | bad     status | --> LockStatus
//!  Bit  --> | relock, reset  |
//!  W<16> -> | silence_slots  | --> Bit   held
//!           +----------------+
//! ```
//!
//! | contract | value |
//! |----------|-------|
//! | cold     | 64 good IDLEs without a bad slot between them lock |
//! | darkness, silence | shut at once; the alignment is held, 4 good IDLEs open again |
//! | 4 bad slots in 16 | the lock and the alignment are lost |
//!
//! `good_idle`, `good_end`, `bad` speak of the slot that was captured two cycles before; they are registered once more.

use crate::prelude::*;
use crate::word::W;
use firstlight_spec::limits::{LOCK_IDLES, RELOCK_IDLES, UNLOCK_BAD_SLOTS, UNLOCK_WINDOW_SLOTS};

// the counters' bits below stand for these numbers
const _: () = assert!(LOCK_IDLES == 1 << 6 && RELOCK_IDLES == 1 << 2);
const _: () = assert!(UNLOCK_BAD_SLOTS == 1 << 2 && UNLOCK_WINDOW_SLOTS == 16);

/// Whether clients are served.
#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
pub struct LockStatus {
    pub locked: Bit,
    pub light: Bit,
    /// Strobes: the lock was lost; the client side was shut for silence or darkness.
    pub lost: Bit,
    pub silenced: Bit,
}

#[derive(LogicStruct, Clone, Copy, Debug, PartialEq, Default)]
struct State {
    /// The inputs.
    good_idle: Bit,
    good_control: Bit,
    bad: Bit,
    drop: Bit,
    locked: Bit,
    /// The alignment is believed.
    held: Bit,
    idles: W<7>,
    /// One bit a slot, bad or not; how many of them are.
    window: W<16>,
    bads: W<3>,
    /// Slots since the last good control word.
    quiet: W<16>,
    heard: Bit,
    silent: Bit,
    limited: Bit,
    shut: Bit,
    /// Light beside the captured, the decoded and the judged slot.
    light_captured: Bit,
    light_decoded: Bit,
    light_judged: Bit,
    light: Bit,
    lost: Bit,
    silenced: Bit,
    /// A bad slot, darkness or a command: good IDLEs are counted from 0.
    upset: Bit,
}

/// The state of the line.
#[derive(LogicBlock, Default)]
pub struct Lock {
    pub clock: Signal<In, Clock>,
    pub reset: Signal<In, Bit>,
    pub line_in_light: Signal<In, Bit>,
    pub good_idle: Signal<In, Bit>,
    pub good_end: Signal<In, Bit>,
    pub bad: Signal<In, Bit>,
    pub relock: Signal<In, Bit>,
    pub silence_slots: Signal<In, W<16>>,
    pub shut: Signal<Out, Bit>,
    pub status: Signal<Out, LockStatus>,
    /// The alignment is believed, in darkness too.
    pub held: Signal<Out, Bit>,
    state: DFF<State>,
    enough: Signal<Local, Bit>,
    many_bad: Signal<Local, Bit>,
    fall: Signal<Local, Bit>,
    dark: Signal<Local, Bit>,
    drop: Signal<Local, Bit>,
    idles: Signal<Local, W<7>>,
    one_more: Signal<Local, W<7>>,
    bads: Signal<Local, W<3>>,
    bads_next: Signal<Local, W<3>>,
    bad_bit: Signal<Local, Bit>,
    more: Signal<Local, Bit>,
    fewer: Signal<Local, Bit>,
    watches: Signal<Local, Bit>,
    window: Signal<Local, W<16>>,
    window_up: Signal<Local, W<16>>,
}

crate::inputs!(Lock: reset, line_in_light, good_idle, good_end, bad, relock, silence_slots; state);

impl Logic for Lock {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state);
        self.idles.next = self.state.q.val().idles;
        self.bads.next = self.state.q.val().bads;
        self.window.next = self.state.q.val().window;
        self.dark.next = !self.state.q.val().light;
        self.many_bad.next = self.bads.val().get_bit(2);
        self.state.d.next.good_idle = self.good_idle.val();
        self.state.d.next.good_control = self.good_idle.val() | self.good_end.val();
        self.state.d.next.bad = self.bad.val();
        self.state.d.next.drop = self.reset.val() | self.relock.val();
        self.drop.next = self.state.q.val().drop | self.many_bad.val();
        self.enough.next = self.idles.val().get_bit(6) | (self.state.q.val().held & self.idles.val().get_bit(2));
        self.state.d.next.held = !self.drop.val() & (self.state.q.val().held | self.enough.val());
        self.fall.next = self.state.q.val().locked & (self.dark.val() | self.state.q.val().silent);
        self.state.d.next.locked = !self.drop.val()
            & !self.dark.val()
            & ((self.state.q.val().locked & !self.state.q.val().silent)
                | (!self.state.q.val().locked & self.enough.val()));
        self.state.d.next.lost = self.state.q.val().locked & self.drop.val();
        self.state.d.next.silenced = self.fall.val() & !self.drop.val();
        // good IDLEs since the last bad slot, while not locked
        self.one_more.next = 0.into();
        self.one_more.next = self.one_more.val().replace_bit(0, self.state.q.val().good_idle);
        self.state.d.next.idles = self.state.q.val().idles + self.one_more.val();
        self.state.d.next.upset =
            self.bad.val() | !self.state.q.val().light_judged | self.reset.val() | self.relock.val();
        if self.state.q.val().upset | self.state.q.val().locked | self.many_bad.val() {
            self.state.d.next.idles = 0.into();
        }
        // bad slots of the last 16, while the alignment is believed
        self.window_up.next = self.window.val() << 1;
        self.state.d.next.window = self.window_up.val().replace_bit(0, self.state.q.val().bad);
        self.watches.next = !self.dark.val() & !self.many_bad.val() & self.state.q.val().held;
        if !self.watches.val() {
            self.state.d.next.window = 0.into();
        }
        // counted in gates: an `if` becomes a clock enable with a LUT4 or two in front
        self.more.next = self.state.q.val().bad & !self.window.val().get_bit(15);
        self.fewer.next = !self.state.q.val().bad & self.window.val().get_bit(15);
        self.bads_next.next = 0.into();
        self.bad_bit.next = self.watches.val() & (self.bads.val().get_bit(0) ^ (self.more.val() | self.fewer.val()));
        self.bads_next.next = self.bads_next.val().replace_bit(0, self.bad_bit.val());
        self.bad_bit.next = self.watches.val()
            & (self.bads.val().get_bit(1)
                ^ ((self.more.val() & self.bads.val().get_bit(0)) | (self.fewer.val() & !self.bads.val().get_bit(0))));
        self.bads_next.next = self.bads_next.val().replace_bit(1, self.bad_bit.val());
        self.bad_bit.next =
            self.watches.val() & self.more.val() & self.bads.val().get_bit(1) & self.bads.val().get_bit(0);
        self.bads_next.next = self.bads_next.val().replace_bit(2, self.bad_bit.val());
        self.state.d.next.bads = self.bads_next.val();
        // silence
        self.state.d.next.heard = self.state.q.val().good_control | !self.state.q.val().locked;
        self.state.d.next.quiet = self.state.q.val().quiet + 1;
        if self.state.q.val().heard {
            self.state.d.next.quiet = 0.into();
        }
        self.state.d.next.limited = self.silence_slots.val().any();
        // the comparison alone takes three levels; `limited` comes as a reset
        self.state.d.next.silent = self.state.q.val().quiet == self.silence_slots.val();
        if !self.state.q.val().limited {
            self.state.d.next.silent = false;
        }
        // light travels beside its slot
        self.state.d.next.light_captured = self.line_in_light.val();
        self.state.d.next.light_decoded = self.state.q.val().light_captured;
        self.state.d.next.light_judged = self.state.q.val().light_decoded;
        self.state.d.next.light = self.state.q.val().light_judged;
        self.state.d.next.shut = !self.line_in_light.val() | !self.state.q.val().locked;
        self.shut.next = self.state.q.val().shut;
        self.held.next = self.state.q.val().held;
        self.status.next.locked = self.state.q.val().locked;
        self.status.next.light = self.state.q.val().light;
        self.status.next.lost = self.state.q.val().lost;
        self.status.next.silenced = self.state.q.val().silenced;
    }
}
