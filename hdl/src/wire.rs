//! Intermediate values of a block: local signals in Verilog, and no work between the calls of `update`.
//!
//! RustHDL compares and copies every local signal in every pass, and a changed one asks for another pass. Neither is
//! needed: RustHDL's check for logic loops, which every bench runs, demands that a local signal is written before it is
//! read in each call of `update`, so nothing outside that call depends on it.

use rust_hdl::core::signal::{self, get_signal_id};
use rust_hdl::prelude::{
    Atom, AtomKind, Block, In, Local, Logic, Out, PinConstraint, Probe, Synth, TypeDescriptor, VCDValue, VerilogLiteral,
};

/// What stands for a signal of this direction.
pub trait Kind<T: Synth> {
    type Signal;
}

impl<T: Synth> Kind<T> for In {
    type Signal = signal::Signal<In, T>;
}

impl<T: Synth> Kind<T> for Out {
    type Signal = signal::Signal<Out, T>;
}

impl<T: Synth> Kind<T> for Local {
    type Signal = Wire<T>;
}

/// A port, or an intermediate value.
pub type Signal<D, T> = <D as Kind<T>>::Signal;

/// An intermediate value.
#[derive(Clone, Debug)]
pub struct Wire<T> {
    pub next: T,
    id: usize,
    claimed: bool,
}

impl<T: Default> Default for Wire<T> {
    fn default() -> Self {
        Wire { next: T::default(), id: get_signal_id(), claimed: false }
    }
}

impl<T: Copy> Wire<T> {
    #[inline(always)]
    pub fn val(&self) -> T {
        self.next
    }
}

impl<T: Synth> Logic for Wire<T> {
    fn update(&mut self) {}
    fn connect(&mut self) {
        self.claimed = true;
    }
}

impl<T: Synth> Block for Wire<T> {
    fn connect_all(&mut self) {}
    #[inline(always)]
    fn update_all(&mut self) {}
    #[inline(always)]
    fn has_changed(&self) -> bool {
        false
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        probe.visit_atom(name, self);
    }
}

impl<T: Synth> Atom for Wire<T> {
    fn bits(&self) -> usize {
        T::BITS
    }
    fn connected(&self) -> bool {
        self.claimed
    }
    fn changed(&self) -> bool {
        false
    }
    fn kind(&self) -> AtomKind {
        AtomKind::LocalSignal
    }
    fn descriptor(&self) -> TypeDescriptor {
        T::descriptor()
    }
    fn vcd(&self) -> VCDValue {
        self.next.vcd()
    }
    fn id(&self) -> usize {
        self.id
    }
    fn verilog(&self) -> VerilogLiteral {
        self.next.verilog()
    }
    fn constraints(&self) -> Vec<PinConstraint> {
        vec![]
    }
}
