//! Forwarding: the repeater and the stages behind the receiver.

mod overrun;
mod repeater;
mod verdict_align;
