//! How a leaf with a model of its own is visited: inputs first, and only when one of them changed.
//!
//! RustHDL's derive runs the model on the inputs of the pass before. [`leaf`](crate::leaf) takes the inputs over first,
//! which saves a pass over the design for every leaf on a path, clocked ones included: a block hands clock and data to
//! its parts in the same call, so the data is still that of before the edge.

/// Implements `Block` for a leaf: its inputs, then its outputs, both in the order of declaration; then the inputs that
/// blocks around it read, so that these run again when such an input has a new value.
#[macro_export]
macro_rules! leaf {
    (any [$($generic:tt)*] $part:ty: $($input:ident),+ => $($output:ident),+ $(; $($read:ident),+)? $(,)?) => {
        impl<$($generic)*> rust_hdl::prelude::Block for $part {
            fn connect_all(&mut self) {
                rust_hdl::prelude::Logic::connect(self);
                // power-on
                rust_hdl::prelude::Logic::update(self);
                $(rust_hdl::prelude::Block::update_all(&mut self.$output);)+
            }
            #[inline]
            fn update_all(&mut self) {
                if $($crate::quiet::Fresh::is_fresh(&self.$input))||+ {
                    $(rust_hdl::prelude::Block::update_all(&mut self.$input);)+
                    rust_hdl::prelude::Logic::update(self);
                    $(rust_hdl::prelude::Block::update_all(&mut self.$output);)+
                } else {
                    $(self.$output.changed = false;)+
                    $($(self.$read.changed = false;)+)?
                }
            }
            #[inline]
            fn has_changed(&self) -> bool {
                $(rust_hdl::prelude::Block::has_changed(&self.$output))||+
                    $($(|| rust_hdl::prelude::Block::has_changed(&self.$read))+)?
            }
            fn accept(&self, name: &str, probe: &mut dyn rust_hdl::prelude::Probe) {
                probe.visit_start_scope(name, self);
                $(rust_hdl::prelude::Block::accept(&self.$input, stringify!($input), probe);)+
                $(rust_hdl::prelude::Block::accept(&self.$output, stringify!($output), probe);)+
                probe.visit_end_scope(name, self);
            }
        }
    };
    ($part:ty: $($input:ident),+ => $($output:ident),+ $(,)?) => {
        $crate::leaf!(any [] $part: $($input),+ => $($output),+);
    };
}
