//! Lets a part of a design sleep in simulation while nothing that it holds or sees changes.
//!
//! RustHDL visits every signal of a design in every pass, some twenty times a cycle. A [`Quiet`] part is visited only
//! while one of its inputs or, in the pass before, anything inside changed; and after a rising edge that changed no
//! state it no longer follows its clock, until another input changes. Verilog is not touched: names and text are those of the part
//! itself. The rule needs to know a part's inputs: [`inputs`](crate::inputs) lists them once, and a test compares the list with the ports.

use crate::activity;
use rust_hdl::prelude::{Block, Clock, In, Logic, Probe, Signal};
use std::ops::{Deref, DerefMut};

/// A part whose inputs are known.
pub trait Inputs: Block {
    /// The input ports, without the clock.
    const INPUTS: &'static [&'static str];
    /// The clock.
    fn clock(&mut self) -> &mut Signal<In, Clock>;
    /// Takes over what the other inputs are driven with; has any a new value?
    fn take_inputs(&mut self) -> bool;
}

/// Implements [`Inputs`] for a part with a port `clock`.
#[macro_export]
macro_rules! inputs {
    (any [$($generic:tt)*] $part:ty: $($port:ident),+ $(,)?) => {
        impl<$($generic)*> $crate::quiet::Inputs for $part {
            const INPUTS: &'static [&'static str] = &[$(stringify!($port)),+];
            #[inline]
            fn clock(&mut self) -> &mut rust_hdl::prelude::Signal<rust_hdl::prelude::In, rust_hdl::prelude::Clock> {
                &mut self.clock
            }
            #[inline]
            fn take_inputs(&mut self) -> bool {
                let mut fresh = false;
                $(
                    rust_hdl::prelude::Block::update_all(&mut self.$port);
                    fresh |= rust_hdl::prelude::Block::has_changed(&self.$port);
                )+
                fresh
            }
        }
    };
    ($part:ty: $($port:ident),+ $(,)?) => {
        $crate::inputs!(any [] $part: $($port),+);
    };
}

/// A part that may sleep.
#[derive(Default)]
pub struct Quiet<T> {
    part: T,
    changed: bool,
    /// Since a tick that changed no state no other input has changed: further ticks change nothing either. One that
    /// the part is told of late, when it wakes, finds every register at its fixed point.
    calm: bool,
    started: bool,
}

impl<T> Quiet<T> {
    pub fn new(part: T) -> Self {
        Quiet { part, changed: false, calm: false, started: false }
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
        // clock and inputs, taken over together, reach every register of the part in this pass: one signal ahead of any
        // data that moves because of this edge
        let fresh = self.part.take_inputs();
        let clock = self.part.clock();
        clock.update_all();
        let edge = clock.changed;
        if self.started && !self.changed && !fresh {
            if !edge {
                return;
            }
            if self.calm {
                // the second call takes the edge away again, so that the part does not see it when it wakes
                clock.update_all();
                return;
            }
        }
        self.started = true;
        self.calm = !fresh && (self.calm || edge && activity::is_tick(clock.val()));
        let before = activity::changes();
        self.part.update_all();
        self.calm &= activity::changes() == before;
        self.changed = self.part.has_changed();
    }
}
