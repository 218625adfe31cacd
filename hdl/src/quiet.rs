//! Lets a part of a design sleep in simulation while nothing that it holds or sees changes.
//!
//! RustHDL visits every signal of a design in every pass, some ten times a cycle. A [`Quiet`] part runs only when an
//! input changed or its clock ticked, and then until everything inside it has settled, so that the design around it needs
//! fewer passes. When the clock alone has moved, the part first hands it to whatever it clocks: every register inside
//! ticks before any data moves. After a tick that changed no state it no longer follows its clock, until an input changes.
//! Verilog is not touched: names and text are those of the part itself. The rule needs to know a part's inputs and what is
//! inside it: [`inputs`](crate::inputs) lists them once, and a test compares the lists with the part.

use crate::activity;
use rust_hdl::prelude::{Block, Clock, In, Logic, Probe, Signal};
use std::ops::{Deref, DerefMut};

/// Visits after which a part that has not settled has a combinational loop.
const SETTLE_VISITS: usize = 200;

/// A part whose inputs and contents are known.
pub trait Inputs: Block {
    /// The input ports, without the clock.
    const INPUTS: &'static [&'static str];
    /// What is inside: what has a port `clock`, then the rest.
    const INSIDE: &'static [&'static str];
    /// The clock.
    fn clock(&mut self) -> &mut Signal<In, Clock>;
    /// Takes over what the other inputs are driven with; has any a new value?
    fn take_inputs(&mut self) -> bool;
    /// Hands the clock to what has one, with the inputs and everything inside as they were.
    fn hand_clock(&mut self, clock: Clock);
    /// Lets everything inside take over what it is driven with.
    fn visit_inside(&mut self);
    /// Has the output of anything inside changed?
    fn inside_changed(&self) -> bool;
}

/// Implements [`Inputs`] for a part with a port `clock`: its inputs; what it clocks; what else is inside.
#[macro_export]
macro_rules! inputs {
    (any [$($generic:tt)*] $part:ty: $($port:ident),+; $($clocked:ident),+ $(; $($leaf:ident),+)? $(,)?) => {
        impl<$($generic)*> $crate::quiet::Inputs for $part {
            const INPUTS: &'static [&'static str] = &[$(stringify!($port)),+];
            const INSIDE: &'static [&'static str] = &[$(stringify!($clocked)),+ $(, $(stringify!($leaf)),+)?];
            #[inline]
            fn clock(&mut self) -> &mut rust_hdl::prelude::Signal<rust_hdl::prelude::In, rust_hdl::prelude::Clock> {
                &mut self.clock
            }
            #[inline]
            fn take_inputs(&mut self) -> bool {
                let fresh = $($crate::quiet::Fresh::is_fresh(&self.$port))||+;
                if fresh {
                    $(rust_hdl::prelude::Block::update_all(&mut self.$port);)+
                }
                fresh
            }
            #[inline]
            fn hand_clock(&mut self, clock: rust_hdl::prelude::Clock) {
                $(
                    self.$clocked.clock.next = clock;
                    rust_hdl::prelude::Block::update_all(&mut self.$clocked);
                )+
            }
            #[inline]
            fn visit_inside(&mut self) {
                $(rust_hdl::prelude::Block::update_all(&mut self.$clocked);)+
                $($(rust_hdl::prelude::Block::update_all(&mut self.$leaf);)+)?
            }
            #[inline]
            fn inside_changed(&self) -> bool {
                $(rust_hdl::prelude::Block::has_changed(&self.$clocked))||+
                    $($(|| rust_hdl::prelude::Block::has_changed(&self.$leaf))+)?
            }
        }
    };
    ($part:ty: $($port:ident),+; $($clocked:ident),+ $(; $($leaf:ident),+)? $(,)?) => {
        $crate::inputs!(any [] $part: $($port),+; $($clocked),+ $(; $($leaf),+)?);
    };
}

/// A port, or an array of ports, that has a value still to be taken over.
pub trait Fresh {
    fn is_fresh(&self) -> bool;
}

impl<T: rust_hdl::prelude::Synth> Fresh for Signal<In, T> {
    #[inline]
    fn is_fresh(&self) -> bool {
        self.next != self.val()
    }
}

impl<F: Fresh, const N: usize> Fresh for [F; N] {
    #[inline]
    fn is_fresh(&self) -> bool {
        self.iter().any(Fresh::is_fresh)
    }
}

/// A part that may sleep.
pub struct Quiet<T> {
    part: T,
    /// The part ran in the pass before.
    changed: bool,
    /// Since a tick that changed no state no other input has changed: further ticks change nothing either.
    calm: bool,
    started: bool,
    sleepless: bool,
}

impl<T> Quiet<T> {
    pub fn new(part: T) -> Self {
        Quiet { part, changed: false, calm: false, started: false, sleepless: activity::is_sleepless() }
    }
}

impl<T: Default> Default for Quiet<T> {
    fn default() -> Self {
        Quiet::new(T::default())
    }
}

impl<T> Deref for Quiet<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.part
    }
}

impl<T> DerefMut for Quiet<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.part
    }
}

impl<T: Inputs> Quiet<T> {
    fn update_part(&mut self) {
        activity::note_run();
        self.part.update();
    }

    /// Everything inside, until nothing changes.
    fn settle(&mut self) {
        for _ in 0..SETTLE_VISITS {
            self.part.visit_inside();
            if !self.part.inside_changed() {
                return;
            }
            self.update_part();
        }
        panic!("{} does not settle", std::any::type_name::<T>());
    }
}

impl<T: Inputs> Logic for Quiet<T> {
    fn update(&mut self) {}
}

impl<T: Inputs> Block for Quiet<T> {
    fn connect_all(&mut self) {
        self.part.connect_all();
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.part.accept(name, probe);
    }
    #[inline]
    fn has_changed(&self) -> bool {
        self.changed
    }
    fn update_all(&mut self) {
        if self.sleepless {
            self.part.update_all();
            self.changed = self.part.has_changed();
            return;
        }
        let fresh = self.part.take_inputs() || !self.started;
        let clock = self.part.clock();
        let level_before = clock.val();
        clock.update_all();
        let (edge, level) = (clock.changed, clock.val());
        self.changed = fresh;
        if fresh {
            self.started = true;
            if self.calm {
                // the registers hear of the ticks that they slept through while what they see is still the old
                self.calm = false;
                self.part.hand_clock(level_before);
            }
            self.update_part();
            self.settle();
        } else if edge && !self.calm {
            let before = activity::changes();
            self.part.hand_clock(level);
            self.changed = self.part.inside_changed();
            if self.changed {
                self.update_part();
                self.settle();
            }
            self.calm = activity::is_tick(level) && activity::changes() == before;
        }
    }
}
