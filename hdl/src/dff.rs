//! A D flip-flop: RustHDL's in Verilog, with a faster model.
//!
//! ```text
//!        +--DFF--+
//!  d ----|       |---- q, power-on value: the type's default
//!  clock-|>      |
//!        +-------+
//! ```
//!
//! The model takes `d` in the same pass in which its clock rises, which saves a pass over the whole design. That is
//! safe because a block hands clock and data to its parts in the same call: data that another flip-flop changed at this
//! edge has at least one more signal to cross. Between two ticks nothing depends on `d`, so nothing looks at it.

use crate::activity;
use rust_hdl::prelude::{Block, Clock, DFF as RustHdlDff, In, Logic, Out, Probe, Signal, Synth, TimingInfo, Verilog};

/// One register.
#[derive(Clone, Debug)]
pub struct DFF<T: Synth> {
    pub d: Signal<In, T>,
    pub q: Signal<Out, T>,
    pub clock: Signal<In, Clock>,
}

impl<T: Synth> Default for DFF<T> {
    fn default() -> Self {
        DFF { d: Default::default(), q: Default::default(), clock: Default::default() }
    }
}

impl<T: Synth> Block for DFF<T> {
    fn connect_all(&mut self) {
        self.connect();
        self.d.connect_all();
        self.q.connect_all();
        self.clock.connect_all();
    }
    #[inline]
    fn update_all(&mut self) {
        self.clock.update_all();
        self.q.changed = false;
        self.update();
    }
    #[inline]
    fn has_changed(&self) -> bool {
        self.q.changed
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_start_scope(name, self);
        self.d.accept("d", probe);
        self.q.accept("q", probe);
        self.clock.accept("clock", probe);
        probe.visit_end_scope(name, self);
    }
}

impl<T: Synth> Logic for DFF<T> {
    #[inline]
    fn update(&mut self) {
        if activity::ticks(&self.clock) && self.q.next != self.d.next {
            self.d.update_all();
            self.q.next = self.d.next;
            self.q.update_all();
            activity::note();
        }
    }
    fn connect(&mut self) {
        self.q.connect();
    }
    fn hdl(&self) -> Verilog {
        RustHdlDff::<T>::default().hdl()
    }
    fn timing(&self) -> Vec<TimingInfo> {
        RustHdlDff::<T>::default().timing()
    }
}
