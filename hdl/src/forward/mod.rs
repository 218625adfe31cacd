//! Forwarding: the repeater, and stages behind the receiver.

pub mod overrun;
pub mod repeater;
pub mod verdict_align;
